//! Work of the menu's that blocks: done on a thread of its own, so that nobody waits for it but the menu.

use super::audit::AuditTrail;
use super::report::no;
use super::tools::Tools;
use super::{log_ring, system, usb_export};
use crate::config::{Loaded, overrides};
use crate::journal::clock_trust::APART_SECONDS;
use crate::kiosk::check;
use crate::kiosk::journal_thread::JournalThread;
use crate::locale::{system_error, text};
use crate::maintenance::menu::ask::{Ask, Bundle, MenuAnswer, Report, same};
use crate::maintenance::texts;
use jiff::Timestamp;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// Lines of the log in the menu.
const LOG_LINES: usize = 60;
/// Power acts are asked for once the menu has said so.
const POWER_LIMIT: Duration = Duration::from_secs(20);

/// Does what blocks. `copy`: the journal, for what goes onto a stick.
pub(super) fn work(ask: Ask, tools: &Tools, copy: Option<&JournalThread>, runtime: &Handle) -> MenuAnswer {
    match (ask, copy) {
        (Ask::Write { what, drive }, Some(journal)) => {
            let files = runtime.block_on(usb_export::files(what, tools, journal));
            files.map_or_else(no, |files| usb_export::write(&drive, &tools.loaded.settings.kiosk.id, &files))
        }
        (ask, _) => done(ask, tools),
    }
}

/// The record of an act before it is done, and the names of its end; nothing of what only looks.
pub(super) struct Recorded {
    pub what: &'static str,
    pub before: String,
    pub after: String,
    pub ends: AuditTrail,
}

/// The record that goes before this, if one does.
pub(super) fn recorded(ask: &Ask, loaded: &Loaded) -> Option<Recorded> {
    let plain = |what, failed| Recorded {
        what,
        before: String::new(),
        after: String::new(),
        ends: AuditTrail { done: None, failed },
    };
    let export = |what, drive: &str, done, failed| Recorded {
        what,
        before: String::new(),
        after: drive.to_owned(),
        ends: AuditTrail { done: Some(done), failed },
    };
    Some(match ask {
        Ask::Save { key, value } => {
            let known = overrides::settings(loaded).into_iter().find(|(known, _)| known == key);
            let before = known.map_or_else(String::new, |(_, before)| format!("{key} = {before}"));
            let ends = AuditTrail { done: None, failed: "setting_not_saved" };
            Recorded { what: "setting_saved", before, after: format!("{key} = {value}"), ends }
        }
        Ask::Acknowledge => plain("undone_change_seen", "undone_change_not_seen"),
        Ask::Reboot => plain("reboot", "reboot_refused"),
        Ask::PowerOff => plain("power_off", "power_off_refused"),
        Ask::Acceptance => plain("acceptance_run", "acceptance_failed"),
        Ask::Write { what: Bundle::Journal, drive } => {
            export("journal_export", drive, "journal_exported", "journal_export_failed")
        }
        Ask::Write { what: Bundle::Bundle, drive } => {
            export("bundle_export", drive, "bundle_exported", "bundle_export_failed")
        }
        _ => return None,
    })
}

fn done(ask: Ask, tools: &Tools) -> MenuAnswer {
    match ask {
        Ask::Cloud => cloud(tools),
        Ask::Clock => clock(tools),
        Ask::Network => MenuAnswer::Report(system::network(&tools.loaded)),
        Ask::Disk => MenuAnswer::Report(system::disk(&tools.loaded)),
        Ask::Log => {
            let lines = log_ring::newest(LOG_LINES);
            MenuAnswer::Report(Report::yes(lines.into_iter().map(same).collect()))
        }
        Ask::Config => MenuAnswer::Report(Report::yes(tools.fresh().shown().lines().map(same).collect())),
        Ask::Settings => MenuAnswer::Settings(overrides::settings(&tools.fresh())),
        Ask::Save { key, value } => save(tools, &key, &value),
        Ask::Acknowledge => match overrides::acknowledge(&tools.loaded.settings.kiosk.state_dir) {
            Ok(()) => MenuAnswer::Report(Report::yes(vec![texts::machine::on_record()])),
            Err(error) => no(system_error(&error)),
        },
        Ask::Reboot => system::power("reboot", POWER_LIMIT),
        Ask::PowerOff => system::power("poweroff", POWER_LIMIT),
        Ask::Acceptance => system::acceptance(&tools.loaded.file, &tools.loaded.settings.kiosk.state_dir),
        Ask::UsbDrives(what) => usb_export::list(what),
        _ => no(texts::machine::not_in_background()),
    }
}

fn save(tools: &Tools, key: &str, value: &str) -> MenuAnswer {
    match overrides::change(&tools.fresh(), key, value) {
        Ok(()) => MenuAnswer::Report(Report::yes(vec![
            same(format!("{key} = {value}")),
            texts::machine::setting_saved(),
        ])),
        Err(error) => MenuAnswer::Report(Report::no(vec![texts::machine::setting_refused(), error.text()])),
    }
}

fn cloud(tools: &Tools) -> MenuAnswer {
    let Some(client) = &tools.cloud else {
        return MenuAnswer::Report(Report::yes(vec![texts::servers::no_cloud()]));
    };
    let began = Instant::now();
    let tried = client.check();
    let took = same(format!("{} ms", began.elapsed().as_millis()));
    let cinema = &tools.loaded.settings.cinema.id;
    match tried {
        Ok(_) => {
            let mut lines = vec![texts::servers::token_taken(), took];
            let (ok, line) = match client.cinemas() {
                Ok(cinemas) if cinemas.iter().any(|one| one.id == *cinema) => {
                    (true, texts::servers::cinema_seen(cinema))
                }
                Ok(_) => (false, texts::servers::cinema_not_seen(cinema)),
                // A token that can only query bookings may list nothing.
                Err(error) => (true, texts::servers::cinemas_unlisted(&error)),
            };
            lines.push(line);
            MenuAnswer::Report(Report { ok, lines })
        }
        Err(error) => {
            let code = check::cloud_code(&error);
            MenuAnswer::Report(Report::no(vec![text!("{code}：{error:#}", "{code}: {error}"), took]))
        }
    }
}

fn clock(tools: &Tools) -> MenuAnswer {
    let now = Timestamp::now().to_zoned_datetime(tools.loaded.checked.timezone.clone());
    let mut lines = vec![same(now.strftime("%Y-%m-%d %H:%M:%S %Z").to_string())];
    let Some(client) = &tools.cloud else {
        lines.push(texts::servers::no_clock_to_compare());
        return MenuAnswer::Report(Report::yes(lines));
    };
    match client.check() {
        Ok(exchange) => match exchange.clock_ahead {
            Some(ahead) => {
                let seconds = ahead.as_secs();
                lines.push(texts::servers::clock_differs(seconds));
                let ok = seconds.unsigned_abs() <= APART_SECONDS;
                MenuAnswer::Report(Report { ok, lines })
            }
            None => {
                lines.push(texts::servers::no_date());
                MenuAnswer::Report(Report::yes(lines))
            }
        },
        Err(error) => {
            lines.push(error.text());
            MenuAnswer::Report(Report::no(lines))
        }
    }
}
