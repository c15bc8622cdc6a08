//! The way from a ticket to paper: layout (ticket → document), escpos (document → bytes), image (bytes → picture).
//!
//! Pure: no files, sockets, threads, clock or randomness.

pub mod compose;
pub mod document;
pub mod escpos;
pub mod image;
pub mod layout;
pub mod logo;
pub mod profile;
mod raster;
pub mod sample;
pub mod slip;
pub mod stock;
pub mod template;
pub mod test_paper;
pub mod text;

use crate::ticket::{Mark, Ticket};
use compose::{ComposeError, ComposeOptions, QrPolicy};
use escpos::EncodeError;
use image::VirtualPrinter;
use jiff::tz::TimeZone;
use layout::Layout;
use profile::Profile;

/// Reason why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The layout doesn't suit the printer.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The document has no bytes for this printer.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// No paper came out: the profile's commands lack a cut.
    #[error("the preview printed no paper; is the printer profile without a cut?")]
    NoPaper,
    /// The picture could not be made.
    #[error("the preview's picture can't be made: {0}")]
    Picture(#[from] png::EncodingError),
}

/// Returns the size of the sample ticket by this layout on this printer, in bytes.
///
/// # Errors
/// Fails if the layout doesn't suit the printer.
pub fn sample_bytes(layout: &Layout, profile: &Profile) -> Result<usize, PreviewError> {
    let zone = TimeZone::UTC;
    let order =
        ComposeOptions { profile, zone: &zone, mark: Mark::Original, sample: true, qr: QrPolicy::Verbatim };
    Ok(escpos::encode(&layout.ticket(&sample::sample_ticket(), &order)?, profile)?.len())
}

/// Returns the sample ticket as this printer would print it by this layout, as a PNG.
///
/// # Errors
/// Fails if the layout doesn't suit the printer, or its picture can't be made.
pub fn preview(layout: &Layout, profile: &Profile) -> Result<Vec<u8>, PreviewError> {
    preview_of(&sample::sample_ticket(), layout, profile)
}

/// Returns the preview of any ticket as [`preview`] does; it is marked as a sample.
///
/// # Errors
/// Fails as [`preview`] does.
pub fn preview_of(ticket: &Ticket, layout: &Layout, profile: &Profile) -> Result<Vec<u8>, PreviewError> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let order =
        ComposeOptions { profile, zone: &zone, mark: Mark::Original, sample: true, qr: QrPolicy::Verbatim };
    let bytes = escpos::encode(&layout.ticket(ticket, &order)?, profile)?;
    let mut printer = VirtualPrinter::new(profile);
    printer.feed(&bytes);
    // The paper of a printer without a cutter is torn off by hand before the next ticket.
    printer.feed(b"\x1B@");
    let paper = printer.take_papers().into_iter().next().ok_or(PreviewError::NoPaper)?;
    Ok(image::png(&paper)?)
}
