//! A printer's facts as data: what it is called, what it can do, how it is asked. Pure.
//!
//! A profile is a TOML file (`config/printers/*.toml`). Some are built in; a site can bring its own.

use serde::Deserialize;

/// The profiles in the binary, by name.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("epson-tm-t88", include_str!("../../config/printers/epson-tm-t88.toml")),
    ("xprinter-80", include_str!("../../config/printers/xprinter-80.toml")),
    ("generic-80", include_str!("../../config/printers/generic-80.toml")),
    ("generic-58", include_str!("../../config/printers/generic-58.toml")),
];

/// Everything the kiosk needs to know about a kind of printer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What staff call it; 1 to 48 characters.
    pub name: String,
    /// Dots the head prints across; 192 to 1280, a multiple of 8.
    pub width_dots: u16,
    /// Dots to the inch; 180 or 203 in practice, 100 to 400 taken.
    #[serde(default = "default_dots_per_inch")]
    pub dots_per_inch: u16,
    /// Size of its receive buffer: never send more than this unanswered. 16 to 1048576.
    pub buffer_bytes: u32,
    /// How the end of a ticket is confirmed.
    pub fence: Fence,
    /// How long the answer to the fence may take; 1000 to 120000. A printer that cools its head is slow.
    #[serde(default = "default_fence_timeout_ms")]
    pub fence_timeout_ms: u64,
    /// How what it has received and not printed is thrown away.
    pub clear: Clear,
    /// Whether it answers `GS I` (maker, model).
    pub identify: bool,
    /// How Chinese is printed.
    pub chinese: Chinese,
    /// How a QR code is printed.
    pub qr: Qr,
    /// How paper is cut.
    pub cut: Cut,
    /// Which statuses it tells.
    pub status: Statuses,
}

/// How the end of a ticket is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fence {
    /// `GS ( H` function 48: an identifier comes back when printing has got there.
    GsParenH,
    /// `GS r 1`: a status without identifier, answered in its turn.
    GsR,
    /// It has none: nothing it prints is ever confirmed.
    None,
}

/// How the receive buffer is emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clear {
    /// `DLE DC4` function 8, answered by `37 25 00`.
    #[serde(rename = "dle-dc4-8")]
    DleDc4Fn8,
    /// It can't: let it drain.
    None,
}

/// `[chinese]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chinese {
    /// `FS &` has to be sent after `ESC @` to select Chinese mode.
    pub fs_ampersand: bool,
    /// The printer's character set.
    pub charset: Charset,
}

/// The character set of Chinese text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// GB18030, of which only codes of one and two bytes are sent.
    Gb18030,
}

/// How a QR code is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qr {
    /// The printer makes it from the text (`GS ( k`).
    Native,
}

/// `[cut]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The command's family.
    pub command: CutCommand,
    /// Right through, or leaving a bridge.
    pub kind: CutKind,
    /// Dots fed before the cut beyond what the command feeds by itself; 0 to 255.
    pub feed_dots: u8,
}

/// The command's family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutCommand {
    /// `GS V 65 n` full, `GS V 66 n` partial: feeds to the knife by itself and `n` more.
    GsV,
    /// `GS V 0` full, `GS V 1` partial: cuts where the paper is.
    GsVPlain,
    /// `ESC i` full, `ESC m` partial: cuts where the paper is.
    EscI,
    /// It has no knife: the customer tears.
    None,
}

/// Right through, or leaving a bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutKind {
    /// Right through.
    Full,
    /// Leaving a bridge.
    Partial,
}

/// `[status]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statuses {
    /// The n of `DLE EOT n` it answers, each 1 to 4; may be empty.
    pub dle_eot: Vec<u8>,
    /// Automatic status back (`GS a`).
    pub asb: bool,
}

/// Why a profile can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProfileError {
    /// Not TOML, an unknown key, or a value of the wrong kind.
    #[error("printer profile: {0}")]
    Unreadable(String),
    /// A value outside its range.
    #[error("printer profile: {key} is {found}; {wanted}")]
    OutOfRange {
        /// Which key.
        key: &'static str,
        /// What it says.
        found: String,
        /// What would be right.
        wanted: &'static str,
    },
}

/// Width of one half-width character cell in dots (font A and half a Chinese character).
pub const CELL_DOTS: u16 = 12;

