//! Query and issue of a booking: from here on the site may hold it as issued to us.

use super::action::Action;
use super::flags::{self, doubts};
use super::input::{Queried, SiteAnswer, SiteTrouble};
use super::lookup::see_counter;
use super::machine::Transition;
use super::policy;
use super::state::{ActivePickup, CustomerState, Purpose, RefusalReason, Seat, Stage};
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{History, IssueState, RecordStep, ReportState};
use crate::ticket::{SeatKey, SeatState, Ticket};

impl Transition<'_> {
    /// Takes the site's answer to 0x03.
    pub(super) fn queried(
        &mut self,
        active: ActivePickup,
        purpose: Purpose,
        result: Result<Queried, SiteTrouble>,
    ) {
        if let Some(number) = active.number.filter(|_| result.is_ok()) {
            self.state.told.acted_on(number);
        }
        let tickets = result.map(|reply| {
            let known = reply.return_value == 0 && !reply.tickets.is_empty();
            if known { reply.tickets } else { Vec::new() }
        });
        match (purpose, tickets) {
            // The report has gone through while the site was asked: what is owed is this kiosk's.
            (Purpose::Issue, Ok(tickets)) if active.issue_stands() => {
                self.may_resume(active, &tickets);
            }
            (Purpose::Issue | Purpose::SetAside, Ok(tickets)) if tickets.is_empty() => {
                self.refused(active, RefusalReason::NoSuchBooking);
            }
            (Purpose::Issue, Ok(tickets)) => self.may_issue(active, tickets),
            (Purpose::SetAside, Ok(_)) => self.refused(active, RefusalReason::SetAside { proven: false }),
            (Purpose::Issue | Purpose::SetAside, Err(_)) => self.refused(active, RefusalReason::Silent),
            (Purpose::IssueAgain, Ok(tickets)) => self.may_issue_again(active, &tickets),
            (Purpose::IssueAgain, Err(_)) => {
                self.send_to_counter(active, "no answer to the issue, then the site was silent")
            }
            (Purpose::Codes { tries }, Ok(tickets)) => self.codes_arrived(active, tries, &tickets),
            (Purpose::Codes { tries }, Err(_)) => self.codes_arrived(active, tries, &[]),
            (Purpose::Confirm, tickets) => self.confirmed(active, &tickets.unwrap_or_default()),
            (Purpose::Continue, Ok(tickets)) => self.go_on(active, &tickets),
            (Purpose::Continue, Err(_)) if self.machine.policy.claim_stands() => self.print_next(active),
            (Purpose::Continue, Err(_)) => self.finish(active),
            (Purpose::Resume, Ok(tickets)) => self.may_resume(active, &tickets),
            (Purpose::Resume, Err(_)) => {
                self.end(active, see_counter("the site was silent, what is owed could not be checked"));
            }
        }
    }

    /// Decides on the issue when the site knows the booking: which seats are ours, and does policy allow them?
    fn may_issue(&mut self, mut active: ActivePickup, tickets: Vec<Ticket>) {
        if !policy::seats_differ(&tickets) {
            return self.refused(active, RefusalReason::Silent);
        }
        if self.list_was_short(&mut active, &tickets) {
            self.not_yet_acted_on(&active, &tickets);
            return self.query(active, Purpose::Issue);
        }
        let lost = self.sort_reserved(&mut active, &tickets);
        let (ours, elsewhere) = self.part_ours(&active, tickets);
        active.elsewhere = elsewhere.iter().map(Ticket::key).collect();
        let found = left_out(&active, elsewhere);
        if ours.is_empty() {
            return self.nothing_to_issue(active, found);
        }
        if active.history.is_none()
            && let Some(why) = policy::objection(&self.machine.policy, &ours, self.now.wall)
        {
            return self.refused(active, why);
        }
        let short = |left: u32| u32::try_from(ours.len()).is_ok_and(|wanted| wanted > left);
        if active.history.is_none() && self.state.paper_left.is_some_and(short) {
            return self.refused(active, RefusalReason::PaperShort);
        }
        active.seats.retain(|seat| !lost.contains(&seat.key) && !ours.iter().any(|t| t.key() == seat.key));
        active.seats.extend(ours.iter().map(owed));
        active.seats.extend(found_seats(&found));
        self.issue(active, ours, lost, found);
    }

    /// Asks for the list again, once: a seat that is reserved from before and missing once is no seat withdrawn.
    pub(super) fn list_was_short(&self, active: &mut ActivePickup, tickets: &[Ticket]) -> bool {
        active.listed = tickets.iter().map(Ticket::key).collect();
        let listed = |key: &SeatKey| active.listed.contains(key);
        let short = active.wanted().any(|seat| !listed(&seat.key)) && !active.asked_again;
        active.asked_again = short;
        short
    }

    /// Sorts the seats that are reserved from an earlier attempt: those that the site doesn't list, or shows as
    /// printed, are doubtful. Returns those that are known to be somebody else's.
    fn sort_reserved(&self, active: &mut ActivePickup, tickets: &[Ticket]) -> Vec<SeatKey> {
        let released = active.history.as_ref().is_some_and(|h: &History| h.issue == IssueState::Released);
        let theirs = released && self.machine.policy.flags_at == FlagsAt::Report;
        let (mut lost, mut doubtful) = (Vec::new(), Vec::new());
        for seat in active.wanted() {
            match tickets.iter().find(|ticket| ticket.key() == seat.key) {
                None => doubtful.push((seat.key.clone(), flags::NOT_LISTED)),
                Some(ticket) if !ticket.printed || self.flag_is_our_claim(active, &seat.key) => {}
                Some(_) if theirs => lost.push(seat.key.clone()),
                Some(_) => doubtful.push((seat.key.clone(), flags::BEFORE_REPORT)),
            }
        }
        active.doubtful.extend(doubtful);
        lost
    }

    /// Parts the tickets into what this pickup may ask for and what is somebody else's.
    fn part_ours(&self, active: &ActivePickup, tickets: Vec<Ticket>) -> (Vec<Ticket>, Vec<Ticket>) {
        // A void seat is ours again when the site gives it again, but not where paper of it may exist.
        let no_paper = active.report() == ReportState::None;
        let free = |key: &SeatKey| {
            let held = active.seats.iter().find(|seat| seat.key == *key);
            held.is_none_or(|seat| match seat.state {
                SeatState::Reserved => !active.doubts(key),
                SeatState::Void => no_paper,
                _ => false,
            })
        };
        let reserved = |key: &SeatKey| active.wanted().any(|seat| seat.key == *key);
        let may = |ticket: &Ticket| {
            let key = ticket.key();
            let open = !ticket.printed || (reserved(&key) && self.flag_is_our_claim(active, &key));
            // Where 0x05 flags all that it gives, a list that shows another seat without a flag is older than that.
            let known = active.seats.iter().any(|seat| seat.key == key);
            let older = self.issue_sets_flags() && active.own_issue && !known;
            open && !older && !active.taken.contains(&key) && free(&key)
        };
        tickets.into_iter().partition(may)
    }

    /// Ends a pickup whose seats are all printed, taken or doubtful.
    fn nothing_to_issue(&mut self, mut active: ActivePickup, found: Vec<RecordStep>) {
        if !active.own_issue || (active.doubtful.is_empty() && found.is_empty()) {
            return self.refused(active, RefusalReason::AllPrinted);
        }
        let mut steps = doubts(&mut active);
        steps.extend(found);
        self.end_with(active, steps, see_counter("the site says printed before this kiosk's report"));
    }

    fn issue(
        &mut self,
        mut active: ActivePickup,
        ours: Vec<Ticket>,
        lost: Vec<SeatKey>,
        found: Vec<RecordStep>,
    ) {
        let Some(number) = active.number else { return };
        let mut steps = vec![RecordStep::Issuing { number, id: active.id.clone(), seats: ours }];
        steps.extend(lost.into_iter().map(|seat| void(seat, "released here, then printed elsewhere")));
        steps.extend(found);
        active.tied = true;
        self.record(&mut active, steps);
        active.issued_at = Some(self.now.mono);
        self.actions.push(Action::Issue { pickup: active.pickup.clone(), number, id: active.id.clone() });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Issuing);
    }

    /// Sends 0x05 once more after one without an answer, signed in and queried again, if the seats are as they were.
    fn may_issue_again(&mut self, mut active: ActivePickup, tickets: &[Ticket]) {
        let unchanged = active.wanted().all(|seat| tickets.iter().any(|t| t.key() == seat.key && !t.printed));
        if !unchanged {
            return self.send_to_counter(active, "no answer to the issue, then the site's seats had changed");
        }
        let Some(number) = active.number else { return };
        refresh(&mut active, tickets);
        active.second_issue = true;
        active.issued_at = Some(self.now.mono);
        self.actions.push(Action::Issue { pickup: active.pickup.clone(), number, id: active.id.clone() });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Issuing);
    }

    /// Takes the site's answer to 0x05.
    pub(super) fn issued(&mut self, mut active: ActivePickup, answer: SiteAnswer) {
        match answer {
            SiteAnswer::Value(0) => self.is_ours(active, Vec::new()),
            // The earlier issue may still stand: only "already printed" says so, and only where no claim ever lapses.
            SiteAnswer::Value(1)
                if active.own_issue && !active.unanswered && self.machine.policy.claim_stands() =>
            {
                self.query(active, Purpose::Confirm);
            }
            SiteAnswer::Value(return_value) if active.own_issue || active.unanswered => {
                self.keep_claim(active, return_value);
            }
            SiteAnswer::Value(return_value) => {
                self.record(&mut active, vec![RecordStep::IssueRefused { return_value, claim_kept: false }]);
                active.seats.clear();
                active.tied = false;
                self.refused(active, RefusalReason::Refused);
            }
            SiteAnswer::NoReply if active.second_issue => {
                self.record(&mut active, vec![RecordStep::IssueUnanswered]);
                self.send_to_counter(active, "no answer to the issue, twice");
            }
            SiteAnswer::NoReply => {
                active.unanswered = true;
                self.record(&mut active, vec![RecordStep::IssueUnanswered]);
                self.query(active, Purpose::IssueAgain);
            }
            SiteAnswer::NotSent if active.unanswered => {
                self.send_to_counter(active, "no answer to the issue, then it could not be sent again");
            }
            SiteAnswer::NotSent => {
                active.issued_at = None;
                let before = active.history.as_ref().map(|history| history.issue);
                let kept = before == Some(IssueState::Issued);
                self.record(&mut active, vec![RecordStep::IssueNotSent { kept }]);
                if !active.own_issue {
                    active.seats.clear();
                    active.tied = false;
                }
                self.refused(active, RefusalReason::Silent);
            }
        }
    }

    /// Ends at the counter with what was issued, or may have been, on record as owed.
    pub(super) fn send_to_counter(&mut self, active: ActivePickup, why: &'static str) {
        self.end(active, see_counter(why));
    }

    /// Prints when every owed seat has its code; else asks the site for them again.
    pub(super) fn print_or_wait_for_codes(&mut self, active: ActivePickup, tries: u8) {
        let missing = active.wanted().any(|seat| seat.ticket.as_ref().is_none_or(|t| t.info_code.is_empty()));
        if !missing {
            return self.print_next(active);
        }
        if tries >= timing::CODES_TRIES {
            // A ticket without its code is never printed; the others are.
            return self.print_next(active);
        }
        let until = self.now.mono + timing::CODES_PAUSE;
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::WaitingForCodes { tries, until });
    }

    pub(super) fn query_for_codes(&mut self, active: ActivePickup, tries: u8) {
        self.query(active, Purpose::Codes { tries: tries + 1 });
    }

    /// Goes on after 0x06 = 0, or as good as that. What was doubtful is uncertain from now on: it was issued with the
    /// rest.
    fn is_ours(&mut self, mut active: ActivePickup, mut steps: Vec<RecordStep>) {
        active.own_issue = true;
        active.unanswered = false;
        active.issued_now = true;
        steps.push(RecordStep::Issued);
        let doubtful = std::mem::take(&mut active.doubtful).into_iter();
        let (missing, flagged): (Vec<_>, Vec<_>) = doubtful.partition(|(_, why)| *why == flags::NOT_LISTED);
        active.doubtful = flagged;
        steps.extend(doubts(&mut active));
        self.record(&mut active, steps);
        if missing.is_empty() {
            return self.print_or_wait_for_codes(active, 0);
        }
        // These seats were refunded, as the cloud may say, or left out.
        active.doubtful.extend(missing);
        self.ask_refunds(active);
    }

    /// Takes the flags after the site has answered 1 to an 0x05 for what this kiosk has issued before: still ours only
    /// if they say that nothing came out.
    fn confirmed(&mut self, active: ActivePickup, tickets: &[Ticket]) {
        let untouched = active.wanted().all(|seat| {
            tickets.iter().any(|ticket| {
                let own = self.flag_is_our_claim(&active, &seat.key);
                ticket.key() == seat.key && (own || !ticket.printed)
            })
        });
        if untouched {
            let kept = RecordStep::IssueRefused { return_value: 1, claim_kept: true };
            return self.is_ours(active, vec![kept]);
        }
        self.keep_claim(active, 1);
    }

    /// Keeps the claim where nobody can tell if the site gave the booking to somebody else or keeps it for this kiosk.
    /// What was issued here before is uncertain from now on; what may have been stays on record as owed.
    fn keep_claim(&mut self, mut active: ActivePickup, return_value: u8) {
        let mut steps = vec![RecordStep::IssueRefused { return_value, claim_kept: true }];
        if active.owes() {
            let wanted: Vec<_> =
                active.wanted().map(|seat| (seat.key.clone(), flags::REFUSED_AGAIN)).collect();
            active.doubtful.extend(wanted);
            steps.extend(doubts(&mut active));
        } else {
            active.unanswered = true;
        }
        self.record(&mut active, steps);
        self.refused(active, RefusalReason::Refused);
    }

    fn codes_arrived(&mut self, mut active: ActivePickup, tries: u8, tickets: &[Ticket]) {
        let steps = self.flagged_now(&mut active, tickets);
        let fresh = refresh(&mut active, tickets);
        let codes = (!fresh.is_empty()).then_some(RecordStep::CodesArrived { seats: fresh });
        let steps: Vec<RecordStep> = codes.into_iter().chain(steps).collect();
        if !steps.is_empty() {
            self.record(&mut active, steps);
        }
        self.print_or_wait_for_codes(active, tries);
    }
}

