//! The parts that need no server: journal, printer, clock, disk.

use crate::device::printer::connection::ConnectionSpec;
use crate::device::printer::status::port_in_words;
use crate::device::printer::{self, PrinterEvent};
use crate::fault_code::FaultCode;
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::kiosk::check;
use crate::kiosk::check_result::CheckResult;
use crate::locale::{Text, system_error, text};
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
    let (name, shown) = ("journal", state_dir.display());
    if !Journal::exists(state_dir) {
        return (
            CheckResult::well(
                name,
                text!("{shown} 里还没有；run 会新建", "none yet in {shown}; run makes it"),
            ),
            false,
        );
    }
    let checked = Journal::open(state_dir, settings).and_then(|journal| {
        journal.check_integrity()?;
        Ok(journal.notices().len())
    });
    match checked {
        Ok(0) => (CheckResult::well(name, text!("完好，在 {shown}", "sound, in {shown}")), false),
        Ok(_) => {
            let found = ("保存验证码所用的密钥已丢失", "the key under which booking IDs are kept was lost");
            let remedy = (
                "请按领取编号处理未出的票；以前出示过的码认不出来",
                "settle what is owed by claim reference; codes presented before are not recognised",
            );
            (CheckResult::warned(name, found, remedy), false)
        }
        Err(JournalError::Locked { owner, .. }) => {
            (CheckResult::well(name, text!("正由 {owner} 使用", "in use by {owner}")), true)
        }
        Err(error) => {
            let remedy =
                text!("取票程序的用户应能写 {shown}", "the kiosk's user must be able to write in {shown}");
            let code = check::code_of(&error);
            (CheckResult::wrong(name, error.text(), remedy).under(code), false)
        }
    }
}

