//! The workflow's front door: `handle(state, input, now) -> (state, actions)`.

use super::action::{Action, Asker, Notice};
use super::input::{Input, Now, Readiness};
use super::state::{Front, Hint, Look, Purpose, Session, Shown, Stage, State, Verdict, Visit};
use super::timing;
use crate::codes::CodeReader;
use crate::config::settings::{ClaimLapses, FlagsAt};
use crate::journal::record::{Claim, Entry, PickupId, RefusedCode, ReportState, Step};
use crate::ticket::Outcome;
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
    /// When the site sets print_flag, where that is known.
    pub flags_at: FlagsAt,
    /// Whether an issue that is not reported stays this kiosk's, where that is known.
    pub claim_lapses: ClaimLapses,
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

impl Policy {
    /// The site keeps an issue that is not reported for this kiosk: neither time nor staff give it to another.
    pub fn claim_stands(&self) -> bool {
        self.claim_lapses == ClaimLapses::Never
    }

    /// After so long an issue that is not reported is anybody's.
    pub fn claim_limit(&self) -> Option<Duration> {
        match self.claim_lapses {
            ClaimLapses::After(seconds) => Some(Duration::from_secs(seconds.into())),
            ClaimLapses::Never | ClaimLapses::Unknown => None,
        }
    }
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
        // Any other input says that the list before it was carried out.
        if !matches!(input, Input::JournalFailed) {
            turn.state.backlog.recorded();
            turn.state.told.recorded();
        }
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
            | Front::Busy(_, Stage::WaitingForPrinter { until, .. })
            | Front::Busy(_, Stage::Holding { until, .. }) => Some(*until),
            Front::Idle | Front::Busy(..) | Front::Reprinting { .. } => None,
        };
        let sends = state.at_rest() && !state.stopping;
        let backlog = if sends { state.backlog.next_at(state.journal_ok) } else { None };
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
            Input::Queried { asker: Asker::Backlog(number), result, .. } => {
                self.queried_for_backlog(number, result);
            }
            Input::Queried { asker: Asker::Front(pickup), number, result: Ok(reply) }
                if self.asked_before(&pickup) =>
            {
                self.flags_in_passing(number, &reply.tickets);
            }
            Input::Queried { asker: Asker::Front(pickup), number, result: Ok(reply) }
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

    /// An answer to a question of the running pickup that it has gone on without: its flags count all the same.
    fn asked_before(&self, pickup: &PickupId) -> bool {
        matches!(&self.state.front, Front::Busy(visit, stage)
            if visit.pickup == *pickup && !matches!(stage, Stage::Querying(_)))
    }

    fn is_served(&self, pickup: &PickupId) -> bool {
        matches!(&self.state.front, Front::Busy(visit, _) if visit.pickup == *pickup)
    }

    /// An answer to the running pickup; one that comes for another is late, and dropped.
    fn answer(&mut self, input: Input) {
        let (visit, stage) = match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Busy(visit, stage) => (visit, stage),
            front => {
                self.state.front = front;
                return;
            }
        };
        match (input, stage) {
            (Input::Recalled { pickup, recall }, Stage::Recalling) if pickup == visit.pickup => {
                self.recalled(*visit, *recall);
            }
            (Input::Cloud { pickup, answer }, Stage::LookingUp) if pickup == visit.pickup => {
                self.looked_up(*visit, answer);
            }
            (Input::Cloud { pickup, answer }, Stage::ConfirmingPair) if pickup == visit.pickup => {
                self.pair_confirmed(*visit, answer);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingCloud(why)) if pickup == visit.pickup => {
                let mut visit = *visit;
                visit.cloud = Some(answer);
                self.decide(visit, why);
            }
            (Input::Cloud { pickup, answer }, Stage::AskingRefunds) if pickup == visit.pickup => {
                self.refunds_known(*visit, answer);
            }
            (Input::PrinterChecked { pickup, readiness }, stage)
                if pickup == visit.pickup && visit.look == Look::Asked =>
            {
                self.state.printer = readiness;
                self.printer_checked(*visit, stage, readiness);
            }
            (Input::Queried { asker: Asker::Front(pickup), result, .. }, Stage::Querying(purpose))
                if pickup == visit.pickup =>
            {
                match visit.look {
                    Look::Asked => {
                        let since = self.now.mono;
                        self.state.front =
                            Front::Busy(visit, Stage::CheckingPrinter { purpose, result, since });
                    }
                    Look::Due | Look::Seen(_) => self.queried(*visit, purpose, result),
                }
            }
            (Input::Issued { pickup, answer }, Stage::Issuing) if pickup == visit.pickup => {
                self.issued(*visit, answer);
            }
            (_, stage) => self.state.front = Front::Busy(visit, stage),
        }
    }

    /// With a whole pair the printer is asked at the same time: the site will be next.
    pub(super) fn recall(&mut self, mut visit: Visit) {
        if visit.number.is_some() {
            self.look_at_printer(&mut visit);
        }
        self.actions.push(Action::Recall {
            pickup: visit.pickup.clone(),
            number: visit.number,
            id: visit.id.clone(),
        });
        self.state.front = Front::Busy(Box::new(visit), Stage::Recalling);
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
            Front::Busy(visit, Stage::WaitingForPrinter { until, .. }) if until <= self.now.mono => {
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
            Front::Busy(visit, Stage::WaitingForPrinter { since, .. }) => self.go_on_if_fresh(*visit, since),
            front => self.state.front = front,
        }
    }

    /// After a long wait the site's flags are asked again, unless the report has made the rest this kiosk's.
    fn go_on_if_fresh(&mut self, visit: Visit, since: Duration) {
        let waited = self.now.mono.saturating_sub(since);
        if waited > timing::FLAGS_FRESH && visit.report() != ReportState::Done {
            return self.query(visit, Purpose::Continue);
        }
        self.print_next(visit);
    }

    // -- the end --

    /// Ends a pickup of which nothing was issued, or by whose issue nothing is to print.
    pub(super) fn end(&mut self, visit: Visit, verdict: Verdict) {
        self.end_with(visit, Vec::new(), verdict);
    }

    /// As `end`, with steps that go into the same transaction.
    pub(super) fn end_with(&mut self, mut visit: Visit, mut steps: Vec<Step>, verdict: Verdict) {
        let refused = (verdict.outcome == Outcome::NotFound || verdict.hint == Hint::NumberBlocked)
            .then_some(RefusedCode { number: visit.number, id_alone: visit.id_alone });
        if refused.is_some() {
            self.state.pace.refused(self.now.mono, self.machine.policy.pace_period);
        }
        let claim = verdict.claim.then_some(visit.claim);
        steps.splice(0..0, tie(&mut visit));
        steps.push(Step::Ended {
            outcome: verdict.outcome,
            claim,
            duration_ms: self.since(visit.started),
            why: verdict.why.into(),
            report_due: false,
            released: false,
            refused,
        });
        self.record(&mut visit, steps);
        self.list_after_issue(&visit);
        self.print_claim(claim);
        let seats = if visit.own_issue { names(&visit) } else { Vec::new() };
        let session = visit.session().filter(|_| visit.own_issue);
        self.show(visit.pickup, verdict.outcome, verdict.hint, claim, seats, session);
    }

    /// The claim slip, where a printer is ready for it; on paper only once it is on record.
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
        session: Option<Session>,
    ) {
        let since = self.now.mono;
        let until = since + timing::RESULT;
        let shown = Shown { pickup, outcome, hint, claim, seats, session, since, until };
        self.state.front = Front::Result(shown);
    }

    /// One transaction; `Started` goes before a pickup's first. Two with no effect in between are one.
    pub(super) fn record(&mut self, visit: &mut Visit, steps: Vec<Step>) {
        if let Some(number) = visit.number {
            self.note_flags(number, &steps);
        }
        let started =
            (!visit.recorded).then_some(Step::Started { started_at: visit.started_at, number: visit.number });
        visit.recorded = true;
        let entry = |step| Entry { pickup: visit.pickup.clone(), at: self.now.wall, step };
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

    /// The journal failed: what came behind it in the list was dropped, so nothing has begun that is
    /// not on record. Nothing more is printed; recovery closes what is open once the journal takes records again
    /// (`JournalMended`), or at the next start.
    ///
    /// A claim reference is shown only if it was on record before: another customer will get the one
    /// that could not be recorded.
    fn journal_failed(&mut self) {
        self.state.journal_ok = false;
        self.state.backlog.unsure(self.now.mono);
        self.state.told.failed();
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Busy(visit, _) => {
                let issued = visit.own_issue || visit.unanswered;
                let outcome = if issued { Outcome::SeeCounter } else { Outcome::TryLater };
                let claim = visit.history.as_ref().and_then(|h| h.claim).filter(|_| issued);
                // Of what was never issued to this kiosk nothing is shown, as ever.
                let seats = if visit.own_issue { names(&visit) } else { Vec::new() };
                self.show(visit.pickup.clone(), outcome, Hint::None, claim, seats, None);
            }
            Front::Result(mut shown) => {
                shown.claim = None;
                self.state.front = Front::Result(shown);
            }
            front => self.state.front = front,
        }
    }
}

/// Ties a pickup to the booking that the journal knows of its pair: what it ends with belongs there.
pub(super) fn tie(visit: &mut Visit) -> Option<Step> {
    let known = visit.history.is_some() && !visit.tied;
    let number = visit.number.filter(|_| known)?;
    visit.tied = true;
    Some(Step::Recognised { number, id: visit.id.clone() })
}

/// The seats as the customer may see them: only once the issue is this kiosk's own.
pub(super) fn names(visit: &Visit) -> Vec<(String, crate::ticket::SeatState)> {
    visit.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}
