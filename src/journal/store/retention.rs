//! What the journal forgets: IDs a day after the session, resolved pickups by age and size. Nothing
//! unresolved is ever dropped.

use super::append::{begin, first_event};
use super::recall::OPEN_BOOKINGS;
use super::{Journal, JournalError};
use crate::journal::business_day::date_of;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Pickups looked at in one call.
const BATCH: i64 = 500;

/// IDs forgotten in one call.
const FORGET: i64 = 500;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Days for which refused codes are kept; only today's count.
const REFUSAL_DAYS: i64 = 3;

/// What one call of [`Journal::tidy`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Bookings whose ID was forgotten.
    pub forgotten: usize,
    /// Pickups dropped.
    pub dropped: usize,
    /// There may be more to do: call again when nobody waits.
    pub more: bool,
}

impl Journal {
    /// Forgets and drops what is due, a bounded piece at a time: for the night and for idle minutes.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn tidy(&mut self, now: Timestamp) -> Result<Tidied, JournalError> {
        let from = self.tidied_to;
        let cutoff = now.as_millisecond().saturating_sub(i64::from(self.limits.keep_days) * DAY_MS);
        let (tidied, reached) = self.guard(|connection| {
            let too_big = used_bytes(connection)? > u64::from(self.limits.keep_mib) * 1024 * 1024;
            let change = begin(connection)?;
            let forgotten = forget_ids(&change, now)?;
            self.drop_counts(&change, now)?;
            super::acts::drop_old(&change, cutoff)?;
            // When it is too big, the oldest go whatever their age.
            let cutoff = if too_big { i64::MAX } else { cutoff };
            let (dropped, reached, old) = drop_pickups(&change, from, cutoff)?;
            change.commit()?;
            self.bound_log(connection);
            let more = reached.is_some() && old || forgotten >= usize::try_from(FORGET).unwrap_or(0);
            Ok((Tidied { forgotten, dropped, more }, reached.filter(|_| more)))
        })?;
        self.tidied_to = reached.unwrap_or(0);
        Ok(tidied)
    }

    fn drop_counts(&self, change: &Connection, now: Timestamp) -> Result<(), JournalError> {
        let today = self.days.number(now);
        change.execute("DELETE FROM refusals WHERE day < ?1", [today.saturating_sub(REFUSAL_DAYS)])?;
        if let Some(oldest) = date_of(today.saturating_sub(i64::from(self.limits.keep_days))) {
            let range = ["test_tickets:".to_owned(), format!("test_tickets:{oldest}")];
            change.execute("DELETE FROM meta WHERE name >= ?1 AND name < ?2", range)?;
        }
        Ok(())
    }
}

/// Bytes of the database in use; free pages are used again.
fn used_bytes(connection: &Connection) -> Result<u64, JournalError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
    let bytes = pages.saturating_mul(pragma("page_size")?);
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// A day after its last session a booking's ID is forgotten; what a released one could be printed
/// from, too: it is nobody's to print here.
fn forget_ids(change: &Connection, now: Timestamp) -> Result<usize, JournalError> {
    let before = now.as_millisecond().saturating_sub(DAY_MS);
    let mut statement = change.prepare(
        "SELECT id FROM bookings INDEXED BY bookings_id
         WHERE id_hash IS NOT NULL AND last_session < ?1 LIMIT ?2",
    )?;
    let due = statement.query_map([before, FORGET], |row| row.get(0))?;
    let due = due.collect::<rusqlite::Result<Vec<i64>>>()?;
    for booking in &due {
        change.execute("UPDATE bookings SET id_hash = NULL WHERE id = ?1", [booking])?;
        change.execute(
            "DELETE FROM contents WHERE seat IN (SELECT s.id FROM seats s JOIN bookings b ON b.id = s.booking
             WHERE b.id = ?1 AND b.issue = 'released')",
            [booking],
        )?;
    }
    Ok(due.len())
}

/// Drops resolved pickups that began before `cutoff` among the next ones after `from`, by sequence.
/// Gives how many, up to where it looked, and whether any of those was old enough to be dropped.
fn drop_pickups(
    change: &Connection,
    from: i64,
    cutoff: i64,
) -> Result<(usize, Option<i64>, bool), JournalError> {
    let mut statement = change.prepare(&format!(
        "WITH open AS MATERIALIZED ({OPEN_BOOKINGS})
         SELECT sequence, booking, started_at < ?2,
                (booking IS NULL OR outcome IS NOT NULL) AND ifnull(booking NOT IN open, 1)
         FROM pickups WHERE sequence > ?1 ORDER BY sequence LIMIT ?3",
    ))?;
    let looked_at = statement.query_map(params![from, cutoff, BATCH], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let looked_at = looked_at.collect::<rusqlite::Result<Vec<(i64, Option<i64>, bool, bool)>>>()?;
    let mut dropped = 0;
    for (sequence, booking, _, _) in looked_at.iter().filter(|(_, _, old, resolved)| *old && *resolved) {
        let events = [first_event(*sequence), first_event(sequence.saturating_add(1))];
        change.execute("DELETE FROM events WHERE sequence >= ?1 AND sequence < ?2", events)?;
        change.execute("DELETE FROM pickups WHERE sequence = ?1", [sequence])?;
        change.execute(
            "DELETE FROM bookings WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM pickups WHERE booking = ?1)",
            [booking],
        )?;
        dropped += 1;
    }
    let full = looked_at.len() >= usize::try_from(BATCH).unwrap_or(0);
    let reached = looked_at.last().map(|(sequence, ..)| *sequence).filter(|_| full);
    Ok((dropped, reached, looked_at.iter().any(|(_, _, old, _)| *old)))
}