/// Returns the seat of a ticket that is ours to print.
fn owed(ticket: &Ticket) -> Seat {
    Seat {
        key: ticket.key(),
        name: ticket.seat_name.clone(),
        state: SeatState::Reserved,
        ticket: Some(ticket.clone()),
        not_owed: false,
    }
}

/// Returns the steps for seats that are not this pickup's to ask for and that no record knows, of a booking that this
/// kiosk has issued: the list before the issue had left them out, and 0x05 took them with the rest.
fn left_out(active: &ActivePickup, elsewhere: Vec<Ticket>) -> Vec<RecordStep> {
    let held = active.history.as_ref().is_some_and(|history| history.issue != IssueState::Released);
    let unknown = |ticket: &Ticket| {
        let key = ticket.key();
        !active.taken.contains(&key) && !active.seats.iter().any(|seat| seat.key == key)
    };
    let found: Vec<Ticket> = elsewhere.into_iter().filter(unknown).collect();
    if !(held && active.own_issue) || found.is_empty() {
        return Vec::new();
    }
    let unsure = found.iter().map(|ticket| flags::uncertain_step(ticket.key(), flags::BEFORE_REPORT));
    let unsure: Vec<RecordStep> = unsure.collect();
    std::iter::once(RecordStep::SeatsFound { seats: found }).chain(unsure).collect()
}

/// Returns the seats that these steps have found, as seats of the pickup.
fn found_seats(steps: &[RecordStep]) -> Vec<Seat> {
    let tickets = steps.iter().filter_map(|step| match step {
        RecordStep::SeatsFound { seats } => Some(seats),
        _ => None,
    });
    let unsure = |ticket: &Ticket| Seat { state: SeatState::Uncertain, ticket: None, ..owed(ticket) };
    tickets.flatten().map(unsure).collect()
}

fn void(seat: SeatKey, why: &str) -> RecordStep {
    RecordStep::Seat { seat, state: SeatState::Void, why: why.into() }
}

/// Takes the content of the seats still owed from a fresh answer; returns what has changed.
pub(super) fn refresh(active: &mut ActivePickup, tickets: &[Ticket]) -> Vec<Ticket> {
    let mut fresh = Vec::new();
    for seat in active.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved) {
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
