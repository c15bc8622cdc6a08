//! Entry of a code: scanned whole, in two halves, or key by key.

use super::action::Action;
use super::input::{Key, Scan, Source};
use super::machine::Transition;
use super::state::{ActivePickup, CodeEntry, CustomerState, Half, Hint, Look, Stage};
use super::timing;
use crate::codes::{self, Rejected};
use crate::fault_code::FaultCode;
use crate::journal::record::{Claim, Entry, PickupId, RecordStep};
use crate::ticket::{BookingId, BookingNumber, Outcome, PickupCode};
use std::mem;
use std::time::Duration;

/// Longest code that a person can type, in characters.
const TYPED_MAX: usize = 66;

impl Transition<'_> {
    pub(super) fn presented(&mut self, pickup: PickupId, source: Source, scan: Scan) {
        let code = match scan {
            Scan::Text(text) => self.machine.codes.read(&text),
            Scan::TooLong => Err(Rejected::TooLong),
        };
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            front @ (CustomerState::Busy(..) | CustomerState::Reprinting { .. }) => {
                self.state.customer = front;
                self.actions.push(Action::RefuseScan);
            }
            CustomerState::EnteringCode(entering) => self.joined(entering, pickup, source, code),
            CustomerState::Idle | CustomerState::Result(_) => self.code(pickup, source, code),
        }
    }

    fn code(&mut self, pickup: PickupId, source: Source, code: Result<PickupCode, Rejected>) {
        let entering = CodeEntry {
            pickup,
            started_at: self.now.wall,
            started: self.now.mono,
            source,
            have: Half::Neither,
            typed: String::new(),
            wrong: false,
            until: self.now.mono + timing::ENTRY,
        };
        match code {
            Ok(PickupCode::Number(number)) => self.ask(entering, Half::Number(number)),
            Ok(PickupCode::Id(id)) => self.begin(entering, None, id),
            Ok(PickupCode::Both(number, id)) => self.begin(entering, Some(number), id),
            Err(rejected) => self.reject(&entering, rejected),
        }
    }

    /// Takes a code while half of one is there: the other half, or a new customer.
    fn joined(
        &mut self,
        entering: CodeEntry,
        pickup: PickupId,
        source: Source,
        code: Result<PickupCode, Rejected>,
    ) {
        match (&entering.have, code) {
            (Half::Number(number), Ok(PickupCode::Id(id))) => {
                let number = *number;
                self.begin(entering, Some(number), id);
            }
            (Half::Id(id), Ok(PickupCode::Number(number))) => {
                let id = id.clone();
                self.begin(entering, Some(number), id);
            }
            (_, code) => self.code(pickup, source, code),
        }
    }

    fn begin(&mut self, from: CodeEntry, number: Option<BookingNumber>, id: BookingId) {
        if !self.state.journal_ok {
            // Nothing can be recorded, and what failed to be is still open: nobody is served until that is closed.
            let hint = Hint::Printer(FaultCode::JournalRefused);
            return self.show(from.pickup, Outcome::OutOfService, hint, None, Vec::new(), None);
        }
        let active = ActivePickup {
            pickup: from.pickup,
            started_at: from.started_at,
            started: from.started,
            source: from.source,
            number,
            id,
            id_alone: number.is_none(),
            respelled: false,
            look: Look::Due,
            cloud: None,
            history: None,
            taken: Vec::new(),
            claim: Claim(0),
            own_issue: false,
            unanswered: false,
            second_issue: false,
            issued_now: false,
            issued_at: None,
            asked_again: false,
            doubtful: Vec::new(),
            listed: Vec::new(),
            elsewhere: Vec::new(),
            recorded: false,
            tied: false,
            patience: None,
            session: None,
            seats: Vec::new(),
        };
        self.recall(active);
    }

    /// Asks for the missing half, if somebody is there to add it.
    pub(super) fn ask(&mut self, mut entering: CodeEntry, have: Half) {
        entering.have = have;
        if entering.source == Source::Argument {
            return self.abandon(&entering);
        }
        entering.typed.clear();
        entering.until = self.now.mono + timing::ENTRY;
        self.state.customer = CustomerState::EnteringCode(entering);
    }

    fn reject(&mut self, entering: &CodeEntry, rejected: Rejected) {
        let hint = match rejected {
            Rejected::TelephoneNumber => Hint::TelephoneNumber,
            _ => Hint::None,
        };
        self.end_unread(entering, Outcome::CodeRejected, hint, rejected.to_string());
    }

    // -- keys --

    pub(super) fn key(&mut self, pickup: PickupId, key: Key) {
        let mut entering = match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::EnteringCode(entering) => entering,
            front @ (CustomerState::Busy(..) | CustomerState::Reprinting { .. }) => {
                self.state.customer = front;
                return;
            }
            front @ (CustomerState::Idle | CustomerState::Result(_)) => {
                if !matches!(key, Key::Character(_)) {
                    self.key_at_rest(front, key);
                    return;
                }
                CodeEntry {
                    pickup,
                    started_at: self.now.wall,
                    started: self.now.mono,
                    source: Source::Typed,
                    have: Half::Neither,
                    typed: String::new(),
                    wrong: false,
                    until: Duration::ZERO,
                }
            }
        };
        entering.until = self.now.mono + timing::ENTRY;
        match key {
            Key::Character(c) if c.is_ascii_alphanumeric() && entering.typed.len() < TYPED_MAX => {
                entering.typed.push(c.to_ascii_uppercase());
                entering.wrong = false;
            }
            Key::Replace(c) if c.is_ascii_alphanumeric() && entering.typed.pop().is_some() => {
                entering.typed.push(c.to_ascii_uppercase());
            }
            Key::Character(_) | Key::Replace(_) | Key::MoreTime => {}
            Key::Clear => entering.typed.clear(),
            Key::Back if entering.typed.is_empty() => {
                self.state.customer = CustomerState::EnteringCode(entering);
                return self.leave();
            }
            Key::Back => {
                entering.typed.pop();
            }
            Key::Enter => return self.typed(entering),
        }
        self.state.customer = CustomerState::EnteringCode(entering);
    }

    fn key_at_rest(&mut self, front: CustomerState, key: Key) {
        self.state.customer = match (front, key) {
            (CustomerState::Result(mut shown), Key::MoreTime) => {
                shown.until = self.now.mono + timing::RESULT;
                CustomerState::Result(shown)
            }
            (CustomerState::Result(_), Key::Back | Key::Enter | Key::Clear) => CustomerState::Idle,
            (front, _) => front,
        };
    }

    /// Takes Enter: what was typed is the whole code, or the half that was asked for.
    pub(super) fn typed(&mut self, mut entering: CodeEntry) {
        if entering.typed.is_empty() {
            self.state.customer = CustomerState::EnteringCode(entering);
            return;
        }
        let half = match &entering.have {
            Half::Neither => None,
            Half::Number(number) => codes::read_half_id(&entering.typed).ok().map(|id| (*number, id)),
            Half::Id(id) => codes::read_half_number(&entering.typed).ok().map(|number| (number, id.clone())),
        };
        match (half, &entering.have) {
            (Some((number, id)), _) => self.begin(entering, Some(number), id),
            (None, Half::Neither) => {
                let code = self.machine.codes.read(&entering.typed);
                self.code(entering.pickup, Source::Typed, code);
            }
            (None, _) => {
                entering.wrong = true;
                entering.typed.clear();
                self.state.customer = CustomerState::EnteringCode(entering);
            }
        }
    }

    pub(super) fn leave(&mut self) {
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::EnteringCode(entering) => self.abandon(&entering),
            CustomerState::Busy(active, Stage::WaitingForPrinter { .. }) => self.finish(*active),
            CustomerState::Result(_) => {}
            front => self.state.customer = front,
        }
    }

    pub(super) fn abandon(&mut self, entering: &CodeEntry) {
        if entering.have == Half::Neither {
            self.state.customer = CustomerState::Idle;
            return;
        }
        self.end_unread(entering, Outcome::Abandoned, Hint::None, "the missing half never came".into());
    }

    /// Ends a pickup that never had a whole, readable code.
    fn end_unread(&mut self, entering: &CodeEntry, outcome: Outcome, hint: Hint, why: String) {
        let number = match entering.have {
            Half::Number(number) => Some(number),
            Half::Neither | Half::Id(_) => None,
        };
        let at = self.now.wall;
        let entry = |step| Entry { pickup: entering.pickup.clone(), at, step };
        self.actions.push(Action::Record(vec![
            entry(RecordStep::Started { started_at: entering.started_at, number }),
            entry(RecordStep::Ended {
                outcome,
                claim: None,
                duration_ms: self.since(entering.started),
                why,
                report_due: false,
                released: false,
                refused: None,
            }),
        ]));
        self.show(entering.pickup.clone(), outcome, hint, None, Vec::new(), None);
    }
}
