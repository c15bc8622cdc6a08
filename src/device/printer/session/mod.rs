//! State machine of the printer's owner: the bytes that it sends, and what it believes of a ticket. Pure.
//!
//! Three rules govern it:
//! - A ticket is confirmed only by the printer: by the fence behind it, and only when nothing that spoils a
//!   ticket was seen since its first byte.
//! - As long as bytes of an older ticket may be in the printer, nothing is printed: after every connection and every
//!   doubtful ticket an empty fence must come back first (`drain`).
//! - Silence is never success.
//!
//! `interface` has inputs and outputs, `replies` takes the printer's replies, `polling` asks for status, `job` is the
//! life of a ticket, `drain` the way to an empty printer, `presenter` what a presenter holds, and a jammed cutter.
//! What the session knows is grouped in `connection_state` (with `round_times`), `fences`, `clearing` and `reported`.

mod clearing;
pub mod command;
mod connection_state;
mod drain;
mod fences;
mod interface;
mod job;
mod polling;
mod presenter;
mod replies;
mod reported;
mod round_times;
mod status_poller;
pub mod status_snapshot;
#[cfg(test)]
mod tests;

use super::conditions::{Condition, Conditions};
use super::status::ReplyParser;
use super::timing;
use crate::receipt::profile::{FULL_STATUS, Fence};
use clearing::Clearing;
use connection_state::ConnectionState;
use drain::Drain;
use fences::Fences;
use job::{Job, Printing};
use presenter::PresentedTicket;
use reported::Reported;
use status_poller::StatusPoller;
use status_snapshot::{Raw, StatusSnapshot};
use std::time::Duration;

pub use interface::{Capabilities, Input, Output, Presenting, PrintResult, ProfileMismatch, UncertainReason};

#[derive(Debug)]
enum Phase {
    Down,
    /// Stale replies are discarded.
    Settling {
        quiet_at: Duration,
        limit_at: Duration,
    },
    /// No status has been answered on this connection.
    Inspecting,
    /// The printer answers; its buffer must be shown to be empty.
    Proving(Drain),
    Ready,
    /// The status before a ticket is being asked for.
    Checking(Job),
    Printing(Printing),
    /// The fence has come back; one more status round runs.
    Verifying {
        job: u64,
        /// True after the round under way failed; it was begun while the printer was busy.
        again: bool,
    },
    /// The ticket has come out and the presenter holds it.
    HandingOver(PresentedTicket),
}

/// State machine of the printer's owner, as described in the module.
///
/// What it holds is in four groups, each with its own rules, beside what the printer last answered (`facts`), the phase
/// of the work, and what is believed of the printer (`empty`, `doubt`).
#[derive(Debug)]
pub struct PrinterSession {
    capabilities: Capabilities,
    /// State that ends with the connection.
    connection: ConnectionState,
    /// Fences sent, and what an answer to one proves.
    fences: Fences,
    /// Rest of an older ticket that may be in the printer, and the attempts to get rid of it.
    clearing: Clearing,
    /// Reports that the owner has had, and the one that it may wait for.
    reported: Reported,
    facts: StatusSnapshot,
    /// Answers of the printer before the ticket in progress, when all was well.
    well: Raw,
    poller: StatusPoller,
    phase: Phase,
    /// True if nothing of an older ticket can be in the printer.
    empty: bool,
    /// Condition that is reported as long as `empty` is false.
    doubt: Condition,
    /// True while a reset of our own is under way: its end is not news.
    resetting: bool,
    out: Vec<Output>,
}

impl PrinterSession {
    /// Creates a session without connection. `first_fence` is chosen at random, so that an answer meant for an earlier
    /// process is not taken for one of ours.
    pub fn new(abilities: Capabilities, first_fence: u32) -> Self {
        let parser = ReplyParser::new(abilities.statuses.contains(&FULL_STATUS));
        Self {
            connection: ConnectionState::new(parser),
            fences: Fences::new(first_fence, abilities.fresh),
            clearing: Clearing::default(),
            reported: Reported::new(),
            facts: StatusSnapshot::default(),
            well: Raw::default(),
            poller: StatusPoller::new(abilities.statuses.clone()),
            capabilities: abilities,
            phase: Phase::Down,
            empty: false,
            doubt: Condition::Disconnected,
            resetting: false,
            out: Vec::new(),
        }
    }

