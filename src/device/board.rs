//! Facts about a board: its name in the device tree, its console, its GPIO, and the lines of our wiring. Each fact
//! carries its source, and a mark if nobody has checked it on the board. Pure; boards are TOML, built in or in boards/
//! beside kiosk.toml.

use super::gpio::line::Backend;
use serde::Deserialize;

/// Built-in boards, each as its name and its TOML text.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("raspberry-pi-3", include_str!("../../hw/boards/raspberry-pi-3.toml")),
    ("raspberry-pi-4", include_str!("../../hw/boards/raspberry-pi-4.toml")),
    ("raspberry-pi-5", include_str!("../../hw/boards/raspberry-pi-5.toml")),
    ("raspberry-pi-zero-2", include_str!("../../hw/boards/raspberry-pi-zero-2.toml")),
    ("orange-pi-zero-3", include_str!("../../hw/boards/orange-pi-zero-3.toml")),
    ("rock-pi-4", include_str!("../../hw/boards/rock-pi-4.toml")),
];

/// A fact about a board, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// Value of the fact.
    pub is: T,
    /// Source of the fact, such as a data sheet or a device tree file.
    pub source: String,
    /// True if nobody has checked the fact on the board itself.
    #[serde(default)]
    pub unproven: bool,
}

/// A board, as its TOML file describes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Name of the board, for people.
    pub name: String,
    /// A word of the device tree's `compatible` that no other board has.
    pub compatible: Fact<String>,
    /// Default backend for its GPIO lines.
    pub backend: Fact<Backend>,
    /// Terminal that the kernel's messages go to; never used for a device.
    pub console: Fact<String>,
    /// Serial ports on its header that are free for a scanner or keypad.
    pub free_ttys: Fact<Vec<String>>,
    /// Labels of the GPIO chips with the header's lines.
    pub chips: Fact<Vec<String>>,
    /// Lines of the header that our wiring uses.
    pub wiring: Fact<Wiring>,
}

/// GPIO lines of our wiring.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wiring {
    /// Line of the lamp `ready`: codes are accepted.
    pub ready: String,
    /// Line of the lamp `working`: the kiosk is working on a pickup.
    pub working: String,
    /// Line of the lamp `slot`, at the ticket slot.
    pub slot: String,
    /// Line of the lamp `fault`.
    pub fault: String,
    /// Line of the buzzer.
    pub buzzer: String,
    /// Line of the door switch; on means open.
    pub door: String,
    /// Line of the relay that takes the printer's power away while it is on.
    pub printer_power: String,
    /// Lines of the keypad rows, which are driven.
    pub rows: Vec<String>,
    /// Lines of the keypad columns, which are watched.
    pub columns: Vec<String>,
}

impl Wiring {
    /// Returns every line with its name in the configuration.
    pub fn lines(&self) -> Vec<(&'static str, &str)> {
        let one = [
            ("ready", &self.ready),
            ("working", &self.working),
            ("slot", &self.slot),
            ("fault", &self.fault),
            ("buzzer", &self.buzzer),
            ("door", &self.door),
            ("printer_power", &self.printer_power),
        ];
        let rows = self.rows.iter().map(|line| ("rows", line.as_str()));
        let columns = self.columns.iter().map(|line| ("columns", line.as_str()));
        one.into_iter().map(|(name, line)| (name, line.as_str())).chain(rows).chain(columns).collect()
    }
}

