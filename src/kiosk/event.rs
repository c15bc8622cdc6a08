//! What reaches the event loop from the kiosk's parts.

use super::control::Call;
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
    /// The site has stopped answering, or answers again.
    SiteSilent(bool),
    /// The site has answered one request of this kind, so long after it was asked.
    SiteTook(SiteStep, Duration),
    /// What the cloud says of films and sessions.
    Information(Ask, Answer),
}
