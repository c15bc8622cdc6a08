//! Monitoring: the answers to `/healthz` and `/metrics`, the latter by Prometheus's conventions.

use crate::fault_code::FaultCode;
use crate::journal::record::{Entry, PickupId, RecordStep};
use crate::maintenance::faults::{self, Severity};
use crate::ticket::{Outcome, SeatKey, SeatState};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// Time of silence after which the site counts as out of order.
pub const SILENCE: Duration = Duration::from_secs(60);
/// Upper bounds of the buckets of a duration, in seconds: from an exchange on the cinema's own network to a pickup that
/// waited for paper.
const BUCKETS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 45.0, 90.0];
/// Prefix of every metric's name.
const PREFIX: &str = "pickup_kiosk";

/// An exchange with the site, timed for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SiteStep {
    /// Connecting and 0x01.
    SignIn,
    /// 0x03.
    Query,
    /// 0x05.
    Issue,
    /// 0x07.
    Report,
}

impl SiteStep {
    /// Name of the exchange in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Query => "query",
            Self::Issue => "issue",
            Self::Report => "report",
        }
    }
}

/// Name of the only step without an exchange: a ticket at the printer.
const PRINT: &str = "print";
/// Names of all steps, in order.
const STEPS: [&str; 5] = ["sign_in", "query", "issue", PRINT, "report"];

/// State of the paper supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// The printer doesn't report it.
    #[default]
    Unknown,
    /// The roll is not near its end.
    Enough,
    /// The roll is near its end.
    Low,
    /// The roll has ended.
    Out,
}

impl Paper {
    const ALL: [(Self, &str); 4] =
        [(Self::Enough, "enough"), (Self::Low, "low"), (Self::Out, "out"), (Self::Unknown, "unknown")];
}

/// State of the kiosk for monitoring.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Monitor {
    /// Code of the fault that stops the printer.
    pub printer: Option<FaultCode>,
    /// Every condition of the printer, by code, with true if it holds; also those that don't stop it.
    pub conditions: Vec<(FaultCode, bool)>,
    /// State of the paper supply.
    pub paper: Paper,
    /// Time since which the site has not answered, on the workflow's clock.
    pub site_silent_since: Option<Duration>,
    /// True if the journal took the last record.
    pub journal_ok: bool,
    /// Number of reports that the site has not accepted yet.
    pub backlog: usize,
    /// Number of codes refused because a pickup was running.
    pub refused_scans: u64,
    /// Counters since the start.
    pub tally: Tally,
    /// Codes of all current faults.
    pub faults: Vec<FaultCode>,
}

/// Counters of records that are on disk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    pickups: BTreeMap<&'static str, u64>,
    seats: BTreeMap<&'static str, u64>,
    reports: u64,
    pickup: Durations,
    steps: BTreeMap<&'static str, Durations>,
    at_printer: Option<(PickupId, SeatKey, Timestamp)>,
}

/// A histogram of durations.
#[derive(Debug, Clone, Default, PartialEq)]
struct Durations {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum: f64,
}

impl Durations {
    fn add(&mut self, seconds: f64) {
        for (bucket, end) in self.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= end);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

impl Tally {
    /// Counts an exchange that the site answered, with its duration.
    pub fn took(&mut self, step: SiteStep, took: Duration) {
        self.step(step.name(), took.as_secs_f64());
    }

    fn step(&mut self, name: &'static str, seconds: f64) {
        self.steps.entry(name).or_default().add(seconds);
    }

    /// Counts a record that is on disk.
    pub fn count(&mut self, entry: &Entry) {
        match &entry.step {
            RecordStep::Ended { outcome, duration_ms, .. } => {
                *self.pickups.entry(outcome.name()).or_default() += 1;
                self.pickup.add(Duration::from_millis(*duration_ms).as_secs_f64());
            }
            RecordStep::Seat { seat, state, .. } => self.seat(entry, seat, *state),
            RecordStep::Reported { .. } => self.reports += 1,
            _ => {}
        }
    }

