//! Counts of what a run met.

use super::faults::Fault;
use pickup_kiosk::ticket::Outcome;
use std::fmt;

/// Counts of a run.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub episodes: u64,
    /// Number of codes presented.
    pub pickups: u64,
    pub steps: u64,
    pub faults: [u64; Fault::ALL.len()],
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Number of tickets that came out whole.
    pub tickets: u64,
    pub uncertain: u64,
    pub reprints: u64,
    pub at_counter: u64,
    pub refunds: u64,
    pub resolved: u64,
    pub refused_scans: u64,
    /// Number of times at which something could be forgotten.
    pub tidied: u64,
    /// Number of seats two kiosks printed where the site accepts a second issue.
    pub windows: u64,
    /// Number of episodes with one fault in which every untouched seat was found printed.
    pub lively: u64,
}

impl Summary {
    pub fn outcome(&mut self, outcome: Outcome) {
        let at = Outcome::ALL.iter().position(|one| *one == outcome).unwrap();
        self.outcomes[at] += 1;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "pickups {}, episodes {}, steps {}", self.pickups, self.episodes, self.steps)?;
        writeln!(
            f,
            "tickets {}, uncertain {}, printed again {}, settled by staff {}, at the counter {}, refunds {}",
            self.tickets, self.uncertain, self.reprints, self.resolved, self.at_counter, self.refunds
        )?;
        writeln!(f, "times of housekeeping by a clock that was believed: {}", self.tidied)?;
        writeln!(f, "scans refused while busy {}", self.refused_scans)?;
        writeln!(f, "seats in the window of two kiosks at a site that accepts both: {}", self.windows)?;
        writeln!(f, "single faults after which every untouched seat was printed: {}", self.lively)?;
        for (fault, count) in Fault::ALL.iter().zip(self.faults) {
            writeln!(f, "  fault {:14} {count}", format!("{fault:?}"))?;
        }
        for (outcome, count) in Outcome::ALL.iter().zip(self.outcomes) {
            writeln!(f, "  outcome {:18} {count}", outcome.name())?;
        }
        Ok(())
    }
}
