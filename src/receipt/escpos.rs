//! From a document to the printer's bytes (Epson's ESC/POS command reference).
//!
//! The crate `escpos` has most commands; Chinese text and what else it lacks goes through `custom`.
//! The bytes begin with `ESC @` and end with the cut; the fence after it is the driver's.

use super::document::{Align, Block, Document, Line, QrCode, Size, Style};
use super::profile::{Profile, Qr};
use super::text;
use encoding_rs::GB18030;
use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use std::cell::RefCell;

/// Dots from line to line at single height; set, because makers' defaults differ.
pub const LINE_DOTS: u8 = 32;

/// Most bytes of one piece of paper.
pub const BYTES_MAX: usize = 16_384;

/// Why a document has no bytes for this printer.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// A command out of range; a fault of the layout.
    #[error("a ticket can't be put into the printer's commands: {0}")]
    Command(String),
    /// Text holds a character outside the printer's set: it was not cleaned.
    #[error("a ticket's text holds a character the printer can't show")]
    Unprintable,
    /// The bytes hold what the printer would take for a real-time command.
    #[error("a ticket's bytes hold a real-time command at position {at}; it is not sent")]
    RealTime {
        /// Where.
        at: usize,
    },
    /// Larger than anything this product prints.
    #[error("a ticket of {length} bytes is larger than the {BYTES_MAX} a piece of paper may have")]
    TooLong {
        /// How large it is.
        length: usize,
    },
}

impl From<PrinterError> for EncodeError {
    fn from(error: PrinterError) -> Self {
        // The crate's texts can quote what is printed: only its kind is kept.
        Self::Command(
            match error {
                PrinterError::Io(_) => "not encodable",
                PrinterError::Input(_) => "value out of range",
                PrinterError::InvalidResponse(_) => "invalid response",
            }
            .to_owned(),
        )
    }
}

/// The bytes that print a document and cut the paper.
///
/// # Errors
/// The document was not made for this printer, or would make it execute a real-time command.
pub fn encode(document: &Document, profile: &Profile) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer {
        printer: Printer::new(Collector::default(), Protocol::default(), None),
        align: Align::Left,
        style: Style::default(),
        raw: Vec::with_capacity(128),
    };
    writer.start(profile)?;
    for block in &document.blocks {
        match block {
            Block::Line(line) => writer.line(line)?,
            Block::Rule => writer.rule(profile)?,
            Block::Perforation(word) => writer.perforation(word, profile)?,
            Block::Qr(code) => writer.qr(code, profile)?,
            Block::Feed(dots) => writer.raw.extend_from_slice(&[0x1B, b'J', *dots]),
        }
    }
    writer.set_style(Style::default())?;
    writer.raw.extend_from_slice(&profile.cut.bytes());
    writer.pass_on()?.print()?;
    let bytes = writer.printer.driver().bytes.into_inner();
    check(&bytes)?;
    Ok(bytes)
}

/// No real-time command (`DLE EOT`, `DLE ENQ`, `DLE DC4`) hides among the bytes.
fn check(bytes: &[u8]) -> Result<(), EncodeError> {
    if bytes.len() > BYTES_MAX {
        return Err(EncodeError::TooLong { length: bytes.len() });
    }
    match bytes.windows(2).position(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14])) {
        Some(at) => Err(EncodeError::RealTime { at }),
        None => Ok(()),
    }
}

struct Writer {
    printer: Printer<Collector>,
    align: Align,
    style: Style,
    /// Bytes the crate has no command for, not yet handed to it.
    raw: Vec<u8>,
}

impl Writer {
    fn start(&mut self, profile: &Profile) -> Result<(), EncodeError> {
        self.printer.init()?;
        if profile.chinese.fs_ampersand {
            self.raw.extend_from_slice(&[0x1C, b'&']);
        }
        self.pass_on()?.line_spacing(LINE_DOTS)?;
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), EncodeError> {
        self.set_align(line.align)?;
        for span in &line.spans {
            self.set_style(span.style)?;
            if let Some(at) = span.at {
                let [low, high] = at.to_le_bytes();
                self.raw.extend_from_slice(&[0x1B, b'$', low, high]);
            }
            self.text(&span.text)?;
        }
        self.raw.push(b'\n');
        Ok(())
    }

    /// `─` joins its neighbours; magnified in width, a rule across the paper costs about 10 bytes.
    fn rule(&mut self, profile: &Profile) -> Result<(), EncodeError> {
        let cells = profile.columns() / 2;
        let times = (1..=8_u8).rev().find(|&times| cells.is_multiple_of(usize::from(times))).unwrap_or(1);
        self.repeat('─', times, cells / usize::from(times))
    }

    /// A word and then dashes to the right edge.
    fn perforation(&mut self, word: &str, profile: &Profile) -> Result<(), EncodeError> {
        const TIMES: u8 = 3;
        self.set_align(Align::Left)?;
        self.set_style(Style::default())?;
        self.text(word)?;
        self.raw.push(b' ');
        let free = profile.columns().saturating_sub(text::width(word) + 1);
        self.repeat('┈', TIMES, free / (2 * usize::from(TIMES)))
    }

