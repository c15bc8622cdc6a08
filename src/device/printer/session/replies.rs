//! What the printer says, and which part of the session it concerns.

use super::asker::Answer;
use super::handover::holds_up;
use super::{Identity, Output, Phase, Session, timing};
use crate::device::printer::status::Reply;
use crate::receipt::image::MODEL as VIRTUAL_MODEL;
use std::time::Duration;

impl Session {
    pub(super) fn reply(&mut self, reply: Reply, now: Duration) {
        match reply {
            Reply::RealTime(byte) => {
                let (n, step) = self.asker.answer(Answer::Byte, now);
                if let Some(n) = n {
                    self.facts.real_time(n, byte);
                    self.facts_changed(now);
                }
                if let Some(step) = step {
                    self.step(step, now);
                }
            }
            Reply::Full(bytes) => {
                let (_, step) = self.asker.answer(Answer::Full, now);
                self.facts.full(bytes);
                self.facts_changed(now);
                if let Some(step) = step {
                    self.step(step, now);
                }
            }
            Reply::Automatic(bytes) => {
                self.told = true;
                self.facts.automatic(bytes);
                self.facts_changed(now);
            }
            Reply::InTurn(byte) => self.in_turn(byte, now),
            Reply::Reached(identifier) => self.reached(identifier, now),
            Reply::Cleared => self.clear_answered(),
            Reply::Identity(model) => {
                if self.identity == Identity::Asked {
                    self.identity = Identity::Known;
                    self.is_virtual = model == VIRTUAL_MODEL;
                    self.out.push(Output::Identified(Some(model)));
                }
            }
            Reply::FlowControl | Reply::Noise(_) => {}
        }
    }

    /// The printer said something about itself.
    pub(super) fn facts_changed(&mut self, now: Duration) {
        let facts = self.facts.conditions();
        if !facts.stops_printing() {
            self.clear_tries = 0;
        }
        match &self.phase {
            Phase::Printing(_) | Phase::Verifying { .. } => self.spoilt_by(facts, now),
            // That all is well is known at the end of a round only; that something is not, at once.
            Phase::Proving(_) if holds_up(facts) || !self.asker.is_busy() => self.proof_facts(facts, now),
            _ => {}
        }
        if matches!(self.phase, Phase::Ready) && facts.stops_printing() {
            self.round_within(timing::BAD_STATUS, now);
        }
    }
}
