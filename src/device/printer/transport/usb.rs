//! Transport to a printer of the USB printer class, through the kernel's usblp (/dev/usb/lp*).
//!
//! Behaviour of usblp_write (drivers/usb/class/usblp.c) for a writer that must not block: it takes one block of at most
//! 8192 bytes, hands it to the controller and returns at once, presuming success. The real outcome is not kept: the
//! next write waits until the block is over and then checks nothing. An error of a write, be it EIO because the block
//! failed at once or EINTR because a signal came, may follow a block that is on its way. So:
//! - An error of a write, except EAGAIN before anything was handed over, counts as a block taken; the next call reports
//!   it. A ticket whose first block this is is uncertain, never untouched; and nothing is handed over twice.
//! - A block is offered whole: what fits one block is in one, so that a ticket of up to 8192 bytes and its fence lose
//!   bytes at their end only, the fence first.

use super::{Transport, now_or_nothing, port_status};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::path::Path;

/// An open device of usblp.
pub struct Usb {
    device: OwnedFd,
    /// True if the device has no way back: reading it says so.
    one_way: bool,
    /// True as long as the port has not refused to report its status.
    port_tells: bool,
    writes: Writes,
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
        Ok(Self { device, one_way, port_tells: true, writes: Writes::default() })
    }
}

impl Transport for Usb {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.device.as_fd())
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let device = &self.device;
        self.writes.offer(bytes, |block| rustix::io::write(device, block))
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.one_way {
            return Ok(0);
        }
        match rustix::io::read(&self.device, buffer) {
            // usblp says that the interface is not bidirectional.
            Err(Errno::INVAL) => {
                self.one_way = true;
                Ok(0)
            }
            // An empty packet is not the end.
            other => now_or_nothing(other),
        }
    }

    /// A port that doesn't answer is not asked again: each time it would hold everything up.
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

/// Largest number of bytes that usblp takes at once (`USBLP_BUF_SIZE`).
const BLOCK_BYTES: usize = 8192;

/// Interpretation of usblp's answers to writes.
#[derive(Debug, Default)]
struct Writes {
    /// Error of a failed write, whose bytes were counted as taken.
    failed: Option<Errno>,
}

impl Writes {
    /// Offers a block; returns the number of its bytes that may be on their way.
    fn offer(
        &mut self,
        bytes: &[u8],
        write: impl FnOnce(&[u8]) -> Result<usize, Errno>,
    ) -> io::Result<usize> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        let block = bytes.get(..BLOCK_BYTES).unwrap_or(bytes);
        match write(block) {
            Ok(count) => Ok(count),
            // The previous block is not over, and this one was not taken. NOSPC: the printer's own paper-out line.
            Err(Errno::AGAIN | Errno::NOSPC) => Ok(0),
            Err(error) => {
                self.failed = Some(error);
                Ok(block.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// usblp with a printer behind it: blocks are sent one at a time.
    #[derive(Default)]
    struct Usblp {
        under_way: bool,
        /// All bytes that reached the printer.
        carried: Vec<u8>,
        /// Error that the next write returns, once its block is on its way.
        says: Option<Errno>,
    }

    impl Usblp {
        fn write(&mut self, block: &[u8]) -> Result<usize, Errno> {
            assert!(block.len() <= BLOCK_BYTES);
            if std::mem::replace(&mut self.under_way, true) {
                return Err(Errno::AGAIN);
            }
            self.carried.extend_from_slice(block);
            self.says.take().map_or(Ok(block.len()), Err)
        }
    }

    #[test]
    fn a_block_is_under_way_until_it_is_over_and_is_offered_once() {
        let (mut writes, mut usblp) = (Writes::default(), Usblp::default());
        let ticket: Vec<u8> = (0..20_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        let mut sent = 0;
        while sent < ticket.len() {
            let count = writes.offer(&ticket[sent..], |block| usblp.write(block)).unwrap();
            assert_eq!(count, (ticket.len() - sent).min(BLOCK_BYTES));
            sent += count;
            assert_eq!(writes.offer(&ticket[sent..], |block| usblp.write(block)).unwrap(), 0);
            usblp.under_way = false;
        }
        assert_eq!(usblp.carried, ticket);
    }

    #[test]
    fn a_write_that_fails_may_have_carried_its_block_and_is_not_repeated() {
        for error in [Errno::IO, Errno::INTR, Errno::NODEV, Errno::PIPE] {
            let (mut writes, mut usblp) =
                (Writes::default(), Usblp { says: Some(error), ..Usblp::default() });
            let taken = writes.offer(b"ticket and fence", |block| usblp.write(block)).unwrap();
            assert_eq!(taken, 16, "{error}: the ticket counts as begun");
            usblp.under_way = false;
            let told = writes.offer(b"more", |block| usblp.write(block)).unwrap_err();
            assert_eq!(told.raw_os_error(), Some(error.raw_os_error()));
            assert_eq!(usblp.carried, b"ticket and fence", "nothing follows");
        }
    }
}
