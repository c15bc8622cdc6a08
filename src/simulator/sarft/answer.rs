//! A request to the simulated cinema's answer. Pure.

use crate::sarft::message::{IssueEntry, IssueResult, Message, TicketRecord, VerifyCode};
use crate::simulator::cinema::Cinema;
use crate::ticket::BookingNumber;

/// What the service answers when it cannot make sense of a booking.
const UNKNOWN_ERROR: u8 = 2;

/// What the cinema does with a request other than the sign-in, and answers: with the value it is `told`, where
/// it is; a query with `empty_codes` without any ticket_info_code.
pub(super) fn answer(cinema: &mut Cinema, request: &Message, told: Option<u8>, empty_codes: bool) -> Message {
    let acts = told.is_none_or(|value| value == 0);
    match request {
        Message::Query { print_nos } => {
            let mut records: Vec<TicketRecord> =
                if acts { print_nos.iter().flat_map(|no| records(cinema, no)).collect() } else { Vec::new() };
            if empty_codes {
                records.iter_mut().for_each(|record| record.ticket.info_code.clear());
            }
            Message::QueryReply { return_value: told.unwrap_or(0), records }
        }
        Message::Issue { entries } => {
            let result = |entry: &IssueEntry| {
                let done = if acts { issue(cinema, entry) } else { UNKNOWN_ERROR };
                IssueResult { print_no: entry.print_no.clone(), return_value: told.unwrap_or(done) }
            };
            Message::IssueReply { entries: entries.iter().map(result).collect() }
        }
        Message::Report { print_nos } => {
            let report = |no: &String| match BookingNumber::parse(no) {
                Some(number) if acts => cinema.report(number),
                _ => UNKNOWN_ERROR,
            };
            let worst = print_nos.iter().map(report).max().unwrap_or(UNKNOWN_ERROR);
            Message::ReportReply { return_value: told.unwrap_or(worst) }
        }
        // The caller lets requests pass only, and signs in by itself.
        _ => Message::AuthenticateReply { return_value: UNKNOWN_ERROR },
    }
}

fn records(cinema: &Cinema, print_no: &str) -> Vec<TicketRecord> {
    let tickets = BookingNumber::parse(print_no).map(|number| cinema.query(number)).unwrap_or_default();
    tickets.into_iter().map(|ticket| TicketRecord { print_no: print_no.to_owned(), ticket }).collect()
}

fn issue(cinema: &mut Cinema, entry: &IssueEntry) -> u8 {
    let Some(number) = BookingNumber::parse(&entry.print_no) else { return UNKNOWN_ERROR };
    cinema.issue(number, |id| VerifyCode::of(id) == entry.verify_code)
}

/// Makes a reply name another booking than the one asked for.
pub(super) fn for_the_next_booking(reply: &mut Message) {
    let next = |print_no: &mut String| {
        let number: u64 = print_no.parse().unwrap_or(0);
        *print_no = format!("{:016}", number.wrapping_add(1) % 10_000_000_000_000_000);
    };
    match reply {
        Message::QueryReply { records, .. } => {
            records.iter_mut().for_each(|record| next(&mut record.print_no))
        }
        Message::IssueReply { entries } => entries.iter_mut().for_each(|entry| next(&mut entry.print_no)),
        _ => {}
    }
}
