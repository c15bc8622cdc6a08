//! Power cycle of the printer when nothing else makes it answer: the time at which it is due. Pure.

use std::time::Duration;

/// Silence after which the printer is beyond what cables and patience mend.
pub const SILENT: Duration = Duration::from_secs(60);
/// Interval between two tries: the printer has to start, feed and be checked.
pub const BETWEEN: Duration = Duration::from_secs(600);
/// Largest number of tries; then a person has to come.
pub const TRIES_MAX: u32 = 3;
/// Time for which the power stays off: the printer's capacitors have to empty.
pub const OFF: Duration = Duration::from_secs(5);

/// Tries since the printer last answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastResort {
    silent_since: Option<Duration>,
    tries: u32,
    last: Option<Duration>,
}

impl LastResort {
    /// Takes the printer's state, and returns true if its power is to be taken away now. `free`: nobody is being
    /// served, and no ticket is at the printer.
    pub fn due(&mut self, silent: bool, free: bool, now: Duration) -> bool {
        if !silent {
            *self = Self::default();
            return false;
        }
        self.silent_since.get_or_insert(now);
        let due = free && self.deadline().is_some_and(|deadline| now >= deadline);
        if due {
            self.tries += 1;
            self.last = Some(now);
        }
        due
    }

    /// Returns the time at which the next try is due, if nothing changes; none if there is none.
    pub fn deadline(&self) -> Option<Duration> {
        let since = self.silent_since.filter(|_| self.tries < TRIES_MAX)?;
        Some(self.last.map_or(since.saturating_add(SILENT), |last| last.saturating_add(BETWEEN)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_printer_that_never_answers_is_switched_three_times_and_then_left() {
        let mut last_resort = LastResort::default();
        let switched: Vec<u64> = (0..10_000).filter(|at| last_resort.due(true, true, s(*at))).collect();
        assert_eq!(switched, [60, 660, 1_260]);
        assert_eq!(last_resort.deadline(), None);
    }

    #[test]
    fn an_answer_ends_it_and_a_customer_puts_it_off() {
        let mut last_resort = LastResort::default();
        assert!(!last_resort.due(true, true, s(0)));
        assert!(!last_resort.due(false, true, s(59)));
        assert_eq!(last_resort.deadline(), None);
        assert!(!last_resort.due(true, true, s(60)));
        assert!(!last_resort.due(true, false, s(120)), "somebody is being served");
        assert!(last_resort.due(true, true, s(125)));
        assert!(!last_resort.due(true, true, s(126)));
        assert_eq!(last_resort.deadline(), Some(s(725)));
    }
}
