//! Lamps, buzzer, door and relay.

use crate::device::gpio::line::Backend;
use crate::device::panel::show::DEFAULTS;
use serde::Deserialize;

/// `[panel]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// A file in boards/ beside kiosk.toml, or one built in; none: all lines are named here.
    pub board: Option<String>,
    /// The way to the lines; none: the board's.
    pub backend: Option<Backend>,
    /// Lines in place of the board's.
    #[serde(default)]
    pub lines: PanelLines,
    /// What is shown by what happens.
    #[serde(default)]
    pub show: PanelShow,
}

/// `[panel.lines]`: none: the board's; `none`: nothing is there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PanelLines {
    /// Lamp.
    pub ready: Option<String>,
    /// Lamp.
    pub working: Option<String>,
    /// Lamp.
    pub slot: Option<String>,
    /// Lamp.
    pub fault: Option<String>,
    /// Buzzer.
    pub buzzer: Option<String>,
    /// Door switch.
    pub door: Option<String>,
    /// The printer's relay.
    pub printer_power: Option<String>,
}

/// `[panel.show]`: one table, by the screen's names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is the screen of that name")]
pub struct PanelShow {
    pub welcome: String,
    pub entering: String,
    pub working: String,
    pub printing: String,
    pub waiting: String,
    pub maintenance: String,
    pub printed: String,
    pub already_collected: String,
    pub refunded: String,
    pub cancelled: String,
    pub not_found: String,
    pub code_rejected: String,
    pub abandoned: String,
    pub try_later: String,
    pub see_counter: String,
    pub locked: String,
    pub out_of_service: String,
}

impl Default for PanelShow {
    fn default() -> Self {
        let text = |name: &str| {
            DEFAULTS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, look)| (*look).to_owned())
                .unwrap_or_default()
        };
        Self {
            welcome: text("welcome"),
            entering: text("entering"),
            working: text("working"),
            printing: text("printing"),
            waiting: text("waiting"),
            maintenance: text("maintenance"),
            printed: text("printed"),
            already_collected: text("already_collected"),
            refunded: text("refunded"),
            cancelled: text("cancelled"),
            not_found: text("not_found"),
            code_rejected: text("code_rejected"),
            abandoned: text("abandoned"),
            try_later: text("try_later"),
            see_counter: text("see_counter"),
            locked: text("locked"),
            out_of_service: text("out_of_service"),
        }
    }
}

impl PanelShow {
    /// Every screen's name and what is shown of it.
    pub fn all(&self) -> [(&'static str, &str); 17] {
        [
            ("welcome", &self.welcome),
            ("entering", &self.entering),
            ("working", &self.working),
            ("printing", &self.printing),
            ("waiting", &self.waiting),
            ("maintenance", &self.maintenance),
            ("printed", &self.printed),
            ("already_collected", &self.already_collected),
            ("refunded", &self.refunded),
            ("cancelled", &self.cancelled),
            ("not_found", &self.not_found),
            ("code_rejected", &self.code_rejected),
            ("abandoned", &self.abandoned),
            ("try_later", &self.try_later),
            ("see_counter", &self.see_counter),
            ("locked", &self.locked),
            ("out_of_service", &self.out_of_service),
        ]
    }
}
