//! Encoding of a document as the printer's bytes (Epson's ESC/POS command reference).
//!
//! The crate `escpos` has most commands; Chinese text and whatever else it lacks goes through `custom`. The bytes begin
//! with `ESC @` and end with the cut; the printer's owner adds the fence.

use super::document::{Align, Block, Document, LINE_SPACING_DOTS, Line, QrCode, Size, Span, Style};
use super::profile::{Charset, Profile, Qr};
use super::raster;
use super::text;
use crate::locale::{Text, display_text, text};
use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};
use std::cell::RefCell;

/// Largest number of bytes of one paper.
pub const BYTES_MAX: usize = 98_304;

/// Reason why a document has no bytes for this printer.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// A value of a command is out of range; a fault of the layout.
    Command(String),
    /// A QR code is wider than the paper.
    CodeTooWide,
    /// The text holds a character outside the printer's set, for it was not cleaned.
    Unprintable,
    /// The bytes hold a sequence that the printer would take for a real-time command.
    RealTime {
        /// Position of the sequence, in bytes.
        at: usize,
    },
    /// The document is larger than [`BYTES_MAX`].
    TooLong {
        /// Size of the document, in bytes.
        length: usize,
    },
}

display_text!(EncodeError);

impl EncodeError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Command(reason) => text!(
                "票无法写成打印机命令：{reason}",
                "a ticket can't be put into the printer's commands: {reason}"
            ),
            Self::CodeTooWide => Text::new(
                "票的二维码比纸宽；请减小 module_dots",
                "a ticket's QR code is wider than the paper; make module_dots smaller",
            ),
            Self::Unprintable => Text::new(
                "票的文字里有打印机打不出的字符",
                "a ticket's text holds a character the printer can't show",
            ),
            Self::RealTime { at } => text!(
                "票的字节在第 {at} 位含实时命令；不发送",
                "a ticket's bytes hold a real-time command at position {at}; it is not sent"
            ),
            Self::TooLong { length } => text!(
                "一张票 {length} 字节，超过每张纸的上限 {BYTES_MAX}",
                "a ticket of {length} bytes is larger than the {BYTES_MAX} a piece of paper may have"
            ),
        }
    }
}

impl From<PrinterError> for EncodeError {
    fn from(error: PrinterError) -> Self {
        // The crate's texts can quote what is printed: only the kind of the error is kept.
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

/// Encodes a document as the bytes that print it and cut the paper.
///
/// # Errors
/// Fails if the document was not made for this printer, or would make it execute a real-time command.
pub fn encode(document: &Document, profile: &Profile) -> Result<Vec<u8>, EncodeError> {
    encode_on(document, profile, false)
}

/// Encodes as [`encode`] does; on `marked` stock the printer goes to the mark before the first line and before the cut.
///
/// # Errors
/// Fails as [`encode`] does.
pub fn encode_on(document: &Document, profile: &Profile, marked: bool) -> Result<Vec<u8>, EncodeError> {
    let mut writer = Writer {
        printer: Printer::new(Collector::default(), Protocol::default(), None),
        align: Align::Left,
        style: Style::default(),
        raw: Vec::with_capacity(128),
        charset: profile.chinese.charset,
        width_dots: usize::from(profile.width_dots),
    };
    let marks = profile.mark.as_ref().filter(|_| marked);
    writer.start(profile)?;
    writer.raw.extend_from_slice(marks.map_or(&[], |marks| marks.start.bytes()));
    for block in &document.blocks {
        match block {
            Block::Line(line) => writer.line(line)?,
            Block::Rule => writer.rule(profile)?,
            Block::Perforation(word) => writer.perforation(word, profile)?,
            Block::Qr(code) => writer.qr(code, Align::Center, profile.qr)?,
            Block::Link(code) => writer.qr(code, Align::Left, profile.qr)?,
            Block::Picture(dots) => writer.raster(&raster::command(dots, 0))?,
            Block::Feed(dots) => writer.raw.extend_from_slice(&[0x1B, b'J', *dots]),
        }
    }
    writer.set_style(Style::default())?;
    writer.raw.extend_from_slice(marks.map_or(&[], |marks| marks.cut.bytes()));
    writer.raw.extend_from_slice(&profile.cut.bytes());
    writer.pass_on()?.print()?;
    let bytes = writer.printer.driver().bytes.into_inner();
    check(&bytes)?;
    Ok(bytes)
}

/// Checks that no real-time command (`DLE EOT`, `DLE ENQ`, `DLE DC4`) hides among the bytes.
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
    /// Bytes of commands that the crate lacks, not yet passed to it.
    raw: Vec<u8>,
    charset: Charset,
    width_dots: usize,
}

impl Writer {
    fn start(&mut self, profile: &Profile) -> Result<(), EncodeError> {
        self.printer.init()?;
        if profile.chinese.fs_ampersand {
            self.raw.extend_from_slice(&[0x1C, b'&']);
        }
        self.pass_on()?.line_spacing(LINE_SPACING_DOTS)?;
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), EncodeError> {
        let charset = self.charset;
        let encoded = line.spans.iter().map(|span| charset.encode(&span.text)).collect::<Option<Vec<_>>>();
        let Some(encoded) = encoded else { return self.drawn(line) };
        self.set_align(line.align)?;
        for (span, bytes) in line.spans.iter().zip(encoded) {
            self.set_style(span.style)?;
            if let Some(at) = span.at {
                let [mut low, high] = at.to_le_bytes();
                // One dot further right, where the printer would take the position for a real-time command.
                low += u8::from(low == 0x10 && matches!(high, 0x04 | 0x05 | 0x14));
                self.raw.extend_from_slice(&[0x1B, b'$', low, high]);
            }
            self.bytes(&bytes)?;
        }
        self.raw.push(b'\n');
        Ok(())
    }

