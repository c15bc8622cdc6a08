//! The workflow's front door: `handle(state, input, now) -> (state, actions)`.

use super::action::{Action, Asker, Notice};
use super::input::{Input, Key, Now, Readiness, Scan, Source};
use super::state::{Entering, Front, Half, Hint, Shown, Stage, State, Verdict, Visit};
use super::timing;
use crate::codes::{CodeReader, Rejected};
use crate::journal::record::{Claim, Entry, PickupId, RefusedCode, Step};
use crate::ticket::{BookingId, Outcome, PickupCode};
use std::mem;
use std::time::Duration;

/// The cinema's and the chain's choices, from the configuration.
#[derive(Debug, Clone)]
pub struct Policy {
    /// VISTA CinemaId of this cinema.
    pub cinema_id: String,
    /// Given: cinema_code and the first 8 digits of every ticket_info_code must equal it.
    pub national_code: Option<String>,
    /// There is a cloud to ask.
    pub cloud: bool,
    /// Minutes after the session began at which pickup ends.
    pub late_minutes: Option<u32>,
    /// Hours before the session at which pickup begins.
    pub earliest_hours: Option<u32>,
    /// Minutes after the last step within which the same code goes on.
    pub resume_minutes: u32,
    /// Refused codes at once before the pace is slowed.
    pub burst: u32,
    /// Time for one more after that.
    pub pace_period: Duration,
    /// Refused codes of an ID alone a day after which the number is asked for too.
    pub id_alone_a_day: u32,
    /// Refused codes of an ID alone a day at which staff are told.
    pub id_alone_notice: u32,
    /// Refused codes of one number a day after which it goes to the counter.
    pub number_a_day: u32,
}

/// The workflow. Holds its rules; all that changes is in [`State`].
#[derive(Debug, Clone)]
pub struct Machine {
    /// The rules.
    pub policy: Policy,
    /// Reads codes.
    pub codes: CodeReader,
}

impl Machine {
    /// One step. Pure: the same three always give the same answer.
    pub fn handle(&self, state: State, input: Input, now: Now) -> (State, Vec<Action>) {
        let mut turn = Turn { machine: self, state, now, actions: Vec::new() };
        turn.take(input);
        turn.pump_backlog();
        (turn.state, turn.actions)
    }

    /// The next moment at which a `Tick` is due.
    pub fn deadline(&self, state: &State) -> Option<Duration> {
        let front = match &state.front {
            Front::Entering(entering) => Some(entering.until),
            Front::Result(shown) => Some(shown.until),
            Front::Busy(_, Stage::WaitingForCodes { until, .. })
            | Front::Busy(_, Stage::WaitingForPrinter { until })
            | Front::Busy(_, Stage::Holding { until, .. }) => Some(*until),
            Front::Idle | Front::Busy(..) | Front::Reprinting { .. } => None,
        };
        let backlog = if state.at_rest() { state.backlog.next_at() } else { None };
        front.into_iter().chain(backlog).min()
    }
}

impl State {
    /// Nobody is being served: reports may go out, staff may have a ticket printed again.
    pub fn at_rest(&self) -> bool {
        matches!(self.front, Front::Idle | Front::Result(_) | Front::Entering(_))
    }
}

/// One call of `handle` in progress.
pub(super) struct Turn<'a> {
    pub machine: &'a Machine,
    pub state: State,
    pub now: Now,
    pub actions: Vec<Action>,
}

