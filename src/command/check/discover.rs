//! `check --discover`: lists the plugged-in devices, and the lines of kiosk.toml for them. All of the output can be
//! pasted: everything but the settings is a comment.

use crate::command::{CommandError, ExitStatus};
use crate::device::board::{BUILT_IN, Board};
use crate::device::discover::looks::{Looks, profile, scanner_profile};
use crate::device::discover::{self, Found, Kind, Roots};
use crate::device::gpio;
use crate::locale::{Language, Text, text};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;

/// Prefix of the names that a device tree gives to the kiosk's lines, such as `kiosk-ready` and `kiosk-row-1`.
const OURS: &str = "kiosk-";
/// Names of the panel's lines without their prefix; a keypad's rows and columns have theirs in addition.
const PANEL: [&str; 7] = ["ready", "working", "slot", "fault", "buzzer", "door", "printer_power"];

/// Lists the devices of this machine.
///
/// # Errors
/// Returns an error if standard output can't be written.
pub fn run(json: bool, language: Language, out: &mut impl Write) -> Result<ExitStatus, CommandError> {
    let roots = Roots::default();
    let found = discover::everything(&roots);
    if json {
        for device in &found {
            writeln!(out, "{}", object(device, language))?;
        }
        return Ok(ExitStatus::Done);
    }
    let board = discover::compatible(&roots).and_then(|compatible| board(&compatible));
    let named: Vec<String> =
        gpio::chips().into_iter().flat_map(|chip| chip.named).map(|(_, name)| name).collect();
    out.write_all(report(&found, board.as_deref(), &named, language).as_bytes())?;
    Ok(ExitStatus::Done)
}

/// Returns the built-in board that a device tree's `compatible` names.
fn board(compatible: &[u8]) -> Option<String> {
    let is = |text: &str| toml::from_str::<Board>(text).is_ok_and(|board| board.is(compatible));
    BUILT_IN.iter().find(|(_, text)| is(text)).map(|(name, _)| (*name).to_owned())
}

fn object(device: &Found, language: Language) -> serde_json::Value {
    json!({
        "kind": kind(device.kind),
        "path": device.path,
        "stable": device.stable,
        "ids": ids(device),
        "name": device.name,
        "looks": device.looks.text().in_language(language),
        "connection": connection(device),
    })
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Serial => "serial port",
        Kind::Input => "input device",
        Kind::Printer => "printer",
        Kind::Gpio => "GPIO chip",
    }
}

fn ids(device: &Found) -> Option<String> {
    device.ids.map(|(vendor, product)| format!("{vendor:04x}:{product:04x}"))
}

/// Returns the device's `connection` for kiosk.toml, by a stable path or IDs where there are any.
fn connection(device: &Found) -> Option<String> {
    let path = device.stable.as_ref().unwrap_or(&device.path).display();
    match device.kind {
        Kind::Serial => Some(format!("serial:{path}?baud=9600")),
        Kind::Input => Some(match (&device.stable, ids(device)) {
            (None, Some(ids)) => format!("hid:{ids}"),
            _ => format!("hid:{path}"),
        }),
        Kind::Printer => Some(format!("usb:{path}")),
        Kind::Gpio => None,
    }
}

fn report(found: &[Found], board: Option<&str>, named: &[String], language: Language) -> String {
    let mut text = String::new();
    for (zh, en, kind) in [
        ("串口", "Serial ports", Kind::Serial),
        ("输入设备", "Input devices", Kind::Input),
        ("打印机", "Printers", Kind::Printer),
        ("GPIO 芯片", "GPIO chips", Kind::Gpio),
    ] {
        list(&mut text, &Text::new(zh, en), found, kind, language);
    }
    let known = match board {
        Some(board) => text!("已知的主板：{board}", "This board is known: {board}"),
        None => Text::new("这块主板不在 hw/boards 里", "This board is none of those in hw/boards"),
    };
    let heading = Text::new(
        "写入 kiosk.toml；猜错的请改正（波特率是多数设备的出厂设置）",
        "For kiosk.toml; change what was guessed wrong (baud rates are what most devices are set to)",
    );
    let [known, heading] = [&known, &heading].map(|comment| comment.in_language(language));
    text.push_str(&format!("# {known}\n\n# {heading}\n"));
    printers(&mut text, found, language);
    scanners(&mut text, found);
    keypad(&mut text, found, board, named, language);
    panel(&mut text, board, named, language);
    text
}

fn list(text: &mut String, heading: &Text, found: &[Found], kind: Kind, language: Language) {
    text.push_str(&format!("# {}\n", heading.in_language(language)));
    let mut none = true;
    for device in found.iter().filter(|device| device.kind == kind) {
        none = false;
        let ids = ids(device).map(|ids| format!("{ids} ")).unwrap_or_default();
        let name = if device.name.is_empty() { String::new() } else { format!("{}: ", device.name) };
        let looks = device.looks.text();
        let (path, looks) = (device.path.display(), looks.in_language(language));
        text.push_str(&format!("#   {path}  {ids}{name}{looks}\n"));
        if let Some(stable) = &device.stable {
            text.push_str(&format!("#     = {}\n", stable.display()));
        }
    }
    if none {
        text.push_str(&format!("#   {}\n", Text::new("没有", "none").in_language(language)));
    }
}

