//! From a readable code to the moment before the issue: what the journal knows, which number
//! belongs to an ID, whether the printer is ready.

use super::action::{Action, Asker, Notice};
use super::input::Readiness;
use super::machine::Turn;
use super::state::{Entering, Half, Hint, Look, Purpose, Seat, Stage, Verdict, Visit, Why};
use super::timing;
use crate::journal::record::{History, IssueState, Recall, ReportState, Salvaged};
use crate::pickup::state::Front;
use crate::ticket::{BookingNumber, Outcome, SeatState};
use crate::vista::answer::{CloudAnswer, CloudBooking, CloudStatus};
use std::time::Duration;

impl Turn<'_> {
    /// The journal has answered.
    pub(super) fn recalled(&mut self, mut visit: Visit, recall: Recall) {
        visit.claim = recall.history.as_ref().and_then(|h| h.claim).unwrap_or(recall.fresh_claim);
        visit.taken = recall.taken;
        if let Some(history) = recall.history {
            // For an ID alone the journal's own booking with this ID saves the question to the cloud.
            visit.number = Some(history.number);
            return self.known(visit, history);
        }
        let policy = &self.machine.policy;
        let wait = self.state.pace.wait(self.now.mono, policy.burst, policy.pace_period);
        if wait > Duration::ZERO {
            let seconds = wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX);
            return self
                .end(visit, verdict(Outcome::Locked, Hint::Locked { seconds }, "too many refused codes"));
        }
        match visit.number {
            None if recall.id_alone_refused_today >= policy.id_alone_a_day || !policy.cloud => {
                self.ask_for_number(visit);
            }
            None => {
                if recall.id_alone_refused_today == policy.id_alone_notice {
                    self.notify(Notice::Guessing(recall.id_alone_refused_today));
                }
                self.actions.push(Action::AskCloud { pickup: visit.pickup.clone(), id: visit.id.clone() });
                self.state.front = Front::Busy(Box::new(visit), Stage::LookingUp);
            }
            Some(_) if recall.number_refused_today >= policy.number_a_day && visit.cloud.is_none() => {
                self.confirm_pair(visit);
            }
            Some(_) => match recall.salvaged {
                None => self.unknown_pair(visit, Purpose::Issue),
                // A number alone must learn nothing: the site is asked as ever, and the cloud proves the pair.
                Some(Salvaged::Number) => self.unknown_pair(visit, Purpose::SetAside),
                // The lost journal knew exactly this pair.
                Some(Salvaged::Pair) => self.refused(visit, Why::SetAside { proven: true }),
            },
        }
    }

    /// Too many wrong codes came for this number today. Only the pair that the cloud confirms is served.
    fn confirm_pair(&mut self, visit: Visit) {
        if !self.machine.policy.cloud {
            return self.blocked(visit);
        }
        self.actions.push(Action::AskCloud { pickup: visit.pickup.clone(), id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::ConfirmingPair);
    }

    /// The cloud has told whose booking the ID is.
    pub(super) fn pair_confirmed(&mut self, mut visit: Visit, answer: CloudAnswer) {
        let confirmed = match &answer {
            CloudAnswer::Booking(booking) => pair(booking),
            _ => None,
        };
        match confirmed {
            Some((number, id)) if Some(number) == visit.number && id.same_but_for_case(&visit.id) => {
                visit.id = id;
                visit.cloud = Some(answer);
                // The cloud may have taken its time.
                visit.look = Look::Due;
                self.recall(visit);
            }
            _ => self.blocked(visit),
        }
    }

    fn blocked(&mut self, visit: Visit) {
        let why = "too many refused codes for this number today";
        self.hold(visit, verdict(Outcome::SeeCounter, Hint::NumberBlocked, why));
    }

    /// The journal knows nothing of this pair. What the cloud may have said already can end it.
    fn unknown_pair(&mut self, visit: Visit, purpose: Purpose) {
        let said = visit.cloud.as_ref().and_then(|answer| match answer {
            CloudAnswer::Booking(booking) => settled_by_cloud(booking),
            _ => None,
        });
        let lost =
            |verdict: &Verdict| purpose == Purpose::SetAside && verdict.outcome == Outcome::AlreadyCollected;
        match said.filter(|verdict| !lost(verdict)) {
            Some(verdict) => self.end(visit, verdict),
            None => self.check_printer(visit, purpose),
        }
    }

    /// The journal knows exactly this pair.
    fn known(&mut self, mut visit: Visit, history: History) {
        visit.own_issue = history.ever_issued;
        visit.unanswered = history.issue == IssueState::Asked;
        visit.seats = history
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
        visit.history = Some(history);
        if issue != IssueState::Issued {
            return self.check_printer(visit, Purpose::Issue);
        }
        let owed = visit.next_owed().is_some();
        let report = visit.report();
        let unsure =
            visit.seats.iter().any(|seat| !seat.state.settled() && seat.state != SeatState::Reserved);
        let nothing_out = !visit.paper_out() && report == ReportState::None;
        if owed && nothing_out {
            // Nothing of it came out: a claim without a report may have lapsed meanwhile, so it is asked for anew.
            return self.check_printer(visit, Purpose::Issue);
        }
        if owed && report == ReportState::Refused {
            return self
                .end(visit, see_counter("the site refused the report: what is owed may be elsewhere"));
        }
        if owed {
            let since_ms = self.now.wall.as_millisecond().saturating_sub(last_step.as_millisecond());
            if since_ms <= i64::from(self.machine.policy.resume_minutes) * 60_000 {
                // Without a report the claim may have lapsed meanwhile, so it is asked for anew.
                let done = report == ReportState::Done;
                return self.check_printer(visit, if done { Purpose::Resume } else { Purpose::Issue });
            }
            return self.end(visit, see_counter("the time to go on is over"));
        }
        if unsure {
            return self.end(visit, see_counter("a ticket's fate is unknown"));
        }
        if visit.seats.iter().any(|seat| seat.state != SeatState::Void) {
            let why = "everything was printed here";
            return self.end(visit, verdict(Outcome::AlreadyCollected, Hint::None, why));
        }
        if visit.history.as_ref().is_some_and(|history| history.report != ReportState::None) {
            // A void one may have been an uncertain one before: not to be issued anew.
            return self.end(visit, see_counter("nothing is owed any more, paper may exist"));
        }
        // All of it was void here (refunded, collected elsewhere): the site has the last word.
        self.check_printer(visit, Purpose::Issue);
    }

    fn ask_for_number(&mut self, visit: Visit) {
        let entering = Entering {
            pickup: visit.pickup,
            started_at: visit.started_at,
            started: visit.started,
            source: visit.source,
            have: Half::Neither,
            typed: String::new(),
            wrong: false,
            until: Duration::ZERO,
        };
        self.ask(entering, Half::Id(visit.id));
    }

    /// The cloud has told which number belongs to an ID.
    pub(super) fn looked_up(&mut self, mut visit: Visit, answer: CloudAnswer) {
        match &answer {
            CloudAnswer::Booking(booking) => {
                let Some((number, id)) = pair(booking).filter(|(_, id)| id.same_but_for_case(&visit.id))
                else {
                    return self.hold(visit, not_found("the cloud's answer is another booking"));
                };
                visit.number = Some(number);
                visit.id = id;
                visit.cloud = Some(answer);
                // What the journal knows of the number, and of the pair in the cloud's spelling.
                self.recall(visit);
            }
            CloudAnswer::NotFound => self.hold(visit, not_found("the cloud knows no such ID")),
            CloudAnswer::Ambiguous | CloudAnswer::Unavailable(_) => self.ask_for_number(visit),
        }
    }

    /// Asks the printer, unless its answer is under way.
    pub(super) fn look_at_printer(&mut self, visit: &mut Visit) {
        if visit.look != Look::Asked {
            visit.look = Look::Asked;
            self.actions.push(Action::CheckPrinter { pickup: visit.pickup.clone() });
        }
    }

    /// On to the site, while the printer is asked; not with one that has said no.
    fn check_printer(&mut self, mut visit: Visit, purpose: Purpose) {
        if let Look::Seen(Readiness::Stopped(code)) = visit.look {
            return self.printer_stopped(visit, purpose == Purpose::Resume, code);
        }
        if visit.look == Look::Due {
            self.look_at_printer(&mut visit);
        }
        self.query(visit, purpose);
    }

    /// The printer has answered, before or after the journal and the site.
    pub(super) fn printer_checked(&mut self, mut visit: Visit, stage: Stage, readiness: Readiness) {
        visit.look = Look::Seen(readiness);
        match (stage, readiness) {
            (Stage::Querying(purpose), Readiness::Stopped(code)) => {
                self.printer_stopped(visit, purpose == Purpose::Resume, code)
            }
            (Stage::CheckingPrinter { purpose, result, .. }, Readiness::Stopped(code)) => {
                if let (Some(number), Ok(reply)) = (visit.number, result) {
                    self.told_too_late(number, &reply.tickets);
                }
                self.printer_stopped(visit, purpose == Purpose::Resume, code)
            }
            // The look was slow: what the site said meanwhile may be true no more.
            (Stage::CheckingPrinter { purpose, result, since }, Readiness::Ready)
                if self.now.mono.saturating_sub(since) > timing::LIST_FRESH =>
            {
                self.not_yet_acted_on(&visit, &result.map(|reply| reply.tickets).unwrap_or_default());
                self.query(visit, purpose);
            }
            (Stage::CheckingPrinter { purpose, result, .. }, Readiness::Ready) => {
                self.queried(visit, purpose, result);
            }
            (stage, _) => self.state.front = Front::Busy(Box::new(visit), stage),
        }
    }

    fn printer_stopped(&mut self, visit: Visit, resume: bool, code: &'static str) {
        let owed = visit.own_issue && visit.report() != ReportState::None;
        if resume || owed {
            // Issued and owed: refused is nothing.
            let why = "the printer is not ready for what is owed";
            self.end(visit, Verdict { hint: Hint::Printer(code), ..see_counter(why) });
        } else {
            let why = "the printer is not ready";
            self.end(visit, verdict(Outcome::OutOfService, Hint::Printer(code), why));
        }
    }

    pub(super) fn query(&mut self, visit: Visit, purpose: Purpose) {
        let Some(number) = visit.number else { return };
        self.actions.push(Action::Query { asker: Asker::Front(visit.pickup.clone()), number });
        self.state.front = Front::Busy(Box::new(visit), Stage::Querying(purpose));
    }

    /// Shows a refusal at the next whole step after the code, so that its time tells nothing.
    pub(super) fn hold(&mut self, visit: Visit, verdict: Verdict) {
        let step_ms = timing::REFUSAL_STEP.as_millis();
        let elapsed_ms = self.now.mono.saturating_sub(visit.started).as_millis();
        let steps = elapsed_ms.div_ceil(step_ms).max(1);
        let floor = u64::try_from(steps * step_ms).map_or(timing::REFUSAL_STEP, Duration::from_millis);
        let until = visit.started + floor;
        if until <= self.now.mono {
            return self.end(visit, verdict);
        }
        self.state.front = Front::Busy(Box::new(visit), Stage::Holding { verdict, until });
    }
}

/// The pair a cloud's booking has.
pub(super) fn pair(booking: &CloudBooking) -> Option<(BookingNumber, crate::ticket::BookingId)> {
    Some((booking.number?, booking.id.clone()?))
}

/// What the cloud's status says by itself to the one who holds exactly this pair.
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
