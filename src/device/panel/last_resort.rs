//! The printer's power, off and on again, when nothing else makes it answer: when that is due. Pure.

use std::time::Duration;

/// A printer that doesn't answer for so long is beyond what cables and patience mend.
pub const SILENT: Duration = Duration::from_secs(60);
/// Between two tries: it has to start, feed, and be looked at.
pub const BETWEEN: Duration = Duration::from_secs(600);
/// Then a person has to come.
pub const TRIES_MAX: u32 = 3;
/// The power stays off so long: its capacitors have to empty.
pub const OFF: Duration = Duration::from_secs(5);

/// What has been tried since the printer answered last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastResort {
    silent_since: Option<Duration>,
    tries: u32,
    last: Option<Duration>,
}

impl LastResort {
    /// Takes the news; true: take the power away now. `free`: nobody is being served, and no ticket is at the
    /// printer.
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

    /// When it will be due, if nothing changes; none: not at all.
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
