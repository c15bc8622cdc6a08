//! The thread that owns the printer: carries bytes between session and transport, and time into the session.

use super::connection::ConnectionSpec;
use super::session::{Input, Output, PrinterSession};
use super::transport::{Opener, Transport};
use super::{PrinterEvent, Shared, timing};
use crate::receipt::profile::Profile;
use crate::virtual_printer::MODEL;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

/// Largest number of bytes read at once.
const READ_BYTES: usize = 1024;

/// Largest number of writes and reads in a row before other work gets its turn.
const TURNS_IN_A_ROW: usize = 64;

/// Pause for a device that says it can be read and gives nothing.
const EMPTY_READ_PAUSE: Duration = Duration::from_millis(20);

/// A request of the handle.
pub(super) enum Request {
    /// Print a ticket.
    Print {
        /// Number of the ticket.
        job: u64,
        /// Bytes of the ticket, including its cut.
        bytes: Vec<u8>,
        /// Length of paper that has to move for it, in millimetres.
        height_mm: u32,
    },
    /// Report the printer's current conditions.
    Look,
}

/// Everything that the thread owns.
pub(super) struct Owner<F> {
    pub(super) spec: ConnectionSpec,
    pub(super) profile: Profile,
    pub(super) session: PrinterSession,
    pub(super) requests: Receiver<Request>,
    pub(super) shared: Arc<Shared>,
    pub(super) events: F,
    opener: Opener,
    line: Line,
}

/// The connection, the bytes that wait for it, and the time of the next try.
struct Line {
    begin: Instant,
    transport: Option<Box<dyn Transport>>,
    waiting: VecDeque<u8>,
    retry_at: Duration,
    retry_wait: Duration,
    complaint: String,
    read_again_at: Duration,
    /// Events of the connection that the kernel reported after the last sleep.
    told: PollFlags,
}

impl<F: FnMut(PrinterEvent)> Owner<F> {
    pub(super) fn new(
        spec: ConnectionSpec,
        profile: Profile,
        session: PrinterSession,
        requests: Receiver<Request>,
        shared: Arc<Shared>,
        events: F,
        opener: Opener,
    ) -> Self {
        let line = Line {
            begin: Instant::now(),
            transport: None,
            waiting: VecDeque::new(),
            retry_at: Duration::ZERO,
            retry_wait: timing::RECONNECT_FIRST,
            complaint: String::new(),
            read_again_at: Duration::ZERO,
            told: PollFlags::empty(),
        };
        Self { spec, profile, session, requests, shared, events, opener, line }
    }

    /// Runs until it is told to stop.
    pub(super) fn run(mut self) {
        while !self.shared.stop.load(Ordering::Acquire) {
            if !self.take_requests() {
                break;
            }
            self.connect_if_due();
            self.carry();
            if self.session.deadline().is_some_and(|at| self.now() >= at) {
                self.feed(Input::Tick);
            }
            self.wait();
        }
        if self.line.transport.take().is_some() {
            self.feed(Input::Disconnected);
        }
        // A request of the last moment gets its answer, too: not started.
        self.take_requests();
    }

    fn now(&self) -> Duration {
        self.line.begin.elapsed()
    }

