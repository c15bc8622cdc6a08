//! Codes of customers, read: every form of the contract's "Codes a customer can present".
//!
//! Pure. A code is a secret: no error here quotes a byte of it.

use crate::config::settings::Codes;
use crate::locale::{Text, display_text, text};
use crate::ticket::{BookingId, BookingNumber, PickupCode};
use regex_lite::Regex;
use thiserror::Error;

/// Length of the longest code that is read, in bytes. A scanner's longer one never gets here whole.
pub const CODE_MAX_BYTES: usize = 512;
/// Length of the longest `[[codes.format]]` pattern, in bytes.
pub const PATTERN_MAX_BYTES: usize = 1024;

/// Number of digits of `print_no`, which an ID may follow directly.
const PRINT_NO_DIGITS: usize = 16;
/// Number of digits of a mainland mobile number; all begin with 1.
const TELEPHONE_DIGITS: usize = 11;
/// Separators that may stand between the two halves, exactly once; a run of blanks may too.
const SEPARATORS: [char; 9] = ['|', ',', ';', ':', '/', '+', '-', '_', '#'];

/// Reason for which a code was refused. The pickup ends as `code_rejected`; nothing is sent to any server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Rejected {
    /// The code is nothing but white space.
    Empty,
    /// The code has more than [`CODE_MAX_BYTES`].
    TooLong,
    /// The code is 11 digits that begin with 1: people type their own telephone number.
    TelephoneNumber,
    /// The code has none of the forms.
    Malformed,
}

display_text!(Rejected, CodesError);

impl Rejected {
    /// Returns the reason in both languages.
    pub fn text(self) -> Text {
        match self {
            Self::Empty => Text::new("码是空的", "the code is empty"),
            Self::TooLong => Text::new("码超过 512 字节", "the code is longer than 512 bytes"),
            Self::TelephoneNumber => Text::new("这是手机号码", "that is a telephone number"),
            Self::Malformed => Text::new("码不是任何已知格式", "the code has none of the known forms"),
        }
    }
}

/// Reason for which `[codes]` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodesError {
    /// A pattern does not compile. `index` counts `[[codes.format]]` from 0.
    Pattern {
        /// Index of the `[[codes.format]]`, from 0.
        index: usize,
        /// Message of the regular-expression compiler.
        reason: String,
    },
    /// A pattern has neither group.
    NoGroup {
        /// Index of the `[[codes.format]]`, from 0.
        index: usize,
    },
    /// A pattern is longer than [`PATTERN_MAX_BYTES`].
    PatternTooLong {
        /// Index of the `[[codes.format]]`, from 0.
        index: usize,
    },
    /// A URL parameter's name is empty, or both have the same.
    Parameters,
}

impl CodesError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Pattern { reason, .. } => {
                text!("不是可用的正则表达式：{reason}", "is no regular expression that can be used: {reason}")
            }
            Self::NoGroup { .. } => {
                Text::new("没有 (?<number>…) 或 (?<id>…) 组", "has neither a group (?<number>…) nor (?<id>…)")
            }
            Self::PatternTooLong { .. } => Text::new("超过 1024 字节", "is longer than 1024 bytes"),
            Self::Parameters => Text::new(
                "url_number 和 url_id 应为两个不同的名称，且都不为空",
                "url_number and url_id must be two different names, neither empty",
            ),
        }
    }
}

/// Reader of codes; made once from `[codes]`.
#[derive(Debug, Clone)]
pub struct CodeReader {
    url_number: String,
    url_id: String,
    formats: Vec<Regex>,
}

impl CodeReader {
    /// Compiles the site's own patterns.
    ///
    /// # Errors
    /// When a pattern cannot be used or the URL parameters' names cannot be told apart.
    pub fn new(codes: &Codes) -> Result<Self, CodesError> {
        if codes.url_number.is_empty() || codes.url_id.is_empty() || codes.url_number == codes.url_id {
            return Err(CodesError::Parameters);
        }
        let formats = codes
            .formats
            .iter()
            .enumerate()
            .map(|(index, format)| compile(index, &format.pattern))
            .collect::<Result<_, _>>()?;
        Ok(Self { url_number: codes.url_number.clone(), url_id: codes.url_id.clone(), formats })
    }

    /// Reads what was scanned, case kept.
    ///
    /// The site's own patterns come first; the first that fits decides, even when what its groups
    /// hold is no number or ID.
    ///
    /// # Errors
    /// [`Rejected`]: the text has none of the forms.
    pub fn read(&self, text: &str) -> Result<PickupCode, Rejected> {
        let code = trimmed(text)?;
        if let Some(found) = self.formats.iter().find_map(|format| format.captures(code)) {
            let group = |name| found.name(name).map(|matched| matched.as_str());
            return halves(group("number"), group("id"));
        }
        if !code.bytes().all(|byte| byte.is_ascii_graphic() || is_blank(byte.into())) {
            return Err(Rejected::Malformed);
        }
        if code.contains("://") {
            return self.read_url(code);
        }
        if code.bytes().all(|byte| byte.is_ascii_digit()) {
            return number(code).map(PickupCode::Number);
        }
        match split(code) {
            Some((first, second)) => read_two(first, second),
            None => read_one(code),
        }
    }

