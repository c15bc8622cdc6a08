//! Status rounds: when the printer is asked, and what follows from an answer or from none.

use super::asker::{Answer, PORT, Step};
use super::{Condition, Conditions, Identity, Output, Phase, Session, Unlike, command, timing};
use std::time::Duration;

impl Session {
    /// `DLE EOT` in the middle of a ticket would become part of it; behind what the transport has not taken it
    /// would be answered too late.
    pub(super) fn may_ask(&self) -> bool {
        match &self.phase {
            Phase::Down | Phase::Settling { .. } => false,
            Phase::Printing(printing) => printing.is_written(),
            Phase::Proving(_) => self.unaccepted == 0,
            _ => true,
        }
    }

    pub(super) fn round_within(&mut self, wait: Duration, now: Duration) {
        let at = now + wait;
        self.next_round = Some(self.next_round.map_or(at, |earlier| earlier.min(at)));
    }

    pub(super) fn request_round(&mut self, now: Duration) {
        self.next_round = None;
        // One that was begun while a ticket printed may have asked for paper before that ticket used it up.
        self.round_at_rest = matches!(self.phase, Phase::Ready | Phase::Checking(_)) && !self.asker.is_busy();
        if let Some(step) = self.asker.request(now) {
            self.step(step, now);
        }
    }

    /// A fresh round for whoever asks; a printer that isn't ready is known not to be, or is about to be.
    pub(super) fn look(&mut self, now: Duration) {
        self.looking = Some(now + timing::GETTING_READY);
        if matches!(self.phase, Phase::Ready) && !self.asker.is_busy() {
            self.request_round(now);
        }
    }

    /// Whether somebody waits to be told how the printer is, and it is known: not in the middle of a round, and of a
    /// printer that the kiosk is only getting to know not before its time is over or something stops it.
    pub(super) fn may_tell(&self, conditions: Conditions, now: Duration) -> bool {
        let Some(until) = self.looking else { return false };
        match &self.phase {
            Phase::Ready => !self.asker.is_busy(),
            _ => {
                let stopped = conditions.without(self.doubt.into()).stops_printing() && !self.asker.is_busy();
                now >= until || !self.unknown || stopped
            }
        }
    }

    pub(super) fn step(&mut self, step: Step, now: Duration) {
        match step {
            // Reset by what the answer before said.
            Step::Ask(_) if matches!(self.phase, Phase::Down) => self.asker.cancel(),
            Step::Ask(PORT) => self.out.push(Output::AskPort),
            Step::Ask(n) => {
                if now.saturating_sub(self.received_at) >= timing::REPLY_GAP {
                    self.parser.forget_partial();
                }
                // A transport that takes nothing gets no more questions than fit here.
                if self.unaccepted < timing::QUESTIONS_WAITING_BYTES {
                    self.write(command::real_time(n).to_vec(), now);
                    self.asker.sent(n, now);
                }
            }
            Step::Done => {
                self.compare_port();
                self.round_done(now);
                self.schedule(now);
                self.tidy_up(now);
            }
            Step::Failed(n) => {
                if self.heard {
                    self.found_unlike(Unlike::Status(n));
                }
                self.round_failed(now);
                self.schedule(now);
            }
        }
    }

    /// The USB port has said how the printer is, or can't be asked.
    pub(super) fn port_told(&mut self, status: Option<u8>, now: Duration) {
        if matches!(self.phase, Phase::Down) {
            return;
        }
        self.facts.port(status);
        let (_, step) = self.asker.answer(Answer::Port, now);
        self.facts_changed(now);
        if let Some(step) = step {
            self.step(step, now);
        }
    }

    /// As long as a ticket is on its way to the printer nothing but the port can be asked: it is no part of the
    /// ticket's bytes.
    pub(super) fn ask_port_in_mid_ticket(&mut self, now: Duration) {
        if let Phase::Printing(printing) = &mut self.phase
            && printing.take_port_turn(now)
        {
            self.out.push(Output::AskPort);
        }
    }

    /// The printer is not as its profile says; told once a connection.
    pub(super) fn found_unlike(&mut self, what: Unlike) {
        if !self.unlike.contains(&what) {
            self.unlike.push(what);
            self.out.push(Output::Unlike(what));
        }
    }

    /// Once may be paper that was just taken out, between one question and the next.
    fn compare_port(&mut self) {
        self.disputed = if self.facts.paper_disputed() { self.disputed.saturating_add(1) } else { 0 };
        if self.disputed >= timing::DISPUTED_ROUNDS {
            self.found_unlike(Unlike::Port);
        }
    }

    /// When the next round is due if nothing else asks for one.
    pub(super) fn schedule(&mut self, now: Duration) {
        if self.asker.is_busy() {
            return;
        }
        let wait = match &self.phase {
            Phase::Down | Phase::Settling { .. } => return,
            Phase::Printing(_) | Phase::HandingOver(_) => timing::JOB_STATUS,
            _ if self.conditions().stops_printing() => timing::BAD_STATUS,
            _ => timing::IDLE_STATUS,
        };
        self.next_round = Some(now + wait);
    }

    fn round_done(&mut self, now: Duration) {
        match &self.phase {
            Phase::Inspecting => self.begin_proof(now),
            Phase::Proving(_) => self.proof_facts(self.facts.conditions(), now),
            Phase::Checking(_) => self.checked(now),
            Phase::Printing(_) => self.looked_in(now),
            // Answers to earlier questions may have been taken for this round's: once more, then.
            Phase::Verifying { job, again: false } if self.asker.expects_late(now) => {
                self.phase = Phase::Verifying { job: *job, again: true };
                self.request_round(now);
            }
            Phase::Verifying { job, .. } => {
                let job = *job;
                self.came_out(job, now);
            }
            Phase::HandingOver(_) => self.looked_at_presenter(now),
            Phase::Ready => self.looked_at = self.round_at_rest.then_some(now),
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

    /// The printer answers nothing.
    pub(super) fn silent(&mut self, now: Duration) {
        self.ticket_lost_to(Condition::NotAnswering);
        self.facts.fall_silent();
        self.empty = false;
        self.unknown = false;
        self.doubt = Condition::NotAnswering;
        if self.abilities.reset_when_silent {
            self.reset();
        } else {
            self.identity = Identity::Unasked;
            self.phase = Phase::Inspecting;
            self.round_within(timing::BAD_STATUS, now);
        }
    }
}
