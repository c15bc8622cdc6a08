//! Events from the kiosk's parts to its loop.

use super::machine_log::MachineEvent;
use super::maintenance::news::News;
use super::request::Call;
use crate::device::keypad::KeypadEvent;
use crate::device::printer::PrinterEvent;
use crate::device::scanner::Scanned;
use crate::pickup::input::Input;
use crate::screen::monitor::SiteStep;
use crate::screen::user_input::UserInput;
use crate::vista::flow::cache::{Ask, CacheAnswer};
use std::time::Duration;

/// Events that may wait. A part whose event doesn't fit waits itself.
pub const EVENTS_MAX: usize = 64;

/// One thing that happened.
#[derive(Debug)]
pub enum Event {
    /// An answer, ready for the workflow.
    Input(Input),
    /// The printer's.
    Printer(PrinterEvent),
    /// Another command's, over the local socket.
    Call(Call),
    /// A key at the screen.
    Pressed(UserInput),
    /// A key of the keypad.
    Keypad(KeypadEvent),
    /// The keys that call the technician's menu were typed on the keypad.
    MaintenanceSequence,
    /// Something happened to the machine itself.
    Machine(MachineEvent),
    /// The site has stopped answering, or answers again.
    Site(Health),
    /// Maintenance: work beside the loop is done.
    Maintenance(News),
    /// The site has answered one request of this kind, so long after it was asked.
    SiteTook(SiteStep, Duration),
    /// The cloud's answer about films and sessions.
    Showtimes(Ask, CacheAnswer),
}

/// The site's last answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should.
    Well,
    /// Refuses the sign-in, or answers nonsense.
    Refuses,
    /// Not at all.
    Silent,
}

/// The reason for which the loop goes on.
#[derive(Debug)]
pub enum Wakeup {
    /// A part's event.
    Event(Event),
    /// A scanner's.
    Scanned(Scanned),
    /// A time limit of the workflow.
    Limit,
    /// Films and sessions are to be asked for.
    ShowtimesDue,
}
