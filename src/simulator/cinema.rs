//! The simulated cinema's bookings, and the ticketing server that changes them. Pure.

use crate::ticket::{BookingId, BookingNumber, Ticket};

/// One booking of the simulated cinema.
#[derive(Debug, Clone)]
pub struct Booking {
    /// VistaBookingNumber.
    pub number: BookingNumber,
    /// VistaBookingId.
    pub id: BookingId,
    /// True if the site's query does not find the booking; the cloud does.
    pub unknown_to_site: bool,
    /// True if CancelledStatus is 1.
    pub cancelled: bool,
    /// True if a 0x05 for the booking succeeded.
    pub issued: bool,
    /// Time at which the claim of that 0x05 began, in milliseconds of [`Cinema::now_ms`].
    pub claimed_at_ms: u64,
    /// Number of 0x07 that the site accepted for the booking.
    pub reports: u32,
    /// Seats of the booking.
    pub seats: Vec<Seat>,
}

/// One seat of a booking.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Record that the site answers; `printed` is its print_flag.
    pub ticket: Ticket,
    /// True if RefundedStatus is 1: the site's query leaves the seat out.
    pub refunded: bool,
    /// True if the print_flag was set by 0x05 alone: it is cleared when that claim lapses.
    pub flagged_by_claim: bool,
    /// Time of [`Cinema::now_ms`] before which a query does not show the print_flag yet.
    pub shown_at_ms: u64,
}

impl Seat {
    /// Creates a seat that is neither collected nor refunded.
    pub fn open(ticket: Ticket) -> Self {
        Self { ticket, refunded: false, flagged_by_claim: false, shown_at_ms: 0 }
    }
}

/// Answer of the site to a second 0x05 for a booking already issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecondIssue {
    /// The site answers 0 until the report.
    Accept,
    /// The site answers [`SiteKind::refusal`].
    Refuse,
}

/// Message that sets print_flag. The interface document does not name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetsFlags {
    /// 0x05 sets it: a second 0x05 then naturally gets 1.
    AtIssue,
    /// 0x07 sets it.
    AtReport,
}

/// Choices of one site where the interface document leaves room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteKind {
    /// Message that sets print_flag.
    pub flags: SetsFlags,
    /// Delay of the flags, in milliseconds: that of the n-th seat (from 0) shows n times as late.
    pub flags_late_ms: u64,
    /// Answer to a second 0x05.
    pub second_issue: SecondIssue,
    /// Return value of an 0x05 that is refused because the booking is issued already.
    pub refusal: u8,
    /// Time after which an issue without a report is void, in milliseconds; `None` if it never lapses.
    pub claim_lapses_ms: Option<u64>,
}

impl SiteKind {
    /// A site with flags set at the report, and claims that never lapse.
    pub const fn plain(second_issue: SecondIssue) -> Self {
        Self { flags: SetsFlags::AtReport, flags_late_ms: 0, second_issue, refusal: 1, claim_lapses_ms: None }
    }
}

/// Bookings of the cinema, and the rules of its site.
#[derive(Debug, Clone)]
pub struct Cinema {
    /// Bookings of the cinema.
    pub bookings: Vec<Booking>,
    /// Choices of the site where the document leaves room.
    pub site: SiteKind,
    /// Current time, in milliseconds from any start; moved by [`Self::at`] alone.
    pub now_ms: u64,
}

impl Cinema {
    /// Creates a cinema at time 0.
    pub fn new(bookings: Vec<Booking>, site: SiteKind) -> Self {
        Self { bookings, site, now_ms: 0 }
    }

    /// Moves the time on, so that claims lapse. It never goes back.
    pub fn at(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        let Some(limit_ms) = self.site.claim_lapses_ms else { return };
        let now_ms = self.now_ms;
        let claims = self.bookings.iter_mut().filter(|booking| booking.issued && booking.reports == 0);
        for booking in claims.filter(|booking| now_ms.saturating_sub(booking.claimed_at_ms) >= limit_ms) {
            booking.lapse();
        }
    }

    /// Puts back a booking that was issued and not reported, as staff do: its claim is void.
    pub fn reset(&mut self, number: BookingNumber) {
        if let Some(booking) = self.find_mut(number).filter(|booking| booking.reports == 0) {
            booking.lapse();
        }
    }