impl Turn<'_> {
    fn take(&mut self, input: Input) {
        match input {
            Input::Started(leftover) => self.recover(leftover),
            Input::Code { pickup, source, scan } => self.presented(pickup, source, scan),
            Input::Key { pickup, key } => self.key(pickup, key),
            Input::Leave => self.leave(),
            Input::Printer(readiness) => self.printer(readiness),
            Input::Tick => self.tick(),
            Input::JournalFailed => self.journal_failed(),
            Input::Reported { number, answer } => self.reported(number, answer),
            Input::Queried { asker: Asker::Backlog(number), result } => {
                self.queried_for_backlog(number, result);
            }
            Input::Reprint { pickup, was, ticket, count } => self.reprint(pickup, was, ticket, count),
            Input::TicketDone { pickup, seat, result } => self.ticket_done(&pickup, &seat, result),
            other => self.answer(other),
        }
    }

    /// An answer to the running pickup; one that comes for another is late, and dropped.
    fn answer(&mut self, input: Input) {
        let Front::Busy(visit, stage) = mem::replace(&mut self.state.front, Front::Idle) else {
            return;
        };
        match (input, stage) {
            (Input::Recalled { pickup, recall }, Stage::Recalling) if pickup == visit.pickup => {
                self.state.journal_ok = true;
                self.recalled(*visit, recall);
            }
            (Input::Cloud { pickup, answer }, Stage::LookingUp) if pickup == visit.pickup => {
                self.looked_up(*visit, answer);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingCloud(why)) if pickup == visit.pickup => {
                let mut visit = *visit;
                visit.cloud = Some(answer);
                self.decide(visit, why);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingRefunds) if pickup == visit.pickup => {
                self.refunds_known(*visit, answer);
            }
            (Input::PrinterChecked { pickup, readiness }, Stage::CheckingPrinter { resume })
                if pickup == visit.pickup =>
            {
                self.state.printer = readiness;
                self.printer_checked(*visit, resume, readiness);
            }
            (Input::Queried { asker: Asker::Front(pickup), result }, Stage::Querying(purpose))
                if pickup == visit.pickup =>
            {
                self.queried(*visit, purpose, result);
            }
            (Input::Issued { pickup, answer }, Stage::Issuing) if pickup == visit.pickup => {
                self.issued(*visit, answer);
            }
            (_, stage) => self.state.front = Front::Busy(visit, stage),
        }
    }

    // -- a code --

    fn presented(&mut self, pickup: PickupId, source: Source, scan: Scan) {
        let code = match scan {
            Scan::Text(text) => self.machine.codes.read(&text),
            Scan::TooLong => Err(Rejected::TooLong),
        };
        match mem::replace(&mut self.state.front, Front::Idle) {
            front @ (Front::Busy(..) | Front::Reprinting { .. }) => {
                self.state.front = front;
                self.actions.push(Action::RefuseScan);
            }
            Front::Entering(entering) => self.joined(entering, pickup, source, code),
            Front::Idle | Front::Result(_) => self.code(pickup, source, code),
        }
    }

    fn code(&mut self, pickup: PickupId, source: Source, code: Result<PickupCode, Rejected>) {
        let entering = Entering {
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

    /// A code came while half of one was there: the other half, or a new customer.
    fn joined(
        &mut self,
        entering: Entering,
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

    fn begin(&mut self, from: Entering, number: Option<crate::ticket::BookingNumber>, id: BookingId) {
        let visit = Visit {
            pickup: from.pickup,
            started_at: from.started_at,
            started: from.started,
            source: from.source,
            number,
            id,
            id_alone: number.is_none(),
            respelled: false,
            cloud: None,
            history: None,
            taken: Vec::new(),
            claim: Claim(0),
            own_issue: false,
            unanswered: false,
            second_issue: false,
            recorded: false,
            patience: None,
            seats: Vec::new(),
        };
        self.recall(visit);
    }

    pub(super) fn recall(&mut self, visit: Visit) {
        self.actions.push(Action::Recall {
            pickup: visit.pickup.clone(),
            number: visit.number,
            id: visit.id.clone(),
        });
        self.state.front = Front::Busy(Box::new(visit), Stage::Recalling);
    }

    /// Asks for the missing half.
    pub(super) fn ask(&mut self, mut entering: Entering, have: Half) {
        entering.have = have;
        entering.typed.clear();
        entering.until = self.now.mono + timing::ENTRY;
        self.state.front = Front::Entering(entering);
    }

    fn reject(&mut self, entering: &Entering, rejected: Rejected) {
        let hint = match rejected {
            Rejected::TelephoneNumber => Hint::TelephoneNumber,
            _ => Hint::None,
        };
        self.end_unread(entering, Outcome::CodeRejected, hint, rejected.to_string());
    }

    // -- keys --

    fn key(&mut self, pickup: PickupId, key: Key) {
        let mut entering = match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Entering(entering) => entering,
            front @ (Front::Busy(..) | Front::Reprinting { .. }) => {
                self.state.front = front;
                return;
            }
            front @ (Front::Idle | Front::Result(_)) => {
                if !matches!(key, Key::Character(_)) {
                    self.key_at_rest(front, key);
                    return;
                }
                Entering {
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
            Key::Character(_) | Key::MoreTime => {}
            Key::Clear => entering.typed.clear(),
            Key::Back if entering.typed.is_empty() => {
                self.state.front = Front::Entering(entering);
                return self.leave();
            }
            Key::Back => {
                entering.typed.pop();
            }
            Key::Enter => return self.typed(entering),
        }
        self.state.front = Front::Entering(entering);
    }

    fn key_at_rest(&mut self, front: Front, key: Key) {
        self.state.front = match (front, key) {
            (Front::Result(mut shown), Key::MoreTime) => {
                shown.until = self.now.mono + timing::RESULT;
                Front::Result(shown)
            }
            (Front::Result(_), Key::Back | Key::Enter | Key::Clear) => Front::Idle,
            (front, _) => front,
        };
    }

    /// Enter: what was typed is the whole code, or the half that was asked for.
    fn typed(&mut self, mut entering: Entering) {
        if entering.typed.is_empty() {
            self.state.front = Front::Entering(entering);
            return;
        }
        let half = match &entering.have {
            Half::Neither => None,
            Half::Number(number) => crate::codes::read_half_id(&entering.typed).ok().map(|id| (*number, id)),
            Half::Id(id) => {
                crate::codes::read_half_number(&entering.typed).ok().map(|number| (number, id.clone()))
            }
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
                self.state.front = Front::Entering(entering);
            }
        }
    }

    fn leave(&mut self) {
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Entering(entering) => self.abandon(&entering),
            Front::Busy(visit, Stage::WaitingForPrinter { .. }) => self.finish(*visit),
            Front::Result(_) => {}
            front => self.state.front = front,
        }
    }

    fn abandon(&mut self, entering: &Entering) {
        if entering.have == Half::Neither {
            self.state.front = Front::Idle;
            return;
        }
        self.end_unread(entering, Outcome::Abandoned, Hint::None, "the missing half never came".into());
    }

    // -- time --

    fn tick(&mut self) {
        let due = self.machine.deadline(&self.state).is_some_and(|at| at <= self.now.mono);
        if !due {
            return;
        }
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Entering(entering) if entering.until <= self.now.mono => self.abandon(&entering),
            Front::Result(shown) if shown.until <= self.now.mono => {}
            Front::Busy(visit, Stage::WaitingForCodes { tries, until }) if until <= self.now.mono => {
                self.query_for_codes(*visit, tries);
            }
            Front::Busy(visit, Stage::WaitingForPrinter { until }) if until <= self.now.mono => {
                self.finish(*visit);
            }
            Front::Busy(visit, Stage::Holding { verdict, until }) if until <= self.now.mono => {
                self.end(*visit, verdict);
            }
            front => self.state.front = front,
        }
    }

    fn printer(&mut self, readiness: Readiness) {
        self.state.printer = readiness;
        if readiness != Readiness::Ready {
            return;
        }
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Busy(visit, Stage::WaitingForPrinter { .. }) => self.print_next(*visit),
            front => self.state.front = front,
        }
    }

    // -- the end --

    /// Ends a pickup that never had a whole, readable code.
    fn end_unread(&mut self, entering: &Entering, outcome: Outcome, hint: Hint, why: String) {
        let number = match entering.have {
            Half::Number(number) => Some(number),
            Half::Neither | Half::Id(_) => None,
        };
        let at = self.now.wall;
        let entry = |step| Entry { pickup: entering.pickup.clone(), at, step };
        self.actions.push(Action::Record(vec![
            entry(Step::Started { started_at: entering.started_at, number }),
            entry(Step::Ended {
                outcome,
                claim: None,
                duration_ms: self.since(entering.started),
                why,
                report_due: false,
                released: false,
                refused: None,
            }),
        ]));
        self.show(entering.pickup.clone(), outcome, hint, None, Vec::new());
    }

    /// Ends a pickup of which nothing was issued, or by whose issue nothing is to print.
    pub(super) fn end(&mut self, mut visit: Visit, verdict: Verdict) {
        let refused = (verdict.outcome == Outcome::NotFound)
            .then_some(RefusedCode { number: visit.number, id_alone: visit.id_alone });
        if refused.is_some() {
            self.state.pace.refused(self.now.mono, self.machine.policy.pace_period);
        }
        let claim = verdict.claim.then_some(visit.claim);
        let step = Step::Ended {
            outcome: verdict.outcome,
            claim,
            duration_ms: self.since(visit.started),
            why: verdict.why.into(),
            report_due: false,
            released: false,
            refused,
        };
        self.record(&mut visit, vec![step]);
        let seats = if visit.own_issue { names(&visit) } else { Vec::new() };
        self.show(visit.pickup, verdict.outcome, verdict.hint, claim, seats);
    }

    pub(super) fn show(
        &mut self,
        pickup: PickupId,
        outcome: Outcome,
        hint: Hint,
        claim: Option<Claim>,
        seats: Vec<(String, crate::ticket::SeatState)>,
    ) {
        let until = self.now.mono + timing::RESULT;
        self.state.front = Front::Result(Shown { pickup, outcome, hint, claim, seats, until });
    }

    /// One transaction; `Started` goes before a pickup's first.
    pub(super) fn record(&mut self, visit: &mut Visit, steps: Vec<Step>) {
        let started =
            (!visit.recorded).then_some(Step::Started { started_at: visit.started_at, number: visit.number });
        visit.recorded = true;
        let entry = |step| Entry { pickup: visit.pickup.clone(), at: self.now.wall, step };
        self.actions.push(Action::Record(started.into_iter().chain(steps).map(entry).collect()));
    }

    pub(super) fn since(&self, started: Duration) -> u64 {
        u64::try_from(self.now.mono.saturating_sub(started).as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn notify(&mut self, notice: Notice) {
        self.actions.push(Action::Notify(notice));
    }

    /// The journal failed: what came behind it in the list was dropped, so nothing has begun that is
    /// not on record. Nothing more is printed; recovery at the next start closes what is open.
    fn journal_failed(&mut self) {
        self.state.journal_ok = false;
        self.state.backlog.in_flight = None;
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Busy(visit, _) => {
                let issued = visit.own_issue || visit.unanswered;
                let outcome = if issued { Outcome::SeeCounter } else { Outcome::TryLater };
                let claim = issued.then_some(visit.claim);
                self.show(visit.pickup.clone(), outcome, Hint::None, claim, names(&visit));
            }
            front => self.state.front = front,
        }
    }
}

/// The seats as the customer may see them: only once the issue is this kiosk's own.
pub(super) fn names(visit: &Visit) -> Vec<(String, crate::ticket::SeatState)> {
    visit.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}

/// The longest code a person can type.
const TYPED_MAX: usize = 66;
