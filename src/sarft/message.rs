//! The eight messages (Appendix E of GY/T 276-2013, as far as it is public). Pure.
//!
//! A request has an odd command, its reply the next even one. [`decode`] and [`encode`] are the
//! bodies' fields in order; [`fields`] reads one field each, [`text`] the texts in them.

pub mod decode;
pub mod encode;
pub mod fields;
pub mod text;

use crate::ticket::{BookingId, BookingNumber, Ticket};
use md5::{Digest, Md5};
use std::fmt;

/// Size of a print_no field.
pub(crate) const PRINT_NO: usize = 17;
/// Size of username, password and verify_code_md5.
pub(crate) const TEXT_33: usize = 33;

/// Command number of a frame: one of the eight messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Command {
    /// 0x01
    Authenticate = 1,
    /// 0x02
    AuthenticateReply = 2,
    /// 0x03
    Query = 3,
    /// 0x04
    QueryReply = 4,
    /// 0x05
    Issue = 5,
    /// 0x06
    IssueReply = 6,
    /// 0x07
    Report = 7,
    /// 0x08
    ReportReply = 8,
}

impl Command {
    /// All eight commands.
    pub const ALL: [Self; 8] = [
        Self::Authenticate,
        Self::AuthenticateReply,
        Self::Query,
        Self::QueryReply,
        Self::Issue,
        Self::IssueReply,
        Self::Report,
        Self::ReportReply,
    ];

    /// The command with this number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|command| *command as u64 == number)
    }

    /// Name of the message in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authenticate => "authenticate",
            Self::AuthenticateReply => "authenticate reply",
            Self::Query => "query tickets",
            Self::QueryReply => "query reply",
            Self::Issue => "issue tickets",
            Self::IssueReply => "issue reply",
            Self::Report => "report issued",
            Self::ReportReply => "report reply",
        }
    }

    /// True if the kiosk sends it.
    pub fn is_request(self) -> bool {
        self as u8 % 2 == 1
    }

    /// The reply to a request; a reply itself has none.
    pub fn reply(self) -> Option<Self> {
        if self.is_request() { Self::from_number(self as u64 + 1) } else { None }
    }
}

/// A text that appears in no log, error or `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text in clear, for the wire only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// verify_code_md5: the MD5 of the booking ID exactly as issued. As secret as the ID.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyCode([u8; 16]);

impl VerifyCode {
    /// Computes the code that proves knowledge of this ID.
    pub fn of(id: &BookingId) -> Self {
        Self(Md5::digest(id.expose().as_bytes()).into())
    }

    /// Wraps an MD5 of 16 bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes of the MD5, for the wire only.
    pub fn expose(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for VerifyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyCode(…)")
    }
}

/// One booking in 0x05.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueEntry {
    /// Booking number, 16 digits.
    pub print_no: String,
    /// Proof of the booking's ID, verify_code_md5.
    pub verify_code: VerifyCode,
}

/// One booking in 0x06.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueResult {
    /// Booking number, 16 digits.
    pub print_no: String,
    /// 0 issued; anything else a refusal.
    pub return_value: u8,
}

/// One seat in 0x04.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketRecord {
    /// Booking number, 16 digits.
    pub print_no: String,
    /// The other fields, checked.
    pub ticket: Ticket,
}

/// One of the eight messages, with its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// 0x01: the kiosk signs in.
    Authenticate {
        /// Name to sign in with, at most 32 bytes of ASCII.
        username: String,
        /// Password to sign in with, at most 32 bytes of ASCII.
        password: Secret,
    },
    /// 0x02: the answer to the sign-in, 0 for signed in.
    AuthenticateReply {
        /// 0 for signed in; any other value is a refusal.
        return_value: u8,
    },
    /// 0x03: queries the tickets of these bookings.
    Query {
        /// Booking numbers of 16 digits each; from the kiosk always one.
        print_nos: Vec<String>,
    },
    /// 0x04: one record per seat.
    QueryReply {
        /// 0 for success.
        return_value: u8,
        /// At most 255 records.
        records: Vec<TicketRecord>,
    },
    /// 0x05: issue the tickets of these bookings.
    Issue {
        /// The bookings; from the kiosk always one.
        entries: Vec<IssueEntry>,
    },
    /// 0x06: results of the issue.
    IssueReply {
        /// One entry per booking.
        entries: Vec<IssueResult>,
    },
    /// 0x07: these bookings' tickets have been printed.
    Report {
        /// Booking numbers of 16 digits each; from the kiosk always one.
        print_nos: Vec<String>,
    },
    /// 0x08: the answer to the report, 0 for accepted.
    ReportReply {
        /// 0 for accepted; any other value is a refusal.
        return_value: u8,
    },
}

impl Message {
    /// Creates 0x03 for one booking.
    pub fn query(number: BookingNumber) -> Self {
        Self::Query { print_nos: vec![number.print_no()] }
    }

    /// Creates 0x05 for one booking.
    pub fn issue(number: BookingNumber, id: &BookingId) -> Self {
        let verify_code = VerifyCode::of(id);
        Self::Issue { entries: vec![IssueEntry { print_no: number.print_no(), verify_code }] }
    }

    /// Creates 0x07 for one booking.
    pub fn report(number: BookingNumber) -> Self {
        Self::Report { print_nos: vec![number.print_no()] }
    }

    /// Command number of the message.
    pub fn command(&self) -> Command {
        match self {
            Self::Authenticate { .. } => Command::Authenticate,
            Self::AuthenticateReply { .. } => Command::AuthenticateReply,
            Self::Query { .. } => Command::Query,
            Self::QueryReply { .. } => Command::QueryReply,
            Self::Issue { .. } => Command::Issue,
            Self::IssueReply { .. } => Command::IssueReply,
            Self::Report { .. } => Command::Report,
            Self::ReportReply { .. } => Command::ReportReply,
        }
    }
}

#[cfg(test)]
mod tests;