    fn seat(&mut self, entry: &Entry, seat: &SeatKey, state: SeatState) {
        if state == SeatState::Printing {
            self.at_printer = Some((entry.pickup.clone(), seat.clone(), entry.at));
            return;
        }
        *self.seats.entry(state.name()).or_default() += 1;
        let began = self.at_printer.take_if(|(pickup, at, _)| *pickup == entry.pickup && at == seat);
        if let Some((_, _, began)) = began
            && state == SeatState::Printed
        {
            // The wall clock may have been set in between.
            self.step(PRINT, entry.at.duration_since(began).as_secs_f64().max(0.0));
        }
    }
}

/// Formats a code with its name and the action to take.
fn with_action(code: FaultCode) -> String {
    faults::row(code).line()
}

fn stops(code: FaultCode) -> bool {
    faults::row(code).severity == Severity::Stops
}

impl Monitor {
    /// Returns the reasons why the kiosk is out of service; empty if it is in service.
    pub fn reasons(&self, now: Duration) -> Vec<String> {
        let mut reasons = Vec::new();
        reasons.extend(self.printer.map(|code| format!("printer: {}", with_action(code))));
        let silent = self.site_silent_since.map(|since| now.saturating_sub(since));
        if let Some(silent) = silent.filter(|silent| *silent >= SILENCE) {
            reasons.push(format!(
                "site: silent for {} s: {}",
                silent.as_secs(),
                with_action(FaultCode::SiteSilent)
            ));
        }
        if !self.journal_ok {
            reasons.push(format!(
                "journal: the last record was not taken: {}",
                with_action(FaultCode::JournalRefused)
            ));
        }
        let told = |code: FaultCode| {
            self.printer == Some(code)
                || code == FaultCode::JournalRefused
                || self.conditions.iter().any(|(known, _)| *known == code)
        };
        let untold = self.faults.iter().copied().filter(|code| stops(*code) && !told(*code));
        reasons.extend(untold.map(with_action));
        reasons
    }

    /// Returns the faults that stop nothing, a line each.
    pub fn notes(&self) -> Vec<String> {
        let minor = self.faults.iter().copied().filter(|code| !stops(*code));
        minor.map(|code| format!("note: {}", with_action(code))).collect()
    }

