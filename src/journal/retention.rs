//! Limits on what may be forgotten and when, shared by the journals on disk and in memory. Pure.

use jiff::Timestamp;

/// Length of a day of 24 hours, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Shortest time that a lost journal's booking number stays on the list, in milliseconds; also the greatest age of a
/// booking of it whose ID was forgotten.
pub const SALVAGED_MS: i64 = 2 * DAY_MS;

/// Largest number of rows on that list.
pub const SALVAGED_MAX: usize = 20_000;

/// Returns the moment before which a booking's last session began whose ID is forgotten, in milliseconds: a day ago.
pub fn forget_before(now: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(DAY_MS)
}

/// Returns the moment (milliseconds) before which the last step of a booking of a lost journal keeps it off the list,
/// where its ID was forgotten already. `newest` is the latest last step found; of the two clocks the one that is behind
/// counts, for a wrong one must not empty the list.
pub fn salvage_from(now: Timestamp, newest: Option<i64>) -> i64 {
    let now = now.as_millisecond();
    newest.map_or(now, |newest| newest.min(now)).saturating_sub(SALVAGED_MS)
}

/// Longest time by which the list grows older from one look to the next, in milliseconds: a clock that is wrong by
/// months and believed, for nothing speaks against it, must not end the list.
pub const SALVAGED_STEP_MS: i64 = DAY_MS / 24;

/// Age of the list of a lost journal, by looks with a clock that is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SalvagedAge {
    /// Age in milliseconds.
    pub age_ms: i64,
    /// Time of the last look, milliseconds since 1970 UTC; none before the first.
    pub seen_ms: Option<i64>,
}

impl SalvagedAge {
    /// Returns the age after one more look.
    pub fn seen(self, now: Timestamp) -> Self {
        let now_ms = now.as_millisecond();
        let passed = now_ms.saturating_sub(self.seen_ms.unwrap_or(now_ms)).clamp(0, SALVAGED_STEP_MS);
        Self { age_ms: self.age_ms.saturating_add(passed), seen_ms: Some(now_ms) }
    }
}

/// Returns true if a row of that list may go: the list is [`SALVAGED_MS`] old, and a day has passed since the row's
/// session, where that is known (milliseconds).
pub fn salvaged_is_over(now: Timestamp, list: SalvagedAge, last_session: Option<i64>) -> bool {
    let over = list.age_ms >= SALVAGED_MS;
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

    /// Looks at the list every ten minutes from a moment on for so long, both in milliseconds.
    fn looked_at(mut list: SalvagedAge, from: i64, for_ms: i64) -> SalvagedAge {
        for passed in 0..=for_ms / 600_000 {
            list = list.seen(at(from + passed * 600_000));
        }
        list
    }

    #[test]
    fn a_row_stays_two_days_and_until_its_session_is_over() {
        let seen = 10 * DAY_MS;
        let list = looked_at(SalvagedAge::default(), seen, SALVAGED_MS - 600_000);
        assert!(!salvaged_is_over(at(seen + SALVAGED_MS), list, None));
        let list = looked_at(SalvagedAge::default(), seen, SALVAGED_MS);
        assert!(salvaged_is_over(at(seen + SALVAGED_MS), list, None));
        let session = Some(seen + 5 * DAY_MS);
        assert!(!salvaged_is_over(at(seen + 6 * DAY_MS), list, session));
        assert!(salvaged_is_over(at(seen + 6 * DAY_MS + 1), list, session));
    }

    #[test]
    fn a_clock_that_jumps_by_a_year_ends_no_list() {
        let mut list = looked_at(SalvagedAge::default(), 10 * DAY_MS, DAY_MS);
        for year in 1..=20 {
            list = list.seen(at(year * 365 * DAY_MS)).seen(at(10 * DAY_MS));
        }
        assert!(list.age_ms < SALVAGED_MS, "{list:?}");
    }
}
