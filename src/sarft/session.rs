//! State of one connection to the site: which requests may be sent, and which reply is expected. No I/O, no clock.
//!
//! After any error the session is dead, and its connection must be closed: a late 0x04 must never become the next
//! customer's tickets, nor a late 0x08 confirm another report.

mod error;

pub use error::{IssueError, ReportError, SarftStep, SiteError};

use super::codec::{Codec, Decoded, Expected};
use super::malformed::{Malformed, MalformedReason, Note};
use super::message::{Command, Message, Secret};
use crate::ticket::{BookingId, BookingNumber, Ticket};
use std::sync::Arc;

/// The site's answer to 0x03.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAnswer {
    /// 0 for success.
    pub return_value: u8,
    /// One ticket per seat, in the site's order, all with the print_no queried.
    pub tickets: Vec<Ticket>,
}

/// A request of the kiosk.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// 0x01
    SignIn {
        /// `[sarft] username`
        username: &'a str,
        /// Password from `[sarft] password_file`.
        password: &'a Secret,
    },
    /// 0x03
    Query(BookingNumber),
    /// 0x05
    Issue(BookingNumber, &'a BookingId),
    /// 0x07
    Report(BookingNumber),
}

impl Request<'_> {
    /// The exchange that the request begins.
    pub fn step(&self) -> SarftStep {
        match self {
            Self::SignIn { .. } => SarftStep::SignIn,
            Self::Query(_) => SarftStep::Query,
            Self::Issue(..) => SarftStep::Issue,
            Self::Report(_) => SarftStep::Report,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::SignIn { username, password } => {
                Message::Authenticate { username: (*username).to_owned(), password: (*password).clone() }
            }
            Self::Query(number) => Message::query(*number),
            Self::Issue(number, id) => Message::issue(*number, id),
            Self::Report(number) => Message::report(*number),
        }
    }

    fn number(&self) -> Option<BookingNumber> {
        match self {
            Self::SignIn { .. } => None,
            Self::Query(number) | Self::Issue(number, _) | Self::Report(number) => Some(*number),
        }
    }
}

/// The reply to the outstanding request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SarftAnswer {
    /// 0x02 was 0.
    SignedIn,
    /// 0x04, and the names in it that were read leniently.
    Queried(QueryAnswer, Vec<Note>),
    /// 0x06: the return value for the one booking.
    Issued(u8),
    /// 0x08: the return value.
    Reported(u8),
}

/// The request that waits for its reply.
struct Pending {
    step: SarftStep,
    number: Option<BookingNumber>,
    expected: Expected,
}

/// One connection's state.
pub struct SarftSession {
    codec: Arc<dyn Codec>,
    sequence: u32,
    pending: Option<Pending>,
    received: Vec<u8>,
    signed_in: bool,
    queried: Option<BookingNumber>,
    dead: bool,
}

impl SarftSession {
    /// Creates the state of a connection just opened.
    pub fn new(codec: Arc<dyn Codec>) -> Self {
        Self {
            codec,
            sequence: 0,
            pending: None,
            received: Vec::new(),
            signed_in: false,
            queried: None,
            dead: false,
        }
    }

    /// True if signed in, with nothing outstanding and no error: a request may be sent.
    pub fn is_ready(&self) -> bool {
        self.signed_in && !self.dead && self.pending.is_none()
    }

    /// True if the last completed exchange was this booking's query.
    pub fn may_issue(&self, number: BookingNumber) -> bool {
        self.is_ready() && self.queried == Some(number)
    }

    /// Begins an exchange and returns the bytes to send.
    ///
    /// # Errors
    /// [`SiteError::NotAllowed`] or [`SiteError::Unsendable`]: nothing may be sent, and the session stays as
    /// it was.
    pub fn begin(&mut self, request: Request<'_>) -> Result<Vec<u8>, SiteError> {
        let step = request.step();
        let not_allowed = |why| Err(SiteError::NotAllowed { step, why });
        if self.dead {
            return not_allowed(("连接已失效", "the connection has failed"));
        }
        if self.pending.is_some() {
            return not_allowed(("还有请求没有应答", "another request is outstanding"));
        }
        match request {
            Request::SignIn { .. } => {}
            _ if !self.signed_in => {
                return not_allowed(("连接还没有登录", "the connection is not signed in"));
            }
            Request::Issue(number, _) if self.queried != Some(number) => {
                return not_allowed((
                    "这个连接的上一步不是查询该订单",
                    "this connection's last exchange was not the query of this booking",
                ));
            }
            _ => {}
        }
        let message = request.message();
        let sequence = self.sequence.wrapping_add(1);
        let bytes =
            self.codec.encode(&message, sequence).map_err(|cause| SiteError::Unsendable { step, cause })?;
        let number = request.number();
        let commands: Vec<Command> = message.command().reply().into_iter().collect();
        let print_no = number.map(BookingNumber::print_no);
        self.sequence = sequence;
        self.queried = None;
        self.pending = Some(Pending { step, number, expected: Expected { commands, sequence, print_no } });
        Ok(bytes)
    }

    /// Takes bytes received; returns the answer once it is complete.
    ///
    /// # Errors
    /// Fails if they are not the expected reply; the session is then dead.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Option<SarftAnswer>, SiteError> {
        let Some(pending) = self.pending.take().filter(|_| !self.dead) else {
            self.dead = true;
            return Err(SiteError::NotAllowed {
                step: SarftStep::Connect,
                why: ("收到了没有请求的字节", "bytes came that were not asked for"),
            });
        };
        self.received.extend_from_slice(bytes);
        match self.read(&pending) {
            Ok(None) => {
                self.pending = Some(pending);
                Ok(None)
            }
            Ok(Some(answer)) => {
                self.received.clear();
                Ok(Some(answer))
            }
            Err(error) => {
                self.fail();
                Err(error)
            }
        }
    }

    /// Marks the session dead after an error outside of it (time-out, socket).
    pub fn fail(&mut self) {
        self.dead = true;
        self.pending = None;
        self.received = Vec::new();
    }

    fn read(&mut self, pending: &Pending) -> Result<Option<SarftAnswer>, SiteError> {
        let malformed = |cause| SiteError::Malformed { step: pending.step, cause };
        let decoded = self.codec.decode(&self.received, Some(&pending.expected)).map_err(malformed)?;
        let Some(Decoded { message, length, notes }) = decoded else { return Ok(None) };
        let follows = self.received.len() - length;
        if follows > 0 {
            let why = MalformedReason::Follows(follows);
            return Err(malformed(Malformed { field: "end of message", entry: None, offset: length, why }));
        }
        match message {
            Message::AuthenticateReply { return_value: 0 } => {
                self.signed_in = true;
                Ok(Some(SarftAnswer::SignedIn))
            }
            Message::AuthenticateReply { return_value: value } => Err(SiteError::Refused { value }),
            Message::QueryReply { return_value, records } => {
                self.queried = pending.number;
                let tickets = records.into_iter().map(|record| record.ticket).collect();
                Ok(Some(SarftAnswer::Queried(QueryAnswer { return_value, tickets }, notes)))
            }
            // The codec lets exactly one entry pass, for this booking.
            Message::IssueReply { entries } => {
                Ok(entries.first().map(|entry| SarftAnswer::Issued(entry.return_value)))
            }
            Message::ReportReply { return_value } => Ok(Some(SarftAnswer::Reported(return_value))),
            // The codec lets only replies pass.
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
