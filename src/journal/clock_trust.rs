//! Trust in the wall clock, by whose time records are forgotten. Pure.
//!
//! A board without a battery starts in another year, and a hand that sets the clock sets it wrong: what is
//! forgotten in such a minute is gone for good. So nothing is, before the clock has been plausible for
//! [`PLAUSIBLE_FOR`] without a break.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Time for which the wall clock must have been plausible, by the monotonic clock of one process.
pub const PLAUSIBLE_FOR: Duration = Duration::from_secs(6 * 3_600);

/// Seconds by which wall clock and monotonic clock part from one reading to the next when one has jumped.
pub const JUMP_SECONDS: u64 = 5;

/// Slew that is still plausible, one second in so many: twice what a service that slews the clock may do (500 ppm). In
/// all the clocks may part by less than this and [`JUMP_SECONDS`] together.
const SLEW_ONE_IN: u64 = 1_000;

/// Largest difference between the wall clock and a server's, in seconds.
pub const APART_SECONDS: u64 = 120;

/// A reading of both clocks, and what there is to compare them with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Time by the monotonic clock of this process.
    pub mono: Duration,
    /// Time by the wall clock.
    pub wall: Timestamp,
    /// Wall clock of the newest record, by its place and not by its time; none in an empty journal.
    pub newest_record: Option<Timestamp>,
    /// True if the system's time service has synchronised the clock. False also where that is unknown, which by itself
    /// speaks against no clock.
    pub synchronised: bool,
}

/// State of the trust in the wall clock in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ClockTrust {
    /// First plausible reading without a break since; none while the clock is not plausible.
    since: Option<Point>,
    /// Latest reading that was taken.
    last: Option<Point>,
    /// Clock of a server, as last heard.
    server: Option<Point>,
    /// True if the time service had synchronised the clock at the last reading.
    synchronised: bool,
}

/// A moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Point {
    mono: Duration,
    wall: Timestamp,
}

impl Point {
    /// Returns by how much the wall clock of `later` is ahead of what this point's would show then.
    fn parted(self, later: Self) -> SignedDuration {
        let wall = later.wall.duration_since(self.wall);
        let elapsed = SignedDuration::try_from(later.mono.saturating_sub(self.mono));
        wall.saturating_sub(elapsed.unwrap_or(SignedDuration::MAX))
    }
}

impl ClockTrust {
    /// Notes the time that a server has told, as in the Date of an HTTP answer, at this moment of the monotonic clock.
    /// It holds until the next: the monotonic clock carries it on.
    pub fn heard_server(&mut self, mono: Duration, date: Timestamp) {
        self.server = Some(Point { mono, wall: date });
    }

    /// Takes a reading and returns the wall clock's time, if it may be believed by now.
    ///
    /// The count starts anew when wall and monotonic clock have parted by [`JUMP_SECONDS`], when the clock is
    /// behind the newest record or differs from a server's by more than [`APART_SECONDS`], and when the time
    /// service has just synchronised it: what it showed before was nobody's word.
    pub fn believed(&mut self, reading: Reading) -> Option<Timestamp> {
        let now = Point { mono: reading.mono, wall: reading.wall };
        let first_word = reading.synchronised && !self.synchronised;
        let jumped = self.last.is_some_and(|last| last.parted(now).unsigned_abs().as_secs() >= JUMP_SECONDS)
            || self.since.is_some_and(|since| drifted(since, now));
        let behind = reading.newest_record.is_some_and(|newest| reading.wall < newest);
        let apart =
            self.server.is_some_and(|server| server.parted(now).unsigned_abs().as_secs() > APART_SECONDS);
        self.last = Some(now);
        self.synchronised = reading.synchronised;
        if behind || apart {
            self.since = None;
            return None;
        }
        if jumped || first_word {
            self.since = None;
        }
        let since = *self.since.get_or_insert(now);
        (now.mono.saturating_sub(since.mono) >= PLAUSIBLE_FOR).then_some(reading.wall)
    }
}

