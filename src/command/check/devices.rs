//! Checks of keypad, panel and board: their devices and lines can be opened, and this machine is the configured board.

use super::inputs::{RULES, remedy};
use crate::config::panel::{KeypadSetup, PanelSetup};
use crate::device::board::Board;
use crate::device::discover::{self, Roots};
use crate::device::gpio::{CONSUMER, GpioError, consumer};
use crate::device::keypad::spec::KeypadSpec;
use crate::device::keypad::{self, ProbeError};
use crate::fault_code::FaultCode;
use crate::kiosk::check_result::{CheckResult, Part};
use crate::locale::{Text, system_error, text};
use std::path::Path;

/// Checks that the keypad's device or lines can be opened.
pub fn keypad(setup: &KeypadSetup, running: bool) -> CheckResult {
    let name = "keypad";
    match keypad::probe(&setup.spec) {
        Ok(found) => CheckResult::well(name, found),
        Err(ProbeError::Gpio(error)) => {
            let part = line(name.into(), &error, running);
            if part.works() { part } else { part.under(FaultCode::KeypadGone) }
        }
        Err(ProbeError::Device(device, error)) => {
            let serial = matches!(setup.spec, KeypadSpec::Serial(_));
            let reason = system_error(&error);
            let found = text!("{device}：{reason:#}", "{device}: {reason}");
            CheckResult::wrong(name, found, remedy(&error, serial)).under(FaultCode::KeypadGone)
        }
    }
}

/// Checks the board and the panel's lines, with one result for each line that can't be opened.
pub fn panel(setup: &PanelSetup, running: bool) -> Vec<CheckResult> {
    let mut parts = Vec::new();
    if let Some((name, board)) = &setup.board {
        parts.push(self::board(name, board, &Roots::default()));
        parts.extend(paths(board));
    }
    let mut lines = setup.lines.driven();
    lines.extend(setup.lines.door.as_ref().map(|line| ("door", line)));
    let count = lines.len();
    for (name, wanted) in lines {
        let name = Part::new(format!("line {name}"), format!("线 {name}"));
        match consumer(wanted) {
            Ok(None) => {}
            Ok(Some(by)) => {
                parts.push(line(name, &GpioError::InUse { line: wanted.to_string(), by }, running))
            }
            Err(error) => parts.push(line(name, &error, running)),
        }
    }
    if parts.iter().all(|part| !part.key().starts_with("line ")) {
        let found = text!("{count} 条线，都在且空闲", "{count} lines, all there and free");
        parts.push(CheckResult::well("panel", found));
    }
    parts
}

/// Returns the result for a line that can't be opened. The running kiosk holds its own lines.
fn line(name: Part, error: &GpioError, running: bool) -> CheckResult {
    let remedy = match error {
        GpioError::InUse { by, .. } if by == CONSUMER && running => {
            return CheckResult::well(name, text!("{error:#}，正常", "{error}, as it should be"));
        }
        GpioError::InUse { .. } => Text::new(
            "请释放它（gpioinfo 列出谁在用；也可能被设备树 overlay 占用），或改用别的线",
            "free it (gpioinfo lists who has what; a device tree overlay may hold it), or name another line",
        ),
        GpioError::NoLine(_) => Text::new(
            "请改正：pickup-kiosk check --discover 列出芯片，gpioinfo 列出各条线",
            "correct it: pickup-kiosk check --discover lists the chips, gpioinfo their lines",
        ),
        GpioError::Denied(_) => text!(
            "请安装 {RULES}（其中 SUBSYSTEM==\"gpio\" 一条把芯片交给 pickup-kiosk 组），然后：udevadm control --reload; udevadm \
             trigger",
            "install {RULES} (its rule SUBSYSTEM==\"gpio\" gives the chips to the group pickup-kiosk), then: udevadm \
             control --reload; udevadm trigger"
        ),
        GpioError::NoPin(_) => Text::new(
            "请写排针上的引脚，或设 [panel] backend = \"cdev\"",
            "name one of the header's pins, or set [panel] backend = \"cdev\"",
        ),
        GpioError::Other { .. } => Text::new("dmesg 里可能有更多信息", "dmesg may tell more"),
    };
    CheckResult::wrong(name, error.text(), remedy)
}

fn board(name: &str, board: &Board, roots: &Roots) -> CheckResult {
    let part = "board";
    let wanted = format!("{} ({})", name, board.compatible.is);
    let remedy = (
        "请把 [panel] board 设为本机的主板，pickup-kiosk check --discover 会给出名称；或写 boards/名称.toml",
        "set [panel] board to this machine's, pickup-kiosk check --discover names it; or write boards/NAME.toml",
    );
    let Some(compatible) = discover::compatible(roots) else {
        let found = text!(
            "本机没有设备树，所以不是 {wanted}",
            "this machine has no device tree, so it is no {wanted}"
        );
        return CheckResult::wrong(part, found, remedy);
    };
    if board.is(&compatible) {
        let found = text!("{}，与设备树相符", "{}, as its device tree says", board.name);
        return CheckResult::well(part, found);
    }
    let words: Vec<String> = compatible
        .split(|b| *b == 0)
        .filter(|w| !w.is_empty())
        .map(|w| String::from_utf8_lossy(w).into_owned())
        .collect();
    let words = words.join(", ");
    let found = text!("设备树为 {words}，不是 {wanted}", "the device tree says {words}, not {wanted}");
    CheckResult::wrong(part, found, remedy)
}

