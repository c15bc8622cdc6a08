//! Settings of `[[scanner]]`: location of a scanner, framing of its codes, commands sent to it. Pure.

use super::framing::Framing;
use crate::device::keyboard::place::{self, KeyboardLocation};
use crate::device::serial_line::{LineError, SerialLine};
use crate::locale::{Text, display_text};
use thiserror::Error;

/// Largest size of one command, in bytes.
pub const COMMAND_MAX_BYTES: usize = 256;

/// Location of a scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerSpec {
    /// `serial:PATH?baud=N`: a serial port, or a USB scanner that appears as one.
    Serial(SerialLine),
    /// `hid:PATH` or `hid:VENDOR:PRODUCT`: a USB scanner that appears as a keyboard.
    Hid(KeyboardLocation),
    /// `stdin:`: lines on standard input.
    Stdin,
}

/// A scanner, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanner {
    /// Location of the scanner (`connection`).
    pub spec: ScannerSpec,
    /// Framing of its codes.
    pub framing: Framing,
    /// Commands sent each time it has been opened, one after the other, the lock last.
    pub commands: Vec<Vec<u8>>,
    /// Protection against set-up codes that reprogram it.
    pub lock: Lock,
}

/// Protection of a scanner against being reprogrammed by a code shown from a telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// A lock command is sent at each start.
    Sent,
    /// Somebody has locked it by hand, as the configuration says.
    ByHand,
    /// The scanner is not locked, for this reason.
    Open(Unlocked),
}

/// Reason why a scanner isn't locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlocked {
    /// The scanner has no profile, and no command of its own.
    NoProfile,
    /// The profile has no lock command.
    ProfileHasNone,
    /// The scanner is a keyboard, which takes no commands.
    Keyboard,
}

impl From<ScannerSpec> for Scanner {
    /// Creates a scanner without further settings.
    fn from(spec: ScannerSpec) -> Self {
        let lock = match spec {
            ScannerSpec::Serial(_) => Lock::Open(Unlocked::NoProfile),
            ScannerSpec::Hid(_) => Lock::Open(Unlocked::Keyboard),
            ScannerSpec::Stdin => Lock::ByHand,
        };
        Self { spec, framing: Framing::default(), commands: Vec::new(), lock }
    }
}

/// Reason why a connection string is none of a scanner; its message says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The string names none of the three kinds.
    Kind,
    /// The serial line is not valid.
    Line(#[from] LineError),
    /// The location of the keyboard is not valid.
    Place,
    /// Something stands after `stdin:`.
    Stdin,
}

display_text!(SpecError);

impl SpecError {
    /// Returns what would be right.
    pub fn text(&self) -> Text {
        match self {
            Self::Kind => Text::new(
                "应为 \"serial:PATH?baud=9600\"、\"hid:PATH\"、\"hid:VENDOR:PRODUCT\" 或 \"stdin:\"",
                "must be \"serial:PATH?baud=9600\", \"hid:PATH\", \"hid:VENDOR:PRODUCT\" or \"stdin:\"",
            ),
            Self::Line(error) => error.text(),
            Self::Place => place::RIGHT.into(),
            Self::Stdin => Text::new("stdin: 的冒号后不写内容", "stdin: takes nothing after the colon"),
        }
    }
}

impl ScannerSpec {
    /// Parses a connection string.
    ///
    /// # Errors
    /// Returns a [`SpecError`] that says what would be right.
    pub fn parse(connection: &str) -> Result<Self, SpecError> {
        let (kind, rest) = connection.split_once(':').ok_or(SpecError::Kind)?;
        match kind {
            "serial" => Ok(Self::Serial(SerialLine::parse(rest)?)),
            "hid" => KeyboardLocation::parse(rest).map(Self::Hid).ok_or(SpecError::Place),
            "stdin" if rest.is_empty() => Ok(Self::Stdin),
            "stdin" => Err(SpecError::Stdin),
            _ => Err(SpecError::Kind),
        }
    }

    /// Returns true if both read the same device.
    pub fn same_device(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Serial(line), Self::Serial(other)) => line.path == other.path,
            (Self::Hid(place), Self::Hid(other)) => place == other,
            (Self::Stdin, Self::Stdin) => true,
            _ => false,
        }
    }
}

/// Returns the bytes of a command, which is text or `hex:` and bytes in hexadecimal; none if it is invalid or too long.
pub fn command(text: &str) -> Option<Vec<u8>> {
    let bytes = match text.strip_prefix("hex:") {
        None => text.as_bytes().to_vec(),
        Some(hex) => {
            let digits: Vec<u8> = hex.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            let pair = |pair: &[u8]| match pair {
                [_, _] if pair.iter().all(u8::is_ascii_hexdigit) => {
                    std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())
                }
                _ => None,
            };
            digits.chunks(2).map(pair).collect::<Option<Vec<u8>>>()?
        }
    };
    (1..=COMMAND_MAX_BYTES).contains(&bytes.len()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_and_all_else_is_refused() {
        let serial = |rest: &str| Ok(ScannerSpec::Serial(SerialLine::parse(rest).unwrap()));
        let cases = [
            ("serial:/dev/ttyACM0", serial("/dev/ttyACM0?baud=9600")),
            ("serial:/dev/serial/by-id/usb-a:b?baud=115200", serial("/dev/serial/by-id/usb-a:b?baud=115200")),
            ("stdin:", Ok(ScannerSpec::Stdin)),
            ("stdin", Err(SpecError::Kind)),
            ("stdin:x", Err(SpecError::Stdin)),
            (
                "hid:/dev/input/event0",
                Ok(ScannerSpec::Hid(KeyboardLocation::Path("/dev/input/event0".into()))),
            ),
            ("hid:0c2e:0b61", Ok(ScannerSpec::Hid(KeyboardLocation::Id { vendor: 0x0c2e, product: 0x0b61 }))),
            ("hid:event0", Err(SpecError::Place)),
            ("", Err(SpecError::Kind)),
            ("serial:", Err(SpecError::Line(LineError::Path))),
            ("serial:/dev/ttyS0?baud=0", Err(SpecError::Line(LineError::Baud))),
        ];
        for (text, wanted) in cases {
            assert_eq!(ScannerSpec::parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn commands_are_text_or_hexadecimal_bytes() {
        assert_eq!(command("\u{16}M\rTRGPCK."), Some(b"\x16M\rTRGPCK.".to_vec()));
        assert_eq!(command("hex:07 c6 04 00ffEC00"), Some(vec![7, 0xc6, 4, 0, 0xff, 0xec, 0]));
        for wrong in ["", "hex:", "hex:7", "hex:zz", "hex:+1"] {
            assert_eq!(command(wrong), None, "{wrong:?}");
        }
        assert_eq!(command(&"x".repeat(257)), None);
    }
}
