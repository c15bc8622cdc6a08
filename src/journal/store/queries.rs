//! Reading the record: lists, one pickup's timeline, a day slip and its count of test tickets.

use super::append::begin;
use super::database::Database;
use super::recall::OPEN_BOOKINGS;
use super::rows::{self, PickupRow};
use super::{Journal, JournalError};
use crate::journal::business_day::{BusinessDays, day_number};
use crate::journal::record::{PickupId, ReportState};
use crate::journal::rules::check_pickup_id;
use crate::journal::timeline;
use crate::journal::view::{Counts, DaySlip, EventView, FilmLine, PickupView, SeatView, TimelineView};
use crate::ticket::SeatKey;
use crate::ticket::SeatState;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, params};
use std::fmt;
use std::ops::ControlFlow;

/// Handle that staff give: a pickup's ID, or a claim reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handle(String);

impl Handle {
    /// Accepts any text of 1 to 32 letters and digits; blanks around it are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        check_pickup_id(&PickupId(text.to_owned())).ok().map(|()| Self(text.to_owned()))
    }

    fn claim(&self) -> Option<u32> {
        let digits = self.0.len() == 6 && self.0.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| self.0.parse().ok()).flatten()
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&PickupId> for Handle {
    fn from(id: &PickupId) -> Self {
        Self(id.0.clone())
    }
}

/// Filter for lists of pickups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only pickups that started on this business day.
    pub business_day: Option<Date>,
    /// Only pickups without an end, and those whose booking has a seat uncertain or owed by this kiosk, or a report
    /// that did not get through.
    pub unresolved: bool,
}

/// The reading side of the journal: what is on record, as views.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    pub(super) database: &'a Database,
    pub(super) days: &'a BusinessDays,
}

impl<'a> Records<'a> {
    /// Reads from this database, with the cinema's business days.
    pub(super) fn of(database: &'a Database, days: &'a BusinessDays) -> Self {
        Self { database, days }
    }

    /// Hands over the pickups in the order of their sequence, until told to stop.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] or what SQLite says.
    pub fn each(
        &self,
        filter: Filter,
        visit: &mut dyn FnMut(PickupView) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        self.each_after(filter, 0, &mut |_, view| visit(view))
    }

