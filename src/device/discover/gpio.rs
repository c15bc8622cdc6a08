//! Discovery of GPIO chips.

use super::looks::Looks;
use super::{Found, Kind};
use crate::device::gpio;

pub(super) fn chips() -> Vec<Found> {
    let found = |chip: gpio::Chip| {
        let used = match chip.used.len() {
            0 => String::new(),
            count => format!(", {count} in use"),
        };
        let named = match chip.named.len() {
            0 => String::new(),
            count => format!(", {count} with names"),
        };
        let name = format!("{}: {} lines{named}{used}", chip.label, chip.lines);
        Found { kind: Kind::Gpio, path: chip.path, stable: None, ids: None, name, looks: Looks::Chip }
    };
    gpio::chips().into_iter().map(found).collect()
}
