//! Transport to a printer on a serial port, a real one or one behind USB.

use super::{Transport, closed, now_or_nothing};
use crate::device::printer::connection::{Flow, Parity, SerialSpec};
use rustix::fd::{AsFd, BorrowedFd};
use serial2::{CharSize, FlowControl, SerialPort, StopBits};
use std::io;
use std::time::{Duration, Instant};

/// Bits per byte on the wire, without parity: start, 8 data, stop.
const BITS_A_BYTE: u32 = 10;

/// Largest number of bytes ahead of the wire, whatever the printer's buffer holds.
const AHEAD_MAX: u32 = 512;
/// Smallest such number, for a printer with a tiny buffer.
const AHEAD_MIN: u32 = 4;

/// Interval at which DSR is read again while the printer holds it low and bytes wait.
const DSR_LOOK: Duration = Duration::from_millis(5);

/// An open port, for the kiosk alone. It is never more than a few bytes ahead of the wire: a printer that says "stop"
/// gets no more than these, and little waits in the kernel where nobody can take it back.
pub struct Serial {
    port: SerialPort,
    /// True if the kiosk itself reads DSR to see if the printer is ready for data.
    dsr: bool,
    ahead_max: u32,
    byte_time: Duration,
    /// Time at which the wire will have carried all that was written.
    carried_at: Instant,
    /// True if the printer held DSR low at the last look.
    held: bool,
}

impl Serial {
    /// Opens and sets the port: raw, 8 data bits, 1 stop bit. `buffer_bytes` is the size of the printer's buffer.
    pub fn open(spec: &SerialSpec, buffer_bytes: u32) -> io::Result<Self> {
        let port = SerialPort::open(&spec.path, |mut settings: serial2::Settings| {
            settings.set_raw();
            settings.set_baud_rate(spec.baud)?;
            settings.set_char_size(CharSize::Bits8);
            settings.set_stop_bits(StopBits::One);
            settings.set_parity(match spec.parity {
                Parity::None => serial2::Parity::None,
                Parity::Even => serial2::Parity::Even,
                Parity::Odd => serial2::Parity::Odd,
            });
            settings.set_flow_control(match spec.flow {
                Flow::None | Flow::DtrDsr => FlowControl::None,
                Flow::RtsCts => FlowControl::RtsCts,
                Flow::XonXoff => FlowControl::XonXoff,
            });
            Ok(settings)
        })?;
        rustix::termios::ioctl_tiocexcl(&port)?;
        let dsr = spec.flow == Flow::DtrDsr;
        if dsr {
            let cannot = |error: io::Error| {
                io::Error::other(format!("this port can't do flow=dtrdsr ({error}); use rtscts or xonxoff"))
            };
            port.set_dtr(true).map_err(cannot)?;
            port.read_dsr().map_err(cannot)?;
        }
        let bits = BITS_A_BYTE + u32::from(spec.parity != Parity::None);
        let byte_time = Duration::from_secs(1) * bits / spec.baud.max(1);
        let ahead_max = (buffer_bytes / 4).clamp(AHEAD_MIN, AHEAD_MAX);
        Ok(Self { port, dsr, ahead_max, byte_time, carried_at: Instant::now(), held: false })
    }

    /// Returns the number of bytes that may be written now.
    fn room(&self, now: Instant) -> usize {
        let ahead =
            self.carried_at.saturating_duration_since(now).as_nanos() / self.byte_time.as_nanos().max(1);
        let room = u128::from(self.ahead_max).saturating_sub(ahead);
        usize::try_from(room).unwrap_or(0)
    }
}

impl Transport for Serial {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.port.as_fd())
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held = self.dsr && !self.port.read_dsr()?;
        let now = Instant::now();
        let room = self.room(now).min(bytes.len());
        if self.held || room == 0 {
            return Ok(0);
        }
        let written = now_or_nothing(rustix::io::write(&self.port, bytes.get(..room).unwrap_or_default()))?;
        let count = u32::try_from(written).unwrap_or(u32::MAX);
        self.carried_at = self.carried_at.max(now) + self.byte_time * count;
        Ok(written)
    }

    /// Resumes once half of what is ahead has been carried: full pieces cost fewer wake-ups than single bytes.
    fn resume(&self) -> Option<Duration> {
        if self.held {
            return Some(DSR_LOOK);
        }
        let now = Instant::now();
        let half = self.byte_time * (self.ahead_max / 2);
        let ahead = self.carried_at.saturating_duration_since(now);
        ahead.checked_sub(half).filter(|left| !left.is_zero())
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match rustix::io::read(&self.port, buffer) {
            // The terminal has hung up: the adapter was unplugged.
            Ok(0) => Err(closed()),
            other => now_or_nothing(other),
        }
    }

    fn abandon(&mut self) {
        if let Err(error) = self.port.discard_buffers() {
            log::warn!("printer: its port can't be flushed ({error}); what waits may still be sent");
        }
    }
}
