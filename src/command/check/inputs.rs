//! Checks of the scanners: each can be opened, and no code shown from a telephone can reprogram it.

use crate::device::scanner::spec::{Lock, Unlocked};
use crate::device::scanner::{self, Scanner, ScannerSpec};
use crate::fault_code::FaultCode;
use crate::kiosk::check_result::{CheckResult, Part};
use crate::locale::{Text, system_error, text};
use std::io::{Error, ErrorKind};

/// File of the udev rules that give the service's user access to devices.
pub(super) const RULES: &str = "hw/udev/60-pickup-kiosk.rules";

/// Checks that a scanner's device can be opened, and that its set-up codes are locked.
pub fn scanner(index: usize, scanner: &Scanner) -> CheckResult {
    let name = Part::new(format!("scanner {index}"), format!("扫码器 {index}"));
    match scanner::probe(&scanner.spec) {
        Ok(found) => locked(name, found, scanner.lock),
        Err(error) => {
            let place = match &scanner.spec {
                ScannerSpec::Serial(line) => Text::same(line.path.display().to_string()),
                ScannerSpec::Hid(place) => Text::same(place.to_string()),
                ScannerSpec::Stdin => Text::new("标准输入", "standard input"),
            };
            let reason = system_error(&error);
            let found = text!("{place:#}：{reason:#}", "{place}: {reason}");
            let serial = matches!(scanner.spec, ScannerSpec::Serial(_));
            CheckResult::wrong(name, found, remedy(&error, serial)).under(FaultCode::ScannerGone)
        }
    }
}

/// Returns the remedy for a device that can't be opened.
pub(super) fn remedy(error: &Error, serial: bool) -> Text {
    let (folder, kind, rule) = if serial {
        ("/dev/serial/by-id", Text::new("串口", "a serial port"), "SUBSYSTEM==\"tty\"")
    } else {
        ("/dev/input/by-id", Text::new("键盘", "a keyboard"), "SUBSYSTEM==\"input\"")
    };
    match error.kind() {
        ErrorKind::NotFound => text!(
            "请插好，或改正它的 connection；pickup-kiosk check --discover 和 ls -l {folder} 显示现有设备",
            "plug it in, or correct its connection; pickup-kiosk check --discover and ls -l {folder} show what is there"
        ),
        ErrorKind::PermissionDenied => text!(
            "请安装 {RULES}（其中 {rule} 一条把它交给 pickup-kiosk 组），然后：udevadm control --reload; udevadm trigger；\
             或把当前用户加入它所属的组",
            "install {RULES} (its rule {rule} gives it to the group pickup-kiosk), then: udevadm control --reload; \
             udevadm trigger; or add this user to the group that owns it"
        ),
        ErrorKind::ResourceBusy => Text::new(
            "被别的程序占用：是否另有取票程序在运行？fuser -v 文件 会给出是谁",
            "another program has it: is a second kiosk running? fuser -v FILE names it",
        ),
        _ => text!("应为没有别的程序在用的{kind:#}", "it must be {kind} that nothing else uses"),
    }
}

fn locked(name: Part, found: Text, lock: Lock) -> CheckResult {
    let why = match lock {
        Lock::Sent => {
            let found =
                text!("{found:#}；每次启动时锁定设置码", "{found}; set-up codes are locked at each start");
            return CheckResult::well(name, found);
        }
        Lock::ByHand => return CheckResult::well(name, found),
        Lock::Open(why) => why,
    };
    let (what, remedy) = match why {
        Unlocked::NoProfile => (
            Text::new(
                "没有型号文件，所以没有锁定命令：用手机出示设置码就能改它的设置",
                "no profile, so no lock command: a set-up code shown from a telephone can reprogram it",
            ),
            (
                "请写型号，profile = \"newland\"，或写它自己的命令，lock = \"…\"；或手动锁定后写 lock = \"by-hand\"",
                "name its make, profile = \"newland\", or its own command, lock = \"…\"; or lock it by hand, then \
                 lock = \"by-hand\"",
            ),
        ),
        Unlocked::ProfileHasNone => (
            Text::new(
                "型号文件里没有锁定命令：用手机出示设置码就能改它的设置",
                "its profile has no lock command: a set-up code shown from a telephone can reprogram it",
            ),
            (
                "请写手册里的命令，lock = \"…\"，或手动锁定后写 lock = \"by-hand\"",
                "give the command of its manual, lock = \"…\", or lock it by hand, then lock = \"by-hand\"",
            ),
        ),
        Unlocked::Keyboard => (
            Text::new(
                "键盘式扫码器不接受锁定命令：用手机出示设置码就能改它的设置",
                "a keyboard takes no lock command: a set-up code shown from a telephone can reprogram it",
            ),
            (
                "请把它设为 USB 串口（CDC），或用手册里的码锁定后写 lock = \"by-hand\"",
                "set it to USB serial (CDC), or lock it with the code of its manual, then lock = \"by-hand\"",
            ),
        ),
    };
    CheckResult::warned(name, text!("{found:#}；{what:#}", "{found}; {what}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::check_result::Verdict;
    use crate::locale::assert_both;

    fn tried(connection: &str) -> CheckResult {
        scanner(0, &ScannerSpec::parse(connection).unwrap().into())
    }

    #[test]
    fn a_scanner_that_is_not_there_is_noticed() {
        let part = tried("serial:/dev/no-such-scanner");
        assert!(part.to_string().starts_with("WRONG  scanner 0    /dev/no-such-scanner: "), "{part}");
        let part = tried("hid:/dev/input/by-id/no-such-scanner");
        assert!(part.to_string().contains("/dev/input/by-id show"), "{part}");
        assert_eq!(tried("stdin:").verdict, Verdict::Well);
        let part = tried("hid:/dev/null");
        assert!(part.found.en.contains("this is no input device"), "{part}");
    }

    #[test]
    fn who_may_not_open_it_is_told_the_rule() {
        let denied = Error::from(ErrorKind::PermissionDenied);
        assert!(remedy(&denied, true).en.contains("SUBSYSTEM==\"tty\""));
        assert!(remedy(&denied, false).en.contains("60-pickup-kiosk.rules (its rule SUBSYSTEM==\"input\""));
    }

    #[test]
    fn every_line_about_scanners_is_in_both_languages() {
        let mut all: Vec<CheckResult> =
            ["stdin:", "hid:/dev/null", "serial:/dev/no-such-scanner", "hid:1234:5678"].map(tried).to_vec();
        let whys = [Unlocked::NoProfile, Unlocked::ProfileHasNone, Unlocked::Keyboard].map(Lock::Open);
        for lock in whys.into_iter().chain([Lock::Sent, Lock::ByHand]) {
            all.push(locked(Part::new("scanner 0", "扫码器 0"), Text::new("已打开 it", "it"), lock));
        }
        all.iter().flat_map(CheckResult::sentences).for_each(assert_both);
        let kinds = [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::ResourceBusy,
            ErrorKind::InvalidInput,
        ];
        for kind in kinds {
            for serial in [true, false] {
                assert_both(&remedy(&Error::from(kind), serial));
            }
        }
    }

    #[test]
    fn a_scanner_that_can_be_reprogrammed_is_told() {
        for why in [Unlocked::NoProfile, Unlocked::ProfileHasNone, Unlocked::Keyboard] {
            let part = locked("scanner 0".into(), Text::same("it"), Lock::Open(why));
            assert!(part.works() && part.found.en.contains("can reprogram it"), "{part}");
        }
        assert_eq!(locked("scanner 0".into(), Text::same("it"), Lock::Sent).verdict, Verdict::Well);
    }
}
