//! Transport of bytes to and from the printer, never blocking: one file per kind of connection.

mod image;
mod port_status;
mod serial;
mod tcp;
mod usb;
mod usb_place;

pub use usb_place::UsbPlaces;

use super::connection::ConnectionSpec;
use super::session::Capabilities;
use crate::receipt::profile::Profile;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use std::io;
use std::time::Duration;
use usb_place::Finder;

/// An open connection to the printer.
pub trait Transport: Send {
    /// Returns the descriptor to wait on; none if answers are there as soon as bytes are written.
    fn descriptor(&self) -> Option<BorrowedFd<'_>>;

    /// Hands over as many bytes as are taken now; returns their number, which may be 0.
    ///
    /// # Errors
    /// Fails if the connection is gone.
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Reads what is there now; returns the number of bytes, which may be 0.
    ///
    /// # Errors
    /// Fails if the connection is gone.
    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// Returns the status of the USB port, for [`crate::device::printer::status::port`]; none if it can't be asked.
    /// Takes as long as the kernel lets a printer take for it, 5 s, once per connection at most.
    fn port_status(&mut self) -> Option<u8> {
        None
    }

    /// Returns the delay before more may be written, where the descriptor does not tell that wire or printer is busy.
    fn resume(&self) -> Option<Duration> {
        None
    }

    /// Drops what waits in the kernel; the connection is closed right after.
    fn abandon(&mut self);
}

/// Opener of connections, which remembers the device where a path may come to mean another.
pub struct Opener {
    finder: Finder,
}

impl Opener {
    /// Creates an opener for devices in these folders.
    pub fn new(places: UsbPlaces) -> Self {
        Self { finder: Finder::new(places) }
    }

    /// Opens the connection.
    ///
    /// # Errors
    /// Fails if the connection can't be opened; the message names it and the reason.
    pub fn open(&mut self, spec: &ConnectionSpec, profile: &Profile) -> io::Result<Box<dyn Transport>> {
        let about = |error: io::Error| io::Error::new(error.kind(), format!("{spec}: {error}"));
        match spec {
            ConnectionSpec::Tcp { host, port } => tcp::Tcp::open(host, *port).map(boxed).map_err(about),
            ConnectionSpec::Serial(serial) => {
                serial::Serial::open(serial, profile.buffer_bytes).map(boxed).map_err(about)
            }
            ConnectionSpec::Usb { path } => {
                let path = self.finder.again(path).map_err(about)?;
                usb::Usb::open(&path).map(boxed).map_err(about)
            }
            ConnectionSpec::UsbId(id) => {
                let path = self.finder.find(id).map_err(about)?;
                usb::Usb::open(&path).map(boxed).map_err(about)
            }
            ConnectionSpec::Image { folder } => image::Image::open(folder, profile).map(boxed).map_err(about),
        }
    }
}

/// Returns the capabilities of the printer on this connection.
pub fn capabilities(spec: &ConnectionSpec, profile: &Profile) -> Capabilities {
    let mut capabilities = Capabilities::of(profile);
    match spec {
        ConnectionSpec::Tcp { .. } => {}
        ConnectionSpec::Usb { .. } | ConnectionSpec::UsbId(_) if profile.status.port => {
            capabilities.ask_port()
        }
        ConnectionSpec::Usb { .. } | ConnectionSpec::UsbId(_) => {}
        ConnectionSpec::Serial(serial) => {
            // A serial port notices neither the end nor the return of a printer; opening it again doesn't help.
            capabilities.reset_when_silent = false;
            // Start, 8 data, parity, stop: 10 or 11 bits per byte.
            capabilities.wire_rate = Some(serial.baud / 11);
        }
        ConnectionSpec::Image { .. } => {
            capabilities.fresh = true;
            capabilities.reset_when_silent = false;
        }
    }
    capabilities
}

fn boxed(transport: impl Transport + 'static) -> Box<dyn Transport> {
    Box::new(transport)
}

/// Returns the result of a non-blocking call: 0 where it would have blocked.
fn now_or_nothing(result: Result<usize, Errno>) -> io::Result<usize> {
    match result {
        Ok(count) => Ok(count),
        Err(Errno::AGAIN | Errno::INTR) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// Returns the error of a connection that the other end closed.
fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the printer closed the connection")
}
