//! The printer's owner: which bytes go out when, and what may be believed about a ticket. Pure; time is an input.
//!
//! Three rules carry it:
//! - A ticket is confirmed only by the printer: by the fence behind it, and only when nothing that spoils a
//!   ticket was seen since its first byte.
//! - Whoever may still have bytes of an older ticket in the printer prints nothing: after every connection and
//!   every doubtful ticket an empty fence must come back first (`proof`).
//! - Silence is never success.
//!
//! `interface` has what goes in and comes out, `replies` what the printer says, `rounds` the asking for status, `job` the life of a ticket,
//! `proof` the way to a printer that is known to be empty, `handover` what a presenter holds, and a stuck knife.

mod asker;
pub mod command;
pub mod facts;
mod handover;
mod interface;
mod job;
mod proof;
mod replies;
mod rounds;
#[cfg(test)]
mod tests;

use super::conditions::{Condition, Conditions};
use super::status::ReplyParser;
use super::timing;
use crate::receipt::profile::{FULL_STATUS, Fence};
use asker::Asker;
use facts::{Facts, Raw};
use handover::Handover;
use job::{Job, Printing};
use proof::Proof;
use std::time::Duration;

pub use interface::{Abilities, Input, Output, Presenting, PrintResult, Unlike, Why};

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
    /// It has come out and the presenter holds it.
    HandingOver(Handover),
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
    /// What it had answered before the ticket in hand, when all was well.
    well: Raw,
    asker: Asker,
    next_round: Option<Duration>,
    /// When the last whole round ended after which nothing was printed.
    looked_at: Option<Duration>,
    /// The round under way was begun while nothing printed.
    round_at_rest: bool,
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
    /// The last ticket can't have come out before this.
    soonest_at: Duration,
    /// Fences in a row that came too soon, whatever the connection.
    hasty: u8,
    /// It has said on this connection that it is virtual: there is no paper to move.
    is_virtual: bool,
    /// The connection was reset for a clear that did not get through; once until the printer is well.
    reset_for_clear: bool,
    unaccepted: usize,
    /// Since when the transport has taken nothing of it.
    waiting_since: Duration,
    published: Option<Conditions>,
    /// Somebody waits to be told how it is now, and at most until then for a printer that gets ready.
    looking: Option<Duration>,
    /// No connection has been tried yet, or this one has not shown yet how the printer is.
    unknown: bool,
    /// `DLE ENQ` was sent, and no ticket has come out since.
    recovery_tried: bool,
    /// Since when a ticket that belongs to nobody has been lying in the presenter.
    lying_since: Option<Duration>,
    /// What of the profile was found untrue on this connection.
    unlike: Vec<Unlike>,
    /// Automatic status has been heard on this connection.
    told: bool,
    /// Rounds in a row in which port and printer disagreed.
    disputed: u8,
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
            parser: ReplyParser::new(abilities.statuses.contains(&FULL_STATUS)),
            abilities,
            received_at: Duration::ZERO,
            heard: false,
            facts: Facts::default(),
            well: Raw::default(),
            next_round: None,
            looked_at: None,
            round_at_rest: false,
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
            soonest_at: Duration::ZERO,
            hasty: 0,
            is_virtual: false,
            reset_for_clear: false,
            unaccepted: 0,
            waiting_since: Duration::ZERO,
            published: None,
            looking: None,
            unknown: true,
            recovery_tried: false,
            lying_since: None,
            unlike: Vec::new(),
            told: false,
            disputed: 0,
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
            Input::Print { job, bytes, height_mm } => self.ask(Job { id: job, bytes, height_mm }, now),
            Input::Look => self.look(now),
            Input::Port(status) => self.port_told(status, now),
            Input::Tick => {}
        }
        self.advance(now);
        let conditions = self.conditions();
        if self.published != Some(conditions) {
            self.published = Some(conditions);
            // Before the result of a ticket: whoever hears of that knows already whether the next can follow.
            let at = self.out.iter().position(|output| matches!(output, Output::Printed { .. }));
            self.out.insert(at.unwrap_or(self.out.len()), Output::Conditions(conditions));
        }
        if self.may_tell(conditions, now) {
            self.looking = None;
            self.out.push(Output::Looked(conditions));
        }
        std::mem::take(&mut self.out)
    }

    /// When [`Input::Tick`] is wanted next; none: not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        let phase = match &self.phase {
            Phase::Settling { quiet_at, limit_at } => Some((*quiet_at).min(*limit_at)),
            Phase::Proving(proof) => proof.deadline(),
            Phase::Printing(printing) => printing.deadline(),
            Phase::HandingOver(handover) => Some(handover.until),
            _ => None,
        };
        let port = if let Phase::Printing(printing) = &self.phase { printing.port_due() } else { None };
        let round = if self.may_ask() { self.next_round } else { None };
        // While the phase is `Ready` the round's end is waited for, which has its own limits.
        let look = self.looking.filter(|_| !matches!(self.phase, Phase::Ready));
        [phase, port, round, look, self.asker.deadline()].into_iter().flatten().min()
    }

    /// What is the matter now; empty is ready.
    pub fn conditions(&self) -> Conditions {
        let facts = self.facts.conditions();
        // Of a printer that says nothing, its port says why.
        let explained = self.doubt == Condition::NotAnswering && facts.contains(Condition::PaperOut);
        if self.empty || explained { facts } else { facts.union(self.doubt.into()) }
    }

    /// The newest answers as they came.
    pub fn raw(&self) -> Raw {
        self.facts.raw()
    }

    /// Whether a ticket is on its way.
    pub fn is_printing(&self) -> bool {
        matches!(
            self.phase,
            Phase::Checking(_) | Phase::Printing(_) | Phase::Verifying { .. } | Phase::HandingOver(_)
        )
    }

    /// Whether the printer has been reached and shown to be empty.
    pub fn is_proven(&self) -> bool {
        self.empty
    }

    fn connected(&mut self, now: Duration) {
        self.forget_connection();
        self.unknown |= self.doubt == Condition::Disconnected;
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
        self.unknown = false;
        if !own_doing {
            self.facts = Facts::default();
            self.doubt = Condition::Disconnected;
            self.recovery_tried = false;
        }
    }

    fn forget_connection(&mut self) {
        self.torn |= self.unaccepted > 0;
        self.unaccepted = 0;
        self.parser.forget_partial();
        self.heard = false;
        self.asker.forget();
        self.next_round = None;
        self.looked_at = None;
        self.clear_tries = 0;
        self.cleared = false;
        // It may have lost what it held, and be empty sooner.
        self.soonest_at = Duration::ZERO;
        self.is_virtual = false;
        self.lying_since = None;
        self.unlike.clear();
        self.told = false;
        self.disputed = 0;
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

    fn write(&mut self, bytes: Vec<u8>, now: Duration) {
        if !bytes.is_empty() {
            if self.unaccepted == 0 {
                self.waiting_since = now;
            }
            self.unaccepted += bytes.len();
            self.out.push(Output::Write(bytes));
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
        self.ask_port_in_mid_ticket(now);
        match &self.phase {
            Phase::Settling { quiet_at, limit_at } if now >= (*quiet_at).min(*limit_at) => {
                self.parser.forget_partial();
                self.inspect(now);
            }
            Phase::Proving(proof) if proof.deadline().is_some_and(|at| now >= at) => self.proof_due(now),
            Phase::Printing(printing) if printing.deadline().is_some_and(|at| now >= at) => {
                self.printing_due(now);
            }
            Phase::HandingOver(handover) if now >= handover.until => self.forgotten(now),
            _ => {}
        }
    }
}
