//! One pickup, from its code to its end, and the seats it is for.

use super::input::{Readiness, Source};
use super::state::Session;
use crate::journal::record::{Claim, DueReport, History, IssueState, PickupId, ReportState};
use crate::ticket::{BookingId, BookingNumber, SeatKey, SeatState, Ticket};
use crate::vista::answer::CloudAnswer;
use jiff::Timestamp;
use std::time::Duration;

/// One pickup, from its code to its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Visit {
    /// Its id.
    pub pickup: PickupId,
    /// When it began, wall clock.
    pub started_at: Timestamp,
    /// When it began, for its duration.
    pub started: Duration,
    /// Where its code came from.
    pub source: Source,
    /// The number, once known.
    pub number: Option<BookingNumber>,
    /// The ID.
    pub id: BookingId,
    /// Only the ID was presented.
    pub id_alone: bool,
    /// The cloud's spelling of the ID has replaced the customer's.
    pub respelled: bool,
    /// What the printer said, asked for this code.
    pub look: Look,
    /// What the cloud said, once asked.
    pub cloud: Option<CloudAnswer>,
    /// What the journal knew of exactly this pair.
    pub history: Option<History>,
    /// Seats of this number that went out under another ID.
    pub taken: Vec<SeatKey>,
    /// The claim reference it gets, should it need one.
    pub claim: Claim,
    /// An 0x06 = 0 of this kiosk is on record.
    pub own_issue: bool,
    /// An 0x05 of this kiosk went unanswered.
    pub unanswered: bool,
    /// This pickup has sent its second 0x05.
    pub second_issue: bool,
    /// The site has answered an 0x05 of this pickup with 0.
    pub issued_now: bool,
    /// When its last 0x05 was sent: the claim is not younger.
    pub issued_at: Option<Duration>,
    /// A list that left out what is owed has been asked for once more.
    pub asked_again: bool,
    /// Reserved seats that are not to be printed, each with the reason: uncertain once the issue is this kiosk's.
    pub doubtful: Vec<(SeatKey, &'static str)>,
    /// Seats in the site's last list.
    pub listed: Vec<SeatKey>,
    /// Seats that the site lists and that are somebody else's.
    pub elsewhere: Vec<SeatKey>,
    /// `Started` is on record.
    pub recorded: bool,
    /// The record ties this pickup to the pair's booking.
    pub tied: bool,
    /// Until when the customer is kept waiting for the printer; since the last ticket that came out.
    pub patience: Option<Duration>,
    /// What the booking is for, once a ticket of it is done and its content dropped.
    pub session: Option<Session>,
    /// The booking's seats that are this kiosk's to print or to answer for.
    pub seats: Vec<Seat>,
}

/// The printer's state before anything is issued. It is asked for together with the journal and the site: none of
/// them waits for another, and nothing is issued before all have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Not asked, or so long ago that it has to be asked again.
    Due,
    /// Asked.
    Asked,
    /// Answered.
    Seen(Readiness),
}

/// A seat in the present pickup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Which.
    pub key: SeatKey,
    /// Its name.
    pub name: String,
    /// Where it stands, as the journal has it.
    pub state: SeatState,
    /// Its content; only seats still owed need it.
    pub ticket: Option<Ticket>,
    /// On record as owed no more: it has been at the printer, or was settled. Stays so if the next record fails.
    pub not_owed: bool,
}

impl Visit {
    /// The first seat still owed.
    pub fn next_owed(&self) -> Option<usize> {
        self.seats.iter().position(|seat| seat.state == SeatState::Reserved)
    }

    /// Something of it is on record as this kiosk's to settle: issued and not released, and not settled.
    pub fn owes(&self) -> bool {
        let released = self.history.as_ref().is_some_and(|h| h.issue == IssueState::Released);
        let open = |seat: &Seat| match seat.state {
            SeatState::Reserved => !released,
            state => !state.settled(),
        };
        self.own_issue && self.seats.iter().any(open)
    }

    /// Where the booking's report stands.
    pub fn report(&self) -> ReportState {
        self.history.as_ref().map_or(ReportState::None, |history| history.report)
    }

    /// The issue is on record as this kiosk's, and the site has its report.
    pub fn issue_stands(&self) -> bool {
        let issued = self.history.as_ref().is_some_and(|history| history.issue == IssueState::Issued);
        issued && self.report() == ReportState::Done
    }

    /// Whether a seat is not to be printed although it is reserved.
    pub fn doubts(&self, key: &SeatKey) -> bool {
        self.doubt(key).is_some()
    }

    /// Why it is not to be printed.
    pub fn doubt(&self, key: &SeatKey) -> Option<&'static str> {
        self.doubtful.iter().find(|(doubtful, _)| doubtful == key).map(|(_, why)| *why)
    }

    /// The seats that are owed and may be printed: not those that went out under another record of the number.
    pub fn wanted(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| self.wants(seat))
    }

    /// Whether a seat is one of them.
    pub fn wants(&self, seat: &Seat) -> bool {
        seat.state == SeatState::Reserved && !self.doubts(&seat.key) && !self.taken.contains(&seat.key)
    }

    /// Paper of the booking came out here, as far as that is known. Without a report none is uncertain but by the site's
    /// word.
    pub fn paper_out(&self) -> bool {
        let out = |state| matches!(state, SeatState::Printing | SeatState::Printed | SeatState::Reprinted);
        self.seats.iter().any(|seat| out(seat.state))
    }

    /// What the booking is for, as far as a ticket of it is or was at hand.
    pub fn session(&self) -> Option<Session> {
        let Some(ticket) = self.seats.iter().find_map(|seat| seat.ticket.as_ref()) else {
            return self.session.clone();
        };
        Some(Session {
            film: ticket.film_name.clone(),
            screen: ticket.screen_name.clone(),
            at: ticket.session_at,
        })
    }

    /// What is on record of the booking, for its report; none without a number.
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

    /// Seats that the list before the first issue showed as somebody else's, where this was the first.
    pub fn elsewhere_before(&self) -> Option<Vec<SeatKey>> {
        self.history.is_none().then(|| self.elsewhere.clone())
    }

    /// Something of the booking came out here, or may have.
    pub fn something_out(&self) -> bool {
        self.seats.iter().any(|seat| {
            matches!(
                seat.state,
                SeatState::Printing | SeatState::Printed | SeatState::Uncertain | SeatState::Reprinted
            )
        })
    }
}
