//! One connection to the site without the connection: what may be sent when, and which reply is the one asked
//! for. No I/O, no clock.
//!
//! After any error the session is dead, and so must its connection be: a late 0x04 must never become the next
//! customer's tickets, a late 0x08 never confirm another report.

use super::codec::{Codec, Decoded, Expected};
use super::malformed::{Malformed, Note, Why};
use super::message::{Command, Message, Secret};
use crate::ticket::{BookingId, BookingNumber, Ticket};
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// What was being done when something went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Opening the connection.
    Connect,
    /// 0x01
    SignIn,
    /// 0x03
    Query,
    /// 0x05
    Issue,
    /// 0x07
    Report,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::SignIn => "the sign-in",
            Self::Query => "the query",
            Self::Issue => "the issue",
            Self::Report => "the report",
        })
    }
}

/// What went wrong between the kiosk and the on-site service. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// There is no connection to be had.
    #[error(
        "cannot connect to the on-site service at {address}: {reason}; check [sarft] address, the network and the service"
    )]
    CannotConnect {
        /// HOST:PORT.
        address: String,
        /// The system's words.
        reason: String,
    },
    /// The time limit passed.
    #[error("the on-site service did not finish {step} within {} ms", limit.as_millis())]
    TimedOut {
        /// Where.
        step: Step,
        /// The limit.
        limit: Duration,
    },
    /// The connection ended.
    #[error("the connection to the on-site service ended during {step} ({kind})")]
    Closed {
        /// Where.
        step: Step,
        /// `UnexpectedEof` when the service closed it in good order.
        kind: io::ErrorKind,
    },
    /// What came is not the reply asked for.
    #[error(
        "the on-site service's answer to {step} is malformed: {cause}; compare [sarft.wire] with the site"
    )]
    Malformed {
        /// Where.
        step: Step,
        /// Field, offset and why.
        cause: Malformed,
    },
    /// 0x02 was not 0.
    #[error("the on-site service refused the sign-in with {value}; check [sarft] username and password_file")]
    Refused {
        /// Its return value.
        value: u8,
    },
    /// A request that this connection may not send now. Nothing was sent.
    #[error("{step} is not allowed here: {why}")]
    NotAllowed {
        /// Which.
        step: Step,
        /// What would have to come first.
        why: &'static str,
    },
    /// A request whose fields do not fit. Nothing was sent.
    #[error("{step} cannot be sent: {cause}")]
    Unsendable {
        /// Which.
        step: Step,
        /// Field and why.
        cause: Malformed,
    },
}

/// An issue without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    /// No byte of 0x05 left this machine: nothing was issued.
    #[error("nothing was issued: {0}")]
    NotSent(SiteError),
    /// Bytes of 0x05 may have arrived: it may have been issued.
    #[error("it is unknown whether the tickets were issued: {0}")]
    NoReply(SiteError),
}

/// A report without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the report was {}answered: {cause}", if *sent { "sent but not " } else { "not sent or " })]
pub struct ReportError {
    /// Whether a byte of 0x07 left this machine.
    pub sent: bool,
    /// What went wrong.
    pub cause: SiteError,
}

/// The site's answer to 0x03.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryAnswer {
    /// 0 success.
    pub return_value: u8,
    /// One a seat, in the site's order, all of the print_no asked for.
    pub tickets: Vec<Ticket>,
}

