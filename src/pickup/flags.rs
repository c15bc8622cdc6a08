//! What print_flag tells of a seat that is owed, before and after this kiosk's own report (sarft-wire, "Sites differ").
//!
//! | the kiosk's own report | `flags_at` | a flag on a seat that is owed |
//! |---|---|---|
//! | through | any | nothing: the report set it |
//! | not through, no byte of it sent | `issue`, claims never lapse, and the issue is this kiosk's | nothing: the issue set it |
//! | not through | `issue`, as above, but told by a list that shows another seat without a flag | `uncertain`: the list is older than the issue |
//! | not through | else | the seat is `uncertain`: somebody may have its paper. Never printed, never void |

use super::due::AFTER_REPORT;
use super::machine::Turn;
use super::state::{Front, Seat, Visit};
use super::told::Tells;
use crate::config::settings::FlagsAt;
use crate::journal::record::{ReportState, Step};
use crate::ticket::{BookingNumber, SeatKey, SeatState, Ticket};

/// In the record, of a seat whose flag was set before this kiosk's report.
pub(super) const BEFORE_REPORT: &str = "the site says printed, before this kiosk's report";
/// In the record, of a seat that the site's list has left out twice.
pub(super) const NOT_LISTED: &str = "the site no longer lists it, and nobody says that it was refunded";
/// In the record, of a seat that the site doesn't issue a second time.
pub(super) const REFUSED_AGAIN: &str =
    "the site refuses a second issue: by our own claim or by somebody else's";

