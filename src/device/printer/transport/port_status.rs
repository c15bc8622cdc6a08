//! `LPGETSTATUS`: the status of the printer on a USB port. The kiosk's only `unsafe`, because no crate offers this
//! request as a safe call.
#![expect(unsafe_code, reason = "an ioctl of the kernel's usblp; the type it writes is given here")]

use rustix::fd::BorrowedFd;
use rustix::ioctl::{Getter, Opcode, ioctl};
use std::ffi::c_int;
use std::io;

/// Request number, from linux/lp.h.
const LPGETSTATUS: Opcode = 0x060B;

/// Returns the status byte of USB printer class 1.1, 4.2.2. The kernel waits up to 5 s for the printer.
///
/// # Errors
/// Fails if the device has no such request, the printer refuses or does not answer it, or it is gone.
pub fn ask(device: BorrowedFd<'_>) -> io::Result<u8> {
    // SAFETY: under this number usblp and lp write one int to where the argument points, and read nothing (usblp_ioctl
    // in drivers/usb/class/usblp.c, lp_do_ioctl in drivers/char/lp.c). A device that is no printer refuses it.
    let status = unsafe { ioctl(device, Getter::<LPGETSTATUS, c_int>::new()) }?;
    // The first byte is the status of the class; the rest is not used.
    Ok(status.to_le_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fd::AsFd;

    #[test]
    fn what_is_no_printer_refuses_and_nothing_breaks() {
        let file = tempfile::tempfile().unwrap();
        assert!(ask(file.as_fd()).is_err());
        let nothing = std::fs::File::open("/dev/null").unwrap();
        assert!(ask(nothing.as_fd()).is_err());
    }
}
