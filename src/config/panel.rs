//! Checks of keypad and panel: the board's lines, and those that the configuration puts in their place.

use super::de;
use super::error::{ConfigError, file_or_built_in};
use super::load::optional_text;
use super::settings::{Keypad, KeypadActions, Panel, Settings};
use super::tree::Node;
use super::validator::Validator;
use crate::device::board::{BUILT_IN, Board, Wiring as Pins};
use crate::device::gpio::line::{Backend, Line};
use crate::device::keypad::matrix::SIDE_MAX;
use crate::device::keypad::spec::{Connection, KeypadSpec, PadKey, Wiring};
use crate::device::panel::lines::PanelLines;
use crate::device::panel::show::Look;
use crate::locale::text;
use std::path::Path;
use std::time::Duration;

/// Folder of the board files, beside the config file.
const BOARDS: &str = "boards";
/// Word for a line that isn't there.
const NONE: &str = "none";
/// Number of keys that call the menu: fewer come by chance, more nobody remembers.
const SEQUENCE: std::ops::RangeInclusive<usize> = 4..=16;

/// Keypad as checked, ready to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeypadSetup {
    /// Connection of the keypad.
    pub spec: KeypadSpec,
    /// Backend of its lines, where it has some.
    pub backend: Backend,
    /// Actions of the keys beside the digits.
    pub actions: KeypadActions,
    /// Keys that call the technician's menu.
    pub maintenance: Vec<PadKey>,
}

/// Panel as checked, ready to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelSetup {
    /// Name of the board, and what is known of it.
    pub board: Option<(String, Board)>,
    /// Backend of the lines.
    pub backend: Backend,
    /// Lines of lamps, buzzer, door and relay.
    pub lines: PanelLines,
    /// Looks of the lamps and the buzzer, by the screen's names.
    pub show: Vec<(&'static str, Look)>,
}

/// Reads `[panel]` and `[keypad]`.
///
/// # Errors
/// The first value that cannot work.
pub(super) fn panel_and_keypad(
    validator: Validator<'_>,
    settings: &Settings,
    beside: &Path,
) -> Result<(Option<PanelSetup>, Option<KeypadSetup>), ConfigError> {
    let panel = settings.panel.as_ref().map(|panel| self::panel(validator, panel, beside)).transpose()?;
    let keypad =
        settings.keypad.as_ref().map(|keypad| self::keypad(validator, keypad, panel.as_ref())).transpose()?;
    Ok((panel, keypad))
}

fn board(validator: Validator<'_>, name: &str, beside: &Path) -> Result<Board, ConfigError> {
    let key = "panel.board";
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
    let right = ("应为主板名称，如 \"raspberry-pi-4\"", "must be a board's name, such as \"raspberry-pi-4\"");
    validator.require(key, fits, right)?;
    let path = beside.join(BOARDS).join(format!("{name}.toml"));
    let text = optional_text(&path)?.or_else(|| Board::built_in(name).map(str::to_owned));
    let Some(text) = text else {
        let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        return validator.refuse(key, file_or_built_in(&path, &known));
    };
    let root = Node::parse(&path, &text)?;
    let board: Board = de::settings(&root)?;
    for (name, line) in board.wiring.is.lines() {
        Line::parse(line).map_err(|error| {
            let key = format!("wiring.is.{name}");
            let found = text!("写的是 \"{line}\"", "found \"{line}\"");
            ConfigError::of_key(root.nearest_location(&key), key, found, error.text())
        })?;
    }
    Ok(board)
}

