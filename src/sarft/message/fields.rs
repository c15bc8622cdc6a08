//! Reader of a body, one field after the other.

use super::text::{read_code, read_name};
use super::{PRINT_NO, TEXT_33, VerifyCode};
use crate::sarft::malformed::{Malformed, MalformedReason, Note};
use crate::sarft::wire::{DateForm, DecimalForm, Encodings, HexCase};
use crate::ticket::Cents;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Highest price of a ticket, in fen: one million yuan.
const PRICE_MAX: u32 = 100_000_000;

/// Value of a field, for a [`Watch`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seen<'a> {
    /// A count, flag or return value.
    Number(u64),
    /// A name or code.
    Text(&'a str),
    /// Length of a secret, in characters.
    Masked(usize),
    /// A datetime.
    Date(Timestamp),
    /// A price.
    Money(Cents),
}

/// Observer of a body being read, field by field.
pub trait Watch {
    /// Called with each field read: its name, entry, offset in the frame, size and value.
    fn field(&mut self, name: &'static str, entry: Option<usize>, offset: usize, size: usize, seen: Seen<'_>);
}

/// Observer that ignores all fields.
impl Watch for () {
    fn field(&mut self, _: &'static str, _: Option<usize>, _: usize, _: usize, _: Seen<'_>) {}
}

/// Reads a body's fields in order.
pub struct Fields<'a> {
    left: &'a [u8],
    offset: usize,
    /// Entry of the list being read, counted from 1.
    pub entry: Option<usize>,
    encodings: &'a Encodings,
    timezone: &'a TimeZone,
    watch: &'a mut dyn Watch,
    /// Names that were read leniently.
    pub notes: Vec<Note>,
}

impl<'a> Fields<'a> {
    /// Creates a reader of `body`, which begins `offset` bytes into its frame.
    pub fn new(
        body: &'a [u8],
        offset: usize,
        encodings: &'a Encodings,
        timezone: &'a TimeZone,
        watch: &'a mut dyn Watch,
    ) -> Self {
        Self { left: body, offset, entry: None, encodings, timezone, watch, notes: Vec::new() }
    }

    fn wrong(&self, field: &'static str, offset: usize, why: MalformedReason) -> Malformed {
        Malformed { field, entry: self.entry, offset, why }
    }

