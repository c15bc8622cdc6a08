//! Checks of the scanners: each can be opened, and no code shown from a telephone can reprogram it.

use crate::device::scanner::spec::{Lock, Unlocked};
use crate::device::scanner::{self, Scanner, ScannerSpec};
use crate::fault_code::FaultCode;
use crate::kiosk::check_result::CheckResult;
use std::io::{Error, ErrorKind};

/// File of the udev rules that give the service's user access to devices.
pub(super) const RULES: &str = "hw/udev/60-pickup-kiosk.rules";

/// Checks that a scanner's device can be opened, and that its set-up codes are locked.
pub fn scanner(index: usize, scanner: &Scanner) -> CheckResult {
    let name = format!("scanner {index}");
    match scanner::probe(&scanner.spec) {
        Ok(found) => locked(name, found, scanner.lock),
        Err(error) => {
            let place = match &scanner.spec {
                ScannerSpec::Serial(line) => line.path.display().to_string(),
                ScannerSpec::Hid(place) => place.to_string(),
                ScannerSpec::Stdin => "standard input".into(),
            };
            let serial = matches!(scanner.spec, ScannerSpec::Serial(_));
            CheckResult::wrong(name, format!("{place}: {error}"), remedy(&error, serial))
                .under(FaultCode::ScannerGone)
        }
    }
}

/// Returns the remedy for a device that can't be opened.
pub(super) fn remedy(error: &Error, serial: bool) -> String {
    let (folder, kind, rule) = if serial {
        ("/dev/serial/by-id", "a serial port", "SUBSYSTEM==\"tty\"")
    } else {
        ("/dev/input/by-id", "a keyboard", "SUBSYSTEM==\"input\"")
    };
    match error.kind() {
        ErrorKind::NotFound => {
            format!(
                "plug it in, or correct its connection; pickup-kiosk check --discover and ls -l {folder} show what is there"
            )
        }
        ErrorKind::PermissionDenied => format!(
            "install {RULES} (its rule {rule} gives it to the group pickup-kiosk), then: udevadm control --reload; \
             udevadm trigger; or add this user to the group that owns it"
        ),
        ErrorKind::ResourceBusy => {
            "another program has it: is a second kiosk running? fuser -v FILE names it".to_owned()
        }
        _ => format!("it must be {kind} that nothing else uses"),
    }
}

fn locked(name: String, found: String, lock: Lock) -> CheckResult {
    let why = match lock {
        Lock::Sent => {
            return CheckResult::well(name, format!("{found}; set-up codes are locked at each start"));
        }
        Lock::ByHand => return CheckResult::well(name, found),
        Lock::Open(why) => why,
    };
    let (what, remedy) = match why {
        Unlocked::NoProfile => (
            "no profile, so no lock command: a set-up code shown from a telephone can reprogram it",
            "name its make, profile = \"newland\", or its own command, lock = \"…\"; or lock it by hand, then \
             lock = \"by-hand\"",
        ),
        Unlocked::ProfileHasNone => (
            "its profile has no lock command: a set-up code shown from a telephone can reprogram it",
            "give the command of its manual, lock = \"…\", or lock it by hand, then lock = \"by-hand\"",
        ),
        Unlocked::Keyboard => (
            "a keyboard takes no lock command: a set-up code shown from a telephone can reprogram it",
            "set it to USB serial (CDC), or lock it with the code of its manual, then lock = \"by-hand\"",
        ),
    };
    CheckResult::warned(name, format!("{found}; {what}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::check_result::Verdict;

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
        assert!(part.found.contains("this is no input device"), "{part}");
    }

    #[test]
    fn who_may_not_open_it_is_told_the_rule() {
        let denied = Error::from(ErrorKind::PermissionDenied);
        assert!(remedy(&denied, true).contains("SUBSYSTEM==\"tty\""));
        assert!(remedy(&denied, false).contains("60-pickup-kiosk.rules (its rule SUBSYSTEM==\"input\""));
    }

    #[test]
    fn a_scanner_that_can_be_reprogrammed_is_told() {
        for why in [Unlocked::NoProfile, Unlocked::ProfileHasNone, Unlocked::Keyboard] {
            let part = locked("scanner 0".into(), "it".into(), Lock::Open(why));
            assert!(part.works() && part.found.contains("can reprogram it"), "{part}");
        }
        assert_eq!(locked("scanner 0".into(), "it".into(), Lock::Sent).verdict, Verdict::Well);
    }
}
