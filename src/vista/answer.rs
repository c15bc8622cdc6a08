//! Answers of the cloud about a booking (3.11), in the form the workflow needs. Pure.

use crate::ticket::{BookingId, BookingNumber};

/// CollectedStatus, RefundedStatus and CancelledStatus (3.11): "1", "0", "2".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Flag {
    /// 1.
    Yes,
    /// 0.
    No,
    /// 2, missing, null, or anything else.
    #[default]
    Unknown,
}

/// One seat of a booking.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CloudTicket {
    /// CollectedStatus.
    pub collected: Flag,
    /// RefundedStatus.
    pub refunded: Flag,
    /// TicketSequenceNumber.
    pub sequence: Option<u32>,
    /// SessionId.
    pub session_id: Option<String>,
}

/// A booking as given by GetSingleBooking (3.11). The customer's phone, name and card aren't read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CloudBooking {
    /// BookingNumber; `None` if it is missing or no number a booking can have.
    pub number: Option<BookingNumber>,
    /// BookingId as the cloud spells it.
    pub id: Option<BookingId>,
    /// CinemaId.
    pub cinema_id: Option<String>,
    /// CancelledStatus.
    pub cancelled: Flag,
    /// Seats of the booking, at most [`TICKETS_MAX`](super::single_booking::TICKETS_MAX).
    pub tickets: Vec<CloudTicket>,
}

/// State of a booking as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloudStatus {
    /// Some tickets are left to collect, or may be.
    Open,
    /// Every seat that isn't refunded has been collected, and there is at least one.
    Collected,
    /// Every seat is refunded, and there is at least one.
    Refunded,
    /// CancelledStatus is 1.
    Cancelled,
}

impl CloudBooking {
    /// Returns the state of the whole booking. If the cloud doesn't know, it is open: the site's flags decide then.
    pub fn status(&self) -> CloudStatus {
        if self.cancelled == Flag::Yes {
            return CloudStatus::Cancelled;
        }
        if self.tickets.is_empty() {
            return CloudStatus::Open;
        }
        let mut kept = self.tickets.iter().filter(|ticket| ticket.refunded != Flag::Yes).peekable();
        if kept.peek().is_none() {
            return CloudStatus::Refunded;
        }
        if kept.all(|ticket| ticket.collected == Flag::Yes) {
            CloudStatus::Collected
        } else {
            CloudStatus::Open
        }
    }

    /// Returns true if the booking has no content: some servers answer so when there is no such booking.
    pub fn is_empty(&self) -> bool {
        self.number.is_none() && self.id.is_none() && self.tickets.is_empty()
    }
}

/// Meaning of the cloud's answer for a pickup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CloudAnswer {
    /// The cloud has the booking.
    Booking(CloudBooking),
    /// Codes 47 and 62, or an empty Booking.
    NotFound,
    /// Code 61: the ID alone does not identify the booking.
    Ambiguous,
    /// No usable answer. The reason is for logs and holds no secret.
    Unavailable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booking(cancelled: Flag, seats: &[(Flag, Flag)]) -> CloudBooking {
        let ticket = |&(collected, refunded): &_| CloudTicket {
            collected,
            refunded,
            sequence: None,
            session_id: None,
        };
        CloudBooking {
            number: None,
            id: None,
            cinema_id: None,
            cancelled,
            tickets: seats.iter().map(ticket).collect(),
        }
    }

    #[test]
    fn the_seats_together_make_the_status() {
        use CloudStatus::{Cancelled, Collected, Open, Refunded};
        use Flag::{No, Unknown, Yes};
        let cases = [
            (No, vec![], Open),
            (Yes, vec![(Yes, Yes)], Cancelled),
            (Unknown, vec![(Yes, No), (Yes, Unknown)], Collected),
            (No, vec![(Yes, No), (No, No)], Open),
            (No, vec![(Yes, No), (Unknown, No)], Open),
            (No, vec![(No, Yes), (Yes, Yes)], Refunded),
            (No, vec![(No, Yes), (Yes, No)], Collected),
            (No, vec![(No, Yes), (No, No)], Open),
        ];
        for (cancelled, seats, expected) in cases {
            assert_eq!(booking(cancelled, &seats).status(), expected, "{cancelled:?} {seats:?}");
        }
    }
}
