//! Profile of a make of printer, as data: its name, its capabilities and its commands. Pure.
//!
//! A profile is a TOML file (`config/printers/*.toml`). Some are built in; a site can bring its own.
//! `config/printers/README.md` tells how to write one.

mod check;
mod code;
mod cut;
mod error;

pub use code::Code;
pub use error::ProfileError;

use serde::Deserialize;

/// Built-in profiles, each as its name and its TOML text.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("epson-tm-t88", include_str!("../../config/printers/epson-tm-t88.toml")),
    ("xprinter-80", include_str!("../../config/printers/xprinter-80.toml")),
    ("custom-vkp80", include_str!("../../config/printers/custom-vkp80.toml")),
    ("generic-80", include_str!("../../config/printers/generic-80.toml")),
    ("generic-58", include_str!("../../config/printers/generic-58.toml")),
];

/// Profile of a make of printer: everything the kiosk needs to know about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the printer as staff know it; 1 to 48 characters.
    pub name: String,
    /// Width that the head prints, in dots; 192 to 1280, a multiple of 8.
    pub width_dots: u16,
    /// Resolution, in dots per inch; 180 or 203 in practice, 100 to 400 accepted.
    #[serde(default = "default_dots_per_inch")]
    pub dots_per_inch: u16,
    /// Size of its receive buffer, in bytes: never send more than this unanswered. 16 to 1048576.
    pub buffer_bytes: u32,
    /// Fence that confirms the end of a ticket.
    pub fence: Fence,
    /// Best speed that its maker names, in millimetres of paper per second; 20 to 1000. A confirmation sooner than that
    /// is not believed.
    #[serde(default = "default_speed_mm_s")]
    pub speed_mm_s: u16,
    /// Time limit for the answer to the fence, in milliseconds; 1000 to 120000. A printer that cools its head is slow.
    #[serde(default = "default_fence_timeout_ms")]
    pub fence_timeout_ms: u64,
    /// Command that discards what it has received and not printed.
    pub clear: Clear,
    /// Command that frees it from an error that needs no hand, such as a jammed cutter.
    #[serde(default)]
    pub recover: Recover,
    /// True if it answers `GS I` (maker, model).
    pub identify: bool,
    /// Word in the model's name, in any case: `check` reports a printer whose model lacks it.
    #[serde(default)]
    pub model: Option<String>,
    /// Settings for Chinese text.
    pub chinese: Chinese,
    /// Way in which a QR code is printed.
    pub qr: Qr,
    /// Settings of the cut.
    pub cut: Cut,
    /// Statuses that the printer reports.
    pub status: Statuses,
    /// Presenter that holds a ticket until it is taken, where it has one.
    #[serde(default)]
    pub presenter: Option<Presenter>,
    /// Commands that align to the marks of stock with a printed face, where it has them.
    #[serde(default)]
    pub mark: Option<Marks>,
}

/// Fence: a question that confirms the end of a ticket (`fence`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fence {
    /// `GS ( H` function 48: an identifier that is returned when printing has reached it.
    GsParenH,
    /// `GS r 1`: a status without identifier, answered in its turn.
    GsR,
    /// No fence: good status before a ticket and some time after its last byte have to suffice.
    None,
}

/// Command that empties the receive buffer (`clear`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clear {
    /// `DLE DC4` function 8, answered by `37 25 00`.
    #[serde(rename = "dle-dc4-8")]
    DleDc4Fn8,
    /// No such command: the buffer has to drain.
    None,
}

/// Command that recovers from an error that needs no hand (`recover`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recover {
    /// `DLE ENQ 2`: the receive and print buffers are cleared.
    DleEnq,
    /// No such command.
    #[default]
    None,
}

/// Settings for Chinese text (`[chinese]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chinese {
    /// True if `FS &` has to be sent after `ESC @` to select Chinese mode.
    pub fs_ampersand: bool,
    /// Character set of the printer.
    pub charset: Charset,
}

/// Character set of Chinese text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// GB18030, of which only codes of one and two bytes are sent.
    Gb18030,
    /// GB2312 alone, as in old and cheap printers: any other character is printed as raster.
    Gb2312,
    /// No Chinese: every line that isn't ASCII is printed as raster.
    None,
}

