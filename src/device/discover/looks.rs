//! Likely use of a device, guessed from its name and its maker. Pure.

use crate::locale::Text;

/// Likely use of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// A bar code scanner.
    Scanner,
    /// A receipt printer.
    Printer,
    /// A numeric pad.
    Pad,
    /// A keyboard; a scanner of an unknown make may call itself one.
    Keyboard,
    /// A USB serial adapter; any device may be connected to it.
    Adapter,
    /// A serial port of the board.
    Port,
    /// The kernel's console.
    Console,
    /// A GPIO chip.
    Chip,
    /// A device that this user may not open.
    Denied,
    /// A device of no use for a kiosk.
    Nothing,
}

impl Looks {
    /// Returns the words that describe it to people.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Scanner => ("像是条码扫码器", "looks like a bar code scanner"),
            Self::Printer => ("像是票据打印机", "looks like a receipt printer"),
            Self::Pad => ("像是数字键盘", "looks like a numeric pad"),
            Self::Keyboard => ("键盘，或键盘式扫码器", "a keyboard, or a scanner that types as one"),
            Self::Adapter => (
                "串口转换器：可能接着扫码器、打印机或键盘",
                "a serial adapter: a scanner, a printer or a keypad may hang on it",
            ),
            Self::Port => ("主板上的串口", "a serial port of the board"),
            Self::Console => ("内核控制台：不空闲", "the kernel's console: not free"),
            Self::Chip => ("GPIO 芯片", "a GPIO chip"),
            Self::Denied => (
                "没有权限：请安装 hw/udev/60-pickup-kiosk.rules，或以 root 查看",
                "permission denied: install hw/udev/60-pickup-kiosk.rules, or look as root",
            ),
            Self::Nothing => ("取票机用不到", "nothing for a kiosk"),
        };
        Text::new(zh, en)
    }
}

/// USB vendor ids of scanner makers (from usb.ids, the list of usbutils).
const SCANNER_MAKERS: [u16; 6] = [
    0x1eab, // Fujian Newland
    0x0c2e, // Metrologic, Honeywell
    0x05f9, // PSC, Datalogic
    0x05e0, // Symbol, Zebra
    0x080c, // Datalogic
    0x0536, // Hand Held Products, Honeywell
];
/// USB vendor ids of receipt printer makers.
const PRINTER_MAKERS: [u16; 4] = [
    0x04b8, // Seiko Epson
    0x0519, // Star Micronics
    0x0dd4, // CUSTOM
    0x1504, // Bixolon
];
/// USB vendor ids of the makers of serial adapter chips.
const ADAPTERS: [u16; 4] = [
    0x1a86, // QinHeng, CH340
    0x0403, // FTDI
    0x067b, // Prolific
    0x10c4, // Silicon Labs
];
const SCANNER_WORDS: [&str; 7] =
    ["scan", "barcode", "bar code", "imager", "newland", "honeywell", "datalogic"];
const PRINTER_WORDS: [&str; 5] = ["printer", "receipt", "esc/pos", "epson", "tm-t"];

/// Returns the likely use of a device by its name and its USB vendor id.
pub fn by_name(name: &str, vendor: Option<u16>) -> Option<Looks> {
    let name = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let made = |makers: &[u16]| vendor.is_some_and(|vendor| makers.contains(&vendor));
    if says(&SCANNER_WORDS) || made(&SCANNER_MAKERS) {
        return Some(Looks::Scanner);
    }
    if says(&PRINTER_WORDS) || made(&PRINTER_MAKERS) {
        return Some(Looks::Printer);
    }
    made(&ADAPTERS).then_some(Looks::Adapter)
}

/// Returns the name of the built-in printer profile that fits a printer's name best.
pub fn profile(name: &str) -> &'static str {
    let name = name.to_lowercase();
    if name.contains("epson") || name.contains("tm-t") {
        "epson-tm-t88"
    } else if name.contains("xprinter") {
        "xprinter-80"
    } else if name.contains("58") {
        "generic-58"
    } else {
        "generic-80"
    }
}

/// Returns the name of the built-in scanner profile that fits a scanner's maker; none if no profile is known.
pub fn scanner_profile(name: &str, vendor: Option<u16>) -> Option<&'static str> {
    let name = name.to_lowercase();
    let known = [
        ("newland", "newland", 0x1eab),
        ("honeywell", "honeywell", 0x0c2e),
        ("datalogic", "datalogic", 0x05f9),
    ];
    known
        .iter()
        .find(|(word, _, id)| name.contains(word) || vendor == Some(*id))
        .map(|(_, profile, _)| *profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_known_by_name_or_maker() {
        for (name, vendor, looks) in [
            ("Newland Auto-ID FM430", Some(0x1eab), Some(Looks::Scanner)),
            ("USB Barcode Scanner", None, Some(Looks::Scanner)),
            ("Device", Some(0x05f9), Some(Looks::Scanner)),
            ("EPSON TM-T20", Some(0x04b8), Some(Looks::Printer)),
            ("USB Serial", Some(0x1a86), Some(Looks::Adapter)),
            ("Logitech USB Keyboard", Some(0x046d), None),
            ("", None, None),
        ] {
            assert_eq!(by_name(name, vendor), looks, "{name}");
        }
    }

    #[test]
    fn the_profiles_it_names_are_built_in() {
        for name in ["EPSON TM-T20", "Xprinter XP-80", "POS-58", "GP-L80180", ""] {
            assert!(crate::receipt::profile::Profile::built_in(profile(name)).is_some(), "{name}");
        }
        for (name, vendor) in [("Newland FM430", None), ("x", Some(0x0c2e)), ("Datalogic", None)] {
            let profile = scanner_profile(name, vendor).unwrap();
            assert!(crate::device::scanner::profile::ScannerProfile::built_in(profile).is_some());
        }
        assert_eq!(scanner_profile("Scanner", Some(1)), None);
    }
}
