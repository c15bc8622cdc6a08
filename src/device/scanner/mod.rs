//! Scanners: bytes come in, whole codes go out.
//!
//! [`spec`], [`profile`] and [`framing`] are pure; `serial`, `hid` and `stdin` each own a thread that sleeps until a
//! byte comes.

pub mod framing;
mod hid;
pub mod profile;
mod serial;
pub mod spec;
mod stdin;

pub use spec::{Scanner, ScannerSpec};

use super::hotplug::presence::{self, Closed, Presence};
use super::keyboard;
use super::serial_port::SerialPort;
use crate::locale::{Text, text};
use framing::Framed;
use std::fmt;
use std::io;
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Largest number of events that wait to be taken. A kiosk takes them at once, so that none is ever stale.
pub const EVENTS_MAX: usize = 16;

/// Event of a scanner.
#[derive(Clone, PartialEq, Eq)]
pub enum ScannerEvent {
    /// One scan, not yet parsed as a code: it may contain anything.
    Code(String),
    /// A scan of more than 512 bytes, or one that lost bytes on its way: dropped.
    TooLong,
    /// The device is missing, or was lost; it is looked for again all the time.
    Gone,
    /// The device is there again.
    Back,
    /// Standard input has ended: nothing will ever come again.
    Ended,
}

impl fmt::Debug for ScannerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(…)",
            Self::TooLong => "TooLong",
            Self::Gone => "Gone",
            Self::Back => "Back",
            Self::Ended => "Ended",
        })
    }
}

impl From<Framed> for ScannerEvent {
    fn from(framed: Framed) -> Self {
        match framed {
            Framed::Code(code) => Self::Code(code),
            Framed::TooLong => Self::TooLong,
        }
    }
}

/// An event, and the scanner it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// Index of the scanner among the `[[scanner]]` tables, from 0.
    pub scanner: usize,
    /// Event of that scanner.
    pub event: ScannerEvent,
}

/// Outlet of the events of one scanner.
struct Outlet {
    scanner: usize,
    events: mpsc::Sender<Scanned>,
}

impl Outlet {
    fn send(&self, event: impl Into<ScannerEvent>) -> Result<(), Closed> {
        let scanned = Scanned { scanner: self.scanner, event: event.into() };
        self.events.blocking_send(scanned).map_err(|_| Closed)
    }

    fn send_all(&self, framed: impl IntoIterator<Item = Framed>) -> Result<(), Closed> {
        framed.into_iter().try_for_each(|framed| self.send(framed))
    }
}

/// Outlet of one scanner's events, which remembers if its device is there.
struct DeviceOutlet<'a> {
    outlet: &'a Outlet,
    presence: Presence,
}

impl<'a> DeviceOutlet<'a> {
    fn new(outlet: &'a Outlet, device: &dyn fmt::Display) -> Self {
        Self { outlet, presence: Presence::new(format!("scanner {}: {device}", outlet.scanner)) }
    }
}

impl presence::Outlet for DeviceOutlet<'_> {
    fn back(&mut self) -> Result<(), Closed> {
        if self.presence.back() { self.outlet.send(ScannerEvent::Back) } else { Ok(()) }
    }

    fn gone(&mut self, why: &dyn fmt::Display) -> Result<(), Closed> {
        if self.presence.gone(why) {
            return self.outlet.send(ScannerEvent::Gone);
        }
        if self.outlet.events.is_closed() { Err(Closed) } else { Ok(()) }
    }
}

/// Starts a thread for each scanner. A device that is missing is no error: [`ScannerEvent::Gone`] reports it, and
/// [`ScannerEvent::Back`] its return.
///
/// The threads end with the receiver, at their next byte, or with the process.
///
/// # Errors
/// Fails if the system has no thread left.
pub fn start_all(scanners: &[Scanner]) -> io::Result<(mpsc::Receiver<Scanned>, Vec<JoinHandle<()>>)> {
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    let mut threads = Vec::new();
    for (index, scanner) in scanners.iter().cloned().enumerate() {
        let outlet = Outlet { scanner: index, events: sender.clone() };
        let builder = std::thread::Builder::new().name(format!("scanner-{index}"));
        threads.push(builder.spawn(move || match &scanner.spec {
            ScannerSpec::Serial(line) => serial::run(line, &scanner, &outlet),
            ScannerSpec::Hid(place) => hid::run(place, &scanner, &outlet),
            ScannerSpec::Stdin => stdin::run(io::stdin().lock(), &outlet),
        })?);
    }
    Ok((receiver, threads))
}

/// Checks that a scanner's device can be opened now, for `check`, and returns its description. Reads nothing from it.
///
/// # Errors
/// Returns the error of the system call.
pub fn probe(spec: &ScannerSpec) -> io::Result<Text> {
    match spec {
        ScannerSpec::Serial(line) => SerialPort::open(line).map(|_| text!("已打开 {line}", "{line}")),
        ScannerSpec::Hid(place) => {
            keyboard::probe(place).map(|name| text!("已打开 {place}（{name}）", "{place} ({name})"))
        }
        ScannerSpec::Stdin => Ok(Text::new("标准输入，逐行读取", "lines on standard input")),
    }
}
