//! The workflow's entry point: `handle(state, input, now) -> (state, actions)`.

use super::action::{Action, Notice, QueryOrigin};
use super::input::{Input, Now, Readiness};
use super::policy::Policy;
use super::state::{
    ActivePickup, BookedShowing, CustomerState, Hint, Look, Purpose, Shown, Stage, State, Verdict,
};
use super::timing;
use crate::codes::CodeReader;
use crate::journal::record::{Claim, Entry, PickupId, RecordStep, RefusedCode, ReportState};
use crate::ticket::Outcome;
use std::mem;
use std::time::Duration;

/// The workflow. It holds its rules; all that changes is in [`State`].
#[derive(Debug, Clone)]
pub struct Machine {
    /// Rules of the cinema and the chain.
    pub policy: Policy,
    /// Reader of codes.
    pub codes: CodeReader,
}

impl Machine {
    /// Handles one input. Pure: the same three always give the same answer.
    pub fn handle(&self, state: State, input: Input, now: Now) -> (State, Vec<Action>) {
        let mut turn = Transition { machine: self, state, now, actions: Vec::new() };
        // Any other input says that the list of actions before it was carried out.
        if !matches!(input, Input::JournalFailed) {
            turn.state.backlog.recorded();
            turn.state.told.recorded();
        }
        turn.take(input);
        turn.pump_backlog();
        (turn.state, turn.actions)
    }

    /// Returns the next moment at which a `Tick` is due.
    pub fn deadline(&self, state: &State) -> Option<Duration> {
        let front = match &state.customer {
            CustomerState::EnteringCode(entering) => Some(entering.until),
            CustomerState::Result(shown) => Some(shown.until),
            CustomerState::Busy(_, Stage::WaitingForCodes { until, .. })
            | CustomerState::Busy(_, Stage::WaitingForPrinter { until, .. })
            | CustomerState::Busy(_, Stage::Holding { until, .. }) => Some(*until),
            CustomerState::Idle | CustomerState::Busy(..) | CustomerState::Reprinting { .. } => None,
        };
        let sends = state.at_rest() && !state.stopping;
        let backlog = if sends { state.backlog.next_at(state.journal_ok) } else { None };
        front.into_iter().chain(backlog).min()
    }
}

/// One call of `handle` in progress.
pub(super) struct Transition<'a> {
    pub machine: &'a Machine,
    pub state: State,
    pub now: Now,
    pub actions: Vec<Action>,
}

