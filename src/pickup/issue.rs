//! The query and the issue: from here on the site may hold the booking as issued to us.

use super::action::Action;
use super::flags::{self, doubts};
use super::input::{Answer, Queried, SiteTrouble};
use super::lookup::see_counter;
use super::machine::Turn;
use super::policy;
use super::state::{Front, Purpose, Seat, Stage, Visit, Why};
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{History, IssueState, ReportState, Step};
use crate::ticket::{SeatKey, SeatState, Ticket};

impl Turn<'_> {
    /// The site has answered 0x03.
    pub(super) fn queried(&mut self, visit: Visit, purpose: Purpose, result: Result<Queried, SiteTrouble>) {
        if let Some(number) = visit.number.filter(|_| result.is_ok()) {
            self.state.told.acted_on(number);
        }
        let tickets = result.map(|reply| {
            let known = reply.return_value == 0 && !reply.tickets.is_empty();
            if known { reply.tickets } else { Vec::new() }
        });
        match (purpose, tickets) {
            // The report has gone through while the site was asked: what is owed is this kiosk's.
            (Purpose::Issue, Ok(tickets)) if visit.issue_stands() => {
                self.may_resume(visit, &tickets);
            }
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
            (Purpose::Confirm, tickets) => self.confirmed(visit, &tickets.unwrap_or_default()),
            (Purpose::Continue, Ok(tickets)) => self.go_on(visit, &tickets),
            (Purpose::Continue, Err(_)) if self.machine.policy.claim_stands() => self.print_next(visit),
            (Purpose::Continue, Err(_)) => self.finish(visit),
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
        if self.list_was_short(&mut visit, &tickets) {
            self.not_yet_acted_on(&visit, &tickets);
            return self.query(visit, Purpose::Issue);
        }
        let lost = self.sort_reserved(&mut visit, &tickets);
        let (ours, elsewhere) = self.part_ours(&visit, tickets);
        visit.elsewhere = elsewhere.iter().map(Ticket::key).collect();
        let found = left_out(&visit, elsewhere);
        if ours.is_empty() {
            return self.nothing_to_issue(visit, found);
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
        visit.seats.retain(|seat| !lost.contains(&seat.key) && !ours.iter().any(|t| t.key() == seat.key));
        visit.seats.extend(ours.iter().map(owed));
        visit.seats.extend(found_seats(&found));
        self.issue(visit, ours, lost, found);
    }

    /// A seat that is reserved from before and missing once is no seat withdrawn: the list is asked for again, once.
    pub(super) fn list_was_short(&self, visit: &mut Visit, tickets: &[Ticket]) -> bool {
        visit.listed = tickets.iter().map(Ticket::key).collect();
        let listed = |key: &SeatKey| visit.listed.contains(key);
        let short = visit.wanted().any(|seat| !listed(&seat.key)) && !visit.asked_again;
        visit.asked_again = short;
        short
    }

    /// Sorts the seats that are reserved from an earlier attempt: those that the site doesn't list, or shows as
    /// printed, are doubtful. Gives those that are known to be somebody else's.
    fn sort_reserved(&self, visit: &mut Visit, tickets: &[Ticket]) -> Vec<SeatKey> {
        let released = visit.history.as_ref().is_some_and(|h: &History| h.issue == IssueState::Released);
        let theirs = released && self.machine.policy.flags_at == FlagsAt::Report;
        let (mut lost, mut doubtful) = (Vec::new(), Vec::new());
        for seat in visit.wanted() {
            match tickets.iter().find(|ticket| ticket.key() == seat.key) {
                None => doubtful.push((seat.key.clone(), flags::NOT_LISTED)),
                Some(ticket) if !ticket.printed || self.flag_is_our_claim(visit, &seat.key) => {}
                Some(_) if theirs => lost.push(seat.key.clone()),
                Some(_) => doubtful.push((seat.key.clone(), flags::BEFORE_REPORT)),
            }
        }
        visit.doubtful.extend(doubtful);
        lost
    }

    /// What this pickup may ask for, and what is somebody else's.
    fn part_ours(&self, visit: &Visit, tickets: Vec<Ticket>) -> (Vec<Ticket>, Vec<Ticket>) {
        // A void seat is ours again when the site gives it again, but not where paper of it may exist.
        let no_paper = visit.report() == ReportState::None;
        let free = |key: &SeatKey| {
            let held = visit.seats.iter().find(|seat| seat.key == *key);
            held.is_none_or(|seat| match seat.state {
                SeatState::Reserved => !visit.doubts(key),
                SeatState::Void => no_paper,
                _ => false,
            })
        };
        let reserved = |key: &SeatKey| visit.wanted().any(|seat| seat.key == *key);
        let may = |ticket: &Ticket| {
            let key = ticket.key();
            let open = !ticket.printed || (reserved(&key) && self.flag_is_our_claim(visit, &key));
            // Where 0x05 flags all that it gives, a list that shows another seat without a flag is older than that.
            let known = visit.seats.iter().any(|seat| seat.key == key);
            let older = self.issue_sets_flags() && visit.own_issue && !known;
            open && !older && !visit.taken.contains(&key) && free(&key)
        };
        tickets.into_iter().partition(may)
    }

    /// Every seat is printed, taken or doubtful.
    fn nothing_to_issue(&mut self, mut visit: Visit, found: Vec<Step>) {
        if !visit.own_issue || (visit.doubtful.is_empty() && found.is_empty()) {
            return self.refused(visit, Why::AllPrinted);
        }
        let mut steps = doubts(&mut visit);
        steps.extend(found);
        self.end_with(visit, steps, see_counter("the site says printed before this kiosk's report"));
    }

    fn issue(&mut self, mut visit: Visit, ours: Vec<Ticket>, lost: Vec<SeatKey>, found: Vec<Step>) {
        let Some(number) = visit.number else { return };
        let mut steps = vec![Step::Issuing { number, id: visit.id.clone(), seats: ours }];
        steps.extend(lost.into_iter().map(|seat| void(seat, "released here, then printed elsewhere")));
        steps.extend(found);
        visit.tied = true;
        self.record(&mut visit, steps);
        visit.issued_at = Some(self.now.mono);
        self.actions.push(Action::Issue { pickup: visit.pickup.clone(), number, id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::Issuing);
    }

    /// After an 0x05 without an answer: signed in and queried again, it may be sent once more, if
    /// the seats are as they were.
    fn may_issue_again(&mut self, mut visit: Visit, tickets: &[Ticket]) {
        let unchanged = visit.wanted().all(|seat| tickets.iter().any(|t| t.key() == seat.key && !t.printed));
        if !unchanged {
            return self.send_to_counter(visit, "no answer to the issue, then the site's seats had changed");
        }
        let Some(number) = visit.number else { return };
        refresh(&mut visit, tickets);
        visit.second_issue = true;
        visit.issued_at = Some(self.now.mono);
        self.actions.push(Action::Issue { pickup: visit.pickup.clone(), number, id: visit.id.clone() });
        self.state.front = Front::Busy(Box::new(visit), Stage::Issuing);
    }

    /// What became of 0x05.
    pub(super) fn issued(&mut self, mut visit: Visit, answer: Answer) {
        match answer {
            Answer::Value(0) => self.is_ours(visit, Vec::new()),
            // The earlier issue may still stand: only "already printed" says so, and only where no claim ever lapses.
            Answer::Value(1)
                if visit.own_issue && !visit.unanswered && self.machine.policy.claim_stands() =>
            {
                self.query(visit, Purpose::Confirm);
            }
            Answer::Value(return_value) if visit.own_issue || visit.unanswered => {
                self.keep_claim(visit, return_value);
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
                visit.issued_at = None;
                let before = visit.history.as_ref().map(|history| history.issue);
                let kept = before == Some(IssueState::Issued);
                self.record(&mut visit, vec![Step::IssueNotSent { kept }]);
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
    pub(super) fn print_or_wait_for_codes(&mut self, visit: Visit, tries: u8) {
        let missing = visit.wanted().any(|seat| seat.ticket.as_ref().is_none_or(|t| t.info_code.is_empty()));
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

    /// 0x06 = 0, or as good as that. What was doubtful before is uncertain from now on: it was issued with the rest.
    fn is_ours(&mut self, mut visit: Visit, mut steps: Vec<Step>) {
        visit.own_issue = true;
        visit.unanswered = false;
        visit.issued_now = true;
        steps.push(Step::Issued);
        let doubtful = std::mem::take(&mut visit.doubtful).into_iter();
        let (missing, flagged): (Vec<_>, Vec<_>) = doubtful.partition(|(_, why)| *why == flags::NOT_LISTED);
        visit.doubtful = flagged;
        steps.extend(doubts(&mut visit));
        self.record(&mut visit, steps);
        if missing.is_empty() {
            return self.print_or_wait_for_codes(visit, 0);
        }
        // Refunded, as the cloud may say, or left out.
        visit.doubtful.extend(missing);
        self.ask_refunds(visit);
    }

    /// The site has answered 1 to an 0x05 for what this kiosk has issued before: still ours only if its flags say that
    /// nothing came out.
    fn confirmed(&mut self, visit: Visit, tickets: &[Ticket]) {
        let untouched = visit.wanted().all(|seat| {
            tickets.iter().any(|ticket| {
                let own = self.flag_is_our_claim(&visit, &seat.key);
                ticket.key() == seat.key && (own || !ticket.printed)
            })
        });
        if untouched {
            let kept = Step::IssueRefused { return_value: 1, claim_kept: true };
            return self.is_ours(visit, vec![kept]);
        }
        self.keep_claim(visit, 1);
    }

    /// The site gave it to somebody else, or keeps it for this kiosk: nobody can tell. What was issued here before is
    /// uncertain from now on; what may have been stays on record as owed.
    fn keep_claim(&mut self, mut visit: Visit, return_value: u8) {
        let mut steps = vec![Step::IssueRefused { return_value, claim_kept: true }];
        if visit.owes() {
            let wanted: Vec<_> =
                visit.wanted().map(|seat| (seat.key.clone(), flags::REFUSED_AGAIN)).collect();
            visit.doubtful.extend(wanted);
            steps.extend(doubts(&mut visit));
        } else {
            visit.unanswered = true;
        }
        self.record(&mut visit, steps);
        self.refused(visit, Why::Refused);
    }

    fn codes_arrived(&mut self, mut visit: Visit, tries: u8, tickets: &[Ticket]) {
        let steps = self.flagged_now(&mut visit, tickets);
        let fresh = refresh(&mut visit, tickets);
        let codes = (!fresh.is_empty()).then_some(Step::CodesArrived { seats: fresh });
        let steps: Vec<Step> = codes.into_iter().chain(steps).collect();
        if !steps.is_empty() {
            self.record(&mut visit, steps);
        }
        self.print_or_wait_for_codes(visit, tries);
    }
}

/// A seat that is ours to print.
fn owed(ticket: &Ticket) -> Seat {
    Seat {
        key: ticket.key(),
        name: ticket.seat_name.clone(),
        state: SeatState::Reserved,
        ticket: Some(ticket.clone()),
        not_owed: false,
    }
}

/// Seats that are not this pickup's to ask for and that no record knows, of a booking that this kiosk has issued: the list before the issue
/// had left them out, and 0x05 took them with the rest.
fn left_out(visit: &Visit, elsewhere: Vec<Ticket>) -> Vec<Step> {
    let held = visit.history.as_ref().is_some_and(|history| history.issue != IssueState::Released);
    let unknown = |ticket: &Ticket| {
        let key = ticket.key();
        !visit.taken.contains(&key) && !visit.seats.iter().any(|seat| seat.key == key)
    };
    let found: Vec<Ticket> = elsewhere.into_iter().filter(unknown).collect();
    if !(held && visit.own_issue) || found.is_empty() {
        return Vec::new();
    }
    let unsure = found.iter().map(|ticket| flags::uncertain_step(ticket.key(), flags::BEFORE_REPORT));
    let unsure: Vec<Step> = unsure.collect();
    std::iter::once(Step::SeatsFound { seats: found }).chain(unsure).collect()
}

/// The same as seats of the pickup.
fn found_seats(steps: &[Step]) -> Vec<Seat> {
    let tickets = steps.iter().filter_map(|step| match step {
        Step::SeatsFound { seats } => Some(seats),
        _ => None,
    });
    let unsure = |ticket: &Ticket| Seat { state: SeatState::Uncertain, ticket: None, ..owed(ticket) };
    tickets.flatten().map(unsure).collect()
}

fn void(seat: SeatKey, why: &str) -> Step {
    Step::Seat { seat, state: SeatState::Void, why: why.into() }
}

/// Takes the content of the seats still owed from a fresh answer; what has changed is given back.
pub(super) fn refresh(visit: &mut Visit, tickets: &[Ticket]) -> Vec<Ticket> {
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
