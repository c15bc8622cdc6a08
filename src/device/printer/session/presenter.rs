//! Handover after the cut: a presenter holds the ticket until it is taken or forgotten. Also cutter recovery.

use super::{Condition, Conditions, Output, Phase, PrintResult, PrinterSession, command, timing};
use std::time::Duration;

/// A ticket that has come out and waits to be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct PresentedTicket {
    job: u64,
    /// Time at which the ticket counts as forgotten.
    pub(super) until: Duration,
    /// Number of rounds in a row that did not see the ticket.
    gone: u8,
}

/// Returns true if a condition keeps even an empty fence from coming back; a ticket in the presenter does not.
pub(super) fn holds_up(facts: Conditions) -> bool {
    facts.without(Condition::TicketWaiting.into()).stops_printing()
}

impl PrinterSession {
    /// Confirms a ticket that has come out whole; where a presenter holds it, it is handed over first.
    pub(super) fn came_out(&mut self, job: u64, now: Duration) {
        self.clearing.allow_recovery();
        let Some(presenter) = &self.capabilities.presenter else {
            return self.finish(job, PrintResult::Confirmed, now);
        };
        let until = now + presenter.patience;
        self.phase = Phase::HandingOver(PresentedTicket { job, until, gone: 0 });
        self.request_round(now);
    }

    /// Handles the end of a status round while the presenter may hold the ticket.
    pub(super) fn looked_at_presenter(&mut self, now: Duration) {
        let waits = self.facts.conditions().contains(Condition::TicketWaiting);
        let Phase::HandingOver(handover) = &mut self.phase else { return };
        handover.gone = if waits { 0 } else { handover.gone + 1 };
        if handover.gone >= timing::TAKEN_ROUNDS {
            let job = handover.job;
            self.finish(job, PrintResult::Confirmed, now);
        }
    }

    /// Dismisses the ticket, which nobody took in time.
    pub(super) fn forgotten(&mut self, now: Duration) {
        let Phase::HandingOver(handover) = &self.phase else { return };
        let job = handover.job;
        let retracted = self.capabilities.presenter.as_ref().is_some_and(|presenter| presenter.retracts);
        self.dismiss(now);
        self.finish(job, PrintResult::Forgotten { retracted }, now);
        // The next round shows if the ticket has gone.
        self.connection.rounds.within(timing::JOB_STATUS, now);
    }

    fn dismiss(&mut self, now: Duration) {
        let bytes = self.capabilities.presenter.as_ref().map(|presenter| presenter.dismiss.clone());
        self.write(bytes.unwrap_or_default(), now);
        self.connection.left_in_presenter(now);
    }

    /// Confirms a ticket in the presenter of a lost printer: it has come out, whatever becomes of it.
    pub(super) fn leave_with_customer(&mut self) {
        if let Phase::HandingOver(handover) = &self.phase {
            self.out.push(Output::Printed { job: handover.job, result: PrintResult::Confirmed });
        }
    }

    /// Recovers from what needs no hand, at the end of a round while no ticket is under way.
    pub(super) fn tidy_up(&mut self, now: Duration) {
        let idle = matches!(self.phase, Phase::Ready | Phase::Proving(_)) && self.connection.all_accepted();
        if !idle {
            return;
        }
        let facts = self.facts.conditions();
        self.dismiss_left_over(facts, now);
        if facts.contains(Condition::CutterFault) && self.capabilities.recovers && self.clearing.may_recover()
        {
            self.write(command::RECOVER.to_vec(), now);
            self.fences.buffer_lost();
            // The contents of the buffer are gone; the paper that hangs out is cut before the next ticket.
            self.clearing.recovery_sent(matches!(self.phase, Phase::Proving(_)));
            self.connection.rounds.within(timing::BAD_STATUS, now);
        }
    }

    /// Dismisses a ticket that was in the presenter when the kiosk started, or did not go when it was dismissed.
    fn dismiss_left_over(&mut self, facts: Conditions, now: Duration) {
        if !facts.contains(Condition::TicketWaiting) {
            self.connection.presenter_is_empty();
            return;
        }
        let patience = self.capabilities.presenter.as_ref().map(|presenter| presenter.patience);
        let left_over_for = self.connection.left_over_for(now);
        if patience.is_some_and(|patience| left_over_for >= patience) {
            self.dismiss(now);
        }
    }
}
