//! What the cinema allows, told from the site's records before anything is issued.

use super::machine::Policy;
use super::state::Why;
use crate::ticket::Ticket;
use jiff::Timestamp;
use std::collections::HashSet;

/// No two records are the same seat.
pub(super) fn seats_differ(tickets: &[Ticket]) -> bool {
    let mut seen = HashSet::new();
    tickets.iter().all(|ticket| seen.insert(ticket.key()))
}

/// Why these tickets are not to be issued here and now, if there is a reason.
pub(super) fn objection(policy: &Policy, tickets: &[Ticket], now: Timestamp) -> Option<Why> {
    if let Some(code) = &policy.national_code
        && tickets.iter().any(|ticket| other_cinema(ticket, code))
    {
        return Some(Why::OtherCinema);
    }
    let now_s = now.as_second();
    let starts: Vec<i64> = tickets.iter().map(|ticket| ticket.session_at.as_second()).collect();
    // A booking of several sessions is too late only when all of them are, too early likewise.
    let late = |minutes: u32| starts.iter().all(|at| now_s > at + i64::from(minutes) * 60);
    let early = |hours: u32| starts.iter().all(|at| now_s < at - i64::from(hours) * 3_600);
    if policy.late_minutes.is_some_and(late) {
        return Some(Why::TooLate);
    }
    policy.earliest_hours.is_some_and(early).then_some(Why::TooEarly)
}

fn other_cinema(ticket: &Ticket, code: &str) -> bool {
    let info = ticket.info_code.get(..8);
    ticket.cinema_code != code || info.is_some_and(|info| info != code)
}
