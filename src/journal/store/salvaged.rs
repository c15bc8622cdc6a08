//! The list of a journal that was lost, in the new one: bookings of which nothing is printed here any more.

use super::JournalError;
use super::salvage::Lost;
use crate::journal::record::Salvaged;
use crate::journal::retention::{SalvagedAge, salvaged_is_over};
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Puts the list into a new database.
pub(super) fn keep(connection: &Connection, lost: &[Lost]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO salvaged (number, found, id_hash, last_session) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare(sql)?;
    for row in lost {
        statement.execute(params![row.number.get(), row.found.name(), row.id_hash, row.last_session])?;
    }
    Ok(())
}

/// Returns the part of a pair that is on the list, by the number and the ID's hash.
pub(super) fn recall(
    connection: &Connection,
    number: BookingNumber,
    hash: &[u8; 32],
) -> Result<Option<Salvaged>, JournalError> {
    let sql = "SELECT max(ifnull(id_hash = ?2, 0)) FROM salvaged WHERE number = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let pair: Option<bool> = statement.query_row(params![number.get(), hash], |row| row.get(0))?;
    Ok(pair.map(|pair| if pair { Salvaged::Pair } else { Salvaged::Number }))
}

/// Names in `meta` of the list's age and of the time of the last look, both in milliseconds.
const AGE: [&str; 2] = ["salvaged_age", "salvaged_seen"];

/// Makes the list grow older, and drops what is over, by a clock that is believed.
pub(super) fn tidy(change: &Connection, now: Timestamp) -> Result<(), JournalError> {
    let mut statement = change.prepare("SELECT id, last_session FROM salvaged")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let [age, seen] = AGE;
    let list = SalvagedAge { age_ms: number(change, age)?.unwrap_or(0), seen_ms: number(change, seen)? };
    let list = list.seen(now);
    change.execute(
        "INSERT OR REPLACE INTO meta VALUES (?1, ?2), (?3, ?4)",
        params![age, list.age_ms, seen, list.seen_ms],
    )?;
    for (id, _) in rows.into_iter().filter(|(_, session)| salvaged_is_over(now, list, *session)) {
        change.execute("DELETE FROM salvaged WHERE id = ?1", [id])?;
    }
    Ok(())
}

fn number(change: &Connection, name: &str) -> Result<Option<i64>, JournalError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    Ok(change.query_row(sql, [name], |row| row.get(0)).optional()?)
}
