//! Rules for what each step may do to a pickup and to its booking. Pure; the one place both journals obey.
//!
//! The journal is the last line of defence against printing twice: a step that does not follow from
//! what is on record is refused, whoever asks for it. Where a step could be read in two ways, the
//! reading is chosen that neither loses an owed seat nor makes a settled one printable; the doc
//! comments say which.

mod illegal;
mod issue;
mod seat;
mod state;

pub use illegal::Illegal;
pub use seat::{Resolution, bars_others, begin_reprint, find_seat, is_taken, resolve};
pub use state::{Booking, End, Pickup, Seat, Tie};

use crate::journal::record::{Claim, IssueState, PickupId, RecordStep, ReportState};
use crate::ticket::{BookingId, BookingNumber, SeatState};
use jiff::Timestamp;

/// Cuts a time to milliseconds, as the journal keeps it.
pub fn whole_ms(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Returns the pair a step names, for looking its booking up.
pub fn pair(step: &RecordStep) -> Option<(BookingNumber, &BookingId)> {
    match step {
        RecordStep::Recognised { number, id }
        | RecordStep::Issuing { number, id, .. }
        | RecordStep::Resumed { number, id, .. } => Some((*number, id)),
        _ => None,
    }
}

/// Checks a pickup's ID: 1 to 32 letters and digits.
pub fn check_pickup_id(id: &PickupId) -> Result<(), Illegal> {
    let plain = (1..=32).contains(&id.0.len()) && id.0.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { Ok(()) } else { Err(Illegal::BadPickupId) }
}

/// Checks that a pickup that is tied stays with its booking: `tied` is its own, `found` the one the pair leads to.
pub fn check_same_booking(tied: Option<u64>, found: Option<u64>) -> Result<(), Illegal> {
    if tied.is_some() && tied != found { Err(Illegal::OtherBooking) } else { Ok(()) }
}

/// Applies one step to a pickup and to its booking.
///
/// `pickup` is what is on record of the entry's pickup, `booking` the booking it is tied to or, for
/// a step that names a pair, the pair's. Afterwards they are what is to be on record: a booking that
/// has become `None` is to be deleted, and the pickups tied to it lose their tie.
///
/// # Errors
/// [`Illegal`] when the step does not follow from what is on record; what was handed in may then be
/// half changed and must be thrown away.
pub fn apply(
    pickup: &mut Option<Pickup>,
    booking: &mut Option<Booking>,
    at: Timestamp,
    step: &RecordStep,
) -> Result<(), Illegal> {
    let at = whole_ms(at);
    if let RecordStep::Started { started_at, number } = step {
        if pickup.is_some() {
            return Err(Illegal::StartedTwice);
        }
        *pickup = Some(Pickup { started_at: whole_ms(*started_at), number: *number, tie: None, end: None });
        return Ok(());
    }
    let pickup = pickup.as_mut().ok_or(Illegal::UnknownPickup)?;
    match step {
        RecordStep::Started { .. } => Ok(()),
        RecordStep::Recognised { number, .. } => {
            pickup.tie_to(*number, Tie::Recognised)?;
            booking.as_ref().map(|_| ()).ok_or(Illegal::UnknownBooking)
        }
        RecordStep::Issuing { number, seats, .. } => {
            pickup.tie_to(*number, Tie::Attempt)?;
            issue::issuing(booking, *number, seats, at)
        }
        RecordStep::Resumed { number, seats, .. } => {
            pickup.tie_to(*number, Tie::Attempt)?;
            issue::resumed(booking.as_mut().ok_or(Illegal::UnknownBooking)?, seats, at)
        }
        RecordStep::IssueUnanswered
        | RecordStep::Issued
        | RecordStep::IssueRefused { .. }
        | RecordStep::IssueNotSent { .. }
        | RecordStep::CodesArrived { .. } => {
            pickup.in_attempt()?;
            issue::answered(booking, step, at)?;
            if booking.is_none() {
                pickup.tie = None;
            }
            Ok(())
        }
        RecordStep::SeatsFound { seats } => {
            issue::found(booking.as_mut().ok_or(Illegal::NoBooking)?, seats, at)
        }
        RecordStep::Seat { seat, state, .. } => {
            let booking = booking.as_mut().ok_or(Illegal::NoBooking)?;
            seat::step(pickup, booking, seat, *state, at)
        }
        RecordStep::Ended { .. } => ended(pickup, booking.as_mut(), step, at),
        RecordStep::ReportFailed { number, .. }
        | RecordStep::Reported { number }
        | RecordStep::ReportRefused { number, .. } => {
            let booking = booking.as_mut().ok_or(Illegal::NoBooking)?;
            if booking.number != *number {
                return Err(Illegal::OtherBooking);
            }
            booking.report = report_after(booking.report, step);
            Ok(())
        }
    }
}

/// Returns the report's state after a step. `Done` is for good. Only the workflow knows if bytes of a report were ever
/// sent: it is told at start what the journal has and forgets nothing until the next. A failed try of a report that
/// nobody had noted as due makes it due: rather one too many than none.
fn report_after(report: ReportState, step: &RecordStep) -> ReportState {
    match (report, step) {
        (ReportState::Done, _) | (_, RecordStep::Reported { .. }) => ReportState::Done,
        (_, RecordStep::ReportRefused { .. }) => ReportState::Refused,
        (ReportState::None | ReportState::Due { .. }, RecordStep::ReportFailed { sent, .. }) => {
            ReportState::Due { sent: *sent }
        }
        (other, _) => other,
    }
}

/// Ends a pickup. A release is refused when anything came out or may have, now or before. The resume window starts anew
/// only with an attempt's end, not when a pair was merely recognised: else presenting a code too late would open it
/// again.
fn ended(
    pickup: &mut Pickup,
    booking: Option<&mut Booking>,
    step: &RecordStep,
    at: Timestamp,
) -> Result<(), Illegal> {
    let RecordStep::Ended { outcome, claim, duration_ms, report_due, released, .. } = step else {
        return Ok(());
    };
    if pickup.end.is_some() {
        return Err(Illegal::PickupEnded);
    }
    if claim.is_some_and(|Claim(claim)| claim > Claim::MAX) {
        return Err(Illegal::ClaimRange);
    }
    pickup.end = Some(End { outcome: *outcome, claim: *claim, duration_ms: *duration_ms });
    let Some(booking) = booking else {
        return if *report_due || *released { Err(Illegal::NoBooking) } else { Ok(()) };
    };
    if claim.is_some() {
        booking.claim = *claim;
    }
    if *report_due {
        // While something is owed, no report is sent before `ReportFailed` has said that one may have been.
        booking.report = match booking.report {
            ReportState::None | ReportState::Refused => ReportState::Due { sent: false },
            kept => kept,
        };
    }
    if *released {
        let out = |state| is_taken(state) && state != SeatState::HandedOver;
        if booking.seats.iter().any(|seat| out(seat.state)) || booking.report != ReportState::None {
            return Err(Illegal::NotReleasable);
        }
        if booking.issue == IssueState::Issued {
            booking.issue = IssueState::Released;
        }
    }
    if pickup.tie == Some(Tie::Attempt) {
        booking.last_step = at;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