/// Checks that the printer can be reached and could print. Prints nothing.
///
/// A difference between the profile and the printer's answers is a warning: either may be wrong.
pub fn printer(spec: &ConnectionSpec, profile: &Profile, options: printer::Options) -> CheckResult {
    let part = "printer";
    // The owner reports from its own thread and must not wait: an event that finds no room was reported before.
    let (told, news) = sync_channel(16);
    let tell = move |event| drop(told.try_send(event));
    let handle = match printer::start_with(spec.clone(), profile, options, tell) {
        Ok(handle) => handle,
        Err(error) => {
            let remedy = ("请重启本机", "start this machine again");
            return CheckResult::wrong(part, system_error(&error), remedy);
        }
    };
    let deadline = Instant::now() + PRINTER_LIMIT;
    let mut told_model = None;
    let mut unlike = Vec::new();
    loop {
        match news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(PrinterEvent::Identified { model, .. }) => told_model = model,
            Ok(PrinterEvent::Mismatch(what)) => unlike.push(what.text()),
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
    let name = &profile.name;
    let model = told_model.map_or_else(
        || text!("型号文件 {name}", "{name}"),
        |model| text!("{model}，按型号文件 {name}", "{model}, as {name}"),
    );
    // The port's status did not come with the printer's answers.
    let port = port.map_or_else(Text::default, |byte| {
        let words = port_in_words(byte);
        text!("；USB 端口：{words:#}", "; its USB port: {words}")
    });
    let found = text!("{spec}（{model:#}）{port:#}", "{spec} ({model}){port}");
    check::as_profiled(check::printer(conditions, found), &unlike)
}

/// Checks that the clock can be right.
pub fn clock(now: &ZonedDateTime) -> CheckResult {
    let shown = now.strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    if now.year() < EARLIEST_YEAR {
        let remedy = (
            "请对时：timedatectl set-ntp true，或加带电池的时钟",
            "set it: timedatectl set-ntp true, or a clock with a battery",
        );
        return CheckResult::wrong("clock", text!("现为 {shown}", "it shows {shown}"), remedy)
            .under(FaultCode::ClockUnset);
    }
    CheckResult::well("clock", text!("现为 {shown}", "{shown}"))
}

/// Checks that there is room for the journal (`[journal] free_mib`). Where the directory does not exist yet, the one it
/// will be made in counts.
pub fn disk(state_dir: &Path, wanted_mib: u32) -> CheckResult {
    let shown = state_dir.display();
    let Some(existing) = state_dir.ancestors().find(|directory| directory.is_dir()) else {
        return CheckResult::wrong(
            "disk",
            text!("无法查看 {shown}", "{shown} cannot be looked at"),
            ("请改正 kiosk.state_dir", "correct kiosk.state_dir"),
        );
    };
    match statvfs(existing) {
        Ok(disk) => {
            let free_mib = disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024);
            let found = text!("{shown} 可用 {free_mib} MiB", "{free_mib} MiB free for {shown}");
            if free_mib < u64::from(wanted_mib) {
                let remedy = text!(
                    "请清理磁盘：少于 {wanted_mib} MiB（journal.free_mib）时不出票",
                    "make room: below {wanted_mib} MiB (journal.free_mib) nothing is issued"
                );
                CheckResult::wrong("disk", found, remedy).under(FaultCode::DiskFull)
            } else {
                CheckResult::well("disk", found)
            }
        }
        Err(error) => {
            let (existing, error) = (existing.display(), system_error(&error.into()));
            let found = text!("{existing}：{error:#}", "{existing}: {error}");
            CheckResult::wrong("disk", found, ("请检查磁盘：dmesg、df", "look at the disk: dmesg, df"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kiosk::check_result::Verdict;
    use crate::locale::assert_both;

    #[test]
    fn a_clock_that_was_never_set_is_noticed() {
        let at = |text: &str| clock(&text.parse().unwrap());
        assert!(at("1970-01-01T08:00:00+08:00[Asia/Shanghai]").verdict != Verdict::Well);
        let fine = at("2026-11-24T10:00:00+08:00[Asia/Shanghai]");
        assert_eq!((fine.found.en.as_str(), fine.verdict), ("2026-11-24 10:00:00 CST", Verdict::Well));
    }

    #[test]
    fn too_little_room_is_noticed_even_before_the_directory_exists() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("not/yet");
        assert_eq!(disk(&state, 1).verdict, Verdict::Well);
        let full = disk(&state, u32::MAX);
        assert!(full.found.en.contains("MiB free"), "{full}");
        assert!(full.verdict != Verdict::Well);
    }

    #[test]
    fn every_line_about_this_machine_is_in_both_languages() {
        let zoned = |text: &str| text.parse().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        let settings = || OpenSettings {
            days: crate::journal::business_day::BusinessDays::new("Asia/Shanghai", "06:00").unwrap(),
            owner: "a test".into(),
            kiosk_id: "k".into(),
            limits: crate::config::settings::JournalLimits::default(),
        };
        let mut all = vec![
            clock(&zoned("1970-01-01T08:00:00+08:00[Asia/Shanghai]")),
            clock(&zoned("2026-11-24T10:00:00+08:00[Asia/Shanghai]")),
            disk(&state, 1),
            disk(&state, u32::MAX),
            disk(Path::new(""), 1),
            journal(&state, settings()).0,
        ];
        let held = Journal::open(&state, settings()).unwrap();
        all.push(journal(&state, settings()).0);
        drop(held);
        all.push(journal(&state, settings()).0);
        std::fs::write(state.join("journal.db"), "nothing that SQLite knows").unwrap();
        all.push(journal(&state, settings()).0);
        let generic = Profile::built_in("generic-80").unwrap();
        for connection in ["image:papers", "usb:/dev/no-such-printer"] {
            let spec = match ConnectionSpec::parse(connection).unwrap() {
                ConnectionSpec::Image { folder } => ConnectionSpec::Image { folder: dir.path().join(folder) },
                spec => spec,
            };
            all.push(printer(&spec, &generic, printer::Options::default()));
        }
        all.iter().flat_map(CheckResult::sentences).for_each(assert_both);
        (0..=0xFF).for_each(|byte| assert_both(&port_in_words(byte)));
    }

    #[test]
    fn a_clone_under_another_printers_profile_is_told_key_by_key() {
        // The clone prints and reports nothing by itself: where its profile promises ASB, the check says so.
        let address = serve_silently();
        let spec = ConnectionSpec::parse(&format!("tcp:{address}")).unwrap();
        let part = printer(&spec, &Profile::built_in("generic-80").unwrap(), printer::Options::default());
        assert!(!part.works());
        let found = &part.found.en;
        assert!(found.contains("status.dle_eot") || found.contains("not_answering"), "{part}");
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
