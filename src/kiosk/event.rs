//! What reaches the event loop from the kiosk's parts.

use super::care::News;
use super::control::Call;
use super::machine_log::MachineEvent;
use super::site_task::Health;
use crate::device::keypad::KeypadEvent;
use crate::device::printer::PrinterEvent;
use crate::pickup::input::Input;
use crate::screen::monitor::SiteStep;
use crate::screen::press::Pressed;
use crate::vista::flow::cache::{Answer, Ask};
use std::time::Duration;

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
    Pressed(Pressed),
    /// A key of the keypad.
    Keypad(KeypadEvent),
    /// The keys that call the technician's menu were typed on the keypad.
    MaintenanceSequence,
    /// Something happened to the machine itself.
    Machine(MachineEvent),
    /// The site has stopped answering, or answers again.
    Site(Health),
    /// Maintenance: work beside the loop is done.
    Care(News),
    /// The site has answered one request of this kind, so long after it was asked.
    SiteTook(SiteStep, Duration),
    /// What the cloud says of films and sessions.
    Information(Ask, Answer),
}