/// Checks that the paths that the board's file names exist.
fn paths(board: &Board) -> Vec<CheckResult> {
    let missing: Vec<&str> =
        board.free_ttys.is.iter().map(String::as_str).filter(|path| !Path::new(path).exists()).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let missing = missing.join(", ");
    let found = text!("没有 {missing}", "{missing} not there");
    let remedy = text!("主板文件的说明：{}", "{}", board.free_ttys.source);
    vec![CheckResult::warned("board", found, remedy)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::gpio::Backend;
    use crate::device::gpio::line::Line;
    use crate::device::keypad::spec::Connection;
    use crate::device::panel::lines::PanelLines;
    use crate::kiosk::check_result::Verdict;
    use crate::locale::assert_both;

    fn pi() -> Board {
        toml::from_str(Board::built_in("raspberry-pi-4").unwrap()).unwrap()
    }

    #[test]
    fn a_machine_that_is_another_board_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots { proc: dir.path().to_owned(), ..Roots::default() };
        let part = board("raspberry-pi-4", &pi(), &roots);
        assert!(!part.works() && part.found.en.contains("no device tree"), "{part}");
        std::fs::create_dir(dir.path().join("device-tree")).unwrap();
        let tree = dir.path().join("device-tree/compatible");
        std::fs::write(&tree, "radxa,rockpi4b\0rockchip,rk3399\0").unwrap();
        let part = board("raspberry-pi-4", &pi(), &roots);
        assert!(
            part.found.en.starts_with("the device tree says radxa,rockpi4b, rockchip,rk3399, not"),
            "{part}"
        );
        std::fs::write(&tree, "raspberrypi,4-model-b\0brcm,bcm2711\0").unwrap();
        assert_eq!(board("raspberry-pi-4", &pi(), &roots).verdict, Verdict::Well);
    }

    #[test]
    fn every_line_about_devices_is_in_both_languages() {
        let errors = [
            GpioError::NoLine("a".into()),
            GpioError::InUse { line: "a".into(), by: CONSUMER.into() },
            GpioError::Denied("/dev/gpiochip0".into()),
            GpioError::NoPin("a".into()),
            GpioError::Other { line: "a".into(), why: Text::same("EIO") },
        ];
        let name = || Part::new("line ready", "线 ready");
        let mut all: Vec<CheckResult> = errors.iter().map(|error| line(name(), error, false)).collect();
        all.extend(errors.iter().map(|error| line(name(), error, true)));
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots { proc: dir.path().to_owned(), ..Roots::default() };
        all.push(board("raspberry-pi-4", &pi(), &roots));
        std::fs::create_dir(dir.path().join("device-tree")).unwrap();
        for tree in ["radxa,rockpi4b\0", "raspberrypi,4-model-b\0"] {
            std::fs::write(dir.path().join("device-tree/compatible"), tree).unwrap();
            all.push(board("raspberry-pi-4", &pi(), &roots));
        }
        let mut elsewhere = pi();
        elsewhere.free_ttys.is = vec!["/dev/no-such-tty".into()];
        all.extend(paths(&elsewhere));
        let lines = PanelLines { buzzer: Line::parse("no-such-line").ok(), ..PanelLines::default() };
        for lines in [PanelLines::default(), lines] {
            let setup = PanelSetup { board: None, backend: Backend::Cdev, lines, show: Vec::new() };
            all.extend(panel(&setup, false));
        }
        for connection in ["hid:/dev/null", "serial:/dev/no-such-port", "hid:1234:5678"] {
            let Connection::Other(spec) = Connection::parse(connection).unwrap() else { panic!("a matrix") };
            let (backend, actions) = (Backend::Cdev, Default::default());
            let setup = KeypadSetup { spec, backend, actions, maintenance: Vec::new() };
            all.push(keypad(&setup, false));
        }
        assert!(all.len() >= 18, "{}", all.len());
        all.iter().flat_map(CheckResult::sentences).for_each(assert_both);
    }

    #[test]
    fn who_holds_a_line_is_told_unless_it_is_the_running_kiosk() {
        let held = |by: &str| GpioError::InUse { line: "gpio4:3".into(), by: by.into() };
        let ready = || Part::new("line ready", "线 ready");
        let part = line(ready(), &held("spi0 CS0"), true);
        assert!(part.to_string().contains("line gpio4:3 is in use by spi0 CS0"), "{part}");
        assert!(line(ready(), &held(CONSUMER), true).works());
        assert!(!line(ready(), &held(CONSUMER), false).works());
        let denied = line(ready(), &GpioError::Denied("/dev/gpiochip0".into()), false);
        assert!(denied.to_string().contains("its rule SUBSYSTEM==\"gpio\""), "{denied}");
    }
}
