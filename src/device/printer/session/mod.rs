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

pub mod command;
mod drain;
mod interface;
mod job;
mod polling;
mod presenter;
mod replies;
mod status_poller;
pub mod status_snapshot;
#[cfg(test)]
mod tests;

use super::conditions::{Condition, Conditions};
use super::status::ReplyParser;
use super::timing;
use crate::receipt::profile::{FULL_STATUS, Fence};
use drain::Drain;
use job::{Job, Printing};
use presenter::PresentedTicket;
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    Unasked,
    Asked,
    Known,
}

/// State machine of the printer's owner, as described in the module.
#[derive(Debug)]
pub struct PrinterSession {
    capabilities: Capabilities,
    parser: ReplyParser,
    received_at: Duration,
    heard: bool,
    facts: StatusSnapshot,
    /// Answers of the printer before the ticket in progress, when all was well.
    well: Raw,
    poller: StatusPoller,
    next_poll: Option<Duration>,
    /// Time at which the last whole round ended after which nothing was printed.
    looked_at: Option<Duration>,
    /// True if the round under way was begun while nothing printed.
    polled_at_rest: bool,
    phase: Phase,
    /// True if nothing of an older ticket can be in the printer.
    empty: bool,
    /// True if a command may have been cut off in the middle.
    torn: bool,
    /// Condition that is reported as long as `empty` is false.
    doubt: Condition,
    /// True while a reset of our own is under way: its end is not news.
    resetting: bool,
    identity: Identity,
    /// Number of the next fence.
    next_fence: u32,
    /// For fences with identifiers: an answer from this number on proves that the printer is empty.
    proves_from: u32,
    /// For fences without identifiers: number of those not answered yet, any of whose answers may still come.
    owed: u8,
    clear_tries: u8,
    cleared: bool,
    /// Earliest time at which the last ticket can have come out.
    soonest_at: Duration,
    /// Number of fences in a row that came too soon, whatever the connection.
    hasty: u8,
    /// True if the printer has said on this connection that it is virtual: there is no paper to move.
    is_virtual: bool,
    /// True if the connection was reset for a clear that did not get through; once until the printer is well.
    reset_for_clear: bool,
    unaccepted: usize,
    /// Time since which the transport has taken nothing of the unaccepted bytes.
    waiting_since: Duration,
    published: Option<Conditions>,
    /// Latest time for the answer to [`Input::Look`], while somebody waits for it.
    looking: Option<Duration>,
    /// True if no connection has been tried yet, or this one has not shown yet how the printer is.
    unknown: bool,
    /// True if `DLE ENQ` was sent, and no ticket has come out since.
    recovery_tried: bool,
    /// Time since which a ticket that belongs to nobody has been in the presenter.
    lying_since: Option<Duration>,
    /// Points in which the printer was found unlike its profile on this connection.
    mismatches: Vec<ProfileMismatch>,
    /// True if automatic status has been received on this connection.
    asb_heard: bool,
    /// Number of rounds in a row in which port and printer disagreed.
    disputed: u8,
    out: Vec<Output>,
}

impl PrinterSession {
    /// Creates a session without connection. `first_fence` is chosen at random, so that an answer meant for an earlier
    /// process is not taken for one of ours.
    pub fn new(abilities: Capabilities, first_fence: u32) -> Self {
        // An earlier process may have died with the fences of a ticket and of a drain unanswered.
        let owed = if abilities.fresh { 0 } else { 2 };
        Self {
            poller: StatusPoller::new(abilities.statuses.clone()),
            parser: ReplyParser::new(abilities.statuses.contains(&FULL_STATUS)),
            capabilities: abilities,
            received_at: Duration::ZERO,
            heard: false,
            facts: StatusSnapshot::default(),
            well: Raw::default(),
            next_poll: None,
            looked_at: None,
            polled_at_rest: false,
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
            mismatches: Vec::new(),
            asb_heard: false,
            disputed: 0,
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
        if self.published != Some(conditions) {
            self.published = Some(conditions);
            // The conditions come before a ticket's result: whoever receives that knows already if the next can follow.
            let at = self.out.iter().position(|output| matches!(output, Output::Printed { .. }));
            self.out.insert(at.unwrap_or(self.out.len()), Output::Conditions(conditions));
        }
        if self.may_tell(conditions, now) {
            self.looking = None;
            self.out.push(Output::Looked(conditions));
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
        let round = if self.may_ask() { self.next_poll } else { None };
        // While the phase is `Ready`, the end of the round is waited for, which has its own limits.
        let look = self.looking.filter(|_| !matches!(self.phase, Phase::Ready));
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
        self.unknown |= self.doubt == Condition::Disconnected;
        self.identity = Identity::Unasked;
        self.proves_from = self.next_fence;
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
        self.unknown = false;
        if !own_doing {
            self.facts = StatusSnapshot::default();
            self.doubt = Condition::Disconnected;
            self.recovery_tried = false;
        }
    }

    fn forget_connection(&mut self) {
        self.torn |= self.unaccepted > 0;
        self.unaccepted = 0;
        self.parser.forget_partial();
        self.heard = false;
        self.poller.forget();
        self.next_poll = None;
        self.looked_at = None;
        self.clear_tries = 0;
        self.cleared = false;
        // The printer may have lost what it held, and be empty sooner.
        self.soonest_at = Duration::ZERO;
        self.is_virtual = false;
        self.lying_since = None;
        self.mismatches.clear();
        self.asb_heard = false;
        self.disputed = 0;
    }

    fn reset(&mut self) {
        self.resetting = true;
        self.empty = false;
        self.poller.cancel();
        self.next_poll = None;
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
        if let Some(step) = self.poller.tick(now) {
            self.step(step, now);
        }
        if self.may_ask() && self.next_poll.is_some_and(|at| now >= at) {
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
