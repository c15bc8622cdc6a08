//! A USB stick: found by lsblk, mounted and taken out through udisks; what goes onto it is there whole, under a name of
//! its own, or not at all.

use super::doing::no;
use super::jobs::Tools;
use super::{log_ring, machine};
use crate::journal::acts;
use crate::journal::export;
use crate::journal::store::{Filter, Journal};
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::{control, pages};
use crate::maintenance::menu::ask::{Answer, Parcel, Report, same};
use crate::screen::texts::Text;
use jiff::Timestamp;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// lsblk and udisks answer within this.
const LIMIT: Duration = Duration::from_secs(30);
/// Sticks that are listed.
const STICKS_MAX: usize = 8;
/// The most that is written, bytes: a journal at its bound is longer, and then its newest part goes.
const WRITTEN_MAX: usize = 64 << 20;

/// One file of a parcel.
pub(super) struct Item {
    pub name: &'static str,
    pub content: Vec<u8>,
}

/// The sticks there are: partitions of removable disks that hold a file system.
pub(super) fn list(what: Parcel) -> Answer {
    let columns = "PATH,RM,HOTPLUG,TYPE,FSTYPE,LABEL,SIZE";
    let said = match machine::run(Path::new("lsblk"), &["--json", "--list", "--output", columns], LIMIT) {
        Ok(said) if said.ok => said.out,
        Ok(said) => return no(format!("lsblk: {}", said.err.trim())),
        Err(error) => return no(format!("lsblk: {error}")),
    };
    Answer::Sticks(what, sticks(&said))
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

/// What goes onto the stick.
///
/// # Errors
/// What the journal says.
pub(super) async fn files(what: Parcel, tools: &Tools, journal: &JournalThread) -> Result<Vec<Item>, String> {
    let item = |name, text: String| Item { name, content: text.into_bytes() };
    let pickups = journal.with(|journal| pickups_csv(journal)).await.map_err(|error| error.to_string())??;
    let acts = journal.with(|journal| acts_csv(journal)).await.map_err(|error| error.to_string())??;
    let mut files = vec![item("pickups.csv", pickups), item("acts.csv", acts)];
    if what == Parcel::Bundle {
        files.push(item("status.txt", tools.status()));
        files.push(item("config.toml", tools.loaded.shown()));
        files.push(item("log.txt", log_ring::newest(usize::MAX).join("\n") + "\n"));
    }
    Ok(files)
}

fn pickups_csv(journal: &Journal) -> Result<String, String> {
    let mut text = String::from(export::CSV_HEADER);
    let mut after = 0;
    loop {
        let (page, next) = journal.page(Filter::default(), after, 500).map_err(|error| error.to_string())?;
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

fn acts_csv(journal: &Journal) -> Result<String, String> {
    let mut text = String::from(acts::CSV_HEADER);
    let mut after = 0;
    loop {
        let page = control::Acts { shape: control::Shape::Csv, day: None, after };
        let answer = pages::acts(journal, &page);
        if !answer.ok {
            return Err(answer.text);
        }
        text.push_str(&answer.text);
        match answer.next {
            Some(next) => after = next,
            None => return Ok(text),
        }
    }
}

/// Mounts, writes, takes out. Whatever happens, it is unmounted.
pub(super) fn write(device: &str, kiosk: &str, files: &[Item]) -> Answer {
    let udisks = |args: &[&str]| machine::run(Path::new("udisksctl"), args, LIMIT);
    let mounted = match udisks(&["mount", "--no-user-interaction", "-b", device]) {
        Ok(said) if said.ok => mount_point(&said.out).ok_or_else(|| said.out.clone()),
        Ok(said) => mount_point(&said.err).ok_or(said.err),
        Err(error) => Err(error.to_string()),
    };
    let folder = match mounted {
        Ok(folder) => folder,
        Err(why) => return no(format!("udisksctl mount {device}: {}", why.trim())),
    };
    let written = write_whole(&folder, kiosk, files);
    let taken_out = udisks(&["unmount", "--no-user-interaction", "-b", device]);
    let safe = taken_out.is_ok_and(|said| said.ok);
    match written {
        Ok(name) if safe => Answer::Report(Report::yes(vec![
            same(name),
            Text::new("已完整写入，可以拔出 U 盘。", "Written whole. The stick can be taken out."),
        ])),
        Ok(name) => Answer::Report(Report::no(vec![
            same(name),
            Text::new(
                "已写入，但未能安全卸载：请先不要拔出。",
                "Written, but it could not be unmounted: don't take it out yet.",
            ),
        ])),
        Err(error) => Answer::Report(Report::no(vec![
            Text::new("没有写入任何文件：", "Nothing was written:"),
            same(format!("{device}: {error}")),
        ])),
    }
}

/// `Mounted /dev/sda1 at /media/kiosk/LABEL`, or the complaint that it is mounted already there.
fn mount_point(said: &str) -> Option<PathBuf> {
    let (_, rest) = said.split_once(" at ")?;
    let line = rest.lines().next()?.trim();
    let path = line.trim_start_matches('`').trim_end_matches(['.', '\'']);
    let path = path.split('\'').next()?;
    path.starts_with('/').then(|| PathBuf::from(path))
}

/// A folder of its own, filled under another name, synced, then renamed. What stands on the stick is never touched,
/// nor followed.
fn write_whole(folder: &Path, kiosk: &str, files: &[Item]) -> io::Result<String> {
    let stamp = Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
    let name = (0..100)
        .map(|n| {
            if n == 0 {
                format!("pickup-kiosk-{kiosk}-{stamp}")
            } else {
                format!("pickup-kiosk-{kiosk}-{stamp}-{n}")
            }
        })
        .find(|name| fs::symlink_metadata(folder.join(name)).is_err())
        .ok_or_else(|| io::Error::other("no free name on the stick"))?;
    let draft = folder.join(format!("{name}.part"));
    // Fails where something of this name is there already, a link included.
    DirBuilder::new().mode(0o755).create(&draft)?;
    let filled = fill(&draft, files).and_then(|()| {
        fs::rename(&draft, folder.join(&name))?;
        sync(folder)
    });
    match filled {
        Ok(()) => Ok(name),
        Err(error) => {
            // On a stick that was pulled out this fails, too: then the .part says what it is.
            let _ = fs::remove_dir_all(&draft);
            Err(error)
        }
    }
}

fn fill(draft: &Path, files: &[Item]) -> io::Result<()> {
    for item in files {
        let path = draft.join(item.name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&path)?;
        file.write_all(&item.content)?;
        file.sync_all()?;
        drop(file);
        // What a full or worn stick kept of it.
        if fs::metadata(&path)?.len() != u64::try_from(item.content.len()).unwrap_or(u64::MAX) {
            return Err(io::Error::other(format!("{} is not whole on the stick", item.name)));
        }
    }
    sync(draft)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests;
