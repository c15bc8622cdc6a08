//! Entries onto the disk: one list, one transaction, one sync.

use super::rows::{self, PickupRow};
use super::{Journal, JournalError};
use crate::journal::record::{Claim, Entry, RefusedCode, Step};
use crate::journal::rules::{self, Booking, Illegal, Pickup, Tie};
use crate::journal::story;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

/// Pages of log after which even a busy moment has to copy it into the database: 4 MiB.
const LOG_PAGES: u64 = 4096;

impl Journal {
    /// Records all entries, or none: they are on disk when it returns, by one sync of the log.
    ///
    /// # Errors
    /// [`JournalError::Illegal`] for the first entry that does not follow from what is on record;
    /// [`JournalError::Full`]; [`JournalError::Corrupt`]. Nothing of the list was kept then.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        self.guard(|connection| {
            let change = begin(connection)?;
            for entry in entries {
                self.append_one(&change, entry)?;
            }
            change.commit()?;
            self.bound_log(connection)
        })
    }

    fn append_one(&self, change: &Transaction<'_>, entry: &Entry) -> Result<(), JournalError> {
        let illegal = |why| JournalError::Illegal { pickup: entry.pickup.clone(), why };
        rules::check_pickup_id(&entry.pickup).map_err(illegal)?;
        let row = rows::find_pickup(change, &entry.pickup)?;
        let tied = row.as_ref().and_then(|row| row.booking);
        let found = match rules::pair(&entry.step) {
            None => tied,
            Some((number, id)) => {
                let sql = "SELECT id FROM bookings WHERE id_hash = ?1 AND number = ?2";
                let pair = params![self.key.hash(id), number.get()];
                let found: Option<i64> = change.query_row(sql, pair, |row| row.get(0)).optional()?;
                rules::check_same_booking(tied.map(i64::cast_unsigned), found.map(i64::cast_unsigned))
                    .map_err(illegal)?;
                found
            }
        };
        let before = match found {
            Some(key) => rows::booking(change, key)?,
            None => None,
        };
        let (mut pickup, mut booking) = (row.as_ref().map(|row| row.state.clone()), before.clone());
        rules::apply(&mut pickup, &mut booking, entry.at, &entry.step).map_err(illegal)?;
        if let Step::Ended { claim: Some(claim), .. } = entry.step
            && claim_taken(change, claim, found)?
        {
            return Err(illegal(Illegal::ClaimTaken));
        }
        let key = self.save_booking(change, found, before.as_ref(), booking.as_ref(), &entry.step)?;
        if let Some(pickup) = pickup {
            let sequence = self.save_pickup(change, row.as_ref(), entry, &pickup, key)?;
            let (kind, detail) = story::sentence(&entry.step, &seat_name(booking.as_ref(), &entry.step));
            note(change, sequence, entry.at, kind, &detail)?;
        }
        if let Step::Ended { refused: Some(code), .. } = entry.step {
            note_refused(change, entry.at, self.days.number(entry.at), code)?;
        }
        Ok(())
    }

    /// Writes what of a booking differs; gives its row if it is there afterwards.
    pub(super) fn save_booking(
        &self,
        change: &Connection,
        key: Option<i64>,
        before: Option<&Booking>,
        after: Option<&Booking>,
        step: &Step,
    ) -> Result<Option<i64>, JournalError> {
        let key = match (key, after) {
            (Some(key), None) => {
                change.execute("UPDATE pickups SET booking = NULL, tie = NULL WHERE booking = ?1", [key])?;
                change.execute("DELETE FROM bookings WHERE id = ?1", [key])?;
                return Ok(None);
            }
            (None, None) => return Ok(None),
            (Some(key), Some(_)) => key,
            (None, Some(booking)) => {
                let hash = rules::pair(step).map(|(_, id)| self.key.hash(id));
                change.query_row(
                    "INSERT INTO bookings (number, id_hash, issue, ever_issued, unanswered, report,
                                           last_step, last_session)
                     VALUES (?1, ?2, 'asked', 0, 0, 'none', 0, 0) RETURNING id",
                    params![booking.number.get(), hash],
                    |row| row.get(0),
                )?
            }
        };
        let Some(after) = after else { return Ok(None) };
        if !before.is_some_and(|before| same_head(before, after)) {
            change.execute(
                "UPDATE bookings SET issue = ?2, ever_issued = ?3, unanswered = ?4, report = ?5, claim = ?6,
                        last_step = ?7, last_session = ?8 WHERE id = ?1",
                params![
                    key,
                    rows::issue_name(after.issue),
                    after.ever_issued,
                    after.unanswered,
                    rows::report_name(after.report),
                    after.claim.map(|claim| claim.0),
                    after.last_step.as_millisecond(),
                    after.last_session.as_millisecond()
                ],
            )?;
        }
        let seats = before.map(|before| before.seats.as_slice()).unwrap_or_default();
        rows::save_seats(change, key, seats, &after.seats, |at| self.days.number(at))?;
        Ok(Some(key))
    }

    fn save_pickup(
        &self,
        change: &Transaction<'_>,
        before: Option<&PickupRow>,
        entry: &Entry,
        pickup: &Pickup,
        booking: Option<i64>,
    ) -> Result<i64, JournalError> {
        let booking = pickup.tie.and(booking);
        let number = pickup.number.map(|number| number.get());
        let tie = pickup.tie.map(|tie| match tie {
            Tie::Recognised => "recognised",
            Tie::Attempt => "attempt",
        });
        let Some(row) = before else {
            let started_at = pickup.started_at;
            let day = self.days.number(started_at);
            let sequence = change.query_row(
                "INSERT INTO pickups (id, started_at, day, number) VALUES (?1, ?2, ?3, ?4) RETURNING sequence",
                params![entry.pickup.0, started_at.as_millisecond(), day, number],
                |row| row.get(0),
            )?;
            return Ok(sequence);
        };
        if row.state != *pickup || row.booking != booking {
            change.execute(
                "UPDATE pickups SET number = ?2, booking = ?3, tie = ?4, outcome = ?5, claim = ?6,
                        duration_ms = ?7 WHERE sequence = ?1",
                params![
                    row.sequence,
                    number,
                    booking,
                    tie,
                    pickup.end.map(|end| end.outcome.name()),
                    pickup.end.and_then(|end| end.claim).map(|claim| claim.0),
                    pickup.end.map(|end| i64::try_from(end.duration_ms).unwrap_or(i64::MAX))
                ],
            )?;
        }
        Ok(row.sequence)
    }

    /// Copies the log into the database and empties it: when nobody waits, as after a pickup. Also
    /// the moment at which erased content leaves the log.
    ///
    /// # Errors
    /// [`JournalError::Full`], [`JournalError::Corrupt`] or what SQLite says.
    pub fn checkpoint(&self) -> Result<(), JournalError> {
        self.guard(|connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })
    }

    /// A log that nobody has emptied for long is emptied now. What was recorded is on disk already:
    /// a checkpoint that fails does not undo it and is tried again.
    fn bound_log(&self, connection: &Connection) -> Result<(), JournalError> {
        let length = std::fs::metadata(self.files.wal()).map_or(0, |data| data.len());
        if length > LOG_PAGES * 1024 {
            let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = emptied {
                log::warn!("journal: the log could not be emptied: {error}");
            }
        }
        Ok(())
    }
}

