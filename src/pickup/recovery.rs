//! Recovery table: what a start finds of the time before, one decision a row.
//!
//! | | last record of the pickup | the crash that leaves it | what is done |
//! |---|---|---|---|
//! | R1 | `Issuing`, no answer | power cut between 0x05 and the record of 0x06 | `see_counter`; seats stay reserved, issue stays asked: the code presented again queries and issues once more |
//! | R2 | `Issued`, no ticket begun | cut after 0x06 = 0, before the first byte of a ticket | `see_counter`; nothing came out, so nothing is reported. Where the site flags at the report the claim is released: collectable anywhere; else it stays owed here. Presented again it is asked for anew |
//! | R3 | a ticket `printing` | cut while it printed, or before its confirmation was on record | that one `uncertain`, whatever the printer says now: it has no memory of which ticket it finished; the rest stays owed; reported |
//! | R4 | some `printed`, none `printing` | cut while waiting for a printer that had stopped | the rest stays owed; reported |
//! | R5 | ended, a reprint `printing` | cut in a reprint ordered by staff | that one `uncertain` again |
//! | R6 | ended, report due | cut before 0x08, or the site was away | the report is tried again |
//! | R7 | ended without a report, not released | cut before the site was asked what its list had left out | asked |
//! | R8 | nothing since `Started` | cut before anything was issued | leaves no record: `Started` is written with what follows it |
//!
//! The printer's own state is taken elsewhere: it isn't trusted with a byte before it has proved, on the new
//! connection, that nothing of the old job waits in it.

use super::action::{Action, Notice};
use super::machine::Transition;
use crate::config::settings::FlagsAt;
use crate::journal::record::{
    Claim, DueReport, Entry, HeldSeat, IssueState, Leftover, RecordStep, ReportState, Unfinished,
};
use crate::ticket::{Outcome, SeatState};

impl Transition<'_> {
    /// Closes what failed to be recorded, as at a start, now that the journal takes records again. What the customer in
    /// front has begun is left alone: the kiosk doesn't tell it while one is served.
    pub(super) fn journal_mended(&mut self, mut leftover: Leftover) {
        if !self.state.at_rest() {
            return;
        }
        self.state.journal_ok = true;
        // The rate limit of refused codes is in memory already.
        leftover.refused_lately.clear();
        let before = std::mem::take(&mut self.state.backlog.due);
        self.recover(leftover);
        self.state.backlog.rebuilt_from(before);
    }

    /// Closes what was open, takes the reports up again, remembers refused codes for the rate limit.
    pub(super) fn recover(&mut self, leftover: Leftover) {
        let (mut uncertain, owed) = (leftover.uncertain, leftover.owed);
        let mut closed = Vec::new();
        for (mut unfinished, fresh) in leftover.unfinished {
            // Two pickups of one booking are open when the journal failed at the end of the first.
            let again = |seat: &HeldSeat| {
                seat.state == SeatState::Printing && closed.contains(&(unfinished.number, seat.key.clone()))
            };
            for seat in unfinished.seats.iter_mut().filter(|seat| again(seat)) {
                seat.state = SeatState::Uncertain;
            }
            let printing = unfinished.seats.iter().filter(|seat| seat.state == SeatState::Printing);
            closed.extend(printing.map(|seat| (unfinished.number, seat.key.clone())));
            uncertain += u32::from(unfinished.seats.iter().any(|seat| seat.state == SeatState::Printing));
            self.close(unfinished, fresh);
        }
        for reprint in leftover.printing {
            // R5
            uncertain += 1;
            let why = "the kiosk stopped while it was printed again";
            self.seat_entry(reprint.pickup, reprint.seat, SeatState::Uncertain, why.into());
            if let Some(report) = reprint.report {
                self.state.backlog.add(report, None, self.now.mono);
            }
        }
        // R7, the newest first: no more than so many are asked for.
        for booking in leftover.unreported.into_iter().rev() {
            self.ask_for_list(booking, None);
        }
        for report in leftover.reports {
            // R6
            let (number, owing) = (report.number, !report.owed.is_empty());
            self.state.backlog.add(report, None, self.now.mono);
            if !owing {
                self.state.backlog.all_on_record(number);
            }
        }
        self.remember_refusals(&leftover.refused_lately);
        if uncertain + owed > 0 {
            self.notify(Notice::Unresolved { uncertain, owed });
        }
    }

    fn close(&mut self, open: Unfinished, fresh: Claim) {
        let at = self.now.wall;
        let mut steps = Vec::new();
        // R3
        for seat in open.seats.iter().filter(|seat| seat.state == SeatState::Printing) {
            let why = "the kiosk stopped while it was printed".into();
            steps.push(RecordStep::Seat { seat: seat.key.clone(), state: SeatState::Uncertain, why });
        }
        let out = open.seats.iter().any(|seat| {
            matches!(
                seat.state,
                SeatState::Printing | SeatState::Printed | SeatState::Uncertain | SeatState::Reprinted
            )
        });
        let why = match (open.issue, out) {
            (IssueState::Asked, _) => "the kiosk stopped, the issue was not answered", // R1
            (_, false) => "the kiosk stopped before the first ticket",                 // R2
            (_, true) => "the kiosk stopped between tickets",                          // R3, R4
        };
        let reported = matches!(open.report, ReportState::Done | ReportState::Refused);
        // The seats are uncertain because the site refused to issue them again, not because of paper: nothing to
        // report.
        let refused = open.issue == IssueState::Asked && open.report == ReportState::None;
        let report_due = out && !reported && !refused;
        let released = !out
            && open.issue == IssueState::Issued
            && open.report == ReportState::None
            && self.machine.policy.flags_at == FlagsAt::Report;
        let duration_ms = at.as_millisecond().saturating_sub(open.started_at.as_millisecond());
        steps.push(RecordStep::Ended {
            outcome: Outcome::SeeCounter,
            claim: Some(open.claim.unwrap_or(fresh)),
            duration_ms: u64::try_from(duration_ms).unwrap_or(0),
            why: why.into(),
            report_due,
            released,
            refused: None,
        });
        let entry = |step| Entry { pickup: open.pickup.clone(), at, step };
        self.actions.push(Action::Record(steps.into_iter().map(entry).collect()));
        let owed = open.seats.iter().filter(|seat| seat.state == SeatState::Reserved);
        let owed = owed.map(|seat| seat.key.clone()).collect();
        let seats = open.seats.iter().map(|seat| seat.key.clone()).collect();
        let sent = matches!(open.report, ReportState::Due { sent: true });
        let report = DueReport { pickup: open.pickup, number: open.number, sent, owed, seats };
        if report_due {
            self.state.backlog.add(report, None, self.now.mono);
        } else if open.report == ReportState::None && !released {
            self.ask_for_list(report, None);
        }
    }

    /// Counts codes refused shortly before the restart.
    fn remember_refusals(&mut self, refused_lately: &[jiff::Timestamp]) {
        let period = self.machine.policy.pace_period;
        let window_ms = i64::try_from((period * self.machine.policy.burst).as_millis()).unwrap_or(0);
        for at in refused_lately {
            let ago_ms = self.now.wall.as_millisecond().saturating_sub(at.as_millisecond());
            if (0..window_ms).contains(&ago_ms) {
                self.state.rate_limit.refused(self.now.mono, period);
            }
        }
    }
}
