//! The way to a printer that is known to be empty: clear it while it is stopped, or let it drain; in both cases
//! an empty fence has to come back.

use super::handover::holds_up;
use super::{Condition, Conditions, Fence, Identity, Phase, Session, Unlike, command, timing};
use std::time::Duration;

/// Where the proof stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Proof {
    /// The rest of a spoilt ticket is still with the transport and goes out as the printer takes it.
    Draining { stalled_at: Duration },
    /// Something stops the printer; a fence would wait behind it.
    Stopped,
    /// A clear has been sent.
    Clearing { until: Duration },
    /// A fence has been sent. `wanted`: answers until everything before it is known to be done.
    Asked { until: Duration, wanted: u8 },
    /// Fences without identifier: late answers to older ones are swallowed.
    Quiet { until: Duration },
    /// No fence that can be believed: the printer is given the time to print what it holds.
    Waiting { until: Duration },
    /// Its fences have come too soon again and again: nothing shows that it is empty.
    Distrusted,
}

impl Proof {
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

impl Session {
    /// Starts, or starts over, to show that the printer is empty.
    pub(super) fn begin_proof(&mut self, now: Duration) {
        if self.heard || self.doubt == Condition::Disconnected {
            self.doubt = Condition::NotEmpty;
        }
        let facts = self.facts.conditions();
        let proof = if self.hasty >= timing::HASTY_FENCES {
            self.found_unlike(Unlike::HastyFence);
            Proof::Distrusted
        } else if holds_up(facts) {
            self.clear_if_useful(facts, now)
        } else if self.abilities.fence == Fence::None || self.hasty > 0 {
            Proof::Waiting { until: now + self.unfenced_wait(now) }
        } else {
            self.send_proof(now)
        };
        self.phase = Phase::Proving(proof);
    }

    fn unfenced_wait(&mut self, now: Duration) -> Duration {
        let before = self.before_proof();
        self.write(before, now);
        let mut wait = if self.abilities.fresh { Duration::ZERO } else { timing::UNFENCED_DRAIN };
        if self.abilities.identifies && self.identity == Identity::Unasked {
            self.identity = Identity::Asked;
            self.write(command::MODEL.to_vec(), now);
            wait = wait.max(timing::IDENTITY_ANSWER);
        }
        wait
    }

    /// Paper out and an open cover stop the printer with the ticket's rest inside: the moment to throw it away.
    fn clear_if_useful(&mut self, facts: Conditions, now: Duration) -> Proof {
        let waiting = facts.contains(Condition::PaperOut) || facts.contains(Condition::CoverOpen);
        let may = self.abilities.clears && !self.cleared && self.clear_tries < timing::CLEAR_TRIES;
        if !(waiting && may) {
            return Proof::Stopped;
        }
        self.clear_tries += 1;
        self.write(command::CLEAR.to_vec(), now);
        Proof::Clearing { until: now + timing::CLEAR_ANSWER }
    }

    /// Ends a command that was cut off, and cuts off the paper of a ticket whose rest will never come.
    fn before_proof(&self) -> Vec<u8> {
        let mut bytes = if self.torn { command::fill() } else { Vec::new() };
        if self.torn || self.cleared {
            bytes.extend_from_slice(&self.abilities.cut);
        }
        bytes
    }

    fn send_proof(&mut self, now: Duration) -> Proof {
        let mut bytes = self.before_proof();
        if self.abilities.automatic {
            bytes.extend_from_slice(&command::AUTOMATIC_STATUS);
        }
        if self.abilities.identifies && self.identity == Identity::Unasked {
            self.identity = Identity::Asked;
            bytes.extend_from_slice(&command::MODEL);
        }
        bytes.extend(self.take_fence());
        self.write(bytes, now);
        Proof::Asked { until: now + self.abilities.fence_timeout, wanted: self.owed }
    }

    /// The bytes of a new fence.
    pub(super) fn take_fence(&mut self) -> Vec<u8> {
        let bytes = command::fence(self.abilities.fence, self.next_fence);
        self.next_fence = (self.next_fence + 1) % command::IDENTIFIERS;
        self.owed = (self.owed + 1).min(timing::IN_TURN_OWED_MAX);
        bytes
    }

