//! A printer on a serial port, a real one or one behind USB.

use super::{Transport, closed, now_or_nothing};
use crate::device::printer::connection::{Flow, Parity, SerialSpec};
use rustix::fd::{AsFd, BorrowedFd};
use serial2::{CharSize, FlowControl, SerialPort, StopBits};
use std::io;

/// An open port, ours alone.
pub struct Serial {
    port: SerialPort,
}

impl Serial {
    /// Opens and sets the port: raw, 8 data bits, 1 stop bit.
    pub fn open(spec: &SerialSpec) -> io::Result<Self> {
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
                Flow::None => FlowControl::None,
                Flow::RtsCts => FlowControl::RtsCts,
                Flow::XonXoff => FlowControl::XonXoff,
            });
            Ok(settings)
        })?;
        rustix::termios::ioctl_tiocexcl(&port)?;
        Ok(Self { port })
    }
}

impl Transport for Serial {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        Some(self.port.as_fd())
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now_or_nothing(rustix::io::write(&self.port, bytes))
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match rustix::io::read(&self.port, buffer) {
            // A terminal that has hung up: the adapter was unplugged.
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
