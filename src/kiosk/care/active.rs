//! What is the matter at this moment, by the codes of the table of faults.

use crate::kiosk::Kiosk;
use crate::maintenance::faults;
use crate::pickup::input::Readiness;
use std::collections::BTreeSet;

/// Codes that are on until they are switched off; what others keep (printer, journal) is added when asked.
#[derive(Debug, Default)]
pub struct Active {
    codes: BTreeSet<&'static str>,
    scanners_gone: BTreeSet<usize>,
}

impl Active {
    /// Switches a code on or off.
    pub fn set(&mut self, code: &'static str, on: bool) {
        if on {
            self.codes.insert(code);
        } else {
            self.codes.remove(code);
        }
    }

    /// Whether a code is on.
    pub fn has(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    /// A scanner is gone, or back.
    pub fn scanner(&mut self, which: usize, gone: bool) {
        if gone {
            self.scanners_gone.insert(which);
        } else {
            self.scanners_gone.remove(&which);
        }
        self.set("K1", !self.scanners_gone.is_empty());
    }
}

impl Kiosk {
    /// Every code that is on, the gravest first, else in the table's order.
    pub fn active_faults(&self) -> Vec<&'static str> {
        let mut codes = self.care.active.codes.clone();
        codes.extend(self.told_conditions().unwrap_or_default().iter().map(|condition| condition.code()));
        if let Readiness::Stopped(code) = self.state.printer {
            codes.insert(code);
        }
        if !self.state.journal_ok {
            codes.insert("J2");
        }
        let mut found: Vec<_> = faults::TABLE.iter().filter(|fault| codes.contains(fault.code)).collect();
        found.sort_by_key(|fault| std::cmp::Reverse(fault.severity));
        found.into_iter().map(|fault| fault.code).collect()
    }
}
