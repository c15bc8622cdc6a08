//! A printer's facts as data: what it is called, what it can do, how it is asked. Pure.
//!
//! A profile is a TOML file (`config/printers/*.toml`). Some are built in; a site can bring its own. How one is
//! written is told in `config/printers/README.md`.

mod check;
mod code;
mod cut;

pub use code::Code;

use serde::Deserialize;

/// The profiles in the binary, by name.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("epson-tm-t88", include_str!("../../config/printers/epson-tm-t88.toml")),
    ("xprinter-80", include_str!("../../config/printers/xprinter-80.toml")),
    ("custom-vkp80", include_str!("../../config/printers/custom-vkp80.toml")),
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
    /// The best speed its maker names, in millimetres of paper a second; 20 to 1000. What says sooner than that that
    /// a ticket is out is not believed.
    #[serde(default = "default_speed_mm_s")]
    pub speed_mm_s: u16,
    /// How long the answer to the fence may take; 1000 to 120000. A printer that cools its head is slow.
    #[serde(default = "default_fence_timeout_ms")]
    pub fence_timeout_ms: u64,
    /// How what it has received and not printed is thrown away.
    pub clear: Clear,
    /// How it is freed from an error that needs no hand, a knife that got stuck.
    #[serde(default)]
    pub recover: Recover,
    /// Whether it answers `GS I` (maker, model).
    pub identify: bool,
    /// A word in the model's name by which it is known, in any case: `check` tells when the printer says another.
    #[serde(default)]
    pub model: Option<String>,
    /// How Chinese is printed.
    pub chinese: Chinese,
    /// How a QR code is printed.
    pub qr: Qr,
    /// How paper is cut.
    pub cut: Cut,
    /// Which statuses it tells.
    pub status: Statuses,
    /// The presenter that holds a ticket until it is taken, where it has one.
    #[serde(default)]
    pub presenter: Option<Presenter>,
    /// How it finds the marks of stock with a printed face, where it can.
    #[serde(default)]
    pub mark: Option<Marks>,
}

/// How the end of a ticket is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fence {
    /// `GS ( H` function 48: an identifier comes back when printing has got there.
    GsParenH,
    /// `GS r 1`: a status without identifier, answered in its turn.
    GsR,
    /// It has none: good status before a ticket and some time after its last byte has to do.
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

/// How an error is recovered from that needs no hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recover {
    /// `DLE ENQ 2`: the receive and print buffers are cleared.
    DleEnq,
    /// It can't.
    #[default]
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
    /// GB2312 alone, as in old and cheap printers: what it lacks is printed as raster.
    Gb2312,
    /// It has no Chinese: every line that isn't ASCII is printed as raster.
    None,
}

impl Charset {
    /// The text in this set; none when a character of it is missing there.
    pub fn encode(self, text: &str) -> Option<std::borrow::Cow<'_, [u8]>> {
        if text.is_ascii() {
            return Some(text.as_bytes().into());
        }
        let (bytes, _, unmappable) = encoding_rs::GB18030.encode(text);
        let printable = !unmappable && !has_four_byte_code(&bytes);
        let in_set = match self {
            Self::Gb18030 => printable,
            Self::Gb2312 => printable && is_gb2312(&bytes),
            Self::None => false,
        };
        in_set.then_some(bytes)
    }
}

/// A character of GB18030's four-byte part, which printers lack: its second byte is a digit.
fn has_four_byte_code(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match after {
            [b'0'..=b'9', ..] if *first >= 0x80 => return true,
            [_, after @ ..] if *first >= 0x80 => after,
            after => after,
        };
    }
    false
}

/// Whether these codes of one and two bytes are all of GB2312.
fn is_gb2312(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((&lead, after)) = rest.split_first() {
        rest = after;
        if lead < 0x80 {
            continue;
        }
        let Some((&trail, after)) = rest.split_first() else { return false };
        rest = after;
        // GBK put characters of its own into rows 2 and 8.
        let added = matches!((lead, trail), (0xA2, 0xA1..=0xAA) | (0xA8, 0xBB..=0xC0) | (0xA6, 0xE0..) | (0xA9, ..=0xA3 | 0xF0..));
        if !(matches!(lead, 0xA1..=0xA9 | 0xB0..=0xF7) && trail >= 0xA1) || added {
            return false;
        }
    }
    true
}