    fn each_after(
        &self,
        filter: Filter,
        after: i64,
        visit: &mut dyn FnMut(i64, PickupView) -> ControlFlow<()>,
    ) -> Result<(), JournalError> {
        let open = "(p.outcome IS NULL OR p.booking IN open)";
        let where_ = match (filter.business_day.is_some(), filter.unresolved) {
            (false, false) => "?1 IS NULL".to_owned(),
            (true, false) => "p.day = ?1".to_owned(),
            (false, true) => format!("?1 IS NULL AND {open}"),
            (true, true) => format!("p.day = ?1 AND {open}"),
        };
        let columns = rows::PICKUP;
        let sql = format!(
            "WITH open AS MATERIALIZED ({OPEN_BOOKINGS})
             SELECT {columns} FROM pickups p WHERE p.sequence > ?2 AND {where_} ORDER BY p.sequence"
        );
        self.database.guard(|connection| {
            let mut statement = connection.prepare(&sql)?;
            let mut found = statement.query(params![filter.business_day.map(day_number), after])?;
            while let Some(row) = found.next()? {
                let pickup = rows::pickup(row)?;
                let view = self.view(connection, &pickup)?;
                if visit(pickup.sequence, view).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Returns at most `most` pickups of a filter behind a sequence number (0: from the start), and the number behind
    /// which the next ones are, if there may be more.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn page(
        &self,
        filter: Filter,
        after: i64,
        most: usize,
    ) -> Result<(Vec<PickupView>, Option<i64>), JournalError> {
        let mut pickups = Vec::new();
        let mut last = after;
        self.each_after(filter, after, &mut |sequence, view| {
            pickups.push(view);
            last = sequence;
            if pickups.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let next = (pickups.len() >= most).then_some(last);
        Ok((pickups, next))
    }

    /// Returns all pickups of a filter at once: for a day, or what is unresolved.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn list(&self, filter: Filter) -> Result<Vec<PickupView>, JournalError> {
        let mut pickups = Vec::new();
        self.each(filter, &mut |view| {
            pickups.push(view);
            ControlFlow::Continue(())
        })?;
        Ok(pickups)
    }

    /// Returns one pickup as the contract's JSON object.
    ///
    /// # Errors
    /// [`JournalError::NoSuchPickup`], else as [`Self::each`].
    pub fn pickup(&self, id: &PickupId) -> Result<PickupView, JournalError> {
        self.database.guard(|connection| {
            let row = rows::find_pickup(connection, id)?;
            let row = row.ok_or_else(|| JournalError::NoSuchPickup(id.0.clone()))?;
            self.view(connection, &row)
        })
    }

    /// Returns a seat of the booking that a pickup is tied to.
    ///
    /// # Errors
    /// As [`Self::pickup`].
    pub fn seat(&self, pickup: &PickupId, key: &SeatKey) -> Result<Option<SeatView>, JournalError> {
        self.database.guard(|connection| {
            let row = rows::find_pickup(connection, pickup)?;
            let booking =
                row.and_then(|row| row.booking).map(|key| rows::booking(connection, key)).transpose()?;
            let seats = booking.flatten().map(|booking| booking.seats).unwrap_or_default();
            let seat = seats.into_iter().find(|seat| seat.key == *key);
            Ok(seat.map(|seat| SeatView { seat: seat.name.clone(), state: seat.state }))
        })
    }

    /// Returns a pickup, or the latest with this claim reference, with the timeline of its booking.
    ///
    /// # Errors
    /// As [`Self::pickup`].
    pub fn show(&self, handle: &Handle) -> Result<TimelineView, JournalError> {
        self.database.guard(|connection| {
            let row = find(connection, handle)?;
            let pickup = self.view(connection, &row)?;
            let mut statement = connection.prepare(
                "SELECT e.at, p.id, e.kind, e.detail FROM pickups p JOIN events e
                     ON e.sequence >= p.sequence * 1048576 AND e.sequence < (p.sequence + 1) * 1048576
                 WHERE p.sequence = ?1 OR p.booking = ?2 ORDER BY e.sequence",
            )?;
            let story = statement.query_map(params![row.sequence, row.booking], |event| {
                let at = Timestamp::from_millisecond(event.get(0)?).unwrap_or_default();
                let sentence = timeline::sentence(&event.get::<_, String>(2)?, &event.get::<_, String>(3)?);
                Ok(EventView {
                    at: self.days.stamp(at),
                    pickup: event.get(1)?,
                    kind: event.get(2)?,
                    detail: sentence.en,
                    zh: sentence.zh,
                })
            })?;
            let story = story.collect::<rusqlite::Result<_>>()?;
            Ok(TimelineView { pickup, story })
        })
    }

    /// Returns the day slip: what became of the tickets whose state changed last on a business day.
    ///
    /// # Errors
    /// As [`Self::each`].
    pub fn day_slip(&self, business_day: Date) -> Result<DaySlip, JournalError> {
        self.database.guard(|connection| {
            let mut statement = connection.prepare(
                "SELECT s.film_name, s.state, b.issue <> 'released', count(*)
                 FROM seats s JOIN bookings b ON b.id = s.booking WHERE s.changed_day = ?1
                 GROUP BY 1, 2, 3 ORDER BY 1",
            )?;
            let mut found = statement.query([day_number(business_day)])?;
            let (mut films, mut total) = (Vec::<FilmLine>::new(), Counts::default());
            while let Some(row) = found.next()? {
                let film = timeline::phrase(&row.get::<_, String>(0)?);
                let state = SeatState::from_name(&row.get::<_, String>(1)?).unwrap_or(SeatState::Uncertain);
                let (claimed, count): (bool, u32) = (row.get(2)?, row.get(3)?);
                if films.last().is_none_or(|line| line.film != film) {
                    films.push(FilmLine { film, counts: Counts::default() });
                }
                if let Some(line) = films.last_mut() {
                    line.counts.add(state, claimed, count);
                }
                total.add(state, claimed, count);
            }
            films.retain(|line| line.counts != Counts::default());
            let kiosk = "SELECT value FROM meta WHERE name = 'kiosk'";
            Ok(DaySlip {
                kiosk: connection.query_row(kiosk, [], |row| row.get(0))?,
                business_day: business_day.to_string(),
                films,
                total,
                test_tickets: test_tickets(connection, business_day)?,
            })
        })
    }

    fn view(&self, connection: &Connection, row: &PickupRow) -> Result<PickupView, JournalError> {
        let (mut tickets, mut reported) = (Vec::new(), false);
        if let Some(booking) = row.booking {
            let mut statement =
                connection.prepare("SELECT name, state FROM seats WHERE booking = ?1 ORDER BY id")?;
            let mut seats = statement.query([booking])?;
            while let Some(seat) = seats.next()? {
                let state = SeatState::from_name(&seat.get::<_, String>(1)?).unwrap_or(SeatState::Uncertain);
                tickets.push(SeatView { seat: seat.get(0)?, state });
            }
            let sql = "SELECT report FROM bookings WHERE id = ?1";
            let report: String = connection.query_row(sql, [booking], |row| row.get(0))?;
            reported = rows::report_state(&report) == Some(ReportState::Done);
        }
        let end = row.state.end;
        Ok(PickupView {
            pickup: row.id.0.clone(),
            started_at: self.days.stamp(row.state.started_at),
            booking_number: row.state.number.map(|number| number.to_string()),
            outcome: end.map(|end| end.outcome),
            claim: end.and_then(|end| end.claim).map(|claim| claim.to_string()),
            tickets,
            reported,
            duration_ms: end.map(|end| end.duration_ms),
        })
    }
}

/// Finds a pickup by ID first, then by claim reference: the latest pickup that was given it.
pub(super) fn find(connection: &Connection, handle: &Handle) -> Result<PickupRow, JournalError> {
    if let Some(row) = rows::find_pickup(connection, &PickupId(handle.0.clone()))? {
        return Ok(row);
    }
    let none = || JournalError::NoSuchPickup(handle.0.clone());
    let claim = handle.claim().ok_or_else(none)?;
    let columns = rows::PICKUP;
    let sql = format!("SELECT {columns} FROM pickups p WHERE p.claim = ?1 ORDER BY p.sequence DESC LIMIT 1");
    connection.query_row(&sql, [claim], rows::pickup).optional()?.ok_or_else(none)
}

impl Journal {
    /// Counts a ticket printed as a sample, for the day slip.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn note_test_ticket(&mut self, now: Timestamp) -> Result<(), JournalError> {
        self.database.guard(|connection| {
            let change = begin(connection)?;
            change.execute(
                "INSERT INTO meta VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
                [test_name(self.days().of(now))],
            )?;
            Ok(change.commit()?)
        })
    }
}

fn test_name(day: Date) -> String {
    format!("test_tickets:{day}")
}

fn test_tickets(connection: &Connection, day: Date) -> Result<u32, JournalError> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    let found = connection.query_row(sql, [test_name(day)], |row| row.get(0));
    Ok(found.optional()?.unwrap_or(0))
}
