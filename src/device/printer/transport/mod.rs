//! Bytes to and from the printer, never blocking: one file a kind of connection.

mod image;
mod port_status;
mod serial;
mod tcp;
mod usb;
mod usb_place;

pub use usb_place::UsbPlaces;

use super::connection::ConnectionSpec;
use super::session::Abilities;
use crate::receipt::profile::Profile;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use std::io;
use std::time::Duration;
use usb_place::Finder;

/// An open connection.
pub trait Transport: Send {
    /// What to wait on; none: answers are there as soon as bytes are written.
    fn descriptor(&self) -> Option<BorrowedFd<'_>>;

    /// Hands over as many bytes as are taken now; 0: none.
    ///
    /// # Errors
    /// The connection is gone.
    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Reads what is there now; 0: nothing.
    ///
    /// # Errors
    /// The connection is gone.
    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// What the USB port says of the printer, as [`crate::device::printer::status::port`] reads it; none: it can't be
    /// asked. Takes as long as the kernel lets a printer take for it, 5 s, once a connection at most.
    fn port_status(&mut self) -> Option<u8> {
        None
    }

    /// When more may be written, where the descriptor does not tell: the wire or the printer needs a moment.
    fn resume(&self) -> Option<Duration> {
        None
    }

    /// Drops what waits in the kernel; the connection is closed right after.
    fn abandon(&mut self);
}

/// Opens connections, and remembers which device it was where a name may come to mean another.
pub struct Opener {
    finder: Finder,
}

impl Opener {
    /// For devices in these places.
    pub fn new(places: UsbPlaces) -> Self {
        Self { finder: Finder::new(places) }
    }

    /// Opens the connection.
    ///
    /// # Errors
    /// It can't be opened; says which and why.
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

/// What the session must know of this connection and printer.
pub fn abilities(spec: &ConnectionSpec, profile: &Profile) -> Abilities {
    let mut abilities = Abilities::of(profile);
    match spec {
        ConnectionSpec::Tcp { .. } => {}
        ConnectionSpec::Usb { .. } | ConnectionSpec::UsbId(_) if profile.status.port => abilities.ask_port(),
        ConnectionSpec::Usb { .. } | ConnectionSpec::UsbId(_) => {}
        ConnectionSpec::Serial(serial) => {
            // A serial port notices neither the end nor the return of a printer; opening it again helps nothing.
            abilities.reset_when_silent = false;
            // Start, 8 data, parity, stop: 10 or 11 bits a byte.
            abilities.wire_rate = Some(serial.baud / 11);
        }
        ConnectionSpec::Image { .. } => {
            abilities.fresh = true;
            abilities.reset_when_silent = false;
        }
    }
    abilities
}

fn boxed(transport: impl Transport + 'static) -> Box<dyn Transport> {
    Box::new(transport)
}

/// The result of a non-blocking call: 0 where it would have blocked.
fn now_or_nothing(result: Result<usize, Errno>) -> io::Result<usize> {
    match result {
        Ok(count) => Ok(count),
        Err(Errno::AGAIN | Errno::INTR) => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// The other end closed the connection.
fn closed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the printer closed the connection")
}