fn printers(text: &mut String, found: &[Found], language: Language) {
    let mut all = found.iter().filter(|device| device.looks == Looks::Printer && device.kind != Kind::Input);
    let Some(printer) = all.next() else { return };
    if let Some(connection) = connection(printer) {
        let profile = profile(&printer.name);
        text.push_str(&format!(
            "\n[printer]\nconnection = {}\nprofile = \"{profile}\"\n",
            quoted(&connection)
        ));
    }
    for other in all.filter_map(connection) {
        let or = Text::new("或", "or");
        text.push_str(&format!("# {} connection = {}\n", or.in_language(language), quoted(&other)));
    }
}

/// Writes the devices that are surely scanners; where there are none, those that may be, as comments.
fn scanners(text: &mut String, found: &[Found]) {
    for device in found.iter().filter(|device| device.looks == Looks::Scanner) {
        let Some(connection) = connection(device) else { continue };
        text.push_str(&format!("\n[[scanner]]\nconnection = {}\n", quoted(&connection)));
        let vendor = device.ids.map(|(vendor, _)| vendor);
        if device.kind == Kind::Serial
            && let Some(profile) = scanner_profile(&device.name, vendor)
        {
            text.push_str(&format!("profile = \"{profile}\"\n"));
        }
    }
    if found.iter().any(|device| device.looks == Looks::Scanner) {
        return;
    }
    let may_be = [Looks::Keyboard, Looks::Adapter, Looks::Port];
    for connection in found.iter().filter(|device| may_be.contains(&device.looks)).filter_map(connection) {
        text.push_str(&format!("\n#[[scanner]]\n#connection = {}\n", quoted(&connection)));
    }
}

fn keypad(text: &mut String, found: &[Found], board: Option<&str>, named: &[String], language: Language) {
    let side = |what: &str| -> Vec<String> {
        let line = |number: usize| format!("{OURS}{what}-{number}");
        (1..=8).map(line).take_while(|line| named.contains(line)).collect()
    };
    let (rows, columns) = (side("row"), side("column"));
    let list = |lines: &[String], options: &str| -> String {
        let lines: Vec<String> = lines.iter().map(|line| quoted(&format!("{line}{options}"))).collect();
        lines.join(", ")
    };
    if rows.len() == 4 && (3..=4).contains(&columns.len()) {
        text.push_str("\n[keypad]\nconnection = \"gpio:\"\n");
        if columns.len() == 4 {
            text.push_str("keys = [\"123A\", \"456B\", \"789C\", \"*0#D\"]\n");
        }
        let _ = writeln!(text, "rows = [{}]", list(&rows, "?active=low"));
        let _ = writeln!(text, "columns = [{}]", list(&columns, "?active=low&bias=up"));
        return;
    }
    if let Some(pad) = found.iter().find(|device| device.looks == Looks::Pad).and_then(connection) {
        text.push_str(&format!("\n[keypad]\nconnection = {}\n", quoted(&pad)));
    } else if board.is_some() {
        let comment = Text::new(
            "矩阵键盘接在主板引脚上时（hw/README.md）：",
            "with a matrix on the board's pins (hw/README.md):",
        );
        let comment = comment.in_language(language);
        text.push_str(&format!("\n# {comment}\n#[keypad]\n#connection = \"gpio:\"\n"));
    }
}

fn panel(text: &mut String, board: Option<&str>, named: &[String], language: Language) {
    let ours: Vec<&str> =
        PANEL.into_iter().filter(|line| named.iter().any(|name| *name == format!("{OURS}{line}"))).collect();
    if !ours.is_empty() {
        text.push_str("\n[panel]\n");
        if let Some(board) = board {
            text.push_str(&format!("board = \"{board}\"\n"));
        }
        text.push_str("\n[panel.lines]\n");
        for line in ours {
            text.push_str(&format!("{line} = \"{OURS}{line}\"\n"));
        }
    } else if let Some(board) = board {
        let comment = Text::new(
            "指示灯接在主板引脚上时（hw/README.md）：",
            "with lamps on the board's pins (hw/README.md):",
        );
        let comment = comment.in_language(language);
        text.push_str(&format!("\n# {comment}\n#[panel]\n#board = \"{board}\"\n"));
    }
}

