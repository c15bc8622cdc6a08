//! Drain: the way to a printer that is known to be empty. It is cleared while it is stopped, or left to drain; in both
//! cases an empty fence has to come back.

use super::presenter::holds_up;
use super::{Condition, Conditions, Fence, Phase, PrinterSession, ProfileMismatch, command, timing};
use std::time::Duration;

/// State of the drain.
#[derive(Debug, Clone, Copy)]
pub(super) enum Drain {
    /// The rest of a spoilt ticket is still with the transport and is sent as the printer takes it.
    Draining { stalled_at: Duration },
    /// A condition stops the printer; a fence would wait behind it.
    Stopped,
    /// A clear has been sent.
    Clearing { until: Duration },
    /// A fence has been sent. `wanted` is the number of answers until everything before it is known to be done.
    Asked { until: Duration, wanted: u8 },
    /// Late answers to older fences without identifier are discarded.
    Quiet { until: Duration },
    /// There is no fence that can be believed: the printer is given the time to print what it holds.
    Waiting { until: Duration },
    /// The printer's fences have come too soon again and again: nothing shows that it is empty.
    Distrusted,
}

impl Drain {
    pub(super) fn deadline(&self) -> Option<Duration> {
        match self {
            Self::Stopped | Self::Distrusted => None,
            Self::Draining { stalled_at: at }
            | Self::Clearing { until: at }
            | Self::Asked { until: at, .. }
            | Self::Quiet { until: at }
            | Self::Waiting { until: at } => Some(*at),
        }
    }
}

impl PrinterSession {
    /// Starts the drain, or starts it over: the printer must be shown to be empty.
    pub(super) fn begin_proof(&mut self, now: Duration) {
        if self.connection.heard() || self.doubt == Condition::Disconnected {
            self.doubt = Condition::NotEmpty;
        }
        let facts = self.facts.conditions();
        let proof = if self.fences.are_distrusted() {
            self.found_mismatch(ProfileMismatch::HastyFence);
            Drain::Distrusted
        } else if holds_up(facts) {
            self.clear_if_useful(facts, now)
        } else if self.capabilities.fence == Fence::None || self.fences.are_doubted() {
            Drain::Waiting { until: now + self.unfenced_wait(now) }
        } else {
            self.send_drain(now)
        };
        self.phase = Phase::Proving(proof);
    }

    fn unfenced_wait(&mut self, now: Duration) -> Duration {
        let before = self.clearing.before_drain(&self.capabilities.cut);
        self.write(before, now);
        let mut wait = if self.capabilities.fresh { Duration::ZERO } else { timing::UNFENCED_DRAIN };
        if self.capabilities.identifies && self.connection.ask_identity() {
            self.write(command::MODEL.to_vec(), now);
            wait = wait.max(timing::IDENTITY_ANSWER);
        }
        wait
    }

    /// Clears the printer if paper out or an open cover stops it with the ticket's rest inside; else waits for it.
    fn clear_if_useful(&mut self, facts: Conditions, now: Duration) -> Drain {
        let waiting = facts.contains(Condition::PaperOut) || facts.contains(Condition::CoverOpen);
        let may = self.capabilities.clears && self.clearing.may_clear();
        if !(waiting && may) {
            return Drain::Stopped;
        }
        self.clearing.clear_sent();
        self.write(command::CLEAR.to_vec(), now);
        Drain::Clearing { until: now + timing::CLEAR_ANSWER }
    }

    fn send_drain(&mut self, now: Duration) -> Drain {
        let mut bytes = self.clearing.before_drain(&self.capabilities.cut);
        if self.capabilities.automatic {
            bytes.extend_from_slice(&command::AUTOMATIC_STATUS);
        }
        if self.capabilities.identifies && self.connection.ask_identity() {
            bytes.extend_from_slice(&command::MODEL);
        }
        bytes.extend(self.fences.take(self.capabilities.fence));
        self.write(bytes, now);
        Drain::Asked { until: now + self.capabilities.fence_timeout, wanted: self.fences.owed() }
    }