/// A transaction that fails at once where it could not write.
pub(super) fn begin(connection: &Connection) -> Result<Transaction<'_>, JournalError> {
    Ok(Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?)
}

/// Adds a sentence to a pickup's story.
pub(super) fn note(
    change: &Connection,
    pickup: i64,
    at: Timestamp,
    kind: &str,
    detail: &str,
) -> Result<(), JournalError> {
    let at = at.as_millisecond();
    change.execute(
        "INSERT INTO events (pickup, at, kind, detail) VALUES (?1, ?2, ?3, ?4)",
        params![pickup, at, kind, detail],
    )?;
    Ok(())
}

fn note_refused(
    change: &Transaction<'_>,
    at: Timestamp,
    day: i64,
    code: RefusedCode,
) -> Result<(), JournalError> {
    let number = code.number.map(|number| number.get());
    change.execute(
        "INSERT INTO refusals (at, day, number, id_alone) VALUES (?1, ?2, ?3, ?4)",
        params![at.as_millisecond(), day, number, code.id_alone],
    )?;
    Ok(())
}

/// Whether a claim reference is that of another booking, or of a pickup without one.
fn claim_taken(change: &Transaction<'_>, claim: Claim, own: Option<i64>) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pickups WHERE claim = ?1 AND (?2 IS NULL OR booking IS NOT ?2))
                   OR EXISTS (SELECT 1 FROM bookings WHERE claim = ?1 AND (?2 IS NULL OR id <> ?2))";
    Ok(change.query_row(sql, params![claim.0, own], |row| row.get(0))?)
}

fn same_head(before: &Booking, after: &Booking) -> bool {
    let head =
        |b: &Booking| (b.issue, b.ever_issued, b.unanswered, b.report, b.claim, b.last_step, b.last_session);
    head(before) == head(after)
}

fn seat_name(booking: Option<&Booking>, step: &Step) -> String {
    let Step::Seat { seat: key, .. } = step else { return String::new() };
    let seat = booking.and_then(|booking| booking.seats.iter().find(|seat| seat.key == *key));
    seat.map_or_else(|| key.seat_code.clone(), |seat| seat.name.clone())
}
