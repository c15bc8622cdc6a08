//! What is plugged in, and what each looks like. [`looks`] is pure; nothing is read from a device but what it is.

mod gpio;
mod input;
pub mod looks;
mod printer;
mod serial;

use looks::Looks;
use std::fs;
use std::path::{Path, PathBuf};

/// Entries of one folder that are looked at.
const ENTRIES_MAX: usize = 512;

/// Where the kernel tells of devices: `/dev`, `/sys`, `/proc`.
#[derive(Debug, Clone)]
pub struct Roots {
    /// `/dev`
    pub dev: PathBuf,
    /// `/sys`
    pub sys: PathBuf,
    /// `/proc`
    pub proc: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { dev: "/dev".into(), sys: "/sys".into(), proc: "/proc".into() }
    }
}

/// Which kind of device it is to the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A serial port.
    Serial,
    /// An input device.
    Input,
    /// A USB printer.
    Printer,
    /// A GPIO chip.
    Gpio,
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which kind it is.
    pub kind: Kind,
    /// Its device file.
    pub path: PathBuf,
    /// A name for it that stays when it is plugged in elsewhere or later.
    pub stable: Option<PathBuf>,
    /// Its USB ids.
    pub ids: Option<(u16, u16)>,
    /// What it calls itself.
    pub name: String,
    /// What it looks like.
    pub looks: Looks,
}

/// Everything that is there, kind by kind.
pub fn everything(roots: &Roots) -> Vec<Found> {
    let mut found = serial::ports(roots);
    found.extend(input::devices(roots));
    found.extend(printer::printers(roots));
    found.extend(gpio::chips());
    found
}

/// The words of the device tree's `compatible`; none: this machine has no device tree.
pub fn compatible(roots: &Roots) -> Option<Vec<u8>> {
    fs::read(roots.proc.join("device-tree/compatible")).ok()
}

/// The entries of a folder whose names begin so, in order.
fn entries(folder: &Path, beginnings: &[&str]) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        beginnings.iter().any(|beginning| name.starts_with(beginning))
    };
    let mut paths: Vec<PathBuf> =
        read.filter_map(Result::ok).map(|entry| entry.path()).filter(named).take(ENTRIES_MAX).collect();
    paths.sort_by_key(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (name.len(), name)
    });
    paths
}

/// A link in one of the folders that leads to the device.
fn stable(device: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    let wanted = fs::canonicalize(device).ok()?;
    folders
        .iter()
        .flat_map(|folder| entries(folder, &[""]))
        .find(|link| fs::canonicalize(link).is_ok_and(|target| target == wanted))
}

/// The USB device above a device in sysfs: its ids and what it calls itself.
fn usb_above(device: &Path) -> Option<((u16, u16), String)> {
    let device = fs::canonicalize(device).ok()?;
    let usb = device.ancestors().find(|folder| folder.join("idVendor").exists())?;
    let id = |name: &str| u16::from_str_radix(&line(&usb.join(name)), 16).ok();
    let name = format!("{} {}", line(&usb.join("manufacturer")), line(&usb.join("product")));
    Some(((id("idVendor")?, id("idProduct")?), name.trim().to_owned()))
}

/// A file's one line, without anything that doesn't belong in one.
fn line(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text: String = String::from_utf8_lossy(&text).chars().take(256).filter(|c| !c.is_control()).collect();
    text.trim().to_owned()
}
