//! Due report (0x07) that the site is owed, or list (0x04) that is asked for where there is nothing to report.

use super::action::Notice;
use super::active_pickup::ActivePickup;
use super::flags::{self, uncertain_step};
use super::machine::Transition;
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{DueReport, RecordStep, ReportState};
use crate::ticket::{BookingNumber, SeatKey, Ticket};
use std::time::Duration;

/// Reason in the record of a seat whose flag may be this kiosk's own report's.
pub(super) const AFTER_REPORT: &str = "the site says printed: by our own report or by somebody else";

/// One report that is due, or one list that is to be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due {
    /// Record of the booking in the journal; `sent` is kept up to date.
    pub report: DueReport,
    /// True if nothing came out: only the list is asked for.
    pub list_only: bool,
    /// Time of the next try, by the monotonic clock.
    pub at: Duration,
    /// Pause after the next failure.
    pub pause: Duration,
    /// True if the site has just been asked; holds for this moment.
    pub asked: bool,
    /// True if every seat that the site lists is on record, or somebody else's.
    pub complete: bool,
    /// Seats that the list before the first issue showed as somebody else's; none after a restart.
    pub elsewhere: Option<Vec<SeatKey>>,
    /// True if a list that left out what is owed has been asked for once more.
    pub asked_again: bool,
    /// Return value with which the site refused the report; its flags decide.
    pub refused: Option<u8>,
    /// True if the journal says that bytes of it may have been sent. Must be so before one is, where something is owed.
    pub noted: bool,
    /// True if no seat of it can be owed by the journal, whatever that has taken of late: it may be reported while the
    /// journal takes nothing.
    pub on_record: bool,
    /// True if the list has been answered: it is gone with the next input, unless that says that the record failed.
    pub done: bool,
    /// Seats found printed since the last try; the record of it may have failed.
    pub found: Vec<SeatKey>,
    /// Seats that the site listed for the first time since the last try; the record of it may have failed.
    pub appeared: Vec<SeatKey>,
}

impl Due {
    /// Creates a report that is due at once.
    pub(super) fn new(report: DueReport, elsewhere: Option<Vec<SeatKey>>, now: Duration) -> Self {
        Self {
            noted: report.sent,
            report,
            list_only: false,
            at: now,
            pause: timing::REPORT_PAUSE,
            asked: false,
            complete: false,
            elsewhere,
            asked_again: false,
            refused: None,
            on_record: false,
            done: false,
            found: Vec::new(),
            appeared: Vec::new(),
        }
    }

    /// Returns true if the list leaves out a seat that is owed, for the first time: it may be short, and hide a flag.
    pub(super) fn leaves_out(&mut self, tickets: &[Ticket]) -> bool {
        let listed = |key: &SeatKey| tickets.iter().any(|ticket| ticket.key() == *key);
        let short = !self.asked_again && self.report.owed.iter().any(|key| !listed(key));
        self.asked_again |= short;
        short
    }

    /// Takes the seats that the site lists now, that are neither on record nor known to be somebody else's: the list
    /// before the issue had left them out, and 0x05 took them with the rest. One that is flagged is uncertain: it may
    /// have been somebody else's before. So is one without a flag where 0x05 sets it (`issue_flags`): that list is
    /// older than the issue, and who had it by then is not known. Returns the steps and the number of seats.
    pub(super) fn left_out(&mut self, tickets: &[Ticket], issue_flags: bool) -> (Vec<RecordStep>, u32) {
        let theirs = self.elsewhere.as_deref().unwrap_or_default();
        let known = |key: &SeatKey| self.report.seats.contains(key) || theirs.contains(key);
        let seats: Vec<Ticket> = tickets.iter().filter(|ticket| !known(&ticket.key())).cloned().collect();
        if seats.is_empty() {
            return (Vec::new(), 0);
        }
        let count = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        let (flagged, open): (Vec<&Ticket>, Vec<&Ticket>) =
            seats.iter().partition(|ticket| ticket.printed || issue_flags);
        self.appeared = seats.iter().map(Ticket::key).collect();
        self.report.seats.extend(self.appeared.iter().cloned());
        self.report.owed.extend(open.iter().map(|ticket| ticket.key()));
        let unsure = flagged.iter().map(|ticket| uncertain_step(ticket.key(), flags::BEFORE_REPORT));
        let unsure: Vec<RecordStep> = unsure.collect();
        let found = RecordStep::SeatsFound { seats };
        (std::iter::once(found).chain(unsure).collect(), count)
    }
}

impl Transition<'_> {
    /// Takes the list of a booking of which nothing came out: what the one before the issue had left out is on record
    /// from now on. What is owed is asked for again before it is printed: here its flags may be this kiosk's issue's,
    /// which go back when the claim lapses.
    pub(super) fn list_came(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let Some(due) = self.state.backlog.find(number) else { return };
        // Only a flag that was told before this kiosk's issue could have set it counts here.
        let owed = std::mem::take(&mut due.report.owed);
        let (found, owed) = self.part_flagged(number, owed, tickets);
        let issue_flags = self.issue_sets_flags();
        let Some(due) = self.state.backlog.find(number) else { return };
        due.report.owed = owed;
        due.found.clone_from(&found);
        let (mut steps, appeared) = due.left_out(tickets, issue_flags);
        steps.extend(found.into_iter().map(|seat| uncertain_step(seat, flags::BEFORE_REPORT)));
        due.done = true;
        let pickup = due.report.pickup.clone();
        self.record_for(&pickup, steps);
        if appeared > 0 {
            self.notify(Notice::SeatsFound(number, appeared));
        }
    }

    /// Asks for the list once more after a pickup that sent 0x05 has ended and has no report due.
    pub(super) fn list_after_issue(&mut self, active: &ActivePickup) {
        let sent = active.issued_at.is_some() && (active.own_issue || active.unanswered);
        if let Some(booking) = active.due_report().filter(|_| sent && active.report() == ReportState::None) {
            self.ask_for_list(booking, active.elsewhere_before());
        }
    }

    /// Asks for the list of a booking issued here, or possibly, of which nothing came out, when nobody is being served.
    /// Not where the report alone sets the flags: what no record has can be had at the counter there.
    pub(super) fn ask_for_list(&mut self, booking: DueReport, elsewhere: Option<Vec<SeatKey>>) {
        if self.machine.policy.flags_at != FlagsAt::Report {
            self.state.backlog.add_list(booking, elsewhere, self.now.mono);
        }
    }
}
