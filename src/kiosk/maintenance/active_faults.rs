//! The faults at this moment, by the codes of the table of faults.

use crate::fault_code::FaultCode;
use crate::kiosk::status::Status;
use crate::maintenance::faults;
use crate::pickup::input::Readiness;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Codes that are on until they are switched off; those that others keep (printer, journal) are added when asked.
#[derive(Debug, Default)]
pub struct Active {
    codes: BTreeSet<FaultCode>,
}

impl Active {
    /// Switches a code on or off.
    pub fn set(&mut self, code: FaultCode, on: bool) {
        if on {
            self.codes.insert(code);
        } else {
            self.codes.remove(&code);
        }
    }

    /// True while a code is on.
    pub fn has(&self, code: FaultCode) -> bool {
        self.codes.contains(&code)
    }

    /// Every code that is on, the gravest first, else in the table's order.
    pub(super) fn all(&self, status: &Status) -> Vec<FaultCode> {
        let mut codes = self.codes.clone();
        codes.extend(status.conditions.unwrap_or_default().iter().map(|condition| condition.code()));
        if let Readiness::Stopped(code) = status.readiness {
            codes.insert(code);
        }
        if !status.journal_ok {
            codes.insert(FaultCode::JournalRefused);
        }
        let mut found: Vec<_> = codes.into_iter().collect();
        found.sort_by_key(|code| Reverse(faults::row(*code).severity));
        found
    }
}
