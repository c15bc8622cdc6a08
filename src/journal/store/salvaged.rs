//! The list of a journal that was lost, in the new one: bookings of which nothing is printed here any more.

use super::JournalError;
use super::salvage::Lost;
use crate::journal::record::Salvaged;
use crate::journal::retention::salvaged_is_over;
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Puts the list into a new database.
pub(super) fn keep(connection: &Connection, lost: &[Lost]) -> rusqlite::Result<()> {
    let sql = "INSERT INTO salvaged (number, found, id_hash, last_session) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare(sql)?;
    for row in lost {
        statement.execute(params![row.number.get(), row.found.name(), row.id_hash, row.last_session])?;
    }
    Ok(())
}

/// What the list has of a number and an ID's hash.
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

/// Has the list's time begin where it has not, and drops what is over, by a clock that is believed.
pub(super) fn tidy(change: &Connection, now: Timestamp) -> Result<(), JournalError> {
    change.execute("UPDATE salvaged SET since = ?1 WHERE since IS NULL", [now.as_millisecond()])?;
    let mut statement = change.prepare("SELECT id, since, last_session FROM salvaged")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<i64>>(2)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    for (id, ..) in rows.into_iter().filter(|(_, since, session)| salvaged_is_over(now, *since, *session)) {
        change.execute("DELETE FROM salvaged WHERE id = ?1", [id])?;
    }
    Ok(())
}
