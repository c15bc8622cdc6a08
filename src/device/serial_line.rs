//! Serial line of a connection string: `PATH?baud=9600&data=8&parity=none&stop=1`. Pure.

use crate::locale::{Text, display_text};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use thiserror::Error;

/// Baud rate if none is given: the setting of most scanners.
pub const DEFAULT_BAUD: u32 = 9_600;
/// Range of accepted baud rates; unusual rates within it are left to the device.
pub const BAUD_RATES: RangeInclusive<u32> = 300..=4_000_000;

/// A serial line and how its bytes are framed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialLine {
    /// Device file of the port.
    pub path: PathBuf,
    /// Baud rate, in bits per second, within [`BAUD_RATES`].
    pub baud: u32,
    /// Data bits, 7 or 8.
    pub data: u8,
    /// Parity bit of each byte.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop: u8,
}

/// Parity of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even parity (`parity=even`).
    Even,
    /// Odd parity (`parity=odd`).
    Odd,
}

/// Reason why a text is no serial line; its message says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LineError {
    /// The text names no absolute device path.
    Path,
    /// The baud rate is outside [`BAUD_RATES`], or no number.
    Baud,
    /// The data bits, parity or stop bits are none that a port has.
    Framing,
    /// Something else stands after the question mark, or an option is given twice.
    Option,
}

display_text!(LineError);

impl LineError {
    /// Returns what would be right.
    pub fn text(self) -> Text {
        let (zh, en) = match self {
            Self::Path => (
                "应写设备文件：\"serial:/dev/ttyACM0?baud=9600\"",
                "must name the device file: \"serial:/dev/ttyACM0?baud=9600\"",
            ),
            Self::Baud => (
                "baud 应为 300 到 4000000，多为 9600 或 115200",
                "baud must be a rate from 300 to 4000000, mostly 9600 or 115200",
            ),
            Self::Framing => (
                "应为 data=7 或 8，parity=none、even 或 odd，stop=1 或 2",
                "the framing must be data=7 or 8, parity=none, even or odd, stop=1 or 2",
            ),
            Self::Option => (
                "问号后只能写 baud、data、parity 和 stop，各一次：\"serial:/dev/ttyACM0?baud=9600\"",
                "only baud, data, parity and stop can be given after the question mark, each once: \"serial:/dev/ttyACM0?baud=9600\"",
            ),
        };
        Text::new(zh, en)
    }
}

impl SerialLine {
    /// Parses what follows `serial:`.
    ///
    /// # Errors
    /// Returns a [`LineError`] that says what would be right.
    pub fn parse(rest: &str) -> Result<Self, LineError> {
        let (path, options) =
            rest.split_once('?').map_or((rest, None), |(path, options)| (path, Some(options)));
        if !is_device_path(path) {
            return Err(LineError::Path);
        }
        let mut line = Self { path: path.into(), baud: DEFAULT_BAUD, data: 8, parity: Parity::None, stop: 1 };
        let mut given: Vec<&str> = Vec::new();
        for option in options.into_iter().flat_map(|options| options.split('&')) {
            let (key, value) = option.split_once('=').ok_or(LineError::Option)?;
            if given.contains(&key) {
                return Err(LineError::Option);
            }
            given.push(key);
            match key {
                "baud" => {
                    let rate = value.parse().ok().filter(|rate| BAUD_RATES.contains(rate));
                    line.baud = rate.ok_or(LineError::Baud)?;
                }
                "data" => line.data = one_of(value, [("7", 7), ("8", 8)])?,
                "stop" => line.stop = one_of(value, [("1", 1), ("2", 2)])?,
                "parity" => {
                    let known = [("none", Parity::None), ("even", Parity::Even), ("odd", Parity::Odd)];
                    line.parity = one_of(value, known)?;
                }
                _ => return Err(LineError::Option),
            }
        }
        Ok(line)
    }
}

impl std::fmt::Display for SerialLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parity = match self.parity {
            Parity::None => 'N',
            Parity::Even => 'E',
            Parity::Odd => 'O',
        };
        write!(f, "{} at {} baud", self.path.display(), self.baud)?;
        if (self.data, self.parity, self.stop) != (8, Parity::None, 1) {
            write!(f, ", {}{parity}{}", self.data, self.stop)?;
        }
        Ok(())
    }
}

/// Returns true if `path` is an absolute path without control characters.
pub fn is_device_path(path: &str) -> bool {
    path.starts_with('/') && path.len() > 1 && !path.chars().any(char::is_control)
}

fn one_of<T: Copy, const N: usize>(value: &str, known: [(&str, T); N]) -> Result<T, LineError> {
    known.iter().find(|(word, _)| *word == value).map(|(_, meant)| *meant).ok_or(LineError::Framing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_all_else_is_refused() {
        let plain =
            |path: &str, baud| SerialLine { path: path.into(), baud, data: 8, parity: Parity::None, stop: 1 };
        let odd = SerialLine { data: 7, parity: Parity::Odd, stop: 2, ..plain("/dev/ttyS0", 1_200) };
        let cases = [
            ("/dev/ttyACM0", Ok(plain("/dev/ttyACM0", 9_600))),
            ("/dev/serial/by-id/usb-a:b?baud=115200", Ok(plain("/dev/serial/by-id/usb-a:b", 115_200))),
            ("/dev/ttyS0?baud=31250", Ok(plain("/dev/ttyS0", 31_250))),
            ("/dev/ttyS0?baud=1200&data=7&parity=odd&stop=2", Ok(odd)),
            ("", Err(LineError::Path)),
            ("ttyS0", Err(LineError::Path)),
            ("?baud=9600", Err(LineError::Path)),
            ("/dev/ttyS0?baud=", Err(LineError::Baud)),
            ("/dev/ttyS0?baud=299", Err(LineError::Baud)),
            ("/dev/ttyS0?data=9", Err(LineError::Framing)),
            ("/dev/ttyS0?parity=mark", Err(LineError::Framing)),
            ("/dev/ttyS0?flow=none", Err(LineError::Option)),
            ("/dev/ttyS0?baud", Err(LineError::Option)),
            ("/dev/ttyS0?", Err(LineError::Option)),
            ("/dev/ttyS0?baud=9600&baud=1200", Err(LineError::Option)),
        ];
        for (text, wanted) in cases {
            assert_eq!(SerialLine::parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_line_names_its_framing_where_it_is_unusual() {
        let shown = |text: &str| SerialLine::parse(text).unwrap().to_string();
        assert_eq!(shown("/dev/ttyS0"), "/dev/ttyS0 at 9600 baud");
        assert_eq!(shown("/dev/ttyS0?parity=even&data=7"), "/dev/ttyS0 at 9600 baud, 7E1");
    }
}
