//! Replies of the printer, and the parts of the session that they concern.

use super::presenter::holds_up;
use super::status_poller::PollAnswer;
use super::{Condition, Conditions, Output, Phase, PrinterSession, timing};
use crate::device::printer::status::{self, Reply};
use crate::virtual_printer::MODEL as VIRTUAL_MODEL;
use std::time::Duration;

impl PrinterSession {
    pub(super) fn reply(&mut self, reply: Reply, now: Duration) {
        match reply {
            Reply::RealTime(byte) => {
                self.heed_late_answer(byte, now);
                let (n, step) = self.poller.answer(PollAnswer::Byte, now);
                if let Some(n) = n {
                    self.facts.real_time(n, byte);
                    self.facts_changed(now);
                }
                if let Some(step) = step {
                    self.step(step, now);
                }
            }
            Reply::Full(bytes) => {
                let (_, step) = self.poller.answer(PollAnswer::Full, now);
                self.facts.full(bytes);
                self.facts_changed(now);
                if let Some(step) = step {
                    self.step(step, now);
                }
            }
            Reply::Automatic(bytes) => {
                self.connection.heard_asb();
                self.facts.automatic(bytes);
                self.facts_changed(now);
            }
            Reply::InTurn(byte) => self.in_turn(byte, now),
            Reply::Reached(identifier) => self.reached(identifier, now),
            Reply::Cleared => self.clear_answered(),
            Reply::Identity(model) => {
                if self.connection.identified(model == VIRTUAL_MODEL) {
                    self.out.push(Output::Identified(Some(model)));
                }
            }
            Reply::FlowControl | Reply::Noise(_) => {}
        }
    }

    /// Treats an answer that may be to an earlier question than the last one as whatever it may mean for a ticket in
    /// progress: it may tell of a stop that is over, and that no other answer will tell of. A byte by which one of
    /// those questions was answered before the ticket, when all was well, is taken for the same again: printers that
    /// answer nothing while they print would have no ticket confirmed otherwise, and a stop shows in other bytes, too.
    fn heed_late_answer(&mut self, byte: u8, now: Duration) {
        let candidates = self.poller.candidates(now);
        if candidates.len() == 1 || candidates.iter().any(|n| self.well.answered(*n) == Some(byte)) {
            return;
        }
        let may_mean = candidates.iter().map(|n| status::real_time(*n, byte));
        let told = may_mean.fold(Conditions::NONE, Conditions::union);
        if told.contains(Condition::Offline) {
            self.stopped_for_a_while(now);
        }
        if matches!(self.phase, Phase::Printing(_) | Phase::Verifying { .. }) {
            self.spoilt_by(told, now);
        }
    }

    /// Handles new facts about the printer's state.
    pub(super) fn facts_changed(&mut self, now: Duration) {
        let facts = self.facts.conditions();
        if !facts.stops_printing() {
            self.clearing.stop_ended();
        }
        match &self.phase {
            Phase::Printing(_) | Phase::Verifying { .. } => self.spoilt_by(facts, now),
            // Good status is known at the end of a round only; a fault, at once.
            Phase::Proving(_) if holds_up(facts) || !self.poller.is_busy() => self.proof_facts(facts, now),
            _ => {}
        }
        if matches!(self.phase, Phase::Ready) && facts.stops_printing() {
            self.connection.rounds.within(timing::BAD_STATUS, now);
        }
    }
}
