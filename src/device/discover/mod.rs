//! Discovery of the devices that are plugged in, and of their likely use. [`looks`] is pure; nothing is read from a
//! device but its identity.

mod gpio;
mod input;
pub mod looks;
mod printer;
mod serial;

use looks::Looks;
use std::fs;
use std::path::{Path, PathBuf};

/// Largest number of entries of one folder that are looked at.
const ENTRIES_MAX: usize = 512;

/// Folders in which the kernel tells of devices: `/dev`, `/sys`, `/proc`.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Folder of the device files, `/dev`.
    pub dev: PathBuf,
    /// Folder of sysfs, `/sys`.
    pub sys: PathBuf,
    /// Folder of procfs, `/proc`.
    pub proc: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { dev: "/dev".into(), sys: "/sys".into(), proc: "/proc".into() }
    }
}

/// Kind of a device, as the kernel sees it.
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

/// A device that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Kind of the device.
    pub kind: Kind,
    /// Device file, under `/dev`.
    pub path: PathBuf,
    /// Stable name (a link) that stays when the device is plugged in elsewhere or later.
    pub stable: Option<PathBuf>,
    /// USB vendor and product id.
    pub ids: Option<(u16, u16)>,
    /// Name that the device gives itself.
    pub name: String,
    /// Likely use of the device.
    pub looks: Looks,
}

/// Returns every device that is there, kind by kind.
pub fn everything(roots: &Roots) -> Vec<Found> {
    let mut found = serial::ports(roots);
    found.extend(input::devices(roots));
    found.extend(printer::printers(roots));
    found.extend(gpio::chips());
    found
}

/// Returns the words of the device tree's `compatible`; none if this machine has no device tree.
pub fn compatible(roots: &Roots) -> Option<Vec<u8>> {
    fs::read(roots.proc.join("device-tree/compatible")).ok()
}

/// Returns the entries of a folder whose names begin with one of `beginnings`, in order.
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

/// Returns a link in one of the folders that leads to the device.
fn stable(device: &Path, folders: &[PathBuf]) -> Option<PathBuf> {
    let wanted = fs::canonicalize(device).ok()?;
    folders
        .iter()
        .flat_map(|folder| entries(folder, &[""]))
        .find(|link| fs::canonicalize(link).is_ok_and(|target| target == wanted))
}

/// Returns the ids and the name of the USB device above a device in sysfs.
fn usb_above(device: &Path) -> Option<((u16, u16), String)> {
    let device = fs::canonicalize(device).ok()?;
    let usb = device.ancestors().find(|folder| folder.join("idVendor").exists())?;
    let id = |name: &str| u16::from_str_radix(&line(&usb.join(name)), 16).ok();
    let name = format!("{} {}", line(&usb.join("manufacturer")), line(&usb.join("product")));
    Some(((id("idVendor")?, id("idProduct")?), name.trim().to_owned()))
}

/// Returns the one line of a file, without control characters.
fn line(path: &Path) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text: String = String::from_utf8_lossy(&text).chars().take(256).filter(|c| !c.is_control()).collect();
    text.trim().to_owned()
}
