//! Checks of keypad, panel and board: their devices and lines can be opened, and this machine is the configured board.

use super::inputs::{RULES, remedy};
use crate::config::panel::{KeypadSetup, PanelSetup};
use crate::device::board::Board;
use crate::device::discover::{self, Roots};
use crate::device::gpio::{CONSUMER, GpioError, consumer};
use crate::device::keypad::spec::KeypadSpec;
use crate::device::keypad::{self, ProbeError};
use crate::fault_code::FaultCode;
use crate::kiosk::check_result::CheckResult;
use std::path::Path;

/// Checks that the keypad's device or lines can be opened.
pub fn keypad(setup: &KeypadSetup, running: bool) -> CheckResult {
    let name = "keypad";
    match keypad::probe(&setup.spec) {
        Ok(found) => CheckResult::well(name, found),
        Err(ProbeError::Gpio(error)) => {
            let part = line(name, &error, running);
            if part.works() { part } else { part.under(FaultCode::KeypadGone) }
        }
        Err(ProbeError::Device(device, error)) => {
            let serial = matches!(setup.spec, KeypadSpec::Serial(_));
            CheckResult::wrong(name, format!("{device}: {error}"), remedy(&error, serial))
                .under(FaultCode::KeypadGone)
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
        let held = consumer(wanted);
        let name = format!("line {name}");
        match held {
            Ok(None) => {}
            Ok(Some(by)) => {
                parts.push(line(&name, &GpioError::InUse { line: wanted.to_string(), by }, running))
            }
            Err(error) => parts.push(line(&name, &error, running)),
        }
    }
    if parts.iter().all(|part| !part.name.starts_with("line ")) {
        parts.push(CheckResult::well("panel", format!("{count} lines, all there and free")));
    }
    parts
}

/// Returns the result for a line that can't be opened. The running kiosk holds its own lines.
fn line(name: &str, error: &GpioError, running: bool) -> CheckResult {
    let remedy = match error {
        GpioError::InUse { by, .. } if by == CONSUMER && running => {
            return CheckResult::well(name, format!("{error}, as it should be"));
        }
        GpioError::InUse { .. } => {
            "free it (gpioinfo lists who has what; a device tree overlay may hold it), or name another line"
                .to_owned()
        }
        GpioError::NoLine(_) => {
            "correct it: pickup-kiosk check --discover lists the chips, gpioinfo their lines".to_owned()
        }
        GpioError::Denied(_) => format!(
            "install {RULES} (its rule SUBSYSTEM==\"gpio\" gives the chips to the group pickup-kiosk), then: udevadm \
             control --reload; udevadm trigger"
        ),
        GpioError::NoPin(_) => "name one of the header's pins, or set [panel] backend = \"cdev\"".to_owned(),
        GpioError::Other { .. } => "dmesg may tell more".to_owned(),
    };
    CheckResult::wrong(name, error.to_string(), remedy)
}

fn board(name: &str, board: &Board, roots: &Roots) -> CheckResult {
    let part = "board";
    let wanted = format!("{} ({})", name, board.compatible.is);
    let remedy = "set [panel] board to this machine's, pickup-kiosk check --discover names it; or write boards/NAME.toml";
    let Some(compatible) = discover::compatible(roots) else {
        return CheckResult::wrong(
            part,
            format!("this machine has no device tree, so it is no {wanted}"),
            remedy,
        );
    };
    if board.is(&compatible) {
        return CheckResult::well(part, format!("{}, as its device tree says", board.name));
    }
    let words: Vec<String> = compatible
        .split(|b| *b == 0)
        .filter(|w| !w.is_empty())
        .map(|w| String::from_utf8_lossy(w).into_owned())
        .collect();
    CheckResult::wrong(part, format!("the device tree says {}, not {wanted}", words.join(", ")), remedy)
}

/// Checks that the paths that the board's file names exist.
fn paths(board: &Board) -> Vec<CheckResult> {
    let missing: Vec<&str> =
        board.free_ttys.is.iter().map(String::as_str).filter(|path| !Path::new(path).exists()).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let found = format!("{} not there", missing.join(", "));
    vec![CheckResult::warned("board", found, board.free_ttys.source.as_str())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::check_result::Verdict;

    fn pi() -> Board {
        toml::from_str(Board::built_in("raspberry-pi-4").unwrap()).unwrap()
    }

    #[test]
    fn a_machine_that_is_another_board_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let roots = Roots { proc: dir.path().to_owned(), ..Roots::default() };
        let part = board("raspberry-pi-4", &pi(), &roots);
        assert!(!part.works() && part.found.contains("no device tree"), "{part}");
        std::fs::create_dir(dir.path().join("device-tree")).unwrap();
        let tree = dir.path().join("device-tree/compatible");
        std::fs::write(&tree, "radxa,rockpi4b\0rockchip,rk3399\0").unwrap();
        let part = board("raspberry-pi-4", &pi(), &roots);
        assert!(
            part.found.starts_with("the device tree says radxa,rockpi4b, rockchip,rk3399, not"),
            "{part}"
        );
        std::fs::write(&tree, "raspberrypi,4-model-b\0brcm,bcm2711\0").unwrap();
        assert_eq!(board("raspberry-pi-4", &pi(), &roots).verdict, Verdict::Well);
    }

    #[test]
    fn who_holds_a_line_is_told_unless_it_is_the_running_kiosk() {
        let held = |by: &str| GpioError::InUse { line: "gpio4:3".into(), by: by.into() };
        let part = line("line ready", &held("spi0 CS0"), true);
        assert!(part.to_string().contains("line gpio4:3 is in use by spi0 CS0"), "{part}");
        assert!(line("line ready", &held(CONSUMER), true).works());
        assert!(!line("line ready", &held(CONSUMER), false).works());
        let denied = line("line ready", &GpioError::Denied("/dev/gpiochip0".into()), false);
        assert!(denied.to_string().contains("its rule SUBSYSTEM==\"gpio\""), "{denied}");
    }
}
