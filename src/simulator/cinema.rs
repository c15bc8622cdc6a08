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
    /// When the claim of that 0x05 began, milliseconds of [`Cinema::now_ms`].
    pub claimed_at_ms: u64,
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
    /// The print_flag was set by 0x05 alone: it goes when that claim lapses.
    pub flagged_by_claim: bool,
    /// Before this moment of [`Cinema::now_ms`] a query does not show the print_flag yet.
    pub shown_at_ms: u64,
}

impl Seat {
    /// A seat that nobody has collected and nobody was paid back for.
    pub fn open(ticket: Ticket) -> Self {
        Self { ticket, refunded: false, flagged_by_claim: false, shown_at_ms: 0 }
    }
}

/// What the site does with a second 0x05 of a booking already issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecondIssue {
    /// Answers 0 until the report.
    Accept,
    /// Answers [`SiteKind::refusal`].
    Refuse,
}

/// When print_flag is set. The interface document does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetsFlags {
    /// By 0x05: a second 0x05 then naturally gets 1.
    AtIssue,
    /// By 0x07.
    AtReport,
}

/// How one site fills what the interface document leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiteKind {
    /// When print_flag is set.
    pub flags: SetsFlags,
    /// The flag of the n-th seat (from 0) shows n times so many milliseconds after it was set.
    pub flags_late_ms: u64,
    /// What a second 0x05 gets.
    pub second_issue: SecondIssue,
    /// The return value of an 0x05 that is refused because the booking is issued already.
    pub refusal: u8,
    /// Milliseconds after which an issue without a report is void; none: it stands for ever.
    pub claim_lapses_ms: Option<u64>,
}

impl SiteKind {
    /// Flags at the report, claims that stand.
    pub const fn plain(second_issue: SecondIssue) -> Self {
        Self { flags: SetsFlags::AtReport, flags_late_ms: 0, second_issue, refusal: 1, claim_lapses_ms: None }
    }
}

/// The bookings and the rules.
#[derive(Debug, Clone)]
pub struct Cinema {
    /// All bookings.
    pub bookings: Vec<Booking>,
    /// How it fills what the document leaves open.
    pub site: SiteKind,
    /// The present, milliseconds from any beginning; moved by [`Self::at`] alone.
    pub now_ms: u64,
}

impl Cinema {
    /// A cinema at its beginning.
    pub fn new(bookings: Vec<Booking>, site: SiteKind) -> Self {
        Self { bookings, site, now_ms: 0 }
    }

    /// Time has passed: claims lapse. It never goes back.
    pub fn at(&mut self, now_ms: u64) {
        self.now_ms = self.now_ms.max(now_ms);
        let Some(limit_ms) = self.site.claim_lapses_ms else { return };
        let now_ms = self.now_ms;
        let claims = self.bookings.iter_mut().filter(|booking| booking.issued && booking.reports == 0);
        for booking in claims.filter(|booking| now_ms.saturating_sub(booking.claimed_at_ms) >= limit_ms) {
            booking.lapse();
        }
    }

    /// Staff put a booking back that was issued and not reported: as if nobody had asked for it.
    pub fn reset(&mut self, number: BookingNumber) {
        if let Some(booking) = self.find_mut(number).filter(|booking| booking.reports == 0) {
            booking.lapse();
        }
    }

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
        let shown = |seat: &Seat| {
            let printed = seat.ticket.printed && seat.shown_at_ms <= self.now_ms;
            Ticket { printed, ..seat.ticket.clone() }
        };
        booking.seats.iter().filter(|seat| !seat.refunded).map(shown).collect()
    }

    /// 0x05: the return value. 0 issued, 1 (or [`SiteKind::refusal`]) already printed or issued, 2 anything
    /// else (wrong ID included). `proves` tells whether the verify code received is that of this ID.
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

    /// 0x07: the return value. Marks every seat that was issued as printed.
    pub fn report(&mut self, number: BookingNumber) -> u8 {
        let (site, now_ms) = (self.site, self.now_ms);
        let Some(booking) = self.find_mut(number).filter(|b| b.issued) else { return 2 };
        booking.flag(site, now_ms, false);
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
            seat.flagged_by_claim = false;
        }
        true
    }
}

impl Booking {
    /// Sets print_flag of every seat that has none and was not refunded; a flag that a claim had set stays for good
    /// once a report has come.
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