fn panel(validator: Validator<'_>, panel: &Panel, beside: &Path) -> Result<PanelSetup, ConfigError> {
    let board = panel.board.as_ref();
    let board = board.map(|name| Ok((name.clone(), self::board(validator, name, beside)?))).transpose()?;
    let own = &panel.lines;
    let line = |key: &str, own: &Option<String>, boards: fn(&Pins) -> &String| {
        let boards = board.as_ref().map(|(_, board)| boards(&board.wiring.is).as_str());
        let text = own.as_deref().or(boards).unwrap_or(NONE);
        if text == NONE {
            return Ok(None);
        }
        let fault = |error: crate::device::gpio::line::LineError| {
            let right = text!("{error:#}；没有则写 \"none\"", "{error}; or \"none\"");
            validator.fault(&format!("panel.lines.{key}"), right)
        };
        Line::parse(text).map(Some).map_err(fault)
    };
    let lines = PanelLines {
        lamps: [
            line("ready", &own.ready, |pins| &pins.ready)?,
            line("working", &own.working, |pins| &pins.working)?,
            line("slot", &own.slot, |pins| &pins.slot)?,
            line("fault", &own.fault, |pins| &pins.fault)?,
        ],
        buzzer: line("buzzer", &own.buzzer, |pins| &pins.buzzer)?,
        door: line("door", &own.door, |pins| &pins.door)?,
        printer_power: line("printer_power", &own.printer_power, |pins| &pins.printer_power)?,
    };
    let mut show = Vec::new();
    for (name, text) in panel.show.all() {
        let look = Look::parse(text)
            .map_err(|error| validator.fault(&format!("panel.show.{name}"), error.text()))?;
        show.push((name, look));
    }
    let boards = board.as_ref().map_or(Backend::Cdev, |(_, board)| board.backend.is);
    let backend = panel.backend.unwrap_or(boards);
    let setup = PanelSetup { board, backend, lines, show };
    let mut all: Vec<&Line> = setup.lines.driven().into_iter().map(|(_, line)| line).collect();
    all.extend(&setup.lines.door);
    once(validator, "panel.lines", &all)?;
    Ok(setup)
}

/// Checks that no two of them are the same line.
fn once(validator: Validator<'_>, key: &str, lines: &[&Line]) -> Result<(), ConfigError> {
    let twice = lines
        .iter()
        .enumerate()
        .find(|(index, line)| lines.iter().take(*index).any(|l| l.address == line.address));
    match twice {
        Some((_, line)) => validator.refuse(
            key,
            text!("每条线只能用一次：{line} 用了两次", "must name each line once: {line} is named twice"),
        ),
        None => Ok(()),
    }
}

fn keypad(
    validator: Validator<'_>,
    keypad: &Keypad,
    panel: Option<&PanelSetup>,
) -> Result<KeypadSetup, ConfigError> {
    let connection = Connection::parse(&keypad.connection)
        .map_err(|error| validator.fault("keypad.connection", error.text()))?;
    let spec = match connection {
        Connection::Other(spec) => spec,
        Connection::Gpio => KeypadSpec::Gpio(wiring(validator, keypad, panel)?),
    };
    let typed: Option<Vec<PadKey>> = keypad.maintenance.chars().map(PadKey::printed).collect();
    let fits = |keys: &Vec<PadKey>| keys.is_empty() || SEQUENCE.contains(&keys.len());
    let maintenance = typed.filter(fits).ok_or_else(|| {
        let right = (
            "应为 4 到 16 个键，依次写出，如 \"*#*#\"；留空则不能用按键打开菜单",
            "must be 4 to 16 keys, one after the other, as \"*#*#\"; or empty: no keys call the menu",
        );
        validator.fault("keypad.maintenance", right)
    })?;
    let backend = panel.map_or(Backend::Cdev, |panel| panel.backend);
    Ok(KeypadSetup { spec, backend, actions: keypad.actions, maintenance })
}

fn wiring(
    validator: Validator<'_>,
    keypad: &Keypad,
    panel: Option<&PanelSetup>,
) -> Result<Wiring, ConfigError> {
    let keys = printed(validator, &keypad.keys)?;
    let width = keys.first().map_or(0, Vec::len);
    let boards = panel.and_then(|panel| panel.board.as_ref()).map(|(_, board)| &board.wiring.is);
    let rows = side(validator, "rows", &keypad.rows, boards.map(|wiring| &wiring.rows), keys.len())?;
    let columns = side(validator, "columns", &keypad.columns, boards.map(|wiring| &wiring.columns), width)?;
    let mut all: Vec<&Line> = rows.iter().chain(&columns).collect();
    if let Some(panel) = panel {
        all.extend(panel.lines.driven().into_iter().map(|(_, line)| line));
        all.extend(&panel.lines.door);
    }
    once(validator, "keypad.rows", &all)?;
    let debounce = Duration::from_millis(keypad.debounce_ms);
    let settle = Duration::from_micros(keypad.settle_us);
    Ok(Wiring { rows, columns, keys, debounce, settle })
}