impl Board {
    /// Returns the TOML text of the built-in board `name`.
    pub fn built_in(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Returns true if a machine is this board. `compatible` is the device tree's property as the kernel gives it:
    /// words, each followed by a NUL.
    pub fn is(&self, compatible: &[u8]) -> bool {
        compatible.split(|b| *b == 0).any(|word| word == self.compatible.is.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::super::gpio::line::Line;
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> Vec<(&'static str, Board)> {
        let read = |(name, text): &(&'static str, &str)| {
            (*name, toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}")))
        };
        BUILT_IN.iter().map(read).collect()
    }

    #[test]
    fn each_is_whole_and_says_where_it_has_it_from() {
        for (name, board) in all() {
            let sources = [
                &board.compatible.source,
                &board.backend.source,
                &board.console.source,
                &board.free_ttys.source,
                &board.chips.source,
                &board.wiring.source,
            ];
            assert!(sources.iter().all(|source| source.len() > 15), "{name}: {sources:?}");
            assert!(
                board.wiring.is.rows.len() == 4 && (3..=4).contains(&board.wiring.is.columns.len()),
                "{name}"
            );
            let lines: Vec<Line> =
                board.wiring.is.lines().iter().map(|(_, line)| Line::parse(line).unwrap()).collect();
            let places: BTreeSet<String> = lines.iter().map(ToString::to_string).collect();
            assert_eq!(places.len(), lines.len(), "{name}: a line is used twice");
            assert!(
                board.free_ttys.is.iter().all(|tty| *tty != board.console.is),
                "{name}: the console is not free"
            );
            if board.backend.is == Backend::Rppal {
                assert!(lines.iter().all(|line| line.raspberry_pi_pin().is_some()), "{name}");
            }
        }
    }

    /// Returns the numbers behind `header pin` in the comment of this key's line.
    fn header_pins(board: &str, key: &str) -> Vec<String> {
        let wiring = board.split_once("[wiring.is]").unwrap().1;
        let line = wiring.lines().find(|line| line.split(' ').next() == Some(key)).unwrap();
        let numbers = line.split("header pin ").skip(1);
        numbers.map(|rest| rest.split([',', ' ']).next().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_table_of_header_pins_and_the_drawings_say_what_the_boards_say() {
        let readme = include_str!("../../hw/README.md");
        let keys =
            ["ready", "working", "slot", "fault", "buzzer", "door", "printer_power", "rows", "columns"];
        for (name, text) in BUILT_IN {
            let cells: Vec<String> = keys.iter().map(|key| header_pins(text, key).join(", ")).collect();
            let row = format!("| `{name}` | {} |", cells.join(" | "));
            assert!(readme.contains(&row), "hw/README.md lacks: {row}");
        }
        // The drawings show a Raspberry Pi's pins, each as a text of its own.
        let pi = Board::built_in("raspberry-pi-3").unwrap();
        let drawn = |drawing: &str, key: &str, pin: &str| {
            assert!(drawing.contains(&format!(">{pin}</text>")), "{key}: pin {pin} is not drawn");
        };
        let (keypad, panel) =
            (include_str!("../../hw/wiring/keypad.svg"), include_str!("../../hw/wiring/panel.svg"));
        for key in keys {
            let at_pad = matches!(key, "rows" | "columns");
            // The drawn keypad has 3 columns.
            let pins = header_pins(pi, key).into_iter().take(if key == "columns" { 3 } else { 4 });
            pins.for_each(|pin| drawn(if at_pad { keypad } else { panel }, key, &pin));
        }
    }

    #[test]
    fn a_board_is_known_by_its_device_tree_and_taken_for_no_other() {
        let boards = all();
        for (name, tree) in [
            ("raspberry-pi-3", "raspberrypi,3-model-b\0brcm,bcm2837\0"),
            ("raspberry-pi-4", "raspberrypi,4-model-b\0brcm,bcm2711\0"),
            ("raspberry-pi-5", "raspberrypi,5-model-b\0brcm,bcm2712\0"),
            ("raspberry-pi-zero-2", "raspberrypi,model-zero-2-w\0brcm,bcm2837\0"),
            ("orange-pi-zero-3", "xunlong,orangepi-zero3\0allwinner,sun50i-h618\0"),
            ("rock-pi-4", "radxa,rockpi4b\0radxa,rockpi4\0rockchip,rk3399\0"),
        ] {
            let found: Vec<_> =
                boards.iter().filter(|(_, board)| board.is(tree.as_bytes())).map(|(n, _)| *n).collect();
            assert_eq!(found, [name]);
        }
        assert!(boards.iter().all(|(_, board)| !board.is(b"linux,dummy-virt\0") && !board.is(b"")));
    }
}
