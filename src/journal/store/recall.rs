//! Recall of what the journal knows of a code, and of what the kiosk finds at start.

use super::{Journal, JournalError, rows, salvaged};
use crate::journal::memory::{PACE_CODES, PACE_WINDOW_MS, unfinished};
use crate::journal::record::{Claim, CutReprint, Leftover, PickupId, Recall, ReportState};
use crate::journal::rules;
use crate::ticket::{BookingId, BookingNumber, SeatKey, SeatState};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Number of tries for a claim reference that nobody has; at nine in ten taken, all fail once in 10⁹.
const CLAIM_TRIES: usize = 200;

impl Journal {
    /// Returns what is known of a code: the pair's history, or for an ID alone that of the one booking with it.
    ///
    /// # Errors
    /// [`JournalError::NoClaimFree`], [`JournalError::Corrupt`] or what SQLite says.
    pub fn recall(
        &self,
        number: Option<BookingNumber>,
        id: &BookingId,
        now: Timestamp,
    ) -> Result<Recall, JournalError> {
        let hash = self.key.hash(id);
        self.database.guard(|connection| {
            let found = find(connection, number, &hash)?;
            let booking = match found {
                Some(key) => rows::booking(connection, key)?,
                None => None,
            };
            let history = booking.map(|booking| booking.history());
            let number = number.or_else(|| history.as_ref().map(|history| history.number));
            let today = self.days.number(now);
            let taken = match number {
                Some(number) => taken(connection, number, found)?,
                None => Vec::new(),
            };
            let number_refused_today = match number {
                Some(number) => refused(connection, today, number)?,
                None => 0,
            };
            let id_alone_refused_today = connection
                .prepare_cached("SELECT count(*) FROM refusals WHERE day = ?1 AND id_alone")?
                .query_row([today], |row| row.get(0))?;
            let salvaged = match number {
                Some(number) => salvaged::recall(connection, number, &hash)?,
                None => None,
            };
            let fresh_claim = fresh_claim(connection, &BTreeSet::new())?;
            Ok(Recall { history, taken, salvaged, fresh_claim, number_refused_today, id_alone_refused_today })
        })
    }

    /// Returns what the kiosk finds at start. Takes as long as there is unresolved, however many pickups are on record.
    ///
    /// # Errors
    /// As [`Self::recall`].
    pub fn leftover(&self, now: Timestamp) -> Result<Leftover, JournalError> {
        self.database.guard(|connection| {
            let mut leftover = Leftover::default();
            let mut given = BTreeSet::new();
            for row in unfinished_rows(connection)? {
                let Some(booking) = row.booking.map(|key| rows::booking(connection, key)).transpose()? else {
                    continue;
                };
                let Some(booking) = booking else { continue };
                let claim = fresh_claim(connection, &given)?;
                given.insert(claim.0);
                leftover.unfinished.push((unfinished(&row.id, &row.state, &booking), claim));
            }
            for key in open_bookings(connection)? {
                leftover_booking(connection, key, &mut leftover)?;
            }
            leftover.refused_lately = refused_lately(connection, now)?;
            Ok(leftover)
        })
    }
}

fn find(
    connection: &Connection,
    number: Option<BookingNumber>,
    hash: &[u8; 32],
) -> Result<Option<i64>, JournalError> {
    if let Some(number) = number {
        let sql = "SELECT id FROM bookings WHERE id_hash = ?1 AND number = ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let found = statement.query_row(params![hash, number.get()], |row| row.get(0));
        return Ok(found.optional()?);
    }
    let mut statement = connection.prepare_cached("SELECT id FROM bookings WHERE id_hash = ?1 LIMIT 2")?;
    let found = statement.query_map([hash], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok(match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    })
}

/// Returns the seats that other records of the number bar ([`bars_others`](crate::journal::rules::bars_others)).
fn taken(
    connection: &Connection,
    number: BookingNumber,
    own: Option<i64>,
) -> Result<Vec<SeatKey>, JournalError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.session_code, s.seat_code FROM bookings b JOIN seats s ON s.booking = b.id
         WHERE b.number = ?1 AND b.id IS NOT ?2 AND CASE s.state
             WHEN 'reserved' THEN b.issue = 'issued' WHEN 'void' THEN b.report <> 'none' ELSE 1 END
         ORDER BY b.id, s.id",
    )?;
    let seats = statement.query_map(params![number.get(), own], |row| {
        Ok(SeatKey { session_code: row.get(0)?, seat_code: row.get(1)? })
    })?;
    Ok(seats.collect::<rusqlite::Result<_>>()?)
}

