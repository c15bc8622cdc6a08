//! Settings of `[paper]`, `[presenter]` and `[ticket]`: stock, handing over and layout of tickets.

use crate::receipt::layout::ServiceFee;
use serde::Deserialize;
use std::path::PathBuf;

/// The table `[paper]`: the paper in the printer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paper {
    /// Kind of the paper: plain rolls, or stock with a printed face.
    pub kind: PaperKind,
    /// Distance from one notch or mark to the next, in millimetres, 50 to 400; needed where `kind` is one of these.
    pub pitch_mm: Option<u32>,
    /// Paper on the roll when the printer says that it is low, in metres, 1 to 50. None: nobody is refused for it.
    pub near_end_metres: Option<u32>,
}

/// Values of `[paper] kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// The paper is a plain roll; a ticket is as long as it gets.
    #[default]
    Continuous,
    /// The paper has forms of one length, with a notch between them.
    Notch,
    /// The paper has forms of one length, with a black mark between them.
    BlackMark,
}

/// The table `[presenter]`: a printer that holds its tickets until they are taken.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Presenter {
    /// Fate of a ticket that nobody takes; default `retract`.
    pub forgotten: Forgotten,
    /// Time after which that is done, in seconds, 5 to 60; default 30.
    pub forgotten_seconds: u32,
}

impl Default for Presenter {
    fn default() -> Self {
        Self { forgotten: Forgotten::Retract, forgotten_seconds: 30 }
    }
}

/// Values of `[presenter] forgotten`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forgotten {
    /// The ticket is taken back into the machine, for staff.
    Retract,
    /// The ticket is dropped in front of the machine.
    Eject,
}

/// The table `[ticket]`: the ticket's layout.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TicketPaper {
    /// Layout file beside kiosk.toml; without it the built-in one for the profile's width.
    pub layout: Option<PathBuf>,
    /// Rule for printing the service fee; none: as the layout says.
    pub service_fee: Option<ServiceFee>,
}
