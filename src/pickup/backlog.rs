//! Backlog of the reports (0x07) that the site is owed: sent when nobody is being served, tried again with growing
//! pauses, also after a restart.
//!
//! The site is not simply told: until it is, the counter can print what is still owed, and afterwards its flags no
//! longer say who did. So it is asked right before. What is owed and shown as printed is uncertain: by whom, nobody can
//! tell (but for a site whose own 0x05 sets the flags). And what it lists now and had left out before was issued with
//! the rest: it is on record as owed before the report takes it from everybody else.
//!
//! Where nothing came out there is nothing to report. But where 0x05 sets the flags, or may do so, it took what the
//! list had left out: the site is asked for the list once, so that such a seat is on record although nobody presents
//! the code again.

use super::action::{Action, Notice, QueryOrigin};
use super::due::{AFTER_REPORT, Due};
use super::flags::{self, uncertain_step};
use super::input::{Queried, SiteAnswer, SiteTrouble};
use super::machine::Transition;
use super::state::CustomerState;
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{DueReport, Entry, PickupId, RecordStep, ReportState};
use crate::ticket::{BookingNumber, SeatKey, Ticket};
use std::time::Duration;

/// All reports that are due, and the one on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Backlog {
    /// Reports and lists that are due, at most [`timing::BACKLOG_MAX`].
    pub due: Vec<Due>,
    /// Booking of the report being sent or asked about. The site's task answers each within its limits.
    pub in_flight: Option<BookingNumber>,
    /// True if nobody waits for that answer any more: what asked for it was given up. Its flags count all the same.
    pub given_up: bool,
    /// True if it was decided on with the last input: should the journal fail now, the site was not asked.
    pub just_decided: bool,
}

impl Backlog {
    /// Adds a report that is to go out when nobody is being served. `elsewhere`: seats that the list before the first
    /// issue showed as somebody else's, where this process has seen that list.
    pub fn add(&mut self, mut report: DueReport, mut elsewhere: Option<Vec<SeatKey>>, now: Duration) {
        if let Some(before) = self.find(report.number) {
            report.sent |= before.report.sent;
            elsewhere = elsewhere.or(before.elsewhere.take());
        }
        self.remove(report.number);
        if self.due.len() < timing::BACKLOG_MAX {
            self.due.push(Due::new(report, elsewhere, now));
        }
    }

    /// Adds a booking of which nothing came out, and whose list is to be asked for when nobody is being served. A
    /// report of it that is due asks as well.
    pub fn add_list(&mut self, booking: DueReport, elsewhere: Option<Vec<SeatKey>>, now: Duration) {
        let number = booking.number;
        let others = self.due.iter().filter(|due| due.list_only && due.report.number != number).count();
        if others < timing::LISTS_MAX && self.find(number).is_none_or(|due| due.list_only) {
            self.add(booking, elsewhere, now);
            if let Some(due) = self.find(number) {
                due.list_only = true;
            }
        }
    }

    /// Makes every report unsure when the journal failed: whether it took the last records about them is unknown.
    pub fn unsure(&mut self, now: Duration) {
        // Nothing is asked before the answer under way has come: it would be taken for the answer to that.
        if let Some(number) = self.in_flight {
            if std::mem::take(&mut self.just_decided) {
                self.in_flight = None;
            } else {
                self.given_up = true;
            }
            self.later(number, now);
        }
        let answered = self.due.iter().filter(|due| due.done).map(|due| due.report.number);
        for number in answered.collect::<Vec<_>>() {
            self.later(number, now);
        }
        for due in &mut self.due {
            due.done = false;
            // The last answer is unlearnt below: without a pause it would be asked for again at once, for ever.
            due.at = due.at.max(now + due.pause);
            due.asked = false;
            due.complete = false;
            due.noted &= due.report.sent;
            due.report.owed.append(&mut due.found);
            let appeared = std::mem::take(&mut due.appeared);
            due.report.seats.retain(|seat| !appeared.contains(seat));
            due.report.owed.retain(|seat| !appeared.contains(seat));
        }
    }

    /// Notes that the journal owes no seat of this booking: all were at the printer, or it says so itself.
    pub fn all_on_record(&mut self, number: BookingNumber) {
        if let Some(due) = self.find(number) {
            due.on_record = true;
        }
    }

    /// Notes that the last input's records were made.
    pub fn recorded(&mut self) {
        self.just_decided = false;
        self.due.retain(|due| !due.done);
    }

    /// Keeps of the time before what was sent and seen, when the journal takes records again: what is due is what it
    /// says; and a list that is still to be asked for, of a booking that staff have settled.
    pub fn rebuilt_from(&mut self, before: Vec<Due>) {
        for was in before {
            if let Some(due) = self.find(was.report.number) {
                // A disk that is full for all but the shortest record fails again and again.
                due.pause = due.pause.max(was.pause);
                due.at = due.at.max(was.at);
                due.report.sent |= was.report.sent;
                due.noted |= due.report.sent;
                due.on_record |= was.on_record;
                due.elsewhere = due.elsewhere.take().or(was.elsewhere);
            } else if was.list_only && self.due.len() < timing::BACKLOG_MAX {
                self.due.push(was);
            }
        }
    }