    /// Takes the waiting requests; returns false if the handle is gone.
    fn take_requests(&mut self) -> bool {
        loop {
            match self.requests.try_recv() {
                Ok(Request::Print { job, bytes, height_mm }) => {
                    self.feed(Input::Print { job, bytes, height_mm });
                }
                Ok(Request::Look) => self.feed(Input::Look),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn connect_if_due(&mut self) {
        if self.line.transport.is_some() || self.now() < self.line.retry_at {
            return;
        }
        match self.opener.open(&self.spec, &self.profile) {
            Ok(transport) => {
                log::debug!("printer: {} connected", self.spec);
                self.line.transport = Some(transport);
                self.feed(Input::Connected);
            }
            Err(error) => self.lost(&error),
        }
    }

    /// Reports a connection that ended or failed, once for each kind of error in a row.
    fn lost(&mut self, error: &io::Error) {
        let complaint = error.to_string();
        if self.line.complaint != complaint {
            log::warn!("printer: {}: {complaint}", self.spec);
            self.line.complaint = complaint;
        }
        self.end_connection();
    }

    fn end_connection(&mut self) {
        self.line.transport = None;
        self.line.waiting.clear();
        self.line.retry_at = self.now() + self.line.retry_wait;
        self.line.retry_wait = (self.line.retry_wait * 2).min(timing::RECONNECT_LONGEST);
        self.shared.is_virtual.store(self.spec.is_virtual(), Ordering::Release);
        self.feed(Input::Disconnected);
    }

    /// Moves bytes both ways as far as they go; reads between writes, so that two full buffers can't block each other.
    fn carry(&mut self) {
        let told = std::mem::replace(&mut self.line.told, PollFlags::empty());
        let mut idle = true;
        for _ in 0..TURNS_IN_A_ROW {
            let wrote = self.write_once();
            let read = self.read_some();
            if !(wrote || read) {
                break;
            }
            idle = false;
        }
        if idle && told.intersects(PollFlags::HUP | PollFlags::ERR) && self.line.transport.is_some() {
            self.lost(&io::Error::new(io::ErrorKind::BrokenPipe, "the device hung up"));
        } else if idle && told.contains(PollFlags::IN) {
            self.line.read_again_at = self.now() + EMPTY_READ_PAUSE;
        }
    }

    /// Writes once; returns true if a byte was taken.
    fn write_once(&mut self) -> bool {
        let Some(transport) = &mut self.line.transport else { return false };
        let (front, _) = self.line.waiting.as_slices();
        if front.is_empty() {
            return false;
        }
        match transport.write_some(front) {
            Ok(0) => false,
            Ok(count) => {
                self.line.waiting.drain(..count);
                self.feed(Input::Accepted(count));
                true
            }
            Err(error) => {
                self.lost(&error);
                false
            }
        }
    }

    /// Reads once; returns true if a byte came.
    fn read_some(&mut self) -> bool {
        let Some(transport) = &mut self.line.transport else { return false };
        let mut buffer = [0; READ_BYTES];
        match transport.read_some(&mut buffer) {
            Ok(0) => false,
            Ok(count) => {
                self.feed(Input::Bytes(buffer.get(..count).unwrap_or_default().to_vec()));
                true
            }
            Err(error) => {
                self.lost(&error);
                false
            }
        }
    }

    fn feed(&mut self, input: Input) {
        let now = self.now();
        let outputs = self.session.handle(input, now);
        self.shared.set_raw(self.session.raw());
        let (mut reset, mut ask_port) = (false, false);
        for output in outputs {
            match output {
                Output::AskPort => ask_port = true,
                Output::Write(bytes) => self.line.waiting.extend(bytes),
                Output::Reset => reset = true,
                Output::Printed { job, result } => {
                    log::info!("printer: ticket {job}: {result}");
                    (self.events)(PrinterEvent::Printed { job, result });
                }
                Output::Conditions(conditions) => {
                    log::info!("printer: {conditions}");
                    self.shared.set_conditions(conditions);
                    (self.events)(PrinterEvent::ConditionsChanged(conditions));
                }
                Output::Looked(conditions) => (self.events)(PrinterEvent::Looked(conditions)),
                Output::Identified(model) => self.identified(model),
                Output::Mismatch(what) => (self.events)(PrinterEvent::Mismatch(what)),
            }
        }
        if self.session.is_proven() {
            self.line.retry_wait = timing::RECONNECT_FIRST;
            self.line.complaint.clear();
        }
        if reset {
            if let Some(transport) = &mut self.line.transport {
                transport.abandon();
            }
            self.end_connection();
        } else if ask_port {
            let status = self.line.transport.as_mut().and_then(|transport| transport.port_status());
            self.feed(Input::Port(status));
        }
    }

    fn identified(&mut self, model: Option<String>) {
        let is_virtual = self.spec.is_virtual() || model.as_deref() == Some(MODEL);
        self.shared.is_virtual.store(is_virtual, Ordering::Release);
        (self.events)(PrinterEvent::Identified { model, is_virtual });
    }

    /// Sleeps until bytes, a request or a deadline comes.
    fn wait(&mut self) {
        let now = self.now();
        let read_pause = self.line.read_again_at.checked_sub(now).filter(|left| !left.is_zero());
        let descriptor = self.line.transport.as_ref().and_then(|transport| transport.descriptor());
        let reconnect = self.line.transport.is_none().then_some(self.line.retry_at);
        let until = [self.session.deadline(), reconnect].into_iter().flatten().min();
        let resume = self.line.transport.as_ref().and_then(|transport| transport.resume());
        let resume = resume.filter(|_| !self.line.waiting.is_empty());
        let look_again = match (read_pause, descriptor) {
            (Some(pause), _) => Some(pause),
            // Nothing tells when a printer without descriptor has room again.
            (None, None) if !self.line.waiting.is_empty() => Some(EMPTY_READ_PAUSE),
            _ => None,
        };
        let timeout =
            [until.map(|at| at.saturating_sub(now)), look_again, resume].into_iter().flatten().min();
        let mut wanted = PollFlags::empty();
        wanted.set(PollFlags::IN, read_pause.is_none());
        wanted.set(PollFlags::OUT, !self.line.waiting.is_empty() && resume.is_none());
        let mut polled = vec![PollFd::new(&self.shared.wake, PollFlags::IN)];
        polled.extend(descriptor.map(|descriptor| PollFd::from_borrowed_fd(descriptor, wanted)));
        let timeout = timeout.map(|timeout| Timespec {
            tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: timeout.subsec_nanos().into(),
        });
        // Interrupted or not: the next turn of the loop finds out what is due.
        let _ = poll(&mut polled, timeout.as_ref());
        self.line.told = polled.get(1).map_or(PollFlags::empty(), PollFd::revents);
        self.shared.clear_wake();
    }
}
