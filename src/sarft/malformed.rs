//! Errors of the wire format: the field, its offset and the reason. Never holds what a secret field held.

use std::fmt;

/// A field that cannot be read, or that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The field, by the protocol's own name.
    pub field: &'static str,
    /// Entry of the message's list that the field belongs to, counted from 1; `None` outside a list.
    pub entry: Option<usize>,
    /// Bytes from the first byte of the frame to the first byte of the field.
    pub offset: usize,
    /// Reason for the refusal.
    pub why: MalformedReason,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, self.field, self.entry, self.offset)?;
        write!(f, "{}", self.why)
    }
}

impl std::error::Error for Malformed {}

/// Reasons why a field is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedReason {
    /// The frame's length covers less than its fixed parts.
    #[error("the frame would be {total} bytes, its header and trailer alone are {least}")]
    FrameTooShort {
        /// Length the frame claims.
        total: u64,
        /// Size of the header and trailer alone, in bytes.
        least: usize,
    },
    /// The frame's length is beyond the limit.
    #[error("the frame would be {total} bytes, the limit is {limit}")]
    FrameTooLong {
        /// Length the frame claims.
        total: u64,
        /// The limit, [`super::wire::FRAME_MAX`].
        limit: usize,
    },
    /// A number does not fit in the field that must hold it.
    #[error("{value} does not fit in {bytes} bytes")]
    DoesNotFit {
        /// The value to be written.
        value: i64,
        /// Size of the field, in bytes.
        bytes: usize,
    },
    /// Bytes with a fixed value differ from it.
    #[error("{found} where {expected} belongs")]
    Differs {
        /// The bytes required by the layout, in hex.
        expected: String,
        /// The bytes found, in hex.
        found: String,
    },
    /// A number with a required value differs from it.
    #[error("{found} where {expected} belongs")]
    WrongNumber {
        /// The required number.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// No message has this command.
    #[error("{0} is no command; they are 1 to 8")]
    UnknownCommand(u64),
    /// The body ends before the field does.
    #[error("the message ends {missing} bytes before the end of this field")]
    Ends {
        /// Bytes that are missing.
        missing: usize,
    },
    /// There are bytes after the last field.
    #[error("{0} bytes follow the message's last field")]
    Follows(usize),
    /// Bytes came although no request was outstanding.
    #[error("came although nothing was asked")]
    Unasked,
    /// The count and the body's length contradict each other.
    #[error("{count} entries of {each} bytes do not fill the {left} bytes that follow")]
    Count {
        /// Entries the count claims.
        count: usize,
        /// Bytes per entry.
        each: usize,
        /// Bytes after the count.
        left: usize,
    },
    /// More entries than a count can say.
    #[error("{0} entries, a message holds at most 255")]
    TooMany(usize),
    /// A code field holds a byte that is not printable ASCII.
    #[error("byte {0} of the field is not printable ASCII")]
    NotAscii(usize),
    /// A code field has no NUL.
    #[error("the field has no NUL at its end")]
    NoNul,
    /// A code field has other bytes after its NUL.
    #[error("byte {0} of the field follows its NUL and is not NUL")]
    AfterNul(usize),
    /// The text is too long for its field.
    #[error("{length} bytes, the field holds {limit}")]
    TextTooLong {
        /// Bytes of the text.
        length: usize,
        /// Bytes that fit.
        limit: usize,
    },
    /// A text that must not be empty is.
    #[error("is empty")]
    Empty,
    /// A print_no is not 16 digits.
    #[error("is not 16 digits")]
    NotPrintNo,
    /// A print_no is not the one asked for.
    #[error("is not the print_no asked for")]
    OtherPrintNo,
    /// A verify code is not 32 hex digits of the layout's case.
    #[error("is not 32 hex digits in {0} case")]
    NotMd5(&'static str),
    /// A flag is neither 0 nor 1.
    #[error("{0} is neither 0 nor 1")]
    NotFlag(u8),
    /// A datetime is not one, or lies outside 2000 to 2099.
    #[error("is no date from 2000 to 2099")]
    NotDate,
    /// A price is not a number.
    #[error("is not a number")]
    NotNumber,
    /// A price is below zero.
    #[error("is below zero")]
    Negative,
    /// A price is beyond what a ticket can cost.
    #[error("is more than 1000000 yuan")]
    Absurd,
}

/// A lenient reading of a name, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The field, by the protocol's own name.
    pub field: &'static str,
    /// Entry of the message's list, counted from 1; `None` outside a list.
    pub entry: Option<usize>,
    /// Bytes from the first byte of the frame to the first byte of the field.
    pub offset: usize,
    /// Number of characters replaced by a visible substitute.
    pub replaced: usize,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, self.field, self.entry, self.offset)?;
        write!(f, "{} unreadable or control characters replaced", self.replaced)
    }
}

/// Writes the place of a field: `price of entry 1 at byte 40: `.
fn write_place(f: &mut fmt::Formatter<'_>, field: &str, entry: Option<usize>, offset: usize) -> fmt::Result {
    f.write_str(field)?;
    if let Some(entry) = entry {
        write!(f, " of entry {entry}")?;
    }
    write!(f, " at byte {offset}: ")
}
