//! Record, papers and site compared, seat by seat.

use crate::e2e::{Site, papers};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;

/// Ledger of what became of the seats.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Number of seats on paper, and so recorded.
    pub printed: u64,
    /// Number of seats that may or may not have come out.
    pub uncertain: u64,
    /// Number of seats owed by the kiosk.
    pub owed: u64,
    /// Number of seats of bookings of which the record holds nothing, and nothing came out.
    pub untouched: u64,
    /// Number of papers that are pieces.
    pub torn: u64,
    /// Everything found that must not be.
    pub violations: Vec<String>,
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { printed, uncertain, owed, untouched, torn, violations } = self;
        write!(
            f,
            "seats: {printed} printed, {uncertain} uncertain, {owed} owed, {untouched} untouched; {torn} torn papers; \
             violations {}",
            violations.len()
        )
    }
}

/// Number of papers that have a code.
#[derive(Debug, Default, Clone, Copy)]
struct Appearances {
    whole: u32,
    torn: u32,
}

impl Ledger {
    /// Compares the seats of these bookings.
    pub fn of(site: &Site, pickups: &[Value], numbers: &[u32]) -> Self {
        let mut ledger = Self::default();
        let mut on_paper: HashMap<String, Appearances> = HashMap::new();
        for paper in papers(&site.papers()) {
            ledger.torn += u64::from(paper.torn);
            for code in paper.codes {
                let found = on_paper.entry(code).or_default();
                if paper.torn { found.torn += 1 } else { found.whole += 1 }
            }
        }
        let bookings: HashMap<u64, Value> = site
            .bookings()
            .into_iter()
            .map(|booking| (booking["number"].as_u64().unwrap(), booking))
            .collect();
        for number in numbers {
            let text = number.to_string();
            let newest = pickups.iter().rev().find(|pickup| {
                pickup["booking_number"] == text.as_str() && !pickup["tickets"].as_array().unwrap().is_empty()
            });
            let booking = &bookings[&u64::from(*number)];
            ledger.booking(*number, newest, booking, &site.info_codes(*number), &mut on_paper);
        }
        for code in on_paper.keys() {
            ledger.violations.push(format!("a code nobody sold is on paper: {}…", &code[..8]));
        }
        ledger
    }

    fn booking(
        &mut self,
        number: u32,
        newest: Option<&Value>,
        booking: &Value,
        codes: &[(String, String)],
        on_paper: &mut HashMap<String, Appearances>,
    ) {
        let mut to_report = false;
        for (seat, code) in codes {
            let tickets = newest.and_then(|pickup| pickup["tickets"].as_array());
            let ticket = tickets.and_then(|all| all.iter().find(|ticket| ticket["seat"] == seat.as_str()));
            let state = ticket.and_then(|ticket| ticket["state"].as_str()).unwrap_or("nothing");
            let found = on_paper.remove(code).unwrap_or_default();
            let right = match state {
                "printed" => found.whole == 1 && found.torn == 0,
                "uncertain" => found.whole + found.torn <= 1,
                "reserved" | "nothing" => found.whole + found.torn == 0,
                _ => false,
            };
            match state {
                "printed" => self.printed += 1,
                "uncertain" => self.uncertain += 1,
                "reserved" => self.owed += 1,
                _ => self.untouched += 1,
            }
            to_report |= ["printed", "uncertain"].contains(&state);
            if !right {
                self.violations.push(format!("booking {number}, {seat}: {state}, and on paper {found:?}"));
            }
        }
        let reports = booking["reports"].as_u64().unwrap();
        if to_report != (reports > 0) {
            self.violations
                .push(format!("booking {number}: to be reported: {to_report}, reports: {reports}"));
        }
        if to_report && booking["issued"] != true {
            self.violations.push(format!("booking {number}: printed without an issue"));
        }
    }
}
