//! A piece of paper as data: lines, rules, codes, feeds and the cut, independent of any printer's bytes.

use super::escpos::LINE_DOTS;
use super::image::bitmap::Bitmap;
use super::image::font::EM_DOTS;
use std::fmt;
use std::sync::Arc;

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
    /// The ticket's QR code, in the middle.
    Qr(QrCode),
    /// A web address as QR code, at the left.
    Link(QrCode),
    /// Dots, from the left margin.
    Picture(Arc<Bitmap>),
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

/// White around a QR code, in modules, that readers need.
pub const QUIET_MODULES: usize = 4;

/// Characters that QR codes of version 1, 2 and so on hold at level M, whichever they are (ISO/IEC 18004, table 7).
const CAPACITY: [usize; 13] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331];

/// Modules to a side of a code with so many characters at level M, at most.
pub fn modules(characters: usize) -> usize {
    let version = CAPACITY.iter().position(|holds| characters <= *holds).unwrap_or(CAPACITY.len()) + 1;
    17 + 4 * version
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

    /// Dots to a side, at most, the white around it apart.
    pub fn side_dots(&self) -> usize {
        modules(self.data.len()) * usize::from(self.module_dots)
    }

    /// Dots of white it needs on each side.
    pub fn quiet_dots(&self) -> usize {
        QUIET_MODULES * usize::from(self.module_dots)
    }

    /// The same with modules small enough for paper so many dots wide; never below 2.
    pub fn fitting(mut self, width_dots: usize) -> Self {
        let most = width_dots / (modules(self.data.len()) + 2 * QUIET_MODULES);
        self.module_dots = self.module_dots.min(u8::try_from(most).unwrap_or(u8::MAX)).max(2);
        self
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

    /// How long the paper is, in dots, the way to the knife apart.
    pub fn height_dots(&self) -> usize {
        let line = usize::from(LINE_DOTS);
        self.blocks
            .iter()
            .map(|block| match block {
                Block::Line(of) => {
                    let highest = of.spans.iter().map(|span| span.style.size.height).max().unwrap_or(1);
                    (EM_DOTS * usize::from(highest)).max(line)
                }
                Block::Rule | Block::Perforation(_) => line,
                Block::Qr(code) | Block::Link(code) => code.side_dots(),
                Block::Picture(dots) => dots.height(),
                Block::Feed(dots) => usize::from(*dots),
            })
            .sum()
    }

    /// White above and below each QR code, as much as it needs.
    pub(crate) fn keep_quiet(&mut self) {
        let blocks = std::mem::take(&mut self.blocks);
        let mut below = 0;
        for block in blocks {
            match block {
                Block::Qr(ref code) | Block::Link(ref code) => {
                    let quiet = code.quiet_dots();
                    self.at_least(quiet.max(std::mem::take(&mut below)));
                    below = quiet;
                    self.blocks.push(block);
                }
                Block::Feed(dots) => {
                    self.feed(dots);
                    below = below.saturating_sub(usize::from(dots));
                }
                other => {
                    self.feed(u8::try_from(std::mem::take(&mut below)).unwrap_or(u8::MAX));
                    self.blocks.push(other);
                }
            }
        }
        self.feed(u8::try_from(below).unwrap_or(u8::MAX));
    }

    /// Adds what is missing of so much white at the end.
    fn at_least(&mut self, dots: usize) {
        let there: usize = self
            .blocks
            .iter()
            .rev()
            .map_while(|block| if let Block::Feed(dots) = block { Some(usize::from(*dots)) } else { None })
            .sum();
        self.feed(u8::try_from(dots.saturating_sub(there)).unwrap_or(u8::MAX));
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

    #[test]
    fn a_code_keeps_its_white_and_fits_its_paper() {
        let code = QrCode::new(&"x".repeat(180), 6).unwrap();
        assert_eq!((code.side_dots(), code.quiet_dots()), (53 * 6, 24));
        assert_eq!(code.clone().fitting(384).module_dots(), 6);
        assert_eq!(code.clone().fitting(300).module_dots(), 4);
        let mut document = Document::default();
        document.feed(20);
        document.blocks.push(Block::Qr(code));
        document.line(Align::Left, Style::default(), "x");
        document.keep_quiet();
        let feeds: Vec<_> = document.blocks.iter().map(|block| matches!(block, Block::Feed(_))).collect();
        assert_eq!(feeds, [true, true, false, true, false]);
        assert_eq!(document.height_dots(), 24 + 318 + 24 + 32);
    }

    #[test]
    fn the_table_of_sizes_is_the_standards() {
        for length in [1, 14, 15, 62, 84, 85, 122, 152, 180, 181, 213, 251, 287, 300] {
            let data = "x".repeat(length);
            let code = qrcode::QrCode::with_error_correction_level(&data, qrcode::EcLevel::M).unwrap();
            assert_eq!(modules(length), code.width(), "{length}");
        }
    }
}
