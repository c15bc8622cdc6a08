//! Journal on disk: SQLite, one owner, one sync a transaction.
//!
//! [`Journal::append`] returns when its entries are on disk; only then may the effect follow. The
//! [`rules`](super::rules) decide which step may follow which, not this module. The rest of the interface stands in its
//! children: recall, resolve, retention, the audit log; [`Records`] reads what is on record.

mod append;
mod audit_log;
mod content;
mod database;
mod error;
mod files;
mod key;
mod queries;
mod recall;
mod resolve;
mod retention;
mod rows;
mod salvage;
mod salvaged;
mod save;
mod schema;

pub use error::JournalError;
pub use queries::{Filter, Handle, Records};
pub use resolve::{Reprint, StaffDecision};
pub use retention::Tidied;
pub use salvage::Salvage;

use crate::config::settings::{JournalLimits, Settings};
use crate::journal::business_day::{BusinessDays, DayError};
use database::Database;
use files::Files;
use jiff::Timestamp;
use key::IdKey;
use rusqlite::Connection;
use std::fs::File;
use std::path::Path;

/// Settings that the journal needs.
#[derive(Debug, Clone)]
pub struct OpenSettings {
    /// ID of the kiosk: `[kiosk] id`.
    pub kiosk_id: String,
    /// Business days: `[pickup] business_day_start` in the cinema's time zone.
    pub days: BusinessDays,
    /// Limits of the journal: `[journal]`.
    pub limits: JournalLimits,
    /// Name of the process that opens the journal, for others who find the lock taken: `pickup-kiosk run`.
    pub owner: String,
}

impl OpenSettings {
    /// Takes the journal's settings from kiosk.toml.
    ///
    /// # Errors
    /// [`DayError`] when `business_day_start` or `timezone` cannot be read.
    pub fn new(settings: &Settings, owner: &str) -> Result<Self, DayError> {
        Ok(Self {
            kiosk_id: settings.kiosk.id.clone(),
            days: BusinessDays::new(&settings.cinema.timezone, &settings.pickup.business_day_start)?,
            limits: settings.journal.clone(),
            owner: owner.to_owned(),
        })
    }
}

/// Notice to staff after opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// `id-key` is not the one the IDs were hashed under: codes presented before are not recognised, and their owed
    /// seats can only be settled by claim reference.
    KeyLost,
}

/// Journal in `state_dir`. Sync; owned by one thread.
#[derive(Debug)]
pub struct Journal {
    database: Database,
    key: IdKey,
    days: BusinessDays,
    limits: JournalLimits,
    notices: Vec<Notice>,
    /// Sequence up to which retention has looked in this round.
    tidied_to: retention::Reached,
    _lock: File,
}

impl Journal {
    /// Opens the journal in `state_dir`, or makes it where there never was one. Looks at the header
    /// only; [`Self::check_integrity`] looks at all of it.
    ///
    /// # Errors
    /// [`JournalError::Locked`]; [`JournalError::Corrupt`], also at every later start until
    /// [`Self::start_new`]; [`JournalError::Missing`]; [`JournalError::NewerSchema`]; or what a file
    /// or SQLite says.
    pub fn open(state_dir: &Path, settings: OpenSettings) -> Result<Self, JournalError> {
        let files = Files::new(state_dir)?;
        let lock = files.lock(&settings.owner)?;
        if let Some((set_aside, why)) = files.set_aside_note()? {
            return Err(JournalError::Corrupt { set_aside, why });
        }
        if !files.database().exists() {
            if files.key().exists() || files.wal().exists() {
                return Err(JournalError::Missing { path: files.database() });
            }
            schema::create(&files, &settings.kiosk_id, &[])?;
        }
        Self::open_locked(files, lock, settings)
    }

    /// Returns true if there is a journal in `state_dir`, or what is left of one. Creates nothing.
    pub fn exists(state_dir: &Path) -> bool {
        let files = Files::at(state_dir);
        [files.database(), files.wal(), files.marker(), files.key()].iter().any(|path| path.exists())
    }

