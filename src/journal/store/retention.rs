//! Retention on disk: IDs are forgotten a day after the session, resolved pickups dropped by age and size. Nothing
//! unresolved is ever dropped, nor the ID of a booking whose number has something unresolved; and nothing is forgotten
//! by the word of a clock that is not yet believed ([`ClockTrust`](crate::journal::clock_trust::ClockTrust)).

use super::append::{begin, first_event};
use super::recall::OPEN_BOOKINGS;
use super::{Journal, JournalError, salvaged};
use crate::journal::business_day::date_of;
use crate::journal::retention::{DAY_MS, forget_before};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Number of pickups looked at in one call.
const BATCH: i64 = 500;

/// Number of IDs forgotten in one call.
const FORGET: i64 = 500;

/// Number of refused codes kept, the newest: only today's count, and the rate limit lets no more through in a day.
const REFUSALS_MAX: i64 = 20_000;

/// Result of one call of [`Journal::tidy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tidied {
    /// Number of bookings whose ID was forgotten.
    pub forgotten: usize,
    /// Number of pickups dropped.
    pub dropped: usize,
    /// True if there may be more to do: call again when nobody waits.
    pub more: bool,
}

/// Reason for dropping pickups in this round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The journal is larger than `[journal] keep_mib`: the oldest go, whatever their age.
    Size,
    /// The pickups began before this moment (milliseconds).
    Age(i64),
}

/// Sequence up to which retention has looked in this round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reached {
    size: bool,
    sequence: i64,
}

impl Journal {
    /// Forgets and drops what is due, a bounded piece at a time: for the night and for idle minutes. `believed` is the
    /// time by a clock that may be believed; without one only what the largest size asks for is dropped, the oldest by
    /// sequence.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn tidy(&mut self, believed: Option<Timestamp>) -> Result<Tidied, JournalError> {
        let keep = i64::from(self.limits.keep_days).saturating_mul(DAY_MS);
        let cutoff = believed.map(|now| now.as_millisecond().saturating_sub(keep));
        let (tidied, reached) = self.database.guard(|connection| {
            let too_big = used_bytes(connection)? > u64::from(self.limits.keep_mib) * 1024 * 1024;
            let due = if too_big { Some(Due::Size) } else { cutoff.map(Due::Age) };
            let change = begin(connection)?;
            let mut tidied = Tidied::default();
            if let Some(now) = believed {
                tidied.forgotten = forget_ids(&change, now)?;
                self.drop_counts(&change, now)?;
                salvaged::tidy(&change, now)?;
            }
            super::audit_log::drop_old(&change, cutoff)?;
            bound_refusals(&change)?;
            let reached = match due {
                Some(due) => drop_pickups(&change, due, self.tidied_to, &mut tidied)?,
                None => None,
            };
            change.commit()?;
            self.database.bound_log(connection);
            tidied.more |= tidied.forgotten >= usize::try_from(FORGET).unwrap_or(0);
            Ok((tidied, reached.filter(|_| tidied.more)))
        })?;
        self.tidied_to = reached.unwrap_or_default();
        Ok(tidied)
    }

    /// Returns the start of the newest pickup on record, by the wall clock: the newest by its place, whatever its time.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] or what SQLite says.
    pub fn newest_record(&self) -> Result<Option<Timestamp>, JournalError> {
        let sql = "SELECT started_at FROM pickups ORDER BY sequence DESC LIMIT 1";
        let at = self
            .database
            .guard(|connection| Ok(connection.query_row(sql, [], |row| row.get(0)).optional()?))?;
        Ok(at.and_then(|at| Timestamp::from_millisecond(at).ok()))
    }

    fn drop_counts(&self, change: &Connection, now: Timestamp) -> Result<(), JournalError> {
        let today = self.days.number(now);
        if let Some(oldest) = date_of(today.saturating_sub(i64::from(self.limits.keep_days))) {
            let range = ["test_tickets:".to_owned(), format!("test_tickets:{oldest}")];
            change.execute("DELETE FROM meta WHERE name >= ?1 AND name < ?2", range)?;
        }
        Ok(())
    }
}

