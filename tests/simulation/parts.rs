//! Fixed parts of every test of the workflow: rules, bookings, what the cloud says of them.

#![allow(dead_code)]

use jiff::Timestamp;
use pickup_kiosk::codes::CodeReader;
use pickup_kiosk::config::settings::{ClaimLapses, Codes, FlagsAt};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::policy::Policy;
use pickup_kiosk::simulator::cinema::{Booking, Cinema, Seat};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Cents, SeatKey, Ticket};
use pickup_kiosk::vista::answer::{CloudAnswer, CloudBooking, CloudTicket, Flag};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Start in seconds of Unix time: 2026-11-24 10:00 in China.
pub const WALL_S: i64 = 1_795_485_600;
/// Offset of the journal's business day in ms: it begins at 06:00 in China.
pub const DAY_OFFSET_MS: i64 = 7_200_000;
/// ID of the cinema.
pub const CINEMA: &str = "0200";

/// Returns a kiosk that has been told what kind of site it is at: flags at the report, claims that stand.
pub fn machine(cloud: bool) -> Machine {
    machine_told(cloud, FlagsAt::Report, true)
}

/// Returns a kiosk that has been told this of its site.
pub fn machine_told(cloud: bool, flags_at: FlagsAt, claim_stands: bool) -> Machine {
    let policy = Policy {
        cinema_id: CINEMA.into(),
        national_code: None,
        cloud,
        flags_at,
        claim_lapses: if claim_stands { ClaimLapses::Never } else { ClaimLapses::Unknown },
        late_minutes: None,
        earliest_hours: None,
        resume_minutes: 30,
        burst: 5,
        pace_period: Duration::from_secs(20),
        id_alone_a_day: 50,
        id_alone_notice: 20,
        number_a_day: 50,
    };
    Machine { policy, codes: CodeReader::new(&Codes::default()).unwrap() }
}

pub fn wall(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(WALL_S * 1000 + ms).unwrap()
}

/// Returns the number of the booking with this index.
pub fn number(index: usize) -> BookingNumber {
    BookingNumber::new(1000 + index as u64).unwrap()
}

/// Returns the index of the booking with this number.
pub fn index(number: BookingNumber) -> usize {
    number.get() as usize - 1000
}

/// Returns the ID of the booking with this index, told from all other text.
pub fn id(index: usize) -> BookingId {
    BookingId::parse(&format!("QxZ{}JwK", (b'A' + (index % 26) as u8) as char)).unwrap()
}

pub fn seat_key(seat: usize) -> SeatKey {
    SeatKey { session_code: "S".into(), seat_code: seat.to_string() }
}

/// Returns the seat that a key names.
pub fn seat_index(key: &SeatKey) -> usize {
    key.seat_code.parse().unwrap()
}

/// Returns the record the site gives of a seat. The price names the booking, for the eyes that watch the paper.
pub fn ticket(booking: usize, seat: usize) -> Ticket {
    Ticket {
        info_code: format!("C{booking}-{seat}"),
        cinema_code: String::new(),
        cinema_name: String::new(),
        screen_code: String::new(),
        screen_name: String::new(),
        film_code: String::new(),
        film_name: String::new(),
        session_code: "S".into(),
        session_at: wall(7_200_000),
        code: String::new(),
        seat_code: seat.to_string(),
        seat_name: seat.to_string(),
        price: Cents(booking as u32),
        service: Cents(0),
        printed: false,
    }
}

pub fn booking(index: usize, seats: usize) -> Booking {
    Booking {
        number: number(index),
        id: id(index),
        unknown_to_site: false,
        cancelled: false,
        issued: false,
        claimed_at_ms: 0,
        reports: 0,
        seats: (0..seats).map(|seat| Seat::open(ticket(index, seat))).collect(),
    }
}

/// Returns the answer of GetSingleBooking about an ID.
pub fn cloud_answer(cinema: &Cinema, id: &BookingId) -> CloudAnswer {
    let Some(booking) = cinema.bookings.iter().find(|b| b.id.same_but_for_case(id)) else {
        return CloudAnswer::NotFound;
    };
    let flag = |yes| if yes { Flag::Yes } else { Flag::No };
    let ticket = |seat: &Seat| CloudTicket {
        collected: flag(seat.ticket.printed),
        refunded: flag(seat.refunded),
        sequence: None,
        session_id: None,
    };
    CloudAnswer::Booking(CloudBooking {
        number: Some(booking.number),
        id: Some(booking.id.clone()),
        cinema_id: Some(CINEMA.into()),
        cancelled: flag(booking.cancelled),
        tickets: booking.seats.iter().map(ticket).collect(),
    })
}

/// Returns the result of a future that waits for nothing.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("nothing in a simulation waits"),
    }
}
