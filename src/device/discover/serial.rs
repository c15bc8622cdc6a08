//! Discovery of serial ports: USB devices that are one, adapters, the board's own.

use super::looks::{Looks, by_name};
use super::{Found, Kind, Roots, entries, line, stable, usb_above};

/// Beginnings of the names of serial ports that a device may be connected to.
const NAMES: [&str; 6] = ["ttyACM", "ttyUSB", "ttyAMA", "ttyS", "ttymxc", "ttySC"];

pub(super) fn ports(roots: &Roots) -> Vec<Found> {
    let class = roots.sys.join("class/tty");
    let consoles = line(&class.join("console/active"));
    let folders = [roots.dev.join("serial/by-id"), roots.dev.join("pickup-kiosk")];
    let mut found = Vec::new();
    for entry in entries(&class, &NAMES) {
        let Some(name) = entry.file_name().and_then(|name| name.to_str()) else { continue };
        // A port whose name a driver only reserves has no hardware: its type is 0.
        if !entry.join("device").exists() || line(&entry.join("type")) == "0" {
            continue;
        }
        let path = roots.dev.join(name);
        let usb = usb_above(&entry.join("device"));
        let (ids, called) = usb.map_or((None, String::new()), |(ids, called)| (Some(ids), called));
        let looks = if consoles.split_whitespace().any(|console| console == name) {
            Looks::Console
        } else {
            let unknown = if ids.is_some() { Looks::Adapter } else { Looks::Port };
            by_name(&called, ids.map(|(vendor, _)| vendor)).unwrap_or(unknown)
        };
        let stable = stable(&path, &folders);
        found.push(Found { kind: Kind::Serial, path, stable, ids, name: called, looks });
    }
    found
}
