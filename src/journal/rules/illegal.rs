//! Why a step was refused.

use crate::ticket::SeatState;
use thiserror::Error;

/// A step that does not follow from what is on record. Seats are named as on paper.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Illegal {
    /// Not 1 to 32 letters and digits.
    #[error("a pickup's id is 1 to 32 letters and digits")]
    BadPickupId,
    /// A second `Started`.
    #[error("it was started before")]
    StartedTwice,
    /// No `Started` on record.
    #[error("no such pickup is on record")]
    UnknownPickup,
    /// A step of an attempt after `Ended`, or a second `Ended`.
    #[error("it has ended")]
    PickupEnded,
    /// Only `Issuing` and `Resumed` allow what was asked.
    #[error("it neither issued nor resumed a booking")]
    NoAttempt,
    /// The pickup is tied to no booking.
    #[error("it is tied to no booking")]
    NoBooking,
    /// The pair has no booking on record.
    #[error("no booking of this number and ID is on record")]
    UnknownBooking,
    /// A number or pair that is not that of the pickup.
    #[error("it belongs to another booking")]
    OtherBooking,
    /// Nothing may print, or be taken up again, without 0x06 = 0 on record.
    #[error("the booking's issue is not on record")]
    NotIssued,
    /// A booking without a seat.
    #[error("a booking needs at least one seat")]
    NoSeats,
    /// The booking has no such seat.
    #[error("the booking has no seat {0}")]
    UnknownSeat(String),
    /// Several seats have this name.
    #[error("the booking has several seats {0}: name it by its seat code")]
    AmbiguousSeat(String),
    /// A transition that the states do not have.
    #[error("seat {seat} is {}: it cannot become {}", from.name(), to.name())]
    Transition {
        /// The seat's name.
        seat: String,
        /// Where it stands.
        from: SeatState,
        /// What was asked for.
        to: SeatState,
    },
    /// Nothing to print from.
    #[error("the content of seat {0} is gone: settle it at the counter")]
    ContentGone(String),
    /// Another booking, or another pickup without one, has this claim reference.
    #[error("its claim reference is somebody else's")]
    ClaimTaken,
    /// A claim reference has 6 digits.
    #[error("a claim reference has at most 6 digits")]
    ClaimRange,
    /// Something came out, or may have.
    #[error("a ticket came out or may have: the booking stays claimed")]
    NotReleasable,
    /// Staff must say who they are and why.
    #[error("a name and a reason are needed")]
    NoReason,
    /// A pickup of the booking has no end on record.
    #[error("a pickup of this booking is running, or was cut off and the kiosk has not been started since")]
    PickupRunning,
}
