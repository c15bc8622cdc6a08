//! Reasons for which a step is refused.

use crate::ticket::SeatState;
use thiserror::Error;

/// A step that does not follow from what is on record. Seats are named as on paper.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Illegal {
    /// The pickup's ID is not 1 to 32 letters and digits.
    #[error("a pickup's id is 1 to 32 letters and digits")]
    BadPickupId,
    /// The pickup has a second `Started`.
    #[error("it was started before")]
    StartedTwice,
    /// The pickup has no `Started` on record.
    #[error("no such pickup is on record")]
    UnknownPickup,
    /// A step of an attempt came after `Ended`, or a second `Ended`.
    #[error("it has ended")]
    PickupEnded,
    /// The step needs an attempt, which only `Issuing` and `Resumed` begin.
    #[error("it neither issued nor resumed a booking")]
    NoAttempt,
    /// The pickup is tied to no booking.
    #[error("it is tied to no booking")]
    NoBooking,
    /// The pair has no booking on record.
    #[error("no booking of this number and ID is on record")]
    UnknownBooking,
    /// The number or pair is not that of the pickup.
    #[error("it belongs to another booking")]
    OtherBooking,
    /// The booking has no 0x06 = 0 on record, without which nothing may print or be taken up again.
    #[error("the booking's issue is not on record")]
    NotIssued,
    /// The booking has no seat at all.
    #[error("a booking needs at least one seat")]
    NoSeats,
    /// The booking has no such seat.
    #[error("the booking has no seat {0}")]
    UnknownSeat(String),
    /// The booking has several seats of this name.
    #[error("the booking has several seats {0}: name it by its seat code")]
    AmbiguousSeat(String),
    /// The states do not have this transition.
    #[error("seat {seat} is {}: it cannot become {}", from.name(), to.name())]
    Transition {
        /// Name of the seat.
        seat: String,
        /// State of the seat's ticket.
        from: SeatState,
        /// State asked for.
        to: SeatState,
    },
    /// The seat's content is gone: there is nothing to print from.
    #[error("the content of seat {0} is gone: settle it at the counter")]
    ContentGone(String),
    /// The claim reference is that of another booking, or of another pickup without one.
    #[error("its claim reference is somebody else's")]
    ClaimTaken,
    /// The claim reference has more than 6 digits.
    #[error("a claim reference has at most 6 digits")]
    ClaimRange,
    /// The booking can't be released: something came out, or may have.
    #[error("a ticket came out or may have: the booking stays claimed")]
    NotReleasable,
    /// The name or the reason is missing that staff must give.
    #[error("a name and a reason are needed")]
    NoReason,
    /// A pickup of the booking has no end on record.
    #[error("a pickup of this booking is running, or was cut off and the kiosk has not been started since")]
    PickupRunning,
}
