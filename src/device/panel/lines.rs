//! The lines of a panel. Pure.

use super::show::LAMPS;
use crate::device::gpio::line::Line;

/// The panel's lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PanelLines {
    /// The lamps, in the order of [`LAMPS`].
    pub lamps: [Option<Line>; 4],
    /// The buzzer.
    pub buzzer: Option<Line>,
    /// On: the door is open.
    pub door: Option<Line>,
    /// On: the printer has no power.
    pub printer_power: Option<Line>,
}

impl PanelLines {
    /// Those that are driven, with their names.
    pub fn driven(&self) -> Vec<(&'static str, &Line)> {
        let lamps = LAMPS.iter().copied().zip(&self.lamps);
        let others = [("buzzer", &self.buzzer), ("printer_power", &self.printer_power)];
        lamps.chain(others).filter_map(|(name, line)| line.as_ref().map(|line| (name, line))).collect()
    }
}
