//! Conversion of rows to values and back.

use super::{JournalError, content};
use crate::journal::record::{Claim, IssueState, PickupId, ReportState};
use crate::journal::rules::{Booking, End, Pickup, Seat, Tie};
use crate::ticket::{BookingNumber, Outcome, SeatKey, SeatState};
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::sync::Arc;

/// A pickup with its sequence and the row of its booking.
pub(super) struct PickupRow {
    pub(super) sequence: i64,
    pub(super) id: PickupId,
    pub(super) state: Pickup,
    pub(super) booking: Option<i64>,
}

/// Columns that [`pickup`] reads, in order.
pub(super) const PICKUP: &str =
    "p.sequence, p.id, p.started_at, p.number, p.booking, p.tie, p.outcome, p.claim, p.duration_ms";

/// Reads a pickup from the columns of [`PICKUP`].
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

/// Finds the pickup with this ID.
pub(super) fn find_pickup(connection: &Connection, id: &PickupId) -> Result<Option<PickupRow>, JournalError> {
    let sql = format!("SELECT {PICKUP} FROM pickups p WHERE p.id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([&id.0], pickup).optional()?)
}

/// Reads the booking in this row, with its seats in the order they were first recorded.
pub(super) fn booking(connection: &Connection, key: i64) -> Result<Option<Booking>, JournalError> {
    let sql = "SELECT number, issue, ever_issued, unanswered, report, claim, last_step, last_session
               FROM bookings WHERE id = ?1";
    let found = connection.prepare_cached(sql)?.query_row([key], |row| {
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

fn seats(connection: &Connection, key: i64) -> Result<Vec<Arc<Seat>>, JournalError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.session_code, s.seat_code, s.name, s.film_code, s.film_name, s.state, s.reprint_of,
                s.reprints, s.changed_at, c.ticket
         FROM seats s LEFT JOIN contents c ON c.seat = s.id WHERE s.booking = ?1 ORDER BY s.id",
    )?;
    let seats = statement.query_map([key], |row| {
        let state =
            |column: usize, name: &str| SeatState::from_name(name).ok_or_else(|| bad(column, "state"));
        let reprint_of: Option<String> = row.get(6)?;
        let content: Option<String> = row.get(9)?;
        Ok(Arc::new(Seat {
            key: SeatKey { session_code: row.get(0)?, seat_code: row.get(1)? },
            name: row.get(2)?,
            film_code: row.get(3)?,
            film_name: row.get(4)?,
            state: state(5, &row.get::<_, String>(5)?)?,
            reprint_of: reprint_of.map(|name| state(6, &name)).transpose()?,
            reprints: row.get(7)?,
            changed_at: moment(row, 8)?,
            ticket: content.and_then(|content| content::unpack(&content)),
        }))
    })?;
    Ok(seats.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// Reads a value of `meta`.
pub(super) fn meta(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    Ok(connection.query_row(sql, [name], |row| row.get(0)).optional()?)
}

/// Writes a value of `meta`.
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

pub(super) fn issue_state(name: &str) -> Option<IssueState> {
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
