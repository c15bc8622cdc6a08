//! Answers of the simulated on-site service to requests. Pure.

use super::faults::ListFaults;
use crate::sarft::message::{IssueEntry, IssueResult, Message, TicketRecord, VerifyCode};
use crate::simulator::cinema::Cinema;
use crate::ticket::{BookingNumber, Ticket};
use std::collections::HashMap;

/// Return value of the service if it cannot interpret a booking.
const UNKNOWN_ERROR: u8 = 2;

/// Each booking's list as last seen, and as it was before its last change. Holds no more bookings than the cinema.
#[derive(Debug, Default)]
pub(super) struct Seen(HashMap<BookingNumber, Lists>);

#[derive(Debug)]
struct Lists {
    last: Vec<Ticket>,
    before: Option<Vec<Ticket>>,
}

impl Seen {
    /// Records a booking's list, before anything is done with it.
    fn note(&mut self, cinema: &Cinema, number: BookingNumber) {
        if cinema.find(number).is_none() {
            return;
        }
        let now = cinema.query(number);
        let lists = self.0.entry(number).or_insert_with(|| Lists { last: now.clone(), before: None });
        if lists.last != now {
            lists.before = Some(std::mem::replace(&mut lists.last, now));
        }
    }

    /// Returns the list before its last change.
    fn before(&self, number: BookingNumber) -> Option<&Vec<Ticket>> {
        self.0.get(&number)?.before.as_ref()
    }
}

/// Carries out a request other than the sign-in and answers it: with the return value `told`, if there is one; a query
/// with the faults of its `list`. `seen` has the earlier answers of the service.
pub(super) fn answer(
    cinema: &mut Cinema,
    seen: &mut Seen,
    request: &Message,
    told: Option<u8>,
    list: ListFaults,
) -> Message {
    let acts = told.is_none_or(|value| value == 0);
    match request {
        Message::Query { print_nos } => {
            let mut records: Vec<TicketRecord> = if acts {
                print_nos.iter().flat_map(|no| records(cinema, seen, no, list)).collect()
            } else {
                Vec::new()
            };
            if list.without_codes {
                records.iter_mut().for_each(|record| record.ticket.info_code.clear());
            }
            Message::QueryReply { return_value: told.unwrap_or(0), records }
        }
        Message::Issue { entries } => {
            let result = |entry: &IssueEntry| {
                let done = if acts { issue(cinema, seen, entry) } else { UNKNOWN_ERROR };
                IssueResult { print_no: entry.print_no.clone(), return_value: told.unwrap_or(done) }
            };
            Message::IssueReply { entries: entries.iter().map(result).collect() }
        }
        Message::Report { print_nos } => {
            let report = |no: &String| match BookingNumber::parse(no) {
                Some(number) if acts => {
                    seen.note(cinema, number);
                    cinema.report(number)
                }
                _ => UNKNOWN_ERROR,
            };
            let worst = print_nos.iter().map(report).max().unwrap_or(UNKNOWN_ERROR);
            Message::ReportReply { return_value: told.unwrap_or(worst) }
        }
        // The caller passes only requests, and handles the sign-in itself.
        _ => Message::AuthenticateReply { return_value: UNKNOWN_ERROR },
    }
}

fn records(cinema: &Cinema, seen: &mut Seen, print_no: &str, list: ListFaults) -> Vec<TicketRecord> {
    let Some(number) = BookingNumber::parse(print_no) else { return Vec::new() };
    seen.note(cinema, number);
    let mut tickets = match seen.before(number).filter(|_| list.stale) {
        Some(stale) => stale.clone(),
        None => cinema.query(number),
    };
    if list.short {
        tickets.pop();
    }
    tickets.into_iter().map(|ticket| TicketRecord { print_no: print_no.to_owned(), ticket }).collect()
}

fn issue(cinema: &mut Cinema, seen: &mut Seen, entry: &IssueEntry) -> u8 {
    let Some(number) = BookingNumber::parse(&entry.print_no) else { return UNKNOWN_ERROR };
    seen.note(cinema, number);
    cinema.issue(number, |id| VerifyCode::of(id) == entry.verify_code)
}

/// Changes the booking number of a reply to the next one.
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
