//! Decoding: the bytes of a body to a [`Message`].

use super::fields::{Fields, Watch};
use super::{Command, IssueEntry, IssueResult, Message, PRINT_NO, Secret, TEXT_33, TicketRecord};
use crate::sarft::malformed::{Malformed, Note};
use crate::sarft::wire::Encodings;
use crate::ticket::Ticket;
use jiff::tz::TimeZone;

const COUNT: &str = "ticket_count";
const RETURN: &str = "return_value";

impl Message {
    /// Reads the body of a frame, which begins at `offset` in it. With `print_no` each entry of a reply must name
    /// exactly that, and 0x06 must have one entry. `watch` sees each field.
    ///
    /// # Errors
    /// The first wrong field.
    pub fn decode(
        command: Command,
        body: &[u8],
        offset: usize,
        encodings: &Encodings,
        timezone: &TimeZone,
        print_no: Option<&str>,
        watch: &mut dyn Watch,
    ) -> Result<(Self, Vec<Note>), Malformed> {
        let mut fields = Fields::new(body, offset, encodings, timezone, watch);
        let message = match command {
            Command::Authenticate => Self::Authenticate {
                username: fields.code("username", TEXT_33)?,
                password: Secret::new(fields.secret_code("password", TEXT_33)?),
            },
            Command::AuthenticateReply => Self::AuthenticateReply { return_value: fields.byte(RETURN)? },
            Command::ReportReply => Self::ReportReply { return_value: fields.byte(RETURN)? },
            Command::Query => Self::Query { print_nos: print_nos(&mut fields)? },
            Command::Report => Self::Report { print_nos: print_nos(&mut fields)? },
            Command::QueryReply => Self::QueryReply {
                return_value: fields.byte(RETURN)?,
                records: records(&mut fields, encodings, print_no)?,
            },
            Command::Issue => {
                let count = fields.count(COUNT, PRINT_NO + TEXT_33, None)?;
                Self::Issue { entries: list(&mut fields, count, issue_entry)? }
            }
            Command::IssueReply => {
                let count = fields.count(COUNT, PRINT_NO + 1, print_no.map(|_| 1))?;
                let entry = |fields: &mut Fields<'_>| {
                    let print_no = fields.print_no(print_no)?;
                    Ok(IssueResult { print_no, return_value: fields.byte(RETURN)? })
                };
                Self::IssueReply { entries: list(&mut fields, count, entry)? }
            }
        };
        Ok((message, fields.end()?))
    }
}

fn list<T>(
    fields: &mut Fields<'_>,
    count: usize,
    mut entry: impl FnMut(&mut Fields<'_>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let mut entries = Vec::with_capacity(count);
    for number in 1..=count {
        fields.entry = Some(number);
        entries.push(entry(fields)?);
    }
    fields.entry = None;
    Ok(entries)
}

fn print_nos(fields: &mut Fields<'_>) -> Result<Vec<String>, Malformed> {
    let count = fields.count(COUNT, PRINT_NO, None)?;
    list(fields, count, |fields| fields.print_no(None))
}

fn issue_entry(fields: &mut Fields<'_>) -> Result<IssueEntry, Malformed> {
    Ok(IssueEntry { print_no: fields.print_no(None)?, verify_code: fields.verify_code()? })
}

fn records(
    fields: &mut Fields<'_>,
    encodings: &Encodings,
    print_no: Option<&str>,
) -> Result<Vec<TicketRecord>, Malformed> {
    let count = fields.count(COUNT, TicketRecord::size(encodings), None)?;
    list(fields, count, |fields| record(fields, print_no))
}

impl TicketRecord {
    /// Returns the size of a record on the wire, in bytes.
    pub fn size(encodings: &Encodings) -> usize {
        let fixed = PRINT_NO + 181 + 9 + 64 + 17 + 64 + 13 + 64 + 17 + 17 + 17 + 32 + 1;
        fixed + encodings.datetime.size() + 2 * encodings.decimal.size()
    }
}

fn record(fields: &mut Fields<'_>, print_no: Option<&str>) -> Result<TicketRecord, Malformed> {
    let print_no = fields.print_no(print_no)?;
    // Struct fields are evaluated in the order written, which is that of the wire.
    let ticket = Ticket {
        info_code: fields.secret_code("ticket_info_code", 181)?.trim_end().to_owned(),
        cinema_code: fields.code("cinema_code", 9)?,
        cinema_name: fields.name("cinema_name", 64)?,
        screen_code: fields.code("screen_code", 17)?,
        screen_name: fields.name("screen_name", 64)?,
        film_code: fields.code("film_code", 13)?,
        film_name: fields.name("film_name", 64)?,
        session_code: fields.code("session_code", 17)?,
        session_at: fields.datetime("session_datetime")?,
        code: fields.code("code", 17)?,
        seat_code: fields.code("seat_code", 17)?,
        seat_name: fields.name("seat_name", 32)?,
        price: fields.decimal("price")?,
        service: fields.decimal("service")?,
        printed: fields.flag("print_flag")?,
    };
    Ok(TicketRecord { print_no, ticket })
}