fn refused(connection: &Connection, day: i64, number: BookingNumber) -> Result<u32, JournalError> {
    let sql = "SELECT count(*) FROM refusals WHERE day = ?1 AND number = ?2";
    Ok(connection.prepare_cached(sql)?.query_row(params![day, number.get()], |row| row.get(0))?)
}

/// Returns a random claim reference that is nowhere on record and not among those just given.
fn fresh_claim(connection: &Connection, given: &BTreeSet<u32>) -> Result<Claim, JournalError> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM pickups WHERE claim = ?1)
             OR EXISTS (SELECT 1 FROM bookings WHERE claim = ?1)",
    )?;
    for _ in 0..CLAIM_TRIES {
        let mut chance = [0; 4];
        getrandom::fill(&mut chance).map_err(JournalError::NoChance)?;
        let claim = u32::from_le_bytes(chance) % Claim::MAX + 1;
        if !given.contains(&claim) && !statement.query_row([claim], |row| row.get::<_, bool>(0))? {
            return Ok(Claim(claim));
        }
    }
    Err(JournalError::NoClaimFree)
}

fn unfinished_rows(connection: &Connection) -> Result<Vec<rows::PickupRow>, JournalError> {
    let columns = rows::PICKUP;
    let mut statement = connection.prepare(&format!(
        "SELECT {columns} FROM pickups p INDEXED BY pickups_unfinished
         WHERE p.outcome IS NULL AND p.booking IS NOT NULL ORDER BY p.sequence",
    ))?;
    Ok(statement.query_map([], rows::pickup)?.collect::<rusqlite::Result<_>>()?)
}

/// SQL for the unresolved bookings.
pub(super) const OPEN_BOOKINGS: &str = "SELECT id FROM bookings INDEXED BY bookings_open WHERE open";

fn open_bookings(connection: &Connection) -> Result<Vec<i64>, JournalError> {
    let mut statement = connection.prepare(&format!("{OPEN_BOOKINGS} ORDER BY 1"))?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn leftover_booking(connection: &Connection, key: i64, leftover: &mut Leftover) -> Result<(), JournalError> {
    let Some(booking) = rows::booking(connection, key)? else { return Ok(()) };
    let Some((latest, running)) = pickups_of(connection, key)? else { return Ok(()) };
    let (uncertain, owed) = booking.open_seats();
    leftover.uncertain = leftover.uncertain.saturating_add(uncertain);
    leftover.owed = leftover.owed.saturating_add(owed);
    if !running {
        let printing = booking.seats.iter().filter(|seat| seat.state == SeatState::Printing);
        let cut = |seat: &Arc<rules::Seat>| CutReprint {
            pickup: latest.clone(),
            seat: seat.key.clone(),
            report: booking.unreported(&latest),
        };
        leftover.printing.extend(printing.map(cut));
        if booking.is_held_unreported() {
            leftover.unreported.push(booking.due_report(latest.clone()));
        }
    }
    if matches!(booking.report, ReportState::Due { .. }) {
        leftover.reports.push(booking.due_report(latest));
    }
    Ok(())
}

/// Returns the latest pickup of a booking, and whether any has no end.
pub(super) fn pickups_of(
    connection: &Connection,
    key: i64,
) -> Result<Option<(PickupId, bool)>, JournalError> {
    let sql = "SELECT id, EXISTS (SELECT 1 FROM pickups r WHERE r.booking = ?1 AND r.outcome IS NULL)
               FROM pickups WHERE booking = ?1 ORDER BY sequence DESC LIMIT 1";
    let found = connection.query_row(sql, [key], |row| Ok((PickupId(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

fn refused_lately(connection: &Connection, now: Timestamp) -> Result<Vec<Timestamp>, JournalError> {
    let mut statement = connection.prepare("SELECT at FROM refusals ORDER BY sequence DESC LIMIT ?1")?;
    let count = i64::try_from(PACE_CODES).unwrap_or(0);
    let last = statement.query_map([count], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    let age = |at: i64| now.as_millisecond().saturating_sub(at);
    let lately = last.into_iter().filter(|at| (0..PACE_WINDOW_MS).contains(&age(*at)));
    let mut lately = lately.filter_map(|at| Timestamp::from_millisecond(at).ok()).collect::<Vec<_>>();
    lately.sort_unstable();
    Ok(lately)
}
