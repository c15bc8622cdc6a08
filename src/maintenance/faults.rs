//! Table of faults: code, name, severity, sentences for customer and usher, and notes for the technician. A code on a
//! screen, in a log, in `check` or in `/healthz` is a code of this table.

mod notes;
mod table;

use crate::device::printer::conditions::Condition;
use crate::locale::{Language, Text, text};

pub use table::TABLE;

use unicode_width::UnicodeWidthStr;

/// Effect of a fault on pickups.
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
    /// Returns the word of `explain` and of the manual.
    pub fn name(self, language: Language) -> &'static str {
        let words = match self {
            Self::Notice => ["提醒", "notice"],
            Self::Hinders => ["影响取票", "hinders"],
            Self::Stops => ["停止服务", "stops"],
        };
        pick(words, language)
    }
}

/// Texts of a fault for customer and usher, in both languages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Words {
    /// Texts of the printer's own table.
    Printer(Condition),
    /// Texts of this table, in Chinese and English.
    Own {
        /// For a customer in front of the machine.
        customer: [&'static str; 2],
        /// For an usher: the fault and what to do.
        usher: [&'static str; 2],
    },
}

/// Row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Short code, such as P2.
    pub code: &'static str,
    /// Name in records and JSON, such as `paper_out`.
    pub name: &'static str,
    /// Effect on pickups.
    pub severity: Severity,
    pub(crate) words: Words,
    pub(crate) technician: [&'static str; 2],
}

impl Fault {
    /// Returns the sentence for a customer in front of the machine.
    pub fn for_customer(&self, language: Language) -> &'static str {
        match self.words {
            Words::Printer(condition) => condition.for_customer(language),
            Words::Own { customer, .. } => pick(customer, language),
        }
    }

    /// Returns the sentence for an usher: the fault and what to do.
    pub fn for_usher(&self, language: Language) -> &'static str {
        match self.words {
            Words::Printer(condition) => condition.for_staff(language),
            Words::Own { usher, .. } => pick(usher, language),
        }
    }

    /// Returns the notes for the technician: causes and repair.
    pub fn for_technician(&self, language: Language) -> &'static str {
        pick(self.technician, language)
    }

    /// Returns the sentence for an usher in both languages.
    pub fn usher(&self) -> Text {
        Text::new(self.for_usher(Language::Chinese), self.for_usher(Language::English))
    }

    /// Returns one line for logs, `check` and monitoring: `P2 paper_out: Out of paper: …`.
    pub fn line(&self) -> String {
        self.text().en
    }

    /// Returns that line in both languages.
    pub fn text(&self) -> Text {
        let (code, name, usher) = (self.code, self.name, self.usher());
        text!("{code} {name}：{usher:#}", "{code} {name}: {usher}")
    }
}

/// Returns the row of a code, in upper or lower case; `None` for a code that no fault has.
pub fn find(code: &str) -> Option<&'static Fault> {
    TABLE.iter().find(|fault| fault.code.eq_ignore_ascii_case(code.trim()))
}

/// Returns the text of `explain` for one code.
pub fn explained(fault: &Fault, language: Language) -> String {
    let severity = fault.severity.name(language);
    let (severity, asked) = match language {
        Language::Chinese => (format!("（{severity}）"), "顾客询问时："),
        Language::English => (format!(" ({severity})"), "For customers who ask:"),
    };
    format!(
        "{} {}{severity}\n\n{}\n\n{}\n\n{asked}\n  {}\n",
        fault.code,
        fault.name,
        fault.for_usher(language),
        fault.for_technician(language),
        fault.for_customer(language),
    )
}

/// Returns the line of `explain` that a fault has among all.
pub fn listed(fault: &Fault, language: Language) -> String {
    let severity = fault.severity.name(language);
    let blanks = " ".repeat(SEVERITY_COLUMNS.saturating_sub(severity.width()));
    format!("{:<4} {severity}{blanks} {}\n", fault.code, fault.for_usher(language))
}

/// Width of the severity in a list, in a terminal's columns; a Chinese character takes two.
const SEVERITY_COLUMNS: usize = 8;

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
            for text in [fault.for_customer(zh), fault.for_usher(zh), fault.for_technician(zh)] {
                assert!(text.chars().any(|c| c >= '\u{4e00}'), "{}: {text}", fault.code);
            }
            for text in [fault.for_customer(en), fault.for_usher(en), fault.for_technician(en)] {
                assert!(text.is_ascii() && text.len() > 10, "{}: {text}", fault.code);
            }
            assert_eq!(find(&fault.code.to_lowercase()).map(|found| found.name), Some(fault.name));
        }
        assert!(find("P99").is_none() && find("").is_none());
    }

    #[test]
    fn a_code_is_explained_in_one_language_alone() {
        let cjk = |text: &str| text.chars().any(|c| c >= '\u{3000}');
        for fault in TABLE {
            for of in [explained, listed] {
                let [zh, en] = [Language::Chinese, Language::English].map(|language| of(fault, language));
                assert!(cjk(&zh) && !cjk(&en) && zh != en, "{zh}\n{en}");
            }
        }
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
