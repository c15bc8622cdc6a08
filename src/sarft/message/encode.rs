//! Encoding: a [`Message`] to the bytes of its body.

use super::text::{write_code, write_name};
use super::{Message, PRINT_NO, TEXT_33, TicketRecord, VerifyCode};
use crate::sarft::malformed::{Malformed, MalformedReason};
use crate::sarft::wire::{ByteOrder, DateForm, DecimalForm, Encodings, HexCase};
use crate::ticket::Cents;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A body being written.
struct Body<'a> {
    out: Vec<u8>,
    offset: usize,
    entry: Option<usize>,
    encodings: &'a Encodings,
    timezone: &'a TimeZone,
}

impl Message {
    /// Encodes the body of a frame, which begins at `offset` in it.
    ///
    /// # Errors
    /// The first field whose place cannot hold its value: a code that is too long or not printable ASCII, a print_no
    /// that is not 16 digits, an empty username, a date the form cannot express, more than 255 entries.
    pub fn encode(
        &self,
        encodings: &Encodings,
        timezone: &TimeZone,
        offset: usize,
    ) -> Result<Vec<u8>, Malformed> {
        let mut body = Body { out: Vec::new(), offset, entry: None, encodings, timezone };
        match self {
            Self::Authenticate { username, password } => {
                if username.is_empty() {
                    return Err(body.wrong("username", MalformedReason::Empty));
                }
                body.code("username", username, TEXT_33)?;
                body.code("password", password.expose(), TEXT_33)?;
            }
            Self::AuthenticateReply { return_value } | Self::ReportReply { return_value } => {
                body.out.push(*return_value);
            }
            Self::Query { print_nos } | Self::Report { print_nos } => {
                body.list(print_nos, |body, print_no| body.print_no(print_no))?;
            }
            Self::QueryReply { return_value, records } => {
                body.out.push(*return_value);
                body.list(records, Body::record)?;
            }
            Self::Issue { entries } => body.list(entries, |body, entry| {
                body.print_no(&entry.print_no)?;
                body.verify_code(&entry.verify_code)
            })?,
            Self::IssueReply { entries } => body.list(entries, |body, entry| {
                body.print_no(&entry.print_no)?;
                body.out.push(entry.return_value);
                Ok(())
            })?,
        }
        Ok(body.out)
    }
}

impl Body<'_> {
    fn wrong(&self, field: &'static str, why: MalformedReason) -> Malformed {
        Malformed { field, entry: self.entry, offset: self.offset + self.out.len(), why }
    }

    fn list<T>(
        &mut self,
        entries: &[T],
        mut write: impl FnMut(&mut Self, &T) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        let count = u8::try_from(entries.len())
            .map_err(|_| self.wrong("ticket_count", MalformedReason::TooMany(entries.len())))?;
        self.out.push(count);
        for (index, entry) in entries.iter().enumerate() {
            self.entry = Some(index + 1);
            write(self, entry)?;
        }
        self.entry = None;
        Ok(())
    }

    fn code(&mut self, field: &'static str, code: &str, size: usize) -> Result<(), Malformed> {
        write_code(code, size, &mut self.out).map_err(|why| self.wrong(field, why))
    }

    fn print_no(&mut self, print_no: &str) -> Result<(), Malformed> {
        if print_no.len() != PRINT_NO - 1 || !print_no.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.wrong("print_no", MalformedReason::NotPrintNo));
        }
        self.code("print_no", print_no, PRINT_NO)
    }

    fn verify_code(&mut self, code: &VerifyCode) -> Result<(), Malformed> {
        let lower = hex_lower(code.expose());
        let text = match self.encodings.md5_case {
            HexCase::Lower => lower,
            HexCase::Upper => lower.to_ascii_uppercase(),
        };
        self.code("verify_code_md5", &text, TEXT_33)
    }

    fn name(&mut self, name: &str, size: usize) {
        write_name(name, self.encodings.charset, size, &mut self.out);
    }

    fn record(&mut self, record: &TicketRecord) -> Result<(), Malformed> {
        let ticket = &record.ticket;
        self.print_no(&record.print_no)?;
        self.code("ticket_info_code", &ticket.info_code, 181)?;
        self.code("cinema_code", &ticket.cinema_code, 9)?;
        self.name(&ticket.cinema_name, 64);
        self.code("screen_code", &ticket.screen_code, 17)?;
        self.name(&ticket.screen_name, 64);
        self.code("film_code", &ticket.film_code, 13)?;
        self.name(&ticket.film_name, 64);
        self.code("session_code", &ticket.session_code, 17)?;
        self.datetime(ticket.session_at)?;
        self.code("code", &ticket.code, 17)?;
        self.code("seat_code", &ticket.seat_code, 17)?;
        self.name(&ticket.seat_name, 32);
        self.decimal("price", ticket.price)?;
        self.decimal("service", ticket.service)?;
        self.out.push(ticket.printed.into());
        Ok(())
    }

    fn datetime(&mut self, at: Timestamp) -> Result<(), Malformed> {
        let order = self.encodings.byte_order;
        let seconds = at.as_second();
        let local = self.timezone.to_datetime(at);
        match self.encodings.datetime {
            DateForm::Unix32 => {
                let seconds = u32::try_from(seconds).map_err(|_| {
                    self.wrong("session_datetime", MalformedReason::DoesNotFit { value: seconds, bytes: 4 })
                })?;
                self.out.extend(order.arrange(seconds.to_be_bytes()));
            }
            DateForm::Unix64 => self.out.extend(order.arrange(seconds.to_be_bytes())),
            // A negative year would not keep the field's width.
            DateForm::Text14 | DateForm::Text19 if local.year() < 0 => {
                return Err(self.wrong("session_datetime", MalformedReason::NotDate));
            }
            DateForm::Text14 => self.out.extend(local.strftime("%Y%m%d%H%M%S").to_string().bytes()),
            DateForm::Text19 => self.out.extend(local.strftime("%Y-%m-%d %H:%M:%S").to_string().bytes()),
        }
        Ok(())
    }

    fn decimal(&mut self, field: &'static str, price: Cents) -> Result<(), Malformed> {
        let order: ByteOrder = self.encodings.byte_order;
        let yuan = f64::from(price.0) / 100.0;
        match self.encodings.decimal {
            DecimalForm::F32 => self.out.extend(order.arrange((yuan as f32).to_be_bytes())),
            DecimalForm::F64 => self.out.extend(order.arrange(yuan.to_be_bytes())),
            DecimalForm::Cents32 => {
                let fen = i32::try_from(price.0).map_err(|_| {
                    self.wrong(field, MalformedReason::DoesNotFit { value: price.0.into(), bytes: 4 })
                })?;
                self.out.extend(order.arrange(fen.to_be_bytes()));
            }
        }
        Ok(())
    }
}

fn hex_lower(bytes: &[u8]) -> String {
    crate::sarft::wire::hex(bytes).to_ascii_lowercase()
}
