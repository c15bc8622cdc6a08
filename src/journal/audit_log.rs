//! The audit log as the journal keeps it: who did what to the machine, when, before and after. Pure.

use super::export::csv_field;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Number of acts kept; older ones go when there are more.
pub const ACTS_MAX: i64 = 10_000;
/// Header line of the audit log's CSV.
pub const CSV_HEADER: &str = "at,who,surface,act,before,after\r\n";

/// One act of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Time of the act, by the wall clock.
    pub at: Timestamp,
    /// Name of the user who acted; `nobody` where none had signed in.
    pub who: String,
    /// Place of the act: `screen`, `terminal` or `start`.
    pub surface: String,
    /// The act in one word: `paper_changed`.
    pub what: String,
    /// State before the act, where that says something.
    pub before: String,
    /// State after the act, or what came of it.
    pub after: String,
}

/// An act as people and programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntryView {
    /// The act in one word.
    pub act: String,
    /// Time of the act, with the cinema's offset and milliseconds.
    pub at: String,
    /// Name of the user who acted.
    pub who: String,
    /// Place of the act.
    pub surface: String,
    /// State before the act.
    pub before: String,
    /// State after the act.
    pub after: String,
}

impl AuditEntryView {
    /// Formats the act as one line of CSV (RFC 4180).
    pub fn csv(&self) -> String {
        [&self.at, &self.who, &self.surface, &self.act, &self.before, &self.after]
            .map(|field| csv_field(field))
            .join(",")
            + "\r\n"
    }

    /// Formats the act as one line for people.
    pub fn line(&self) -> String {
        let at = self.at.get(..19).unwrap_or(&self.at).replace('T', " ");
        let mut line = format!("{at}  {} ({})  {}", self.who, self.surface, self.act);
        if !self.before.is_empty() {
            line.push_str(&format!("  was: {}", self.before));
        }
        if !self.after.is_empty() {
            line.push_str(&format!("  now: {}", self.after));
        }
        line.push('\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_did_what_and_no_field_is_a_formula() {
        let act = AuditEntryView {
            act: "setting_saved".into(),
            at: "2026-11-24T10:00:00.123+08:00".into(),
            who: "=Li".into(),
            surface: "screen".into(),
            before: "a,b".into(),
            after: String::new(),
        };
        assert_eq!(act.line(), "2026-11-24 10:00:00  =Li (screen)  setting_saved  was: a,b\n");
        assert_eq!(act.csv(), "2026-11-24T10:00:00.123+08:00,\"'=Li\",screen,setting_saved,\"a,b\",\r\n");
        assert_eq!(CSV_HEADER.split(',').count(), 6);
    }
}
