//! Probes that find out which kind of site it is: the requests sent about a fresh booking, turn by turn, and their
//! timing. Each call takes the answers and returns the next request; [`findings`] draws the conclusions. Pure: time is
//! an input.
//!
//! Every probe has a booking of its own, so that none disturbs another. No ticket issued by a probe is printed.

pub mod findings;

use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Time for which flags are watched after an issue or a report, in milliseconds.
pub const WATCH_MS: u64 = 3_000;
/// Interval between two of those queries, in milliseconds.
const LOOK_EVERY_MS: u64 = 250;
/// Interval between two tries that narrow down when a claim lapses, in milliseconds.
const TRY_EVERY_MS: u64 = 1_000;
/// Times for which claims are left alone, in milliseconds: the first always, the others on demand.
pub const LAPSES_MS: [u64; 3] = [5_000, 65_000, 305_000];
/// Most turns of one probe.
const TURNS_MAX: usize = 64;

/// One turn of a probe: requests sent to the site without anything in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// 0x03.
    Look,
    /// 0x03, 0x05.
    Issue,
    /// 0x03, 0x05 on a new connection, signed in anew.
    IssueAnew,
    /// 0x07.
    Report,
}

/// Answer of the site in one turn.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Heard {
    /// The 0x04, where one came.
    pub list: Option<List>,
    /// The return value of the 0x06 or 0x08, where one came.
    pub value: Option<u8>,
    /// Reason why the turn stopped early.
    pub trouble: Option<String>,
}

/// A 0x04.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// 0 for success.
    pub return_value: u8,
    /// Name and print_flag of each seat, in the site's order.
    pub seats: Vec<(String, bool)>,
}

impl List {
    /// True if the flag of every seat is set.
    pub fn all_flagged(&self) -> bool {
        !self.seats.is_empty() && self.seats.iter().all(|(_, flag)| *flag)
    }

    /// True if the flag of at least one seat is set.
    pub fn any_flagged(&self) -> bool {
        self.seats.iter().any(|(_, flag)| *flag)
    }
}

/// A turn that has been taken. Times are milliseconds from any common start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request sent.
    pub ask: Ask,
    /// Time just before the request was sent.
    pub sent_ms: u64,
    /// Time just after the answer arrived.
    pub heard_ms: u64,
    /// The answer.
    pub heard: Heard,
}

/// Question that a probe answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Are flags set after 0x05, and when?
    FlagsAtIssue,
    /// Answer to a second 0x05 at once, on a new connection.
    SecondIssue,
    /// Answer to a second 0x05 after so many milliseconds without any request.
    Lapse(u64),
    /// Time within so many milliseconds at which a second 0x05 is accepted: tried each second.
    Narrow(u64),
    /// Are flags set after 0x07, and when? And what does an 0x05 get then?
    Report,
}

impl Kind {
    /// Name of the probe in a report.
    pub fn name(self) -> String {
        match self {
            Self::FlagsAtIssue => "print_flag after 0x05".into(),
            Self::SecondIssue => "a second 0x05 at once, on a new connection".into(),
            Self::Lapse(after_ms) => format!("a second 0x05 after {} s", after_ms / 1_000),
            Self::Narrow(_) => "a second 0x05 each second, until the claim lapses".into(),
            Self::Report => "print_flag after 0x07, and an 0x05 then".into(),
        }
    }
}

/// Next step of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Take this turn.
    Ask(Ask),
    /// Wait until this time.
    At(u64),
    /// The probe has ended.
    Done,
}

/// A probe on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Question that the probe answers.
    pub kind: Kind,
    /// Turns taken so far.
    pub turns: Vec<Exchange>,
}

impl Probe {
    /// Creates a probe that has not begun.
    pub fn new(kind: Kind) -> Self {
        Self { kind, turns: Vec::new() }
    }

    /// Adds a turn that has been taken.
    pub fn take(&mut self, turn: Exchange) {
        self.turns.push(turn);
    }

    /// Returns the next step. A first 0x05 that is not accepted, or a missing answer, ends the probe.
    pub fn next(&self, now_ms: u64) -> Next {
        let Some(last) = self.turns.last() else { return Next::Ask(Ask::Issue) };
        let Some(claim) = self.claim() else { return Next::Done };
        if last.heard.trouble.is_some() || self.turns.len() >= TURNS_MAX {
            return Next::Done;
        }
        match self.kind {
            Kind::FlagsAtIssue => self.watch(claim.heard_ms, now_ms).map_or(Next::Done, |next| next),
            Kind::SecondIssue if last.ask == Ask::Issue => Next::Ask(Ask::IssueAnew),
            Kind::Lapse(after_ms) if last.ask == Ask::Issue => {
                due(claim.heard_ms.saturating_add(after_ms), now_ms, Ask::IssueAnew)
            }
            Kind::Narrow(until_ms) => self.narrow(claim, until_ms, now_ms),
            Kind::Report => self.after_report(last, now_ms),
            Kind::SecondIssue | Kind::Lapse(_) => Next::Done,
        }
    }

