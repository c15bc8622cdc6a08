//! Location of a keyboard: `hid:PATH` or `hid:VENDOR:PRODUCT`. Pure.

use crate::device::serial_line::is_device_path;
use std::fmt;
use std::path::PathBuf;

/// Message for a text that is no location: what would be right.
pub const RIGHT: (&str, &str) = (
    "应为 \"hid:/dev/input/by-id/…-event-kbd\" 或 \"hid:VENDOR:PRODUCT\"，后者各 4 位十六进制，见 lsusb",
    "must be \"hid:/dev/input/by-id/…-event-kbd\" or \"hid:VENDOR:PRODUCT\" with 4 hexadecimal digits each, as lsusb shows",
);

/// Location of a keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyboardLocation {
    /// A device file, mostly under /dev/input/by-id.
    Path(PathBuf),
    /// The USB ids of a device, on any port.
    Id {
        /// USB vendor id.
        vendor: u16,
        /// USB product id.
        product: u16,
    },
}

impl KeyboardLocation {
    /// Parses what follows `hid:`.
    pub fn parse(rest: &str) -> Option<Self> {
        if rest.starts_with('/') {
            return is_device_path(rest).then(|| Self::Path(rest.into()));
        }
        let (vendor, product) = rest.split_once(':')?;
        Some(Self::Id { vendor: hex(vendor)?, product: hex(product)? })
    }
}

impl fmt::Display for KeyboardLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Id { vendor, product } => write!(f, "{vendor:04x}:{product:04x}"),
        }
    }
}

fn hex(text: &str) -> Option<u16> {
    let plain = text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if plain { u16::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_ids_are_read_and_all_else_is_refused() {
        assert_eq!(
            KeyboardLocation::parse("/dev/input/event3"),
            Some(KeyboardLocation::Path("/dev/input/event3".into()))
        );
        let id = KeyboardLocation::parse("0c2e:0B61").unwrap();
        assert_eq!(id, KeyboardLocation::Id { vendor: 0x0c2e, product: 0x0b61 });
        assert_eq!(id.to_string(), "0c2e:0b61");
        for wrong in ["", "event3", "0c2e", "0c2e:", "c2e:0b61", "0c2e:0b61:1", "+c2e:0b61", "/", "/dev/a\n"]
        {
            assert_eq!(KeyboardLocation::parse(wrong), None, "{wrong:?}");
        }
    }
}