    /// Returns true if neither a report is due nor a list to be asked for.
    pub fn nothing_due(&self) -> bool {
        self.due.iter().all(|due| due.done)
    }

    /// Returns the reports that may be tried. While the journal takes nothing, what is known of a booking may not be on
    /// record: a report would hide for good who had printed the rest of it.
    fn open(&self, journal_ok: bool) -> impl Iterator<Item = &Due> {
        self.due
            .iter()
            .filter(move |due| !due.done)
            .filter(move |due| journal_ok || (due.on_record && due.report.owed.is_empty()))
    }

    /// Returns the time at which the next one is due; none while one is on its way.
    pub fn next_at(&self, journal_ok: bool) -> Option<Duration> {
        if self.in_flight.is_some() { None } else { self.open(journal_ok).map(|due| due.at).min() }
    }

    /// Takes the answer to what was in flight; returns true if that had been given up.
    fn answered(&mut self) -> bool {
        self.in_flight = None;
        std::mem::take(&mut self.given_up)
    }

    pub(super) fn find(&mut self, number: BookingNumber) -> Option<&mut Due> {
        self.due.iter_mut().find(|due| due.report.number == number)
    }

    fn later(&mut self, number: BookingNumber, now: Duration) {
        if let Some(due) = self.find(number) {
            due.at = now + due.pause;
            due.pause = (due.pause * 2).min(timing::REPORT_PAUSE_MAX);
        }
    }

    fn remove(&mut self, number: BookingNumber) {
        self.due.retain(|due| due.report.number != number);
    }
}