    /// The first 0x05, where it was accepted.
    pub fn claim(&self) -> Option<&Exchange> {
        self.turns.first().filter(|turn| turn.heard.value == Some(0))
    }

    /// The 0x07, where it was accepted.
    pub fn report(&self) -> Option<&Exchange> {
        self.turns.iter().find(|turn| turn.ask == Ask::Report && turn.heard.value == Some(0))
    }

    /// Queries until every flag is set or the watch time is over; then `None`.
    fn watch(&self, from_ms: u64, now_ms: u64) -> Option<Next> {
        let last = self.turns.last().filter(|turn| turn.ask == Ask::Look);
        let Some(last) = last else { return Some(Next::Ask(Ask::Look)) };
        let all = last.heard.list.as_ref().is_some_and(List::all_flagged);
        let over = last.sent_ms.saturating_sub(from_ms) >= WATCH_MS;
        (!all && !over).then(|| due(last.sent_ms.saturating_add(LOOK_EVERY_MS), now_ms, Ask::Look))
    }

    fn narrow(&self, claim: &Exchange, until_ms: u64, now_ms: u64) -> Next {
        let tries = self.turns.iter().skip(1);
        let lapsed = tries.clone().any(|turn| turn.heard.value == Some(0));
        let next_ms = TRY_EVERY_MS.saturating_mul(tries.count() as u64 + 1);
        if lapsed || next_ms > until_ms {
            return Next::Done;
        }
        due(claim.heard_ms.saturating_add(next_ms), now_ms, Ask::IssueAnew)
    }

    fn after_report(&self, last: &Exchange, now_ms: u64) -> Next {
        match (last.ask, self.report()) {
            (Ask::Issue, _) => Next::Ask(Ask::Report),
            (Ask::Report | Ask::Look, Some(report)) => {
                self.watch(report.heard_ms, now_ms).unwrap_or(Next::Ask(Ask::IssueAnew))
            }
            _ => Next::Done,
        }
    }

    /// Observations, one for each change: milliseconds since the first 0x05 was sent, and the answer.
    pub fn saw(&self) -> Vec<(u64, String)> {
        let begun_ms = self.turns.first().map_or(0, |turn| turn.sent_ms);
        let mut lines: Vec<(u64, String)> = Vec::new();
        let mut shown = String::new();
        for (index, turn) in self.turns.iter().enumerate() {
            let at_ms = turn.heard_ms.saturating_sub(begun_ms);
            if let Some(list) = &turn.heard.list {
                let now = describe(list);
                let next = self.turns.get(index + 1);
                if now != shown {
                    lines.push((at_ms, format!("0x03 {now}")));
                    shown = now;
                } else if turn.ask == Ask::Look && next.is_none_or(|next| next.ask != Ask::Look) {
                    lines.push((at_ms, "0x03 unchanged".into()));
                }
            }
            let request = if turn.ask == Ask::Report { "0x07" } else { "0x05" };
            if let Some(value) = turn.heard.value {
                lines.push((at_ms, format!("{request} answered {value}")));
            }
            if let Some(trouble) = &turn.heard.trouble {
                lines.push((at_ms, trouble.clone()));
            }
        }
        lines
    }

    /// The observations in one line.
    ///
    /// # Errors
    /// Fails with that line if the site did not answer, or did not accept the first 0x05 or the 0x07.
    pub fn words(&self) -> Result<String, String> {
        let mut text = String::new();
        for (index, (at_ms, line)) in self.saw().iter().enumerate() {
            let comma = if index == 0 { "" } else { "; " };
            // Writing into a String never fails.
            let _ = write!(text, "{comma}{} s {line}", seconds(*at_ms));
        }
        let stuck = self.turns.iter().any(|turn| turn.heard.trouble.is_some());
        let unreported = self.kind == Kind::Report && self.report().is_none();
        if stuck || self.claim().is_none() || unreported { Err(text) } else { Ok(text) }
    }
}

/// Formats milliseconds as seconds with one decimal.
pub fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1_000, ms % 1_000 / 100)
}

fn due(at_ms: u64, now_ms: u64, ask: Ask) -> Next {
    if now_ms >= at_ms { Next::Ask(ask) } else { Next::At(at_ms) }
}

fn describe(list: &List) -> String {
    if list.return_value != 0 {
        return format!("answered {}", list.return_value);
    }
    let flag = |(seat, flag): &(String, bool)| format!("{seat} {}", u8::from(*flag));
    let seats: Vec<String> = list.seats.iter().map(flag).collect();
    if seats.is_empty() { "no seats".into() } else { format!("print_flag {}", seats.join(", ")) }
}

#[cfg(test)]
mod tests;