/// How a QR code is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qr {
    /// The printer makes it from the text (`GS ( k`).
    Native,
    /// The kiosk draws it (`GS v 0`), for printers that have no QR codes of their own.
    Raster,
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
    /// The n of `DLE EOT n` it answers, each 1 to 4, or 20 for the full status of CUSTOM's printers; may be empty.
    pub dle_eot: Vec<u8>,
    /// Automatic status back (`GS a`).
    pub asb: bool,
    /// On USB: whether what its port says (paper, selected, error) is true; true where left out.
    #[serde(default = "yes")]
    pub port: bool,
}

fn yes() -> bool {
    true
}

impl Statuses {
    /// Whether it tells the full status of CUSTOM's printers.
    pub fn full(&self) -> bool {
        self.dle_eot.contains(&FULL_STATUS)
    }
}

/// The n of `DLE EOT n` that asks for the full status.
pub const FULL_STATUS: u8 = 20;

/// `[presenter]`: the mouth that holds a ticket until somebody takes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presenter {
    /// Shows the ticket, still held.
    pub present: Code,
    /// Takes it back into the machine.
    pub retract: Code,
    /// Lets it fall out in front.
    pub eject: Code,
}

/// `[mark]`: stock with a printed face has notches or black marks to align to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Sent before the first line: the printing position goes to the head of the next form.
    pub start: Code,
    /// Sent before the cut: the cut falls between two forms.
    pub cut: Code,
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

    /// Dots in so many millimetres.
    pub fn dots(&self, millimetres: u32) -> usize {
        let tenths = u64::from(millimetres) * 10 * u64::from(self.dots_per_inch);
        usize::try_from(tenths / 254).unwrap_or(usize::MAX)
    }

    /// Millimetres of so many dots, rounded up.
    pub fn millimetres(&self, dots: usize) -> u32 {
        let tenths = dots.saturating_mul(254).div_ceil(usize::from(self.dots_per_inch));
        u32::try_from(tenths.div_ceil(10)).unwrap_or(u32::MAX)
    }

    /// Dot rows that its head burns in a second at its best speed.
    pub fn rows_a_second(&self) -> u32 {
        u32::from(self.speed_mm_s) * u32::from(self.dots_per_inch) * 10 / 254
    }

    /// Half-width characters that fit in a line at single size.
    pub fn columns(&self) -> usize {
        usize::from(self.width_dots / CELL_DOTS)
    }
}

fn default_dots_per_inch() -> u16 {
    203
}

/// As fast as the fastest receipt printer is sold.
fn default_speed_mm_s() -> u16 {
    500
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
        let good = BUILT_IN[3].1;
        let error = Profile::parse(&format!("colour = true\n{good}")).unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
        for (from, to, key) in [
            ("width_dots = 576", "width_dots = 577", "width_dots"),
            ("buffer_bytes = 4096", "buffer_bytes = 4", "buffer_bytes"),
            ("dle_eot = [1, 2, 3, 4]", "dle_eot = [1, 1]", "status.dle_eot"),
            ("dle_eot = [1, 2, 3, 4]\nasb = false", "dle_eot = [20]\nasb = true", "status.asb"),
            ("fence_timeout_ms = 15000", "fence_timeout_ms = 0", "fence_timeout_ms"),
            ("speed_mm_s = 500", "speed_mm_s = 10", "speed_mm_s"),
        ] {
            assert!(good.contains(from), "{from}");
            let error = Profile::parse(&good.replace(from, to)).unwrap_err();
            assert!(matches!(error, ProfileError::OutOfRange { key: k, .. } if k == key), "{error}");
        }
    }

    #[test]
    fn no_fence_and_no_status_is_refused_for_a_socket_that_swallows_everything_would_do() {
        let blind = BUILT_IN[3].1.replace("fence = \"gs-r\"", "fence = \"none\"");
        Profile::parse(&blind).unwrap();
        let error = Profile::parse(&blind.replace("dle_eot = [1, 2, 3, 4]", "dle_eot = []")).unwrap_err();
        assert!(matches!(error, ProfileError::OutOfRange { key: "status.dle_eot", .. }), "{error}");
    }
}
