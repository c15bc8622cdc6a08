//! When what may be forgotten: the limits that the journal on disk and the one in memory share. Pure.

use jiff::Timestamp;

/// Milliseconds of a day of 24 hours.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// For how long a lost journal's booking number stays on the list at least, milliseconds; also how old a booking
/// of it may be whose ID was forgotten.
pub const SALVAGED_MS: i64 = 2 * DAY_MS;

/// The most rows of that list.
pub const SALVAGED_MAX: usize = 20_000;

/// A booking's ID is forgotten when its last session began before this moment (milliseconds): a day after it.
pub fn forget_before(now: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(DAY_MS)
}

/// A booking of a lost journal whose ID was forgotten already goes onto the list only when its last step is not
/// before this moment (milliseconds). `newest` is the latest last step found; of the two clocks the one that is
/// behind counts, for a wrong one must not empty the list.
pub fn salvage_from(now: Timestamp, newest: Option<i64>) -> i64 {
    let now = now.as_millisecond();
    newest.map_or(now, |newest| newest.min(now)).saturating_sub(SALVAGED_MS)
}

/// Whether a row of that list may go: [`SALVAGED_MS`] after a clock that is believed first saw it, and a day after
/// its session, where that is known (milliseconds).
pub fn salvaged_is_over(now: Timestamp, since: i64, last_session: Option<i64>) -> bool {
    let over = since <= now.as_millisecond().saturating_sub(SALVAGED_MS);
    over && last_session.is_none_or(|session| session < forget_before(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    #[test]
    fn a_clock_that_is_wrong_empties_no_list() {
        let step = 100 * DAY_MS;
        for wrong in [0, 300 * DAY_MS] {
            assert!(step >= salvage_from(at(wrong), Some(step)), "now, {wrong}");
            assert!(step >= salvage_from(at(step), Some(wrong.max(step))), "in the file, {wrong}");
        }
        assert!(step - 2 * DAY_MS - 1 < salvage_from(at(step), Some(step)));
    }

    #[test]
    fn a_row_stays_two_days_and_until_its_session_is_over() {
        let seen = 10 * DAY_MS;
        assert!(!salvaged_is_over(at(seen + SALVAGED_MS - 1), seen, None));
        assert!(salvaged_is_over(at(seen + SALVAGED_MS), seen, None));
        let session = Some(seen + 5 * DAY_MS);
        assert!(!salvaged_is_over(at(seen + 6 * DAY_MS), seen, session));
        assert!(salvaged_is_over(at(seen + 6 * DAY_MS + 1), seen, session));
    }
}
