//! What is said of one part.

use serde_json::json;
use std::fmt;

/// Whether a part works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Well,
    /// It does not; says what to do.
    Wrong {
        /// What to do.
        remedy: String,
    },
}

/// A part of the kiosk, tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name: `config`, `scanner 1`, `disk`.
    pub name: String,
    /// What was found.
    pub found: String,
    /// Whether it works.
    pub verdict: Verdict,
}

impl Part {
    /// It works.
    pub fn well(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self { name: name.into(), found: found.into(), verdict: Verdict::Well }
    }

    /// It does not work.
    pub fn wrong(name: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        let verdict = Verdict::Wrong { remedy: remedy.into() };
        Self { name: name.into(), found: found.into(), verdict }
    }

    /// One object: `part`, `ok`, `found` and `remedy`, which is null where all is well.
    pub fn json(&self) -> serde_json::Value {
        let remedy = match &self.verdict {
            Verdict::Well => None,
            Verdict::Wrong { remedy } => Some(remedy),
        };
        json!({"part": self.name, "ok": remedy.is_none(), "found": self.found, "remedy": remedy})
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Well => write!(f, "ok     {:<12} {}", self.name, self.found),
            Verdict::Wrong { remedy } => {
                write!(f, "WRONG  {:<12} {}\n       {:<12} → {remedy}", self.name, self.found, "")
            }
        }
    }
}