    /// Takes the current conditions, new or the same again, while draining.
    pub(super) fn proof_facts(&mut self, facts: Conditions, now: Duration) {
        let Phase::Proving(proof) = &self.phase else { return };
        let stopped = holds_up(facts);
        match proof {
            Drain::Stopped if !stopped || (self.capabilities.clears && !self.clearing.is_cleared()) => {
                self.begin_proof(now)
            }
            Drain::Clearing { .. } if !stopped => self.begin_proof(now),
            Drain::Asked { .. } if stopped => self.begin_proof(now),
            Drain::Waiting { .. } if stopped => self.phase = Phase::Proving(Drain::Stopped),
            _ => {}
        }
    }

    /// Takes `37 25 00`: the printer says that its buffer is empty. A fence still has to agree.
    pub(super) fn clear_answered(&mut self) {
        if let Phase::Proving(Drain::Clearing { .. }) = &self.phase {
            self.clearing.clear_answered();
            self.fences.buffer_lost();
            self.phase = Phase::Proving(Drain::Stopped);
        }
    }

    /// Takes an identifier that came back while draining.
    pub(super) fn proof_reached(&mut self, identifier: [u8; 4], now: Duration) {
        if !self.fences.are_doubted() && self.fences.proves(identifier) {
            self.proven_by_fence(now);
        }
    }

    /// Takes an answer without identifier that came back while draining. Answers come in the order of their fences, but
    /// some may be lost: after as many as were out when this drain's fence was sent, that fence has been reached.
    pub(super) fn proof_in_turn(&mut self, now: Duration) {
        let Phase::Proving(proof) = &mut self.phase else { return };
        match proof {
            Drain::Asked { until, wanted } => {
                *wanted = wanted.saturating_sub(1);
                if *wanted == 0 {
                    *proof = Drain::Quiet { until: now + timing::IN_TURN_QUIET };
                    if self.capabilities.fresh || self.fences.is_too_soon(now) {
                        self.proven_by_fence(now);
                    }
                } else {
                    *until = now + self.capabilities.fence_timeout;
                    let fence = self.fences.take(self.capabilities.fence);
                    self.write(fence, now);
                }
            }
            Drain::Quiet { until } => *until = now + timing::IN_TURN_QUIET,
            _ => {}
        }
    }

    /// Handles a time limit of the drain that has passed.
    pub(super) fn proof_due(&mut self, now: Duration) {
        let Phase::Proving(proof) = &self.phase else { return };
        match proof {
            Drain::Draining { .. } => {
                self.clearing.cut_off();
                self.reset();
            }
            // The clear does not get through behind the bytes that a full printer leaves in the kernel.
            Drain::Clearing { .. } => {
                if self.clearing.take_reset() {
                    self.reset();
                } else {
                    self.begin_proof(now);
                }
            }
            Drain::Asked { .. } => {
                if self.connection.is_stuck(now) {
                    self.clearing.cut_off();
                    self.reset();
                } else if self.connection.heard() {
                    self.found_mismatch(ProfileMismatch::Fence);
                    self.begin_proof(now);
                } else {
                    self.silent(now);
                }
            }
            Drain::Quiet { .. } | Drain::Waiting { .. } => self.proven(now),
            Drain::Stopped | Drain::Distrusted => {}
        }
    }

    /// A fence says that the printer is empty; before the last ticket can have come out it proves nothing.
    fn proven_by_fence(&mut self, now: Duration) {
        if self.fences.is_too_soon(now) {
            self.distrust_fences();
            self.begin_proof(now);
        } else {
            self.proven(now);
        }
    }

    /// Notes a fence that came too soon, and reports the mismatch.
    pub(super) fn distrust_fences(&mut self) {
        self.fences.came_too_soon();
        self.found_mismatch(ProfileMismatch::HastyFence);
    }

    /// Returns true if there is a head that needs time; a virtual printer is known to have none.
    pub(super) fn has_head(&self) -> bool {
        !(self.capabilities.fresh || self.connection.is_virtual())
    }

    fn proven(&mut self, now: Duration) {
        self.empty = true;
        self.reported.becomes_known();
        self.clearing.proven();
        self.fences.all_answered();
        if self.capabilities.automatic && !self.connection.has_asb() {
            self.found_mismatch(ProfileMismatch::Automatic);
        }
        if self.connection.end_identification() {
            if self.capabilities.identifies {
                self.found_mismatch(ProfileMismatch::Identity);
            }
            self.out.push(super::Output::Identified(None));
        }
        self.phase = Phase::Ready;
        self.schedule(now);
    }
}
