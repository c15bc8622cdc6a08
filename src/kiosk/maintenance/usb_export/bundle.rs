//! A bundle onto a stick: there whole and read back, under a name of its own, or not at all. Everything goes through the
//! opened folder, so that a stick that is pulled out, and whatever stands on it, leads nowhere else.

use jiff::Timestamp;
use rustix::fs::{
    Advice, AtFlags, Dir, FileType, Mode, OFlags, fadvise, fstat, fsync, mkdirat, openat, renameat, stat,
    statat, unlinkat,
};
use rustix::io::Errno;
use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

/// The files a bundle may have.
pub(super) const NAMES: [&str; 5] = ["pickups.csv", "acts.csv", "status.txt", "config.toml", "log.txt"];

/// One file of a bundle.
pub struct Item {
    pub name: &'static str,
    pub content: Vec<u8>,
}

/// Names tried, where somebody has put something in the way.
const NAMES_MAX: u32 = 100;
/// Entries of the stick looked at for what an earlier bundle left behind.
const ENTRIES_MAX: usize = 10_000;
/// The name of a folder while it is being filled.
const DRAFT: &str = ".part";
/// Read back in pieces of so many bytes.
const PIECE: usize = 64 * 1024;

/// The reason for which a bundle is not on the stick.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub error: io::Error,
    /// The folder that could not be taken away again: it is not whole, and the next bundle removes it.
    pub left: Option<String>,
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self { error, left: None }
    }
}

impl From<Errno> for Unwritten {
    fn from(error: Errno) -> Self {
        Self::from(io::Error::from(error))
    }
}

/// Writes it. Nothing that stands on the stick is touched but what an earlier bundle of this kiosk left half written.
///
/// # Errors
/// [`Unwritten`]; nothing of it is on the stick then, but for the folder it names.
pub(super) fn write(folder: &Path, kiosk: &str, files: &[Item]) -> Result<String, Unwritten> {
    let stick = openat(rustix::fs::CWD, folder, directory(), Mode::empty())?;
    clear_drafts(&stick, kiosk);
    let stamp = Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
    let name = (0..NAMES_MAX)
        .map(|n| match n {
            0 => format!("pickup-kiosk-{kiosk}-{stamp}"),
            n => format!("pickup-kiosk-{kiosk}-{stamp}-{n}"),
        })
        .find(|name| is_free(&stick, name) && is_free(&stick, &format!("{name}{DRAFT}")))
        .ok_or_else(|| io::Error::other("no free name on the stick"))?;
    let draft = format!("{name}{DRAFT}");
    // Fails where something of this name has come there since, a link included.
    mkdirat(&stick, &draft, Mode::from_raw_mode(0o755))?;
    let filled = fill(&stick, &draft, files)
        .and_then(|()| renameat(&stick, &draft, &stick, &name).map_err(io::Error::from));
    let (present, done) = match filled {
        Ok(()) => (&name, settle(&stick, folder)),
        Err(error) => (&draft, Err(error)),
    };
    let Err(error) = done else { return Ok(name) };
    let stays = take_away(&stick, present).is_err() && !is_free(&stick, present);
    // On a stick that is out nobody can tell what it kept.
    let left = (stays || is_gone(&error)).then(|| present.clone());
    Err(Unwritten { error, left })
}

/// True for an error that a stick gives that was pulled out.
pub(super) fn is_gone(error: &io::Error) -> bool {
    let gone = [Errno::IO, Errno::NODEV, Errno::NXIO, Errno::NOENT, Errno::STALE, Errno::NOTCONN];
    error.raw_os_error().is_some_and(|code| gone.iter().any(|errno| errno.raw_os_error() == code))
}

fn directory() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn is_free(stick: &OwnedFd, name: &str) -> bool {
    matches!(statat(stick, name, AtFlags::SYMLINK_NOFOLLOW), Err(Errno::NOENT))
}

fn fill(stick: &OwnedFd, draft: &str, files: &[Item]) -> io::Result<()> {
    let folder = openat(stick, draft, directory(), Mode::empty())?;
    let fresh = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    for item in files {
        let mut file = File::from(openat(&folder, item.name, fresh, Mode::from_raw_mode(0o644))?);
        file.write_all(&item.content)?;
        file.sync_all()?;
        // Read from the stick, not from memory: what a worn one kept of it.
        let _ = fadvise(&file, 0, None, Advice::DontNeed);
        drop(file);
        let kept =
            openat(&folder, item.name, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        if !holds(&mut File::from(kept), &item.content)? {
            return Err(io::Error::other(format!("{} did not stay whole on the stick", item.name)));
        }
    }
    Ok(fsync(&folder)?)
}

fn holds(file: &mut File, content: &[u8]) -> io::Result<bool> {
    let mut rest = content;
    let mut piece = vec![0; PIECE];
    loop {
        let length = file.read(&mut piece)?;
        if length == 0 {
            return Ok(rest.is_empty());
        }
        match piece.get(..length).and_then(|read| rest.strip_prefix(read)) {
            Some(more) => rest = more,
            None => return Ok(false),
        }
    }
}

/// On disk, and on the stick that is in the socket still.
fn settle(stick: &OwnedFd, folder: &Path) -> io::Result<()> {
    fsync(stick)?;
    let (ours, there) = (fstat(stick)?, stat(folder)?);
    if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino) { Ok(()) } else { Err(Errno::NODEV.into()) }
}

/// A folder of ours: the files that a bundle has, then the folder, if nothing else is in it.
fn take_away(stick: &OwnedFd, name: &str) -> io::Result<()> {
    let folder = openat(stick, name, directory(), Mode::empty())?;
    for file in NAMES {
        match unlinkat(&folder, file, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    unlinkat(stick, name, AtFlags::REMOVEDIR)?;
    Ok(fsync(stick)?)
}

/// Drafts that a stick pulled out earlier has kept. Only folders, only of this kiosk's name, only files a bundle has.
fn clear_drafts(stick: &OwnedFd, kiosk: &str) {
    let head = format!("pickup-kiosk-{kiosk}-");
    let ours = |name: &CStr| {
        let stamp = name.to_str().ok()?.strip_prefix(&head)?.strip_suffix(DRAFT)?;
        stamp.bytes().all(|b| b.is_ascii_digit() || b == b'-').then(|| CString::from(name))
    };
    let Ok(entries) = Dir::read_from(stick) else { return };
    let drafts: Vec<CString> = entries
        .take(ENTRIES_MAX)
        .filter_map(Result::ok)
        .filter_map(|entry| ours(entry.file_name()))
        .filter(|name| {
            statat(stick, name.as_c_str(), AtFlags::SYMLINK_NOFOLLOW)
                .is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Directory)
        })
        .collect();
    for name in drafts.iter().filter_map(|name| name.to_str().ok()) {
        if let Err(error) = take_away(stick, name) {
            log::warn!("{name} on the stick: {error}");
        }
    }
}
