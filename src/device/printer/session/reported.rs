//! Reports of the session: what its owner was told already, and what it waits for.

use super::{Output, ProfileMismatch};
use crate::device::printer::conditions::Conditions;
use crate::device::printer::timing;
use std::time::Duration;

/// Conditions, looks and mismatches, as they were reported.
///
/// Invariants:
/// - Conditions are reported when they differ from those reported last, and before the result of a ticket: whoever
///   receives that knows already if the next can follow.
/// - Each look is answered once.
/// - Each mismatch is reported once per connection.
#[derive(Debug)]
pub(super) struct Reported {
    conditions: Option<Conditions>,
    /// Latest time for the answer to [`super::Input::Look`], while somebody waits for it.
    looking: Option<Duration>,
    /// True if no connection has been tried yet, or this one has not shown yet how the printer is.
    unknown: bool,
    /// Points in which the printer was found unlike its profile on this connection.
    mismatches: Vec<ProfileMismatch>,
    /// Number of rounds in a row in which port and printer disagreed.
    disputed: u8,
}

impl Reported {
    /// Creates the reports of a session that has reported nothing.
    pub(super) fn new() -> Self {
        Self { conditions: None, looking: None, unknown: true, mismatches: Vec::new(), disputed: 0 }
    }

    /// Notes a new connection: its printer may be another one.
    pub(super) fn forget_connection(&mut self) {
        self.mismatches.clear();
        self.disputed = 0;
    }

    /// Puts the conditions among the outputs if they are new.
    pub(super) fn report(&mut self, conditions: Conditions, out: &mut Vec<Output>) {
        if self.conditions.replace(conditions) != Some(conditions) {
            let at = out.iter().position(|output| matches!(output, Output::Printed { .. }));
            out.insert(at.unwrap_or(out.len()), Output::Conditions(conditions));
        }
    }

    // -- looks --

    /// Begins a look, which is answered by [`timing::GETTING_READY`] from now at the latest.
    pub(super) fn look(&mut self, now: Duration) {
        self.looking = Some(now + timing::GETTING_READY);
    }

    /// Returns the latest time for the answer, while somebody waits for it.
    pub(super) fn look_until(&self) -> Option<Duration> {
        self.looking
    }

    /// Returns the answer to the look.
    pub(super) fn answer_look(&mut self, conditions: Conditions) -> Output {
        self.looking = None;
        Output::Looked(conditions)
    }

    /// Returns true if nothing has shown yet how the printer is.
    pub(super) fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Notes that the printer is about to show how it is.
    pub(super) fn becomes_unknown(&mut self) {
        self.unknown = true;
    }

    /// Notes that the printer has shown how it is, if only by its silence.
    pub(super) fn becomes_known(&mut self) {
        self.unknown = false;
    }

    // -- mismatches --

    /// Returns the report of a mismatch; none if it was reported on this connection.
    pub(super) fn mismatch(&mut self, what: ProfileMismatch) -> Option<Output> {
        if self.mismatches.contains(&what) {
            return None;
        }
        self.mismatches.push(what);
        Some(Output::Mismatch(what))
    }

    /// Takes one round's comparison of the USB port with the printer's sensors; returns the report of the mismatch if
    /// they have differed for long. One difference may be paper that was just taken out, between two questions.
    pub(super) fn port_compared(&mut self, differs: bool) -> Option<Output> {
        self.disputed = if differs { self.disputed.saturating_add(1) } else { 0 };
        if self.disputed < timing::DISPUTED_ROUNDS {
            return None;
        }
        self.mismatch(ProfileMismatch::Port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::conditions::Condition;
    use crate::device::printer::session::PrintResult;

    #[test]
    fn new_conditions_come_before_a_tickets_result_and_the_same_ones_not_again() {
        let printed = Output::Printed { job: 1, result: PrintResult::Confirmed };
        let low = Conditions::from(Condition::PaperLow);
        let mut reported = Reported::new();
        let mut out = vec![Output::Write(vec![1]), printed.clone()];
        reported.report(low, &mut out);
        assert_eq!(out, [Output::Write(vec![1]), Output::Conditions(low), printed]);
        let mut out = Vec::new();
        reported.report(low, &mut out);
        assert_eq!(out, []);
        reported.report(Conditions::NONE, &mut out);
        assert_eq!(out, [Output::Conditions(Conditions::NONE)]);
    }

    #[test]
    fn a_mismatch_is_reported_once_per_connection() {
        let mut reported = Reported::new();
        let fence = Some(Output::Mismatch(ProfileMismatch::Fence));
        assert_eq!(reported.mismatch(ProfileMismatch::Fence), fence);
        assert_eq!(reported.mismatch(ProfileMismatch::Fence), None);
        reported.forget_connection();
        assert_eq!(reported.mismatch(ProfileMismatch::Fence), fence);
    }

    #[test]
    fn a_port_is_doubted_after_three_rounds_in_a_row() {
        let mut reported = Reported::new();
        let compared =
            [true, true, false, true, true, true, true].map(|differs| reported.port_compared(differs));
        let told: Vec<usize> = (0..7).filter(|index| compared[*index].is_some()).collect();
        assert_eq!(told, [5]);
    }
}