    /// Writes a line with characters that the printer lacks, as dots from the kiosk's own font.
    fn drawn(&mut self, line: &Line) -> Result<(), EncodeError> {
        if line.spans.iter().any(|span| span.text.chars().any(char::is_control)) {
            return Err(EncodeError::Unprintable);
        }
        let dots = raster::line(line, self.width_dots);
        let gap = usize::from(LINE_SPACING_DOTS).saturating_sub(dots.height());
        self.raster(&raster::line_command(&dots))?;
        if let Some(gap) = u8::try_from(gap).ok().filter(|gap| *gap > 0) {
            self.raw.extend_from_slice(&[0x1B, b'J', gap]);
        }
        Ok(())
    }

    /// Writes dots, which include the margins.
    fn raster(&mut self, command: &[u8]) -> Result<(), EncodeError> {
        self.set_align(Align::Left)?;
        self.raw.extend_from_slice(command);
        Ok(())
    }

    /// Writes a rule: `─` joins its neighbours; magnified in width, a rule across the paper takes about 10 bytes.
    fn rule(&mut self, profile: &Profile) -> Result<(), EncodeError> {
        if self.charset == Charset::None {
            const ABOVE: u8 = 15;
            self.raw.extend_from_slice(&[0x1B, b'J', ABOVE]);
            self.raster(&raster::rule_command(self.width_dots))?;
            self.raw.extend_from_slice(&[0x1B, b'J', LINE_SPACING_DOTS - ABOVE - 2]);
            return Ok(());
        }
        let cells = profile.columns() / 2;
        let times = (1..=8_u8).rev().find(|&times| cells.is_multiple_of(usize::from(times))).unwrap_or(1);
        self.repeat('─', times, cells / usize::from(times))
    }

    /// Writes a word and then dashes to the right edge.
    fn perforation(&mut self, word: &str, profile: &Profile) -> Result<(), EncodeError> {
        const TIMES: u8 = 3;
        if self.charset.encode(word).is_none() {
            let free = profile.columns().saturating_sub(text::width(word) + 1);
            let text = format!("{word} {}", "- ".repeat(free / 2));
            let spans = vec![Span { at: None, text, style: Style::default() }];
            return self.drawn(&Line { align: Align::Left, spans });
        }
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
        let bytes = self.charset.encode(text).ok_or(EncodeError::Unprintable)?;
        self.bytes(&bytes)
    }

    /// Writes encoded text, which must not hold control characters.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        if bytes.iter().any(|&byte| byte < 0x20) {
            return Err(EncodeError::Unprintable);
        }
        self.raw.extend_from_slice(bytes);
        Ok(())
    }

    /// Passes the collected bytes to the crate, so that its own next command comes after them.
    fn pass_on(&mut self) -> Result<&mut Printer<Collector>, EncodeError> {
        if !self.raw.is_empty() {
            self.printer.custom(&self.raw)?;
            self.raw.clear();
        }
        Ok(&mut self.printer)
    }

    fn qr(&mut self, code: &QrCode, align: Align, way: Qr) -> Result<(), EncodeError> {
        match way {
            Qr::Raster => {
                let command = raster::qr_command(code.data(), code.module_dots(), self.width_dots, align);
                self.raster(&command.ok_or(EncodeError::CodeTooWide)?)?;
            }
            Qr::Native => {
                self.set_align(align)?;
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

/// Driver for the crate that collects the bytes.
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
    fn what_the_set_lacks_is_drawn_and_the_rest_stays_text() {
        let mut document = line("重A", None);
        document.line(Align::Center, Style::default(), "𬬻");
        let bytes = encoded(&document).unwrap();
        assert!(bytes.starts_with(b"\x1B@\x1C&\x1B3\x20\xD6\xD8A\n\x1Dv0\x00"), "{bytes:x?}");
        let mut old = Profile::built_in("generic-80").unwrap();
        old.chinese.charset = Charset::Gb2312;
        let has = |text: &str| encode(&line(text, None), &old).unwrap().windows(3).any(|at| at == b"\x1Dv0");
        assert_eq!(["重返20岁￥", "鎔", "⒈", "ⅰ"].map(has), [false, true, false, true]);
        old.chinese.charset = Charset::None;
        assert!(encode(&line("￥5", None), &old).unwrap().windows(3).any(|at| at == b"\x1Dv0"));
        assert_eq!(encode(&line("A", None), &old).unwrap(), b"\x1B@\x1C&\x1B3\x20A\n\x1DVB\x00");
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
        let bytes = encoded(&line("a", Some(0x0410))).unwrap();
        assert_eq!(bytes.get(7..11), Some(&b"\x1B$\x11\x04"[..]), "a dot further, and no command");
        let real_time = line("A\x10\x04", None);
        assert!(matches!(encoded(&real_time), Err(EncodeError::Unprintable)));
        assert!(matches!(encoded(&line(&"a".repeat(BYTES_MAX), None)), Err(EncodeError::TooLong { .. })));
    }
}
