//! Document of one paper, as data: lines, rules, codes, feeds and the cut, independent of any printer's bytes.

use super::bitmap::Bitmap;
use super::font::EM_DOTS;
use std::fmt;
use std::sync::Arc;

/// Longest text of a QR code, in characters: far above the 180 of `ticket_info_code`.
pub const QR_CHARS_MAX: usize = 300;

/// Line spacing at single height, in dots; printers are told it, because makers' defaults differ.
pub const LINE_SPACING_DOTS: u8 = 32;

/// Document of one paper, top to bottom. The cut at its end is implied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Blocks of the document, top to bottom.
    pub blocks: Vec<Block>,
}

/// A block of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A printed line.
    Line(Line),
    /// A rule across the paper.
    Rule,
    /// A dashed line across the paper, to tear or fold at, with a word in it.
    Perforation(String),
    /// The ticket's QR code, centred.
    Qr(QrCode),
    /// A web address as QR code, at the left.
    Link(QrCode),
    /// A picture of dots, from the left margin.
    Picture(Arc<Bitmap>),
    /// White paper, in dots; above 0.
    Feed(u8),
}

/// A printed line; its text is clean and fits the width it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Alignment of the line.
    pub align: Align,
    /// Parts of the line, left to right.
    pub spans: Vec<Span>,
}

/// A part of a line in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Start of the part, in dots from the left margin; none if it follows the part before it.
    pub at: Option<u16>,
    /// Characters of the part.
    pub text: String,
    /// Style of the characters.
    pub style: Style,
}

/// Style of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Magnification of the characters.
    pub size: Size,
    /// True for bold characters.
    pub bold: bool,
    /// True for white characters on black.
    pub inverse: bool,
}

/// Magnification of characters, each way 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Magnification of the width, 1 to 8.
    pub width: u8,
    /// Magnification of the height, 1 to 8.
    pub height: u8,
}

impl Default for Size {
    fn default() -> Self {
        Self::new(1, 1)
    }
}

impl Size {
    /// Creates the magnification nearest to this that printers have.
    pub fn new(width: u8, height: u8) -> Self {
        Self { width: width.clamp(1, 8), height: height.clamp(1, 8) }
    }
}

/// Alignment of a line on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Aligned to the left margin.
    #[default]
    Left,
    /// Centred between the margins.
    Center,
    /// Aligned to the right margin.
    Right,
}

/// A QR code to be printed. Its content may be worth money: `Debug` masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    data: String,
    module_dots: u8,
}

/// White space around a QR code that readers need, in modules.
pub const QUIET_MODULES: usize = 4;

/// Characters that QR codes of version 1, 2 and so on hold at level M, whatever they are (ISO/IEC 18004, table 7).
const CAPACITY: [usize; 13] = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331];

/// Returns the largest side of a code with this number of characters at level M, in modules.
pub fn modules(characters: usize) -> usize {
    let version = CAPACITY.iter().position(|holds| characters <= *holds).unwrap_or(CAPACITY.len()) + 1;
    17 + 4 * version
}

impl QrCode {
    /// Creates a code of these characters; the dots per module are limited to 2 to 12.
    ///
    /// None if the data are empty, longer than [`QR_CHARS_MAX`] or hold anything but printable ASCII: a byte below 0x20
    /// could be a real-time command to the printer.
    pub fn new(data: &str, module_dots: u8) -> Option<Self> {
        let plain = data.bytes().all(|b| (0x20..0x7F).contains(&b));
        let fits = (1..=QR_CHARS_MAX).contains(&data.len());
        (plain && fits).then(|| Self { data: data.to_owned(), module_dots: module_dots.clamp(2, 12) })
    }

    /// Returns the content of the code.
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Returns the number of dots per module.
    pub fn module_dots(&self) -> u8 {
        self.module_dots
    }

    /// Returns the largest side of the code, in dots, without the white space around it.
    pub fn side_dots(&self) -> usize {
        modules(self.data.len()) * usize::from(self.module_dots)
    }

    /// Returns the white space that the code needs on each side, in dots.
    pub fn quiet_dots(&self) -> usize {
        QUIET_MODULES * usize::from(self.module_dots)
    }

    /// Returns the same code with modules small enough for paper of this width; never below 2 dots.
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
    /// Adds a line in one style.
    pub(crate) fn line(&mut self, align: Align, style: Style, text: impl Into<String>) {
        let span = Span { at: None, text: text.into(), style };
        self.blocks.push(Block::Line(Line { align, spans: vec![span] }));
    }

    /// Returns the length of the paper, in dots, without the feed to the cutter.
    pub fn height_dots(&self) -> usize {
        let line = usize::from(LINE_SPACING_DOTS);
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

    /// Adds the white space that each QR code needs above and below it.
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

    /// Feeds until there is at least this much white space at the end.
    fn at_least(&mut self, dots: usize) {
        let there: usize = self
            .blocks
            .iter()
            .rev()
            .map_while(|block| if let Block::Feed(dots) = block { Some(usize::from(*dots)) } else { None })
            .sum();
        self.feed(u8::try_from(dots.saturating_sub(there)).unwrap_or(u8::MAX));
    }

    /// Feeds white paper; nothing for 0.
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
