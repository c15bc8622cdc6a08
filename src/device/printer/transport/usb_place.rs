//! Search for the printer among /dev/usb/lp*: after a power cycle it may have another number.
//!
//! The kernel's usblp shows every printer as `class/usbmisc/lpN`, whose `device` is the printer's interface on the bus;
//! the device above it has `idVendor`, `idProduct` and, where the maker gave one, `serial`.

use crate::device::printer::connection::UsbId;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Largest number of printers looked at.
const PRINTERS_MAX: usize = 64;

/// Longest file of sysfs that is read, in bytes.
const FILE_BYTES_MAX: usize = 256;

/// Folders in which the kernel shows USB printers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbPlaces {
    /// Folder of the printers' descriptions, in sysfs.
    pub class: PathBuf,
    /// Folder of the printers' device nodes.
    pub nodes: PathBuf,
}

impl Default for UsbPlaces {
    fn default() -> Self {
        Self { class: "/sys/class/usbmisc".into(), nodes: "/dev/usb".into() }
    }
}

impl UsbPlaces {
    /// Returns every printer that is plugged in: its node and its identity.
    pub fn printers(&self) -> Vec<(PathBuf, UsbId)> {
        let Ok(entries) = fs::read_dir(&self.class) else { return Vec::new() };
        let names = entries.take(PRINTERS_MAX).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| name.starts_with("lp")).collect();
        names.sort();
        names.into_iter().filter_map(|name| Some((self.nodes.join(&name), self.identity(&name)?))).collect()
    }

    /// Returns the identity of the printer with this name.
    fn identity(&self, name: &str) -> Option<UsbId> {
        let interface = fs::canonicalize(self.class.join(name).join("device")).ok()?;
        let device = interface.parent()?;
        let text = |file: &str| {
            let content =
                fs::read(device.join(file)).ok().filter(|content| content.len() <= FILE_BYTES_MAX)?;
            String::from_utf8(content).ok().map(|text| text.trim().to_owned())
        };
        let number = |file: &str| u16::from_str_radix(&text(file)?, 16).ok();
        let serial = text("serial").filter(|serial| !serial.is_empty());
        Some(UsbId { vendor: number("idVendor")?, product: number("idProduct")?, serial })
    }
}

/// Finder of the printer, also after its number has changed.
pub struct Finder {
    places: UsbPlaces,
    /// Identity of the printer at the configured path when it was first opened.
    known: Option<UsbId>,
}

impl Finder {
    /// Creates a finder that knows no printer yet.
    pub fn new(places: UsbPlaces) -> Self {
        Self { places, known: None }
    }

