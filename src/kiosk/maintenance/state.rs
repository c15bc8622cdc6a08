//! The machine's state in plain words.

use super::report::fault_line;
use crate::config::overrides;
use crate::journal::record::Leftover;
use crate::locale::{Text, text};
use crate::maintenance::faults;
use crate::maintenance::menu::ask::Report;
use std::path::Path;

/// The faults that are on, the tickets to settle, the paper left, and a change of settings that was undone.
pub(super) fn report(
    active: &[&'static str],
    left: Option<Leftover>,
    paper_left: Option<u32>,
    state_dir: &Path,
) -> Report {
    let mut lines: Vec<Text> = active.iter().filter_map(|code| faults::find(code)).map(fault_line).collect();
    if lines.is_empty() {
        lines.push(Text::new("一切正常，可以取票。", "All is well: tickets can be collected."));
    }
    if let Some(left) = left {
        let (uncertain, owed, due) = (left.uncertain, left.owed, left.reports.len());
        lines.push(Text::new(
            format!("未确认 {uncertain} 张，未出 {owed} 张，待回报 {due} 笔。"),
            format!("{uncertain} tickets uncertain, {owed} owed, {due} reports due."),
        ));
    }
    if let Some(left) = paper_left {
        lines.push(Text::new(
            format!("剩余纸张约 {left} 张票。"),
            format!("Paper for about {left} tickets is left."),
        ));
    }
    if let Some(why) = overrides::undone(state_dir) {
        lines.push(text!("X2：{why}", "X2: {why}"));
    }
    let stops = |code: &&str| faults::find(code).is_some_and(|f| f.severity == faults::Severity::Stops);
    Report { ok: !active.iter().any(stops), lines }
}