fn printed(validator: Validator<'_>, keys: &[String]) -> Result<Vec<Vec<PadKey>>, ConfigError> {
    let right = (
        "应为键面上的字符，每行一个字符串，长度相同且不超过 8：[\"123\", \"456\", \"789\", \"*0#\"]，只用 0 到 9、*、# \
         和 A 到 D",
        "must be what is printed on the keys, a row a string, all of one length up to 8: [\"123\", \"456\", \
         \"789\", \"*0#\"], of 0 to 9, *, # and A to D",
    );
    let row = |row: &String| row.chars().map(PadKey::printed).collect::<Option<Vec<_>>>();
    let rows = keys.iter().map(row).collect::<Option<Vec<_>>>();
    let even = |rows: &Vec<Vec<PadKey>>| {
        let width = rows.first().map_or(0, Vec::len);
        (1..=SIDE_MAX).contains(&rows.len())
            && (1..=SIDE_MAX).contains(&width)
            && rows.iter().all(|row| row.len() == width)
    };
    rows.filter(even).ok_or_else(|| validator.fault("keypad.keys", right))
}

fn side(
    validator: Validator<'_>,
    key: &str,
    own: &Option<Vec<String>>,
    boards: Option<&Vec<String>>,
    wanted: usize,
) -> Result<Vec<Line>, ConfigError> {
    let key = format!("keypad.{key}");
    let right = text!(
        "应写 {wanted} 条线，与 keypad.keys 一一对应；[panel] board 自带",
        "must name {wanted} lines, one for each in keypad.keys; [panel] board brings its own"
    );
    let lines = match (own, boards) {
        (Some(own), _) if own.len() == wanted => own.as_slice(),
        (None, Some(boards)) => boards.get(..wanted).ok_or_else(|| validator.fault(&key, right))?,
        _ => return validator.refuse(&key, right),
    };
    let read = |line: &String| Line::parse(line).map_err(|error| validator.fault(&key, error.text()));
    lines.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Loaded, load};
    use crate::device::scanner::spec::{Lock, Unlocked};
    use crate::locale::assert_both;

    const REST: &str = "[kiosk]\nid = \"k\"\n[cinema]\nid = \"0200\"\nname = \"C\"\n[sarft]\naddress = \"a:1\"\n\
                        username = \"k\"\npassword_file = \"p\"\n[printer]\nconnection = \"image:out\"\n";

    fn read(tables: &str) -> Result<Loaded, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kiosk.toml");
        std::fs::create_dir(dir.path().join("boards")).unwrap();
        std::fs::write(
            dir.path().join("boards/bad.toml"),
            Board::built_in("rock-pi-4").unwrap().replace("gpio4:18", ":18"),
        )
        .unwrap();
        std::fs::write(&path, format!("{REST}{tables}")).unwrap();
        load(&path)
    }

    fn wrong(tables: &str, key: &str, right: &str) {
        let error = read(&format!("[[scanner]]\nconnection = \"stdin:\"\n{tables}")).unwrap_err();
        assert_eq!(error.key.as_deref(), Some(key), "{tables}: {error}");
        assert!(error.to_string().contains(right), "{tables}: {error}");
        for text in [&error.found, &error.right] {
            assert_both(text);
        }
    }

    #[test]
    fn a_board_brings_its_lines_and_the_configuration_puts_others_in_their_place() {
        let tables = "[[scanner]]\nconnection = \"stdin:\"\n[keypad]\nconnection = \"gpio:\"\n[panel]\nboard = \
                      \"raspberry-pi-4\"\n[panel.lines]\nready = \"GPIO2?active=low\"\nbuzzer = \"none\"\n[panel.show]\n\
                      welcome = \"blink:ready\"\n";
        let checked = read(tables).unwrap().checked;
        let panel = checked.panel.unwrap();
        assert_eq!(panel.backend, Backend::Rppal);
        assert_eq!(panel.lines.lamps[0], Some(Line::parse("GPIO2?active=low").unwrap()));
        assert_eq!(panel.lines.buzzer, None);
        assert_eq!(panel.lines.lamps[3], Some(Line::parse("pinctrl-bcm2711:23").unwrap()));
        assert_eq!(panel.show[0], ("welcome", Look::parse("blink:ready").unwrap()));
        let KeypadSpec::Gpio(wiring) = checked.keypad.unwrap().spec else { panic!("it is a matrix") };
        assert_eq!((wiring.rows.len(), wiring.columns.len(), wiring.keys.len()), (4, 3, 4));
    }

    #[test]
    fn each_wrong_value_of_keypad_and_panel_is_told() {
        wrong("[panel]\nboard = \"abacus\"", "panel.board", "one built in: raspberry-pi-3");
        wrong("[panel]\nboard = \"bad\"", "wiring.is.ready", "must be a GPIO line");
        wrong("[panel]\nbackend = \"sysfs\"", "panel.backend", "\"cdev\"");
        wrong("[panel.lines]\nready = \"17\"\nfault = \"17\"", "panel.lines", "named twice");
        wrong("[panel.lines]\nready = \"a:b:x?\"", "panel.lines.ready", "or \"none\"");
        wrong("[panel.show]\nprinted = \"disco\"", "panel.show.printed", "blink:LAMP");
        wrong("[keypad]\nconnection = \"usb:\"", "keypad.connection", "\"gpio:\"");
        wrong("[keypad]\nconnection = \"gpio:\"", "keypad.rows", "must name 4 lines");
        wrong("[keypad]\nconnection = \"gpio:\"\nkeys = [\"12\", \"3\"]", "keypad.keys", "all of one length");
        wrong("[keypad]\nconnection = \"gpio:\"\nrows = [\"a\"]", "keypad.rows", "must name 4 lines");
        wrong(
            "[keypad]\nconnection = \"hid:1234:5678\"\nmaintenance = \"*#\"",
            "keypad.maintenance",
            "4 to 16 keys",
        );
        wrong("[keypad]\nconnection = \"hid:1234:5678\"\ndebounce_ms = 0", "keypad.debounce_ms", "1 to 100");
        wrong(
            "[keypad]\nconnection = \"hid:1234:5678\"\n[keypad.actions]\nstar = \"jump\"",
            "keypad.actions.star",
            "clear",
        );
        let all = "[panel]\nboard = \"raspberry-pi-4\"\n[panel.lines]\nready = \"pinctrl-bcm2711:5\"\n[keypad]\nconnection = \"gpio:\"";
        wrong(all, "keypad.rows", "pinctrl-bcm2711:5 is named twice");
    }

    #[test]
    fn a_scanners_commands_come_from_its_profile_and_the_configuration() {
        let scanner = |table: &str| {
            read(&format!("[[scanner]]\nconnection = {table}"))
                .map(|loaded| loaded.checked.scanners[0].clone())
        };
        let serial = "\"serial:/dev/ttyACM0\"\n";
        let newland = scanner(&format!("{serial}profile = \"newland\"\nstart = [\"hex:16\"]")).unwrap();
        assert_eq!(newland.commands, [vec![0x16], b"~\x010000#SETUPE0;\x03".to_vec()]);
        assert_eq!(newland.lock, Lock::Sent);
        let of = |table: &str| scanner(&format!("{serial}{table}")).unwrap().lock;
        assert_eq!(of(""), Lock::Open(Unlocked::NoProfile));
        assert_eq!(of("profile = \"datalogic\""), Lock::Open(Unlocked::ProfileHasNone));
        assert_eq!(of("profile = \"datalogic\"\nlock = \"$X\""), Lock::Sent);
        assert_eq!(of("lock = \"by-hand\""), Lock::ByHand);
        for (table, key) in [
            ("\"serial:/dev/ttyACM0\"\nprofile = \"abacus\"", "scanner[0].profile"),
            ("\"serial:/dev/ttyACM0\"\nlock = \"hex:1\"", "scanner[0].lock"),
            ("\"serial:/dev/ttyACM0\"\nends = \"never\"", "scanner[0].ends"),
            ("\"hid:1234:5678\"\nprofile = \"newland\"", "scanner[0].profile"),
            ("\"hid:1234:5678\"\nlock = \"x\"", "scanner[0].lock"),
            ("\"stdin:\"\nstart = [\"x\"]", "scanner[0].start"),
        ] {
            let error = scanner(table).unwrap_err();
            assert_eq!(error.key.as_deref(), Some(key), "{table}: {error}");
        }
    }
}
