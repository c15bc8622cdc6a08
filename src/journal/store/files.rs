//! Files of the journal: the lock, complete-or-absent writing, setting aside.

use super::JournalError;
use super::error::FileOperation;
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Largest part of a lock or marker file that is read, in bytes.
const NOTE_BYTES: u64 = 1024;

/// Paths of the journal's files.
#[derive(Debug, Clone)]
pub(super) struct Files {
    dir: PathBuf,
}

impl Files {
    /// Takes this directory; creates it (mode 0700) where there is none.
    pub(super) fn new(dir: &Path) -> Result<Self, JournalError> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(JournalError::file(FileOperation::Create, dir))?;
        Ok(Self::at(dir))
    }

    /// Takes this directory, which may not be there.
    pub(super) fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn database(&self) -> PathBuf {
        self.dir.join("journal.db")
    }

    pub(super) fn wal(&self) -> PathBuf {
        self.dir.join("journal.db-wal")
    }

    /// Returns the path of a database in the making.
    pub(super) fn draft(&self) -> PathBuf {
        self.dir.join("journal.db.new")
    }

    pub(super) fn key(&self) -> PathBuf {
        self.dir.join("id-key")
    }

    fn lock_path(&self) -> PathBuf {
        self.dir.join("lock")
    }

    /// Returns the path of the marker: it stands as long as a damaged database is set aside and no new one started.
    pub(super) fn marker(&self) -> PathBuf {
        self.dir.join("journal.set-aside")
    }

    /// Takes the directory's lock for this process; the lock goes with the file handle, also at a crash.
    pub(super) fn lock(&self, owner: &str) -> Result<File, JournalError> {
        let path = self.lock_path();
        let open =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
        let mut file = open.map_err(JournalError::file(FileOperation::Open, &path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let note = read_note(&mut file);
                let owner = if note.is_empty() { "another process".to_owned() } else { note };
                return Err(JournalError::Locked { path, owner });
            }
            Err(errno) => return Err(JournalError::file(FileOperation::Lock, &path)(errno.into())),
        }
        let note = format!("{owner}, process {}", std::process::id());
        let written = file.set_len(0).and_then(|()| file.write_all(note.as_bytes()));
        written.map_err(JournalError::file(FileOperation::Write, &path))?;
        Ok(file)
    }

    /// Returns the path of what was set aside and the reason, if that still stands.
    pub(super) fn set_aside_note(&self) -> Result<Option<(PathBuf, String)>, JournalError> {
        let path = self.marker();
        match File::open(&path) {
            Ok(mut file) => {
                let note = read_note(&mut file);
                let (name, why) = note.split_once('\n').unwrap_or((note.as_str(), ""));
                Ok(Some((self.dir.join(name), why.to_owned())))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(JournalError::file(FileOperation::Read, &path)(error)),
        }
    }

    /// Renames the damaged database with its log, never overwriting anything, and leaves the marker,
    /// first of all: a crash in between must not begin an empty journal.
    pub(super) fn set_aside(&self, why: &str) -> Result<PathBuf, JournalError> {
        let stamp = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let free = (0..1000).map(|n| match n {
            0 => format!("journal.damaged-{stamp}.db"),
            n => format!("journal.damaged-{stamp}-{n}.db"),
        });
        let name = free.into_iter().find(|name| !self.dir.join(name).exists());
        let name = name.unwrap_or_else(|| format!("journal.damaged-{stamp}-last.db"));
        let target = self.dir.join(&name);
        let why = why.replace('\n', " ");
        self.write_whole(&self.marker(), format!("{name}\n{why}").as_bytes())?;
        let log = Self::log_of(&target);
        for (from, to) in [(self.wal(), log), (self.database(), target.clone())] {
            if from.exists() {
                fs::rename(&from, &to).map_err(JournalError::file(FileOperation::Rename, &from))?;
            }
        }
        self.sync_dir()?;
        Ok(target)
    }

    /// Returns the path of the log of a database that was set aside.
    pub(super) fn log_of(set_aside: &Path) -> PathBuf {
        let mut log = set_aside.as_os_str().to_owned();
        log.push("-wal");
        log.into()
    }

    /// Removes the marker, when a new journal is wanted; what was set aside stays.
    pub(super) fn forget_set_aside(&self) -> Result<(), JournalError> {
        let path = self.marker();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(JournalError::file(FileOperation::Remove, &path)(error))
            }
            _ => self.sync_dir(),
        }
    }

    /// Writes a file (mode 0600) so that after any crash it is complete or as it was.
    pub(super) fn write_whole(&self, path: &Path, content: &[u8]) -> Result<(), JournalError> {
        let draft = path.with_extension("new");
        remove_if_there(&draft)?;
        let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
        let mut file = open.map_err(JournalError::file(FileOperation::Create, &draft))?;
        let written = file.write_all(content).and_then(|()| file.sync_all());
        written.map_err(JournalError::file(FileOperation::Write, &draft))?;
        self.put_in_place(&draft, path)
    }

    /// Renames a synced draft to its name, durably.
    pub(super) fn put_in_place(&self, draft: &Path, path: &Path) -> Result<(), JournalError> {
        fs::rename(draft, path).map_err(JournalError::file(FileOperation::Rename, draft))?;
        self.sync_dir()
    }

    fn sync_dir(&self) -> Result<(), JournalError> {
        let synced = File::open(&self.dir).and_then(|dir| dir.sync_all());
        synced.map_err(JournalError::file(FileOperation::Sync, &self.dir))
    }
}

/// Removes a file, which may not be there.
pub(super) fn remove_if_there(path: &Path) -> Result<(), JournalError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(JournalError::file(FileOperation::Remove, path)(error))
        }
        _ => Ok(()),
    }
}

fn read_note(file: &mut File) -> String {
    let mut bytes = Vec::new();
    if file.take(NOTE_BYTES).read_to_end(&mut bytes).is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}
