//! Time limits of the workflow, all in one place.
//!
//! The site, the cloud and the printer have limits of their own (`[sarft] timeout_ms`, `[cloud]
//! timeout_ms`, the printer profile's fence limit): each always answers, if only to say that it was
//! silent.

use std::time::Duration;

/// Time that a half-entered code waits for its next key.
pub const ENTRY: Duration = Duration::from_secs(60);
/// Time that a result stays on screen when nobody does anything.
pub const RESULT: Duration = Duration::from_secs(30);
/// Step of a refusal's time: it is shown at a whole multiple of this after the code, never sooner, and told apart from
/// no other refusal by its time.
pub const REFUSAL_STEP: Duration = Duration::from_secs(2);
/// Pause between two queries for ticket_info_codes that are still empty.
pub const CODES_PAUSE: Duration = Duration::from_millis(700);
/// Number of queries for empty ticket_info_codes.
pub const CODES_TRIES: u8 = 6;
/// Age of a list (0x04) above which it is asked for again when 0x05 is to be sent.
pub const LIST_FRESH: Duration = Duration::from_millis(500);
/// Wait for the printer after which the site's flags are asked again before the next ticket.
pub const FLAGS_FRESH: Duration = Duration::from_secs(3);
/// Time that a customer is kept waiting for a printer that stopped in the middle of a booking.
pub const PRINTER_PATIENCE: Duration = Duration::from_secs(90);
/// First pause after a report that didn't get through; doubles from one to the next.
pub const REPORT_PAUSE: Duration = Duration::from_secs(2);
/// Longest pause after a report that didn't get through.
pub const REPORT_PAUSE_MAX: Duration = Duration::from_secs(600);
/// Number of reports kept in memory; more stay due in the journal until the next start.
pub const BACKLOG_MAX: usize = 1_000;
/// Number of these that may be bookings of which only the list is asked for.
pub const LISTS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_read_goes_before_a_slow_reader_is_done() {
        for limit in [ENTRY, RESULT, PRINTER_PATIENCE] {
            assert!(limit >= Duration::from_secs(20), "{limit:?}");
        }
    }
}
