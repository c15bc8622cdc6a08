//! Effects of the issue's steps on a booking.

use super::{Booking, Illegal, Seat};
use crate::journal::record::{IssueState, RecordStep, ReportState};
use crate::ticket::{BookingNumber, SeatState, Ticket};
use jiff::Timestamp;
use std::sync::Arc;

/// Records that the issue is about to be sent. Seats the booking has already keep their state; new ones are put to
/// `Reserved`, and void ones, for the site gives them again. But not where a report was ever due: a void seat may then
/// have been an uncertain one. Those not settled get the new content.
pub(super) fn issuing(
    booking: &mut Option<Booking>,
    number: BookingNumber,
    tickets: &[Ticket],
    at: Timestamp,
) -> Result<(), Illegal> {
    let booking = booking.get_or_insert_with(|| Booking {
        number,
        issue: IssueState::Asked,
        ever_issued: false,
        unanswered: false,
        report: ReportState::None,
        claim: None,
        last_step: at,
        last_session: Timestamp::UNIX_EPOCH,
        seats: Vec::new(),
    });
    for ticket in tickets {
        let key = ticket.key();
        match booking.seats.iter_mut().find(|seat| seat.key == key) {
            None => booking.seats.push(Arc::new(Seat::reserved(ticket, at))),
            Some(seat) if seat.state == SeatState::Void && booking.report == ReportState::None => {
                Arc::make_mut(seat).become_state(SeatState::Reserved, at);
            }
            Some(_) => {}
        }
    }
    booking.refresh(tickets)?;
    if booking.seats.is_empty() {
        return Err(Illegal::NoSeats);
    }
    booking.issue = IssueState::Asked;
    booking.last_step = at;
    Ok(())
}

/// Adds seats that were issued with the others and left out of the list. One that is on record keeps its state.
pub(super) fn found(booking: &mut Booking, tickets: &[Ticket], at: Timestamp) -> Result<(), Illegal> {
    if booking.issue == IssueState::Released {
        return Err(Illegal::NotIssued);
    }
    for ticket in tickets {
        let key = ticket.key();
        if !booking.seats.iter().any(|seat| seat.key == key) {
            booking.seats.push(Arc::new(Seat::reserved(ticket, at)));
        }
    }
    booking.refresh(tickets)
}

/// Takes an issue up again: only what the site gave us, and we did not give back.
pub(super) fn resumed(booking: &mut Booking, tickets: &[Ticket], at: Timestamp) -> Result<(), Illegal> {
    if booking.issue != IssueState::Issued {
        return Err(Illegal::NotIssued);
    }
    booking.refresh(tickets)?;
    booking.last_step = at;
    Ok(())
}

/// Applies the steps between `Issuing` and the first ticket.
pub(super) fn answered(
    booking: &mut Option<Booking>,
    step: &RecordStep,
    at: Timestamp,
) -> Result<(), Illegal> {
    let known = booking.as_mut().ok_or(Illegal::NoBooking)?;
    known.last_step = at;
    match step {
        RecordStep::IssueUnanswered => known.unanswered = true,
        RecordStep::Issued => {
            known.issue = IssueState::Issued;
            known.ever_issued = true;
            known.unanswered = false;
        }
        // A booking whose 0x06 = 0 is on record stays on record, whatever is claimed.
        RecordStep::IssueRefused { claim_kept: false, .. } if !known.ever_issued => {
            known.unanswered = false;
            give_up(booking);
        }
        // Nothing went out. What was issued or released before is as it was; what was never asked for is gone.
        RecordStep::IssueNotSent { kept } if known.issue == IssueState::Asked && !known.unanswered => {
            if known.ever_issued {
                known.issue = if *kept { IssueState::Issued } else { IssueState::Released };
            } else {
                give_up(booking);
            }
        }
        RecordStep::CodesArrived { seats } => known.refresh(seats)?,
        _ => {}
    }
    Ok(())
}

/// Deletes the seats that were never ours, and the booking when nothing else is known of it.
fn give_up(booking: &mut Option<Booking>) {
    if let Some(known) = booking {
        known.seats.retain(|seat| seat.state != SeatState::Reserved);
        if known.seats.is_empty() {
            *booking = None;
        }
    }
}
