//! The machine's state in plain words.

use super::report::fault_line;
use crate::config::overrides;
use crate::fault_code::FaultCode;
use crate::journal::record::Leftover;
use crate::locale::Text;
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{Report, same};
use std::path::Path;

/// The faults that are on, the tickets to settle, the paper left, and a change of settings that was undone.
pub(super) fn report(
    active: &[FaultCode],
    left: Option<Leftover>,
    paper_left: Option<u32>,
    state_dir: &Path,
) -> Report {
    let mut lines: Vec<Text> = active.iter().map(|code| fault_line(faults::row(*code))).collect();
    if lines.is_empty() {
        lines.push(Text::new("一切正常，可以取票。", "All is well: tickets can be collected."));
    }
    if let Some(left) = left {
        let (uncertain, owed, due) = (left.uncertain, left.owed, left.reports.len());
        lines.push(Text::new(
            format!("未确认 {uncertain} 张，未出 {owed} 张，待上报 {due} 笔。"),
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
        lines.push(same(format!("{}: {why}", FaultCode::SettingsUndone)));
    }
    let stops = |code: &FaultCode| faults::row(*code).severity == faults::Severity::Stops;
    Report { ok: !active.iter().any(stops), lines }
}