/// A request of the kiosk.
#[derive(Debug, Clone, Copy)]
pub enum Request<'a> {
    /// 0x01
    SignIn {
        /// `[sarft] username`
        username: &'a str,
        /// From `[sarft] password_file`.
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
    /// Which exchange it begins.
    pub fn step(&self) -> Step {
        match self {
            Self::SignIn { .. } => Step::SignIn,
            Self::Query(_) => Step::Query,
            Self::Issue(..) => Step::Issue,
            Self::Report(_) => Step::Report,
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
pub enum Answer {
    /// 0x02 was 0.
    SignedIn,
    /// 0x04, and the names in it that were read kindly.
    Queried(QueryAnswer, Vec<Note>),
    /// 0x06: its return value for the one booking.
    Issued(u8),
    /// 0x08: its return value.
    Reported(u8),
}

/// The request that waits for its reply.
struct Pending {
    step: Step,
    number: Option<BookingNumber>,
    expected: Expected,
}

/// One connection's state.
pub struct Session {
    codec: Arc<dyn Codec>,
    sequence: u32,
    pending: Option<Pending>,
    received: Vec<u8>,
    signed_in: bool,
    queried: Option<BookingNumber>,
    dead: bool,
}

impl Session {
    /// The state of a connection just opened.
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

    /// Signed in, nothing outstanding, nothing wrong: a request may go out.
    pub fn is_ready(&self) -> bool {
        self.signed_in && !self.dead && self.pending.is_none()
    }

    /// The last completed exchange was this number's query.
    pub fn may_issue(&self, number: BookingNumber) -> bool {
        self.is_ready() && self.queried == Some(number)
    }

    /// Begins an exchange: the bytes to send.
    ///
    /// # Errors
    /// [`SiteError::NotAllowed`] or [`SiteError::Unsendable`]: nothing may be sent, and the session stays as
    /// it was.
    pub fn begin(&mut self, request: Request<'_>) -> Result<Vec<u8>, SiteError> {
        let step = request.step();
        let not_allowed = |why| Err(SiteError::NotAllowed { step, why });
        if self.dead {
            return not_allowed("the connection has failed");
        }
        if self.pending.is_some() {
            return not_allowed("another request is outstanding");
        }
        match request {
            Request::SignIn { .. } => {}
            _ if !self.signed_in => return not_allowed("the connection is not signed in"),
            Request::Issue(number, _) if self.queried != Some(number) => {
                return not_allowed("this connection's last exchange was not the query of this booking");
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

    /// Takes bytes that came; the answer once it is complete.
    ///
    /// # Errors
    /// They are not the reply asked for: the session is dead.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Option<Answer>, SiteError> {
        let Some(pending) = self.pending.take().filter(|_| !self.dead) else {
            self.dead = true;
            return Err(SiteError::NotAllowed {
                step: Step::Connect,
                why: "bytes came that were not asked for",
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

    /// Something outside went wrong (time-out, socket): the session is dead.
    pub fn fail(&mut self) {
        self.dead = true;
        self.pending = None;
        self.received = Vec::new();
    }

    fn read(&mut self, pending: &Pending) -> Result<Option<Answer>, SiteError> {
        let malformed = |cause| SiteError::Malformed { step: pending.step, cause };
        let decoded = self.codec.decode(&self.received, Some(&pending.expected)).map_err(malformed)?;
        let Some(Decoded { message, length, notes }) = decoded else { return Ok(None) };
        let follows = self.received.len() - length;
        if follows > 0 {
            let why = Why::Follows(follows);
            return Err(malformed(Malformed { field: "end of message", entry: None, offset: length, why }));
        }
        match message {
            Message::AuthenticateReply { return_value: 0 } => {
                self.signed_in = true;
                Ok(Some(Answer::SignedIn))
            }
            Message::AuthenticateReply { return_value: value } => Err(SiteError::Refused { value }),
            Message::QueryReply { return_value, records } => {
                self.queried = pending.number;
                let tickets = records.into_iter().map(|record| record.ticket).collect();
                Ok(Some(Answer::Queried(QueryAnswer { return_value, tickets }, notes)))
            }
            // The codec let exactly one entry pass, ours.
            Message::IssueReply { entries } => {
                Ok(entries.first().map(|entry| Answer::Issued(entry.return_value)))
            }
            Message::ReportReply { return_value } => Ok(Some(Answer::Reported(return_value))),
            // The codec let replies pass only.
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