/// Returns true if many small steps have become a jump.
fn drifted(since: Point, now: Point) -> bool {
    let elapsed = now.mono.saturating_sub(since.mono).as_secs();
    since.parted(now).unsigned_abs().as_secs() >= JUMP_SECONDS + elapsed / SLEW_ONE_IN
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: u64 = 600;
    const DAY: i64 = 86_400;

    /// Returns the reading `mono` seconds after the start, the wall clock `ahead` seconds ahead of the right time.
    fn at(mono: u64, ahead: i64) -> Reading {
        let right = 1_795_485_600 + i64::try_from(mono).unwrap();
        Reading {
            mono: Duration::from_secs(mono),
            wall: Timestamp::from_second(right + ahead).unwrap(),
            newest_record: None,
            synchronised: false,
        }
    }

    /// Takes a reading every ten minutes; returns the first that is believed, in seconds since the start.
    fn first_believed(trust: &mut ClockTrust, from: u64, reading: impl Fn(u64) -> Reading) -> Option<u64> {
        (from..from + 86_400)
            .step_by(usize::try_from(STEP).unwrap())
            .find(|second| trust.believed(reading(*second)).is_some())
    }

    #[test]
    fn a_steady_clock_is_believed_after_six_hours_and_not_before() {
        let mut trust = ClockTrust::default();
        assert_eq!(first_believed(&mut trust, 0, |second| at(second, 0)), Some(6 * 3_600));
        assert_eq!(trust.believed(at(25_000, 0)), Some(at(25_000, 0).wall), "and so it goes on");
    }

    #[test]
    fn a_jump_by_days_or_by_seconds_either_way_starts_anew() {
        for ahead in [200 * DAY, 3 * DAY, -3 * DAY, 6, -6] {
            let mut trust = ClockTrust::default();
            assert_eq!(first_believed(&mut trust, 0, |second| at(second, 0)), Some(21_600));
            assert_eq!(trust.believed(at(22_200, ahead)), None, "{ahead} s");
            // The clock goes back again, as after three seconds: that is the next jump.
            assert_eq!(trust.believed(at(22_203, 0)), None, "{ahead} s");
            let again = first_believed(&mut trust, 22_800, |second| at(second, 0));
            assert_eq!(again, Some(22_203 + 21_600 + 597), "{ahead} s");
        }
    }

    #[test]
    fn many_small_steps_are_a_jump_and_a_slewed_clock_is_none() {
        let mut trust = ClockTrust::default();
        let creeping = |second: u64| at(second, i64::try_from(second / STEP * 4).unwrap());
        assert_eq!(first_believed(&mut trust, 0, creeping), None);
        let mut trust = ClockTrust::default();
        let slewed = |second: u64| at(second, i64::try_from(second / 2_000).unwrap());
        assert_eq!(first_believed(&mut trust, 0, slewed), Some(21_600));
    }

    #[test]
    fn a_clock_behind_the_newest_record_is_not_believed_however_long() {
        let mut trust = ClockTrust::default();
        let behind = |second| Reading { newest_record: Some(at(0, 2 * DAY).wall), ..at(second, 0) };
        assert_eq!(first_believed(&mut trust, 0, behind), None);
        let caught_up = |second| Reading { newest_record: Some(at(0, 0).wall), ..at(second, 0) };
        assert_eq!(first_believed(&mut trust, 86_400, caught_up), Some(86_400 + 21_600));
    }

    #[test]
    fn a_servers_time_is_carried_on_and_outweighs_a_steady_clock() {
        let mut trust = ClockTrust::default();
        trust.heard_server(Duration::from_secs(1), at(1, 0).wall);
        let wrong = |second| at(second, 3 * DAY);
        assert_eq!(first_believed(&mut trust, 2, wrong), None);
        let near = |second| at(second, 119);
        assert_eq!(first_believed(&mut trust, 86_400, near), Some(86_400 + 21_600));
        // The server's time is new; the clock is as it was.
        trust.heard_server(Duration::from_secs(130_000), at(130_000, -200 * DAY).wall);
        assert_eq!(trust.believed(at(130_001, 119)), None);
    }

    #[test]
    fn what_passed_before_the_first_synchronisation_does_not_count() {
        let mut trust = ClockTrust::default();
        let synchronised = |second| Reading { synchronised: second >= 20_000, ..at(second, 0) };
        assert_eq!(first_believed(&mut trust, 0, synchronised), Some(20_400 + 21_600));
        // The end of the synchronisation says nothing against the clock.
        assert!(trust.believed(at(43_000, 0)).is_some());
    }
}
