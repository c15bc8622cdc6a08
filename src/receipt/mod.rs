//! From a ticket to paper: layout (ticket → document), escpos (document → bytes), image (bytes → picture).
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

use crate::ticket::Ticket;
use compose::{ComposeError, Mark, Order, QrPolicy};
use escpos::EncodeError;
use image::VirtualPrinter;
use jiff::tz::TimeZone;
use layout::Layout;
use profile::Profile;

/// Why there is no preview.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The layout doesn't suit the printer.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The printer's commands can't say it.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// No paper came out: a cut is missing among the profile's commands.
    #[error("the preview printed no paper; is the printer profile without a cut?")]
    NoPaper,
    /// The picture could not be made.
    #[error("the preview's picture can't be made: {0}")]
    Picture(#[from] png::EncodingError),
}

/// How many bytes the sample ticket takes by this layout on this printer.
///
/// # Errors
/// The layout doesn't suit the printer.
pub fn sample_bytes(layout: &Layout, profile: &Profile) -> Result<usize, PreviewError> {
    let zone = TimeZone::UTC;
    let order = Order { profile, zone: &zone, mark: Mark::Original, sample: true, qr: QrPolicy::Verbatim };
    Ok(escpos::encode(&layout.ticket(&sample::sample_ticket(), &order)?, profile)?.len())
}

/// The sample ticket as this printer would print it by this layout: a PNG.
///
/// # Errors
/// The layout doesn't suit the printer, or its picture can't be made.
pub fn preview(layout: &Layout, profile: &Profile) -> Result<Vec<u8>, PreviewError> {
    preview_of(&sample::sample_ticket(), layout, profile)
}

/// As [`preview`], of any ticket; marked as a sample.
///
/// # Errors
/// As [`preview`].
pub fn preview_of(ticket: &Ticket, layout: &Layout, profile: &Profile) -> Result<Vec<u8>, PreviewError> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let order = Order { profile, zone: &zone, mark: Mark::Original, sample: true, qr: QrPolicy::Verbatim };
    let bytes = escpos::encode(&layout.ticket(ticket, &order)?, profile)?;
    let mut printer = VirtualPrinter::new(profile);
    printer.feed(&bytes);
    // A printer without a knife is torn by hand before the next ticket.
    printer.feed(b"\x1B@");
    let paper = printer.take_papers().into_iter().next().ok_or(PreviewError::NoPaper)?;
    Ok(image::png(&paper)?)
}
