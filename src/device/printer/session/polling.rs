//! Status polling of the printer: the times of the rounds, and the consequences of an answer or of none.

use super::status_poller::{PORT, PollAnswer, PollStep};
use super::{Condition, Conditions, Output, Phase, PrinterSession, ProfileMismatch, command, timing};
use std::time::Duration;

impl PrinterSession {
    /// Returns true if the printer may be asked. `DLE EOT` in the middle of a ticket would become part of it; behind
    /// bytes that the transport has not taken it would be answered too late.
    pub(super) fn may_ask(&self) -> bool {
        match &self.phase {
            Phase::Down | Phase::Settling { .. } => false,
            Phase::Printing(printing) => printing.is_written(),
            Phase::Proving(_) => self.connection.all_accepted(),
            _ => true,
        }
    }

    pub(super) fn request_round(&mut self, now: Duration) {
        let at_rest = matches!(self.phase, Phase::Ready | Phase::Checking(_)) && !self.poller.is_busy();
        self.connection.rounds.begin(at_rest);
        if let Some(step) = self.poller.request(now) {
            self.step(step, now);
        }
    }

    /// Starts a fresh round for whoever asks; of a printer that isn't ready, the state is known or about to be.
    pub(super) fn look(&mut self, now: Duration) {
        self.reported.look(now);
        if matches!(self.phase, Phase::Ready) && !self.poller.is_busy() {
            self.request_round(now);
        }
    }

    /// Returns true if somebody waits for the printer's conditions and they are known: not in the middle of a round,
    /// and for a printer that is still being inspected not before its time is over or a condition stops it.
    pub(super) fn may_tell(&self, conditions: Conditions, now: Duration) -> bool {
        let Some(until) = self.reported.look_until() else { return false };
        match &self.phase {
            Phase::Ready => !self.poller.is_busy(),
            _ => {
                let stopped =
                    conditions.without(self.doubt.into()).stops_printing() && !self.poller.is_busy();
                now >= until || !self.reported.is_unknown() || stopped
            }
        }
    }

    pub(super) fn step(&mut self, step: PollStep, now: Duration) {
        match step {
            // The previous answer has led to a reset.
            PollStep::Ask(_) if matches!(self.phase, Phase::Down) => self.poller.cancel(),
            PollStep::Ask(PORT) => self.out.push(Output::AskPort),
            PollStep::Ask(n) => {
                self.connection.drop_stale_reply(now);
                // A transport that takes nothing gets no more questions than fit here.
                if self.connection.takes_question() {
                    self.write(command::real_time(n).to_vec(), now);
                    self.poller.sent(n, now);
                }
            }
            PollStep::Done => {
                self.out.extend(self.reported.port_compared(self.facts.paper_disputed()));
                self.round_done(now);
                self.schedule(now);
                self.tidy_up(now);
            }
            PollStep::Failed(n) => {
                if self.connection.heard() {
                    self.found_mismatch(ProfileMismatch::Status(n));
                }
                self.round_failed(now);
                self.schedule(now);
            }
        }
    }

    /// Takes the status of the USB port; none if it can't be asked.
    pub(super) fn port_told(&mut self, status: Option<u8>, now: Duration) {
        if matches!(self.phase, Phase::Down) {
            return;
        }
        self.facts.port(status);
        let (_, step) = self.poller.answer(PollAnswer::Port, now);
        self.facts_changed(now);
        if let Some(step) = step {
            self.step(step, now);
        }
    }

    /// Asks the port while a ticket is on its way to the printer. Nothing else can be asked then: the port's question
    /// is no part of the ticket's bytes.
    pub(super) fn ask_port_in_mid_ticket(&mut self, now: Duration) {
        if let Phase::Printing(printing) = &mut self.phase
            && printing.take_port_turn(now)
        {
            self.out.push(Output::AskPort);
        }
    }

    /// Reports a point in which the printer is not as its profile says; once per connection.
    pub(super) fn found_mismatch(&mut self, what: ProfileMismatch) {
        self.out.extend(self.reported.mismatch(what));
    }

    /// Sets the time of the next round if nothing else asks for one.
    pub(super) fn schedule(&mut self, now: Duration) {
        if self.poller.is_busy() {
            return;
        }
        let wait = match &self.phase {
            Phase::Down | Phase::Settling { .. } => return,
            Phase::Printing(_) | Phase::HandingOver(_) => timing::JOB_STATUS,
            _ if self.conditions().stops_printing() => timing::BAD_STATUS,
            _ => timing::IDLE_STATUS,
        };
        self.connection.rounds.set_next(Some(now + wait));
    }

    fn round_done(&mut self, now: Duration) {
        match &self.phase {
            Phase::Inspecting => self.begin_proof(now),
            Phase::Proving(_) => self.proof_facts(self.facts.conditions(), now),
            Phase::Checking(_) => self.checked(now),
            Phase::Printing(_) => self.looked_in(now),
            // Answers to earlier questions may have been taken for this round's: one more round, then.
            Phase::Verifying { job, again: false } if self.poller.expects_late(now) => {
                self.phase = Phase::Verifying { job: *job, again: true };
                self.request_round(now);
            }
            Phase::Verifying { job, .. } => {
                let job = *job;
                self.came_out(job, now);
            }
            Phase::HandingOver(_) => self.looked_at_presenter(now),
            Phase::Ready => self.connection.rounds.end(now),
            Phase::Down | Phase::Settling { .. } => {}
        }
    }

    fn round_failed(&mut self, now: Duration) {
        match &self.phase {
            Phase::Printing(printing) if !printing.limit_passed() => self.round_unanswered(),
            Phase::Verifying { job, again: false } => {
                self.phase = Phase::Verifying { job: *job, again: true };
                self.request_round(now);
            }
            Phase::Down | Phase::Settling { .. } => {}
            _ => self.silent(now),
        }
    }

    /// Handles a printer that answers nothing.
    pub(super) fn silent(&mut self, now: Duration) {
        self.ticket_lost_to(Condition::NotAnswering);
        self.facts.fall_silent();
        self.empty = false;
        self.reported.becomes_known();
        self.doubt = Condition::NotAnswering;
        if self.capabilities.reset_when_silent {
            self.reset();
        } else {
            self.connection.forget_identity();
            self.phase = Phase::Inspecting;
            self.connection.rounds.within(timing::BAD_STATUS, now);
        }
    }
}
