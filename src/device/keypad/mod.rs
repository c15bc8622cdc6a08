//! Keypads: keys come out, one by one. [`spec`], [`matrix`] and [`taps`] are pure; `gpio`, `hid` and `serial` each own
//! a thread that sleeps until a key moves.

mod gpio;
mod hid;
pub mod matrix;
mod serial;
pub mod spec;
pub mod taps;

pub use spec::{KeypadSpec, PadKey};

use super::gpio::{Backend, GpioError, consumer};
use super::hotplug::presence::{self, Closed, Presence};
use super::serial_port::SerialPort;
use super::{keyboard, serial_line::SerialLine};
use crate::locale::{Text, text};
use std::fmt::Display;
use std::io;
use std::thread::JoinHandle;

/// Event of a keypad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeypadEvent {
    /// The key has been pressed.
    Down(PadKey),
    /// The key has been down for [`matrix::HELD`].
    Held(PadKey),
    /// The key is still down, and repeats.
    Repeated(PadKey),
    /// The key has been released.
    Up(PadKey),
    /// The key has been down for so long that it counts as stuck: it is ignored until it is released.
    Stuck(PadKey),
    /// The keypad is missing, or was lost; it is waited for.
    Gone,
    /// The keypad is there again.
    Back,
}

/// Receiver of a keypad's events; returns false when nobody takes them any more.
pub trait Tell: FnMut(KeypadEvent) -> bool + Send + 'static {}
impl<T: FnMut(KeypadEvent) -> bool + Send + 'static> Tell for T {}

/// Outlet of a keypad's events, which remembers if the keypad is there.
struct Outlet<T> {
    tell: T,
    presence: Presence,
}

impl<T: Tell> Outlet<T> {
    fn send(&mut self, event: KeypadEvent) -> Result<(), Closed> {
        if (self.tell)(event) { Ok(()) } else { Err(Closed) }
    }
}

impl<T: Tell> presence::Outlet for Outlet<T> {
    fn back(&mut self) -> Result<(), Closed> {
        if self.presence.back() { self.send(KeypadEvent::Back) } else { Ok(()) }
    }

    fn gone(&mut self, why: &dyn Display) -> Result<(), Closed> {
        if self.presence.gone(why) { self.send(KeypadEvent::Gone) } else { Ok(()) }
    }
}

/// Starts the keypad's thread. A keypad that is missing is no error: [`KeypadEvent::Gone`] reports it.
///
/// # Errors
/// Fails if the system has no thread left.
pub fn start(spec: KeypadSpec, backend: Backend, tell: impl Tell) -> io::Result<JoinHandle<()>> {
    let what = match &spec {
        KeypadSpec::Gpio(_) => "the matrix".to_owned(),
        KeypadSpec::Hid(place) => place.to_string(),
        KeypadSpec::Serial(line) => line.path.display().to_string(),
    };
    let mut outlet = Outlet { tell, presence: Presence::new(format!("keypad: {what}")) };
    std::thread::Builder::new().name("keypad".into()).spawn(move || match &spec {
        KeypadSpec::Gpio(wiring) => gpio::run(wiring, backend, &mut outlet),
        KeypadSpec::Hid(place) => hid::run(place, &mut outlet),
        KeypadSpec::Serial(line) => serial::run(line, &mut outlet),
    })
}

/// Reason why a keypad can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A line of the matrix can't be used.
    #[error(transparent)]
    Gpio(#[from] GpioError),
    /// The device can't be opened.
    #[error("{0}: {1}")]
    Device(String, io::Error),
}

/// Checks that a keypad can be used now, for `check`, and returns its description. Reads no key.
///
/// # Errors
/// Returns the reason why it can't be used.
pub fn probe(spec: &KeypadSpec) -> Result<Text, ProbeError> {
    match spec {
        KeypadSpec::Gpio(wiring) => {
            for line in wiring.rows.iter().chain(&wiring.columns) {
                if let Some(by) = consumer(line)? {
                    return Err(GpioError::InUse { line: line.to_string(), by }.into());
                }
            }
            let (rows, columns) = (wiring.rows.len(), wiring.columns.len());
            Ok(text!(
                "{rows} 行 {columns} 列的矩阵键盘，各条线空闲",
                "a matrix of {rows} rows and {columns} columns, all lines free"
            ))
        }
        KeypadSpec::Hid(place) => keyboard::probe(place)
            .map(|name| text!("已打开 {place}（{name}）", "{place} ({name})"))
            .map_err(|error| ProbeError::Device(place.to_string(), error)),
        KeypadSpec::Serial(line) => probe_serial(line),
    }
}

fn probe_serial(line: &SerialLine) -> Result<Text, ProbeError> {
    let opened = SerialPort::open(line);
    opened
        .map(|_| text!("已打开 {line}", "{line}"))
        .map_err(|error| ProbeError::Device(line.path.display().to_string(), error))
}
