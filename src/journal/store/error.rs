//! What can go wrong with the journal, and what to do about it.

use crate::journal::record::PickupId;
use crate::journal::rules::Illegal;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why the journal did not do what it was asked.
#[derive(Debug, Error)]
pub enum JournalError {
    /// A step that does not follow from what is on record; nothing of its transaction was kept.
    #[error("journal: pickup {pickup}: {why}")]
    Illegal {
        /// Whose step.
        pickup: PickupId,
        /// Why not.
        why: Illegal,
    },
    /// Neither a pickup nor a claim reference.
    #[error("journal: no pickup and no claim reference {0} is on record")]
    NoSuchPickup(String),
    /// Another process has the journal.
    #[error("journal: {path} is held by {holder}: one process at a time; end it, or go through it")]
    Locked {
        /// The lock.
        path: PathBuf,
        /// Who holds it, as it wrote there itself.
        holder: String,
    },
    /// No space on the disk, or the journal has reached its largest size; nothing was recorded.
    #[error("journal: no space left for {path}: free some, or lower [journal] keep_days or keep_mib")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The database is damaged and was set aside; nothing is recorded until a technician starts a new one.
    #[error(
        "journal: damaged and set aside as {set_aside} ({why}): keep that file, find out from it and from \
         the site what is owed, then start a new one: pickup-kiosk journal start-new"
    )]
    Corrupt {
        /// Where it is now.
        set_aside: PathBuf,
        /// What was found.
        why: String,
    },
    /// There was a database in this directory and there is none.
    #[error(
        "journal: {path} is gone, although there was one: bring it back, or start a new one: \
         pickup-kiosk journal start-new"
    )]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Written by a newer version of this program.
    #[error(
        "journal: {path} has schema {found}, this version knows {known}: install the newer version again"
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest this version knows.
        known: i64,
    },
    /// There is nothing that a new journal would replace.
    #[error("journal: {path} is in order: a new one is started only after a damaged one was set aside")]
    NothingToReplace {
        /// The database.
        path: PathBuf,
    },
    /// A file or directory beside the database.
    #[error("journal: cannot {act} {path}: {source}")]
    File {
        /// What was tried.
        act: &'static str,
        /// With which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The key file has another length than this program wrote.
    #[error("journal: {path} is not a key of 32 bytes: bring it back from a copy, or delete it")]
    BadKey {
        /// Which.
        path: PathBuf,
    },
    /// Every claim reference tried is in use.
    #[error("journal: no claim reference is free: lower [journal] keep_days")]
    NoClaimFree,
    /// No randomness from the system.
    #[error("journal: the system gives no random numbers: {0}")]
    NoChance(getrandom::Error),
    /// The database is damaged; turned into [`Self::Corrupt`] before anyone else sees it.
    #[error("journal: the database is damaged: {0}")]
    Damaged(String),
    /// Anything else SQLite says.
    #[error("journal: {0}: check the disk and the file system")]
    Database(String),
}

impl JournalError {
    /// An error about one file.
    pub(super) fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { act, path, source }
    }

    /// What SQLite said of this database.
    pub(super) fn of(path: &Path) -> impl Fn(rusqlite::Error) -> Self {
        let path = path.to_owned();
        move |error| match &error {
            rusqlite::Error::SqliteFailure(cause, _) => match cause.code {
                ErrorCode::DiskFull => Self::Full { path: path.clone() },
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(error.to_string()),
                _ => Self::Database(error.to_string()),
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::Damaged(error.to_string()),
            _ => Self::Database(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::of(Path::new("journal.db"))(error)
    }
}
