//! From a ticket to the bytes for this kiosk's printer.

use crate::locale::{Language, Text, display_text};
use crate::receipt::compose::{ComposeError, ComposeOptions, QrPolicy};
use crate::receipt::document::Document;
use crate::receipt::escpos::{self, EncodeError};
use crate::receipt::layout::Layout;
use crate::receipt::profile::Profile;
use crate::receipt::slip::{self, ClaimSlip};
use crate::receipt::stock::Stock;
use crate::ticket::{Mark, Ticket};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The common part of every paper of this kiosk.
#[derive(Debug, Clone)]
pub struct Receipts {
    /// The ticket's layout; fits the profile.
    pub layout: Layout,
    /// The printer's facts.
    pub profile: Profile,
    /// The paper in it.
    pub stock: Stock,
    /// The cinema's own time.
    pub zone: TimeZone,
    /// The kiosk's ID, from `[kiosk] id`.
    pub kiosk_id: String,
    /// The name of the cinema, from `[cinema] name`.
    pub cinema_name: String,
    /// The language of slips for staff: the first of `[kiosk] languages`.
    pub language: Language,
}

/// A paper for the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printable {
    /// The printer's commands and data.
    pub bytes: Vec<u8>,
    /// Millimetres from its first line to its last, rounded down: so far the head has to move at least.
    pub height_mm: u32,
    /// Millimetres of paper it takes.
    pub takes_mm: u32,
}

/// The reason for which a paper could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// No document.
    Compose(#[from] ComposeError),
    /// No bytes.
    Encode(#[from] EncodeError),
}

display_text!(ReceiptError);

impl ReceiptError {
    /// The reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Compose(error) => error.text(),
            Self::Encode(error) => error.text(),
        }
    }
}

impl Receipts {
    /// A ticket's bytes. `virtual_printer`: its paper is a picture, so a sample may show its real code.
    ///
    /// # Errors
    /// A code that can't be printed, or a layout that doesn't fit.
    pub fn ticket(
        &self,
        ticket: &Ticket,
        mark: Mark,
        virtual_printer: bool,
    ) -> Result<Printable, ReceiptError> {
        let qr = if virtual_printer { QrPolicy::Verbatim } else { QrPolicy::NoSampleCodes };
        let order = ComposeOptions { profile: &self.profile, zone: &self.zone, mark, sample: false, qr };
        self.printable(&self.layout.ticket(ticket, &order)?)
    }

    /// A paper of the maintenance menu's: none is a ticket.
    ///
    /// # Errors
    /// When the profile can't print it.
    pub fn menu_paper(&self, document: impl FnOnce(&Profile) -> Document) -> Result<Printable, Text> {
        self.printable(&document(&self.profile)).map_err(|error| error.text())
    }

    /// The claim slip's bytes.
    ///
    /// # Errors
    /// When the profile can't print it.
    pub fn claim(&self, claim: &str, now: Timestamp) -> Result<Printable, ReceiptError> {
        let slip = ClaimSlip {
            reference: claim,
            kiosk: &self.kiosk_id,
            cinema: &self.cinema_name,
            at: now,
            zone: &self.zone,
        };
        self.printable(&slip::claim_slip(&slip, &self.profile))
    }

    /// Millimetres that a ticket takes at most, whatever the site says.
    pub fn longest_mm(&self) -> u32 {
        let dots = self.layout.longest_dots(&self.profile).unwrap_or(0);
        self.stock.takes_mm_of(dots, &self.profile)
    }

    fn printable(&self, document: &Document) -> Result<Printable, ReceiptError> {
        let bytes = escpos::encode_on(document, &self.profile, self.stock.pitch_mm.is_some())?;
        // Rounded up there.
        let height_mm = self.profile.millimetres(document.height_dots()).saturating_sub(1);
        Ok(Printable { bytes, height_mm, takes_mm: self.stock.takes_mm(document, &self.profile) })
    }
}