    /// Returns the booking with this number.
    pub fn find(&self, number: BookingNumber) -> Option<&Booking> {
        self.bookings.iter().find(|booking| booking.number == number)
    }

    /// Returns true if this seat of this session is sold.
    pub fn has_sold(&self, session_code: &str, seat_name: &str) -> bool {
        let mut seats = self.bookings.iter().filter(|b| !b.cancelled).flat_map(|b| &b.seats);
        seats.any(|seat| {
            !seat.refunded && seat.ticket.session_code == session_code && seat.ticket.seat_name == seat_name
        })
    }

    fn find_mut(&mut self, number: BookingNumber) -> Option<&mut Booking> {
        self.bookings.iter_mut().find(|booking| booking.number == number)
    }

    /// 0x03: returns the records of one print_no; without refunded seats, and none if the booking is cancelled or
    /// unknown to the site.
    pub fn query(&self, number: BookingNumber) -> Vec<Ticket> {
        let Some(booking) = self.find(number).filter(|b| !b.unknown_to_site && !b.cancelled) else {
            return Vec::new();
        };
        let shown = |seat: &Seat| {
            let printed = seat.ticket.printed && seat.shown_at_ms <= self.now_ms;
            Ticket { printed, ..seat.ticket.clone() }
        };
        booking.seats.iter().filter(|seat| !seat.refunded).map(shown).collect()
    }

    /// 0x05: returns the return value. 0 issued, 1 (or [`SiteKind::refusal`]) already printed or issued, 2 anything
    /// else (wrong ID included). `proves` tells if the verify code received is that of this ID.
    pub fn issue(&mut self, number: BookingNumber, proves: impl FnOnce(&BookingId) -> bool) -> u8 {
        let (site, now_ms) = (self.site, self.now_ms);
        let Some(booking) = self.find_mut(number).filter(|b| !b.unknown_to_site && !b.cancelled) else {
            return 2;
        };
        if !proves(&booking.id) || booking.seats.iter().all(|seat| seat.refunded) {
            return 2;
        }
        let all_printed = booking.seats.iter().all(|seat| seat.refunded || seat.ticket.printed);
        if all_printed || (booking.issued && site.second_issue == SecondIssue::Refuse) {
            return site.refusal;
        }
        booking.issued = true;
        booking.claimed_at_ms = now_ms;
        if site.flags == SetsFlags::AtIssue {
            booking.flag(site, now_ms, true);
        }
        0
    }

    /// 0x07: returns the return value, and marks every issued seat as printed.
    pub fn report(&mut self, number: BookingNumber) -> u8 {
        let (site, now_ms) = (self.site, self.now_ms);
        let Some(booking) = self.find_mut(number).filter(|b| b.issued) else { return 2 };
        booking.flag(site, now_ms, false);
        booking.reports += 1;
        0
    }

    /// Refunds one seat by its name, or all of them, as the counter does. Returns false if there is none.
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

    /// Prints the whole booking at the counter. Returns false if there is no such booking.
    pub fn collect_at_counter(&mut self, number: BookingNumber) -> bool {
        let Some(booking) = self.find_mut(number) else { return false };
        for seat in booking.seats.iter_mut().filter(|seat| !seat.refunded) {
            seat.ticket.printed = true;
            seat.flagged_by_claim = false;
        }
        true
    }
}

impl Booking {
    /// Sets print_flag of every seat that has none and was not refunded; after a report, flags set by a claim are
    /// permanent.
    fn flag(&mut self, site: SiteKind, now_ms: u64, by_claim: bool) {
        for (place, seat) in (0_u64..).zip(self.seats.iter_mut().filter(|seat| !seat.refunded)) {
            if !by_claim {
                seat.flagged_by_claim = false;
            }
            if !seat.ticket.printed {
                seat.ticket.printed = true;
                seat.flagged_by_claim = by_claim;
                seat.shown_at_ms = now_ms.saturating_add(place.saturating_mul(site.flags_late_ms));
            }
        }
    }

    fn lapse(&mut self) {
        self.issued = false;
        for seat in self.seats.iter_mut().filter(|seat| seat.flagged_by_claim) {
            seat.ticket.printed = false;
            seat.flagged_by_claim = false;
        }
    }
}
