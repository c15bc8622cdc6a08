//! The ticket printer: one owner, which alone writes to it and reads from it.
//!
//! `connection` (the configured way to it) → `thread` (carries bytes and time) between `transport` (the open
//! connection) and `session` (decides what is sent and what is believed). `status` parses its replies, `conditions`
//! names its faults and states, `timing` holds every limit.

pub mod conditions;
pub mod connection;
pub mod session;
pub mod status;
mod thread;
pub mod timing;
mod transport;

use crate::receipt::profile::Profile;
use conditions::{Condition, Conditions};
use connection::ConnectionSpec;
use rustix::event::{EventfdFlags, eventfd};
use rustix::fd::OwnedFd;
use session::command::IDENTIFIERS;
use session::status_snapshot::Raw;
use session::{Presenting, PrintResult, PrinterSession, ProfileMismatch};

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;
use thread::{Owner, Request};
use transport::Opener;
pub use transport::UsbPlaces;

/// Largest number of requests that wait for the owner; each is answered at once, so more than one is a mistake.
const REQUESTS_MAX: usize = 8;

/// Time limit of `stop` for the owner to end; an owner that is still opening a connection is left behind.
const STOP: Duration = Duration::from_secs(1);

/// Event of the owner. It is sent from the owner's thread: the receiver must not block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterEvent {
    /// The conditions have changed; the empty set means ready.
    ConditionsChanged(Conditions),
    /// The conditions at this moment: the answer to [`PrinterHandle::look`].
    Looked(Conditions),
    /// The printer has been identified; once per connection, before it is ready.
    Identified {
        /// Name of the model, if the printer tells it.
        model: Option<String>,
        /// True if the printer is simulated: sample tickets may carry their real code.
        is_virtual: bool,
    },
    /// The printer is not as its profile says; each mismatch once per connection.
    Mismatch(ProfileMismatch),
    /// A ticket has its result; exactly once for each ticket that [`PrinterHandle::print`] took.
    Printed {
        /// Number of the ticket, as `print` returned it.
        job: u64,
        /// Result of the ticket.
        result: PrintResult,
    },
}

/// Reason why a request was not taken; not a byte of its ticket was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrintRefused {
    /// The ticket is longer than [`timing::TICKET_MAX_BYTES`].
    #[error("a ticket of {bytes} bytes is longer than any printer gets ({max}); shorten its layout", max = timing::TICKET_MAX_BYTES)]
    TooLong {
        /// Length of the ticket, in bytes.
        bytes: usize,
    },
    /// Too many requests wait for the owner.
    #[error("too many tickets wait for the printer")]
    Busy,
    /// The owner has ended.
    #[error("the printer's owner has ended")]
    Stopped,
}

/// State that handle and thread share.
struct Shared {
    wake: OwnedFd,
    stop: AtomicBool,
    is_virtual: AtomicBool,
    conditions: Mutex<Conditions>,
    raw: Mutex<Raw>,
}

impl Shared {
    fn set_raw(&self, raw: Raw) {
        *self.raw.lock().unwrap_or_else(PoisonError::into_inner) = raw;
    }

    fn set_conditions(&self, conditions: Conditions) {
        *self.conditions.lock().unwrap_or_else(PoisonError::into_inner) = conditions;
    }

    fn wake(&self) {
        // The write fails only if a wake-up is already pending.
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    fn clear_wake(&self) {
        // The read fails only if there is nothing to clear.
        let _ = rustix::io::read(&self.wake, &mut [0; 8]);
    }
}

/// Handle of the printer's owner; dropping it stops the owner.
pub struct PrinterHandle {
    requests: Option<SyncSender<Request>>,
    shared: Arc<Shared>,
    next_job: AtomicU64,
    ended: Receiver<()>,
}

impl std::fmt::Debug for PrinterHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrinterHandle").field("conditions", &self.status()).finish_non_exhaustive()
    }
}

/// Settings of the site for its printer, and the folders of USB devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// True if a ticket that nobody takes from a presenter is retracted; otherwise it is dropped in front.
    pub retract: bool,
    /// Time after which a ticket in the presenter counts as not taken.
    pub patience: Duration,
    /// Folders in which the kernel shows USB printers.
    pub usb: UsbPlaces,
}

impl Default for Options {
    fn default() -> Self {
        Self { retract: true, patience: Duration::from_secs(30), usb: UsbPlaces::default() }
    }
}

