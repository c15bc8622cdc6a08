//! GPIO lines of the panel. Pure.

use super::show::LAMPS;
use crate::device::gpio::line::Line;

/// GPIO lines of the panel, as far as they are configured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PanelLines {
    /// Lines of the lamps, in the order of [`LAMPS`].
    pub lamps: [Option<Line>; 4],
    /// Line of the buzzer.
    pub buzzer: Option<Line>,
    /// Line of the door switch; on means that the door is open.
    pub door: Option<Line>,
    /// Line of the power relay; on means that the printer has no power.
    pub printer_power: Option<Line>,
}

impl PanelLines {
    /// Returns the lines that are driven, with their names.
    pub fn driven(&self) -> Vec<(&'static str, &Line)> {
        let lamps = LAMPS.iter().copied().zip(&self.lamps);
        let others = [("buzzer", &self.buzzer), ("printer_power", &self.printer_power)];
        lamps.chain(others).filter_map(|(name, line)| line.as_ref().map(|line| (name, line))).collect()
    }
}