impl Transition<'_> {
    /// Sends the next report, if nobody is being served.
    pub(super) fn pump_backlog(&mut self) {
        let idle = self.state.at_rest() && self.state.backlog.in_flight.is_none();
        if !idle || self.state.stopping {
            return;
        }
        let now = self.now.mono;
        let ready = self.state.backlog.open(self.state.journal_ok).filter(|due| due.at <= now);
        let next = ready.min_by_key(|due| (!due.asked, due.at)).map(|due| due.report.number);
        let Some(due) = next.and_then(|number| self.state.backlog.find(number)) else { return };
        let (number, owing) = (due.report.number, !due.report.owed.is_empty());
        let ask = due.list_only || due.refused.is_some() || ((owing || !due.complete) && !due.asked);
        if !ask && owing && !due.noted {
            due.noted = true;
            let pickup = due.report.pickup.clone();
            self.record_for(&pickup, vec![RecordStep::ReportFailed { number, sent: true }]);
        }
        self.state.backlog.in_flight = Some(number);
        self.state.backlog.just_decided = true;
        self.actions.push(if ask {
            Action::Query { origin: QueryOrigin::Backlog(number), number }
        } else {
            Action::Report { number }
        });
    }

    /// Takes the site's answer to 0x07.
    pub(super) fn reported(&mut self, number: BookingNumber, answer: SiteAnswer) {
        if self.state.backlog.in_flight == Some(number) {
            self.state.backlog.answered();
        }
        let now = self.now.mono;
        let Some(due) = self.state.backlog.find(number) else { return };
        due.found.clear();
        due.appeared.clear();
        due.asked = false;
        match answer {
            SiteAnswer::Value(0) => {
                // The record of these seats had failed; from now on a flag tells nothing more.
                let told = due.report.owed.iter().filter(|seat| self.state.told.before_report(number, seat));
                let unsure = told.map(|seat| uncertain_step(seat.clone(), flags::BEFORE_REPORT)).collect();
                self.report_settled(number, unsure, RecordStep::Reported { number }, ReportState::Done);
            }
            SiteAnswer::Value(return_value) => {
                due.refused = Some(return_value);
                due.report.sent = true;
                due.at = now;
            }
            SiteAnswer::NotSent => {
                let failed = RecordStep::ReportFailed { number, sent: due.report.sent };
                let pickup = due.report.pickup.clone();
                let owing = !due.report.owed.is_empty() && !due.report.sent;
                // Recorded when it matters to what is owed, and once for the timeline.
                let tell = owing || due.pause == timing::REPORT_PAUSE;
                due.noted &= !owing;
                self.state.backlog.later(number, now);
                if tell {
                    self.record_for(&pickup, vec![failed]);
                }
            }
            SiteAnswer::NoReply => {
                due.report.sent = true;
                self.state.backlog.later(number, now);
            }
        }
    }

    /// Takes the site's flags of a booking whose report is due.
    pub(super) fn queried_for_backlog(
        &mut self,
        number: BookingNumber,
        result: Result<Queried, SiteTrouble>,
    ) {
        let awaited = self.state.backlog.in_flight == Some(number);
        if !awaited || self.state.backlog.answered() {
            // Nobody waits for this answer: an answer counts once, but its flags count always.
            if let Ok(reply) = result {
                self.told_too_late(number, &reply.tickets);
            }
            return;
        }
        let (now, at_rest) = (self.now.mono, self.state.at_rest());
        // A pickup of the same booking that is running asks for itself, and has its own picture of the seats.
        let running = match &self.state.customer {
            CustomerState::Busy(active, _) => active.number == Some(number),
            CustomerState::Reprinting { report, .. } => {
                report.as_ref().is_some_and(|due| due.number == number)
            }
            _ => false,
        };
        let reply = match result {
            Ok(reply) if !running => reply,
            other => {
                self.state.backlog.later(number, now);
                return self.told_too_late(number, &other.map(|reply| reply.tickets).unwrap_or_default());
            }
        };
        let tickets = if reply.return_value == 0 { reply.tickets } else { Vec::new() };
        let Some(due) = self.state.backlog.find(number) else { return self.told_too_late(number, &tickets) };
        if due.leaves_out(&tickets) {
            self.state.backlog.later(number, now);
            return self.remember_flags(number, &tickets);
        }
        if due.list_only {
            return self.list_came(number, &tickets);
        }
        let owed = std::mem::take(&mut due.report.owed);
        let (found, owed) = self.part_flagged(number, owed, &tickets);
        let issue_flags = self.issue_sets_flags();
        let Some(due) = self.state.backlog.find(number) else { return };
        due.report.owed = owed;
        due.found.clone_from(&found);
        let (mut steps, appeared) = due.left_out(&tickets, issue_flags);
        due.complete = true;
        due.asked = at_rest;
        due.at = now;
        let (refused, pickup) = (due.refused, due.report.pickup.clone());
        let unsure = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let why = if due.report.sent { AFTER_REPORT } else { flags::BEFORE_REPORT };
        steps.extend(found.into_iter().map(|seat| uncertain_step(seat, why)));
        // A list that leaves out what is on record proves nothing of it.
        let whole = due.report.seats.iter().all(|seat| tickets.iter().any(|ticket| ticket.key() == *seat));
        // Nor do flags that 0x05 may have set: they go when the claim lapses.
        let proves = self.machine.policy.flags_at == FlagsAt::Report;
        let all_printed =
            proves && whole && !tickets.is_empty() && tickets.iter().all(|ticket| ticket.printed);
        match refused {
            None => self.record_for(&pickup, steps),
            Some(_) if all_printed => {
                self.report_settled(number, steps, RecordStep::Reported { number }, ReportState::Done);
            }
            Some(return_value) => {
                let refused = RecordStep::ReportRefused { number, return_value };
                self.report_settled(number, steps, refused, ReportState::Refused);
                self.notify(Notice::ReportRefused(number, return_value));
            }
        }
        if unsure > 0 {
            self.notify(Notice::Unresolved { uncertain: unsure, owed: 0 });
        }
        if appeared > 0 {
            self.notify(Notice::SeatsFound(number, appeared));
        }
    }

    /// Takes flags that nobody waits for any more, of a booking that is not being served: what is owed is uncertain,
    /// where a report is due. What is at the printer again is not touched.
    pub(super) fn flags_of_what_is_due(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let again = matches!(&self.state.customer, CustomerState::Reprinting { report: Some(due), .. } if due.number == number);
        let Some(due) = self.state.backlog.find(number).filter(|_| !again) else { return };
        let owed = std::mem::take(&mut due.report.owed);
        let (found, owed) = self.part_flagged(number, owed, tickets);
        let Some(due) = self.state.backlog.find(number) else { return };
        due.report.owed = owed;
        due.found.extend(found.iter().cloned());
        let pickup = due.report.pickup.clone();
        let unsure = found.into_iter().map(|seat| uncertain_step(seat, flags::BEFORE_REPORT));
        self.record_for(&pickup, unsure.collect());
    }

    pub(super) fn record_for(&mut self, pickup: &PickupId, steps: Vec<RecordStep>) {
        let due = self.state.backlog.due.iter().find(|due| due.report.pickup == *pickup);
        if let Some(number) = due.map(|due| due.report.number) {
            self.note_flags(number, &steps);
        }
        let entry = |step| Entry { pickup: pickup.clone(), at: self.now.wall, step };
        let entries: Vec<Entry> = steps.into_iter().map(entry).collect();
        if !entries.is_empty() {
            self.actions.push(Action::Record(entries));
        }
    }

    /// Ends the tries of a report that needs no more. A pickup of the same booking that is running learns it.
    fn report_settled(
        &mut self,
        number: BookingNumber,
        before: Vec<RecordStep>,
        last: RecordStep,
        state: ReportState,
    ) {
        let Some(due) = self.state.backlog.find(number) else { return };
        let pickup = due.report.pickup.clone();
        self.note_flags(number, &before);
        self.state.backlog.remove(number);
        self.record_for(&pickup, before.into_iter().chain([last]).collect());
        match &mut self.state.customer {
            CustomerState::Busy(active, _) if active.number == Some(number) => {
                if let Some(history) = &mut active.history {
                    history.report = state;
                }
            }
            // A seat that is printed again needs no report of its own any more.
            CustomerState::Reprinting { report, .. }
                if report.as_ref().is_some_and(|due| due.number == number) =>
            {
                *report = None;
            }
            _ => {}
        }
    }
}