    /// Starts an empty journal after a damaged one was set aside or the database was lost: a technician's decision. The
    /// new journal keeps the list of bookings that can still be read of the lost one, page by page; [`Salvage`]
    /// describes it. `now`: the wall clock, right or wrong.
    ///
    /// # Errors
    /// [`JournalError::NothingToReplace`] when there is a journal in order; else as [`Self::open`].
    pub fn start_new(
        state_dir: &Path,
        settings: OpenSettings,
        now: Timestamp,
    ) -> Result<(Self, Salvage), JournalError> {
        let files = Files::new(state_dir)?;
        let lock = files.lock(&settings.owner)?;
        let noted = files.set_aside_note()?.map(|(set_aside, _)| set_aside);
        if noted.is_none() && files.database().exists() {
            return Err(JournalError::NothingToReplace { path: files.database() });
        }
        // These files are left behind by a crash half-way; a stray log would be taken for the new database's.
        let left = files.database().exists() || files.wal().exists();
        let lost = noted.iter().map(|set_aside| (set_aside.clone(), Files::log_of(set_aside)));
        let lost = lost.chain(left.then(|| (files.database(), files.wal()))).collect::<Vec<_>>();
        let (list, mut salvage) = salvage::read(&lost, now);
        salvage.file = noted;
        if left {
            let set_aside = files.set_aside("left behind when a new journal was started")?;
            salvage.file.get_or_insert(set_aside);
        }
        schema::create(&files, &settings.kiosk_id, &list)?;
        files.forget_set_aside()?;
        Ok((Self::open_locked(files, lock, settings)?, salvage))
    }

    fn open_locked(files: Files, lock: File, settings: OpenSettings) -> Result<Self, JournalError> {
        // A hard bound above the one that retention keeps: a quarter more, and 1 MiB.
        let largest = settings.limits.keep_mib.saturating_add(settings.limits.keep_mib / 4).saturating_add(1);
        let opened = schema::open(&files, largest).and_then(|connection| {
            let (key, notices) = find_key(&files, &connection)?;
            Ok((connection, key, notices))
        });
        match opened {
            Ok((connection, key, notices)) => Ok(Self {
                database: Database::new(files, connection),
                key,
                days: settings.days,
                limits: settings.limits,
                notices,
                tidied_to: retention::Reached::default(),
                _lock: lock,
            }),
            Err(JournalError::Damaged(why)) => {
                let set_aside = files.set_aside(&why)?;
                Err(JournalError::Corrupt { set_aside, why })
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the notices to staff.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Returns the cinema's business days.
    pub fn days(&self) -> &BusinessDays {
        &self.days
    }

    /// Returns the free space on the journal's disk, in MiB.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn free_mib(&self) -> Result<u64, JournalError> {
        self.database.free_mib()
    }

    /// Returns true if there is space enough to issue: not less than `[journal] free_mib`.
    ///
    /// # Errors
    /// As [`Self::free_mib`].
    pub fn has_space(&self) -> Result<bool, JournalError> {
        Ok(self.free_mib()? >= u64::from(self.limits.free_mib))
    }

    /// Returns the error of a disk with too little space, before it fills up.
    pub fn full(&self) -> JournalError {
        self.database.full()
    }

    /// Checks every page of the database: for the night, when nobody waits.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`]: the database was found damaged and has been set aside.
    pub fn check_integrity(&self) -> Result<(), JournalError> {
        self.database.check_integrity()
    }

    /// Returns the reading side: lists, one pickup, a booking's timeline, a day slip, the audit log.
    pub fn records(&self) -> Records<'_> {
        Records::of(&self.database, &self.days)
    }
}

/// Reads the key of this database; where it is lost, creates a new one for the IDs to come.
fn find_key(files: &Files, connection: &Connection) -> Result<(IdKey, Vec<Notice>), JournalError> {
    let known = rows::meta(connection, "key_check")?;
    let key = match IdKey::read(files)? {
        Some(key) => key,
        None => IdKey::create(files)?,
    };
    if known.as_deref() == Some(key.check().as_slice()) {
        return Ok((key, Vec::new()));
    }
    rows::set_meta(connection, "key_check", &key.check())?;
    let notices = if known.is_some() { vec![Notice::KeyLost] } else { Vec::new() };
    Ok((key, notices))
}
