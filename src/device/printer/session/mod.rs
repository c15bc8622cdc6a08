//! The printer's owner: which bytes go out when, and what may be believed about a ticket. Pure; time is an input.
//!
//! Three rules carry it:
//! - A ticket is confirmed only by the printer: by the fence behind it, and only when nothing that spoils a
//!   ticket was seen since its first byte.
//! - Whoever may still have bytes of an older ticket in the printer prints nothing: after every connection and
//!   every doubtful ticket an empty fence must come back first (`proof`).
//! - Silence is never success.
//!
//! `job` has the life of a ticket, `proof` the way to a printer that is known to be empty.

mod asker;
pub mod command;
mod facts;
mod job;
mod proof;
#[cfg(test)]
mod tests;

use super::conditions::{Condition, Conditions};
use super::status::{Reply, ReplyParser};
use super::timing;
use crate::receipt::profile::{Clear, Fence, Profile};
use asker::{Asker, Step};
use facts::Facts;
use job::{Job, Printing};
use proof::Proof;
use std::time::Duration;

/// What the session has to know about printer and connection.
#[derive(Debug, Clone)]
pub struct Abilities {
    /// How the end of a ticket is confirmed.
    pub fence: Fence,
    /// How long the fence may take after the last byte was taken.
    pub fence_timeout: Duration,
    /// Whether it clears its buffer on demand (`DLE DC4` function 8).
    pub clears: bool,
    /// The n of `DLE EOT n` it answers.
    pub statuses: Vec<u8>,
    /// Automatic status back.
    pub automatic: bool,
    /// Whether it answers `GS I`.
    pub identifies: bool,
    /// The printer begins with this process: nothing of an older one can be under way.
    pub fresh: bool,
    /// A silent printer is given up and connected anew; for connections that don't notice its end (TCP, USB).
    pub reset_when_silent: bool,
    /// Cuts off what hangs out of the printer when a ticket's rest will never come.
    pub cut: Vec<u8>,
    /// Bytes a second of a wire slower than the kernel in front of it.
    pub wire_rate: Option<u32>,
}

impl Abilities {
    /// As the profile has them; not fresh, reset when silent, on a fast wire.
    pub fn of(profile: &Profile) -> Self {
        Self {
            fence: profile.fence,
            fence_timeout: Duration::from_millis(profile.fence_timeout_ms),
            clears: profile.clear == Clear::DleDc4Fn8,
            statuses: profile.status.dle_eot.clone(),
            automatic: profile.status.asb,
            identifies: profile.identify,
            fresh: false,
            reset_when_silent: true,
            cut: profile.cut.bytes(),
            wire_rate: None,
        }
    }

    fn wire_time(&self, bytes: usize) -> Duration {
        let rate = self.wire_rate.map_or(f64::INFINITY, |rate| f64::from(rate.max(1)));
        let kept = u32::try_from(bytes.min(timing::KERNEL_KEEPS_BYTES)).unwrap_or(u32::MAX);
        Duration::from_secs_f64(f64::from(kept) / rate)
    }
}

/// What happens to the session.
#[derive(Debug, Clone)]
pub enum Input {
    /// The transport is open, and new.
    Connected,
    /// It is gone, or could not be opened; also after every [`Output::Reset`].
    Disconnected,
    /// Received.
    Bytes(Vec<u8>),
    /// The transport has taken this many more of the bytes written; told before what is received afterwards.
    Accepted(usize),
    /// Nothing but time.
    Tick,
    /// A complete ticket, to its cut.
    Print {
        /// Comes back with the result.
        job: u64,
        /// At most [`timing::TICKET_MAX_BYTES`].
        bytes: Vec<u8>,
    },
}

/// What the session wants done, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write these after everything that waits.
    Write(Vec<u8>),
    /// Drop what waits here and in the kernel, and connect anew.
    Reset,
    /// A ticket's result; once for each.
    Printed {
        /// Which.
        job: u64,
        /// What is known of it.
        result: PrintResult,
    },
    /// What is the matter has changed.
    Conditions(Conditions),
    /// The model's name, once a connection; none where it tells none.
    Identified(Option<String>),
}

