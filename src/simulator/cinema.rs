//! The simulated cinema's bookings and what its ticketing server does with them. Pure.

use crate::ticket::{BookingId, BookingNumber, Ticket};

/// One booking of the simulated cinema.
#[derive(Debug, Clone)]
pub struct Booking {
    /// VistaBookingNumber.
    pub number: BookingNumber,
    /// VistaBookingId.
    pub id: BookingId,
    /// The site's query does not know it; the cloud does.
    pub unknown_to_site: bool,
    /// CancelledStatus is 1.
    pub cancelled: bool,
    /// A successful 0x05 was answered for it.
    pub issued: bool,
    /// How many 0x07 the site took for it.
    pub reports: u32,
    /// Its seats.
    pub seats: Vec<Seat>,
}

/// One seat of a booking.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The record the site gives; `printed` is its print_flag.
    pub ticket: Ticket,
    /// RefundedStatus is 1: the site's query leaves it out.
    pub refunded: bool,
}

/// What the site does with a second 0x05 of a booking already issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondIssue {
    /// Answers 0 until the report.
    Accept,
    /// Answers 1.
    Refuse,
}

/// The bookings and the rules.
#[derive(Debug, Clone)]
pub struct Cinema {
    /// All bookings.
    pub bookings: Vec<Booking>,
    /// What a second 0x05 gets.
    pub second_issue: SecondIssue,
}

impl Cinema {
    /// The booking with this number.
    pub fn find(&self, number: BookingNumber) -> Option<&Booking> {
        self.bookings.iter().find(|booking| booking.number == number)
    }

    /// Whether somebody has this seat of this session.
    pub fn has_sold(&self, session_code: &str, seat_name: &str) -> bool {
        let mut seats = self.bookings.iter().filter(|b| !b.cancelled).flat_map(|b| &b.seats);
        seats.any(|seat| {
            !seat.refunded && seat.ticket.session_code == session_code && seat.ticket.seat_name == seat_name
        })
    }

    fn find_mut(&mut self, number: BookingNumber) -> Option<&mut Booking> {
        self.bookings.iter_mut().find(|booking| booking.number == number)
    }

    /// 0x03: the records of one print_no; refunded seats are left out, and all of a booking that is
    /// cancelled or that the site does not know.
    pub fn query(&self, number: BookingNumber) -> Vec<Ticket> {
        let Some(booking) = self.find(number).filter(|b| !b.unknown_to_site && !b.cancelled) else {
            return Vec::new();
        };
        booking.seats.iter().filter(|seat| !seat.refunded).map(|seat| seat.ticket.clone()).collect()
    }

    /// 0x05: the return value. 0 issued, 1 already printed, 2 anything else (wrong ID included).
    /// `proves` tells whether the verify code received is that of this ID.
    pub fn issue(&mut self, number: BookingNumber, proves: impl FnOnce(&BookingId) -> bool) -> u8 {
        let second_issue = self.second_issue;
        let Some(booking) = self.find_mut(number).filter(|b| !b.unknown_to_site && !b.cancelled) else {
            return 2;
        };
        if !proves(&booking.id) || booking.seats.iter().all(|seat| seat.refunded) {
            return 2;
        }
        let all_printed = booking.seats.iter().all(|seat| seat.refunded || seat.ticket.printed);
        if all_printed || (booking.issued && second_issue == SecondIssue::Refuse) {
            return 1;
        }
        booking.issued = true;
        0
    }

    /// 0x07: the return value. Marks every seat that was issued as printed.
    pub fn report(&mut self, number: BookingNumber) -> u8 {
        let Some(booking) = self.find_mut(number).filter(|b| b.issued) else { return 2 };
        for seat in booking.seats.iter_mut().filter(|seat| !seat.refunded) {
            seat.ticket.printed = true;
        }
        booking.reports += 1;
        0
    }

    /// The counter refunds one seat by its name, or all of them. False when there is none.
    pub fn refund(&mut self, number: BookingNumber, seat_name: Option<&str>) -> bool {
        let Some(booking) = self.find_mut(number) else { return false };
        let wanted = |seat: &&mut Seat| seat_name.is_none_or(|name| seat.ticket.seat_name == name);
        let mut any = false;
        for seat in booking.seats.iter_mut().filter(wanted) {
            seat.refunded = true;
            any = true;
        }
        any
    }

    /// The counter prints the whole booking from its own till.
    pub fn collect_at_counter(&mut self, number: BookingNumber) -> bool {
        let Some(booking) = self.find_mut(number) else { return false };
        for seat in booking.seats.iter_mut().filter(|seat| !seat.refunded) {
            seat.ticket.printed = true;
        }
        true
    }
}