/// Returns the text as a TOML string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    fn put(root: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    /// A machine's /sys and /dev, as the kernel lays them out: a USB scanner on ttyACM0, an adapter, the console, a
    /// port without hardware, a printer.
    fn machine(root: &Path) -> Roots {
        let usb = "sys/devices/usb1/1-1";
        put(
            root,
            &[
                (&format!("{usb}/idVendor"), "1eab\n"),
                (&format!("{usb}/idProduct"), "0106\n"),
                (&format!("{usb}/manufacturer"), "Newland Auto-ID\n"),
                (&format!("{usb}/product"), "FM430\n"),
                (&format!("{usb}/1-1:1.0/tty/ttyACM0/dev"), ""),
                ("sys/devices/usb1/1-2/idVendor", "1a86\n"),
                ("sys/devices/usb1/1-2/idProduct", "7523\n"),
                ("sys/devices/usb1/1-2/product", "USB \u{7}Serial\n"),
                ("sys/devices/usb1/1-2/1-2:1.0/ttyUSB0/dev", ""),
                ("sys/devices/uart/ttyAMA0/type", "32\n"),
                ("sys/devices/none/ttyS3/type", "0\n"),
                ("sys/devices/usb1/1-3/idVendor", "04b8\n"),
                ("sys/devices/usb1/1-3/idProduct", "0202\n"),
                (
                    "sys/devices/usb1/1-3/1-3:1.0/ieee1284_id",
                    "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;\n",
                ),
                ("sys/class/tty/console/active", "tty0 ttyAMA0\n"),
                ("dev/ttyACM0", ""),
                ("dev/ttyUSB0", ""),
                ("dev/usb/lp0", ""),
                ("dev/input/event0", "nothing that evdev knows"),
                ("proc/device-tree/compatible", "raspberrypi,4-model-b\0brcm,bcm2711\0"),
            ],
        );
        for (name, device) in [
            ("ttyACM0", "usb1/1-1/1-1:1.0"),
            ("ttyUSB0", "usb1/1-2/1-2:1.0"),
            ("ttyAMA0", "uart"),
            ("ttyS3", "none"),
        ] {
            let class = root.join("sys/class/tty").join(name);
            std::fs::create_dir_all(&class).unwrap();
            symlink(root.join("sys/devices").join(device), class.join("device")).unwrap();
            if device == "none" {
                put(root, &[("sys/class/tty/ttyS3/type", "0\n")]);
            }
        }
        let lp = root.join("sys/class/usbmisc/lp0");
        std::fs::create_dir_all(&lp).unwrap();
        symlink(root.join("sys/devices/usb1/1-3/1-3:1.0"), lp.join("device")).unwrap();
        let by_id = root.join("dev/serial/by-id");
        std::fs::create_dir_all(&by_id).unwrap();
        symlink("../../ttyACM0", by_id.join("usb-Newland_FM430-if00")).unwrap();
        Roots { dev: root.join("dev"), sys: root.join("sys"), proc: root.join("proc") }
    }

    #[test]
    fn a_machine_is_told_and_what_is_proposed_is_a_configuration() {
        let dir = tempfile::tempdir().unwrap();
        let roots = machine(dir.path());
        let found = discover::everything(&roots);
        let looks: Vec<Looks> =
            found.iter().filter(|device| device.kind != Kind::Gpio).map(|device| device.looks).collect();
        assert_eq!(looks, [Looks::Scanner, Looks::Console, Looks::Adapter, Looks::Printer]);
        let board = board(&discover::compatible(&roots).unwrap());
        let text = report(&found, board.as_deref(), &[], Language::English);
        assert!(text.contains("# This board is known: raspberry-pi-4"), "{text}");
        assert!(text.contains("1eab:0106 Newland Auto-ID FM430: looks like a bar code scanner"), "{text}");
        assert!(text.contains("USB Serial: a serial adapter"), "no control characters: {text}");
        assert!(!text.contains("ttyS3"), "{text}");
        let config: toml::Table = text.parse().unwrap();
        let connection = |value: &toml::Value| value["connection"].as_str().unwrap().to_owned();
        assert!(
            connection(&config["scanner"][0]).ends_with("/dev/serial/by-id/usb-Newland_FM430-if00?baud=9600")
        );
        assert_eq!(config["scanner"][0]["profile"].as_str(), Some("newland"));
        assert!(connection(&config["printer"]).ends_with("/dev/usb/lp0"));
        assert_eq!(config["printer"]["profile"].as_str(), Some("epson-tm-t88"));
        for device in &found {
            assert!(object(device, Language::Chinese)["looks"].is_string());
        }
    }

    #[test]
    fn lines_with_our_names_become_a_keypad_and_a_panel() {
        let mut named: Vec<String> = ["kiosk-ready", "kiosk-fault", "kiosk-door"].map(String::from).to_vec();
        named.extend((1..=4).map(|row| format!("kiosk-row-{row}")));
        named.extend((1..=3).map(|column| format!("kiosk-column-{column}")));
        let text = report(&[], None, &named, Language::English);
        let config: toml::Table = text.parse().unwrap();
        assert_eq!(config["panel"]["lines"].as_table().unwrap().len(), 3);
        assert_eq!(config["keypad"]["rows"].as_array().unwrap().len(), 4);
        assert_eq!(config["keypad"]["columns"][2].as_str(), Some("kiosk-column-3?active=low&bias=up"));
    }

    #[test]
    fn an_empty_machine_proposes_nothing() {
        for language in [Language::Chinese, Language::English] {
            let text = report(&[], None, &[], language);
            assert!(text.parse::<toml::Table>().unwrap().is_empty(), "{text}");
        }
        assert_eq!(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
    }
}
