//! Active pickup: one pickup, from its code to its end, and the seats it is for.

use super::input::{Readiness, Source};
use super::state::BookedShowing;
use crate::journal::record::{Claim, DueReport, History, IssueState, PickupId, ReportState};
use crate::ticket::{BookingId, BookingNumber, SeatKey, SeatState, Ticket};
use crate::vista::answer::CloudAnswer;
use jiff::Timestamp;
use std::time::Duration;

/// One pickup, from its code to its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActivePickup {
    /// ID of the pickup.
    pub pickup: PickupId,
    /// Start of the pickup, by the wall clock.
    pub started_at: Timestamp,
    /// Start of the pickup, by the monotonic clock, for its duration.
    pub started: Duration,
    /// Source of the code.
    pub source: Source,
    /// Booking number, once known.
    pub number: Option<BookingNumber>,
    /// Booking ID presented, or in the cloud's spelling.
    pub id: BookingId,
    /// True if only the ID was presented.
    pub id_alone: bool,
    /// True if the cloud's spelling of the ID has replaced the customer's.
    pub respelled: bool,
    /// State of the look at the printer for this code.
    pub look: Look,
    /// Answer of the cloud, once asked.
    pub cloud: Option<CloudAnswer>,
    /// History of exactly this pair in the journal.
    pub history: Option<History>,
    /// Seats of this number that another record of it bars: printed, owed or uncertain there.
    pub taken: Vec<SeatKey>,
    /// Claim reference that the pickup gets, should it need one.
    pub claim: Claim,
    /// True if an 0x06 = 0 of this kiosk is on record.
    pub own_issue: bool,
    /// True if an 0x05 of this kiosk went unanswered.
    pub unanswered: bool,
    /// True if this pickup has sent its second 0x05.
    pub second_issue: bool,
    /// True if the site has answered an 0x05 of this pickup with 0.
    pub issued_now: bool,
    /// Time of its last 0x05, by the monotonic clock: the claim is not younger.
    pub issued_at: Option<Duration>,
    /// True if a list that left out what is owed has been asked for once more.
    pub asked_again: bool,
    /// Reserved seats that are not to be printed, each with the reason: uncertain once the issue is this kiosk's.
    pub doubtful: Vec<(SeatKey, &'static str)>,
    /// Keys of the seats in the site's last list.
    pub listed: Vec<SeatKey>,
    /// Seats that the site lists and that are somebody else's.
    pub elsewhere: Vec<SeatKey>,
    /// True if `Started` is on record.
    pub recorded: bool,
    /// True if the record ties this pickup to the pair's booking.
    pub tied: bool,
    /// Time until which the customer is kept waiting for the printer; counted from the last ticket that came out.
    pub patience: Option<Duration>,
    /// Showing of the booking, once a ticket of it is done and its content dropped.
    pub session: Option<BookedShowing>,
    /// The booking's seats that are this kiosk's to print or to answer for.
    pub seats: Vec<Seat>,
}

/// State of the look at the printer before anything is issued. It is made together with the questions to the journal
/// and the site: none of them waits for another, and nothing is issued before all have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// The printer has not been asked, or so long ago that it has to be asked again.
    Due,
    /// The printer has been asked.
    Asked,
    /// The printer has answered.
    Seen(Readiness),
}

/// A seat in the present pickup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Key of the seat.
    pub key: SeatKey,
    /// Name of the seat, as 7排10座.
    pub name: String,
    /// State of the seat's ticket, as the journal has it.
    pub state: SeatState,
    /// Content of the ticket; only seats still owed need it.
    pub ticket: Option<Ticket>,
    /// True if the record owes it no more, for it was printed or settled. Stays so if the next record fails.
    pub not_owed: bool,
}

impl ActivePickup {
    /// Returns the index of the first seat still owed.
    pub fn next_owed(&self) -> Option<usize> {
        self.seats.iter().position(|seat| seat.state == SeatState::Reserved)
    }

    /// Returns true if something of it is on record as this kiosk's to settle: issued, not released, not settled.
    pub fn owes(&self) -> bool {
        let released = self.history.as_ref().is_some_and(|h| h.issue == IssueState::Released);
        let open = |seat: &Seat| match seat.state {
            SeatState::Reserved => !released,
            state => !state.settled(),
        };
        self.own_issue && self.seats.iter().any(open)
    }

    /// Returns the state of the booking's report.
    pub fn report(&self) -> ReportState {
        self.history.as_ref().map_or(ReportState::None, |history| history.report)
    }

    /// Returns true if the issue is on record as this kiosk's, and the site has its report.
    pub fn issue_stands(&self) -> bool {
        let issued = self.history.as_ref().is_some_and(|history| history.issue == IssueState::Issued);
        issued && self.report() == ReportState::Done
    }

    /// Returns true if a seat is not to be printed although it is reserved.
    pub fn doubts(&self, key: &SeatKey) -> bool {
        self.doubt(key).is_some()
    }

    /// Returns the reason for which a seat is not to be printed.
    pub fn doubt(&self, key: &SeatKey) -> Option<&'static str> {
        self.doubtful.iter().find(|(doubtful, _)| doubtful == key).map(|(_, why)| *why)
    }

    /// Returns the seats that are owed and may be printed: not those that went out under another record of the number.
    pub fn wanted(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| self.wants(seat))
    }

    /// Returns true if a seat is owed and may be printed.
    pub fn wants(&self, seat: &Seat) -> bool {
        seat.state == SeatState::Reserved && !self.doubts(&seat.key) && !self.taken.contains(&seat.key)
    }

    /// Returns true if paper of the booking came out here, as far as that is known. Without a report none is uncertain
    /// but by the site's word.
    pub fn paper_out(&self) -> bool {
        let out = |state| matches!(state, SeatState::Printing | SeatState::Printed | SeatState::Reprinted);
        self.seats.iter().any(|seat| out(seat.state))
    }

    /// Returns the showing of the booking, as far as a ticket of it is or was at hand.
    pub fn session(&self) -> Option<BookedShowing> {
        let Some(ticket) = self.seats.iter().find_map(|seat| seat.ticket.as_ref()) else {
            return self.session.clone();
        };
        Some(BookedShowing {
            film: ticket.film_name.clone(),
            screen: ticket.screen_name.clone(),
            at: ticket.session_at,
        })
    }

    /// Returns the record of the booking for its report; none without a number.
    pub fn due_report(&self) -> Option<DueReport> {
        let owed = self.seats.iter().filter(|seat| seat.state == SeatState::Reserved);
        Some(DueReport {
            pickup: self.pickup.clone(),
            number: self.number?,
            sent: false,
            owed: owed.map(|seat| seat.key.clone()).collect(),
            seats: self.seats.iter().map(|seat| seat.key.clone()).collect(),
        })
    }

    /// Returns the seats that the list before the first issue showed as somebody else's, where this was the first.
    pub fn elsewhere_before(&self) -> Option<Vec<SeatKey>> {
        self.history.is_none().then(|| self.elsewhere.clone())
    }

    /// Returns true if something of the booking came out here, or may have.
    pub fn something_out(&self) -> bool {
        self.seats.iter().any(|seat| {
            matches!(
                seat.state,
                SeatState::Printing | SeatState::Printed | SeatState::Uncertain | SeatState::Reprinted
            )
        })
    }
}
