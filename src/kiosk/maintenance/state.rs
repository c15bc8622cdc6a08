//! The machine's state in plain words.

use super::report::fault_line;
use crate::config::overrides;
use crate::fault_code::FaultCode;
use crate::journal::record::Leftover;
use crate::locale::{Text, text};
use crate::maintenance::faults;
use crate::maintenance::menu::ask::Report;
use crate::maintenance::texts;
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
        lines.push(texts::machine::all_well());
    }
    if let Some(left) = left {
        let (uncertain, owed, due) = (left.uncertain, left.owed, left.reports.len());
        lines.push(texts::tickets::to_settle(uncertain, owed, due));
    }
    if let Some(left) = paper_left {
        lines.push(texts::printing::paper_left(left));
    }
    if let Some(why) = overrides::undone(state_dir) {
        let code = FaultCode::SettingsUndone;
        lines.push(text!("{code}：{why}", "{code}: {why}"));
    }
    let stops = |code: &FaultCode| faults::row(*code).severity == faults::Severity::Stops;
    Report { ok: !active.iter().any(stops), lines }
}
