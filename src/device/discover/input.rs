//! Discovery of input devices: scanners and pads that are keyboards, and whatever else types.

use super::looks::{Looks, by_name};
use super::{Found, Kind, Roots, entries, stable};
use crate::device::keyboard::types;
use evdev::KeyCode;
use evdev::raw_stream::RawDevice;
use std::io::ErrorKind;

pub(super) fn devices(roots: &Roots) -> Vec<Found> {
    let folder = roots.dev.join("input");
    let links = [folder.join("by-id"), roots.dev.join("pickup-kiosk")];
    let mut found = Vec::new();
    for path in entries(&folder, &["event"]) {
        let stable = stable(&path, &links);
        let (ids, name, looks) = match RawDevice::open(&path) {
            Ok(device) => {
                let name = device.name().unwrap_or_default();
                let name: String = name.chars().filter(|c| !c.is_control()).collect();
                let id = device.input_id();
                let ids = (id.vendor() != 0).then(|| (id.vendor(), id.product()));
                let looks = looks(&device, &name);
                (ids, name, looks)
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => (None, String::new(), Looks::Denied),
            Err(_) => continue,
        };
        found.push(Found { kind: Kind::Input, path, stable, ids, name, looks });
    }
    found
}

fn looks(device: &RawDevice, name: &str) -> Looks {
    if !types(device) {
        return Looks::Nothing;
    }
    let vendor = device.input_id().vendor();
    if by_name(name, Some(vendor)) == Some(Looks::Scanner) {
        return Looks::Scanner;
    }
    let letters = device.supported_keys().is_some_and(|keys| keys.contains(KeyCode::KEY_Q));
    if letters { Looks::Keyboard } else { Looks::Pad }
}
