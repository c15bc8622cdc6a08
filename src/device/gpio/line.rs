//! A GPIO line, as named in a configuration or a board's file: `CHIP:OFFSET` or `NAME`, with options. Pure.

use crate::locale::{Text, display_text};
use std::fmt;
use thiserror::Error;

/// Longest name of a chip or line, in bytes, that the kernel has room for.
const NAME_MAX_BYTES: usize = 31;
/// Largest offset of a line on its chip: far more than any chip has.
const OFFSET_MAX: u32 = 1_023;

/// Backend that the lines are reached through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// The kernel's character device (`cdev`).
    Cdev,
    /// The Raspberry Pi's registers, through the crate rppal (`rppal`; archived by its author in 2025).
    Rppal,
}

/// A line and how it is wired.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// Address of the line: a chip and an offset, or a name.
    pub address: LineAddress,
    /// True if the line is on when it is low (`active=low`).
    pub active_low: bool,
    /// Bias of an input that nobody drives (`bias=`).
    pub bias: Bias,
    /// Drive of an output (`drive=`).
    pub drive: Drive,
}

/// Address of a GPIO line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LineAddress {
    /// A chip, known by its label (`pinctrl-bcm2711`) or its name (`gpiochip0`), and an offset on it.
    Offset {
        /// Label or name of the chip.
        chip: String,
        /// Offset of the line on its chip.
        offset: u32,
    },
    /// The line's own name, such as `GPIO17`, on whatever chip.
    Name(String),
}

/// Bias of an input: the level that it has when nobody drives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bias {
    /// The board's own setting is left as it is.
    AsIs,
    /// Pulled up (`bias=up`).
    Up,
    /// Pulled down (`bias=down`).
    Down,
    /// No bias at all (`bias=none`).
    None,
}

/// Drive of an output: the levels that it drives by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Drive {
    /// Drives both high and low.
    PushPull,
    /// Drives low alone; high is left to a resistor.
    OpenDrain,
    /// Drives high alone; low is left to a resistor.
    OpenSource,
}

/// Error of a text that is no GPIO line; its message says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub struct LineError;

display_text!(LineError);

impl LineError {
    /// Returns what would be right.
    pub fn text(self) -> Text {
        Text::new(
            "应为 GPIO 线：\"芯片:序号\" 或线名，如 \"pinctrl-bcm2711:17\" 或 \"GPIO17\"；按接线加 ?active=low、\
             bias=up|down|none、drive=open-drain|open-source",
            "must be a GPIO line: \"CHIP:OFFSET\" or its name, as \"pinctrl-bcm2711:17\" or \"GPIO17\", with ?active=low, \
             bias=up|down|none, drive=open-drain|open-source where it is wired so",
        )
    }
}

impl Line {
    /// Parses a line with its options.
    ///
    /// # Errors
    /// Returns [`LineError`], which says what would be right.
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let (address, options) =
            text.split_once('?').map_or((text, None), |(address, options)| (address, Some(options)));
        let mut line = Self {
            address: LineAddress::parse(address)?,
            active_low: false,
            bias: Bias::AsIs,
            drive: Drive::PushPull,
        };
        let mut given: Vec<&str> = Vec::new();
        for option in options.into_iter().flat_map(|options| options.split('&')) {
            let (key, value) = option.split_once('=').ok_or(LineError)?;
            if given.contains(&key) {
                return Err(LineError);
            }
            given.push(key);
            match (key, value) {
                ("active", "low") => line.active_low = true,
                ("active", "high") => line.active_low = false,
                ("bias", "up") => line.bias = Bias::Up,
                ("bias", "down") => line.bias = Bias::Down,
                ("bias", "none") => line.bias = Bias::None,
                ("drive", "push-pull") => line.drive = Drive::PushPull,
                ("drive", "open-drain") => line.drive = Drive::OpenDrain,
                ("drive", "open-source") => line.drive = Drive::OpenSource,
                _ => return Err(LineError),
            }
        }
        Ok(line)
    }

    /// Returns the number of a Raspberry Pi's pin: the offset on its header chip, or that in the name `GPIO17`.
    pub fn raspberry_pi_pin(&self) -> Option<u8> {
        match &self.address {
            LineAddress::Offset { offset, .. } => u8::try_from(*offset).ok(),
            LineAddress::Name(name) => name.strip_prefix("GPIO")?.parse().ok(),
        }
        .filter(|pin| *pin <= 27)
    }
}

impl LineAddress {
    fn parse(text: &str) -> Result<Self, LineError> {
        let plain =
            |name: &str| (1..=NAME_MAX_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
        if let Some((chip, offset)) = text.rsplit_once(':')
            && !offset.is_empty()
            && offset.bytes().all(|b| b.is_ascii_digit())
        {
            let offset = offset.parse().ok().filter(|offset| *offset <= OFFSET_MAX).ok_or(LineError)?;
            return if plain(chip) { Ok(Self::Offset { chip: chip.into(), offset }) } else { Err(LineError) };
        }
        if plain(text) && !text.contains(':') { Ok(Self::Name(text.into())) } else { Err(LineError) }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            LineAddress::Offset { chip, offset } => write!(f, "{chip}:{offset}"),
            LineAddress::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_all_else_is_refused() {
        let plain = Line {
            address: LineAddress::Offset { chip: "pinctrl-bcm2711".into(), offset: 17 },
            active_low: false,
            bias: Bias::AsIs,
            drive: Drive::PushPull,
        };
        assert_eq!(Line::parse("pinctrl-bcm2711:17"), Ok(plain.clone()));
        let wired = Line { active_low: true, bias: Bias::Up, drive: Drive::OpenDrain, ..plain.clone() };
        assert_eq!(Line::parse("pinctrl-bcm2711:17?active=low&bias=up&drive=open-drain"), Ok(wired));
        let named = Line { address: LineAddress::Name("PIN 7 [GPIO4_D0]".into()), ..plain };
        assert_eq!(Line::parse("PIN 7 [GPIO4_D0]"), Ok(named));
        // A label may contain a colon: the last one separates the offset.
        assert_eq!(Line::parse("1000.gpio:a:3").unwrap().to_string(), "1000.gpio:a:3");
        for wrong in [
            "",
            ":",
            ":3",
            "chip:",
            "chip:x",
            "chip:1024",
            "chip:3?",
            "chip:3?active=up",
            "chip:3?bias=up&bias=down",
            "chip:3?pull=up",
            "a\nb",
            "a label that is far too long for the kernel:3",
        ] {
            assert_eq!(Line::parse(wrong), Err(LineError), "{wrong:?}");
        }
    }

    #[test]
    fn a_raspberry_pis_pin_is_known_by_offset_and_by_name() {
        for (text, pin) in [
            ("pinctrl-rp1:17", Some(17)),
            ("GPIO22", Some(22)),
            ("GPIO28", None),
            ("ID_SDA", None),
            ("x:54", None),
        ] {
            assert_eq!(Line::parse(text).unwrap().raspberry_pi_pin(), pin, "{text}");
        }
    }
}