    fn repeat(&mut self, c: char, times_wide: u8, count: usize) -> Result<(), EncodeError> {
        self.set_style(Style { size: Size::new(times_wide, 1), ..Style::default() })?;
        let mut utf8 = [0; 4];
        let c = c.encode_utf8(&mut utf8);
        for _ in 0..count {
            self.text(c)?;
        }
        self.raw.push(b'\n');
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        let (bytes, _, unmappable) = GB18030.encode(text);
        if unmappable || bytes.iter().any(|&b| b < 0x20) {
            return Err(EncodeError::Unprintable);
        }
        self.raw.extend_from_slice(&bytes);
        Ok(())
    }

    /// Hands the crate what was collected for it, so that its own next command comes after.
    fn pass_on(&mut self) -> Result<&mut Printer<Collector>, EncodeError> {
        if !self.raw.is_empty() {
            self.printer.custom(&self.raw)?;
            self.raw.clear();
        }
        Ok(&mut self.printer)
    }

    fn qr(&mut self, code: &QrCode, profile: &Profile) -> Result<(), EncodeError> {
        self.set_align(Align::Center)?;
        match profile.qr {
            Qr::Native => {
                let option =
                    QRCodeOption::new(QRCodeModel::Model2, code.module_dots(), QRCodeCorrectionLevel::M);
                self.pass_on()?.qrcode_option(code.data(), option)?;
            }
        }
        Ok(())
    }

    fn set_align(&mut self, align: Align) -> Result<(), EncodeError> {
        if self.align != align {
            let mode = match align {
                Align::Left => JustifyMode::LEFT,
                Align::Center => JustifyMode::CENTER,
                Align::Right => JustifyMode::RIGHT,
            };
            self.pass_on()?.justify(mode)?;
            self.align = align;
        }
        Ok(())
    }

    fn set_style(&mut self, style: Style) -> Result<(), EncodeError> {
        if self.style.size != style.size {
            self.pass_on()?.size(style.size.width, style.size.height)?;
        }
        if self.style.bold != style.bold {
            self.pass_on()?.bold(style.bold)?;
        }
        if self.style.inverse != style.inverse {
            self.pass_on()?.reverse(style.inverse)?;
        }
        self.style = style;
        Ok(())
    }
}

/// The crate's way to the printer: ours collects.
#[derive(Default)]
struct Collector {
    bytes: RefCell<Vec<u8>>,
}

impl Driver for Collector {
    fn name(&self) -> String {
        String::new()
    }

    fn write(&self, data: &[u8]) -> escpos::errors::Result<()> {
        self.bytes.borrow_mut().extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> escpos::errors::Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> escpos::errors::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::Span;
    use super::*;

    fn line(text: &str, at: Option<u16>) -> Document {
        let span = Span { at, text: text.into(), style: Style::default() };
        Document { blocks: vec![Block::Line(Line { align: Align::Left, spans: vec![span] })] }
    }

    fn encoded(document: &Document) -> Result<Vec<u8>, EncodeError> {
        encode(document, &Profile::built_in("generic-80").unwrap())
    }

    #[test]
    fn initialise_stands_first_and_the_cut_last() {
        let bytes = encoded(&line("重A", None)).unwrap();
        assert_eq!(bytes, b"\x1B@\x1C&\x1B3\x20\xD6\xD8A\n\x1DVB\x00");
        let mut profile = Profile::built_in("generic-80").unwrap();
        profile.chinese.fs_ampersand = false;
        let bytes = encode(&line("A", None), &profile).unwrap();
        assert_eq!(bytes, b"\x1B@\x1B3\x20A\n\x1DVB\x00");
    }

    #[test]
    fn styles_are_sent_when_they_change_and_no_oftener() {
        let mut document = Document::default();
        let large = Style { size: Size::new(2, 3), bold: true, inverse: true };
        document.line(Align::Center, large, "a");
        document.line(Align::Center, large, "b");
        document.line(Align::Right, Style::default(), "c");
        let bytes = encoded(&document).unwrap();
        let wanted =
            b"\x1Ba\x01\x1D!\x12\x1BE\x01\x1DB\x01a\nb\n\x1Ba\x02\x1D!\x00\x1BE\x00\x1DB\x00c\n\x1DVB\x00";
        assert_eq!(bytes.get(7..), Some(&wanted[..]));
    }

    #[test]
    fn what_was_not_cleaned_or_would_be_a_real_time_command_is_refused() {
        assert!(matches!(encoded(&line("a\u{10}\u{4}", None)), Err(EncodeError::Unprintable)));
        assert!(matches!(encoded(&line("a", Some(0x0410))), Err(EncodeError::RealTime { at: 9 })));
        assert!(matches!(encoded(&line(&"a".repeat(BYTES_MAX), None)), Err(EncodeError::TooLong { .. })));
    }
}