    /// Returns the node of the printer with this identity.
    ///
    /// # Errors
    /// Fails if it is not there; the message names the printers that are.
    pub fn find(&self, id: &UsbId) -> io::Result<PathBuf> {
        let mut printers = self.places.printers();
        if let Some(at) = printers.iter().position(|(_, device)| id.means(device)) {
            return Ok(printers.swap_remove(at).0);
        }
        let there: Vec<String> = printers.iter().map(|(_, device)| device.to_string()).collect();
        let there = if there.is_empty() { "no USB printer is".into() } else { there.join(", ") };
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("it is not plugged in or switched off; there: {there}"),
        ))
    }

    /// Returns the node of the printer that was at this path when it was first opened, wherever it is now. Another
    /// printer of the same make at this path is a replacement and taken; one of another make is not our printer.
    ///
    /// # Errors
    /// Fails if another make is at the path, and our printer nowhere.
    pub fn again(&mut self, path: &Path) -> io::Result<PathBuf> {
        // A name made by udev stands for the kernel's.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let printers = self.places.printers();
        let same_node = |node: &Path| fs::canonicalize(node).is_ok_and(|node| node == real);
        let at_path = printers.iter().find(|(node, _)| same_node(node)).map(|(_, device)| device);
        let Some(known) = &self.known else {
            self.known = at_path.cloned();
            return Ok(path.to_path_buf());
        };
        if at_path == Some(known) {
            return Ok(path.to_path_buf());
        }
        if let Some((node, _)) = printers.iter().find(|(_, device)| device == known) {
            log::info!("printer: {known} is at {} now", node.display());
            return Ok(node.clone());
        }
        match at_path {
            Some(other) if (other.vendor, other.product) == (known.vendor, known.product) => {
                log::warn!("printer: {other} is at {} in place of {known}", path.display());
                self.known = Some(other.clone());
                Ok(path.to_path_buf())
            }
            Some(other) => {
                let why = format!("another device is there now ({other}); waiting for {known}");
                Err(io::Error::new(io::ErrorKind::NotFound, why))
            }
            None => Ok(path.to_path_buf()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A bus as the kernel shows it, in a folder.
    struct Bus {
        folder: tempfile::TempDir,
    }

    impl Bus {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("class")).unwrap();
            fs::create_dir(folder.path().join("nodes")).unwrap();
            Self { folder }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn places(&self) -> UsbPlaces {
            UsbPlaces { class: self.path("class"), nodes: self.path("nodes") }
        }

        fn plug(&self, port: &str, name: &str, vendor: &str, serial: Option<&str>) {
            let device = self.path(port);
            let interface = device.join(format!("{port}:1.0"));
            fs::create_dir_all(&interface).unwrap();
            fs::write(device.join("idVendor"), format!("{vendor}\n")).unwrap();
            fs::write(device.join("idProduct"), "0202\n").unwrap();
            if let Some(serial) = serial {
                fs::write(device.join("serial"), format!("{serial}\n")).unwrap();
            }
            fs::create_dir_all(self.path("class").join(name)).unwrap();
            symlink(&interface, self.path("class").join(name).join("device")).unwrap();
            fs::write(self.path("nodes").join(name), "").unwrap();
        }

        fn unplug(&self, port: &str, name: &str) {
            fs::remove_dir_all(self.path(port)).unwrap();
            fs::remove_dir_all(self.path("class").join(name)).unwrap();
            fs::remove_file(self.path("nodes").join(name)).unwrap();
        }
    }

    #[test]
    fn a_printer_is_found_by_who_it_is_whichever_number_it_has() {
        let bus = Bus::new();
        bus.plug("1-1", "lp0", "04b8", Some("A1"));
        bus.plug("1-2", "lp1", "04b8", Some("A2"));
        bus.plug("1-3", "lp2", "0dd4", None);
        let finder = Finder::new(bus.places());
        let find = |text: &str| finder.find(&UsbId::parse(text).unwrap());
        assert_eq!(find("04b8:0202:A2").unwrap(), bus.path("nodes/lp1"));
        assert_eq!(find("04B8:0202").unwrap(), bus.path("nodes/lp0"));
        assert_eq!(find("0dd4:0202").unwrap(), bus.path("nodes/lp2"));
        let error = find("04b8:0202:A3").unwrap_err();
        assert!(error.to_string().contains("04b8:0202:A1, 04b8:0202:A2, 0dd4:0202"), "{error}");
    }

    #[test]
    fn after_a_power_cycle_it_is_found_under_another_number() {
        let bus = Bus::new();
        bus.plug("1-1", "lp0", "04b8", Some("A1"));
        let mut finder = Finder::new(bus.places());
        let configured = bus.path("nodes/lp0");
        assert_eq!(finder.again(&configured).unwrap(), configured);
        bus.unplug("1-1", "lp0");
        assert_eq!(finder.again(&configured).unwrap(), configured, "nobody is there: opening it says so");
        bus.plug("1-1", "lp3", "04b8", Some("A1"));
        assert_eq!(finder.again(&configured).unwrap(), bus.path("nodes/lp3"));
        // Meanwhile a printer of another make took the old number.
        bus.plug("1-4", "lp0", "0dd4", Some("B"));
        assert_eq!(finder.again(&configured).unwrap(), bus.path("nodes/lp3"));
        bus.unplug("1-1", "lp3");
        let error = finder.again(&configured).unwrap_err();
        assert!(error.to_string().contains("0dd4:0202:B") && error.to_string().contains("04b8:0202:A1"));
    }

    #[test]
    fn one_of_the_same_make_in_its_place_is_a_replacement() {
        let bus = Bus::new();
        bus.plug("1-1", "lp0", "04b8", Some("A1"));
        let mut finder = Finder::new(bus.places());
        let configured = bus.path("nodes/lp0");
        finder.again(&configured).unwrap();
        bus.unplug("1-1", "lp0");
        bus.plug("1-1", "lp0", "04b8", Some("A9"));
        assert_eq!(finder.again(&configured).unwrap(), configured);
        assert_eq!(finder.known.unwrap().serial.as_deref(), Some("A9"));
    }

    #[test]
    fn where_the_kernel_shows_nothing_the_path_is_taken_as_it_stands() {
        let bus = Bus::new();
        let mut finder = Finder::new(bus.places());
        for _ in 0..2 {
            assert_eq!(finder.again(Path::new("/dev/usb/lp7")).unwrap(), Path::new("/dev/usb/lp7"));
        }
    }
}
