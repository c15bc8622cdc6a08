//! State of a pickup and of a booking on record, as the rules see it.

use super::Illegal;
use crate::journal::record::{Claim, DueReport, HeldSeat, History, IssueState, PickupId, ReportState};
use crate::ticket::{BookingNumber, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use std::sync::Arc;

/// Tie of a pickup to its booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tie {
    /// The journal knew the pair; nothing is attempted.
    Recognised,
    /// The pickup issued or resumed: it may print.
    Attempt,
}

/// End of a pickup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct End {
    /// Outcome of the pickup.
    pub outcome: Outcome,
    /// Claim reference given to the customer.
    pub claim: Option<Claim>,
    /// Time from the code to the end, in milliseconds.
    pub duration_ms: u64,
}

/// A pickup on record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pickup {
    /// Start of the pickup, by the wall clock.
    pub started_at: Timestamp,
    /// Booking number presented, or found for the ID.
    pub number: Option<BookingNumber>,
    /// Tie to the booking; none where the pickup has no booking.
    pub tie: Option<Tie>,
    /// End of the pickup, once it has one.
    pub end: Option<End>,
}

impl Pickup {
    /// Ties the pickup to the booking of this number. A tie by attempt is never weakened.
    pub(super) fn tie_to(&mut self, number: BookingNumber, tie: Tie) -> Result<(), Illegal> {
        if self.end.is_some() {
            return Err(Illegal::PickupEnded);
        }
        if self.number.is_some_and(|own| own != number) {
            return Err(Illegal::OtherBooking);
        }
        self.number = Some(number);
        if self.tie != Some(Tie::Attempt) {
            self.tie = Some(tie);
        }
        Ok(())
    }

    /// Checks that the pickup may still do what only an attempt may.
    pub(super) fn in_attempt(&self) -> Result<(), Illegal> {
        match (self.end, self.tie) {
            (Some(_), _) => Err(Illegal::PickupEnded),
            (None, Some(Tie::Attempt)) => Ok(()),
            (None, _) => Err(Illegal::NoAttempt),
        }
    }
}

/// A seat on record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Key of the seat.
    pub key: SeatKey,
    /// Name of the seat, as 7排10座.
    pub name: String,
    /// Code of the film, for the day slip.
    pub film_code: String,
    /// Title of the film.
    pub film_name: String,
    /// State of the seat's ticket.
    pub state: SeatState,
    /// State before the reprint, while the seat is printing again by authority.
    pub reprint_of: Option<SeatState>,
    /// Number of reprints, those only begun included.
    pub reprints: u32,
    /// Time of the last change of state, by the wall clock.
    pub changed_at: Timestamp,
    /// Content of the ticket, until the seat is settled.
    pub ticket: Option<Ticket>,
}

impl Seat {
    /// Creates a seat that is owed.
    pub(super) fn reserved(ticket: &Ticket, at: Timestamp) -> Self {
        Self {
            key: ticket.key(),
            name: ticket.seat_name.clone(),
            film_code: ticket.film_code.clone(),
            film_name: ticket.film_name.clone(),
            state: SeatState::Reserved,
            reprint_of: None,
            reprints: 0,
            changed_at: at,
            ticket: Some(ticket.clone()),
        }
    }

    /// Puts the seat to a state that has been found legal; a settled seat's content is gone with it.
    pub(super) fn become_state(&mut self, state: SeatState, at: Timestamp) {
        self.state = state;
        self.changed_at = at;
        if state != SeatState::Printing {
            self.reprint_of = None;
        }
        if state.settled() {
            self.ticket = None;
        }
    }

    /// Returns the seat as others see it.
    pub fn held(&self) -> HeldSeat {
        HeldSeat {
            key: self.key.clone(),
            name: self.name.clone(),
            state: self.state,
            ticket: self.ticket.clone(),
        }
    }
}

