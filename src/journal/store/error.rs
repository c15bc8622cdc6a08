//! Errors of the journal, and what to do about them.

use crate::journal::record::PickupId;
use crate::journal::rules::Illegal;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Reason for which the journal did not do what it was asked.
#[derive(Debug, Error)]
pub enum JournalError {
    /// A step that does not follow from what is on record; nothing of its transaction was kept.
    #[error("journal: pickup {pickup}: {why}")]
    Illegal {
        /// The pickup of the step.
        pickup: PickupId,
        /// Reason for the refusal.
        why: Illegal,
    },
    /// The handle is neither a pickup's ID nor a claim reference.
    #[error("journal: no pickup and no claim reference {0} is on record")]
    NoSuchPickup(String),
    /// Another process has the journal.
    #[error("journal: {path} is held by {holder}: one process at a time; end it, or go through it")]
    Locked {
        /// Path of the lock file.
        path: PathBuf,
        /// Holder of the lock, as it wrote there itself.
        holder: String,
    },
    /// The disk has no space, or the journal has reached its largest size; nothing was recorded.
    #[error("journal: no space left for {path}: free some, or lower [journal] keep_days or keep_mib")]
    Full {
        /// Path of the database, or of its directory.
        path: PathBuf,
    },
    /// The database is damaged and was set aside; nothing is recorded until a technician starts a new one.
    #[error(
        "journal: damaged and set aside as {set_aside} ({why}): keep that file, find out from it and from \
         the site what is owed, then start a new one: pickup-kiosk journal start-new"
    )]
    Corrupt {
        /// Path of the damaged database.
        set_aside: PathBuf,
        /// Damage that was found.
        why: String,
    },
    /// The database is gone, although there was one in this directory.
    #[error(
        "journal: {path} is gone, although there was one: bring it back, or start a new one: \
         pickup-kiosk journal start-new"
    )]
    Missing {
        /// Path where the database should be.
        path: PathBuf,
    },
    /// The database was written by a newer version of this program.
    #[error(
        "journal: {path} has schema {found}, this version knows {known}: install the newer version again"
    )]
    NewerSchema {
        /// Path of the database.
        path: PathBuf,
        /// Schema of the database.
        found: i64,
        /// Newest schema that this version knows.
        known: i64,
    },
    /// There is nothing that a new journal would replace.
    #[error("journal: {path} is in order: a new one is started only after a damaged one was set aside")]
    NothingToReplace {
        /// Path of the database.
        path: PathBuf,
    },
    /// The system refused an operation on a file or directory.
    #[error("journal: cannot {act} {path}: {source}")]
    File {
        /// Operation that was tried.
        act: &'static str,
        /// Path of the file or directory.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// The key file has another length than this program wrote.
    #[error("journal: {path} is not a key of 32 bytes: bring it back from a copy, or delete it")]
    BadKey {
        /// Path of the key file.
        path: PathBuf,
    },
    /// Every claim reference tried is in use.
    #[error("journal: no claim reference is free: lower [journal] keep_days")]
    NoClaimFree,
    /// The system gives no random numbers.
    #[error("journal: the system gives no random numbers: {0}")]
    NoChance(getrandom::Error),
    /// The database is damaged; turned into [`Self::Corrupt`] before anyone else sees it.
    #[error("journal: the database is damaged: {0}")]
    Damaged(String),
    /// SQLite says anything else.
    #[error("journal: {0}: check the disk and the file system")]
    Database(String),
}

impl JournalError {
    /// Returns an error about one file.
    pub(super) fn file(act: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { act, path, source }
    }

    /// Returns the error for what SQLite said of this database.
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
