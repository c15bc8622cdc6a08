//! Tables of the database, and how it is made and opened.

use super::error::FileOperation;
use super::files::{Files, remove_if_there};
use super::salvage::Lost;
use super::{JournalError, salvaged};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Schema that this version writes: `PRAGMA user_version`.
pub(super) const SCHEMA: i64 = 3;

/// Mark of a journal of this program: `PRAGMA application_id`, "PKJ1".
const APPLICATION: i64 = 0x504B_4A31;

/// Page size in bytes. Small: a step changes a few rows, and every page touched is written whole.
const PAGE_BYTES: u32 = 1024;

/// Number of statements kept compiled: every form a pickup needs; most updates name few columns, so each has several.
const STATEMENTS: usize = 64;

/// Tables since version 1 of the schema. Times are milliseconds since 1970 UTC, days are business days since
/// 1970-01-01.
///
/// Partial indexes on what is unresolved keep start and recall as fast with a million pickups as with none. Every index
/// costs a page a step that touches it: what few questions need is worked out.
const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE bookings (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  id_hash BLOB,                     -- HMAC-SHA256 of the ID; null once forgotten
  issue TEXT NOT NULL CHECK (issue IN ('asked', 'issued', 'released')),
  ever_issued INTEGER NOT NULL,
  unanswered INTEGER NOT NULL,
  report TEXT NOT NULL CHECK (report IN ('none', 'due', 'due_sent', 'done', 'refused')),
  claim INTEGER,
  last_step INTEGER NOT NULL,
  last_session INTEGER NOT NULL,
  open INTEGER NOT NULL             -- unresolved: a seat uncertain or owed here, or a report not through
);
CREATE INDEX bookings_number ON bookings (number);
CREATE INDEX bookings_id ON bookings (id_hash, last_session) WHERE id_hash IS NOT NULL;
CREATE INDEX bookings_claim ON bookings (claim) WHERE claim IS NOT NULL;
CREATE INDEX bookings_open ON bookings (id) WHERE open;

CREATE TABLE seats (
  id INTEGER PRIMARY KEY,
  booking INTEGER NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
  session_code TEXT NOT NULL,
  seat_code TEXT NOT NULL,
  name TEXT NOT NULL,
  film_code TEXT NOT NULL,
  film_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('reserved', 'printing', 'printed', 'uncertain', 'reprinted', 'handed_over', 'void')),
  reprint_of TEXT CHECK (reprint_of IN ('reserved', 'uncertain')),
  reprints INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_day INTEGER NOT NULL,
  UNIQUE (booking, session_code, seat_code)
);
CREATE INDEX seats_day ON seats (changed_day);

-- What a ticket is printed from, until its seat is settled.
CREATE TABLE contents (
  seat INTEGER PRIMARY KEY REFERENCES seats (id) ON DELETE CASCADE,
  ticket TEXT NOT NULL
);

CREATE TABLE pickups (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  started_at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER,
  booking INTEGER REFERENCES bookings (id),
  tie TEXT CHECK (tie IN ('recognised', 'attempt')),
  outcome TEXT,
  claim INTEGER,
  duration_ms INTEGER
);
CREATE INDEX pickups_booking ON pickups (booking) WHERE booking IS NOT NULL;
CREATE INDEX pickups_claim ON pickups (claim) WHERE claim IS NOT NULL;
CREATE INDEX pickups_unfinished ON pickups (sequence) WHERE outcome IS NULL;
CREATE INDEX pickups_day ON pickups (day);

-- The story: the pickup's sequence times 2^20 plus a count, so that it needs no index. Order is by
-- sequence, whatever the clock did.
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
);

-- Well-formed codes that were refused.
CREATE TABLE refusals (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  number INTEGER,
  id_alone INTEGER NOT NULL
);
CREATE INDEX refusals_number ON refusals (day, number) WHERE number IS NOT NULL;
CREATE INDEX refusals_id_alone ON refusals (day) WHERE id_alone;
";

