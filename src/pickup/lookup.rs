//! Lookup, from a readable code to the moment before the issue: what the journal knows, which number belongs to an ID,
//! whether the printer is ready.

use super::action::{Action, Notice, QueryOrigin};
use super::input::Readiness;
use super::machine::Transition;
use super::state::{ActivePickup, CodeEntry, Half, Hint, Look, Purpose, RefusalReason, Seat, Stage, Verdict};
use super::timing;
use crate::fault_code::FaultCode;
use crate::journal::record::{History, IssueState, Recall, ReportState, Salvaged};
use crate::pickup::state::CustomerState;
use crate::ticket::{BookingNumber, Outcome, SeatState};
use crate::vista::answer::{CloudAnswer, CloudBooking, CloudStatus};
use std::time::Duration;

impl Transition<'_> {
    /// Takes the journal's answer.
    pub(super) fn recalled(&mut self, mut active: ActivePickup, recall: Recall) {
        active.claim = recall.history.as_ref().and_then(|h| h.claim).unwrap_or(recall.fresh_claim);
        active.taken = recall.taken;
        if let Some(history) = recall.history {
            // For an ID alone the journal's own booking with this ID saves the question to the cloud.
            active.number = Some(history.number);
            return self.known(active, history);
        }
        let policy = &self.machine.policy;
        let wait = self.state.rate_limit.wait(self.now.mono, policy.burst, policy.pace_period);
        if wait > Duration::ZERO {
            let seconds = wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX);
            return self
                .end(active, verdict(Outcome::Locked, Hint::Locked { seconds }, "too many refused codes"));
        }
        match active.number {
            None if recall.id_alone_refused_today >= policy.id_alone_a_day || !policy.cloud => {
                self.ask_for_number(active);
            }
            None => {
                if recall.id_alone_refused_today == policy.id_alone_notice {
                    self.notify(Notice::RateLimit(recall.id_alone_refused_today));
                }
                self.actions.push(Action::AskCloud { pickup: active.pickup.clone(), id: active.id.clone() });
                self.state.customer = CustomerState::Busy(Box::new(active), Stage::LookingUp);
            }
            Some(_) if recall.number_refused_today >= policy.number_a_day && active.cloud.is_none() => {
                self.confirm_pair(active);
            }
            Some(_) => match recall.salvaged {
                None => self.unknown_pair(active, Purpose::Issue),
                // A number alone must learn nothing: the site is asked as ever, and the cloud proves the pair.
                Some(Salvaged::Number) => self.unknown_pair(active, Purpose::SetAside),
                // The lost journal knew exactly this pair.
                Some(Salvaged::Pair) => self.refused(active, RefusalReason::SetAside { proven: true }),
            },
        }
    }

    /// Has the cloud confirm the pair, when too many wrong codes came for this number today; no other pair is served.
    fn confirm_pair(&mut self, active: ActivePickup) {
        if !self.machine.policy.cloud {
            return self.blocked(active);
        }
        self.actions.push(Action::AskCloud { pickup: active.pickup.clone(), id: active.id.clone() });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::ConfirmingPair);
    }

    /// Takes the cloud's answer to the question whose booking the ID is.
    pub(super) fn pair_confirmed(&mut self, mut active: ActivePickup, answer: CloudAnswer) {
        let confirmed = match &answer {
            CloudAnswer::Booking(booking) => pair(booking),
            _ => None,
        };
        match confirmed {
            Some((number, id)) if Some(number) == active.number && id.same_but_for_case(&active.id) => {
                active.id = id;
                active.cloud = Some(answer);
                // The cloud may have taken its time.
                active.look = Look::Due;
                self.recall(active);
            }
            _ => self.blocked(active),
        }
    }

    fn blocked(&mut self, active: ActivePickup) {
        let why = "too many refused codes for this number today";
        self.hold(active, verdict(Outcome::SeeCounter, Hint::NumberBlocked, why));
    }

    /// Goes on with a pair of which the journal knows nothing. What the cloud may have said already can end it.
    fn unknown_pair(&mut self, active: ActivePickup, purpose: Purpose) {
        let said = active.cloud.as_ref().and_then(|answer| match answer {
            CloudAnswer::Booking(booking) => settled_by_cloud(booking),
            _ => None,
        });
        let lost =
            |verdict: &Verdict| purpose == Purpose::SetAside && verdict.outcome == Outcome::AlreadyCollected;
        match said.filter(|verdict| !lost(verdict)) {
            Some(verdict) => self.end(active, verdict),
            None => self.check_printer(active, purpose),
        }
    }

    /// Goes on with a pair that the journal knows exactly.
    fn known(&mut self, mut active: ActivePickup, history: History) {
        active.own_issue = history.ever_issued;
        active.unanswered = history.issue == IssueState::Asked;
        active.seats = history
            .seats
            .iter()
            .map(|held| Seat {
                key: held.key.clone(),
                name: held.name.clone(),
                state: held.state,
                ticket: held.ticket.clone(),
                not_owed: held.state != SeatState::Reserved,
            })
            .collect();
        let issue = history.issue;
        let last_step = history.last_step;
        active.history = Some(history);
        if issue != IssueState::Issued {
            return self.check_printer(active, Purpose::Issue);
        }
        let owed = active.next_owed().is_some();
        let report = active.report();
        let unsure =
            active.seats.iter().any(|seat| !seat.state.settled() && seat.state != SeatState::Reserved);
        let nothing_out = !active.paper_out() && report == ReportState::None;
        if owed && nothing_out {
            // Nothing of it came out: a claim without a report may have lapsed meanwhile, so it is asked for anew.
            return self.check_printer(active, Purpose::Issue);
        }
        if owed && report == ReportState::Refused {
            return self
                .end(active, see_counter("the site refused the report: what is owed may be elsewhere"));
        }
        if owed {
            let since_ms = self.now.wall.as_millisecond().saturating_sub(last_step.as_millisecond());
            if since_ms <= i64::from(self.machine.policy.resume_minutes) * 60_000 {
                // Without a report the claim may have lapsed meanwhile, so it is asked for anew.
                let done = report == ReportState::Done;
                return self.check_printer(active, if done { Purpose::Resume } else { Purpose::Issue });
            }
            return self.end(active, see_counter("the time to go on is over"));
        }
        if unsure {
            return self.end(active, see_counter("a ticket's fate is unknown"));
        }
        if active.seats.iter().any(|seat| seat.state != SeatState::Void) {
            let why = "everything was printed here";
            return self.end(active, verdict(Outcome::AlreadyCollected, Hint::None, why));
        }
        if active.history.as_ref().is_some_and(|history| history.report != ReportState::None) {
            // A void seat may have been an uncertain one before: not to be issued anew.
            return self.end(active, see_counter("nothing is owed any more, paper may exist"));
        }
        // All of it was void here (refunded, collected elsewhere): the site has the last word.
        self.check_printer(active, Purpose::Issue);
    }

    fn ask_for_number(&mut self, active: ActivePickup) {
        let entering = CodeEntry {
            pickup: active.pickup,
            started_at: active.started_at,
            started: active.started,
            source: active.source,
            have: Half::Neither,
            typed: String::new(),
            wrong: false,
            until: Duration::ZERO,
        };
        self.ask(entering, Half::Id(active.id));
    }

    /// Takes the cloud's answer to the question which number belongs to an ID.
    pub(super) fn looked_up(&mut self, mut active: ActivePickup, answer: CloudAnswer) {
        match &answer {
            CloudAnswer::Booking(booking) => {
                let Some((number, id)) = pair(booking).filter(|(_, id)| id.same_but_for_case(&active.id))
                else {
                    return self.hold(active, not_found("the cloud's answer is another booking"));
                };
                active.number = Some(number);
                active.id = id;
                active.cloud = Some(answer);
                // What the journal knows of the number, and of the pair in the cloud's spelling.
                self.recall(active);
            }
            CloudAnswer::NotFound => self.hold(active, not_found("the cloud knows no such ID")),
            CloudAnswer::Ambiguous | CloudAnswer::Unavailable(_) => self.ask_for_number(active),
        }
    }

    /// Asks the printer for its state, unless its answer is under way.
    pub(super) fn look_at_printer(&mut self, active: &mut ActivePickup) {
        if active.look != Look::Asked {
            active.look = Look::Asked;
            self.actions.push(Action::CheckPrinter { pickup: active.pickup.clone() });
        }
    }

    /// Goes on to the site, while the printer is asked; not with one that has said no.
    fn check_printer(&mut self, mut active: ActivePickup, purpose: Purpose) {
        if let Look::Seen(Readiness::Stopped(code)) = active.look {
            return self.printer_stopped(active, purpose == Purpose::Resume, code);
        }
        if active.look == Look::Due {
            self.look_at_printer(&mut active);
        }
        self.query(active, purpose);
    }

    /// Takes the printer's answer, before or after those of the journal and the site.
    pub(super) fn printer_checked(&mut self, mut active: ActivePickup, stage: Stage, readiness: Readiness) {
        active.look = Look::Seen(readiness);
        match (stage, readiness) {
            (Stage::Querying(purpose), Readiness::Stopped(code)) => {
                self.printer_stopped(active, purpose == Purpose::Resume, code)
            }
            (Stage::CheckingPrinter { purpose, result, .. }, Readiness::Stopped(code)) => {
                if let (Some(number), Ok(reply)) = (active.number, result) {
                    self.told_too_late(number, &reply.tickets);
                }
                self.printer_stopped(active, purpose == Purpose::Resume, code)
            }
            // The look was slow: what the site said meanwhile may be true no more.
            (Stage::CheckingPrinter { purpose, result, since }, Readiness::Ready)
                if self.now.mono.saturating_sub(since) > timing::LIST_FRESH =>
            {
                self.not_yet_acted_on(&active, &result.map(|reply| reply.tickets).unwrap_or_default());
                self.query(active, purpose);
            }
            (Stage::CheckingPrinter { purpose, result, .. }, Readiness::Ready) => {
                self.queried(active, purpose, result);
            }
            (stage, _) => self.state.customer = CustomerState::Busy(Box::new(active), stage),
        }
    }

    fn printer_stopped(&mut self, active: ActivePickup, resume: bool, code: FaultCode) {
        let owed = active.own_issue && active.report() != ReportState::None;
        if resume || owed {
            // Something was issued and is owed: nothing was refused.
            let why = "the printer is not ready for what is owed";
            self.end(active, Verdict { hint: Hint::Printer(code), ..see_counter(why) });
        } else {
            let why = "the printer is not ready";
            self.end(active, verdict(Outcome::OutOfService, Hint::Printer(code), why));
        }
    }

    pub(super) fn query(&mut self, active: ActivePickup, purpose: Purpose) {
        let Some(number) = active.number else { return };
        self.actions.push(Action::Query { origin: QueryOrigin::Customer(active.pickup.clone()), number });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Querying(purpose));
    }

    /// Shows a refusal at the next whole step after the code, so that its time tells nothing.
    pub(super) fn hold(&mut self, active: ActivePickup, verdict: Verdict) {
        let step_ms = timing::REFUSAL_STEP.as_millis();
        let elapsed_ms = self.now.mono.saturating_sub(active.started).as_millis();
        let steps = elapsed_ms.div_ceil(step_ms).max(1);
        let floor = u64::try_from(steps * step_ms).map_or(timing::REFUSAL_STEP, Duration::from_millis);
        let until = active.started + floor;
        if until <= self.now.mono {
            return self.end(active, verdict);
        }
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Holding { verdict, until });
    }
}

