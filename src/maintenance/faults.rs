//! The one table of what can be the matter: code, name, severity, what a customer is told, what an usher does, what a
//! technician should know. A code on a screen, in a log, in `check` or in `/healthz` is a code of this table.

mod table;

use crate::config::settings::Language;
use crate::device::printer::conditions::Condition;
use crate::screen::texts::Text;

pub use table::TABLE;

/// What a fault costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Pickups go on as usual; somebody should see to it.
    Notice,
    /// Some pickups fail or take longer.
    Hinders,
    /// Nobody can collect anything.
    Stops,
}

impl Severity {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Hinders => "hinders",
            Self::Stops => "stops",
        }
    }
}

/// Who reads what about a fault, in both languages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Words {
    /// The printer's own table has them.
    Printer(Condition),
    /// Chinese, English.
    Own {
        /// For a customer in front of the machine.
        customer: [&'static str; 2],
        /// For an usher: what it is and what to do.
        usher: [&'static str; 2],
    },
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// The short code, as P2.
    pub code: &'static str,
    /// In records and JSON: `paper_out`.
    pub name: &'static str,
    /// What it costs.
    pub severity: Severity,
    pub(crate) words: Words,
    /// How it comes about and how it is mended.
    pub technician: &'static str,
}

impl Fault {
    /// The sentence for a customer in front of the machine.
    pub fn for_customer(&self, language: Language) -> &'static str {
        match self.words {
            Words::Printer(condition) => condition.for_customer(language),
            Words::Own { customer, .. } => pick(customer, language),
        }
    }

    /// What it is and what to do, for an usher.
    pub fn for_usher(&self, language: Language) -> &'static str {
        match self.words {
            Words::Printer(condition) => condition.for_staff(language),
            Words::Own { usher, .. } => pick(usher, language),
        }
    }

    /// The same in both languages.
    pub fn usher(&self) -> Text {
        Text::new(self.for_usher(Language::Chinese), self.for_usher(Language::English))
    }

    /// One line for logs, `check` and monitoring: `P2 paper_out: Out of paper: …`.
    pub fn line(&self) -> String {
        format!("{} {}: {}", self.code, self.name, self.for_usher(Language::English))
    }
}

/// The row of a code, however its letter is written; none for a code that nobody gives.
pub fn find(code: &str) -> Option<&'static Fault> {
    TABLE.iter().find(|fault| fault.code.eq_ignore_ascii_case(code.trim()))
}

/// What `explain` says of one code.
pub fn explained(fault: &Fault) -> String {
    let [zh, en] = [Language::Chinese, Language::English];
    format!(
        "{} {} ({})\n\n{}\n{}\n\n{}\n\nOn the screen, for customers:\n  {}\n  {}\n",
        fault.code,
        fault.name,
        fault.severity.name(),
        fault.for_usher(zh),
        fault.for_usher(en),
        fault.technician,
        fault.for_customer(zh),
        fault.for_customer(en),
    )
}

fn pick(texts: [&'static str; 2], language: Language) -> &'static str {
    let [chinese, english] = texts;
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_says_everything_to_everybody() {
        let codes: HashSet<_> = TABLE.iter().map(|fault| fault.code).collect();
        let names: HashSet<_> = TABLE.iter().map(|fault| fault.name).collect();
        assert_eq!((codes.len(), names.len()), (TABLE.len(), TABLE.len()));
        for fault in TABLE {
            let [zh, en] = [Language::Chinese, Language::English];
            for text in [fault.for_customer(zh), fault.for_usher(zh)] {
                assert!(text.chars().any(|c| c >= '\u{4e00}'), "{}: {text}", fault.code);
            }
            for text in [fault.for_customer(en), fault.for_usher(en), fault.technician] {
                assert!(text.is_ascii() && text.len() > 10, "{}: {text}", fault.code);
            }
            assert_eq!(find(&fault.code.to_lowercase()).map(|found| found.name), Some(fault.name));
        }
        assert!(find("P99").is_none() && find("").is_none());
    }

    #[test]
    fn the_printers_conditions_are_all_in_the_table_under_their_codes() {
        for condition in Condition::ALL {
            let fault = find(condition.code()).unwrap_or_else(|| panic!("{condition}"));
            assert_eq!(fault.name, condition.name());
            assert_eq!(fault.for_usher(Language::English), condition.for_staff(Language::English));
            assert_eq!(fault.severity == Severity::Stops, condition.stops_printing(), "{condition}");
        }
    }
}
