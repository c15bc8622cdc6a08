//! Database of the journal while it is open: every use of it is watched for damage, and its log is bounded.

use super::JournalError;
use super::error::FileOperation;
use super::files::Files;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::cell::RefCell;
use std::path::PathBuf;

/// Number of log pages after which even a busy moment has to copy the log into the database: 4 MiB.
const LOG_PAGES: u64 = 4096;

/// The open database, and its files.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    files: Files,
    /// Path of the database set aside when it was found damaged while open, and the reason.
    lost: RefCell<Option<(PathBuf, String)>>,
}

impl Database {
    /// Takes the connection to these files' database.
    pub(super) fn new(files: Files, connection: Connection) -> Self {
        Self { connection, files, lost: RefCell::new(None) }
    }

    /// Runs `work`, which reads or writes the database; when that finds it damaged, sets it aside.
    pub(super) fn guard<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        if let Some((set_aside, why)) = self.lost.borrow().clone() {
            return Err(JournalError::Corrupt { set_aside, why });
        }
        match work(&self.connection) {
            Err(JournalError::Damaged(why)) => {
                // Closing must not write the log into what is to be kept as it was found.
                let kept = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
                kept.map_err(JournalError::of(&self.files.database()))?;
                let set_aside = self.files.set_aside(&why)?;
                *self.lost.borrow_mut() = Some((set_aside.clone(), why.clone()));
                Err(JournalError::Corrupt { set_aside, why })
            }
            Err(JournalError::Full { .. }) => Err(JournalError::Full { path: self.files.database() }),
            done => done,
        }
    }

    /// Checks every page of the database.
    ///
    /// # Errors
    /// [`JournalError::Corrupt`]: the database was found damaged and has been set aside.
    pub(super) fn check_integrity(&self) -> Result<(), JournalError> {
        self.guard(|connection| {
            let found = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0));
            match found("PRAGMA integrity_check(1)")?.as_str() {
                "ok" => Ok(()),
                damage => Err(JournalError::Damaged(damage.to_owned())),
            }
        })
    }

    /// Copies the log into the database and empties it.
    pub(super) fn checkpoint(&self) -> Result<(), JournalError> {
        self.guard(|connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })
    }

    /// Empties a log that nobody has emptied for long. What was recorded is on disk already: a checkpoint that fails
    /// does not undo it and is tried again.
    pub(super) fn bound_log(&self, connection: &Connection) {
        let length = std::fs::metadata(self.files.wal()).map_or(0, |data| data.len());
        if length > LOG_PAGES * 1024 {
            let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            if let Err(error) = emptied {
                log::warn!("journal: the log could not be emptied: {error}");
            }
        }
    }

    /// Returns the free space on the disk, in MiB.
    pub(super) fn free_mib(&self) -> Result<u64, JournalError> {
        let dir = self.files.dir();
        let stat = rustix::fs::statvfs(dir)
            .map_err(|errno| JournalError::file(FileOperation::Measure, dir)(errno.into()))?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize) / (1024 * 1024))
    }

    /// Returns the error of a disk with too little space.
    pub(super) fn full(&self) -> JournalError {
        JournalError::Full { path: self.files.dir().to_path_buf() }
    }
}
