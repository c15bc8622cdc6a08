//! Part of the report about the site: the lines to paste under `[sarft]`, the findings, and the test bookings.

use super::probing::TestBooking;
use super::report::Report;
use crate::config::settings::{ClaimLapses, Sarft};
use crate::sarft::probe::findings::{Findings, flags_word, repeated_word};
use crate::sarft::probe::seconds;
use serde_json::{Value, json};
use std::io;

/// Findings about the site, the configuration they are compared with, and their bookings.
pub(super) struct SiteFound<'a> {
    /// Findings of all probes.
    pub(super) findings: &'a Findings,
    /// `[sarft]` as it is configured.
    pub(super) configured: &'a Sarft,
    /// Test bookings, with their probes.
    pub(super) tests: &'a [TestBooking],
}

impl SiteFound<'_> {
    /// Returns the report's line about the difference between kiosk.toml and the findings.
    fn verdict(&self) -> String {
        let differs = self.findings.differs(self.configured);
        if differs.is_empty() {
            "as configured".into()
        } else {
            format!("differs from kiosk.toml: set {}", differs.join(", "))
        }
    }

    fn json(&self) -> Value {
        let Findings { repeated_issue, flags_at, claim_lapses, stands_ms, lapsed_ms, notes } = self.findings;
        let claim = match claim_lapses {
            ClaimLapses::After(seconds) => json!(seconds),
            ClaimLapses::Never => json!("never"),
            ClaimLapses::Unknown => json!("unknown"),
        };
        let test = |test: &TestBooking| {
            let saw = test.probe.saw();
            let saw: Vec<Value> =
                saw.iter().map(|(at_ms, what)| json!({ "ms": at_ms, "saw": what })).collect();
            json!({
                "booking_number": test.number().to_string(), "seats": test.seats, "probe": test.probe.kind.name(),
                "saw": saw, "ended": test.ended,
            })
        };
        json!({ "site": {
            "repeated_issue": repeated_word(*repeated_issue).trim_matches('"'),
            "flags_at": flags_word(*flags_at).trim_matches('"'),
            "claim_lapses_s": claim, "stands_ms": stands_ms, "lapsed_ms": lapsed_ms,
            "toml": self.findings.lines(), "differs": self.findings.differs(self.configured), "notes": notes,
            "bookings": self.tests.iter().map(test).collect::<Vec<_>>(),
        } })
    }
}

impl Report {
    /// Writes that the site was not tried out, with the reason.
    pub(super) fn not_tried(&mut self, why: &str) -> io::Result<()> {
        self.say(&json!({ "site": null, "why": why }));
        self.line(&format!("\nsite       not tried: {why}"))
    }

    /// Writes the bookings that are about to be issued without paper, and syncs the report to disk.
    pub(super) fn tests(&mut self, tests: &[TestBooking]) -> io::Result<()> {
        for test in tests {
            let (number, seats) = (test.number(), &test.seats);
            self.line(&format!(
                "test       booking {number}, {seats}: to be issued by this acceptance, without paper"
            ))?;
        }
        self.sync()
    }

    /// Writes the findings about the site.
    pub(super) fn site(&mut self, found: &SiteFound<'_>) -> io::Result<()> {
        self.say(&found.json());
        self.line("\nsite       which kind it is; to paste under [sarft] in kiosk.toml:\n")?;
        for line in found.findings.lines() {
            self.line(&line)?;
        }
        self.line(&format!("\n{}\n", found.verdict()))?;
        for note in &found.findings.notes {
            self.line(&format!("- {note}"))?;
        }
        self.line("")?;
        for test in found.tests {
            let (number, seats, kind) = (test.number(), &test.seats, test.probe.kind.name());
            let ended = test.ended.unwrap_or("NOT SETTLED");
            self.line(&format!("test       booking {number}, {seats}: {ended}\n           {kind}"))?;
            for (at_ms, what) in test.probe.saw() {
                self.line(&format!("           {:>6} s  {what}", seconds(at_ms)))?;
            }
        }
        Ok(())
    }
}