impl Charset {
    /// Encodes the text in this set; none if the set lacks one of its characters.
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

/// Returns true if there is a character of GB18030's four-byte part, which printers lack: its second byte is a digit.
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

/// Returns true if these codes of one and two bytes are all of GB2312.
fn is_gb2312(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((&lead, after)) = rest.split_first() {
        rest = after;
        if lead < 0x80 {
            continue;
        }
        let Some((&trail, after)) = rest.split_first() else { return false };
        rest = after;
        // GBK put characters of its own into codes of rows 2, 6, 8 and 9 that GB2312 leaves empty.
        let added = matches!((lead, trail), (0xA2, 0xA1..=0xAA) | (0xA8, 0xBB..=0xC0) | (0xA6, 0xE0..) | (0xA9, ..=0xA3 | 0xF0..));
        if !(matches!(lead, 0xA1..=0xA9 | 0xB0..=0xF7) && trail >= 0xA1) || added {
            return false;
        }
    }
    true
}

/// Way in which a QR code is printed (`qr`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qr {
    /// The printer makes the code from the text (`GS ( k`).
    Native,
    /// The kiosk draws the code (`GS v 0`), for printers that have no QR codes of their own.
    Raster,
}

/// Settings of the cut (`[cut]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Family of cut commands.
    pub command: CutCommand,
    /// Kind of the cut: full or partial.
    pub kind: CutKind,
    /// Feed before the cut beyond what the command feeds by itself, in dots; 0 to 255.
    pub feed_dots: u8,
}

/// Family of cut commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutCommand {
    /// `GS V 65 n` full, `GS V 66 n` partial: feeds to the cutter by itself and `n` more.
    GsV,
    /// `GS V 0` full, `GS V 1` partial: cuts where the paper is.
    GsVPlain,
    /// `ESC i` full, `ESC m` partial: cuts where the paper is.
    EscI,
    /// No cutter: the customer tears the paper off.
    None,
}

/// Kind of the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutKind {
    /// The paper is cut right through.
    Full,
    /// The cut leaves a bridge of paper.
    Partial,
}

/// Statuses that the printer reports (`[status]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statuses {
    /// Numbers n of `DLE EOT n` that it answers: 1 to 4, or 20 for the full status of CUSTOM's printers; may be empty.
    pub dle_eot: Vec<u8>,
    /// True if it sends automatic status back (`GS a`).
    pub asb: bool,
    /// True if its USB port's status (paper, selected, error) can be believed; true if left out.
    #[serde(default = "yes")]
    pub port: bool,
}

fn yes() -> bool {
    true
}

impl Statuses {
    /// Returns true if it answers with the full status of CUSTOM's printers.
    pub fn full(&self) -> bool {
        self.dle_eot.contains(&FULL_STATUS)
    }
}

/// Number n of `DLE EOT n` that asks for the full status.
pub const FULL_STATUS: u8 = 20;

/// Commands of the presenter that holds a ticket until somebody takes it (`[presenter]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presenter {
    /// Command that presents the ticket, still held.
    pub present: Code,
    /// Command that retracts the ticket into the machine.
    pub retract: Code,
    /// Command that drops the ticket in front.
    pub eject: Code,
}

/// Commands for stock with a printed face, which has notches or black marks to align to (`[mark]`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Command sent before the first line: the printing position goes to the head of the next form.
    pub start: Code,
    /// Command sent before the cut: the cut falls between two forms.
    pub cut: Code,
}

/// Width of one half-width character cell in dots (font A and half a Chinese character).
pub const CELL_DOTS: u16 = 12;

impl Profile {
    /// Returns the profile built in under this name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// Reads a profile from TOML and checks its ranges.
    ///
    /// # Errors
    /// Fails on unknown or missing keys, wrong types and values out of range.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self =
            toml::from_str(text).map_err(|error| ProfileError::Unreadable(error.to_string()))?;
        profile.check()?;
        Ok(profile)
    }

    /// Converts millimetres to dots.
    pub fn dots(&self, millimetres: u32) -> usize {
        let tenths = u64::from(millimetres) * 10 * u64::from(self.dots_per_inch);
        usize::try_from(tenths / 254).unwrap_or(usize::MAX)
    }

    /// Converts dots to millimetres, rounded up.
    pub fn millimetres(&self, dots: usize) -> u32 {
        let tenths = dots.saturating_mul(254).div_ceil(usize::from(self.dots_per_inch));
        u32::try_from(tenths.div_ceil(10)).unwrap_or(u32::MAX)
    }

    /// Returns the number of dot rows that its head burns in a second at its best speed.
    pub fn rows_a_second(&self) -> u32 {
        u32::from(self.speed_mm_s) * u32::from(self.dots_per_inch) * 10 / 254
    }

    /// Returns the number of half-width characters that fit in a line at single size.
    pub fn columns(&self) -> usize {
        usize::from(self.width_dots / CELL_DOTS)
    }
}

fn default_dots_per_inch() -> u16 {
    203
}

/// Default of `speed_mm_s`: as fast as the fastest receipt printer on sale.
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
