//! The result of a check of one part.

use crate::fault_code::FaultCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt;

/// The verdict on a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The part works.
    Well,
    /// The part works, but something about it should be known.
    Warned {
        /// The remedy, for whoever reads the result.
        remedy: String,
    },
    /// The part does not work.
    Wrong {
        /// The remedy, for whoever reads the result.
        remedy: String,
    },
}

/// A part of the kiosk, tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The part's name: `config`, `scanner 1`, `disk`.
    pub name: String,
    /// The finding, in one sentence.
    pub found: String,
    /// The verdict on the part.
    pub verdict: Verdict,
    /// The fault's code, where the table has it.
    #[serde(default)]
    pub code: Option<FaultCode>,
}

impl CheckResult {
    /// The result for a part that works.
    pub fn well(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(name, found, Verdict::Well)
    }

    /// The result for a part that works, but of which something should be known.
    pub fn warned(name: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(name, found, Verdict::Warned { remedy: remedy.into() })
    }

    /// The result for a part that does not work.
    pub fn wrong(name: impl Into<String>, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(name, found, Verdict::Wrong { remedy: remedy.into() })
    }

    fn new(name: impl Into<String>, found: impl Into<String>, verdict: Verdict) -> Self {
        Self { name: name.into(), found: found.into(), verdict, code: None }
    }

    /// The same, under a code of the table of faults.
    #[must_use]
    pub fn under(self, code: FaultCode) -> Self {
        Self { code: Some(code), ..self }
    }

    /// True unless the part is wrong.
    pub fn works(&self) -> bool {
        !matches!(self.verdict, Verdict::Wrong { .. })
    }

    fn remedy(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Well => None,
            Verdict::Warned { remedy } | Verdict::Wrong { remedy } => Some(remedy),
        }
    }

    /// One object: `part`, `ok`, `found`, `remedy`, which is null where nothing is to be done, and `code`, null where
    /// no fault of the table is meant.
    pub fn json(&self) -> serde_json::Value {
        json!({"part": self.name, "ok": self.works(), "found": self.found, "remedy": self.remedy(), "code": self.code})
    }
}

impl fmt::Display for CheckResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match &self.verdict {
            Verdict::Well => "ok",
            Verdict::Warned { .. } => "note",
            Verdict::Wrong { .. } => "WRONG",
        };
        write!(f, "{word:<6} {:<12} {}", self.name, self.found)?;
        if let Some(code) = self.code.filter(|code| !self.found.contains(code.as_str())) {
            write!(f, " ({code})")?;
        }
        match self.remedy() {
            Some(remedy) => write!(f, "\n{:<6} {:<12} → {remedy}", "", ""),
            None => Ok(()),
        }
    }
}
