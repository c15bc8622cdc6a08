//! Answers to the menu in the words of the part that gives them.

use crate::locale::Text;
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{MenuAnswer, Report};
use crate::maintenance::texts;

/// The most of a reason that goes on record, characters.
const REASON_MAX: usize = 300;

/// A refusal in the words of the part that refuses.
pub(super) fn no(why: impl Into<Text>) -> MenuAnswer {
    MenuAnswer::Report(Report::no(vec![why.into()]))
}

/// A customer is in front: nothing of the menu's goes between his tickets.
pub(super) fn busy() -> MenuAnswer {
    let line = texts::machine::customer_served();
    MenuAnswer::Report(Report::no(vec![line]))
}

/// A fault's code and remedy, for whoever reads the menu.
pub(super) fn fault_line(fault: &faults::Fault) -> Text {
    let text = fault.usher();
    Text::new(format!("{} {}", fault.code, text.zh), format!("{} {}", fault.code, text.en))
}

/// A report in one line, for the record.
pub(super) fn reason(report: &Report) -> String {
    let lines: Vec<&str> = report.lines.iter().map(|line| line.en.as_str()).collect();
    lines.join(" ").chars().map(|c| if c.is_control() { ' ' } else { c }).take(REASON_MAX).collect()
}
