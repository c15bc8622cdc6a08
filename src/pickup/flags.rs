//! Meaning of print_flag on a seat that is owed, before and after this kiosk's own report (contract, "Sites differ").
//!
//! | the kiosk's own report | `flags_at` | a flag on a seat that is owed |
//! |---|---|---|
//! | through | any | nothing: the report set it |
//! | not through, no byte of it sent | `issue`, claims never lapse, and the issue is this kiosk's | nothing: the issue set it |
//! | not through | `issue`, as above, but told by a list that shows another seat without a flag | `uncertain`: the list is older than the issue |
//! | not through | else | the seat is `uncertain`: somebody may have its paper. Never printed, never void |

use super::due::AFTER_REPORT;
use super::machine::Transition;
use super::state::{ActivePickup, CustomerState, Seat};
use super::told::Tells;
use crate::config::settings::FlagsAt;
use crate::journal::record::{RecordStep, ReportState};
use crate::ticket::{BookingNumber, SeatKey, SeatState, Ticket};

/// Reason in the record of a seat whose flag was set before this kiosk's report.
pub(super) const BEFORE_REPORT: &str = "the site says printed, before this kiosk's report";
/// Reason in the record of a seat that the site's list has left out twice.
pub(super) const NOT_LISTED: &str = "the site no longer lists it, and nobody says that it was refunded";
/// Reason in the record of a seat that the site doesn't issue a second time.
pub(super) const REFUSED_AGAIN: &str =
    "the site refuses a second issue: by our own claim or by somebody else's";

