//! The journal's own thread: its syncs block, the event loop must not.

use crate::journal::record::{Entry, Recall};
use crate::journal::store::{Journal, JournalError};
use crate::locale::{Text, display_text};
use crate::ticket::{BookingId, BookingNumber};
use jiff::Timestamp;
use std::io;
use std::thread;
use tokio::sync::{mpsc, oneshot};

type Job = Box<dyn FnOnce(&mut Journal) + Send>;

/// Jobs that may wait; more make the asker wait.
const WAITING_MAX: usize = 16;

/// The way to the journal. It ends with its last handle.
#[derive(Debug, Clone)]
pub struct JournalThread {
    jobs: mpsc::Sender<Job>,
}

/// The journal's thread is gone: the process has to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct Gone;

display_text!(Gone);

impl Gone {
    /// The reason in both languages.
    pub fn text(self) -> Text {
        Text::new("取票记录的线程已结束", "the journal's thread has ended")
    }
}

impl JournalThread {
    /// Hands the journal to a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut journal: Journal) -> io::Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING_MAX);
        thread::Builder::new().name("journal".into()).spawn(move || {
            while let Some(job) = waiting.blocking_recv() {
                job(&mut journal);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Does something with the journal, in turn.
    ///
    /// # Errors
    /// When its thread has ended.
    pub async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Journal) -> T + Send + 'static,
    ) -> Result<T, Gone> {
        let (answer, wait) = oneshot::channel();
        let job: Job = Box::new(move |journal| {
            // Nobody waits any more: then the work was still worth doing.
            let _ = answer.send(work(journal));
        });
        self.jobs.send(job).await.map_err(|_| Gone)?;
        wait.await.map_err(|_| Gone)
    }

    /// Puts entries on record; they come back.
    ///
    /// # Errors
    /// When its thread has ended; inside, when the journal fails.
    pub async fn append(&self, entries: Vec<Entry>) -> Result<Result<Vec<Entry>, JournalError>, Gone> {
        self.with(move |journal| journal.append(&entries).map(|()| entries)).await
    }

    /// Looks a booking up; a disk that is nearly full refuses here, before anything is issued.
    ///
    /// # Errors
    /// When its thread has ended; inside, when the journal fails.
    pub async fn recall(
        &self,
        number: Option<BookingNumber>,
        id: BookingId,
        now: Timestamp,
    ) -> Result<Result<Recall, JournalError>, Gone> {
        let look = move |journal: &mut Journal| {
            if !journal.has_space()? {
                return Err(journal.full());
            }
            journal.recall(number, &id, now)
        };
        self.with(look).await
    }
}
