//! Content of a ticket as it is kept until its seat is settled.

use super::JournalError;
use crate::ticket::{Cents, Ticket};
use jiff::Timestamp;

/// Fields of a ticket in their order, without names: a page holds two.
type Packed = (
    String,
    (String, String),
    (String, String),
    (String, String),
    (String, Timestamp),
    String,
    (String, String),
    Cents,
    Cents,
    bool,
);

/// Packs a ticket's content for the table.
pub(super) fn pack(ticket: &Ticket) -> Result<String, JournalError> {
    let t = ticket.clone();
    let packed: Packed = (
        t.info_code,
        (t.cinema_code, t.cinema_name),
        (t.screen_code, t.screen_name),
        (t.film_code, t.film_name),
        (t.session_code, t.session_at),
        t.code,
        (t.seat_code, t.seat_name),
        t.price,
        t.service,
        t.printed,
    );
    serde_json::to_string(&packed).map_err(|_| JournalError::Database("a ticket cannot be written".into()))
}

/// Unpacks a ticket's content. Content that cannot be read is as good as gone: staff settle the seat.
pub(super) fn unpack(content: &str) -> Option<Ticket> {
    let (info_code, cinema, screen, film, session, code, seat, price, service, printed) =
        serde_json::from_str::<Packed>(content).ok()?;
    Some(Ticket {
        info_code,
        cinema_code: cinema.0,
        cinema_name: cinema.1,
        screen_code: screen.0,
        screen_name: screen.1,
        film_code: film.0,
        film_name: film.1,
        session_code: session.0,
        session_at: session.1,
        code,
        seat_code: seat.0,
        seat_name: seat.1,
        price,
        service,
        printed,
    })
}
