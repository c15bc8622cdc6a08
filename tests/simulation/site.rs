//! Site and cloud: what reaches them, and what comes back.

use super::faults::Fault;
use super::parts;
use super::world::{Event, Fate, World};
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::journal::record::{IssueState, PickupId, ReportState};
use pickup_kiosk::journal::rules::Seat;
use pickup_kiosk::pickup::action::{Action, QueryOrigin};
use pickup_kiosk::pickup::input::{Input, Queried, SiteAnswer, SiteTrouble};
use pickup_kiosk::simulator::cinema::SecondIssue;
use pickup_kiosk::ticket::{BookingId, BookingNumber, SeatState, Ticket};
use pickup_kiosk::vista::answer::CloudAnswer;

/// Time in ms for which silence lasts before it is called so.
const SILENCE_MS: u64 = 5_000;

impl World<'_> {
    /// Sends a request on the kiosk's one connection: one at a time.
    pub fn ask_site(&mut self, kiosk: usize, request: Action) {
        let free_ms = self.kiosks[kiosk].site_free_ms.saturating_sub(self.now_ms);
        let way_ms = self.chance.between(1, 8);
        let (fate, reply_ms) = self.fate(&request);
        if let Action::Query { origin: QueryOrigin::Backlog(number), .. } = request {
            self.truth[parts::index(number)].seen_before_report[kiosk] = false;
        }
        let arrives_ms = free_ms + way_ms;
        self.kiosks[kiosk].site_free_ms = self.now_ms + arrives_ms + reply_ms;
        let life = self.kiosks[kiosk].life;
        self.at(arrives_ms, Event::AtSite { kiosk, life, request: Box::new(request.clone()), fate });
        if fate == Fate::Lost && matches!(request, Action::Issue { .. }) && self.strikes(Fault::LateIssue) {
            let late_ms = arrives_ms + self.chance.between(1, 120_000);
            let request = Box::new(request.clone());
            self.at(late_ms, Event::AtSite { kiosk, life, request, fate: Fate::ReplyLost });
        }
        if let Some(input) = without_reply(request, fate) {
            self.answer(kiosk, arrives_ms + reply_ms, input);
        }
    }

    /// Returns the fate of a request, and the time that its reply takes.
    fn fate(&mut self, request: &Action) -> (Fate, u64) {
        let quick_ms = self.chance.between(1, 8);
        if self.strikes(Fault::SiteAway) {
            (Fate::NotSent, quick_ms)
        } else if self.strikes(Fault::RequestLost) {
            (Fate::Lost, SILENCE_MS)
        } else if self.strikes(Fault::ReplyLost) {
            (Fate::ReplyLost, SILENCE_MS)
        } else if self.strikes(Fault::Malformed) {
            (Fate::Malformed, quick_ms)
        } else if !matches!(request, Action::Query { .. }) && self.strikes(Fault::Refused) {
            (Fate::Refused, quick_ms)
        } else if self.strikes(Fault::ReplyLate) {
            (Fate::Served, SILENCE_MS - 100)
        } else {
            (Fate::Served, quick_ms)
        }
    }

    /// Lets a request arrive.
    pub fn at_site(&mut self, kiosk: usize, life: u32, request: &Action, fate: Fate) {
        let lost = matches!(fate, Fate::Lost | Fate::NotSent);
        // A request that the kiosk had not sent when its power failed never arrives.
        if lost || (self.kiosks[kiosk].life != life && self.chance.below(2) == 0) {
            if let Action::Report { number } = request {
                self.report_arrives(kiosk, *number, None);
            }
            return;
        }
        let done = fate != Fate::Refused;
        let input = match request {
            Action::Query { origin, number } => {
                let arrives = fate == Fate::Served && self.kiosks[kiosk].life == life;
                let before_report = matches!(origin, QueryOrigin::Backlog(_));
                let tickets = self.query(kiosk, *number, arrives && before_report);
                if let (QueryOrigin::Backlog(_), Some(truth)) =
                    (origin, self.truth.get_mut(parts::index(*number)))
                {
                    truth.seen_before_report[kiosk] = fate == Fate::Served;
                }
                let result = Ok(Queried { return_value: 0, tickets });
                Input::Queried { origin: origin.clone(), number: *number, result }
            }
            Action::Issue { pickup, number, id } => {
                let index = parts::index(*number);
                self.truth[index].other_id[kiosk] = self.cinema.bookings[index].id != *id;
                let value = if done { self.issue(kiosk, life, *number, id) } else { 2 };
                Input::Issued { pickup: pickup.clone(), answer: SiteAnswer::Value(value) }
            }
            Action::Report { number } => {
                let value = if done { self.cinema_now().report(*number) } else { 3 };
                self.report_arrives(kiosk, *number, Some(value));
                if done && self.strikes(Fault::AskedTwice) {
                    self.cinema.report(*number);
                }
                Input::Reported { number: *number, answer: SiteAnswer::Value(value) }
            }
            _ => return,
        };
        if matches!(fate, Fate::Served | Fate::Refused) && self.kiosks[kiosk].life == life {
            let in_ms = self.kiosks[kiosk].site_free_ms.saturating_sub(self.now_ms).max(1);
            self.answer(kiosk, in_ms, input);
        }
    }

    /// Takes note of the site's answer to 0x07, or that it never arrived: what the counter printed meanwhile nobody can
    /// tell from it, if it was taken.
    fn report_arrives(&mut self, kiosk: usize, number: BookingNumber, value: Option<u8>) {
        let Some(truth) = self.truth.get_mut(parts::index(number)) else { return };
        truth.report_taken[kiosk] |= value == Some(0);
        for (hidden, in_window) in truth.hidden[kiosk].iter_mut().zip(&mut truth.in_window[kiosk]) {
            *hidden |= std::mem::take(in_window) && value == Some(0);
        }
    }

    /// Returns the site's list of a booking, as it is, short of a seat, or as it was when it was asked before.
    /// `before_report`: the kiosk will hear it, and reports by it.
    fn query(&mut self, kiosk: usize, number: BookingNumber, before_report: bool) -> Vec<Ticket> {
        let mut tickets = self.cinema_now().query(number);
        let index = parts::index(number);
        if self.truth.get(index).is_none() {
            return tickets;
        }
        let before = self.truth[index].last_list.replace(tickets.clone());
        if let Some(before) = before
            && self.strikes(Fault::StaleList)
        {
            for (now, stale) in tickets.iter().zip(&before).filter(|_| before_report) {
                let truth = &mut self.truth[index];
                let seat = parts::seat_index(&now.key());
                let unknown = !truth.report_taken[kiosk] && !truth.told_for_good[kiosk][seat];
                truth.hidden[kiosk][seat] |= now.printed && !stale.printed && unknown;
            }
            tickets = before;
        }
        if !self.truth[index].was_short && !tickets.is_empty() && self.strikes(Fault::ShortList) {
            self.truth[index].was_short = true;
            // A seat left out can't be on record when it is issued; that it is not lost is looked at in the end.
            let out = self.chance.below(tickets.len() as u64) as usize;
            tickets.remove(out);
        }
        if self.strikes(Fault::EmptyCodes) {
            self.truth[index].codes_at_ms = self.now_ms + self.chance.between(500, 30_000);
        }
        for ticket in &mut tickets {
            if self.truth[index].codes_at_ms > self.now_ms {
                ticket.info_code.clear();
            }
        }
        tickets
    }

    /// Takes note of what an answer of the site tells the kiosk, whoever had asked and whether it listens: flags, and
    /// whether it may print. One that comes a second time tells nothing new.
    pub fn told(&mut self, kiosk: usize, input: &Input) {
        match input {
            Input::Queried { result: Ok(reply), origin, .. } => {
                let older = reply.tickets.iter().any(|ticket| !ticket.printed);
                for ticket in &reply.tickets {
                    self.flag_told(kiosk, origin, ticket, older);
                }
            }
            Input::Issued { pickup, answer: SiteAnswer::Value(value) } => {
                let Some(index) = self.kiosks[kiosk].tied.get(pickup).copied() else { return };
                let truth = &mut self.truth[index];
                if truth.other_id[kiosk] {
                    return;
                }
                let holds = truth.claimed_by == Some(kiosk);
                truth.may_print[kiosk] = *value == 0 || (*value == 1 && holds && truth.may_print[kiosk]);
                truth.fresh_claim[kiosk] = truth.may_print[kiosk];
            }
            _ => {}
        }
    }

    /// Takes note of a seat's flag. `older`: the list shows a seat without one: where an issue sets them all it is
    /// older than that.
    fn flag_told(&mut self, kiosk: usize, origin: &QueryOrigin, ticket: &Ticket, older: bool) {
        let index = ticket.price.0 as usize;
        let seat = parts::seat_index(&ticket.key());
        let repeated = self.repeated;
        // Where the kiosk knows that its own 0x05 sets the flags, they tell of paper only when there is some.
        let by_own_issue = self.machine.policy.flags_at == FlagsAt::Issue
            && self.machine.policy.claim_stands()
            && self.truth[index].issued[kiosk];
        let on_record = self.records(kiosk, index).any(|booking| booking.ever_issued);
        let truth = &mut self.truth[index];
        if ticket.printed && !truth.report_taken[kiosk] {
            truth.hidden[kiosk][seat] = false;
        }
        if ticket.printed && !truth.issued[kiosk] {
            // A flag told before the issue can't be the issue's.
            truth.unseen[kiosk][seat] = false;
        }
        let taken = truth.report_taken[kiosk];
        // Nor can a flag in a list that is older than the issue.
        let unseen = truth.unseen[kiosk][seat] && by_own_issue && on_record && !older;
        let in_doubt = (truth.hidden[kiosk][seat] && taken) || unseen;
        let counter = truth.counter[seat] && !in_doubt;
        let elsewhere = counter || (!taken && !by_own_issue);
        truth.told_for_good[kiosk][seat] |= ticket.printed && counter && !taken;
        let printed = truth.told_for_good[kiosk][seat] || (ticket.printed && elsewhere);
        // A flag told once is only taken back by an answer that says otherwise.
        if printed || (!repeated && !ticket.printed) {
            truth.told[kiosk][seat] = printed;
        }
        if printed {
            self.note(|| {
                format!("kiosk {kiosk} is told that booking {index} seat {seat} is printed ({origin:?})")
            });
        }
    }

    /// Issues a booking. `life` is the one in which the kiosk had sent the request.
    fn issue(&mut self, kiosk: usize, life: u32, number: BookingNumber, id: &BookingId) -> u8 {
        let open: Vec<usize> = {
            let tickets = self.cinema_now().query(number);
            tickets.iter().filter(|t| !t.printed).map(|t| parts::seat_index(&t.key())).collect()
        };
        let index = parts::index(number);
        let before = self.cinema.find(number).is_some_and(|booking| booking.issued);
        let value = self.cinema.issue(number, |own| own == id);
        if value != 0 {
            return value;
        }
        let truth = &mut self.truth[index];
        // A claim that is given anew although it was given before had lapsed, or the site gives it to all.
        truth.lapsed |= truth.claimed_by.is_some() && !before;
        truth.claimed_by = Some(kiosk);
        truth.issued_at_ms[kiosk] = self.now_ms;
        let both = truth.issued_ever[1 - kiosk] && !truth.lapsed;
        if self.cinema.site.second_issue == SecondIssue::Refuse && both {
            self.violated(|| format!("the site issued booking {number} to both kiosks"));
        }
        self.truth[index].issued[kiosk] = true;
        self.truth[index].issued_ever[kiosk] = true;
        for seat in 0..self.truth[index].unseen[kiosk].len() {
            // Only what this issue took by an earlier list.
            let taken = self.states(kiosk, index, seat).any(|state| state == SeatState::Reserved);
            self.truth[index].unseen[kiosk][seat] &= taken;
        }
        let was_short = self.truth[index].was_short;
        for seat in &open {
            // This kiosk has to account for what another kiosk's lost journal had, and for what staff had settled, but
            // for a seat that the list may have left out, and for one that this kiosk's record leaves out: handed over,
            // or void by staff's word where a report was due.
            let key = parts::seat_key(*seat);
            let settled = self.truth[index].paper[kiosk][*seat].staff;
            let given = self.records(kiosk, index).any(|held| {
                let reported = held.report != ReportState::None;
                let given = |own: &Seat| match own.state {
                    SeatState::HandedOver => true,
                    // Not to be issued anew: it may have been an uncertain one.
                    SeatState::Void => reported && settled,
                    _ => false,
                };
                held.seats.iter().any(|own| own.key == key && given(own))
            });
            let taken = self.records(kiosk, index).any(|held| {
                let asks = |own: &Seat| own.key == key && own.state == SeatState::Reserved;
                held.issue != IssueState::Released && held.seats.iter().any(|own| asks(own))
            });
            for other in 0..self.kiosks.len() {
                let staff = &mut self.truth[index].paper[other][*seat].staff;
                *staff = (*staff && was_short) || (other == kiosk && given && !taken);
                if other != kiosk
                    && let Some(old) = self.kiosks[other].in_old_journal.get_mut(&index)
                {
                    old.seats.remove(seat);
                }
            }
        }
        // Sent before a restart at which the journal was lost, it is on record in the file that was set aside.
        let set_aside = self.kiosks[kiosk]
            .in_old_journal
            .get(&index)
            .is_some_and(|old| life < old.life && open.iter().all(|seat| old.seats.contains(seat)));
        if !set_aside {
            self.issued_is_on_record(kiosk, index, &open);
            // It is given anew: what became of an earlier record excuses nothing any more.
            self.kiosks[kiosk].in_old_journal.remove(&index);
        }
        0
    }

    pub fn ask_cloud(&mut self, kiosk: usize, pickup: PickupId, id: &BookingId) {
        let answer = parts::cloud_answer(&self.cinema, id);
        let away = CloudAnswer::Unavailable("no answer".into());
        if self.strikes(Fault::CloudAway) {
            self.answer(kiosk, 8_000, Input::Cloud { pickup, answer: away });
        } else if self.strikes(Fault::CloudLate) {
            self.answer(kiosk, 8_000, Input::Cloud { pickup: pickup.clone(), answer: away });
            let late_ms = 8_000 + self.chance.between(1, 60_000);
            self.answer(kiosk, late_ms, Input::Cloud { pickup, answer });
        } else {
            let in_ms = self.chance.between(20, 300);
            self.answer(kiosk, in_ms, Input::Cloud { pickup, answer });
        }
    }
}

/// Returns what a kiosk hears when nothing comes from the site.
fn without_reply(request: Action, fate: Fate) -> Option<Input> {
    let (answer, trouble) = match fate {
        Fate::Served | Fate::Refused => return None,
        Fate::NotSent => (SiteAnswer::NotSent, SiteTrouble::Silent),
        Fate::Lost | Fate::ReplyLost => (SiteAnswer::NoReply, SiteTrouble::Silent),
        Fate::Malformed => (SiteAnswer::NoReply, SiteTrouble::Malformed),
    };
    match request {
        Action::Query { origin, number } => Some(Input::Queried { origin, number, result: Err(trouble) }),
        Action::Issue { pickup, .. } => Some(Input::Issued { pickup, answer }),
        Action::Report { number } => Some(Input::Reported { number, answer }),
        _ => None,
    }
}