/// Table of the audit log; since version 2 of the schema.
const ACTS: &str = "
CREATE TABLE acts (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  who TEXT NOT NULL,
  surface TEXT NOT NULL,
  what TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL
);
";

/// Table of the bookings read of a lost journal; since version 3 of the schema. `found`: in which of its tables.
const SALVAGED: &str = "
CREATE TABLE salvaged (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  found TEXT NOT NULL CHECK (found IN ('bookings', 'pickups')),
  id_hash BLOB,
  last_session INTEGER
);
CREATE INDEX salvaged_number ON salvaged (number);
";

/// SQL that each version added to the one before, from version 2 on.
const STEPS: [(i64, &str); 2] = [(2, ACTS), (3, SALVAGED)];

/// Creates an empty database beside its name and renames it when it is whole and synced. It holds the list of a journal
/// that was lost.
pub(super) fn create(files: &Files, kiosk_id: &str, lost: &[Lost]) -> Result<(), JournalError> {
    let draft = files.draft();
    for end in ["", "-wal", "-journal", "-shm"] {
        remove_if_there(&files.dir().join(format!("journal.db.new{end}")))?;
    }
    let opened = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&draft);
    let file = opened.map_err(JournalError::file(FileOperation::Create, &draft))?;
    fill(&draft, kiosk_id, lost).map_err(JournalError::of(&draft))?;
    file.sync_all().map_err(JournalError::file(FileOperation::Sync, &draft))?;
    files.put_in_place(&draft, &files.database())
}

fn fill(draft: &Path, kiosk_id: &str, lost: &[Lost]) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(draft, flags())?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    connection.pragma_update(None, "user_version", SCHEMA)?;
    connection.execute_batch(&format!("BEGIN; {TABLES} {ACTS} {SALVAGED}"))?;
    connection.execute("INSERT INTO meta VALUES ('kiosk', ?1)", [kiosk_id])?;
    salvaged::keep(&connection, lost)?;
    connection.execute_batch("COMMIT;")?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.close().map_err(|(_, error)| error)
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Opens the database and looks at its header only.
pub(super) fn open(files: &Files, largest_mib: u32) -> Result<Connection, JournalError> {
    let path = files.database();
    let of = JournalError::of(&path);
    let empty = File::open(&path).and_then(|file| file.metadata()).map(|data| data.len() == 0);
    if empty.map_err(JournalError::file(FileOperation::Open, &path))? {
        return Err(JournalError::Damaged("the file is empty".into()));
    }
    let connection = Connection::open_with_flags(&path, flags()).map_err(&of)?;
    set_up(&connection, largest_mib).map_err(&of)?;
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(&of)?;
    let found = pragma("user_version").map_err(&of)?;
    if application != APPLICATION || found < 1 {
        return Err(JournalError::Damaged("the file is no journal".into()));
    }
    if found > SCHEMA {
        return Err(JournalError::NewerSchema { path: path.clone(), found, known: SCHEMA });
    }
    if found < SCHEMA {
        // One transaction: a power cut leaves the old version or the new one.
        let steps = STEPS.iter().filter(|(version, _)| *version > found).map(|(_, step)| *step);
        let steps = steps.collect::<String>();
        let step = format!("BEGIN IMMEDIATE; {steps} PRAGMA user_version = {SCHEMA}; COMMIT;");
        connection.execute_batch(&step).map_err(&of)?;
    }
    Ok(connection)
}

/// Sets a connection up: one sync a transaction, checkpoints apart, when nobody waits. One owner: no shared memory.
fn set_up(connection: &Connection, largest_mib: u32) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", 0, |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -2048)?;
    let pages = i64::from(largest_mib) * 1024 * 1024 / i64::from(PAGE_BYTES);
    connection.pragma_update_and_check(None, "max_page_count", pages.max(64), |_| Ok(()))
}