    /// Takes one input and returns the actions to take. `now` is monotonic and never goes back.
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
        self.reported.report(conditions, &mut self.out);
        if self.may_tell(conditions, now) {
            self.out.push(self.reported.answer_look(conditions));
        }
        std::mem::take(&mut self.out)
    }

    /// Returns the time at which [`Input::Tick`] is wanted next; none if not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        let phase = match &self.phase {
            Phase::Settling { quiet_at, limit_at } => Some((*quiet_at).min(*limit_at)),
            Phase::Proving(proof) => proof.deadline(),
            Phase::Printing(printing) => printing.deadline(),
            Phase::HandingOver(handover) => Some(handover.until),
            _ => None,
        };
        let port = if let Phase::Printing(printing) = &self.phase { printing.port_due() } else { None };
        let round = if self.may_ask() { self.connection.rounds.next() } else { None };
        // While the phase is `Ready`, the end of the round is waited for, which has its own limits.
        let look = self.reported.look_until().filter(|_| !matches!(self.phase, Phase::Ready));
        [phase, port, round, look, self.poller.deadline()].into_iter().flatten().min()
    }

    /// Returns the current conditions; the empty set means ready.
    pub fn conditions(&self) -> Conditions {
        let facts = self.facts.conditions();
        // If a printer answers nothing, its port may give the reason.
        let explained = self.doubt == Condition::NotAnswering && facts.contains(Condition::PaperOut);
        if self.empty || explained { facts } else { facts.union(self.doubt.into()) }
    }

    /// Returns the newest answers as they came.
    pub fn raw(&self) -> Raw {
        self.facts.raw()
    }

    /// Returns true if a ticket is on its way.
    pub fn is_printing(&self) -> bool {
        matches!(
            self.phase,
            Phase::Checking(_) | Phase::Printing(_) | Phase::Verifying { .. } | Phase::HandingOver(_)
        )
    }

    /// Returns true if the printer has been reached and shown to be empty.
    pub fn is_proven(&self) -> bool {
        self.empty
    }

    fn connected(&mut self, now: Duration) {
        self.forget_connection();
        if self.doubt == Condition::Disconnected {
            self.reported.becomes_unknown();
        }
        if self.capabilities.fresh {
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
        self.reported.becomes_known();
        if !own_doing {
            self.facts = StatusSnapshot::default();
            self.doubt = Condition::Disconnected;
            self.clearing.allow_recovery();
        }
    }

    fn forget_connection(&mut self) {
        self.clearing.forget_connection(!self.connection.all_accepted());
        self.connection.forget();
        self.fences.forget_connection();
        self.reported.forget_connection();
        self.poller.forget();
    }

    fn reset(&mut self) {
        self.resetting = true;
        self.empty = false;
        self.poller.cancel();
        self.connection.rounds.set_next(None);
        self.phase = Phase::Down;
        self.out.push(Output::Reset);
    }

    fn received(&mut self, bytes: &[u8], now: Duration) {
        if matches!(self.phase, Phase::Down) {
            return;
        }
        for reply in self.connection.received(bytes, now) {
            if let Phase::Settling { quiet_at, .. } = &mut self.phase {
                *quiet_at = now + timing::SETTLE;
                continue;
            }
            self.reply(reply, now);
        }
    }

    fn write(&mut self, bytes: Vec<u8>, now: Duration) {
        if !bytes.is_empty() {
            self.connection.wrote(bytes.len(), now);
            self.out.push(Output::Write(bytes));
        }
    }

    fn inspect(&mut self, now: Duration) {
        self.phase = Phase::Inspecting;
        self.request_round(now);
    }

    fn advance(&mut self, now: Duration) {
        if let Some(step) = self.poller.tick(now) {
            self.step(step, now);
        }
        if self.may_ask() && self.connection.rounds.next().is_some_and(|at| now >= at) {
            self.request_round(now);
        }
        self.ask_port_in_mid_ticket(now);
        match &self.phase {
            Phase::Settling { quiet_at, limit_at } if now >= (*quiet_at).min(*limit_at) => {
                self.connection.drop_partial_reply();
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