impl Transition<'_> {
    fn take(&mut self, mut input: Input) {
        if let Input::Queried { number, result: Ok(reply), .. } = &mut input {
            self.learn_from(*number, &reply.tickets);
            self.state.told.show_in(*number, &mut reply.tickets);
        }
        match input {
            Input::Started(leftover) => self.recover(leftover),
            Input::Code { pickup, source, scan } => self.presented(pickup, source, scan),
            Input::Key { pickup, key } => self.key(pickup, key),
            Input::Leave => self.leave(),
            Input::Printer(readiness) => self.printer(readiness),
            Input::PaperLeft(tickets) => self.state.paper_left = tickets,
            Input::Stop => self.state.stopping = true,
            Input::Tick => self.tick(),
            Input::JournalFailed => self.journal_failed(),
            Input::JournalMended(leftover) => self.journal_mended(leftover),
            Input::Reported { number, answer } => self.reported(number, answer),
            Input::Queried { origin: QueryOrigin::Backlog(number), result, .. } => {
                self.queried_for_backlog(number, result);
            }
            Input::Queried { origin: QueryOrigin::Customer(pickup), number, result: Ok(reply) }
                if self.asked_before(&pickup) =>
            {
                self.flags_in_passing(number, &reply.tickets);
            }
            Input::Queried { origin: QueryOrigin::Customer(pickup), number, result: Ok(reply) }
                if !self.is_served(&pickup) =>
            {
                self.told_too_late(number, &reply.tickets);
            }
            Input::Reprint { pickup, was, ticket, count, report } => {
                self.reprint(pickup, was, *ticket, count, report);
            }
            Input::TicketDone { pickup, seat, result } => self.ticket_done(&pickup, &seat, result),
            other => self.answer(other),
        }
    }

    /// Returns true if the running pickup has gone on without the answer to its question; its flags count all the same.
    fn asked_before(&self, pickup: &PickupId) -> bool {
        matches!(&self.state.customer, CustomerState::Busy(active, stage)
            if active.pickup == *pickup && !matches!(stage, Stage::Querying(_)))
    }

    fn is_served(&self, pickup: &PickupId) -> bool {
        matches!(&self.state.customer, CustomerState::Busy(active, _) if active.pickup == *pickup)
    }

    /// Takes an answer to the running pickup; one that comes for another is late, and dropped.
    fn answer(&mut self, input: Input) {
        let (active, stage) = match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::Busy(active, stage) => (active, stage),
            front => {
                self.state.customer = front;
                return;
            }
        };
        match (input, stage) {
            (Input::Recalled { pickup, recall }, Stage::Recalling) if pickup == active.pickup => {
                self.recalled(*active, *recall);
            }
            (Input::Cloud { pickup, answer }, Stage::LookingUp) if pickup == active.pickup => {
                self.looked_up(*active, answer);
            }
            (Input::Cloud { pickup, answer }, Stage::ConfirmingPair) if pickup == active.pickup => {
                self.pair_confirmed(*active, answer);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingCloud(why)) if pickup == active.pickup => {
                let mut active = *active;
                active.cloud = Some(answer);
                self.decide(active, why);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingRefunds) if pickup == active.pickup => {
                self.refunds_known(*active, answer);
            }
            (Input::PrinterChecked { pickup, readiness }, stage)
                if pickup == active.pickup && active.look == Look::Asked =>
            {
                self.state.printer = readiness;
                self.printer_checked(*active, stage, readiness);
            }
            (
                Input::Queried { origin: QueryOrigin::Customer(pickup), result, .. },
                Stage::Querying(purpose),
            ) if pickup == active.pickup => match active.look {
                Look::Asked => {
                    let since = self.now.mono;
                    self.state.customer =
                        CustomerState::Busy(active, Stage::CheckingPrinter { purpose, result, since });
                }
                Look::Due | Look::Seen(_) => self.queried(*active, purpose, result),
            },
            (Input::Issued { pickup, answer }, Stage::Issuing) if pickup == active.pickup => {
                self.issued(*active, answer);
            }
            (_, stage) => self.state.customer = CustomerState::Busy(active, stage),
        }
    }

    /// Asks the journal for the code. With a whole pair the printer is asked at the same time: the site will be next.
    pub(super) fn recall(&mut self, mut active: ActivePickup) {
        if active.number.is_some() {
            self.look_at_printer(&mut active);
        }
        self.actions.push(Action::Recall {
            pickup: active.pickup.clone(),
            number: active.number,
            id: active.id.clone(),
        });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Recalling);
    }

    // -- time --

    fn tick(&mut self) {
        let due = self.machine.deadline(&self.state).is_some_and(|at| at <= self.now.mono);
        if !due {
            return;
        }
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::EnteringCode(entering) if entering.until <= self.now.mono => {
                self.abandon(&entering)
            }
            CustomerState::Result(shown) if shown.until <= self.now.mono => {}
            CustomerState::Busy(active, Stage::WaitingForCodes { tries, until })
                if until <= self.now.mono =>
            {
                self.query_for_codes(*active, tries);
            }
            CustomerState::Busy(active, Stage::WaitingForPrinter { until, .. }) if until <= self.now.mono => {
                self.finish(*active);
            }
            CustomerState::Busy(active, Stage::Holding { verdict, until }) if until <= self.now.mono => {
                self.end(*active, verdict);
            }
            front => self.state.customer = front,
        }
    }

    fn printer(&mut self, readiness: Readiness) {
        self.state.printer = readiness;
        if readiness != Readiness::Ready {
            return;
        }
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::Busy(active, Stage::WaitingForPrinter { since, .. }) => {
                self.go_on_if_fresh(*active, since)
            }
            front => self.state.customer = front,
        }
    }

    /// Goes on after a wait; after a long one the site's flags are asked again, unless the report has made the rest
    /// ours.
    fn go_on_if_fresh(&mut self, active: ActivePickup, since: Duration) {
        let waited = self.now.mono.saturating_sub(since);
        if waited > timing::FLAGS_FRESH && active.report() != ReportState::Done {
            return self.query(active, Purpose::Continue);
        }
        self.print_next(active);
    }

    // -- the end --

    /// Ends a pickup of which nothing was issued, or by whose issue nothing is to print.
    pub(super) fn end(&mut self, active: ActivePickup, verdict: Verdict) {
        self.end_with(active, Vec::new(), verdict);
    }

    /// Ends a pickup as `end` does, with steps that go into the same transaction.
    pub(super) fn end_with(
        &mut self,
        mut active: ActivePickup,
        mut steps: Vec<RecordStep>,
        verdict: Verdict,
    ) {
        let refused = (verdict.outcome == Outcome::NotFound || verdict.hint == Hint::NumberBlocked)
            .then_some(RefusedCode { number: active.number, id_alone: active.id_alone });
        if refused.is_some() {
            self.state.rate_limit.refused(self.now.mono, self.machine.policy.pace_period);
        }
        let claim = verdict.claim.then_some(active.claim);
        steps.splice(0..0, tie(&mut active));
        steps.push(RecordStep::Ended {
            outcome: verdict.outcome,
            claim,
            duration_ms: self.since(active.started),
            why: verdict.why.into(),
            report_due: false,
            released: false,
            refused,
        });
        self.record(&mut active, steps);
        self.list_after_issue(&active);
        self.print_claim(claim);
        let seats = if active.own_issue { names(&active) } else { Vec::new() };
        let session = active.session().filter(|_| active.own_issue);
        self.show(active.pickup, verdict.outcome, verdict.hint, claim, seats, session);
    }

    /// Prints the claim slip, where a printer is ready for it; on paper only once it is on record.
    pub(super) fn print_claim(&mut self, claim: Option<Claim>) {
        if let Some(claim) = claim
            && self.state.printer == Readiness::Ready
        {
            self.actions.push(Action::PrintClaim { claim });
        }
    }

    pub(super) fn show(
        &mut self,
        pickup: PickupId,
        outcome: Outcome,
        hint: Hint,
        claim: Option<Claim>,
        seats: Vec<(String, crate::ticket::SeatState)>,
        session: Option<BookedShowing>,
    ) {
        let since = self.now.mono;
        let until = since + timing::RESULT;
        let shown = Shown { pickup, outcome, hint, claim, seats, session, since, until };
        self.state.customer = CustomerState::Result(shown);
    }

    /// Records steps in one transaction; `Started` goes before a pickup's first. Two with no effect in between are one.
    pub(super) fn record(&mut self, active: &mut ActivePickup, steps: Vec<RecordStep>) {
        if let Some(number) = active.number {
            self.note_flags(number, &steps);
        }
        let started = (!active.recorded)
            .then_some(RecordStep::Started { started_at: active.started_at, number: active.number });
        active.recorded = true;
        let entry = |step| Entry { pickup: active.pickup.clone(), at: self.now.wall, step };
        let entries = started.into_iter().chain(steps).map(entry);
        match self.actions.last_mut() {
            Some(Action::Record(before)) => before.extend(entries),
            _ => self.actions.push(Action::Record(entries.collect())),
        }
    }

    pub(super) fn since(&self, started: Duration) -> u64 {
        u64::try_from(self.now.mono.saturating_sub(started).as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn notify(&mut self, notice: Notice) {
        self.actions.push(Action::Notify(notice));
    }

    /// Ends what is running when the journal failed: what came behind it in the list was dropped, so nothing has begun
    /// that is not on record. Nothing more is printed; recovery closes what is open once the journal takes records
    /// again (`JournalMended`), or at the next start.
    ///
    /// A claim reference is shown only if it was on record before: another customer will get the one
    /// that could not be recorded.
    fn journal_failed(&mut self) {
        self.state.journal_ok = false;
        self.state.backlog.unsure(self.now.mono);
        self.state.told.failed();
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::Busy(active, _) => {
                let issued = active.own_issue || active.unanswered;
                let outcome = if issued { Outcome::SeeCounter } else { Outcome::TryLater };
                let claim = active.history.as_ref().and_then(|h| h.claim).filter(|_| issued);
                // Of what was never issued to this kiosk nothing is shown, as ever.
                let seats = if active.own_issue { names(&active) } else { Vec::new() };
                self.show(active.pickup.clone(), outcome, Hint::None, claim, seats, None);
            }
            CustomerState::Result(mut shown) => {
                shown.claim = None;
                self.state.customer = CustomerState::Result(shown);
            }
            front => self.state.customer = front,
        }
    }
}

/// Ties a pickup to the booking that the journal knows of its pair: what it ends with belongs there.
pub(super) fn tie(active: &mut ActivePickup) -> Option<RecordStep> {
    let known = active.history.is_some() && !active.tied;
    let number = active.number.filter(|_| known)?;
    active.tied = true;
    Some(RecordStep::Recognised { number, id: active.id.clone() })
}

/// Returns the seats as the customer may see them: only once the issue is this kiosk's own.
pub(super) fn names(active: &ActivePickup) -> Vec<(String, crate::ticket::SeatState)> {
    active.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}
