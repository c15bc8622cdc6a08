//! A USB stick: found by lsblk, mounted and taken out through udisks; what goes onto it is there whole, under a name of
//! its own, or not at all.

mod bundle;

use super::report::no;
use super::tools::Tools;
use super::{log_ring, system};
use crate::journal::audit_log;
use crate::journal::export;
use crate::journal::store::{Filter, Journal};
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::{journal_pages, request};
use crate::locale::{Text, both, system_error, text};
use crate::maintenance::menu::ask::{Bundle, MenuAnswer, Report, same};
use crate::maintenance::texts;
use bundle::{Item, Unwritten};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// lsblk and udisks answer within this.
const LIMIT: Duration = Duration::from_secs(30);
/// Sticks that are listed.
const STICKS_MAX: usize = 8;
/// The most that is written, bytes: a journal at its bound is longer, and then its newest part goes.
const WRITTEN_MAX: usize = 64 << 20;

/// The sticks there are: partitions of removable disks that hold a file system.
pub(super) fn list(what: Bundle) -> MenuAnswer {
    let columns = "PATH,RM,HOTPLUG,TYPE,FSTYPE,LABEL,SIZE";
    let said = match system::run(Path::new("lsblk"), &["--json", "--list", "--output", columns], LIMIT) {
        Ok(said) if said.ok => said.out,
        Ok(said) => return no(texts::usb_drive::not_listed(said.err.trim())),
        Err(error) => {
            let error = system_error(&error);
            return no(text!("lsblk：{error:#}", "lsblk: {error}"));
        }
    };
    MenuAnswer::UsbDrives(what, sticks(&said))
}

fn sticks(json: &str) -> Vec<(String, String)> {
    let Ok(all) = serde_json::from_str::<serde_json::Value>(json) else { return Vec::new() };
    let devices = all.get("blockdevices").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let text = |device: &serde_json::Value, key: &str| {
        let value = device.get(key).and_then(|value| value.as_str()).unwrap_or_default();
        // A label is whatever somebody wrote there.
        value.chars().filter(|c| !c.is_control()).take(24).collect::<String>()
    };
    let yes = |device: &serde_json::Value, key: &str| {
        device.get(key).is_some_and(|value| *value == true || *value == "1" || *value == 1)
    };
    let stick = |device: &serde_json::Value| {
        let path = text(device, "path");
        let plain = path.strip_prefix("/dev/").is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
        let fits = plain
            && !text(device, "fstype").is_empty()
            && matches!(text(device, "type").as_str(), "part" | "disk");
        (fits && (yes(device, "rm") || yes(device, "hotplug")))
            .then(|| (path.clone(), format!("{path}  {}  {}", text(device, "label"), text(device, "size"))))
    };
    devices.iter().filter_map(stick).take(STICKS_MAX).collect()
}

/// The files that go onto the stick.
///
/// # Errors
/// What the journal says.
pub(super) async fn files(what: Bundle, tools: &Tools, journal: &JournalThread) -> Result<Vec<Item>, Text> {
    let item = |name, text: String| Item { name, content: text.into_bytes() };
    let pickups = journal.with(|journal| pickups_csv(journal)).await.map_err(|gone| both(&gone))??;
    let acts = journal.with(|journal| audit_csv(journal)).await.map_err(|gone| both(&gone))??;
    let mut files = vec![item("pickups.csv", pickups), item("acts.csv", acts)];
    if what == Bundle::Bundle {
        files.push(item("status.txt", tools.status()));
        files.push(item("config.toml", tools.loaded.shown()));
        files.push(item("log.txt", log_ring::newest(usize::MAX).join("\n") + "\n"));
    }
    Ok(files)
}

fn pickups_csv(journal: &Journal) -> Result<String, Text> {
    let mut text = String::from(export::CSV_HEADER);
    let mut after = 0;
    loop {
        let (page, next) =
            journal.records().page(Filter::default(), after, 500).map_err(|error| error.text())?;
        page.iter().for_each(|pickup| text.push_str(&export::csv_lines(pickup)));
        // The newest are what is asked for: the oldest go first.
        if text.len() > WRITTEN_MAX {
            let cut = text.len() - WRITTEN_MAX / 2;
            let line = text.get(cut..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| cut + at + 1);
            text = format!("{}{}", export::CSV_HEADER, text.get(line..).unwrap_or_default());
        }
        match next {
            Some(next) => after = next,
            None => return Ok(text),
        }
    }
}

fn audit_csv(journal: &Journal) -> Result<String, Text> {
    let mut text = String::from(audit_log::CSV_HEADER);
    let mut after = 0;
    loop {
        let page = request::AuditRequest { shape: request::Shape::Csv, day: None, after };
        let answer = journal_pages::audit_entries(journal, &page);
        if !answer.ok {
            return Err(answer.told());
        }
        text.push_str(&answer.text);
        match answer.next {
            Some(next) => after = next,
            None => return Ok(text),
        }
    }
}

/// Mounts, writes, takes out. Whatever happens, it is unmounted.
pub(super) fn write(device: &str, kiosk: &str, files: &[Item]) -> MenuAnswer {
    let udisks = |args: &[&str]| system::run(Path::new("udisksctl"), args, LIMIT);
    let mounted = match udisks(&["mount", "--no-user-interaction", "-b", device]) {
        Ok(said) if said.ok => mount_point(&said.out).ok_or_else(|| said.out.clone()),
        Ok(said) => mount_point(&said.err).ok_or(said.err),
        Err(error) => Err(error.to_string()),
    };
    let folder = match mounted {
        Ok(folder) => folder,
        Err(why) => {
            return MenuAnswer::Report(Report::no(vec![
                texts::usb_drive::nothing_written(),
                texts::usb_drive::not_mounted(device, why.trim()),
            ]));
        }
    };
    let written = bundle::write(&folder, kiosk, files);
    let taken_out = udisks(&["unmount", "--no-user-interaction", "-b", device]);
    MenuAnswer::Report(told(written, taken_out.is_ok_and(|said| said.ok), device))
}

fn told(written: Result<String, Unwritten>, safe: bool, device: &str) -> Report {
    match written {
        Ok(name) if safe => Report::yes(vec![same(name), texts::usb_drive::written()]),
        Ok(name) => Report::no(vec![same(name), texts::usb_drive::still_mounted()]),
        Err(Unwritten { error, left }) => {
            let mut lines = vec![texts::usb_drive::nothing_written()];
            lines.extend(cause(&error));
            let error = system_error(&error);
            lines.push(text!("{device}：{error:#}", "{device}: {error}"));
            lines.extend(left.map(|name| texts::usb_drive::left_behind(&name)));
            Report::no(lines)
        }
    }
}

/// The remedy, where the system's word says it.
fn cause(error: &io::Error) -> Option<Text> {
    Some(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => texts::usb_drive::full(),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            texts::usb_drive::write_protected()
        }
        _ if bundle::is_gone(error) => texts::usb_drive::gone(),
        _ => return None,
    })
}

/// `Mounted /dev/sda1 at /media/kiosk/LABEL`, older versions with a full stop; or the complaint that it is mounted
/// already, with the place in quotes. A label may hold nearly anything.
fn mount_point(said: &str) -> Option<PathBuf> {
    let (_, rest) = said.split_once(" at ")?;
    let line = rest.lines().next()?.trim_end();
    let path = match line.strip_prefix('`') {
        Some(quoted) => quoted.rsplit_once('\'')?.0,
        None if Path::new(line).is_dir() => line,
        None => line.strip_suffix('.').unwrap_or(line),
    };
    (path.starts_with('/') && !path.contains(char::is_control)).then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests;
