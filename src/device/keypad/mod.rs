//! Keypads: keys come out, one by one. [`spec`], [`matrix`] and [`taps`] are pure; `gpio`, `hid` and `serial` each own
//! a thread that sleeps until a key moves.

mod gpio;
mod hid;
pub mod matrix;
mod serial;
pub mod spec;
pub mod taps;

pub use spec::{KeypadSpec, PadKey};

use super::gpio::{Backend, GpioError, holder};
use super::serial_port::SerialPort;
use super::{keyboard, serial_line::SerialLine};
use std::io;
use std::thread::JoinHandle;

/// What a keypad tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeypadEvent {
    /// A key went down.
    Down(PadKey),
    /// It has been down for a while.
    Held(PadKey),
    /// It still is.
    Repeated(PadKey),
    /// It came up.
    Up(PadKey),
    /// A key has been down for so long that it is stuck: it is ignored until it comes up.
    Stuck(PadKey),
    /// The keypad is not there, or went away; it is waited for.
    Gone,
    /// It is there again.
    Back,
}

/// Where a keypad's thread puts its events; false: nobody takes them any more.
pub trait Tell: FnMut(KeypadEvent) -> bool + Send + 'static {}
impl<T: FnMut(KeypadEvent) -> bool + Send + 'static> Tell for T {}

/// Nobody takes events any more: the thread ends.
struct Closed;

/// Whether the keypad is there, and who is told.
struct Outlet<T> {
    tell: T,
    there: bool,
    what: String,
}

impl<T: Tell> Outlet<T> {
    fn send(&mut self, event: KeypadEvent) -> Result<(), Closed> {
        if (self.tell)(event) { Ok(()) } else { Err(Closed) }
    }

    fn back(&mut self) -> Result<(), Closed> {
        if std::mem::replace(&mut self.there, true) {
            return Ok(());
        }
        log::info!("keypad: {} is back", self.what);
        self.send(KeypadEvent::Back)
    }

    fn gone(&mut self, why: &dyn std::fmt::Display) -> Result<(), Closed> {
        if !std::mem::replace(&mut self.there, false) {
            return Ok(());
        }
        log::warn!("keypad: {}: {why}; waiting for it", self.what);
        self.send(KeypadEvent::Gone)
    }
}

/// Starts the keypad's thread. One that is not there yet is no error: [`KeypadEvent::Gone`] tells it.
///
/// # Errors
/// When the system has no thread left.
pub fn start(spec: KeypadSpec, backend: Backend, tell: impl Tell) -> io::Result<JoinHandle<()>> {
    let what = match &spec {
        KeypadSpec::Gpio(_) => "the matrix".to_owned(),
        KeypadSpec::Hid(place) => place.to_string(),
        KeypadSpec::Serial(line) => line.path.display().to_string(),
    };
    let mut outlet = Outlet { tell, there: true, what };
    std::thread::Builder::new().name("keypad".into()).spawn(move || {
        let Closed = match &spec {
            KeypadSpec::Gpio(wiring) => gpio::run(wiring, backend, &mut outlet),
            KeypadSpec::Hid(place) => hid::run(place, &mut outlet),
            KeypadSpec::Serial(line) => serial::run(line, &mut outlet),
        };
    })
}

/// Why a keypad can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A line of the matrix.
    #[error(transparent)]
    Gpio(#[from] GpioError),
    /// The device.
    #[error("{0}: {1}")]
    Device(String, io::Error),
}

/// Whether a keypad can be used now, for `check`, and what it is. Reads no key.
///
/// # Errors
/// Why not.
pub fn probe(spec: &KeypadSpec) -> Result<String, ProbeError> {
    match spec {
        KeypadSpec::Gpio(wiring) => {
            for line in wiring.rows.iter().chain(&wiring.columns) {
                if let Some(by) = holder(line)? {
                    return Err(GpioError::InUse { line: line.to_string(), by }.into());
                }
            }
            Ok(format!(
                "a matrix of {} rows and {} columns, all lines free",
                wiring.rows.len(),
                wiring.columns.len()
            ))
        }
        KeypadSpec::Hid(place) => keyboard::probe(place)
            .map(|name| format!("{place} ({name})"))
            .map_err(|error| ProbeError::Device(place.to_string(), error)),
        KeypadSpec::Serial(line) => probe_serial(line),
    }
}

fn probe_serial(line: &SerialLine) -> Result<String, ProbeError> {
    let opened = SerialPort::open(line);
    opened
        .map(|_| line.to_string())
        .map_err(|error| ProbeError::Device(line.path.display().to_string(), error))
}
