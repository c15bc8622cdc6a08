//! Rows to values and back.

use super::JournalError;
use crate::journal::record::{Claim, IssueState, PickupId, ReportState};
use crate::journal::rules::{Booking, End, Pickup, Seat, Tie};
use crate::ticket::{BookingNumber, Cents, Outcome, SeatKey, SeatState, Ticket};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A pickup with its place and the row of its booking.
pub(super) struct PickupRow {
    pub(super) sequence: i64,
    pub(super) id: PickupId,
    pub(super) state: Pickup,
    pub(super) booking: Option<i64>,
}

/// The columns [`pickup`] reads, in order.
pub(super) const PICKUP: &str =
    "p.sequence, p.id, p.started_at, p.number, p.booking, p.tie, p.outcome, p.claim, p.duration_ms";

/// Reads [`PICKUP`].
pub(super) fn pickup(row: &Row<'_>) -> rusqlite::Result<PickupRow> {
    let tie: Option<String> = row.get(5)?;
    let tie = match tie.as_deref() {
        Some("attempt") => Some(Tie::Attempt),
        Some("recognised") => Some(Tie::Recognised),
        _ => None,
    };
    let outcome: Option<String> = row.get(6)?;
    let end = match outcome {
        None => None,
        Some(name) => Some(End {
            outcome: Outcome::from_name(&name).ok_or_else(|| bad(6, "outcome"))?,
            claim: row.get::<_, Option<u32>>(7)?.map(Claim),
            duration_ms: u64::try_from(row.get::<_, i64>(8)?).unwrap_or_default(),
        }),
    };
    let state = Pickup { started_at: moment(row, 2)?, number: booking_number(row.get(3)?), tie, end };
    Ok(PickupRow { sequence: row.get(0)?, id: PickupId(row.get(1)?), state, booking: row.get(4)? })
}

/// The pickup with this ID.
pub(super) fn find_pickup(connection: &Connection, id: &PickupId) -> Result<Option<PickupRow>, JournalError> {
    let sql = format!("SELECT {PICKUP} FROM pickups p WHERE p.id = ?1");
    Ok(connection.query_row(&sql, [&id.0], pickup).optional()?)
}

/// The booking in this row, with its seats in the order they were first recorded.
pub(super) fn booking(connection: &Connection, key: i64) -> Result<Option<Booking>, JournalError> {
    let sql = "SELECT number, issue, ever_issued, unanswered, report, claim, last_step, last_session
               FROM bookings WHERE id = ?1";
    let found = connection.query_row(sql, [key], |row| {
        Ok(Booking {
            number: booking_number(row.get(0)?).ok_or_else(|| bad(0, "number"))?,
            issue: issue_state(&row.get::<_, String>(1)?).ok_or_else(|| bad(1, "issue"))?,
            ever_issued: row.get(2)?,
            unanswered: row.get(3)?,
            report: report_state(&row.get::<_, String>(4)?).ok_or_else(|| bad(4, "report"))?,
            claim: row.get::<_, Option<u32>>(5)?.map(Claim),
            last_step: moment(row, 6)?,
            last_session: moment(row, 7)?,
            seats: Vec::new(),
        })
    });
    let Some(mut booking) = found.optional()? else { return Ok(None) };
    booking.seats = seats(connection, key)?;
    Ok(Some(booking))
}

