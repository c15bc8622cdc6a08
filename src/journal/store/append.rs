//! Appending entries on disk: one list, one transaction, one sync.

use super::key::IdKey;
use super::{Journal, JournalError, rows, save};
use crate::journal::business_day::BusinessDays;
use crate::journal::record::{Claim, Entry, RecordStep, RefusedCode};
use crate::journal::rules::{self, Booking, Illegal};
use crate::journal::timeline::{self, Note};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

impl Journal {
    /// Records all entries, or none: they are on disk when it returns, by one sync of the log.
    ///
    /// # Errors
    /// [`JournalError::Illegal`] for the first entry that does not follow from what is on record;
    /// [`JournalError::Full`]; [`JournalError::Corrupt`]. Nothing of the list was kept then.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        self.database.guard(|connection| {
            let change = begin(connection)?;
            let appending = Appending { change: &change, key: &self.key, days: &self.days };
            for entry in entries {
                appending.append(entry)?;
            }
            change.commit()?;
            self.database.bound_log(connection);
            Ok(())
        })
    }

    /// Copies the log into the database and empties it: when nobody waits, as after a pickup. Erased content leaves the
    /// log at that moment, too.
    ///
    /// # Errors
    /// [`JournalError::Full`], [`JournalError::Corrupt`] or what SQLite says.
    pub fn checkpoint(&self) -> Result<(), JournalError> {
        self.database.checkpoint()
    }
}

/// Entries that go on record in one transaction.
struct Appending<'a> {
    change: &'a Transaction<'a>,
    key: &'a IdKey,
    days: &'a BusinessDays,
}

impl Appending<'_> {
    /// Puts one entry on record, if it follows from what is there.
    fn append(&self, entry: &Entry) -> Result<(), JournalError> {
        let change = self.change;
        let illegal = |why| JournalError::Illegal { pickup: entry.pickup.clone(), why };
        rules::check_pickup_id(&entry.pickup).map_err(illegal)?;
        let row = rows::find_pickup(change, &entry.pickup)?;
        let tied = row.as_ref().and_then(|row| row.booking);
        let found = match rules::pair(&entry.step) {
            None => tied,
            Some((number, id)) => {
                let sql = "SELECT id FROM bookings WHERE id_hash = ?1 AND number = ?2";
                let pair = params![self.key.hash(id), number.get()];
                let mut known = change.prepare_cached(sql)?;
                let found: Option<i64> = known.query_row(pair, |row| row.get(0)).optional()?;
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
        if let RecordStep::Ended { claim: Some(claim), .. } = entry.step
            && claim_taken(change, claim, found)?
        {
            return Err(illegal(Illegal::ClaimTaken));
        }
        let key = match (found, &booking) {
            (Some(key), Some(after)) => {
                let before = before.as_ref().unwrap_or(after);
                save::booking(change, key, before, after, self.days)?;
                Some(key)
            }
            (Some(key), None) => {
                save::delete_booking(change, key)?;
                None
            }
            (None, Some(new)) => match rules::pair(&entry.step) {
                Some((_, id)) => Some(save::new_booking(change, new, self.key.hash(id), self.days)?),
                None => None,
            },
            (None, None) => None,
        };
        if let Some(pickup) = pickup {
            let sequence = match &row {
                Some(row) => {
                    save::pickup(change, row, &pickup, pickup.tie.and(key))?;
                    row.sequence
                }
                None => save::new_pickup(change, &entry.pickup, &pickup, self.days)?,
            };
            let note = timeline::of_step(&entry.step, &seat_name(booking.as_ref(), &entry.step));
            add_note(change, sequence, entry.at, &note)?;
        }
        if let RecordStep::Ended { refused: Some(code), .. } = entry.step {
            note_refused(change, entry.at, self.days.number(entry.at), code)?;
        }
        Ok(())
    }
}

/// Begins a transaction; fails at once where it could not write.
pub(super) fn begin(connection: &Connection) -> Result<Transaction<'_>, JournalError> {
    Ok(Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?)
}

/// Returns the first sequence of a pickup's events; those of the next pickup begin where they end.
pub(super) fn first_event(pickup: i64) -> i64 {
    pickup.saturating_mul(1 << 20)
}

/// Adds a note to a pickup's timeline.
pub(super) fn add_note(
    change: &Connection,
    pickup: i64,
    at: Timestamp,
    note: &Note,
) -> Result<(), JournalError> {
    let (first, next) = (first_event(pickup), first_event(pickup.saturating_add(1)));
    let sql = "INSERT INTO events (sequence, at, kind, detail) VALUES (
                   (SELECT ifnull(max(sequence), ?1 - 1) + 1 FROM events WHERE sequence >= ?1 AND sequence < ?2),
                   ?3, ?4, ?5)";
    let values = params![first, next, at.as_millisecond(), note.kind, note.detail];
    change.prepare_cached(sql)?.execute(values)?;
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

/// Returns true if a claim reference is that of another booking, or of a pickup without one.
fn claim_taken(change: &Transaction<'_>, claim: Claim, own: Option<i64>) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pickups WHERE claim = ?1 AND (?2 IS NULL OR booking IS NOT ?2))
                   OR EXISTS (SELECT 1 FROM bookings WHERE claim = ?1 AND (?2 IS NULL OR id <> ?2))";
    Ok(change.prepare_cached(sql)?.query_row(params![claim.0, own], |row| row.get(0))?)
}

fn seat_name(booking: Option<&Booking>, step: &RecordStep) -> String {
    let RecordStep::Seat { seat: key, .. } = step else { return String::new() };
    let seat = booking.and_then(|booking| booking.seats.iter().find(|seat| seat.key == *key));
    seat.map_or_else(|| key.seat_code.clone(), |seat| seat.name.clone())
}