impl Transition<'_> {
    /// Returns true if the site's 0x05 sets the flags of all that it gives, and for good.
    pub(super) fn issue_sets_flags(&self) -> bool {
        let policy = &self.machine.policy;
        policy.flags_at == FlagsAt::Issue && policy.claim_stands()
    }

    /// Returns true if a flag on what this kiosk issued before is its own issue's: unless it was told otherwise.
    pub(super) fn flag_is_our_claim(&self, active: &ActivePickup, seat: &SeatKey) -> bool {
        self.issue_sets_flags() && active.own_issue && !self.was_told(active.number, seat)
    }

    /// Returns true if the seat's flag was told at a time when nothing of this kiosk's could have set it.
    fn was_told(&self, number: Option<BookingNumber>, seat: &SeatKey) -> bool {
        number.is_some_and(|number| self.state.told.before_report(number, seat))
    }

    /// Learns from a list, as the site gave it. Where 0x05 flags all that it gives, one that shows a seat without a
    /// flag is older than any issue: the flags in it are somebody else's for good, whatever later lists say.
    pub(super) fn learn_from(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        if self.issue_sets_flags() && tickets.iter().any(|ticket| !ticket.printed) {
            for ticket in tickets.iter().filter(|ticket| ticket.printed) {
                self.state.told.keep(number, ticket.key(), Tells::OlderThanIssue);
            }
        }
    }

    /// Takes an answer of the site for which nobody waits any more. What is owed is uncertain at once, where a report
    /// is due; and the flag is remembered: the list that the next pickup gets may be older.
    pub(super) fn told_too_late(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        self.remember_flags(number, tickets);
        if matches!(&self.state.customer, CustomerState::Busy(active, _) if active.number == Some(number)) {
            return self.flags_in_passing(number, tickets);
        }
        self.flags_of_what_is_due(number, tickets);
    }

    /// Remembers the flags of an answer on which nothing is done yet: they count in the next.
    pub(super) fn remember_flags(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let tells = if self.tells_before_report(number) { Tells::BeforeReport } else { Tells::UntilActedOn };
        for ticket in tickets.iter().filter(|ticket| ticket.printed) {
            self.state.told.keep(number, ticket.key(), tells);
        }
    }

    /// Remembers the flags of an answer on which the pickup does not act before it asks again.
    pub(super) fn not_yet_acted_on(&mut self, active: &ActivePickup, tickets: &[Ticket]) {
        if let Some(number) = active.number {
            self.remember_flags(number, tickets);
        }
    }

    /// Returns true if a report of the booking is due, and its flags are not this kiosk's own issue's. Once bytes of
    /// the report were sent nobody can tell.
    pub(super) fn tells_before_report(&self, number: BookingNumber) -> bool {
        let due = self.state.backlog.due.iter().find(|due| due.report.number == number);
        due.is_some_and(|due| !due.list_only && (due.report.sent || !self.issue_sets_flags()))
    }

    /// Parts what is owed, with a report or list due: what this list shows as printed, and what it doesn't tell.
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

    /// Remembers the flags that these records tell of, should the records fail.
    pub(super) fn note_flags(&mut self, number: BookingNumber, steps: &[RecordStep]) {
        for step in steps {
            if let RecordStep::Seat { seat, state: SeatState::Uncertain, why } = step
                && (why == BEFORE_REPORT || why == AFTER_REPORT)
            {
                self.state.told.recording(number, seat.clone());
            }
        }
    }

    /// Returns true if a flag on an owed seat tells that somebody may have printed it.
    fn flag_tells(&self, active: &ActivePickup, seat: &SeatKey) -> bool {
        let unreported = active.report() != ReportState::Done;
        (unreported && !self.flag_is_our_claim(active, seat)) || self.was_told(active.number, seat)
    }

    /// Takes flags that the site tells while a pickup of the same booking is running, in an answer to another question:
    /// they count all the same.
    pub(super) fn flags_in_passing(&mut self, number: BookingNumber, tickets: &[Ticket]) {
        let front = std::mem::replace(&mut self.state.customer, CustomerState::Idle);
        let CustomerState::Busy(mut active, stage) = front else {
            self.state.customer = front;
            return;
        };
        if !active.own_issue {
            // The pickup's own list is still to come, or to be acted on.
            self.remember_flags(number, tickets);
        }
        let told = |key: &SeatKey| {
            let flagged = tickets.iter().any(|t| t.key() == *key && t.printed);
            flagged && active.report() != ReportState::Done && self.flag_tells(&active, key)
        };
        if tickets.iter().any(|ticket| told(&ticket.key())) {
            let open = |seat: &&Seat| matches!(seat.state, SeatState::Reserved | SeatState::Printing);
            let seats = active.seats.iter().filter(open).filter(|seat| told(&seat.key));
            let told: Vec<_> = seats.map(|seat| (seat.key.clone(), BEFORE_REPORT)).collect();
            active.doubtful.extend(told);
            // Whether a seat that the list left out was refunded is still for the cloud to say.
            let missing = active.doubtful.extract_if(.., |(_, why)| *why == NOT_LISTED).collect::<Vec<_>>();
            // Before the issue is this kiosk's the seats stay reserved, and so does the one at the printer.
            if active.tied && active.own_issue {
                let steps = doubts(&mut active);
                if !steps.is_empty() {
                    self.record(&mut active, steps);
                }
            } else if active.own_issue {
                self.doubts_of_what_is_due(&mut active);
            }
            active.doubtful.extend(missing);
        }
        self.state.customer = CustomerState::Busy(active, stage);
    }

    /// Puts what is doubtful on record before the report that is due can hide it, where the pickup has not gone on with
    /// what it owes; by the pickup whose report it is.
    fn doubts_of_what_is_due(&mut self, active: &mut ActivePickup) {
        let due = self.state.backlog.due.iter_mut().find(|due| Some(due.report.number) == active.number);
        let Some(due) = due else { return };
        let steps = doubts(active);
        let owed = std::mem::take(&mut due.report.owed);
        let (owed, found) = owed.into_iter().partition(|key| active.wanted().any(|seat| seat.key == *key));
        due.report.owed = owed;
        due.found.extend::<Vec<SeatKey>>(found);
        let pickup = due.report.pickup.clone();
        self.record_for(&pickup, steps);
    }

    /// Makes owed seats uncertain that an answer of the site shows as printed, while that tells something.
    pub(super) fn flagged_now(&self, active: &mut ActivePickup, tickets: &[Ticket]) -> Vec<RecordStep> {
        let shown = tickets.iter().filter(|ticket| ticket.printed).map(Ticket::key);
        let flagged: Vec<SeatKey> = shown.filter(|key| self.flag_tells(active, key)).collect();
        let seats = active.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
        seats.filter(|seat| flagged.contains(&seat.key)).map(|seat| uncertain(seat, BEFORE_REPORT)).collect()
    }
}

/// Makes doubtful seats uncertain: the issue is this kiosk's, so the seats are, too. One that is at the printer stays
/// doubtful.
pub(super) fn doubts(active: &mut ActivePickup) -> Vec<RecordStep> {
    let doubtful = std::mem::take(&mut active.doubtful);
    let reason = |key: &SeatKey| doubtful.iter().find(|(doubtful, _)| doubtful == key).map(|(_, why)| *why);
    let seats = active.seats.iter_mut().filter(|seat| seat.state == SeatState::Reserved);
    let steps = seats.filter_map(|seat| reason(&seat.key).map(|why| uncertain(seat, why))).collect();
    let printing =
        |key: &SeatKey| active.seats.iter().any(|s| s.key == *key && s.state == SeatState::Printing);
    active.doubtful = doubtful.into_iter().filter(|(key, _)| printing(key)).collect();
    steps
}

fn uncertain(seat: &mut Seat, why: &str) -> RecordStep {
    seat.state = SeatState::Uncertain;
    seat.ticket = None;
    uncertain_step(seat.key.clone(), why)
}

/// Returns the record of a seat of which nobody knows who has its paper.
pub(super) fn uncertain_step(seat: SeatKey, why: &str) -> RecordStep {
    RecordStep::Seat { seat, state: SeatState::Uncertain, why: why.into() }
}
