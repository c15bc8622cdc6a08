//! Writing values to rows. Only columns that differ are named in an update: SQLite writes an index again when its
//! column is named, whether or not the value is another.

use super::rows::{self, PickupRow};
use super::{JournalError, content};
use crate::journal::business_day::BusinessDays;
use crate::journal::record::PickupId;
use crate::journal::rules::{Booking, Pickup, Seat, Tie};
use crate::ticket::SeatState;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::sync::Arc;

type Column = (&'static str, Value);

fn integer(value: impl Into<i64>) -> Value {
    Value::Integer(value.into())
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn maybe<T>(value: Option<T>, write: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, write)
}

fn insert(
    connection: &Connection,
    table: &str,
    columns: impl IntoIterator<Item = Column>,
) -> Result<i64, JournalError> {
    let (names, values): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let places = vec!["?"; names.len()].join(", ");
    let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", names.join(", "));
    connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(connection.last_insert_rowid())
}

fn update<const N: usize>(
    connection: &Connection,
    table: &str,
    row: i64,
    before: [Column; N],
    after: [Column; N],
) -> Result<(), JournalError> {
    let changed = before.into_iter().zip(after).filter(|(before, after)| before != after);
    let (names, mut values): (Vec<_>, Vec<_>) = changed.map(|(_, after)| after).unzip();
    if names.is_empty() {
        return Ok(());
    }
    let set = names.iter().map(|name| format!("{name} = ?")).collect::<Vec<_>>().join(", ");
    values.push(integer(row));
    let sql = format!("UPDATE {table} SET {set} WHERE rowid = ?");
    connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

fn booking_columns(booking: &Booking) -> [Column; 8] {
    [
        ("issue", text(rows::issue_name(booking.issue))),
        ("ever_issued", integer(booking.ever_issued)),
        ("unanswered", integer(booking.unanswered)),
        ("report", text(rows::report_name(booking.report))),
        ("claim", maybe(booking.claim, |claim| integer(claim.0))),
        ("last_step", integer(booking.last_step.as_millisecond())),
        ("last_session", integer(booking.last_session.as_millisecond())),
        ("open", integer(booking.is_open())),
    ]
}

/// Inserts a new booking with its seats; returns its row.
pub(super) fn new_booking(
    change: &Connection,
    booking: &Booking,
    id_hash: [u8; 32],
    days: &BusinessDays,
) -> Result<i64, JournalError> {
    let own = [("number", integer(booking.number.get())), ("id_hash", Value::Blob(id_hash.to_vec()))];
    let row = insert(change, "bookings", own.into_iter().chain(booking_columns(booking)))?;
    seats(change, row, &[], &booking.seats, days)?;
    Ok(row)
}

/// Updates what differs of a booking; seats no longer there are deleted.
pub(super) fn booking(
    change: &Connection,
    row: i64,
    before: &Booking,
    after: &Booking,
    days: &BusinessDays,
) -> Result<(), JournalError> {
    update(change, "bookings", row, booking_columns(before), booking_columns(after))?;
    seats(change, row, &before.seats, &after.seats, days)
}

/// Deletes a booking that was never ours; its pickups lose their tie.
pub(super) fn delete_booking(change: &Connection, row: i64) -> Result<(), JournalError> {
    change.execute("UPDATE pickups SET booking = NULL, tie = NULL WHERE booking = ?1", [row])?;
    change.execute("DELETE FROM bookings WHERE id = ?1", [row])?;
    Ok(())
}

fn seats(
    change: &Connection,
    booking: i64,
    before: &[Arc<Seat>],
    after: &[Arc<Seat>],
    days: &BusinessDays,
) -> Result<(), JournalError> {
    for gone in before.iter().filter(|seat| !after.iter().any(|kept| kept.key == seat.key)) {
        change.execute(
            "DELETE FROM seats WHERE booking = ?1 AND session_code = ?2 AND seat_code = ?3",
            params![booking, gone.key.session_code, gone.key.seat_code],
        )?;
    }
    for seat in after {
        match before.iter().find(|known| known.key == seat.key) {
            Some(known) if known == seat => {}
            Some(known) => changed_seat(change, booking, known, seat, days)?,
            None => new_seat(change, booking, seat, days)?,
        }
    }
    Ok(())
}

fn seat_columns(seat: &Seat, days: &BusinessDays) -> [Column; 5] {
    [
        ("state", text(seat.state.name())),
        ("reprint_of", maybe(seat.reprint_of.map(SeatState::name), text)),
        ("reprints", integer(seat.reprints)),
        ("changed_at", integer(seat.changed_at.as_millisecond())),
        ("changed_day", integer(days.number(seat.changed_at))),
    ]
}

fn new_seat(change: &Connection, booking: i64, seat: &Seat, days: &BusinessDays) -> Result<(), JournalError> {
    let own = [
        ("booking", integer(booking)),
        ("session_code", text(&seat.key.session_code)),
        ("seat_code", text(&seat.key.seat_code)),
        ("name", text(&seat.name)),
        ("film_code", text(&seat.film_code)),
        ("film_name", text(&seat.film_name)),
    ];
    let row = insert(change, "seats", own.into_iter().chain(seat_columns(seat, days)))?;
    save_content(change, row, None, seat)
}

fn changed_seat(
    change: &Connection,
    booking: i64,
    before: &Seat,
    seat: &Seat,
    days: &BusinessDays,
) -> Result<(), JournalError> {
    let sql = "SELECT id FROM seats WHERE booking = ?1 AND session_code = ?2 AND seat_code = ?3";
    let place = params![booking, seat.key.session_code, seat.key.seat_code];
    let row = change.prepare_cached(sql)?.query_row(place, |row| row.get(0))?;
    update(change, "seats", row, seat_columns(before, days), seat_columns(seat, days))?;
    save_content(change, row, Some(before), seat)
}

fn save_content(
    change: &Connection,
    row: i64,
    before: Option<&Seat>,
    seat: &Seat,
) -> Result<(), JournalError> {
    let known = before.and_then(|before| before.ticket.as_ref());
    match &seat.ticket {
        Some(ticket) if known != Some(ticket) => {
            let content = content::pack(ticket)?;
            let sql = "INSERT OR REPLACE INTO contents VALUES (?1, ?2)";
            change.prepare_cached(sql)?.execute(params![row, content])?;
        }
        // Content that could not be read goes, too.
        None if before.is_some() => {
            change.prepare_cached("DELETE FROM contents WHERE seat = ?1")?.execute([row])?;
        }
        _ => {}
    }
    Ok(())
}

fn pickup_columns(pickup: &Pickup, booking: Option<i64>) -> [Column; 6] {
    let tie = pickup.tie.map(|tie| match tie {
        Tie::Recognised => "recognised",
        Tie::Attempt => "attempt",
    });
    let end = pickup.end;
    [
        ("number", maybe(pickup.number, |number| integer(number.get()))),
        ("booking", maybe(booking, integer)),
        ("tie", maybe(tie, text)),
        ("outcome", maybe(end, |end| text(end.outcome.name()))),
        ("claim", maybe(end.and_then(|end| end.claim), |claim| integer(claim.0))),
        ("duration_ms", maybe(end, |end| integer(i64::try_from(end.duration_ms).unwrap_or(i64::MAX)))),
    ]
}

/// Inserts a new pickup; returns its sequence.
pub(super) fn new_pickup(
    change: &Connection,
    id: &PickupId,
    pickup: &Pickup,
    days: &BusinessDays,
) -> Result<i64, JournalError> {
    let own = [
        ("id", text(&id.0)),
        ("started_at", integer(pickup.started_at.as_millisecond())),
        ("day", integer(days.number(pickup.started_at))),
    ];
    insert(change, "pickups", own.into_iter().chain(pickup_columns(pickup, None)))
}

/// Updates what differs of a pickup.
pub(super) fn pickup(
    change: &Connection,
    before: &PickupRow,
    pickup: &Pickup,
    booking: Option<i64>,
) -> Result<(), JournalError> {
    let known = pickup_columns(&before.state, before.booking);
    update(change, "pickups", before.sequence, known, pickup_columns(pickup, booking))
}
