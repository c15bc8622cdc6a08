//! Drain: the way to a printer that is known to be empty. It is cleared while it is stopped, or left to drain; in both
//! cases an empty fence has to come back.

use super::presenter::holds_up;
use super::{
    Condition, Conditions, Fence, Identity, Phase, PrinterSession, ProfileMismatch, command, timing,
};
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
        if self.heard || self.doubt == Condition::Disconnected {
            self.doubt = Condition::NotEmpty;
        }
        let facts = self.facts.conditions();
        let proof = if self.hasty >= timing::HASTY_FENCES {
            self.found_mismatch(ProfileMismatch::HastyFence);
            Drain::Distrusted
        } else if holds_up(facts) {
            self.clear_if_useful(facts, now)
        } else if self.capabilities.fence == Fence::None || self.hasty > 0 {
            Drain::Waiting { until: now + self.unfenced_wait(now) }
        } else {
            self.send_drain(now)
        };
        self.phase = Phase::Proving(proof);
    }

    fn unfenced_wait(&mut self, now: Duration) -> Duration {
        let before = self.before_drain();
        self.write(before, now);
        let mut wait = if self.capabilities.fresh { Duration::ZERO } else { timing::UNFENCED_DRAIN };
        if self.capabilities.identifies && self.identity == Identity::Unasked {
            self.identity = Identity::Asked;
            self.write(command::MODEL.to_vec(), now);
            wait = wait.max(timing::IDENTITY_ANSWER);
        }
        wait
    }

    /// Clears the printer if paper out or an open cover stops it with the ticket's rest inside; else waits for it.
    fn clear_if_useful(&mut self, facts: Conditions, now: Duration) -> Drain {
        let waiting = facts.contains(Condition::PaperOut) || facts.contains(Condition::CoverOpen);
        let may = self.capabilities.clears && !self.cleared && self.clear_tries < timing::CLEAR_TRIES;
        if !(waiting && may) {
            return Drain::Stopped;
        }
        self.clear_tries += 1;
        self.write(command::CLEAR.to_vec(), now);
        Drain::Clearing { until: now + timing::CLEAR_ANSWER }
    }

    /// Returns the bytes that end a command that was cut off, and cut the paper of a ticket whose rest will never come.
    fn before_drain(&self) -> Vec<u8> {
        let mut bytes = if self.torn { command::fill() } else { Vec::new() };
        if self.torn || self.cleared {
            bytes.extend_from_slice(&self.capabilities.cut);
        }
        bytes
    }

    fn send_drain(&mut self, now: Duration) -> Drain {
        let mut bytes = self.before_drain();
        if self.capabilities.automatic {
            bytes.extend_from_slice(&command::AUTOMATIC_STATUS);
        }
        if self.capabilities.identifies && self.identity == Identity::Unasked {
            self.identity = Identity::Asked;
            bytes.extend_from_slice(&command::MODEL);
        }
        bytes.extend(self.take_fence());
        self.write(bytes, now);
        Drain::Asked { until: now + self.capabilities.fence_timeout, wanted: self.owed }
    }

    /// Returns the bytes of a new fence.
    pub(super) fn take_fence(&mut self) -> Vec<u8> {
        let bytes = command::fence(self.capabilities.fence, self.next_fence);
        self.next_fence = (self.next_fence + 1) % command::IDENTIFIERS;
        self.owed = (self.owed + 1).min(timing::IN_TURN_OWED_MAX);
        bytes
    }

    /// Takes the current conditions, new or the same again, while draining.
    pub(super) fn proof_facts(&mut self, facts: Conditions, now: Duration) {
        let Phase::Proving(proof) = &self.phase else { return };
        let stopped = holds_up(facts);
        match proof {
            Drain::Stopped if !stopped || (self.capabilities.clears && !self.cleared) => {
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
            self.cleared = true;
            self.soonest_at = Duration::ZERO;
            self.phase = Phase::Proving(Drain::Stopped);
        }
    }

    /// Takes an identifier that came back while draining.
    pub(super) fn proof_reached(&mut self, identifier: [u8; 4], now: Duration) {
        if self.hasty > 0 {
            return;
        }
        let mut number = self.proves_from;
        while number != self.next_fence {
            if command::identifier(number) == identifier {
                return self.proven_by_fence(now);
            }
            number = (number + 1) % command::IDENTIFIERS;
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
                    if self.capabilities.fresh || self.is_too_soon(now) {
                        self.proven_by_fence(now);
                    }
                } else {
                    *until = now + self.capabilities.fence_timeout;
                    let fence = self.take_fence();
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
                self.torn = true;
                self.reset();
            }
            // The clear does not get through behind the bytes that a full printer leaves in the kernel.
            Drain::Clearing { .. } if !self.reset_for_clear => {
                self.reset_for_clear = true;
                self.torn = true;
                self.reset();
            }
            Drain::Clearing { .. } => self.begin_proof(now),
            Drain::Asked { .. } => {
                // Bytes written at this very moment can't have been taken yet.
                if self.unaccepted > 0 && self.waiting_since < now {
                    self.torn = true;
                    self.reset();
                } else if self.heard {
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
        if self.is_too_soon(now) {
            self.distrust_fences();
            self.begin_proof(now);
        } else {
            self.proven(now);
        }
    }

    /// Notes a fence that came too soon. One may be a stray answer: until the next one comes in time, time has to prove
    /// what fences can't.
    pub(super) fn distrust_fences(&mut self) {
        self.hasty = self.hasty.saturating_add(1);
        self.found_mismatch(ProfileMismatch::HastyFence);
    }

    /// Returns true if there is a head that needs time; a virtual printer is known to have none.
    pub(super) fn has_head(&self) -> bool {
        !(self.capabilities.fresh || self.is_virtual)
    }

    fn proven(&mut self, now: Duration) {
        self.empty = true;
        self.unknown = false;
        self.torn = false;
        self.owed = 0;
        self.clear_tries = 0;
        self.cleared = false;
        self.reset_for_clear = false;
        if self.capabilities.automatic && !self.asb_heard {
            self.found_mismatch(ProfileMismatch::Automatic);
        }
        if self.identity != Identity::Known {
            if self.capabilities.identifies {
                self.found_mismatch(ProfileMismatch::Identity);
            }
            self.identity = Identity::Known;
            self.out.push(super::Output::Identified(None));
        }
        self.phase = Phase::Ready;
        self.schedule(now);
    }
}
