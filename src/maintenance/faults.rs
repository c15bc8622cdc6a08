//! Table of faults: code, name, severity, sentences for customer and usher, and notes for the technician. A code on a
//! screen, in a log, in `check` or in `/healthz` is a code of this table.

mod notes;
mod printer;
mod table;

use crate::fault_code::FaultCode;
use crate::locale::{Language, Text, text};

pub use table::{row, table};

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
        language.of(words)
    }
}

/// Sentences of a fault, each in Chinese and English.
#[derive(Debug, Clone, Copy)]
struct Words {
    /// Sentence for a customer in front of the machine.
    customer: [&'static str; 2],
    /// Sentence for an usher: the fault and what to do.
    usher: [&'static str; 2],
}

/// Row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Short code, such as P2.
    pub code: FaultCode,
    /// Name in records and JSON, such as `paper_out`.
    pub name: &'static str,
    /// Effect on pickups.
    pub severity: Severity,
    words: Words,
    technician: [&'static str; 2],
}

impl Fault {
    /// Returns the sentence for a customer in front of the machine.
    pub fn for_customer(&self, language: Language) -> &'static str {
        language.of(self.words.customer)
    }

    /// Returns the sentence for an usher: the fault and what to do.
    pub fn for_usher(&self, language: Language) -> &'static str {
        language.of(self.words.usher)
    }

    /// Returns the notes for the technician: causes and repair.
    pub fn for_technician(&self, language: Language) -> &'static str {
        language.of(self.technician)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::conditions::Condition;
    use crate::fault_code::UnknownFaultCode;
    use std::collections::HashSet;

    #[test]
    fn every_row_says_everything_to_everybody() {
        let names: HashSet<_> = table().map(|fault| fault.name).collect();
        assert_eq!((table().count(), names.len()), (FaultCode::ALL.len(), FaultCode::ALL.len()));
        for (fault, code) in table().zip(FaultCode::ALL) {
            assert_eq!(fault.code, code);
            let [zh, en] = [Language::Chinese, Language::English];
            for text in [fault.for_customer(zh), fault.for_usher(zh), fault.for_technician(zh)] {
                assert!(text.chars().any(|c| c >= '\u{4e00}'), "{}: {text}", fault.code);
            }
            for text in [fault.for_customer(en), fault.for_usher(en), fault.for_technician(en)] {
                assert!(text.is_ascii() && text.len() > 10, "{}: {text}", fault.code);
            }
            let read = fault.code.as_str().to_lowercase().parse();
            assert_eq!(read.map(|code| row(code).name), Ok(fault.name));
        }
        for wrong in ["P99", ""] {
            assert_eq!(wrong.parse::<FaultCode>(), Err(UnknownFaultCode));
        }
    }

    #[test]
    fn a_code_in_the_program_has_the_faults_name() {
        for fault in table() {
            let variant = format!("{:?}", fault.code).to_lowercase();
            let name = fault.name.replace('_', "");
            assert!(variant == name || variant == format!("printer{name}"), "{variant}: {}", fault.name);
        }
    }

    #[test]
    fn a_code_is_explained_in_one_language_alone() {
        let cjk = |text: &str| text.chars().any(|c| c >= '\u{3000}');
        for fault in table() {
            for of in [explained, listed] {
                let [zh, en] = [Language::Chinese, Language::English].map(|language| of(fault, language));
                assert!(cjk(&zh) && !cjk(&en) && zh != en, "{zh}\n{en}");
            }
        }
    }

    #[test]
    fn the_printers_conditions_are_all_in_the_table_under_their_codes() {
        for condition in Condition::ALL {
            let fault = row(condition.code());
            assert_eq!(fault.name, condition.name());
            assert_eq!(
                fault.for_usher(Language::English),
                Language::English.of(printer::words(condition).usher)
            );
            assert_eq!(fault.severity == Severity::Stops, condition.stops_printing(), "{condition}");
        }
    }
}
