//! Built-in bookings, offered by `demo`, and by `simulate` if its file has none.
//!
//! The first is the vendor document's own example (3.11). The letters of the other IDs hint at their purpose.

use super::{BookingSettings, SeatSettings};
use crate::ticket::BookingId;

/// Returns one booking of each kind that a kiosk meets. All are of one session, so no two share a seat.
pub fn builtin() -> Vec<BookingSettings> {
    let printed = |name| SeatSettings { printed: true, ..seat(name) };
    let refunded = |name| SeatSettings { refunded: true, ..seat(name) };
    let plain = |names: &[&str]| names.iter().map(|name| seat(name)).collect::<Vec<_>>();
    let set = [
        booking(111_972, "WQNX8JL", plain(&["7排10座", "7排9座"])),
        // Collected, refunded, cancelled, unknown to the site, six seats, refunded in part.
        booking(111_973, "CL7K2MA", vec![printed("6排7座"), printed("6排8座")]),
        booking(111_974, "RF8M2QX", vec![refunded("6排9座"), refunded("6排10座")]),
        booking(111_975, "CN5P9WB", plain(&["8排1座", "8排2座"]))
            .map(|b| BookingSettings { cancelled: true, ..b }),
        booking(111_976, "UK4T6ZE", plain(&["8排5座"]))
            .map(|b| BookingSettings { unknown_to_site: true, ..b }),
        booking(111_977, "SX6B2HN", plain(&["5排1座", "5排2座", "5排3座", "5排4座", "5排5座", "5排6座"])),
        booking(111_978, "PR7V3LC", vec![seat("9排3座"), refunded("9排4座"), seat("9排5座")]),
    ];
    set.into_iter().flatten().collect()
}

fn booking(number: u64, id: &str, seats: Vec<SeatSettings>) -> Option<BookingSettings> {
    Some(BookingSettings {
        number,
        id: BookingId::parse(id)?,
        film: film(),
        film_code: film_code(),
        screen: screen(),
        screen_code: screen_code(),
        session_code: session_code(),
        starts_in_minutes: starts_in_minutes(),
        session_at: None,
        cancelled: false,
        unknown_to_site: false,
        seats,
    })
}

fn seat(name: &str) -> SeatSettings {
    SeatSettings {
        name: name.to_owned(),
        seat_code: None,
        code: None,
        info_code: None,
        price_cents: price_cents(),
        service_cents: 0,
        printed: false,
        refunded: false,
    }
}

pub(super) fn film() -> String {
    "重返20岁".into()
}
pub(super) fn film_code() -> String {
    "001101102015".into()
}
pub(super) fn screen() -> String {
    "1号厅".into()
}
pub(super) fn screen_code() -> String {
    "0000000000000001".into()
}
pub(super) fn session_code() -> String {
    "29617".into()
}
pub(super) fn starts_in_minutes() -> i32 {
    45
}
pub(super) fn price_cents() -> u32 {
    5000
}