/// Returns the pair of a cloud's booking.
pub(super) fn pair(booking: &CloudBooking) -> Option<(BookingNumber, crate::ticket::BookingId)> {
    Some((booking.number?, booking.id.clone()?))
}

/// Returns the verdict that the cloud's status gives by itself to the one who holds exactly this pair.
pub(super) fn settled_by_cloud(booking: &CloudBooking) -> Option<Verdict> {
    match booking.status() {
        CloudStatus::Open => None,
        CloudStatus::Collected => {
            Some(verdict(Outcome::AlreadyCollected, Hint::None, "the cloud says collected"))
        }
        CloudStatus::Refunded => Some(verdict(Outcome::Refunded, Hint::None, "the cloud says refunded")),
        CloudStatus::Cancelled => Some(verdict(Outcome::Cancelled, Hint::None, "the cloud says cancelled")),
    }
}

pub(super) fn verdict(outcome: Outcome, hint: Hint, why: &'static str) -> Verdict {
    Verdict { outcome, hint, why, claim: false }
}

pub(super) fn see_counter(why: &'static str) -> Verdict {
    Verdict { outcome: Outcome::SeeCounter, hint: Hint::None, why, claim: true }
}

pub(super) fn not_found(why: &'static str) -> Verdict {
    verdict(Outcome::NotFound, Hint::None, why)
}