/// Returns the number of bytes of the database in use; free pages are used again.
fn used_bytes(connection: &Connection) -> Result<u64, JournalError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = pragma("page_count")?.saturating_sub(pragma("freelist_count")?);
    let bytes = pages.saturating_mul(pragma("page_size")?);
    Ok(u64::try_from(bytes).unwrap_or(0))
}

fn bound_refusals(change: &Connection) -> Result<(), JournalError> {
    change.execute(
        "DELETE FROM refusals WHERE sequence <= (SELECT ifnull(max(sequence), 0) FROM refusals) - ?1",
        [REFUSALS_MAX],
    )?;
    Ok(())
}

/// Forgets a booking's ID a day after its last session, unless any record of its number is unresolved; also deletes
/// what a released one could be printed from: it is nobody's to print here.
fn forget_ids(change: &Connection, now: Timestamp) -> Result<usize, JournalError> {
    let mut statement = change.prepare(
        "SELECT id FROM bookings INDEXED BY bookings_id
         WHERE id_hash IS NOT NULL AND last_session < ?1
         AND number NOT IN (SELECT number FROM bookings INDEXED BY bookings_open WHERE open) LIMIT ?2",
    )?;
    let due = statement.query_map([forget_before(now), FORGET], |row| row.get(0))?;
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

/// Drops what is due and resolved among the next pickups by sequence, and notes how many, and whether more may be due
/// behind them; returns the place it reached, where that is not the end. By age no pickup goes whose booking's ID is
/// not forgotten: its time on record may come from a clock that was behind.
fn drop_pickups(
    change: &Connection,
    due: Due,
    reached: Reached,
    tidied: &mut Tidied,
) -> Result<Option<Reached>, JournalError> {
    let (size, cutoff) = match due {
        Due::Size => (true, i64::MAX),
        Due::Age(cutoff) => (false, cutoff),
    };
    let from = if reached.size == size { reached.sequence } else { 0 };
    let mut statement = change.prepare(&format!(
        "WITH open AS MATERIALIZED ({OPEN_BOOKINGS}),
              owing AS MATERIALIZED (SELECT number FROM bookings WHERE id IN open)
         SELECT p.sequence, p.booking, p.started_at < ?2 AND (?4 OR b.id_hash IS NULL),
                p.booking IS NULL OR (p.outcome IS NOT NULL AND b.number NOT IN owing)
         FROM pickups p LEFT JOIN bookings b ON b.id = p.booking
         WHERE p.sequence > ?1 ORDER BY p.sequence LIMIT ?3",
    ))?;
    let looked_at = statement.query_map(params![from, cutoff, BATCH, size], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let looked_at = looked_at.collect::<rusqlite::Result<Vec<(i64, Option<i64>, bool, bool)>>>()?;
    for (sequence, booking, _, _) in looked_at.iter().filter(|(_, _, old, resolved)| *old && *resolved) {
        let events = [first_event(*sequence), first_event(sequence.saturating_add(1))];
        change.execute("DELETE FROM events WHERE sequence >= ?1 AND sequence < ?2", events)?;
        change.execute("DELETE FROM pickups WHERE sequence = ?1", [sequence])?;
        change.execute(
            "DELETE FROM bookings WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM pickups WHERE booking = ?1)",
            [booking],
        )?;
        tidied.dropped += 1;
    }
    let full = looked_at.len() >= usize::try_from(BATCH).unwrap_or(0);
    let last = looked_at.last().map(|(sequence, ..)| *sequence).filter(|_| full);
    tidied.more |= last.is_some() && looked_at.iter().any(|(_, _, old, _)| *old);
    Ok(last.map(|sequence| Reached { size, sequence }))
}