impl Turn<'_> {
    /// The site's 0x05 sets the flags of all that it gives, and for good.
    pub(super) fn issue_sets_flags(&self) -> bool {
        let policy = &self.machine.policy;
        policy.flags_at == FlagsAt::Issue && policy.claim_stands()
    }

    /// A flag on what this kiosk has issued before is its own issue's, unless it was told otherwise.
    pub(super) fn flag_is_our_claim(&self, visit: &Visit, seat: &SeatKey) -> bool {
        self.issue_sets_flags() && visit.own_issue && !self.was_told(visit.number, seat)
    }

    /// The seat's flag was told at a time when nothing of this kiosk's could have set it.
    fn was_told(&self, number: Option<BookingNumber>, seat: &SeatKey) -> bool {
        number.is_some_and(|number| self.state.told.before_report(number, seat))
    }

    /// A list has come, as the site gave it. Where 0x05 flags all that it gives, one that shows a seat without a flag is
    /// older than any issue: the flags in it are somebody else's for good, whatever later lists say.
    pub(super) fn learn_from(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        if self.issue_sets_flags() && tickets.iter().any(|ticket| !ticket.printed) {
            for ticket in tickets.iter().filter(|ticket| ticket.printed) {
                self.state.told.keep(number, ticket.key(), Tells::OlderThanIssue);
            }
        }
    }

    /// An answer of the site for which nobody waits any more. What is owed is uncertain at once, where a report is due;
    /// and the flag is remembered: the list that the next pickup gets may be older.
    pub(super) fn told_too_late(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        self.remember_flags(number, tickets);
        if matches!(&self.state.front, Front::Busy(visit, _) if visit.number == Some(number)) {
            return self.flags_in_passing(number, tickets);
        }
        self.flags_of_what_is_due(number, tickets);
    }

    /// Flags of an answer on which nothing is done yet: they count in the next.
    pub(super) fn remember_flags(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let tells = if self.tells_before_report(number) { Tells::BeforeReport } else { Tells::UntilActedOn };
        for ticket in tickets.iter().filter(|ticket| ticket.printed) {
            self.state.told.keep(number, ticket.key(), tells);
        }
    }

    /// The pickup asks again before it acts on an answer: its flags count in the next.
    pub(super) fn not_yet_acted_on(&mut self, visit: &Visit, tickets: &[Ticket]) {
        if let Some(number) = visit.number {
            self.remember_flags(number, tickets);
        }
    }

    /// A report of the booking is due, and its flags are not this kiosk's own issue's. Once bytes of the report were sent
    /// nobody can tell.
    pub(super) fn tells_before_report(&self, number: BookingNumber) -> bool {
        let due = self.state.backlog.due.iter().find(|due| due.report.number == number);
        due.is_some_and(|due| !due.list_only && (due.report.sent || !self.issue_sets_flags()))
    }

    /// Of what is owed of a booking whose report or list is due: what this list shows as printed, and what it doesn't tell.
    pub(super) fn part_flagged(
        &self,
        number: BookingNumber,
        owed: Vec<SeatKey>,
        tickets: &[Ticket],
    ) -> (Vec<SeatKey>, Vec<SeatKey>) {
        let tells = self.tells_before_report(number);
        owed.into_iter().partition(|seat| {
            let flagged = tickets.iter().any(|ticket| ticket.key() == *seat && ticket.printed);
            flagged && (tells || self.was_told(Some(number), seat))
        })
    }

    /// Should these records fail, the flags that they tell of are remembered.
    pub(super) fn note_flags(&mut self, number: BookingNumber, steps: &[Step]) {
        for step in steps {
            if let Step::Seat { seat, state: SeatState::Uncertain, why } = step
                && (why == BEFORE_REPORT || why == AFTER_REPORT)
            {
                self.state.told.recording(number, seat.clone());
            }
        }
    }

    /// A flag on an owed seat tells that somebody may have printed it.
    fn flag_tells(&self, visit: &Visit, seat: &SeatKey) -> bool {
        let unreported = visit.report() != ReportState::Done;
        (unreported && !self.flag_is_our_claim(visit, seat)) || self.was_told(visit.number, seat)
    }

    /// Flags that the site tells while a pickup of the same booking is running, in an answer to another question: they
    /// count all the same.
    pub(super) fn flags_in_passing(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let front = std::mem::replace(&mut self.state.front, Front::Idle);
        let Front::Busy(mut visit, stage) = front else {
            self.state.front = front;
            return;
        };
        if !visit.own_issue {
            // Its own list is still to come, or to be acted on.
            self.remember_flags(number, tickets);
        }
        let told = |key: &SeatKey| {
            let flagged = tickets.iter().any(|t| t.key() == *key && t.printed);
            flagged && visit.report() != ReportState::Done && self.flag_tells(&visit, key)
        };
        if tickets.iter().any(|ticket| told(&ticket.key())) {
            let open = |seat: &&Seat| matches!(seat.state, SeatState::Reserved | SeatState::Printing);
            let seats = visit.seats.iter().filter(open).filter(|seat| told(&seat.key));
            let told: Vec<_> = seats.map(|seat| (seat.key.clone(), BEFORE_REPORT)).collect();
            visit.doubtful.extend(told);
            // Of what the list left out the cloud is still to say whether it was refunded.
            let missing = visit.doubtful.extract_if(.., |(_, why)| *why == NOT_LISTED).collect::<Vec<_>>();
            // Before the issue is this kiosk's they stay reserved, and so does the one at the printer.
            if visit.tied && visit.own_issue {
                let steps = doubts(&mut visit);
                if !steps.is_empty() {
                    self.record(&mut visit, steps);
                }
            } else if visit.own_issue {
                self.doubts_of_what_is_due(&mut visit);
            }
            visit.doubtful.extend(missing);
        }
        self.state.front = Front::Busy(visit, stage);
    }

    /// The pickup has not gone on with what it owes, and the booking's report is due: what is doubtful is on record before
    /// that can hide it, by the pickup whose report it is.
    fn doubts_of_what_is_due(&mut self, visit: &mut Visit) {
        let due = self.state.backlog.due.iter_mut().find(|due| Some(due.report.number) == visit.number);
        let Some(due) = due else { return };
        let steps = doubts(visit);
        let owed = std::mem::take(&mut due.report.owed);
        let (owed, found) = owed.into_iter().partition(|key| visit.wanted().any(|seat| seat.key == *key));
        due.report.owed = owed;
        due.found.extend::<Vec<SeatKey>>(found);
        let pickup = due.report.pickup.clone();
        self.record_for(&pickup, steps);
    }

    /// Owed seats that an answer of the site shows as printed, while that tells something, are uncertain.
    pub(super) fn flagged_now(&self, visit: &mut Visit, tickets: &[Ticket]) -> Vec<Step> {
        let shown = tickets.iter().filter(|ticket| ticket.printed).map(Ticket::key);
        let flagged: Vec<SeatKey> = shown.filter(|key| self.flag_tells(visit, key)).collect();
        let seats = visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
        seats.filter(|seat| flagged.contains(&seat.key)).map(|seat| uncertain(seat, BEFORE_REPORT)).collect()
    }
}

/// What was doubtful becomes uncertain: the issue is this kiosk's, so the seats are, too. One that is at the printer
/// stays doubtful.
pub(super) fn doubts(visit: &mut Visit) -> Vec<Step> {
    let doubtful = std::mem::take(&mut visit.doubtful);
    let reason = |key: &SeatKey| doubtful.iter().find(|(doubtful, _)| doubtful == key).map(|(_, why)| *why);
    let seats = visit.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    let steps = seats.filter_map(|seat| reason(&seat.key).map(|why| uncertain(seat, why))).collect();
    let printing =
        |key: &SeatKey| visit.seats.iter().any(|s| s.key == *key && s.state == SeatState::Printing);
    visit.doubtful = doubtful.into_iter().filter(|(key, _)| printing(key)).collect();
    steps
}

fn uncertain(seat: &mut Seat, why: &str) -> Step {
    seat.state = SeatState::Uncertain;
    seat.ticket = None;
    uncertain_step(seat.key.clone(), why)
}

/// The record of a seat of which nobody knows who has its paper.
pub(super) fn uncertain_step(seat: SeatKey, why: &str) -> Step {
    Step::Seat { seat, state: SeatState::Uncertain, why: why.into() }
}
