//! Lockout against guessing PINs: five wrong ones lock the menu for a minute, each further five for twice as long, up
//! to an hour. A try counts as wrong before it is looked at, so that a power cut makes none free.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Number of wrong PINs before a lock.
pub const TRIES: u32 = 5;
/// Length of the first lock, in seconds.
const FIRST: u64 = 60;
/// Length of the longest lock, in seconds.
const LONGEST: u64 = 3_600;

/// State of the lockout; kept over restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lockout {
    /// Number of tries since the last right PIN or the last lock.
    tries: u32,
    /// Number of locks in a row, without a right PIN.
    locks: u32,
    /// Start of the last lock, in seconds of Unix time; 0 for none.
    since: i64,
}

impl Lockout {
    /// Reads the kept state; text that can't be read counts as a first lock that begins now.
    pub fn kept(text: &str, now: Timestamp) -> Self {
        serde_json::from_str(text).unwrap_or(Self { tries: 0, locks: 1, since: now.as_second() })
    }

    /// Returns the state as text, to be kept.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the seconds until the lock ends; `None` without a lock. A clock that was set back counts the lock anew,
    /// so that nobody waits longer than its length.
    pub fn shut(&self, now: Timestamp) -> Option<u64> {
        if self.locks == 0 || self.since == 0 {
            return None;
        }
        let length = FIRST.checked_shl(self.locks.saturating_sub(1).min(16)).unwrap_or(LONGEST).min(LONGEST);
        let passed = now.as_second().saturating_sub(self.since);
        match u64::try_from(passed) {
            Ok(passed) if passed >= length => None,
            Ok(passed) => Some(length - passed),
            Err(_) => Some(length),
        }
    }

    /// Counts a try; the state has to be kept before the PIN is looked at. Returns true for the last try before a lock.
    pub fn try_begins(&mut self, now: Timestamp) -> bool {
        self.tries = self.tries.saturating_add(1);
        let last = self.tries >= TRIES;
        if last {
            self.tries = 0;
            self.locks = self.locks.saturating_add(1);
            self.since = now.as_second();
        }
        last
    }

    /// Returns the number of tries left before the next lock.
    pub fn left(&self) -> u32 {
        TRIES.saturating_sub(self.tries)
    }

    /// Resets the lockout: the PIN was right.
    pub fn right(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn five(lockout: &mut Lockout, second: i64) {
        for n in 1..=TRIES {
            assert_eq!(lockout.try_begins(at(second)), n == TRIES);
        }
    }

    #[test]
    fn five_shut_it_for_a_minute_then_twice_as_long_to_an_hour() {
        let mut lockout = Lockout::default();
        let mut second = 0;
        for wanted in [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600] {
            assert_eq!(lockout.shut(at(second)), None);
            five(&mut lockout, second);
            assert_eq!(lockout.shut(at(second)), Some(wanted));
            second += i64::try_from(wanted).unwrap();
        }
        lockout.right();
        five(&mut lockout, second);
        assert_eq!(lockout.shut(at(second)), Some(60), "a right one begins anew");
    }

    #[test]
    fn it_survives_being_kept_and_a_clock_that_jumps() {
        let mut lockout = Lockout::default();
        five(&mut lockout, 0);
        let again = Lockout::kept(&lockout.text(), at(1));
        assert_eq!(again, lockout);
        assert_eq!(again.shut(at(-900_000)), Some(60), "no longer than the lock");
        assert_eq!(again.shut(at(60)), None);
        assert_eq!(Lockout::kept("nonsense", at(0)).shut(at(0)), Some(60));
        for _ in 0..200 {
            five(&mut lockout, 0);
        }
        assert_eq!(lockout.shut(at(0)), Some(3_600));
    }
}