impl Profile {
    /// The profile built in under this name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// Reads a profile from TOML and checks its ranges.
    ///
    /// # Errors
    /// Unknown or missing keys, wrong types, values out of range.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self =
            toml::from_str(text).map_err(|error| ProfileError::Unreadable(error.to_string()))?;
        profile.check()?;
        Ok(profile)
    }

    /// Half-width characters that fit in a line at single size.
    pub fn columns(&self) -> usize {
        usize::from(self.width_dots / CELL_DOTS)
    }

    fn check(&self) -> Result<(), ProfileError> {
        let range = |ok: bool, key, found: String, wanted| {
            if ok { Ok(()) } else { Err(ProfileError::OutOfRange { key, found, wanted }) }
        };
        let name_length = self.name.chars().count();
        let plain_name = !self.name.chars().any(char::is_control);
        range(
            (1..=48).contains(&name_length) && plain_name,
            "name",
            format!("{name_length} characters long"),
            "it must be 1 to 48 characters, none of them control characters",
        )?;
        range(
            (192..=1280).contains(&self.width_dots) && self.width_dots.is_multiple_of(8),
            "width_dots",
            self.width_dots.to_string(),
            "it must be 192 to 1280 and a multiple of 8 (80 mm paper: 576 or 512; 58 mm: 384)",
        )?;
        range(
            (100..=400).contains(&self.dots_per_inch),
            "dots_per_inch",
            self.dots_per_inch.to_string(),
            "it must be 100 to 400 (most heads: 203; TM-T88: 180)",
        )?;
        range(
            (16..=1_048_576).contains(&self.buffer_bytes),
            "buffer_bytes",
            self.buffer_bytes.to_string(),
            "it must be 16 to 1048576",
        )?;
        range(
            (1_000..=120_000).contains(&self.fence_timeout_ms),
            "fence_timeout_ms",
            self.fence_timeout_ms.to_string(),
            "it must be 1000 to 120000",
        )?;
        let asked = &self.status.dle_eot;
        let known = asked
            .iter()
            .enumerate()
            .all(|(i, n)| (1..=4).contains(n) && !asked.iter().take(i).any(|earlier| earlier == n));
        range(known, "status.dle_eot", format!("{asked:?}"), "it must list each of 1, 2, 3, 4 at most once")
    }
}

impl Cut {
    /// The bytes that cut, the feed before it among them; empty without a knife.
    ///
    /// The crate escpos has `GS V 65 0` and `GS V 66 0` only.
    pub fn bytes(&self) -> Vec<u8> {
        let full = self.kind == CutKind::Full;
        let feed_then = |cut: &[u8]| {
            let mut bytes = Vec::with_capacity(6);
            if self.feed_dots > 0 {
                bytes.extend_from_slice(&[0x1B, b'J', self.feed_dots]);
            }
            bytes.extend_from_slice(cut);
            bytes
        };
        match self.command {
            CutCommand::GsV => vec![0x1D, b'V', if full { 65 } else { 66 }, self.feed_dots],
            CutCommand::GsVPlain => feed_then(&[0x1D, b'V', u8::from(!full)]),
            CutCommand::EscI => feed_then(&[0x1B, if full { b'i' } else { b'm' }]),
            CutCommand::None => feed_then(&[]),
        }
    }
}

fn default_dots_per_inch() -> u16 {
    203
}

fn default_fence_timeout_ms() -> u64 {
    15_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_in_the_binary_reads() {
        for (name, text) in BUILT_IN {
            let profile = Profile::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(Profile::built_in(name), Some(profile));
        }
        assert_eq!(Profile::built_in("no-such-printer"), None);
    }

    #[test]
    fn an_unknown_key_and_a_value_out_of_range_are_refused_by_name() {
        let good = BUILT_IN[2].1;
        let error = Profile::parse(&format!("colour = true\n{good}")).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
        for (from, to, key) in [
            ("width_dots = 576", "width_dots = 577", "width_dots"),
            ("buffer_bytes = 4096", "buffer_bytes = 4", "buffer_bytes"),
            ("dle_eot = [1, 2, 3, 4]", "dle_eot = [1, 1]", "status.dle_eot"),
            ("fence_timeout_ms = 15000", "fence_timeout_ms = 0", "fence_timeout_ms"),
        ] {
            assert!(good.contains(from), "{from}");
            let error = Profile::parse(&good.replace(from, to)).unwrap_err();
            assert!(matches!(error, ProfileError::OutOfRange { key: k, .. } if k == key), "{error}");
        }
    }

    #[test]
    fn each_way_of_cutting_has_its_bytes() {
        let cut = |command, kind, feed_dots| Cut { command, kind, feed_dots }.bytes();
        assert_eq!(cut(CutCommand::GsV, CutKind::Full, 0), [0x1D, b'V', 65, 0]);
        assert_eq!(cut(CutCommand::GsV, CutKind::Partial, 20), [0x1D, b'V', 66, 20]);
        assert_eq!(cut(CutCommand::GsVPlain, CutKind::Partial, 120), [0x1B, b'J', 120, 0x1D, b'V', 1]);
        assert_eq!(cut(CutCommand::EscI, CutKind::Full, 0), [0x1B, b'i']);
        assert_eq!(cut(CutCommand::EscI, CutKind::Partial, 0), [0x1B, b'm']);
        assert_eq!(cut(CutCommand::None, CutKind::Full, 200), [0x1B, b'J', 200]);
    }
}