/// What is known of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintResult {
    /// It came out whole and was cut.
    Confirmed,
    /// Not a byte of it went to the printer.
    NotStarted(Conditions),
    /// It may or may not have come out, or in pieces.
    Uncertain(Why),
}

impl std::fmt::Display for PrintResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Confirmed => f.write_str("confirmed"),
            Self::NotStarted(conditions) => write!(f, "not started ({conditions})"),
            Self::Uncertain(why) => write!(f, "uncertain ({why})"),
        }
    }
}

/// Why a ticket is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// This came up while it printed.
    During(Condition),
    /// The printer is well and has not confirmed it in time.
    NoConfirmation,
    /// The printer stopped taking bytes in mid-ticket.
    Stalled,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::During(condition) => write!(f, "{condition} while it printed"),
            Self::NoConfirmation => f.write_str("the printer did not confirm it in time"),
            Self::Stalled => f.write_str("the printer stopped taking data"),
        }
    }
}

#[derive(Debug)]
enum Phase {
    Down,
    /// Stale replies are swallowed.
    Settling {
        quiet_at: Duration,
        limit_at: Duration,
    },
    /// No status has been answered on this connection.
    Inspecting,
    /// It answers; its buffer must be shown to be empty.
    Proving(Proof),
    Ready,
    /// Status before a ticket.
    Checking(Job),
    Printing(Printing),
    /// The fence has come back; one more status round.
    Verifying {
        job: u64,
        /// The round that was under way failed; it was begun while the printer was busy.
        again: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    Unasked,
    Asked,
    Known,
}

/// The state machine; see the module.
#[derive(Debug)]
pub struct Session {
    abilities: Abilities,
    parser: ReplyParser,
    received_at: Duration,
    heard: bool,
    facts: Facts,
    asker: Asker,
    next_round: Option<Duration>,
    phase: Phase,
    /// Nothing of an older ticket can be in the printer.
    empty: bool,
    /// A command may have been cut off in the middle.
    torn: bool,
    /// What is the matter as long as `empty` is false.
    doubt: Condition,
    /// A reset of our own is under way: its end is not news.
    resetting: bool,
    identity: Identity,
    /// The number of the next fence.
    next_fence: u32,
    /// Fences with identifiers: an answer from this number on proves that the printer is empty.
    proves_from: u32,
    /// Fences without: those not answered yet, any of whose answers may still come.
    owed: u8,
    clear_tries: u8,
    cleared: bool,
    unaccepted: usize,
    /// Since when the transport has taken nothing of it.
    waiting_since: Duration,
    published: Option<Conditions>,
    out: Vec<Output>,
}

impl Session {
    /// Not connected yet. `first_fence` is chosen at random, so that an answer meant for an earlier process
    /// is not taken for one of ours.
    pub fn new(abilities: Abilities, first_fence: u32) -> Self {
        // An earlier process may have died with a ticket's fence and a proof's unanswered.
        let owed = if abilities.fresh { 0 } else { 2 };
        Self {
            asker: Asker::new(abilities.statuses.clone()),
            abilities,
            parser: ReplyParser::default(),
            received_at: Duration::ZERO,
            heard: false,
            facts: Facts::default(),
            next_round: None,
            phase: Phase::Down,
            empty: false,
            torn: false,
            doubt: Condition::Disconnected,
            resetting: false,
            identity: Identity::Unasked,
            next_fence: first_fence,
            proves_from: first_fence,
            owed,
            clear_tries: 0,
            cleared: false,
            unaccepted: 0,
            waiting_since: Duration::ZERO,
            published: None,
            out: Vec::new(),
        }
    }

    /// Takes one input and says what is to be done. `now` is monotonic and never goes back.
    pub fn handle(&mut self, input: Input, now: Duration) -> Vec<Output> {
        match input {
            Input::Connected => self.connected(now),
            Input::Disconnected => self.disconnected(),
            Input::Bytes(bytes) => self.received(&bytes, now),
            Input::Accepted(count) => self.accepted(count, now),
            Input::Print { job, bytes } => self.ask(Job { id: job, bytes }, now),
            Input::Tick => {}
        }
        self.advance(now);
        let conditions = self.conditions();
        if self.published != Some(conditions) {
            self.published = Some(conditions);
            self.out.push(Output::Conditions(conditions));
        }
        std::mem::take(&mut self.out)
    }

