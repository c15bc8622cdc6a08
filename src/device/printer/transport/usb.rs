//! A printer of the USB printer class, through the kernel's usblp (/dev/usb/lp*).

use super::{Transport, now_or_nothing, port_status};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::path::Path;

/// An open device.
pub struct Usb {
    device: OwnedFd,
    /// It has no way back: reading it says so.
    one_way: bool,
    /// Its port has not refused to tell how it is.
    port_tells: bool,
}

impl Usb {
    /// Opens the device for both directions, or for writing where it has no way back.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let both = rustix::fs::open(path, flags | OFlags::RDWR, Mode::empty());
        let (device, one_way) = match both {
            Ok(device) => (device, false),
            Err(Errno::ACCESS | Errno::INVAL) => {
                (rustix::fs::open(path, flags | OFlags::WRONLY, Mode::empty())?, true)
            }
            Err(error) => return Err(error.into()),
        };
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&device)?.st_mode);
        if kind != FileType::CharacterDevice {
            return Err(io::Error::other("this is no device; printers are /dev/usb/lp0 and so on"));
        }
        Ok(Self { device, one_way, port_tells: true })
    }
}

impl Transport for Usb {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.device.as_fd())
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match rustix::io::write(&self.device, bytes) {
            // usblp: the printer's own paper-out line; status tells more.
            Err(Errno::NOSPC) => Ok(0),
            other => now_or_nothing(other),
        }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.one_way {
            return Ok(0);
        }
        match rustix::io::read(&self.device, buffer) {
            // usblp: not a bidirectional interface.
            Err(Errno::INVAL) => {
                self.one_way = true;
                Ok(0)
            }
            // An empty packet is no end.
            other => now_or_nothing(other),
        }
    }

    /// One that doesn't answer is not asked again: each time it would hold everything up.
    fn port_status(&mut self) -> Option<u8> {
        if !self.port_tells {
            return None;
        }
        match port_status::ask(self.device.as_fd()) {
            Ok(status) => Some(status),
            Err(error) => {
                log::info!("printer: its USB port does not tell how it is: {error}");
                self.port_tells = false;
                None
            }
        }
    }

    /// usblp cancels its transfers when the device is closed.
    fn abandon(&mut self) {}
}
