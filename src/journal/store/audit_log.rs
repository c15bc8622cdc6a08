//! Audit log on disk, and the few facts beside pickups that outlive a restart.

use super::append::begin;
use super::{Journal, JournalError, Records, rows};
use crate::journal::audit_log::{ACTS_MAX, AuditEntry, AuditEntryView};
use crate::journal::business_day::day_number;
use crate::journal::timeline;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

/// Largest length of a fact, in bytes.
const FACT_MAX: usize = 4_096;

impl Journal {
    /// Records an act. It is on disk when the call returns.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_act(&mut self, act: &AuditEntry) -> Result<(), JournalError> {
        self.append_act_with(act, None)
    }

    /// Records an act, and a fact that changes with it, in one transaction.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_act_with(
        &mut self,
        act: &AuditEntry,
        fact: Option<(&str, &str)>,
    ) -> Result<(), JournalError> {
        let day = self.days().number(act.at);
        self.database.guard(|connection| {
            let change = begin(connection)?;
            change.execute(
                "INSERT INTO acts (at, day, who, surface, what, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    act.at.as_millisecond(),
                    day,
                    timeline::phrase(&act.who),
                    timeline::phrase(&act.surface),
                    timeline::phrase(&act.what),
                    timeline::phrase(&act.before),
                    timeline::phrase(&act.after)
                ],
            )?;
            if let Some((name, value)) = fact {
                rows::set_meta(&change, &fact_name(name), bounded(value).as_bytes())?;
            }
            change.commit()?;
            self.database.bound_log(connection);
            Ok(())
        })
    }

    /// Keeps a fact over restarts; one of the same name is replaced.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn keep_fact(&mut self, name: &str, value: &str) -> Result<(), JournalError> {
        self.database.guard(|connection| {
            let change = begin(connection)?;
            rows::set_meta(&change, &fact_name(name), bounded(value).as_bytes())?;
            change.commit()?;
            self.database.bound_log(connection);
            Ok(())
        })
    }

    /// Returns a fact that was kept.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`] or what SQLite says.
    pub fn fact(&self, name: &str) -> Result<Option<String>, JournalError> {
        let found = self.database.guard(|connection| rows::meta(connection, &fact_name(name)))?;
        Ok(found.and_then(|bytes| String::from_utf8(bytes).ok()))
    }
}

impl Records<'_> {
    /// Returns the acts behind a sequence number (0: from the start), of one business day where one is given, at most
    /// `most`; and the number behind which the next ones are, if there may be more.
    ///
    /// # Errors
    /// As [`Records::each`].
    pub fn audit_entries(
        &self,
        day: Option<Date>,
        after: i64,
        most: usize,
    ) -> Result<(Vec<AuditEntryView>, Option<i64>), JournalError> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let (acts, last) = self.database.guard(|connection| {
            let mut statement = connection.prepare(
                "SELECT sequence, at, who, surface, what, before, after FROM acts
                 WHERE sequence > ?1 AND (?2 IS NULL OR day = ?2) ORDER BY sequence LIMIT ?3",
            )?;
            let mut found = statement.query(params![after, day.map(day_number), limit])?;
            let (mut acts, mut last) = (Vec::new(), after);
            while let Some(row) = found.next()? {
                last = row.get(0)?;
                let at = Timestamp::from_millisecond(row.get(1)?).unwrap_or_default();
                acts.push(AuditEntryView {
                    at: self.days.stamp(at),
                    who: row.get(2)?,
                    surface: row.get(3)?,
                    act: row.get(4)?,
                    before: row.get(5)?,
                    after: row.get(6)?,
                });
            }
            Ok((acts, last))
        })?;
        let next = (acts.len() >= most).then_some(last);
        Ok((acts, next))
    }
}

/// Drops acts that began before `cutoff` (milliseconds), where there is one, and the oldest of too many.
pub(super) fn drop_old(change: &Connection, cutoff: Option<i64>) -> Result<(), JournalError> {
    change.execute(
        "DELETE FROM acts
         WHERE at < ifnull(?1, at) OR sequence <= (SELECT ifnull(max(sequence), 0) FROM acts) - ?2",
        params![cutoff, ACTS_MAX],
    )?;
    Ok(())
}

fn fact_name(name: &str) -> String {
    format!("fact:{name}")
}

fn bounded(value: &str) -> &str {
    let mut end = value.len().min(FACT_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    value.get(..end).unwrap_or_default()
}
