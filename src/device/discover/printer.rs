//! Discovery of USB printers (usblp), by their IEEE 1284 device id.

use super::looks::Looks;
use super::{Found, Kind, Roots, entries, line, stable, usb_above};

pub(super) fn printers(roots: &Roots) -> Vec<Found> {
    let folders = [roots.dev.join("pickup-kiosk")];
    let mut found = Vec::new();
    for entry in entries(&roots.sys.join("class/usbmisc"), &["lp"]) {
        let Some(number) = entry.file_name().and_then(|name| name.to_str()) else { continue };
        let path = roots.dev.join("usb").join(number);
        let usb = usb_above(&entry.join("device"));
        let (ids, called) = usb.map_or((None, String::new()), |(ids, called)| (Some(ids), called));
        let told = name(&line(&entry.join("device/ieee1284_id")));
        let name = told.unwrap_or(called);
        let stable = stable(&path, &folders);
        found.push(Found { kind: Kind::Printer, path, stable, ids, name, looks: Looks::Printer });
    }
    found
}

/// Returns maker and model of a device id: `MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;`.
fn name(id: &str) -> Option<String> {
    let field = |short: &str, long: &str| {
        let fields = id.split(';').filter_map(|field| field.split_once(':'));
        fields.into_iter().find(|(key, _)| [short, long].contains(&key.trim())).map(|(_, value)| value.trim())
    };
    let model = field("MDL", "MODEL")?;
    let maker = field("MFG", "MANUFACTURER").unwrap_or_default();
    Some(format!("{maker} {model}").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_id_names_maker_and_model() {
        assert_eq!(name("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;").as_deref(), Some("EPSON TM-T20"));
        assert_eq!(name("MANUFACTURER:X; MODEL:Y").as_deref(), Some("X Y"));
        assert_eq!((name(""), name(";;:;MDL")), (None, None));
    }
}