/// Starts the owner as [`start_with`] does, with default options.
///
/// # Errors
/// Fails as [`start_with`] does.
pub fn start(
    spec: ConnectionSpec,
    profile: &Profile,
    events: impl FnMut(PrinterEvent) + Send + 'static,
) -> io::Result<PrinterHandle> {
    start_with(spec, profile, Options::default(), events)
}

/// Starts the owner: it connects, inspects the printer, and keeps the connection up.
///
/// # Errors
/// Fails if the system gives no thread, no descriptor or no random number. A printer that can't be reached is no error
/// but a condition.
pub fn start_with(
    spec: ConnectionSpec,
    profile: &Profile,
    options: Options,
    events: impl FnMut(PrinterEvent) + Send + 'static,
) -> io::Result<PrinterHandle> {
    let first_fence = getrandom::u32().map_err(io::Error::other)? % IDENTIFIERS;
    let mut abilities = transport::capabilities(&spec, profile);
    abilities.presenter = profile.presenter.as_ref().map(|presenter| Presenting {
        present: presenter.present.bytes().to_vec(),
        dismiss: if options.retract { &presenter.retract } else { &presenter.eject }.bytes().to_vec(),
        retracts: options.retract,
        patience: options.patience,
    });
    let session = PrinterSession::new(abilities, first_fence);
    let shared = Arc::new(Shared {
        wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
        stop: AtomicBool::new(false),
        is_virtual: AtomicBool::new(spec.is_virtual()),
        conditions: Mutex::new(Condition::Disconnected.into()),
        raw: Mutex::default(),
    });
    let (requests, incoming) = sync_channel(REQUESTS_MAX);
    let (end, ended) = sync_channel(1);
    let owner = Owner::new(
        spec,
        profile.clone(),
        session,
        incoming,
        Arc::clone(&shared),
        events,
        Opener::new(options.usb),
    );
    Builder::new().name("printer".into()).spawn(move || {
        // The sender is dropped when the thread ends, in whatever way.
        let _end = end;
        owner.run();
    })?;
    Ok(PrinterHandle { requests: Some(requests), shared, next_job: AtomicU64::new(1), ended })
}

impl PrinterHandle {
    /// Prints one complete ticket, including its cut; the result comes as [`PrinterEvent::Printed`] with the returned
    /// number. `height_mm` is the least length of paper that has to move for it, in millimetres, or 0 if unknown: a
    /// printer that confirms the ticket sooner than its head can print it is not believed.
    ///
    /// # Errors
    /// The ticket was not taken, and will never be printed.
    pub fn print(&self, bytes: Vec<u8>, height_mm: u32) -> Result<u64, PrintRefused> {
        if bytes.len() > timing::TICKET_MAX_BYTES {
            return Err(PrintRefused::TooLong { bytes: bytes.len() });
        }
        let requests = self.requests.as_ref().ok_or(PrintRefused::Stopped)?;
        let job = self.next_job.fetch_add(1, Ordering::Relaxed);
        self.send(requests, Request::Print { job, bytes, height_mm })?;
        Ok(job)
    }

    /// Has the printer asked for its status. [`PrinterEvent::Looked`] answers after at most one status round with its
    /// limits; for a printer that is still being inspected, within [`timing::GETTING_READY`].
    ///
    /// # Errors
    /// The printer was not asked, and no answer will come.
    pub fn look(&self) -> Result<(), PrintRefused> {
        let requests = self.requests.as_ref().ok_or(PrintRefused::Stopped)?;
        self.send(requests, Request::Look)
    }

    fn send(&self, requests: &SyncSender<Request>, request: Request) -> Result<(), PrintRefused> {
        requests.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => PrintRefused::Busy,
            TrySendError::Disconnected(_) => PrintRefused::Stopped,
        })?;
        self.shared.wake();
        Ok(())
    }

    /// Returns the current conditions; the empty set means ready.
    pub fn status(&self) -> Conditions {
        *self.shared.conditions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the newest status answers as they came, for whoever needs the bits.
    pub fn raw_status(&self) -> Raw {
        *self.shared.raw.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns true if the printer on this connection is simulated; false as long as it has not said so.
    pub fn is_virtual(&self) -> bool {
        self.shared.is_virtual.load(Ordering::Acquire)
    }

    /// Stops the owner; a ticket in progress becomes uncertain. Returns within 1 s.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if self.requests.take().is_none() {
            return;
        }
        self.shared.stop.store(true, Ordering::Release);
        self.shared.wake();
        // The call returns with an error as soon as the thread drops its end.
        let _ = self.ended.recv_timeout(STOP);
    }
}

impl Drop for PrinterHandle {
    fn drop(&mut self) {
        self.end();
    }
}
