//! Settings of lamps, buzzer, door and relay.

use crate::device::gpio::line::Backend;
use crate::device::panel::show::DEFAULTS;
use serde::Deserialize;

/// The table `[panel]`: lamps, buzzer, door and relay.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Name of the board: a file in boards/ beside kiosk.toml, or one built in; none: all lines are named here.
    pub board: Option<String>,
    /// Backend of the lines; none: the board's.
    pub backend: Option<Backend>,
    /// Lines in place of the board's.
    #[serde(default)]
    pub lines: PanelLines,
    /// Looks of the lamps and the buzzer, by what happens.
    #[serde(default)]
    pub show: PanelShow,
}

/// The table `[panel.lines]`. None: the board's line; `none`: nothing is there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PanelLines {
    /// Line of the lamp `ready`.
    pub ready: Option<String>,
    /// Line of the lamp `working`.
    pub working: Option<String>,
    /// Line of the lamp at the slot.
    pub slot: Option<String>,
    /// Line of the lamp `fault`.
    pub fault: Option<String>,
    /// Line of the buzzer.
    pub buzzer: Option<String>,
    /// Line of the door switch.
    pub door: Option<String>,
    /// Line of the printer's relay.
    pub printer_power: Option<String>,
}

/// The table `[panel.show]`, by the screen's names.
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
    /// Returns every screen's name and what is shown of it.
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