    /// New facts, or the same again, while proving.
    pub(super) fn proof_facts(&mut self, facts: Conditions, now: Duration) {
        let Phase::Proving(proof) = &self.phase else { return };
        let stopped = holds_up(facts);
        match proof {
            Proof::Stopped if !stopped || (self.abilities.clears && !self.cleared) => self.begin_proof(now),
            Proof::Clearing { .. } if !stopped => self.begin_proof(now),
            Proof::Asked { .. } if stopped => self.begin_proof(now),
            Proof::Waiting { .. } if stopped => self.phase = Phase::Proving(Proof::Stopped),
            _ => {}
        }
    }

    /// `37 25 00`: the printer says that its buffer is empty. A fence still has to agree.
    pub(super) fn clear_answered(&mut self) {
        if let Phase::Proving(Proof::Clearing { .. }) = &self.phase {
            self.cleared = true;
            self.soonest_at = Duration::ZERO;
            self.phase = Phase::Proving(Proof::Stopped);
        }
    }

    /// An identifier came back while proving.
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

    /// An answer without identifier came back while proving. Answers come in the order of their fences, though
    /// some may be lost: after as many as were out when this proof's was sent, this proof's has been reached.
    pub(super) fn proof_in_turn(&mut self, now: Duration) {
        let Phase::Proving(proof) = &mut self.phase else { return };
        match proof {
            Proof::Asked { until, wanted } => {
                *wanted = wanted.saturating_sub(1);
                if *wanted == 0 {
                    *proof = Proof::Quiet { until: now + timing::IN_TURN_QUIET };
                    if self.abilities.fresh || self.is_too_soon(now) {
                        self.proven_by_fence(now);
                    }
                } else {
                    *until = now + self.abilities.fence_timeout;
                    let fence = self.take_fence();
                    self.write(fence, now);
                }
            }
            Proof::Quiet { until } => *until = now + timing::IN_TURN_QUIET,
            _ => {}
        }
    }

    /// A limit of the proof has passed.
    pub(super) fn proof_due(&mut self, now: Duration) {
        let Phase::Proving(proof) = &self.phase else { return };
        match proof {
            Proof::Draining { .. } => {
                self.torn = true;
                self.reset();
            }
            // Behind what a full printer leaves in the kernel it does not get through.
            Proof::Clearing { .. } if !self.reset_for_clear => {
                self.reset_for_clear = true;
                self.torn = true;
                self.reset();
            }
            Proof::Clearing { .. } => self.begin_proof(now),
            Proof::Asked { .. } => {
                // What was written this very moment can't have been taken yet.
                if self.unaccepted > 0 && self.waiting_since < now {
                    self.torn = true;
                    self.reset();
                } else if self.heard {
                    self.found_unlike(Unlike::Fence);
                    self.begin_proof(now);
                } else {
                    self.silent(now);
                }
            }
            Proof::Quiet { .. } | Proof::Waiting { .. } => self.proven(now),
            Proof::Stopped | Proof::Distrusted => {}
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

    /// A fence came too soon. One may be a stray answer: until the next one comes in time, time has to prove what fences
    /// can't.
    pub(super) fn distrust_fences(&mut self) {
        self.hasty = self.hasty.saturating_add(1);
        self.found_unlike(Unlike::HastyFence);
    }

    /// Whether there is a head that needs time: of a virtual printer it is known that there is none.
    pub(super) fn has_head(&self) -> bool {
        !(self.abilities.fresh || self.is_virtual)
    }

    fn proven(&mut self, now: Duration) {
        self.empty = true;
        self.unknown = false;
        self.torn = false;
        self.owed = 0;
        self.clear_tries = 0;
        self.cleared = false;
        self.reset_for_clear = false;
        if self.abilities.automatic && !self.told {
            self.found_unlike(Unlike::Automatic);
        }
        if self.identity != Identity::Known {
            if self.abilities.identifies {
                self.found_unlike(Unlike::Identity);
            }
            self.identity = Identity::Known;
            self.out.push(super::Output::Identified(None));
        }
        self.phase = Phase::Ready;
        self.schedule(now);
    }
}