    /// Returns all metrics in Prometheus's text format. `version` is the program's, with its commit in brackets.
    pub fn metrics(&self, now: Duration, version: &str) -> String {
        let mut page = Page(String::new());
        let (number, commit) = version.split_once(" (").unwrap_or((version, ""));
        page.family("build_info", "gauge", "The program.");
        let commit = commit.trim_end_matches(')');
        page.sample("build_info", &[("version", number), ("commit", commit)], 1.0);
        let in_service = f64::from(self.reasons(now).is_empty());
        page.one("in_service", "gauge", "1 when a pickup can be made.", in_service);
        self.tally.write(&mut page);
        let backlog = u32::try_from(self.backlog).map_or(f64::INFINITY, f64::from);
        page.one("report_backlog", "gauge", "Reports the site is owed.", backlog);
        let refused = whole(self.refused_scans);
        page.one("scans_refused_total", "counter", "Codes refused because a pickup was running.", refused);
        let ready = f64::from(self.printer.is_none());
        page.one("printer_ready", "gauge", "1 when nothing stops the printer.", ready);
        page.family(
            "printer_condition",
            "gauge",
            "1 for everything the printer says is the matter, by code.",
        );
        for (code, holds) in &self.conditions {
            page.sample("printer_condition", &[("code", code.as_str())], f64::from(*holds));
        }
        page.family("paper", "gauge", "1 for what is known of the paper.");
        for (paper, name) in Paper::ALL {
            page.sample("paper", &[("state", name)], f64::from(paper == self.paper));
        }
        let silent = self.site_silent_since.map_or(0.0, |since| now.saturating_sub(since).as_secs_f64());
        page.one("site_silent_seconds", "gauge", "How long the site has not answered; 0: it does.", silent);
        let journal = f64::from(self.journal_ok);
        page.one("journal_ok", "gauge", "1 when the journal took the last record.", journal);
        page.family("fault", "gauge", "1 for every code of the manual's table that is on.");
        for code in &self.faults {
            page.sample("fault", &[("code", code.as_str())], 1.0);
        }
        page.0
    }
}

impl Tally {
    fn write(&self, page: &mut Page) {
        page.family("pickups_total", "counter", "Pickups ended, by outcome.");
        for outcome in Outcome::ALL {
            let count = self.pickups.get(outcome.name()).copied().unwrap_or_default();
            page.sample("pickups_total", &[("outcome", outcome.name())], whole(count));
        }
        for (name, help, state) in [
            ("tickets_printed_total", "Tickets that came out.", SeatState::Printed),
            ("tickets_uncertain_total", "Tickets that may or may not have come out.", SeatState::Uncertain),
            ("tickets_reprinted_total", "Tickets printed again by authority.", SeatState::Reprinted),
        ] {
            let count = self.seats.get(state.name()).copied().unwrap_or_default();
            page.one(name, "counter", help, whole(count));
        }
        page.one("reports_total", "counter", "Reports the site has taken.", whole(self.reports));
        let name = "step_duration_seconds";
        page.family(name, "histogram", "Exchanges that the site answered, and tickets that came out.");
        let none = Durations::default();
        for step in STEPS {
            page.histogram(name, &[("step", step)], self.steps.get(step).unwrap_or(&none));
        }
        page.family("pickup_duration_seconds", "histogram", "From the code to the outcome.");
        page.histogram("pickup_duration_seconds", &[], &self.pickup);
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53, and the format has nothing else")]
fn whole(count: u64) -> f64 {
    count as f64
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {PREFIX}_{name} {help}\n# TYPE {PREFIX}_{name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let labels: Vec<String> =
            labels.iter().map(|(label, text)| format!("{label}=\"{}\"", quoted(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{PREFIX}_{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }

    fn histogram(&mut self, name: &str, labels: &[(&str, &str)], durations: &Durations) {
        let bucket = format!("{name}_bucket");
        let ends = BUCKETS.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
        for (end, count) in ends.zip(durations.buckets.into_iter().chain([durations.count])) {
            self.sample(&bucket, &[labels, &[("le", &end)]].concat(), whole(count));
        }
        self.sample(&format!("{name}_sum"), labels, durations.sum);
        self.sample(&format!("{name}_count"), labels, whole(durations.count));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seconds: i64, step: RecordStep) -> Entry {
        Entry { pickup: PickupId("p1".into()), at: Timestamp::from_second(seconds).unwrap(), step }
    }

    fn seat(seconds: i64, state: SeatState) -> Entry {
        let seat = SeatKey { session_code: "s".into(), seat_code: "1".into() };
        entry(seconds, RecordStep::Seat { seat, state, why: String::new() })
    }

    #[test]
    fn silence_counts_after_a_minute() {
        let mut monitor = Monitor { journal_ok: true, ..Monitor::default() };
        assert!(monitor.reasons(Duration::from_secs(99)).is_empty());
        monitor.site_silent_since = Some(Duration::from_secs(10));
        assert!(monitor.reasons(Duration::from_secs(69)).is_empty());
        let reasons = monitor.reasons(Duration::from_secs(70));
        assert!(reasons.len() == 1 && reasons[0].starts_with("site: silent for 60 s: S1 "), "{reasons:?}");
        monitor.printer = Some(FaultCode::PaperOut);
        monitor.journal_ok = false;
        assert_eq!(monitor.reasons(Duration::ZERO).len(), 2);
    }

    #[test]
    fn records_are_counted() {
        let mut tally = Tally::default();
        tally.took(SiteStep::Query, Duration::from_millis(30));
        tally.count(&seat(100, SeatState::Printing));
        tally.count(&seat(102, SeatState::Printed));
        tally.count(&entry(
            103,
            RecordStep::Ended {
                outcome: Outcome::Printed,
                claim: None,
                duration_ms: 3_000,
                why: String::new(),
                report_due: true,
                released: false,
                refused: None,
            },
        ));
        let page =
            Monitor { tally, journal_ok: true, ..Monitor::default() }.metrics(Duration::ZERO, "1 (\"x\")");
        for line in [
            "pickup_kiosk_build_info{version=\"1\",commit=\"\\\"x\\\"\"} 1",
            "pickup_kiosk_in_service 1",
            "pickup_kiosk_pickups_total{outcome=\"printed\"} 1",
            "pickup_kiosk_pickups_total{outcome=\"locked\"} 0",
            "pickup_kiosk_tickets_printed_total 1",
            "pickup_kiosk_step_duration_seconds_bucket{step=\"print\",le=\"1\"} 0",
            "pickup_kiosk_step_duration_seconds_bucket{step=\"print\",le=\"2.5\"} 1",
            "pickup_kiosk_step_duration_seconds_sum{step=\"print\"} 2",
            "pickup_kiosk_step_duration_seconds_bucket{step=\"query\",le=\"0.025\"} 0",
            "pickup_kiosk_step_duration_seconds_bucket{step=\"query\",le=\"0.05\"} 1",
            "pickup_kiosk_step_duration_seconds_count{step=\"issue\"} 0",
            "pickup_kiosk_paper{state=\"unknown\"} 1",
            "pickup_kiosk_pickup_duration_seconds_count 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
    }
}
