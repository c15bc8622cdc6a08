//! Settings of `[keypad]`: location of the keypad and wiring of its matrix. Pure.

use crate::device::gpio::line::Line;
use crate::device::keyboard::place::{self, KeyboardLocation};
use crate::device::serial_line::{LineError, SerialLine};
use crate::locale::{Text, display_text};
use std::time::Duration;
use thiserror::Error;

/// A keypad, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeypadSpec {
    /// `gpio:`: a matrix on the board's pins.
    Gpio(Wiring),
    /// `hid:PATH` or `hid:VENDOR:PRODUCT`: a USB numeric pad.
    Hid(KeyboardLocation),
    /// `serial:PATH?baud=N`: a pad that sends one character per key.
    Serial(SerialLine),
}

/// Wiring of a key matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wiring {
    /// Lines of the rows, which are driven.
    pub rows: Vec<Line>,
    /// Lines of the columns, which are watched.
    pub columns: Vec<Line>,
    /// Labels of the keys, one row each.
    pub keys: Vec<Vec<PadKey>>,
    /// Time for which a key must read the same.
    pub debounce: Duration,
    /// Delay between driving a row and reading the columns.
    pub settle: Duration,
}

/// A key of a pad.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum PadKey {
    /// A digit, 0 to 9.
    Digit(char),
    /// A letter, A to Z, on pads that have them.
    Letter(char),
    /// The `*` key.
    Star,
    /// The `#` key.
    Hash,
    /// A function key, A to D, beside the digits of a 4×4 matrix.
    Function(char),
    /// The Enter key, which ends the input.
    Enter,
    /// The key that deletes the last character.
    Back,
    /// The key that deletes all of the input.
    Clear,
}

// Digits and letters are hidden: what is typed may be a booking ID.
impl std::fmt::Debug for PadKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Digit(_) => "Digit(…)",
            Self::Letter(_) => "Letter(…)",
            Self::Star => "Star",
            Self::Hash => "Hash",
            Self::Function(_) => "Function",
            Self::Enter => "Enter",
            Self::Back => "Back",
            Self::Clear => "Clear",
        })
    }
}

impl PadKey {
    /// Returns the key of a matrix with this label.
    pub fn printed(label: char) -> Option<Self> {
        match label {
            '0'..='9' => Some(Self::Digit(label)),
            '*' => Some(Self::Star),
            '#' => Some(Self::Hash),
            'A'..='D' => Some(Self::Function(label)),
            _ => None,
        }
    }

    /// Returns the key of a pad that sends this character.
    pub fn typed(character: char) -> Option<Self> {
        match character {
            'a'..='z' | 'A'..='Z' => Some(Self::Letter(character.to_ascii_uppercase())),
            '\r' | '\n' => Some(Self::Enter),
            '\u{8}' | '\u{7f}' => Some(Self::Back),
            '\u{1b}' => Some(Self::Clear),
            '/' => Some(Self::Hash),
            _ => Self::printed(character),
        }
    }
}

/// Reason why a connection string is none of a keypad; its message says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The string names none of the three kinds.
    Kind,
    /// The serial line is not valid.
    Line(#[from] LineError),
    /// The location of the keyboard is not valid.
    Place,
}

display_text!(SpecError);

impl SpecError {
    /// Returns what would be right.
    pub fn text(&self) -> Text {
        match self {
            Self::Kind => Text::new(
                "应为 \"gpio:\"、\"hid:PATH\"、\"hid:VENDOR:PRODUCT\" 或 \"serial:PATH?baud=9600\"",
                "must be \"gpio:\", \"hid:PATH\", \"hid:VENDOR:PRODUCT\" or \"serial:PATH?baud=9600\"",
            ),
            Self::Line(error) => error.text(),
            Self::Place => place::RIGHT.into(),
        }
    }
}

/// Value of `[keypad] connection`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// A matrix; its lines are configured by other keys.
    Gpio,
    /// Any other keypad, completely described.
    Other(KeypadSpec),
}

impl Connection {
    /// Parses a connection string.
    ///
    /// # Errors
    /// Returns a [`SpecError`] that says what would be right.
    pub fn parse(text: &str) -> Result<Self, SpecError> {
        match text.split_once(':') {
            Some(("gpio", "")) => Ok(Self::Gpio),
            Some(("hid", rest)) => KeyboardLocation::parse(rest)
                .map(|place| Self::Other(KeypadSpec::Hid(place)))
                .ok_or(SpecError::Place),
            Some(("serial", rest)) => Ok(Self::Other(KeypadSpec::Serial(SerialLine::parse(rest)?))),
            _ => Err(SpecError::Kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_and_all_else_is_refused() {
        assert_eq!(Connection::parse("gpio:"), Ok(Connection::Gpio));
        let pad = KeyboardLocation::Path("/dev/input/event1".into());
        assert_eq!(Connection::parse("hid:/dev/input/event1"), Ok(Connection::Other(KeypadSpec::Hid(pad))));
        assert!(matches!(
            Connection::parse("serial:/dev/ttyS1?baud=9600"),
            Ok(Connection::Other(KeypadSpec::Serial(_)))
        ));
        assert_eq!(Connection::parse("serial:ttyS1"), Err(SpecError::Line(LineError::Path)));
        assert_eq!(Connection::parse("hid:pad"), Err(SpecError::Place));
        for wrong in ["", "gpio", "gpio:17", "stdin:"] {
            assert_eq!(Connection::parse(wrong), Err(SpecError::Kind), "{wrong:?}");
        }
    }

    #[test]
    fn keys_are_known_by_what_is_printed_on_them_and_show_in_no_text() {
        assert_eq!(PadKey::printed('A'), Some(PadKey::Function('A')));
        assert_eq!(PadKey::typed('a'), Some(PadKey::Letter('A')));
        assert_eq!((PadKey::printed('E'), PadKey::printed('票'), PadKey::typed('+')), (None, None, None));
        assert!(!format!("{:?}{:?}", PadKey::Digit('7'), PadKey::Letter('W')).contains(['7', 'W']));
    }
}
