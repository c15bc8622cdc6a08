//! What is on record of a pickup and of a booking, as the rules see it.

use super::Illegal;
use crate::journal::record::{Claim, DueReport, HeldSeat, History, IssueState, PickupId, ReportState};
use crate::ticket::{BookingNumber, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use std::sync::Arc;

/// How a pickup is tied to its booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tie {
    /// The journal knew the pair; nothing is attempted.
    Recognised,
    /// It issued or resumed: it may print.
    Attempt,
}

/// How a pickup ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct End {
    /// How.
    pub outcome: Outcome,
    /// The claim reference the customer was given.
    pub claim: Option<Claim>,
    /// From the code to the end.
    pub duration_ms: u64,
}

/// A pickup on record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pickup {
    /// When.
    pub started_at: Timestamp,
    /// The number presented, or found for the ID.
    pub number: Option<BookingNumber>,
    /// Whether and how it is tied to its booking.
    pub tie: Option<Tie>,
    /// Its end, once it has one.
    pub end: Option<End>,
}

impl Pickup {
    /// Ties it to the booking of this number. A tie by attempt is never weakened.
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

    /// Whether it still may do what only an attempt may.
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
    /// Which.
    pub key: SeatKey,
    /// Its name.
    pub name: String,
    /// The film's code, for the day's slip.
    pub film_code: String,
    /// The film's title.
    pub film_name: String,
    /// Where its ticket stands.
    pub state: SeatState,
    /// While it is printing again by authority: what it was before.
    pub reprint_of: Option<SeatState>,
    /// How many times it was printed again, or begun to be.
    pub reprints: u32,
    /// Wall clock of its last change of state.
    pub changed_at: Timestamp,
    /// Its content, until it is settled.
    pub ticket: Option<Ticket>,
}

impl Seat {
    /// A seat that is owed.
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

    /// Puts it to a state that has been found legal; a settled seat's content is gone with it.
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

    /// As others see it.
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
    /// Its number.
    pub number: BookingNumber,
    /// Where its issue stands.
    pub issue: IssueState,
    /// A 0x06 = 0 was recorded.
    pub ever_issued: bool,
    /// Bytes of a 0x05 went out, no reply came, and none has been answered with 0 since.
    pub unanswered: bool,
    /// Where its report stands.
    pub report: ReportState,
    /// Its claim reference: the one given last.
    pub claim: Option<Claim>,
    /// Wall clock of the last step of an attempt; a seat's steps, which its end follows, leave it.
    pub last_step: Timestamp,
    /// When the last of its sessions begins; a day later its ID may be forgotten.
    pub last_session: Timestamp,
    /// Its seats, in the order they were first recorded; never empty. Shared: a step copies the seat
    /// it changes, not the others.
    pub seats: Vec<Arc<Seat>>,
}

impl Booking {
    /// As the workflow sees it.
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

    /// Its seats as others see them.
    pub fn held_seats(&self) -> Vec<HeldSeat> {
        self.seats.iter().map(|seat| seat.held()).collect()
    }

    /// Seats still reserved.
    pub fn owed(&self) -> Vec<SeatKey> {
        let reserved = self.seats.iter().filter(|seat| seat.state == SeatState::Reserved);
        reserved.map(|seat| seat.key.clone()).collect()
    }

    /// Its report, as it is to be sent; `pickup` is its latest.
    pub fn due_report(&self, pickup: PickupId) -> DueReport {
        let sent = matches!(self.report, ReportState::Due { sent: true });
        let seats = self.seats.iter().map(|seat| seat.key.clone()).collect();
        DueReport { pickup, number: self.number, sent, owed: self.owed(), seats }
    }

    /// Its report, where the site doesn't have one and hasn't refused it.
    pub fn unreported(&self, pickup: &PickupId) -> Option<DueReport> {
        let open = matches!(self.report, ReportState::None | ReportState::Due { .. });
        open.then(|| self.due_report(pickup.clone()))
    }

    /// The site may hold it as issued here, and has no report of it.
    pub fn is_held_unreported(&self) -> bool {
        self.issue != IssueState::Released && self.report == ReportState::None
    }

    /// Whether it is unresolved: a seat uncertain or owed by this kiosk, or a report that did not get
    /// through. What a released booking has reserved is nobody's.
    pub fn is_open(&self) -> bool {
        let unsettled = self.seats.iter().any(|seat| match seat.state {
            SeatState::Reserved => self.issue != IssueState::Released,
            state => !state.settled(),
        });
        unsettled || matches!(self.report, ReportState::Due { .. } | ReportState::Refused)
    }

    /// How many seats are uncertain, and how many are owed by this kiosk: those of a released
    /// booking can be collected anywhere and are not.
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
