//! A piece of paper as data: lines, rules, codes, feeds and the cut, independent of any printer's bytes.

use std::fmt;

/// Longest text of a QR code, in characters: far above ticket_info_code's 180.
pub const QR_CHARS_MAX: usize = 300;

/// One piece of paper, top to bottom. The cut at its end is understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What stands on it.
    pub blocks: Vec<Block>,
}

/// One thing on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// One printed line.
    Line(Line),
    /// A line across the paper.
    Rule,
    /// A dashed line across the paper, to tear or fold at, with a word in its middle.
    Perforation(String),
    /// A QR code, in the middle.
    Qr(QrCode),
    /// White paper, in dots; above 0.
    Feed(u8),
}

/// One printed line; its text is clean and fits the width it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub align: Align,
    /// Its parts, left to right.
    pub spans: Vec<Span>,
}

/// A part of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where it begins, in dots from the left margin; none: where the part before it ended.
    pub at: Option<u16>,
    /// The characters.
    pub text: String,
    /// Their style.
    pub style: Style,
}

/// How characters look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Magnification.
    pub size: Size,
    /// Bold.
    pub bold: bool,
    /// White on black.
    pub inverse: bool,
}

/// Magnification, each 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Of the width.
    pub width: u8,
    /// Of the height.
    pub height: u8,
}

impl Default for Size {
    fn default() -> Self {
        Self::new(1, 1)
    }
}

impl Size {
    /// The magnification nearest to this that printers have.
    pub fn new(width: u8, height: u8) -> Self {
        Self { width: width.clamp(1, 8), height: height.clamp(1, 8) }
    }
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// A QR code to be printed. What it carries may be worth money: `Debug` masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    data: String,
    module_dots: u8,
}

impl QrCode {
    /// A code of these characters; dots a module are held to 2 to 12.
    ///
    /// None when the data are empty, longer than [`QR_CHARS_MAX`] or hold anything but printable ASCII:
    /// a byte below 0x20 could be a real-time command to the printer.
    pub fn new(data: &str, module_dots: u8) -> Option<Self> {
        let plain = data.bytes().all(|b| (0x20..0x7F).contains(&b));
        let fits = (1..=QR_CHARS_MAX).contains(&data.len());
        (plain && fits).then(|| Self { data: data.to_owned(), module_dots: module_dots.clamp(2, 12) })
    }

    /// What it carries.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Dots to a module.
    pub fn module_dots(&self) -> u8 {
        self.module_dots
    }
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrCode")
            .field("length", &self.data.len())
            .field("module_dots", &self.module_dots)
            .finish()
    }
}

impl Document {
    /// A line in one style.
    pub(crate) fn line(&mut self, align: Align, style: Style, text: impl Into<String>) {
        let span = Span { at: None, text: text.into(), style };
        self.blocks.push(Block::Line(Line { align, spans: vec![span] }));
    }

    /// White paper; nothing for 0.
    pub(crate) fn feed(&mut self, dots: u8) {
        if dots > 0 {
            self.blocks.push(Block::Feed(dots));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_printable_ascii_only_and_shows_in_no_debug_text() {
        for bad in ["", "a\u{10}\u{4}b", "票", "a\n", &"x".repeat(QR_CHARS_MAX + 1)] {
            assert_eq!(QrCode::new(bad, 4), None);
        }
        let code = QrCode::new("17212101SECRET", 4).unwrap();
        assert!(!format!("{code:?}").contains("SECRET"));
        assert_eq!(code.data(), "17212101SECRET");
        assert_eq!(QrCode::new("x", 200).unwrap().module_dots(), 12);
    }
}