    /// When [`Input::Tick`] is wanted next; none: not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        let phase = match &self.phase {
            Phase::Settling { quiet_at, limit_at } => Some((*quiet_at).min(*limit_at)),
            Phase::Proving(proof) => proof.deadline(),
            Phase::Printing(printing) => printing.deadline(),
            _ => None,
        };
        let round = if self.may_ask() { self.next_round } else { None };
        [phase, round, self.asker.deadline()].into_iter().flatten().min()
    }

    /// What is the matter now; empty is ready.
    pub fn conditions(&self) -> Conditions {
        let facts = self.facts.conditions();
        if self.empty { facts } else { facts.union(self.doubt.into()) }
    }

    /// Whether a ticket is on its way.
    pub fn is_printing(&self) -> bool {
        matches!(self.phase, Phase::Checking(_) | Phase::Printing(_) | Phase::Verifying { .. })
    }

    /// Whether the printer has been reached and shown to be empty.
    pub fn is_proven(&self) -> bool {
        self.empty
    }

    fn connected(&mut self, now: Duration) {
        self.forget_connection();
        self.identity = Identity::Unasked;
        self.proves_from = self.next_fence;
        if self.abilities.fresh {
            self.inspect(now);
        } else {
            self.phase =
                Phase::Settling { quiet_at: now + timing::SETTLE, limit_at: now + timing::SETTLE_LIMIT };
        }
    }

    fn disconnected(&mut self) {
        let own_doing = std::mem::take(&mut self.resetting);
        let printing = std::mem::replace(&mut self.phase, Phase::Down);
        self.disconnected_in(printing);
        self.forget_connection();
        self.empty = false;
        if !own_doing {
            self.facts = Facts::default();
            self.doubt = Condition::Disconnected;
        }
    }

    fn forget_connection(&mut self) {
        self.torn |= self.unaccepted > 0;
        self.unaccepted = 0;
        self.parser.forget_partial();
        self.heard = false;
        self.asker.cancel();
        self.next_round = None;
        self.clear_tries = 0;
        self.cleared = false;
    }

    fn reset(&mut self) {
        self.resetting = true;
        self.empty = false;
        self.asker.cancel();
        self.next_round = None;
        self.phase = Phase::Down;
        self.out.push(Output::Reset);
    }

    fn received(&mut self, bytes: &[u8], now: Duration) {
        if matches!(self.phase, Phase::Down) {
            return;
        }
        self.heard = true;
        self.received_at = now;
        for reply in self.parser.feed(bytes) {
            if let Phase::Settling { quiet_at, .. } = &mut self.phase {
                *quiet_at = now + timing::SETTLE;
                continue;
            }
            self.reply(reply, now);
        }
    }

    fn reply(&mut self, reply: Reply, now: Duration) {
        match reply {
            Reply::RealTime(byte) => {
                let (n, step) = self.asker.answer(now);
                if let Some(n) = n {
                    self.facts.real_time(n, byte);
                    self.facts_changed(now);
                }
                if let Some(step) = step {
                    self.step(step, now);
                }
            }
            Reply::Automatic(bytes) => {
                self.facts.automatic(bytes);
                self.facts_changed(now);
            }
            Reply::InTurn(byte) => self.in_turn(byte, now),
            Reply::Reached(identifier) => self.reached(identifier, now),
            Reply::Cleared => self.clear_answered(),
            Reply::Identity(model) => {
                if self.identity == Identity::Asked {
                    self.identity = Identity::Known;
                    self.out.push(Output::Identified(Some(model)));
                }
            }
            Reply::FlowControl | Reply::Noise(_) => {}
        }
    }

    /// The printer said something about itself.
    fn facts_changed(&mut self, now: Duration) {
        let facts = self.facts.conditions();
        if !facts.stops_printing() {
            self.clear_tries = 0;
        }
        match &self.phase {
            Phase::Printing(_) | Phase::Verifying { .. } => self.spoilt_by(facts, now),
            // That all is well is known at the end of a round only; that something is not, at once.
            Phase::Proving(_) if facts.stops_printing() || !self.asker.is_busy() => {
                self.proof_facts(facts, now)
            }
            _ => {}
        }
        if matches!(self.phase, Phase::Ready) && facts.stops_printing() {
            self.round_within(timing::BAD_STATUS, now);
        }
    }

    fn write(&mut self, bytes: Vec<u8>, now: Duration) {
        if !bytes.is_empty() {
            if self.unaccepted == 0 {
                self.waiting_since = now;
            }
            self.unaccepted += bytes.len();
            self.out.push(Output::Write(bytes));
        }
    }

    /// `DLE EOT` in the middle of a ticket would become part of it; behind what the transport has not taken it
    /// would be answered too late.
    fn may_ask(&self) -> bool {
        match &self.phase {
            Phase::Down | Phase::Settling { .. } => false,
            Phase::Printing(printing) => printing.is_written(),
            Phase::Proving(_) => self.unaccepted == 0,
            _ => true,
        }
    }

    fn round_within(&mut self, wait: Duration, now: Duration) {
        let at = now + wait;
        self.next_round = Some(self.next_round.map_or(at, |earlier| earlier.min(at)));
    }

    fn request_round(&mut self, now: Duration) {
        self.next_round = None;
        if let Some(step) = self.asker.request(now) {
            self.step(step, now);
        }
    }

    fn step(&mut self, step: Step, now: Duration) {
        match step {
            // Reset by what the answer before said.
            Step::Ask(_) if matches!(self.phase, Phase::Down) => self.asker.cancel(),
            Step::Ask(n) => {
                if now.saturating_sub(self.received_at) >= timing::REPLY_GAP {
                    self.parser.forget_partial();
                }
                // A transport that takes nothing gets no more questions than fit here.
                if self.unaccepted < timing::QUESTIONS_WAITING_BYTES {
                    self.write(command::real_time(n).to_vec(), now);
                }
            }
            Step::Done => {
                self.round_done(now);
                self.schedule(now);
            }
            Step::Failed => {
                self.round_failed(now);
                self.schedule(now);
            }
        }
    }

    /// When the next round is due if nothing else asks for one.
    fn schedule(&mut self, now: Duration) {
        if self.asker.is_busy() {
            return;
        }
        let wait = match &self.phase {
            Phase::Down | Phase::Settling { .. } => return,
            Phase::Printing(_) => timing::JOB_STATUS,
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
            Phase::Verifying { job, .. } => {
                let job = *job;
                self.finish(job, PrintResult::Confirmed, now);
            }
            Phase::Down | Phase::Settling { .. } | Phase::Ready => {}
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
    fn silent(&mut self, now: Duration) {
        self.ticket_lost_to(Condition::NotAnswering);
        self.facts = Facts::default();
        self.empty = false;
        self.doubt = Condition::NotAnswering;
        if self.abilities.reset_when_silent {
            self.reset();
        } else {
            self.identity = Identity::Unasked;
            self.phase = Phase::Inspecting;
            self.round_within(timing::BAD_STATUS, now);
        }
    }

    fn inspect(&mut self, now: Duration) {
        self.phase = Phase::Inspecting;
        self.request_round(now);
    }

    fn advance(&mut self, now: Duration) {
        if let Some(step) = self.asker.tick(now) {
            self.step(step, now);
        }
        if self.may_ask() && self.next_round.is_some_and(|at| now >= at) {
            self.request_round(now);
        }
        match &self.phase {
            Phase::Settling { quiet_at, limit_at } if now >= (*quiet_at).min(*limit_at) => {
                self.parser.forget_partial();
                self.inspect(now);
            }
            Phase::Proving(proof) if proof.deadline().is_some_and(|at| now >= at) => self.proof_due(now),
            Phase::Printing(printing) if printing.deadline().is_some_and(|at| now >= at) => {
                self.printing_due(now);
            }
            _ => {}
        }
    }
}
