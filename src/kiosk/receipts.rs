//! From a ticket to the bytes for this kiosk's printer.

use crate::pickup::action::Mark;
use crate::receipt::compose::{self, ComposeError, Order, QrPolicy};
use crate::receipt::document::Document;
use crate::receipt::escpos::{self, EncodeError};
use crate::receipt::layout::Layout;
use crate::receipt::profile::Profile;
use crate::receipt::slip::{self, ClaimSlip};
use crate::ticket::Ticket;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What every paper of this kiosk has in common.
#[derive(Debug, Clone)]
pub struct Receipts {
    /// The ticket's layout; fits the profile.
    pub layout: Layout,
    /// The printer's facts.
    pub profile: Profile,
    /// The cinema's own time.
    pub zone: TimeZone,
    /// `[kiosk] id`.
    pub kiosk_id: String,
    /// `[cinema] name`.
    pub cinema_name: String,
}

/// Why a paper could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// No document.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// No bytes.
    #[error(transparent)]
    Encode(#[from] EncodeError),
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
    ) -> Result<Vec<u8>, ReceiptError> {
        let mark = match mark {
            Mark::Original => compose::Mark::Original,
            Mark::Reprint(count) => compose::Mark::Reprint { count },
        };
        let qr = if virtual_printer { QrPolicy::Verbatim } else { QrPolicy::NoSampleCodes };
        let order = Order { profile: &self.profile, zone: &self.zone, mark, sample: false, qr };
        Ok(escpos::encode(&self.layout.ticket(ticket, &order)?, &self.profile)?)
    }

    /// A paper of the maintenance menu's: none is a ticket.
    ///
    /// # Errors
    /// When the profile can't print it.
    pub fn menu_paper(&self, document: impl FnOnce(&Profile) -> Document) -> Result<Vec<u8>, String> {
        escpos::encode(&document(&self.profile), &self.profile).map_err(|error| error.to_string())
    }

    /// The claim slip's bytes.
    ///
    /// # Errors
    /// When the profile can't print it.
    pub fn claim(&self, claim: &str, now: Timestamp) -> Result<Vec<u8>, ReceiptError> {
        let slip = ClaimSlip {
            reference: claim,
            kiosk: &self.kiosk_id,
            cinema: &self.cinema_name,
            at: now,
            zone: &self.zone,
        };
        let document = slip::claim_slip(&slip, &self.profile);
        Ok(escpos::encode(&document, &self.profile)?)
    }
}