/// A booking on record. Its ID is the store's to keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Booking {
    /// Number of the booking.
    pub number: BookingNumber,
    /// State of the booking's issue.
    pub issue: IssueState,
    /// True if a 0x06 = 0 was recorded.
    pub ever_issued: bool,
    /// True if bytes of a 0x05 went out, no reply came, and none has been answered with 0 since.
    pub unanswered: bool,
    /// State of the booking's report.
    pub report: ReportState,
    /// Claim reference given last.
    pub claim: Option<Claim>,
    /// Time of the last step of an attempt, by the wall clock; a seat's steps, which its end follows, leave it.
    pub last_step: Timestamp,
    /// Start of the booking's last session; a day later its ID may be forgotten.
    pub last_session: Timestamp,
    /// Seats of the booking, in the order they were first recorded; never empty. Shared: a step copies the seat it
    /// changes, not the others.
    pub seats: Vec<Arc<Seat>>,
}

impl Booking {
    /// Returns the booking as the workflow sees it.
    pub fn history(&self) -> History {
        History {
            number: self.number,
            issue: self.issue,
            ever_issued: self.ever_issued,
            report: self.report,
            seats: self.held_seats(),
            claim: self.claim,
            last_step: self.last_step,
        }
    }

    /// Returns the seats as others see them.
    pub fn held_seats(&self) -> Vec<HeldSeat> {
        self.seats.iter().map(|seat| seat.held()).collect()
    }

    /// Returns the keys of the seats still reserved.
    pub fn owed(&self) -> Vec<SeatKey> {
        let reserved = self.seats.iter().filter(|seat| seat.state == SeatState::Reserved);
        reserved.map(|seat| seat.key.clone()).collect()
    }

    /// Returns the report as it is to be sent; `pickup` is the booking's latest.
    pub fn due_report(&self, pickup: PickupId) -> DueReport {
        let sent = matches!(self.report, ReportState::Due { sent: true });
        let seats = self.seats.iter().map(|seat| seat.key.clone()).collect();
        DueReport { pickup, number: self.number, sent, owed: self.owed(), seats }
    }

    /// Returns the report, where the site doesn't have one and hasn't refused it.
    pub fn unreported(&self, pickup: &PickupId) -> Option<DueReport> {
        let open = matches!(self.report, ReportState::None | ReportState::Due { .. });
        open.then(|| self.due_report(pickup.clone()))
    }

    /// Returns true if the site may hold the booking as issued here, and has no report of it.
    pub fn is_held_unreported(&self) -> bool {
        self.issue != IssueState::Released && self.report == ReportState::None
    }

    /// Returns true if the booking is unresolved: a seat uncertain or owed by this kiosk, or a report that did not get
    /// through. What a released booking has reserved is nobody's.
    pub fn is_open(&self) -> bool {
        let unsettled = self.seats.iter().any(|seat| match seat.state {
            SeatState::Reserved => self.issue != IssueState::Released,
            state => !state.settled(),
        });
        unsettled || matches!(self.report, ReportState::Due { .. } | ReportState::Refused)
    }

    /// Returns the numbers of seats that are uncertain and that are owed by this kiosk: those of a released booking can
    /// be collected anywhere and are not.
    pub fn open_seats(&self) -> (u32, u32) {
        let count = |state| {
            let seats = self.seats.iter().filter(|seat| seat.state == state);
            u32::try_from(seats.count()).unwrap_or(u32::MAX)
        };
        let owed = if self.issue == IssueState::Released { 0 } else { count(SeatState::Reserved) };
        (count(SeatState::Uncertain), owed)
    }

    /// Gives unsettled seats new content; a settled seat never gets any.
    pub(super) fn refresh(&mut self, tickets: &[Ticket]) -> Result<(), Illegal> {
        for ticket in tickets {
            let key = ticket.key();
            let seat = self.seats.iter_mut().find(|seat| seat.key == key);
            let seat = seat.ok_or_else(|| Illegal::UnknownSeat(ticket.seat_name.clone()))?;
            if !seat.state.settled() && seat.ticket.as_ref() != Some(ticket) {
                Arc::make_mut(seat).ticket = Some(ticket.clone());
            }
            self.last_session = self.last_session.max(super::whole_ms(ticket.session_at));
        }
        Ok(())
    }
}
