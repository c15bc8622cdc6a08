//! The query and the issue: from here on the site may hold the booking as issued to us.

use super::action::Action;
use super::input::{Answer, Queried, SiteTrouble};
use super::lookup::{see_counter, settled_by_cloud};
use super::machine::Turn;
use super::policy;
use super::state::{Front, Purpose, Seat, Stage, Visit, Why};
use super::timing;
use crate::journal::record::{History, ReportState, Step};
use crate::ticket::{Outcome, SeatKey, SeatState, Ticket};
use crate::vista::answer::CloudAnswer;

impl Turn<'_> {
    /// The site has answered 0x03.
    pub(super) fn queried(&mut self, visit: Visit, purpose: Purpose, result: Result<Queried, SiteTrouble>) {
        let tickets = result.map(|reply| {
            let known = reply.return_value == 0 && !reply.tickets.is_empty();
            if known { reply.tickets } else { Vec::new() }
        });
        match (purpose, tickets) {
            (Purpose::Issue | Purpose::SetAside, Ok(tickets)) if tickets.is_empty() => {
                self.refused(visit, Why::NoSuchBooking);
            }
            (Purpose::Issue, Ok(tickets)) => self.may_issue(visit, tickets),
            (Purpose::SetAside, Ok(_)) => self.refused(visit, Why::SetAside { proven: false }),
            (Purpose::Issue | Purpose::SetAside, Err(_)) => self.refused(visit, Why::Silent),
            (Purpose::IssueAgain, Ok(tickets)) => self.may_issue_again(visit, &tickets),
            (Purpose::IssueAgain, Err(_)) => {
                self.send_to_counter(visit, "no answer to the issue, then the site was silent")
            }
            (Purpose::Codes { tries }, Ok(tickets)) => self.codes_arrived(visit, tries, &tickets),
            (Purpose::Codes { tries }, Err(_)) => self.codes_arrived(visit, tries, &[]),
            (Purpose::Resume, Ok(tickets)) => self.may_resume(visit, &tickets),
            (Purpose::Resume, Err(_)) => {
                self.end(visit, see_counter("the site was silent, what is owed could not be checked"));
            }
        }
    }

    /// The site knows the booking. Which seats are ours, and does policy allow them?
    fn may_issue(&mut self, mut visit: Visit, tickets: Vec<Ticket>) {
        if !policy::seats_differ(&tickets) {
            return self.refused(visit, Why::Silent);
        }
        // A void seat is ours again when the site gives it again, but not where paper of it may exist.
        let no_paper = visit.history.as_ref().is_none_or(|history| history.report == ReportState::None);
        let gone = |key: &SeatKey| {
            let held = visit.seats.iter().find(|seat| seat.key == *key);
            held.is_some_and(|seat| match seat.state {
                SeatState::Reserved => false,
                SeatState::Void => !no_paper,
                _ => true,
            })
        };
        let ours: Vec<Ticket> = tickets
            .into_iter()
            .filter(|t| !t.printed && !visit.taken.contains(&t.key()) && !gone(&t.key()))
            .collect();
        if ours.is_empty() {
            return self.refused(visit, Why::AllPrinted);
        }
        if visit.history.is_none()
            && let Some(why) = policy::objection(&self.machine.policy, &ours, self.now.wall)
        {
            return self.refused(visit, why);
        }
        let short = |left: u32| u32::try_from(ours.len()).is_ok_and(|wanted| wanted > left);
        if visit.history.is_none() && self.state.paper_left.is_some_and(short) {
            return self.refused(visit, Why::PaperShort);
        }
        // Seats held from an earlier attempt that the site no longer gives us are not owed.
        let lost: Vec<SeatKey> = visit
            .seats
            .iter()
            .filter(|seat| seat.state == SeatState::Reserved && !ours.iter().any(|t| t.key() == seat.key))
            .map(|seat| seat.key.clone())
            .collect();
        visit.seats.retain(|seat| !lost.contains(&seat.key) && !ours.iter().any(|t| t.key() == seat.key));
        visit.seats.extend(ours.iter().map(owed));
        self.issue(visit, ours, lost);
    }

    fn issue(&mut self, mut visit: Visit, ours: Vec<Ticket>, lost: Vec<SeatKey>) {
        let Some(number) = visit.number else { return };
        let mut steps = vec![Step::Issuing { number, id: visit.id.clone(), seats: ours }];
        steps.extend(
            lost.into_iter().map(|seat| void(seat, "refunded or printed elsewhere before this issue")),
        );
        visit.tied = true;
        self.record(&mut visit, steps);
        self.actions.push(Action::Issue { pickup: visit.pickup.clone(), number, id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::Issuing);
    }

    /// After an 0x05 without an answer: signed in and queried again, it may be sent once more, if
    /// the seats are as they were.
    fn may_issue_again(&mut self, mut visit: Visit, tickets: &[Ticket]) {
        let unchanged = visit
            .seats
            .iter()
            .filter(|seat| seat.state == SeatState::Reserved)
            .all(|seat| tickets.iter().any(|t| t.key() == seat.key && !t.printed));
        if !unchanged {
            return self.send_to_counter(visit, "no answer to the issue, then the site's seats had changed");
        }
        let Some(number) = visit.number else { return };
        refresh(&mut visit, tickets);
        visit.second_issue = true;
        self.actions.push(Action::Issue { pickup: visit.pickup.clone(), number, id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::Issuing);
    }

    /// What became of 0x05.
    pub(super) fn issued(&mut self, mut visit: Visit, answer: Answer) {
        match answer {
            Answer::Value(0) => {
                visit.own_issue = true;
                visit.unanswered = false;
                self.record(&mut visit, vec![Step::Issued]);
                self.print_or_wait_for_codes(visit, 0);
            }
            Answer::Value(return_value) if visit.own_issue => {
                // Our earlier issue is on record and the query shows the seats unprinted: still ours.
                self.record(
                    &mut visit,
                    vec![Step::IssueRefused { return_value, claim_kept: true }, Step::Issued],
                );
                self.print_or_wait_for_codes(visit, 0);
            }
            Answer::Value(return_value) if visit.unanswered => {
                self.record(&mut visit, vec![Step::IssueRefused { return_value, claim_kept: true }]);
                self.refused(visit, Why::Refused);
            }
            Answer::Value(return_value) => {
                self.record(&mut visit, vec![Step::IssueRefused { return_value, claim_kept: false }]);
                visit.seats.clear();
                visit.tied = false;
                self.refused(visit, Why::Refused);
            }
            Answer::NoReply if visit.second_issue => {
                self.record(&mut visit, vec![Step::IssueUnanswered]);
                self.send_to_counter(visit, "no answer to the issue, twice");
            }
            Answer::NoReply => {
                visit.unanswered = true;
                self.record(&mut visit, vec![Step::IssueUnanswered]);
                self.query(visit, Purpose::IssueAgain);
            }
            Answer::NotSent if visit.unanswered => {
                self.send_to_counter(visit, "no answer to the issue, then it could not be sent again");
            }
            Answer::NotSent => {
                self.record(&mut visit, vec![Step::IssueNotSent]);
                if !visit.own_issue {
                    visit.seats.clear();
                    visit.tied = false;
                }
                self.refused(visit, Why::Silent);
            }
        }
    }

    /// Ends at the counter with what was issued, or may have been, on record as owed.
    pub(super) fn send_to_counter(&mut self, visit: Visit, why: &'static str) {
        self.end(visit, see_counter(why));
    }

    /// Prints when every owed seat has its code; else asks the site for them again.
    fn print_or_wait_for_codes(&mut self, visit: Visit, tries: u8) {
        let missing = visit.seats.iter().any(|seat| {
            seat.state == SeatState::Reserved && seat.ticket.as_ref().is_none_or(|t| t.info_code.is_empty())
        });
        if !missing {
            return self.print_next(visit);
        }
        if tries >= timing::CODES_TRIES {
            // A ticket without its code is never printed; the others are.
            return self.print_next(visit);
        }
        let until = self.now.mono + timing::CODES_PAUSE;
        self.state.front = Front::Busy(Box::new(visit), Stage::WaitingForCodes { tries, until });
    }

    pub(super) fn query_for_codes(&mut self, visit: Visit, tries: u8) {
        self.query(visit, Purpose::Codes { tries: tries + 1 });
    }

    fn codes_arrived(&mut self, mut visit: Visit, tries: u8, tickets: &[Ticket]) {
        let fresh = refresh(&mut visit, tickets);
        if !fresh.is_empty() {
            self.record(&mut visit, vec![Step::CodesArrived { seats: fresh }]);
        }
        self.print_or_wait_for_codes(visit, tries);
    }

    // -- going on with an issue on record --

    /// Owed seats are looked for in the site's fresh answer before they are printed.
    fn may_resume(&mut self, mut visit: Visit, tickets: &[Ticket]) {
        if tickets.is_empty() || !policy::seats_differ(tickets) {
            return self.ask_refunds(visit);
        }
        let report = visit.history.as_ref().map_or(ReportState::None, |h: &History| h.report);
        let (mut steps, mut unclear) = (Vec::new(), false);
        for seat in visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved) {
            let now = tickets.iter().find(|t| t.key() == seat.key);
            let flagged = now.is_some_and(|t| t.printed);
            match (now, report) {
                (None, _) => steps.push(void_seat(seat, "refunded: the site no longer lists it")),
                (Some(_), ReportState::None | ReportState::Due { sent: false }) if flagged => {
                    steps.push(void_seat(seat, "printed elsewhere before our report"));
                }
                (Some(_), ReportState::Due { sent: true } | ReportState::Refused) if flagged => {
                    unclear = true
                }
                (Some(_), _) => {}
            }
        }
        if unclear {
            let why = "the site says printed: by our own report or by somebody else";
            return self.end_with(visit, steps, see_counter(why));
        }
        let fresh = refresh(&mut visit, tickets);
        if let Some(number) = visit.number {
            steps.insert(0, Step::Resumed { number, id: visit.id.clone(), seats: fresh });
            visit.tied = true;
        }
        self.record(&mut visit, steps);
        if visit.next_owed().is_none() {
            return self.nothing_owed(visit, Vec::new());
        }
        self.ask_refunds(visit);
    }

    fn ask_refunds(&mut self, visit: Visit) {
        if !self.machine.policy.cloud {
            return self.refunds_known(visit, CloudAnswer::Unavailable(String::new()));
        }
        self.actions.push(Action::AskCloud { pickup: visit.pickup.clone(), id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::AskingRefunds);
    }

    /// The cloud has said whether the booking still stands.
    pub(super) fn refunds_known(&mut self, mut visit: Visit, answer: CloudAnswer) {
        let settled = match &answer {
            CloudAnswer::Booking(booking) if booking.number == visit.number => settled_by_cloud(booking),
            _ => None,
        };
        let withdrawn = settled.filter(|v| matches!(v.outcome, Outcome::Refunded | Outcome::Cancelled));
        if let Some(verdict) = withdrawn {
            let owed = visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
            let steps = owed.map(|seat| void_seat(seat, verdict.why)).collect();
            visit.cloud = Some(answer);
            return self.nothing_owed(visit, steps);
        }
        if !visit.tied {
            // The site's query gave nothing to go on with.
            return self.end(visit, see_counter("the site no longer lists what is owed"));
        }
        self.print_or_wait_for_codes(visit, 0);
    }

    /// Whatever was owed is void now.
    fn nothing_owed(&mut self, visit: Visit, steps: Vec<Step>) {
        let unsure = visit.seats.iter().any(|seat| !seat.state.settled());
        let out = visit.seats.iter().any(|seat| seat.state != SeatState::Void);
        let by_cloud = match &visit.cloud {
            Some(CloudAnswer::Booking(booking)) => settled_by_cloud(booking),
            _ => None,
        };
        let verdict = match by_cloud {
            _ if unsure => see_counter("a ticket's fate is unknown"),
            Some(verdict) => verdict,
            None if out => super::lookup::verdict(
                Outcome::AlreadyCollected,
                super::state::Hint::None,
                "nothing is owed any more",
            ),
            None => see_counter("what was owed was refunded or printed elsewhere"),
        };
        self.end_with(visit, steps, verdict);
    }
}

/// A seat that is ours to print.
fn owed(ticket: &Ticket) -> Seat {
    Seat {
        key: ticket.key(),
        name: ticket.seat_name.clone(),
        state: SeatState::Reserved,
        ticket: Some(ticket.clone()),
    }
}

fn void(seat: SeatKey, why: &str) -> Step {
    Step::Seat { seat, state: SeatState::Void, why: why.into() }
}

fn void_seat(seat: &mut Seat, why: &str) -> Step {
    seat.state = SeatState::Void;
    seat.ticket = None;
    void(seat.key.clone(), why)
}

/// Takes the content of the seats still owed from a fresh answer; what has changed is given back.
fn refresh(visit: &mut Visit, tickets: &[Ticket]) -> Vec<Ticket> {
    let mut fresh = Vec::new();
    for seat in visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved) {
        let Some(now) = tickets.iter().find(|t| t.key() == seat.key && !t.info_code.is_empty()) else {
            continue;
        };
        if seat.ticket.as_ref().is_none_or(|before| before.info_code != now.info_code) {
            seat.ticket = Some(now.clone());
            fresh.push(now.clone());
        }
    }
    fresh
}
