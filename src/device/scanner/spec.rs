//! `[[scanner]] connection`, read.

use std::path::PathBuf;
use thiserror::Error;

/// Baud rate when none is given: what most scanners are set to.
pub const DEFAULT_BAUD: u32 = 9_600;
/// The rates that serial scanners know.
pub const BAUD_RATES: [u32; 8] = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200];

/// Where a scanner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerSpec {
    /// `serial:PATH?baud=N`: a serial port, or a USB scanner that looks like one.
    Serial {
        /// The device file.
        path: PathBuf,
        /// One of [`BAUD_RATES`].
        baud: u32,
    },
    /// `stdin:`: lines on standard input.
    Stdin,
}

/// Why a connection is none of a scanner. The text says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpecError {
    /// Neither of the two kinds.
    #[error("must be \"serial:PATH?baud=9600\" or \"stdin:\"")]
    Kind,
    /// No absolute device path.
    #[error("must name the device file: \"serial:/dev/ttyACM0?baud=9600\"")]
    Path,
    /// A rate nobody has.
    #[error("baud must be one of 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200")]
    Baud,
    /// Something other than `baud` after the question mark.
    #[error("only baud can be given after the question mark, once: \"serial:/dev/ttyACM0?baud=9600\"")]
    Option,
    /// Something after `stdin:`.
    #[error("stdin: takes nothing after the colon")]
    Stdin,
}

impl ScannerSpec {
    /// Reads a connection string.
    ///
    /// # Errors
    /// [`SpecError`] says what would be right.
    pub fn parse(connection: &str) -> Result<Self, SpecError> {
        let (kind, rest) = connection.split_once(':').ok_or(SpecError::Kind)?;
        match kind {
            "serial" => parse_serial(rest),
            "stdin" if rest.is_empty() => Ok(Self::Stdin),
            "stdin" => Err(SpecError::Stdin),
            _ => Err(SpecError::Kind),
        }
    }

    /// Whether both would read the same device.
    pub fn same_device(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Serial { path, .. }, Self::Serial { path: other, .. }) => path == other,
            (Self::Stdin, Self::Stdin) => true,
            _ => false,
        }
    }
}

fn parse_serial(rest: &str) -> Result<ScannerSpec, SpecError> {
    let (path, options) = rest.split_once('?').map_or((rest, None), |(path, options)| (path, Some(options)));
    let fits = path.starts_with('/') && path.len() > 1 && !path.chars().any(char::is_control);
    if !fits {
        return Err(SpecError::Path);
    }
    let baud = match options {
        None => DEFAULT_BAUD,
        Some(options) => {
            let rate = options.strip_prefix("baud=").ok_or(SpecError::Option)?;
            if rate.contains('&') {
                return Err(SpecError::Option);
            }
            rate.parse().ok().filter(|rate| BAUD_RATES.contains(rate)).ok_or(SpecError::Baud)?
        }
    };
    Ok(ScannerSpec::Serial { path: path.into(), baud })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_are_read_and_all_else_is_refused() {
        let serial = |path: &str, baud| Ok(ScannerSpec::Serial { path: path.into(), baud });
        let cases = [
            ("serial:/dev/ttyACM0", serial("/dev/ttyACM0", 9_600)),
            ("serial:/dev/serial/by-id/usb-a:b?baud=115200", serial("/dev/serial/by-id/usb-a:b", 115_200)),
            ("stdin:", Ok(ScannerSpec::Stdin)),
            ("stdin", Err(SpecError::Kind)),
            ("stdin:x", Err(SpecError::Stdin)),
            ("hid:/dev/input/event0", Err(SpecError::Kind)),
            ("", Err(SpecError::Kind)),
            ("serial:", Err(SpecError::Path)),
            ("serial:ttyS0", Err(SpecError::Path)),
            ("serial:?baud=9600", Err(SpecError::Path)),
            ("serial:/dev/ttyS0?baud=9601", Err(SpecError::Baud)),
            ("serial:/dev/ttyS0?baud=", Err(SpecError::Baud)),
            ("serial:/dev/ttyS0?flow=none", Err(SpecError::Option)),
            ("serial:/dev/ttyS0?baud=9600&baud=1200", Err(SpecError::Option)),
        ];
        for (text, wanted) in cases {
            assert_eq!(ScannerSpec::parse(text), wanted, "{text}");
        }
    }
}
