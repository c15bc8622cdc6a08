//! Far end of a USB printer: what the host writes to /dev/usb/lp0 comes out here, goes to a virtual printer, and its
//! answers go back.

use crate::Done;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// GADGET_SET_PRINTER_STATUS, linux/usb/g_printer.h.
const SET_STATUS: u32 = 0xC001_6722;
/// Interval at which new bytes are looked for.
const LOOK: Duration = Duration::from_millis(2);
/// Number of looks after which an answer that nobody has taken is lost: the printer is unplugged.
const LOOKS_MAX: usize = 500;
/// Port status: selected, no error, no paper (USB printer class 1.1, 4.2.2).
const NO_PAPER: libc::c_ulong = 0x38;
/// First bytes of the answer to a fence (GS ( H function 48).
const FENCE: [u8; 2] = [0x37, 0x22];
/// Bound that lets all bytes through.
const ALL: usize = usize::MAX;

pub fn run(device: &str, address: &str, file: &str, orders: &Receiver<String>) -> Done {
    // The gadget's driver lets nobody write as long as somebody waits in a read: nobody waits in one.
    let gadget = OpenOptions::new().read(true).write(true).custom_flags(libc::O_NONBLOCK).open(device)?;
    let printer = TcpStream::connect(address)?;
    printer.set_nodelay(true)?;
    let (back, mut answers) = (gadget.try_clone()?, printer.try_clone()?);
    let empty_after = Arc::new(AtomicU32::new(0));
    let fences = Arc::clone(&empty_after);
    std::thread::spawn(move || answer(&mut answers, back, &fences));
    let left = Arc::new(AtomicUsize::new(ALL));
    let out = Arc::new(Mutex::new(File::create(file)?));
    let (ours, left_there) = (gadget.try_clone()?, Arc::clone(&left));
    std::thread::spawn(move || take(ours, printer, &out, &left_there));
    println!("plugged in");
    for order in orders {
        match order.split_once(' ').unwrap_or((&order, "")) {
            ("hold", bytes) => left.store(bytes.parse()?, Ordering::SeqCst),
            ("go", _) => left.store(ALL, Ordering::SeqCst),
            ("status", hex) => {
                println!("status {hex}: {}", set_status(&gadget, libc::c_ulong::from_str_radix(hex, 16)?));
            }
            ("empty-after", fences) => empty_after.store(fences.parse()?, Ordering::SeqCst),
            _ => return Err("hold BYTES, go, status HEX or empty-after FENCES".into()),
        }
    }
    Ok(())
}

/// Sets the port's status; returns a negative number if the driver refuses.
fn set_status(gadget: &File, status: libc::c_ulong) -> libc::c_int {
    // SAFETY: the request takes its argument by value and touches no memory of ours.
    unsafe { libc::ioctl(gadget.as_raw_fd(), SET_STATUS as _, status) }
}

/// Counts down for each fence that is answered; at the last one the port has no paper before the answer is out.
fn run_out(gadget: &File, answer: &[u8], empty_after: &AtomicU32) {
    for _ in answer.windows(FENCE.len()).filter(|pair| *pair == FENCE) {
        let left = empty_after.load(Ordering::SeqCst);
        empty_after.store(left.saturating_sub(1), Ordering::SeqCst);
        if left == 1 {
            println!("no paper: {}", set_status(gadget, NO_PAPER));
        }
    }
}

/// Passes the host's bytes on; a printer that is held takes no more than it was told to.
fn take(mut gadget: File, mut printer: TcpStream, out: &Mutex<File>, left: &AtomicUsize) {
    let mut buffer = [0; 512];
    loop {
        let room = left.load(Ordering::SeqCst).min(buffer.len());
        if room == 0 {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        match gadget.read(&mut buffer[..room]) {
            Ok(0) | Err(_) => std::thread::sleep(LOOK),
            Ok(count) => {
                if left.load(Ordering::SeqCst) != ALL {
                    left.fetch_sub(count, Ordering::SeqCst);
                }
                if let Ok(mut out) = out.lock() {
                    let _ = out.write_all(&buffer[..count]);
                }
                if printer.write_all(&buffer[..count]).is_err() {
                    return;
                }
            }
        }
    }
}

fn answer(printer: &mut TcpStream, mut gadget: File, empty_after: &AtomicU32) {
    let mut buffer = [0; 512];
    while let Ok(count) = printer.read(&mut buffer) {
        if count == 0 {
            return;
        }
        run_out(&gadget, &buffer[..count], empty_after);
        let (mut left, mut looks) = (&buffer[..count], 0);
        while !left.is_empty() && looks < LOOKS_MAX {
            match gadget.write(left) {
                Ok(written) if written > 0 => left = &left[written..],
                _ => {
                    looks += 1;
                    std::thread::sleep(LOOK);
                }
            }
        }
    }
}
