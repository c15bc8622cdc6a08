//! Errors of the journal, and what to do about them.

use crate::journal::record::PickupId;
use crate::journal::rules::Illegal;
use crate::locale::{Text, display_text, system_error, text};
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Reason for which the journal did not do what it was asked.
#[derive(Debug, Error)]
pub enum JournalError {
    /// A step that does not follow from what is on record; nothing of its transaction was kept.
    Illegal {
        /// The pickup of the step.
        pickup: PickupId,
        /// Reason for the refusal.
        why: Illegal,
    },
    /// The handle is neither a pickup's ID nor a claim reference.
    NoSuchPickup(String),
    /// Another process has the journal.
    Locked {
        /// Path of the lock file.
        path: PathBuf,
        /// Owner of the lock, as it wrote there itself.
        owner: String,
    },
    /// The disk has no space, or the journal has reached its largest size; nothing was recorded.
    Full {
        /// Path of the database, or of its directory.
        path: PathBuf,
    },
    /// The database is damaged and was set aside; nothing is recorded until a technician starts a new one.
    Corrupt {
        /// Path of the damaged database.
        set_aside: PathBuf,
        /// Damage that was found.
        why: String,
    },
    /// The database is gone, although there was one in this directory.
    Missing {
        /// Path where the database should be.
        path: PathBuf,
    },
    /// The database was written by a newer version of this program.
    NewerSchema {
        /// Path of the database.
        path: PathBuf,
        /// Schema of the database.
        found: i64,
        /// Newest schema that this version knows.
        known: i64,
    },
    /// There is nothing that a new journal would replace.
    NothingToReplace {
        /// Path of the database.
        path: PathBuf,
    },
    /// The system refused an operation on a file or directory.
    File {
        /// Operation that was tried.
        act: FileOperation,
        /// Path of the file or directory.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// The key file has another length than this program wrote.
    BadKey {
        /// Path of the key file.
        path: PathBuf,
    },
    /// Every claim reference tried is in use.
    NoClaimFree,
    /// The system gives no random numbers.
    NoChance(getrandom::Error),
    /// The database is damaged; turned into [`Self::Corrupt`] before anyone else sees it.
    Damaged(String),
    /// SQLite says anything else.
    Database(String),
}

display_text!(JournalError);

/// Operation on a file or directory of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileOperation {
    /// Making of a file or directory.
    Create,
    /// Opening of a file.
    Open,
    /// Reading of a file.
    Read,
    /// Writing of a file.
    Write,
    /// Transfer of what was written onto the disk.
    Sync,
    /// Locking against other processes.
    Lock,
    /// Renaming of a file.
    Rename,
    /// Removal of a file.
    Remove,
    /// Measuring of the free space.
    Measure,
}

impl FileOperation {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Create => ("新建", "create"),
            Self::Open => ("打开", "open"),
            Self::Read => ("读取", "read"),
            Self::Write => ("写入", "write"),
            Self::Sync => ("写入磁盘", "sync"),
            Self::Lock => ("锁定", "lock"),
            Self::Rename => ("改名", "rename"),
            Self::Remove => ("删除", "remove"),
            Self::Measure => ("查询剩余空间", "measure"),
        }
    }
}

impl JournalError {
    /// Returns the reason, and what to do, in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Illegal { pickup, why } => {
                text!("取票记录：取票 {pickup}：{why:#}", "journal: pickup {pickup}: {why}")
            }
            Self::NoSuchPickup(handle) => text!(
                "取票记录：没有取票 {handle}，也没有这个领取编号",
                "journal: no pickup and no claim reference {handle} is on record"
            ),
            Self::Locked { path, owner } => text!(
                "取票记录：{0} 正被 {owner} 使用：同时只能有一个进程；请先结束它，或通过它操作",
                "journal: {0} is held by {owner}: one process at a time; end it, or go through it",
                path.display()
            ),
            Self::Full { path } => text!(
                "取票记录：{0} 没有剩余空间：请清理磁盘，或减小 [journal] keep_days 或 keep_mib",
                "journal: no space left for {0}: free some, or lower [journal] keep_days or keep_mib",
                path.display()
            ),
            Self::Corrupt { set_aside, why } => text!(
                "取票记录：已损坏，已另存为 {0}（{why}）：请保留该文件，由它和取票服务查明未出的票，然后新建：pickup-kiosk \
                 journal start-new",
                "journal: damaged and set aside as {0} ({why}): keep that file, find out from it and from the \
                 site what is owed, then start a new one: pickup-kiosk journal start-new",
                set_aside.display()
            ),
            Self::Missing { path } => text!(
                "取票记录：{0} 以前有，现在不见了：请放回，或新建：pickup-kiosk journal start-new",
                "journal: {0} is gone, although there was one: bring it back, or start a new one: pickup-kiosk \
                 journal start-new",
                path.display()
            ),
            Self::NewerSchema { path, found, known } => text!(
                "取票记录：{0} 的格式版本为 {found}，本版本只到 {known}：请重新安装较新的版本",
                "journal: {0} has schema {found}, this version knows {known}: install the newer version again",
                path.display()
            ),
            Self::NothingToReplace { path } => text!(
                "取票记录：{0} 正常：只有损坏并另存之后才新建",
                "journal: {0} is in order: a new one is started only after a damaged one was set aside",
                path.display()
            ),
            Self::File { act, path, source } => {
                let ((zh, en), path, source) = (act.words(), path.display(), system_error(source));
                text!("取票记录：无法{zh} {path}：{source:#}", "journal: cannot {en} {path}: {source}")
            }
            Self::BadKey { path } => text!(
                "取票记录：{0} 不是 32 字节的密钥：请从备份恢复，或删除",
                "journal: {0} is not a key of 32 bytes: bring it back from a copy, or delete it",
                path.display()
            ),
            Self::NoClaimFree => Text::new(
                "取票记录：没有空闲的领取编号：请减小 [journal] keep_days",
                "journal: no claim reference is free: lower [journal] keep_days",
            ),
            Self::NoChance(error) => text!(
                "取票记录：系统不给随机数：{error}",
                "journal: the system gives no random numbers: {error}"
            ),
            Self::Damaged(why) => {
                text!("取票记录：数据库已损坏：{why}", "journal: the database is damaged: {why}")
            }
            Self::Database(why) => text!(
                "取票记录：{why}：请检查磁盘和文件系统",
                "journal: {why}: check the disk and the file system"
            ),
        }
    }

    /// Returns an error about one file.
    pub(super) fn file(act: FileOperation, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
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
