//! What people do to the machine, as the journal keeps it: who, when, what, before and after. Pure.

use super::export::csv_field;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Acts kept; older ones go when there are more.
pub const ACTS_MAX: i64 = 10_000;
/// The first line of their CSV.
pub const CSV_HEADER: &str = "at,who,surface,act,before,after\r\n";

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When, wall clock.
    pub at: Timestamp,
    /// The holder's name; `nobody` where none had signed in.
    pub who: String,
    /// `screen`, `terminal` or `start`.
    pub surface: String,
    /// What was done, in one word: `paper_changed`.
    pub what: String,
    /// How it was before, where that says something.
    pub before: String,
    /// How it is after, or what came of it.
    pub after: String,
}

/// The same as people and programs read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActView {
    /// What was done.
    pub act: String,
    /// With the cinema's offset and milliseconds.
    pub at: String,
    /// Who.
    pub who: String,
    /// Where.
    pub surface: String,
    /// How it was.
    pub before: String,
    /// How it is.
    pub after: String,
}

impl ActView {
    /// One line of CSV (RFC 4180).
    pub fn csv(&self) -> String {
        [&self.at, &self.who, &self.surface, &self.act, &self.before, &self.after]
            .map(|field| csv_field(field))
            .join(",")
            + "\r\n"
    }

    /// One line for people.
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
        let act = ActView {
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
