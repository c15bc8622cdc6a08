//! The parts that need no server: journal, printer, clock, disk.

use crate::device::printer::connection::ConnectionSpec;
use crate::device::printer::status::port_in_words;
use crate::device::printer::{self, PrinterEvent};
use crate::fault_code::FaultCode;
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::kiosk::check;
use crate::kiosk::check_result::CheckResult;
use crate::receipt::profile::Profile;
use jiff::ZonedDateTime;
use rustix::fs::statvfs;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

/// Time limit for the printer to report that it can print; connecting and inspecting it take less than 4 s.
const PRINTER_LIMIT: Duration = Duration::from_secs(5);

/// Earliest year that a set clock can show: boards without a battery start in the past.
const EARLIEST_YEAR: i16 = 2026;

/// Checks that the journal can be opened and is sound. The flag is true if another process holds it, which then owns
/// printer and site too. A journal that was never made is not made here: it would belong to whoever calls `check`, and
/// not to the kiosk's user.
pub fn journal(state_dir: &Path, settings: OpenSettings) -> (CheckResult, bool) {
    let name = "journal";
    if !Journal::exists(state_dir) {
        return (
            CheckResult::well(name, format!("none yet in {}; run makes it", state_dir.display())),
            false,
        );
    }
    let checked = Journal::open(state_dir, settings).and_then(|journal| {
        journal.check_integrity()?;
        Ok(journal.notices().len())
    });
    match checked {
        Ok(0) => (CheckResult::well(name, format!("sound, in {}", state_dir.display())), false),
        Ok(_) => {
            let found = "the key under which booking IDs are kept was lost";
            let remedy = "settle what is owed by claim reference; codes presented before are not recognised";
            (CheckResult::warned(name, found, remedy), false)
        }
        Err(JournalError::Locked { holder, .. }) => {
            (CheckResult::well(name, format!("in use by {holder}")), true)
        }
        Err(error) => {
            let remedy = format!("the kiosk's user must be able to write in {}", state_dir.display());
            let code = check::code_of(&error);
            (CheckResult::wrong(name, error.to_string(), remedy).under(code), false)
        }
    }
}

/// Checks that the printer can be reached and could print. Prints nothing.
///
/// A difference between the profile and the printer's answers is a warning: either may be wrong.
pub fn printer(spec: &ConnectionSpec, profile: &Profile, options: printer::Options) -> CheckResult {
    let name = "printer";
    // The owner reports from its own thread and must not wait: an event that finds no room was reported before.
    let (told, news) = sync_channel(16);
    let tell = move |event| drop(told.try_send(event));
    let handle = match printer::start_with(spec.clone(), profile, options, tell) {
        Ok(handle) => handle,
        Err(error) => return CheckResult::wrong(name, error.to_string(), "start this machine again"),
    };
    let deadline = Instant::now() + PRINTER_LIMIT;
    let mut told_model = None;
    let mut unlike = Vec::new();
    loop {
        match news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(PrinterEvent::Identified { model, .. }) => told_model = model,
            Ok(PrinterEvent::Mismatch(what)) => unlike.push(what.to_string()),
            Ok(_) => {}
            Err(_) => break,
        }
        if !handle.status().stops_printing() {
            break;
        }
    }
    let conditions = handle.status();
    let port = handle.raw_status().port;
    handle.stop();
    unlike.extend(told_model.as_deref().and_then(|told| check::other_model(profile, told)));
    let model =
        told_model.map_or_else(|| profile.name.clone(), |model| format!("{model}, as {}", profile.name));
    // The port's status did not come with the printer's answers.
    let port = port.map_or_else(String::new, |byte| format!("; its USB port: {}", port_in_words(byte)));
    let found = format!("{spec} ({model}){port}");
    check::as_profiled(check::printer(conditions, &found), &unlike)
}

/// Checks that the clock can be right.
pub fn clock(now: &ZonedDateTime) -> CheckResult {
    let shown = now.strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    if now.year() < EARLIEST_YEAR {
        return CheckResult::wrong(
            "clock",
            format!("it shows {shown}"),
            "set it: timedatectl set-ntp true, or a clock with a battery",
        )
        .under(FaultCode::ClockUnset);
    }
    CheckResult::well("clock", shown)
}

/// Checks that there is room for the journal (`[journal] free_mib`). Where the directory does not exist yet, the one it
/// will be made in counts.
pub fn disk(state_dir: &Path, wanted_mib: u32) -> CheckResult {
    let Some(existing) = state_dir.ancestors().find(|directory| directory.is_dir()) else {
        return CheckResult::wrong(
            "disk",
            format!("{} cannot be looked at", state_dir.display()),
            "correct kiosk.state_dir",
        );
    };
    match statvfs(existing) {
        Ok(disk) => {
            let free_mib = disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024);
            let found = format!("{free_mib} MiB free for {}", state_dir.display());
            if free_mib < u64::from(wanted_mib) {
                let remedy =
                    format!("make room: below {wanted_mib} MiB (journal.free_mib) nothing is issued");
                CheckResult::wrong("disk", found, remedy).under(FaultCode::DiskFull)
            } else {
                CheckResult::well("disk", found)
            }
        }
        Err(error) => CheckResult::wrong(
            "disk",
            format!("{}: {error}", existing.display()),
            "look at the disk: dmesg, df",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::check_result::Verdict;

    #[test]
    fn a_clock_that_was_never_set_is_noticed() {
        let at = |text: &str| clock(&text.parse().unwrap());
        assert!(at("1970-01-01T08:00:00+08:00[Asia/Shanghai]").verdict != Verdict::Well);
        let fine = at("2026-11-24T10:00:00+08:00[Asia/Shanghai]");
        assert_eq!((fine.found.as_str(), fine.verdict), ("2026-11-24 10:00:00 CST", Verdict::Well));
    }

    #[test]
    fn too_little_room_is_noticed_even_before_the_directory_exists() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("not/yet");
        assert_eq!(disk(&state, 1).verdict, Verdict::Well);
        let full = disk(&state, u32::MAX);
        assert!(full.found.contains("MiB free"), "{full}");
        assert!(full.verdict != Verdict::Well);
    }

    #[test]
    fn a_clone_under_another_printers_profile_is_told_key_by_key() {
        // The clone prints and reports nothing by itself: where its profile promises ASB, the check says so.
        let address = serve_silently();
        let spec = ConnectionSpec::parse(&format!("tcp:{address}")).unwrap();
        let part = printer(&spec, &Profile::built_in("generic-80").unwrap(), printer::Options::default());
        assert!(!part.works());
        assert!(part.found.contains("status.dle_eot") || part.found.contains("not_answering"), "{part}");
    }

    /// A printer that answers the first question of each connection and nothing else.
    fn serve_silently() -> std::net::SocketAddr {
        use std::io::{Read, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut buffer = [0; 64];
                if stream.read(&mut buffer).is_ok_and(|count| count > 0) {
                    drop(stream.write_all(&[0x12]));
                }
                while stream.read(&mut buffer).is_ok_and(|count| count > 0) {}
            }
        });
        address
    }
}
