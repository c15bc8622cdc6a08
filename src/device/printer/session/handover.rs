//! After the cut: a presenter holds the ticket until it is taken, or forgotten; and a knife that got stuck.

use super::{Condition, Conditions, Output, Phase, PrintResult, Session, command, timing};
use std::time::Duration;

/// A ticket that has come out and waits to be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handover {
    job: u64,
    /// When it counts as forgotten.
    pub(super) until: Duration,
    /// Rounds in a row that did not see it.
    gone: u8,
}

/// Whether something keeps even an empty fence from coming back; a ticket in the presenter does not.
pub(super) fn holds_up(facts: Conditions) -> bool {
    facts.without(Condition::TicketWaiting.into()).stops_printing()
}

impl Session {
    /// The ticket has come out whole. Where the printer holds it, it is handed over first.
    pub(super) fn came_out(&mut self, job: u64, now: Duration) {
        self.recovery_tried = false;
        let Some(presenter) = &self.abilities.presenter else {
            return self.finish(job, PrintResult::Confirmed, now);
        };
        let until = now + presenter.patience;
        self.phase = Phase::HandingOver(Handover { job, until, gone: 0 });
        self.request_round(now);
    }

    /// A status round has ended while the presenter may hold the ticket.
    pub(super) fn looked_at_presenter(&mut self, now: Duration) {
        let waits = self.facts.conditions().contains(Condition::TicketWaiting);
        let Phase::HandingOver(handover) = &mut self.phase else { return };
        handover.gone = if waits { 0 } else { handover.gone + 1 };
        if handover.gone >= timing::TAKEN_ROUNDS {
            let job = handover.job;
            self.finish(job, PrintResult::Confirmed, now);
        }
    }

    /// Nobody took it in time.
    pub(super) fn forgotten(&mut self, now: Duration) {
        let Phase::HandingOver(handover) = &self.phase else { return };
        let job = handover.job;
        let retracted = self.abilities.presenter.as_ref().is_some_and(|presenter| presenter.retracts);
        self.dismiss(now);
        self.finish(job, PrintResult::Forgotten { retracted }, now);
        // Whether it has gone is known from the next round.
        self.round_within(timing::JOB_STATUS, now);
    }

    fn dismiss(&mut self, now: Duration) {
        let bytes = self.abilities.presenter.as_ref().map(|presenter| presenter.dismiss.clone());
        self.write(bytes.unwrap_or_default(), now);
        self.lying_since = Some(now);
    }

    /// The printer is lost while it holds a ticket: that has come out, whatever becomes of it.
    pub(super) fn leave_with_customer(&mut self) {
        if let Phase::HandingOver(handover) = &self.phase {
            self.out.push(Output::Printed { job: handover.job, result: PrintResult::Confirmed });
        }
    }

    /// At the end of a round, with no ticket under way: what needs no hand is put right.
    pub(super) fn tidy_up(&mut self, now: Duration) {
        let idle = matches!(self.phase, Phase::Ready | Phase::Proving(_)) && self.unaccepted == 0;
        if !idle {
            return;
        }
        let facts = self.facts.conditions();
        self.dismiss_left_over(facts, now);
        if facts.contains(Condition::CutterFault) && self.abilities.recovers && !self.recovery_tried {
            self.recovery_tried = true;
            self.write(command::RECOVER.to_vec(), now);
            self.soonest_at = Duration::ZERO;
            // What the buffer held is gone; what hangs out is cut before the next ticket.
            self.cleared |= matches!(self.phase, Phase::Proving(_));
            self.round_within(timing::BAD_STATUS, now);
        }
    }

    /// A ticket that lay in the presenter when the kiosk came, or did not go when it was dismissed.
    fn dismiss_left_over(&mut self, facts: Conditions, now: Duration) {
        if !facts.contains(Condition::TicketWaiting) {
            self.lying_since = None;
            return;
        }
        let patience = self.abilities.presenter.as_ref().map(|presenter| presenter.patience);
        let since = *self.lying_since.get_or_insert(now);
        if patience.is_some_and(|patience| now.saturating_sub(since) >= patience) {
            self.dismiss(now);
        }
    }
}