fn seats(connection: &Connection, key: i64) -> Result<Vec<Seat>, JournalError> {
    let mut statement = connection.prepare(
        "SELECT s.session_code, s.seat_code, s.name, s.film_code, s.film_name, s.state, s.reprint_of,
                s.reprints, s.changed_at, c.ticket
         FROM seats s LEFT JOIN contents c ON c.seat = s.id WHERE s.booking = ?1 ORDER BY s.id",
    )?;
    let seats = statement.query_map([key], |row| {
        let state =
            |column: usize, name: &str| SeatState::from_name(name).ok_or_else(|| bad(column, "state"));
        let reprint_of: Option<String> = row.get(6)?;
        let content: Option<String> = row.get(9)?;
        Ok(Seat {
            key: SeatKey { session_code: row.get(0)?, seat_code: row.get(1)? },
            name: row.get(2)?,
            film_code: row.get(3)?,
            film_name: row.get(4)?,
            state: state(5, &row.get::<_, String>(5)?)?,
            reprint_of: reprint_of.map(|name| state(6, &name)).transpose()?,
            reprints: row.get(7)?,
            changed_at: moment(row, 8)?,
            ticket: content.and_then(|content| unpack(&content)),
        })
    })?;
    Ok(seats.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// Writes what of a booking's seats differs; seats no longer there are deleted.
pub(super) fn save_seats(
    connection: &Connection,
    key: i64,
    before: &[Seat],
    after: &[Seat],
    day: impl Fn(Timestamp) -> i64,
) -> Result<(), JournalError> {
    for gone in before.iter().filter(|seat| !after.iter().any(|kept| kept.key == seat.key)) {
        connection.execute(
            "DELETE FROM seats WHERE booking = ?1 AND session_code = ?2 AND seat_code = ?3",
            params![key, gone.key.session_code, gone.key.seat_code],
        )?;
    }
    for seat in after {
        let known = before.iter().find(|known| known.key == seat.key);
        if known != Some(seat) {
            save_seat(connection, key, known, seat, day(seat.changed_at))?;
        }
    }
    Ok(())
}

fn save_seat(
    connection: &Connection,
    key: i64,
    before: Option<&Seat>,
    seat: &Seat,
    day: i64,
) -> Result<(), JournalError> {
    let row: i64 = if before.is_none() {
        connection.query_row(
            "INSERT INTO seats (booking, session_code, seat_code, name, film_code, film_name, state,
                                reprint_of, reprints, changed_at, changed_day)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING id",
            params![
                key,
                seat.key.session_code,
                seat.key.seat_code,
                seat.name,
                seat.film_code,
                seat.film_name,
                seat.state.name(),
                seat.reprint_of.map(SeatState::name),
                seat.reprints,
                seat.changed_at.as_millisecond(),
                day
            ],
            |row| row.get(0),
        )?
    } else {
        connection.query_row(
            "UPDATE seats SET state = ?4, reprint_of = ?5, reprints = ?6, changed_at = ?7, changed_day = ?8
             WHERE booking = ?1 AND session_code = ?2 AND seat_code = ?3 RETURNING id",
            params![
                key,
                seat.key.session_code,
                seat.key.seat_code,
                seat.state.name(),
                seat.reprint_of.map(SeatState::name),
                seat.reprints,
                seat.changed_at.as_millisecond(),
                day
            ],
            |row| row.get(0),
        )?
    };
    match &seat.ticket {
        Some(ticket) if before.and_then(|before| before.ticket.as_ref()) != Some(ticket) => {
            let content = pack(ticket)?;
            connection.execute("INSERT OR REPLACE INTO contents VALUES (?1, ?2)", params![row, content])?;
        }
        None if before.is_some_and(|before| before.ticket.is_some()) => {
            connection.execute("DELETE FROM contents WHERE seat = ?1", [row])?;
        }
        _ => {}
    }
    Ok(())
}

/// A ticket's fields in their order, without names: a page holds two.
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

fn pack(ticket: &Ticket) -> Result<String, JournalError> {
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

/// Content that cannot be read is as good as gone: staff settle the seat.
fn unpack(content: &str) -> Option<Ticket> {
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

/// A value of `meta`.
pub(super) fn meta(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
}

/// Sets a value of `meta`.
pub(super) fn set_meta(connection: &Connection, name: &str, value: &[u8]) -> Result<(), JournalError> {
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}

fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|_| bad(column, "time"))
}

pub(super) fn booking_number(number: Option<i64>) -> Option<BookingNumber> {
    BookingNumber::new(u64::try_from(number?).ok()?)
}

fn bad(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("not a {what}").into())
}

pub(super) fn issue_name(issue: IssueState) -> &'static str {
    match issue {
        IssueState::Asked => "asked",
        IssueState::Issued => "issued",
        IssueState::Released => "released",
    }
}

fn issue_state(name: &str) -> Option<IssueState> {
    match name {
        "asked" => Some(IssueState::Asked),
        "issued" => Some(IssueState::Issued),
        "released" => Some(IssueState::Released),
        _ => None,
    }
}

pub(super) fn report_name(report: ReportState) -> &'static str {
    match report {
        ReportState::None => "none",
        ReportState::Due { sent: false } => "due",
        ReportState::Due { sent: true } => "due_sent",
        ReportState::Done => "done",
        ReportState::Refused => "refused",
    }
}

pub(super) fn report_state(name: &str) -> Option<ReportState> {
    match name {
        "none" => Some(ReportState::None),
        "due" => Some(ReportState::Due { sent: false }),
        "due_sent" => Some(ReportState::Due { sent: true }),
        "done" => Some(ReportState::Done),
        "refused" => Some(ReportState::Refused),
        _ => None,
    }
}