    /// Takes the next `size` bytes; also returns their offset.
    fn take(&mut self, field: &'static str, size: usize) -> Result<(&'a [u8], usize), Malformed> {
        let offset = self.offset;
        let Some((taken, left)) = self.left.split_at_checked(size) else {
            return Err(self.wrong(field, offset, MalformedReason::Ends { missing: size - self.left.len() }));
        };
        self.left = left;
        self.offset += size;
        Ok((taken, offset))
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<([u8; N], usize), Malformed> {
        let (taken, offset) = self.take(field, N)?;
        // take gave exactly N bytes.
        Ok((taken.first_chunk().copied().unwrap_or([0; N]), offset))
    }

    /// Reads an unsigned byte.
    pub fn byte(&mut self, field: &'static str) -> Result<u8, Malformed> {
        let ([value], offset) = self.array(field)?;
        self.watch.field(field, self.entry, offset, 1, Seen::Number(value.into()));
        Ok(value)
    }

    /// Reads a byte that is 0 or 1.
    pub fn flag(&mut self, field: &'static str) -> Result<bool, Malformed> {
        let offset = self.offset;
        match self.byte(field)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(field, offset, MalformedReason::NotFlag(other))),
        }
    }

    /// Reads ticket_count: entries of `each` bytes that fill the rest of the body exactly; exactly `expected` entries
    /// if that is given.
    pub fn count(
        &mut self,
        field: &'static str,
        each: usize,
        expected: Option<usize>,
    ) -> Result<usize, Malformed> {
        let offset = self.offset;
        let count = usize::from(self.byte(field)?);
        if let Some(expected) = expected.filter(|expected| *expected != count) {
            let why = MalformedReason::WrongNumber { expected: expected as u64, found: count as u64 };
            return Err(self.wrong(field, offset, why));
        }
        let left = self.left.len();
        if count * each != left {
            return Err(self.wrong(field, offset, MalformedReason::Count { count, each, left }));
        }
        Ok(count)
    }

    /// Reads a code of printable ASCII from a field of `size` bytes.
    pub fn code(&mut self, field: &'static str, size: usize) -> Result<String, Malformed> {
        let (taken, offset) = self.take(field, size)?;
        let code = read_code(taken).map_err(|why| self.wrong(field, offset, why))?;
        self.watch.field(field, self.entry, offset, size, Seen::Text(code));
        Ok(code.to_owned())
    }

    /// Reads a code that must never be shown.
    pub fn secret_code(&mut self, field: &'static str, size: usize) -> Result<&'a str, Malformed> {
        let (taken, offset) = self.take(field, size)?;
        let code = read_code(taken).map_err(|why| self.wrong(field, offset, why))?;
        self.watch.field(field, self.entry, offset, size, Seen::Masked(code.len()));
        Ok(code)
    }

    /// Reads print_no: 16 digits, and exactly `expected` if that is given.
    pub fn print_no(&mut self, expected: Option<&str>) -> Result<String, Malformed> {
        const FIELD: &str = "print_no";
        let offset = self.offset;
        let print_no = self.code(FIELD, PRINT_NO)?;
        if print_no.len() != PRINT_NO - 1 || !print_no.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong(FIELD, offset, MalformedReason::NotPrintNo));
        }
        if expected.is_some_and(|expected| expected != print_no) {
            return Err(self.wrong(FIELD, offset, MalformedReason::OtherPrintNo));
        }
        Ok(print_no)
    }

    /// Reads verify_code_md5: 32 hex digits in the layout's case.
    pub fn verify_code(&mut self) -> Result<VerifyCode, Malformed> {
        const FIELD: &str = "verify_code_md5";
        let offset = self.offset;
        let text = self.secret_code(FIELD, TEXT_33)?;
        let digit = |byte: u8| match (byte, self.encodings.md5_case) {
            (b'0'..=b'9', _) => Some(byte - b'0'),
            (b'a'..=b'f', HexCase::Lower) => Some(byte - b'a' + 10),
            (b'A'..=b'F', HexCase::Upper) => Some(byte - b'A' + 10),
            _ => None,
        };
        let (pairs, _) = text.as_bytes().as_chunks::<2>();
        let bytes: Option<Vec<u8>> =
            pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
        let code = bytes.filter(|_| text.len() == 32).and_then(|bytes| bytes.first_chunk().copied());
        let case = match self.encodings.md5_case {
            HexCase::Lower => "lower",
            HexCase::Upper => "upper",
        };
        code.map(VerifyCode::from_bytes)
            .ok_or_else(|| self.wrong(FIELD, offset, MalformedReason::NotMd5(case)))
    }

    /// Reads a name leniently, see [`read_name`].
    pub fn name(&mut self, field: &'static str, size: usize) -> Result<String, Malformed> {
        let (taken, offset) = self.take(field, size)?;
        let (name, replaced) = read_name(taken, self.encodings.charset);
        if replaced > 0 {
            self.notes.push(Note { field, entry: self.entry, offset, replaced });
        }
        self.watch.field(field, self.entry, offset, size, Seen::Text(&name));
        Ok(name)
    }

    /// Reads a datetime, which must lie within 2000 to 2099 in local time.
    pub fn datetime(&mut self, field: &'static str) -> Result<Timestamp, Malformed> {
        let size = self.encodings.datetime.size();
        let (taken, offset) = self.take(field, size)?;
        let order = self.encodings.byte_order;
        let at = match self.encodings.datetime {
            // 4 bytes as an unsigned number cannot be negative; 8 bytes can.
            DateForm::Unix32 | DateForm::Unix64 => {
                Timestamp::from_second(order.number(taken).cast_signed()).ok()
            }
            DateForm::Text14 | DateForm::Text19 => self.text_datetime(taken),
        };
        let year = at.map(|at| self.timezone.to_datetime(at).year());
        match at.filter(|_| year.is_some_and(|year| (2000..=2099).contains(&year))) {
            Some(at) => {
                self.watch.field(field, self.entry, offset, size, Seen::Date(at));
                Ok(at)
            }
            None => Err(self.wrong(field, offset, MalformedReason::NotDate)),
        }
    }

    fn text_datetime(&self, text: &[u8]) -> Option<Timestamp> {
        let form: &[u8] = match self.encodings.datetime {
            DateForm::Text19 => b"dddd-dd-dd dd:dd:dd",
            _ => b"dddddddddddddd",
        };
        let fits = |(byte, form): (&u8, &u8)| match form {
            b'd' => byte.is_ascii_digit(),
            other => byte == other,
        };
        if text.len() != form.len() || !text.iter().zip(form).all(fits) {
            return None;
        }
        let digits: Vec<i16> =
            text.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| i16::from(byte - b'0')).collect();
        let (year, rest) = digits.split_first_chunk::<4>()?;
        let year = year.iter().fold(0, |year, digit| year * 10 + digit);
        let (pairs, _) = rest.as_chunks::<2>();
        let [month, day, hour, minute, second] = *pairs.first_chunk::<5>()?;
        let two = |[tens, ones]: [i16; 2]| i8::try_from(tens * 10 + ones).ok();
        let local =
            DateTime::new(year, two(month)?, two(day)?, two(hour)?, two(minute)?, two(second)?, 0).ok()?;
        self.timezone.to_ambiguous_timestamp(local).compatible().ok()
    }

    /// Reads a price, in yuan or fen by the layout, to the nearest fen.
    pub fn decimal(&mut self, field: &'static str) -> Result<Cents, Malformed> {
        let size = self.encodings.decimal.size();
        let offset = self.offset;
        let order = self.encodings.byte_order;
        let fen = match self.encodings.decimal {
            DecimalForm::F32 => f64::from(f32::from_be_bytes(order.arrange(self.array(field)?.0))) * 100.0,
            DecimalForm::F64 => f64::from_be_bytes(order.arrange(self.array(field)?.0)) * 100.0,
            DecimalForm::Cents32 => f64::from(i32::from_be_bytes(order.arrange(self.array(field)?.0))),
        };
        let why = if fen.is_nan() {
            MalformedReason::NotNumber
        } else if fen < 0.0 {
            MalformedReason::Negative
        } else if fen > f64::from(PRICE_MAX) {
            MalformedReason::Absurd
        } else {
            // In range: the cast cannot lose anything but the fraction.
            let price = Cents(fen.round() as u32);
            self.watch.field(field, self.entry, offset, size, Seen::Money(price));
            return Ok(price);
        };
        Err(self.wrong(field, offset, why))
    }

    /// Ends the body.
    ///
    /// # Errors
    /// Fails if bytes are left.
    pub fn end(self) -> Result<Vec<Note>, Malformed> {
        match self.left.len() {
            0 => Ok(self.notes),
            left => Err(Malformed {
                field: "end of message",
                entry: None,
                offset: self.offset,
                why: MalformedReason::Follows(left),
            }),
        }
    }
}