    fn read_url(&self, url: &str) -> Result<PickupCode, Rejected> {
        let page = url.split_once('#').map_or(url, |(page, _)| page);
        let (_, query) = page.split_once('?').ok_or(Rejected::Malformed)?;
        let (mut number, mut id) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let half = if name == self.url_number.as_str() {
                &mut number
            } else if name == self.url_id.as_str() {
                &mut id
            } else {
                continue;
            };
            // The half is given twice: which one is meant cannot be known.
            if half.replace(value).is_some() {
                return Err(Rejected::Malformed);
            }
        }
        halves(number.as_deref(), id.as_deref())
    }
}

/// Reads a booking number typed on the screen or the keypad.
///
/// # Errors
/// [`Rejected`]: it is no booking number.
pub fn read_half_number(text: &str) -> Result<BookingNumber, Rejected> {
    number(trimmed(text)?)
}

/// Reads a booking ID typed on the screen or the keypad: its letters become capitals. All digits
/// will do, for it was asked for and cannot be mistaken for the number.
///
/// # Errors
/// [`Rejected`]: it is no booking ID.
pub fn read_half_id(text: &str) -> Result<BookingId, Rejected> {
    BookingId::parse(&trimmed(text)?.to_ascii_uppercase()).ok_or(Rejected::Malformed)
}

/// Joins a code with its missing half, or with the whole code presented again. Returns `None` when they do not make up
/// one code: the same half twice, or a whole code that contradicts the half.
pub fn join(known: &PickupCode, more: &PickupCode) -> Option<PickupCode> {
    match (known, more) {
        (PickupCode::Number(number), PickupCode::Id(id))
        | (PickupCode::Id(id), PickupCode::Number(number)) => Some(PickupCode::Both(*number, id.clone())),
        (PickupCode::Number(number), PickupCode::Both(other, _)) if number == other => Some(more.clone()),
        (PickupCode::Id(id), PickupCode::Both(_, other)) if id == other => Some(more.clone()),
        _ => None,
    }
}

fn compile(index: usize, pattern: &str) -> Result<Regex, CodesError> {
    if pattern.len() > PATTERN_MAX_BYTES {
        return Err(CodesError::PatternTooLong { index });
    }
    let refused = |error: regex_lite::Error| CodesError::Pattern { index, reason: error.to_string() };
    // Compiled alone first: a pattern such as `a)|(b` must not come to fit through what is put around it.
    let alone = Regex::new(pattern).map_err(refused)?;
    if !alone.capture_names().flatten().any(|name| name == "number" || name == "id") {
        return Err(CodesError::NoGroup { index });
    }
    Regex::new(&format!("^(?:{pattern})$")).map_err(refused)
}

fn trimmed(text: &str) -> Result<&str, Rejected> {
    if text.len() > CODE_MAX_BYTES {
        return Err(Rejected::TooLong);
    }
    let code = text.trim_matches(|c: char| c.is_ascii() && c.is_whitespace());
    if code.is_empty() { Err(Rejected::Empty) } else { Ok(code) }
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn number(digits: &str) -> Result<BookingNumber, Rejected> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain && digits.len() == TELEPHONE_DIGITS && digits.starts_with('1') {
        return Err(Rejected::TelephoneNumber);
    }
    BookingNumber::parse(digits).ok_or(Rejected::Malformed)
}

fn halves(number: Option<&str>, id: Option<&str>) -> Result<PickupCode, Rejected> {
    let number = number.map(|digits| BookingNumber::parse(digits).ok_or(Rejected::Malformed)).transpose()?;
    let id = id.map(|text| BookingId::parse(text).ok_or(Rejected::Malformed)).transpose()?;
    match (number, id) {
        (Some(number), Some(id)) => Ok(PickupCode::Both(number, id)),
        (Some(number), None) => Ok(PickupCode::Number(number)),
        (None, Some(id)) => Ok(PickupCode::Id(id)),
        (None, None) => Err(Rejected::Malformed),
    }
}

/// Splits a code at the first separator, or at the first run of blanks. A second separator stays in the second side,
/// which then is neither number nor ID.
fn split(code: &str) -> Option<(&str, &str)> {
    let (first, rest) = code.split_once(|c| is_blank(c) || SEPARATORS.contains(&c))?;
    let blank = code.get(first.len()..).is_some_and(|tail| tail.starts_with(is_blank));
    Some((first, if blank { rest.trim_start_matches(is_blank) } else { rest }))
}

fn read_two(first: &str, second: &str) -> Result<PickupCode, Rejected> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(first) {
        halves(Some(first), Some(second))
    } else if digits(second) {
        halves(Some(second), Some(first))
    } else {
        Err(Rejected::Malformed)
    }
}

/// Reads letters and digits without a separator, at least one letter among them.
fn read_one(code: &str) -> Result<PickupCode, Rejected> {
    let glued = code.split_at_checked(PRINT_NO_DIGITS).and_then(|(digits, rest)| {
        // All digits never gets here, so the rest has a letter whenever the front has none.
        Some(PickupCode::Both(BookingNumber::parse(digits)?, BookingId::parse(rest)?))
    });
    glued.map_or_else(|| BookingId::parse(code).map(PickupCode::Id).ok_or(Rejected::Malformed), Ok)
}

#[cfg(test)]
mod tests;
