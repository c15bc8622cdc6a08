//! Sample ticket: the booking of the vendor's document, for previews and test prints.

use super::compose::{ComposeError, ComposeOptions, QrPolicy};
use super::escpos::{self, EncodeError};
use super::layout::Layout;
use super::profile::Profile;
use crate::locale::{Text, display_text};
use crate::ticket::Mark;
use crate::ticket::{Cents, Ticket};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Heading of every paper that is no real ticket.
pub(super) const SAMPLE_HEADING: &str = "样票 SAMPLE";
/// `ticket_info_code` of the sample: 8 digits and base64 of 128 bytes that begin `SIMULATED SAMPLE`.
pub const SAMPLE_INFO_CODE: &str = "17212101\
    U0lNVUxBVEVEIFNBTVBMRSAxIG9mIDIsIG5vIHZhbHVlLCBub3QgZm9yIGFkbWlzc2lvbi4g\
    KXK7BE2W3yhxugNMld4ncLkCS5TdJm+4AUqT3CVutwBJktskbbb/SJHaI2y1/keQ2SJrtP1G\
    j9gharP8RY7XIGmy+0SN1h9osfo=";

/// Start of the document's showing, in seconds of Unix time: 2015-08-06 10:50 in China.
const SESSION_SECONDS: i64 = 1_438_829_400;

/// Returns a ticket of the document's booking: 重返20岁, CHTEST01, 7排10座, 50.00.
pub fn sample_ticket() -> Ticket {
    Ticket {
        info_code: SAMPLE_INFO_CODE.to_owned(),
        cinema_code: "17212101".into(),
        cinema_name: "CHTEST01".into(),
        screen_code: "0000000000000001".into(),
        screen_name: "1号厅".into(),
        film_code: "001101522015".into(),
        film_name: "重返20岁".into(),
        session_code: "0000000000029617".into(),
        session_at: Timestamp::from_second(SESSION_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH),
        code: "0000000000375975".into(),
        seat_code: "0000000001010001".into(),
        seat_name: "7排10座".into(),
        price: Cents(5000),
        service: Cents(300),
        printed: false,
    }
}

/// Reason why the sample ticket has no bytes for a printer.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The layout doesn't suit the printer.
    Compose(#[from] ComposeError),
    /// The document has no bytes for this printer.
    Encode(#[from] EncodeError),
}

display_text!(SampleError);

impl SampleError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Compose(error) => error.text(),
            Self::Encode(error) => error.text(),
        }
    }
}

/// Returns the bytes of the sample ticket by this layout for this printer; it is marked as a sample.
///
/// # Errors
/// Fails if the layout doesn't suit the printer.
pub fn sample_bytes(layout: &Layout, profile: &Profile, zone: &TimeZone) -> Result<Vec<u8>, SampleError> {
    let options =
        ComposeOptions { profile, zone, mark: Mark::Original, sample: true, qr: QrPolicy::Verbatim };
    Ok(escpos::encode(&layout.ticket(&sample_ticket(), &options)?, profile)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_as_long_as_a_real_one_and_known_as_a_sample() {
        let ticket = sample_ticket();
        assert_eq!(ticket.info_code.len(), 180);
        assert!(ticket.info_code.starts_with(&ticket.cinema_code));
        assert!(ticket.is_sample());
        assert_eq!(ticket.session_at.to_string(), "2015-08-06T02:50:00Z");
    }
}
