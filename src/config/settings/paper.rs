//! `[paper]`, `[presenter]` and `[ticket]`: what tickets are printed on, how they are handed over, what they show.

use crate::receipt::layout::ServiceFee;
use serde::Deserialize;
use std::path::PathBuf;

/// `[paper]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Paper {
    /// Plain rolls, or stock with a printed face.
    pub kind: PaperKind,
    /// Millimetres from one notch or mark to the next, 50 to 400; needed where `kind` is one of these.
    pub pitch_mm: Option<u32>,
    /// Metres on the roll when the printer says that paper is low, 1 to 50. None: nobody is refused for it.
    pub near_end_metres: Option<u32>,
}

/// `kind`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// A plain roll; a ticket is as long as it gets.
    #[default]
    Continuous,
    /// Forms of one length, with a notch between them.
    Notch,
    /// Forms of one length, with a black mark between them.
    BlackMark,
}

/// `[presenter]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Presenter {
    /// What becomes of a ticket that nobody takes; default `retract`.
    pub forgotten: Forgotten,
    /// After so many seconds, 5 to 60; default 30.
    pub forgotten_seconds: u32,
}

impl Default for Presenter {
    fn default() -> Self {
        Self { forgotten: Forgotten::Retract, forgotten_seconds: 30 }
    }
}

/// `forgotten`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Forgotten {
    /// Taken back into the machine, for staff.
    Retract,
    /// Dropped in front of the machine.
    Eject,
}

/// `[ticket]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TicketPaper {
    /// A layout file beside kiosk.toml; without it the built-in one for the profile's width.
    pub layout: Option<PathBuf>,
    /// When the service fee is printed; none: as the layout says.
    pub service_fee: Option<ServiceFee>,
}
