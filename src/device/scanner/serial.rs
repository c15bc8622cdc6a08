//! A scanner on a serial port, or a USB scanner that looks like one.

use super::framing::{Ends, Framer};
use super::{Closed, Outlet, ScannerEvent};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serial2::SerialPort;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// The first wait before a lost device is looked for again.
const RETRY_FIRST: Duration = Duration::from_millis(100);
/// The longest: a scanner that was plugged in again works within 2 s.
const RETRY_LONGEST: Duration = Duration::from_secs(1);
/// Bytes read at once.
const READ_BYTES: usize = 256;

/// Why reading ended.
enum End {
    Closed,
    Lost(io::Error),
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

/// Reads for ever, opening the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run(path: &Path, baud: u32, outlet: &Outlet) {
    let mut wait = RETRY_FIRST;
    let mut present = true;
    loop {
        let lost = match open(path, baud) {
            Ok(port) => {
                if !present {
                    log::info!("scanner {}: {} is back", outlet.scanner, path.display());
                    if outlet.send(ScannerEvent::Back).is_err() {
                        return;
                    }
                    present = true;
                }
                match read(&port, outlet, &mut wait) {
                    End::Closed => return,
                    End::Lost(error) => error,
                }
            }
            Err(error) => error,
        };
        if present {
            log::warn!("scanner {}: {}: {lost}; looking for it again", outlet.scanner, path.display());
            if outlet.send(ScannerEvent::Gone).is_err() {
                return;
            }
            present = false;
        } else if outlet.events.is_closed() {
            return;
        }
        std::thread::sleep(wait);
        wait = (wait * 2).min(RETRY_LONGEST);
    }
}

pub(super) fn open(path: &Path, baud: u32) -> io::Result<SerialPort> {
    SerialPort::open(path, baud)
}

/// Reads until the device is lost. `wait` starts anew once a byte has come: only then does it work.
fn read(port: &SerialPort, outlet: &Outlet, wait: &mut Duration) -> End {
    let started = Instant::now();
    let mut framer = Framer::new(Ends::Scanner);
    let mut buffer = [0; READ_BYTES];
    loop {
        let silent = framer.deadline().map(|deadline| deadline.saturating_sub(started.elapsed()));
        let step = match wait_for_bytes(port, silent) {
            Ok(true) => receive(port, &mut buffer).map(|bytes| {
                *wait = RETRY_FIRST;
                framer.push(bytes, started.elapsed())
            }),
            Ok(false) => Ok(framer.silence(started.elapsed()).into_iter().collect()),
            Err(error) => Err(error),
        };
        let sent = match step {
            Ok(framed) => outlet.send_all(framed),
            // What came of a code before the plug was pulled is no code.
            Err(error) => return End::Lost(error),
        };
        if sent.is_err() {
            return End::Closed;
        }
    }
}

fn receive<'b>(port: &SerialPort, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
    match port.read(buffer) {
        Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        Ok(count) => Ok(buffer.get(..count).unwrap_or_default()),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(&[]),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(&[]),
        Err(error) => Err(error),
    }
}

/// Sleeps until bytes or a loss can be read, or the time is over; without one, for ever.
fn wait_for_bytes(port: &SerialPort, time: Option<Duration>) -> io::Result<bool> {
    let time = time.and_then(|time| Timespec::try_from(time).ok());
    let mut waiting = [PollFd::new(port, PollFlags::IN)];
    match poll(&mut waiting, time.as_ref()) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
