//! The ticket printer: one owner, who alone writes to it and reads from it.
//!
//! `connection` (how it is connected, from the settings) → `thread` (carries bytes and time) between
//! `transport` (the open connection) and `session` (decides: what goes out, what is believed).
//! `status` tells its answers apart, `conditions` names what can be the matter, `timing` has every limit.

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
use session::facts::Raw;
use session::{Presenting, PrintResult, Session, Unlike};

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;
use thread::{Owner, Request};
use transport::Opener;
pub use transport::UsbPlaces;

/// Tickets that may wait for the owner's attention; each is answered at once, so more than one is a mistake.
const REQUESTS_MAX: usize = 8;

/// How long `stop` waits for the owner; longer only while a connection is being opened, and then it is left behind.
const STOP: Duration = Duration::from_secs(1);

/// What the owner tells. Told from its thread: whoever listens must not block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrinterEvent {
    /// What is the matter has changed; empty is ready.
    ConditionsChanged(Conditions),
    /// What is the matter now: the answer to [`PrinterHandle::look`].
    Looked(Conditions),
    /// Once a connection, before the printer is ready.
    Identified {
        /// The model's name, where it tells one.
        model: Option<String>,
        /// It is simulated: sample tickets may carry their real code.
        is_virtual: bool,
    },
    /// The printer is not as its profile says; each once a connection.
    Unlike(Unlike),
    /// A ticket's result; exactly once for each that [`PrinterHandle::print`] took.
    Printed {
        /// As `print` returned it.
        job: u64,
        /// What is known.
        result: PrintResult,
    },
}

/// Why a ticket was not taken; not a byte of it went anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrintRefused {
    /// It is longer than any ticket.
    #[error("a ticket of {bytes} bytes is longer than any printer gets ({max}); shorten its layout", max = timing::TICKET_MAX_BYTES)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Too many wait.
    #[error("too many tickets wait for the printer")]
    Busy,
    /// The owner has ended.
    #[error("the printer's owner has ended")]
    Stopped,
}

/// What handle and thread share.
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
        // It fails only when it is due to wake already.
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    fn clear_wake(&self) {
        // It fails only when there was nothing to clear.
        let _ = rustix::io::read(&self.wake, &mut [0; 8]);
    }
}

/// The way to the printer's owner; dropping it stops the owner.
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

/// What is the site's to say of its printer, and where its devices are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// A ticket that nobody takes from a presenter is taken back; else it is dropped in front.
    pub retract: bool,
    /// After so long.
    pub patience: Duration,
    /// Where the kernel shows USB printers.
    pub usb: UsbPlaces,
}

impl Default for Options {
    fn default() -> Self {
        Self { retract: true, patience: Duration::from_secs(30), usb: UsbPlaces::default() }
    }
}

/// As [`start_with`], with nothing particular to say.
///
/// # Errors
/// As [`start_with`].
pub fn start(
    spec: ConnectionSpec,
    profile: &Profile,
    events: impl FnMut(PrinterEvent) + Send + 'static,
) -> io::Result<PrinterHandle> {
    start_with(spec, profile, Options::default(), events)
}

/// Starts the owner: it connects, inspects the printer, and keeps at it for good.
///
/// # Errors
/// The system gives no thread, no descriptor or no random number. That the printer can't be reached is no
/// error but a condition.
pub fn start_with(
    spec: ConnectionSpec,
    profile: &Profile,
    options: Options,
    events: impl FnMut(PrinterEvent) + Send + 'static,
) -> io::Result<PrinterHandle> {
    let first_fence = getrandom::u32().map_err(io::Error::other)? % IDENTIFIERS;
    let mut abilities = transport::abilities(&spec, profile);
    abilities.presenter = profile.presenter.as_ref().map(|presenter| Presenting {
        present: presenter.present.bytes().to_vec(),
        dismiss: if options.retract { &presenter.retract } else { &presenter.eject }.bytes().to_vec(),
        retracts: options.retract,
        patience: options.patience,
    });
    let session = Session::new(abilities, first_fence);
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
        // Dropped when the thread ends, whichever way.
        let _end = end;
        owner.run();
    })?;
    Ok(PrinterHandle { requests: Some(requests), shared, next_job: AtomicU64::new(1), ended })
}

impl PrinterHandle {
    /// Prints one complete ticket, to its cut; its result comes as [`PrinterEvent::Printed`] with the number returned.
    /// `height_mm`: millimetres of paper that have to move for it at least, 0 where nobody knows: a printer that says
    /// sooner than its head can that it is out is not believed.
    ///
    /// # Errors
    /// It was not taken, and never will be printed.
    pub fn print(&self, bytes: Vec<u8>, height_mm: u32) -> Result<u64, PrintRefused> {
        if bytes.len() > timing::TICKET_MAX_BYTES {
            return Err(PrintRefused::TooLong { bytes: bytes.len() });
        }
        let requests = self.requests.as_ref().ok_or(PrintRefused::Stopped)?;
        let job = self.next_job.fetch_add(1, Ordering::Relaxed);
        self.send(requests, Request::Print { job, bytes, height_mm })?;
        Ok(job)
    }

    /// Has the printer asked how it is now; [`PrinterEvent::Looked`] answers, after at most one round of questions
    /// with its limits, or, of a printer that is just being got to know, [`timing::GETTING_READY`].
    ///
    /// # Errors
    /// It was not asked, and no answer will come.
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

    /// What is the matter now; empty is ready.
    pub fn status(&self) -> Conditions {
        *self.shared.conditions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its newest answers as they came, for whoever looks at bits.
    pub fn raw_status(&self) -> Raw {
        *self.shared.raw.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The printer on this connection is simulated; false as long as it has not said so.
    pub fn is_virtual(&self) -> bool {
        self.shared.is_virtual.load(Ordering::Acquire)
    }

    /// Stops the owner; a ticket in hand becomes uncertain. Returns within 1 s.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if self.requests.take().is_none() {
            return;
        }
        self.shared.stop.store(true, Ordering::Release);
        self.shared.wake();
        // Ends with an error as soon as the thread drops its end.
        let _ = self.ended.recv_timeout(STOP);
    }
}

impl Drop for PrinterHandle {
    fn drop(&mut self) {
        self.end();
    }
}
