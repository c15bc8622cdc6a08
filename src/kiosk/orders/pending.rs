//! The order or refund that is on its way, in a file of `state_dir`, so that whoever comes next takes it up; and the
//! record of how each ended.

use crate::vista::flow::{order, refund};
use jiff::Timestamp;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// The file of the order or refund on its way.
pub const PENDING: &str = "vista-pending.json";
/// The record of how each ended, a JSON object a line.
const RECORD: &str = "vista-orders.jsonl";
/// Held while one is on its way.
const LOCK: &str = "vista.lock";
/// The lock is tried so often: a kiosk that sees that nothing is left has it for a moment.
const LOCK_TRIES: u32 = 10;
/// Between two tries.
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// The longest pending file read, bytes: 255 seats have some thirty thousand.
const PENDING_MAX: u64 = 256 * 1024;

/// The order or refund on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// An order, by the state of its flow.
    Order(order::State),
    /// A refund, by the state of its flow.
    Refund {
        /// The state of its flow.
        state: refund::State,
        /// RefundReason.
        reason: String,
    },
}

impl Work {
    /// The end in one word, where it has ended.
    fn end(&self) -> serde_json::Value {
        match self {
            Self::Order(state) => json!(state.end()),
            Self::Refund { state, .. } => json!(state.end()),
        }
    }
}

/// The files, locked.
#[derive(Debug)]
pub struct Pending {
    folder: PathBuf,
    _lock: File,
}

impl Pending {
    /// Takes the lock; none when another process is at work with it.
    ///
    /// # Errors
    /// The folder.
    pub fn open(folder: &Path) -> io::Result<Option<Self>> {
        let lock = lock(folder)?;
        for _ in 0..LOCK_TRIES {
            match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Some(Self { folder: folder.to_owned(), _lock: lock })),
                Err(rustix::io::Errno::WOULDBLOCK) => thread::sleep(LOCK_PAUSE),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Takes the lock as soon as its holder lets go, or is gone.
    ///
    /// # Errors
    /// The folder.
    pub fn wait(folder: &Path) -> io::Result<Self> {
        let lock = lock(folder)?;
        rustix::io::retry_on_intr(|| flock(&lock, FlockOperation::LockExclusive))?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// Reads the order or refund that was left on its way.
    ///
    /// # Errors
    /// The file, or one that cannot be read.
    pub fn load(&self) -> io::Result<Option<Work>> {
        let file = match File::open(self.folder.join(PENDING)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(PENDING_MAX).read_to_end(&mut bytes)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            let path = self.folder.join(PENDING);
            let text = format!(
                "{} cannot be read ({error}); ask the cinema what became of its order, then remove the file",
                path.display()
            );
            io::Error::new(io::ErrorKind::InvalidData, text)
        })
    }

    /// Puts it on disk, before anything is done of it.
    ///
    /// # Errors
    /// The disk.
    pub fn save(&self, work: &Work) -> io::Result<()> {
        let path = self.folder.join(PENDING);
        let beside = self.folder.join("vista-pending.new");
        let mut file = private().write(true).truncate(true).open(&beside)?;
        file.write_all(&serde_json::to_vec(work)?)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        self.sync()
    }

    /// Writes down how it ended; then nothing is on its way any more.
    ///
    /// # Errors
    /// The disk.
    pub fn conclude(&self, work: &Work, at: Timestamp) -> io::Result<()> {
        let path = self.folder.join(RECORD);
        let mut file = private().append(true).open(&path)?;
        let line = json!({ "at": at, "end": work.end(), "what": work });
        writeln!(file, "{line}")?;
        file.sync_all()?;
        self.sync()?;
        fs::remove_file(self.folder.join(PENDING))?;
        self.sync()
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}

fn lock(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    private().write(true).truncate(false).open(folder.join(LOCK))
}

/// A file for its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::BookingNumber;
    use crate::vista::flow::Times;
    use crate::vista::refund_booking::Amount;

    fn work() -> Work {
        let amount = Amount { total_cents: 10_000, fee_cents: 0, with_fee: true };
        let number = BookingNumber::new(111_972).unwrap();
        let state = refund::State::new(number, amount, Times { count: 10, seconds: 60 });
        Work::Refund { state, reason: "Test".into() }
    }

    #[test]
    fn what_is_on_its_way_is_found_again_and_its_end_is_recorded() {
        let dir = tempfile::tempdir().unwrap();
        let pending = Pending::open(dir.path()).unwrap().unwrap();
        assert!(Pending::open(dir.path()).unwrap().is_none());
        assert_eq!(pending.load().unwrap(), None);
        pending.save(&work()).unwrap();
        drop(pending);
        let pending = Pending::open(dir.path()).unwrap().unwrap();
        assert_eq!(pending.load().unwrap(), Some(work()));
        pending.conclude(&work(), Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(pending.load().unwrap(), None);
        let record = fs::read_to_string(dir.path().join(RECORD)).unwrap();
        assert!(record.starts_with(r#"{"at":"1970-01-01T00:00:00Z","end":null"#), "{record}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        let pending = Pending::open(dir.path()).unwrap().unwrap();
        fs::write(dir.path().join(PENDING), "{").unwrap();
        let error = pending.load().unwrap_err().to_string();
        assert!(error.contains("vista-pending.json cannot be read"), "{error}");
        assert!(dir.path().join(PENDING).exists());
    }
}
