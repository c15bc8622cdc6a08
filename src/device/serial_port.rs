//! An open serial port, set up as its line says and read without polling.

use super::serial_line::{Parity, SerialLine};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serial2::{CharSize, Settings, StopBits};
use std::io;
use std::time::Duration;

/// Time limit for a write; a device that takes nothing for so long counts as lost.
const WRITE_LIMIT: Duration = Duration::from_secs(1);

/// An open serial port.
#[derive(Debug)]
pub struct SerialPort {
    port: serial2::SerialPort,
}

impl SerialPort {
    /// Opens the port and sets it up as `line` says.
    ///
    /// # Errors
    /// Returns the error of the system call.
    pub fn open(line: &SerialLine) -> io::Result<Self> {
        let set_up = |mut settings: Settings| {
            settings.set_raw();
            settings.set_baud_rate(line.baud)?;
            settings.set_char_size(if line.data == 7 { CharSize::Bits7 } else { CharSize::Bits8 });
            settings.set_stop_bits(if line.stop == 2 { StopBits::Two } else { StopBits::One });
            settings.set_parity(match line.parity {
                Parity::None => serial2::Parity::None,
                Parity::Even => serial2::Parity::Even,
                Parity::Odd => serial2::Parity::Odd,
            });
            Ok(settings)
        };
        let mut port = serial2::SerialPort::open(&line.path, set_up)?;
        port.set_write_timeout(WRITE_LIMIT)?;
        Ok(Self { port })
    }

    /// Sends all bytes.
    ///
    /// # Errors
    /// Fails if the bytes can't be sent within [`WRITE_LIMIT`].
    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        self.port.write_all(bytes)
    }

    /// Sleeps until bytes or a loss can be read or `time` has passed; without a limit, forever. Returns true if
    /// there is something to read.
    ///
    /// # Errors
    /// Returns the error of the system call.
    pub fn wait(&self, time: Option<Duration>) -> io::Result<bool> {
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        let mut waiting = [PollFd::new(&self.port, PollFlags::IN)];
        match poll(&mut waiting, time.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the bytes that have come; none if the read was interrupted.
    ///
    /// # Errors
    /// Fails if the device is lost.
    pub fn receive<'b>(&self, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
        match self.port.read(buffer) {
            Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
            Ok(count) => Ok(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(&[]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(&[]),
            Err(error) => Err(error),
        }
    }
}
