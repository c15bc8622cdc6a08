//! Life of a seat's ticket: which state may follow which, by whose word.

use super::{Booking, Illegal, Pickup, Seat};
use crate::journal::record::{IssueState, ReportState};
use crate::ticket::{SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use std::sync::Arc;

/// Decision of staff on a seat, without the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// The ticket was seen: uncertain → printed.
    CameOut,
    /// The seat was settled at the counter: owed or uncertain → handed over.
    HandedOver,
    /// The seat is not owed any more: owed or uncertain → void.
    Void,
}

impl Resolution {
    /// Returns the state that the resolution leads to.
    pub fn state(self) -> SeatState {
        match self {
            Self::CameOut => SeatState::Printed,
            Self::HandedOver => SeatState::HandedOver,
            Self::Void => SeatState::Void,
        }
    }

    /// Returns the resolution of this word of the command line.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::CameOut, Self::HandedOver, Self::Void].into_iter().find(|how| how.name() == name)
    }

    /// Returns the word of the command line: came-out, handed-over, void.
    pub fn name(self) -> &'static str {
        match self {
            Self::CameOut => "came-out",
            Self::HandedOver => "handed-over",
            Self::Void => "void",
        }
    }
}

/// Returns true if paper exists or may exist, or the seat was settled: nobody else may have it printed.
pub fn is_taken(state: SeatState) -> bool {
    !matches!(state, SeatState::Reserved | SeatState::Void)
}

/// Returns true if a seat may not be printed under another record of the same number: one under another ID, or one made
/// after this one's key was lost or forgotten. That is so where paper exists, may exist or was settled for
/// ([`is_taken`]); where it is owed here, for staff can have it printed by this record; and where it is void after a
/// report was due, for it may have been an uncertain one before.
pub fn bars_others(booking: &Booking, seat: &Seat) -> bool {
    match seat.state {
        SeatState::Reserved => booking.issue == IssueState::Issued,
        SeatState::Void => booking.report != ReportState::None,
        state => is_taken(state),
    }
}

fn find<'a>(booking: &'a mut Booking, key: &SeatKey) -> Result<&'a mut Seat, Illegal> {
    let seat = booking.seats.iter_mut().find(|seat| seat.key == *key);
    seat.map(Arc::make_mut).ok_or_else(|| Illegal::UnknownSeat(key.seat_code.clone()))
}

/// Returns the key of the seat with this name or this seat code.
///
/// # Errors
/// [`Illegal::UnknownSeat`]; [`Illegal::AmbiguousSeat`] when several have this name.
pub fn find_seat(booking: &Booking, name: &str) -> Result<SeatKey, Illegal> {
    let by_code = booking.seats.iter().filter(|seat| seat.key.seat_code == name).collect::<Vec<_>>();
    let by_name = booking.seats.iter().filter(|seat| seat.name == name).collect::<Vec<_>>();
    match (by_code.as_slice(), by_name.as_slice()) {
        ([seat], _) | (_, [seat]) => Ok(seat.key.clone()),
        ([], []) => Err(Illegal::UnknownSeat(name.to_owned())),
        _ => Err(Illegal::AmbiguousSeat(name.to_owned())),
    }
}

/// Applies a seat's step by the workflow. `Reserved` after `Printing` means that not a byte was sent; a reprint of an
/// uncertain seat goes back to `Uncertain` for that, never to `Reserved`. `Uncertain` ends in `Printed` or `HandedOver`
/// by staff's word only ([`resolve`]). A seat that is owed becomes `Uncertain` when nobody can tell whether somebody
/// else has printed it. What the site says of a seat that was owed can come late: `Void` changes no other than an owed
/// one, `Uncertain` none that is settled.
pub(super) fn step(
    pickup: &Pickup,
    booking: &mut Booking,
    key: &SeatKey,
    to: SeatState,
    at: Timestamp,
) -> Result<(), Illegal> {
    use SeatState::{HandedOver, Printed, Printing, Reprinted, Reserved, Uncertain, Void};
    let attempt = pickup.in_attempt();
    let (issue, report) = (booking.issue, booking.report);
    let seat = find(booking, key)?;
    match (seat.state, to, seat.reprint_of) {
        (Reserved, Printing, _) => {
            attempt.clone()?;
            if issue != IssueState::Issued {
                return Err(Illegal::NotIssued);
            }
        }
        (Printing, Printed | Reserved, None) => attempt.clone()?,
        (Printing, Reserved, Some(Reserved))
        | (Printing, Reprinted, Some(_))
        | (Printing, Uncertain, _)
        | (Reserved, Uncertain | Void, _) => {}
        (_, Void, _) | (Uncertain | Printed | Reprinted | HandedOver | Void, Uncertain, _) => return Ok(()),
        (from, to, _) => return Err(Illegal::Transition { seat: seat.name.clone(), from, to }),
    }
    // A reprint is paper, too: from then on the counter must not be able to print the booking.
    let again = seat.state == Printing && seat.reprint_of.is_some() && matches!(to, Reprinted | Uncertain);
    seat.become_state(to, at);
    if again && report == ReportState::None {
        booking.report = ReportState::Due { sent: false };
    }
    Ok(())
}

/// Settles a seat as staff decide.
///
/// # Errors
/// [`Illegal::Transition`] unless the seat is uncertain or, but for `CameOut`, owed.
pub fn resolve(booking: &mut Booking, key: &SeatKey, how: Resolution, at: Timestamp) -> Result<(), Illegal> {
    let seat = find(booking, key)?;
    let legal = match how {
        Resolution::CameOut => seat.state == SeatState::Uncertain,
        Resolution::HandedOver | Resolution::Void => {
            matches!(seat.state, SeatState::Uncertain | SeatState::Reserved)
        }
    };
    if !legal {
        return Err(Illegal::Transition { seat: seat.name.clone(), from: seat.state, to: how.state() });
    }
    seat.become_state(how.state(), at);
    Ok(())
}

/// Begins to print a seat again, or at last, as staff order: uncertain or owed → printing. Returns the ticket's content
/// and the number of its reprints, this one included.
///
/// # Errors
/// [`Illegal::Transition`] from any other state; [`Illegal::NotIssued`] when the booking is not ours
/// (any more); [`Illegal::ContentGone`].
pub fn begin_reprint(booking: &mut Booking, key: &SeatKey, at: Timestamp) -> Result<(Ticket, u32), Illegal> {
    let ours = booking.ever_issued && booking.issue != IssueState::Released;
    let seat = find(booking, key)?;
    let from = seat.state;
    if !matches!(from, SeatState::Uncertain | SeatState::Reserved) {
        return Err(Illegal::Transition { seat: seat.name.clone(), from, to: SeatState::Printing });
    }
    if !ours {
        return Err(Illegal::NotIssued);
    }
    let ticket = seat.ticket.clone().ok_or_else(|| Illegal::ContentGone(seat.name.clone()))?;
    seat.become_state(SeatState::Printing, at);
    seat.reprint_of = Some(from);
    seat.reprints = seat.reprints.saturating_add(1);
    Ok((ticket, seat.reprints))
}
