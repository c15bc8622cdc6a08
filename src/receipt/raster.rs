//! Raster images (`GS v 0`): characters and QR codes that the printer lacks, and logos.
//!
//! Printers obey `DLE EOT`, `DLE ENQ` and `DLE DC4` even inside image data (Epson's reference, "Notes for real-time
//! commands"): no picture of ours holds their first two bytes.

use super::bitmap::Bitmap;
use super::document::{Align, Line, QUIET_MODULES};
use super::font::{self, Cell, EM_DOTS};
use super::text;
use qrcode::{Color, EcLevel, QrCode};

/// Largest size of one line of text as raster, in bytes.
pub const LINE_BYTES_MAX: usize = 4_096;

/// Largest magnification of a line as raster; more would not fit [`LINE_BYTES_MAX`] on the widest paper.
const TIMES_MAX: u8 = 4;

/// Size of the command before the dots, in bytes.
const HEAD_BYTES: usize = 8;

/// Draws a line of text in the kiosk's own font, on paper of this width.
pub fn line(line: &Line, width_dots: usize) -> Bitmap {
    let times = |n: u8| usize::from(n.min(TIMES_MAX));
    let height =
        line.spans.iter().map(|span| EM_DOTS * times(span.style.size.height)).max().unwrap_or(EM_DOTS);
    let cells = |text: &str, wide: u8| text::width(text) * EM_DOTS / 2 * times(wide);
    let used = line
        .spans
        .iter()
        .fold(0, |x, span| span.at.map_or(x, usize::from) + cells(&span.text, span.style.size.width));
    let free = width_dots.saturating_sub(used);
    let mut dots = Bitmap::new(width_dots, height);
    let mut x = match line.align {
        Align::Left => 0,
        Align::Center => free / 2,
        Align::Right => free,
    };
    for span in &line.spans {
        x = span.at.map_or(x, usize::from);
        let (times_wide, times_high) = (times(span.style.size.width), times(span.style.size.height));
        for c in span.text.chars() {
            let width = text::cells(c) * EM_DOTS / 2 * times_wide;
            let y = height - EM_DOTS * times_high;
            let (bold, inverse) = (span.style.bold, span.style.inverse);
            font::draw(&mut dots, Some(c), Cell { x, y, width, times_wide, times_high, bold, inverse });
            x += width;
        }
    }
    dots
}

/// Returns the command that prints a line's dots, in at most [`LINE_BYTES_MAX`] bytes: where they are too many, with
/// half as many rows of double height, and then half as many columns of double width.
pub fn line_command(dots: &Bitmap) -> Vec<u8> {
    let whole = command(dots, 0);
    if whole.len() <= LINE_BYTES_MAX {
        return whole;
    }
    let lower = command(&halved(dots, false), 2);
    if lower.len() <= LINE_BYTES_MAX { lower } else { command(&halved(dots, true), 3) }
}

/// Returns `GS v 0 m` with these dots, without the white at the right. `mode`: 2 double height, 3 double both ways.
pub fn command(dots: &Bitmap, mode: u8) -> Vec<u8> {
    let stride =
        dots.rows().filter_map(|row| row.iter().rposition(|byte| *byte != 0)).max().map_or(1, |at| at + 1);
    let [xl, xh] = u16::try_from(stride).unwrap_or(u16::MAX).to_le_bytes();
    let [yl, yh] = u16::try_from(dots.height()).unwrap_or(u16::MAX).to_le_bytes();
    let mut bytes = Vec::with_capacity(HEAD_BYTES + stride * dots.height());
    bytes.extend_from_slice(&[0x1D, b'v', b'0', mode, xl, xh, yl, yh]);
    for row in dots.rows() {
        bytes.extend_from_slice(row.get(..stride).unwrap_or(row));
    }
    if let Some(data) = bytes.get_mut(HEAD_BYTES..) {
        make_harmless(data);
    }
    bytes
}

/// Adds a dot wherever the dots look like the beginning of a real-time command.
fn make_harmless(data: &mut [u8]) {
    for at in 1..data.len() {
        if let Some([first, second]) = data.get_mut(at - 1..=at)
            && *first == 0x10
            && matches!(*second, 0x04 | 0x05 | 0x14)
        {
            *first = 0x18;
        }
    }
}

/// Returns the dots with half as many rows and, with `both`, half as many columns; black wins.
fn halved(dots: &Bitmap, both: bool) -> Bitmap {
    let across = if both { 2 } else { 1 };
    let mut half = Bitmap::new(dots.width().div_ceil(across), dots.height().div_ceil(2));
    for y in 0..dots.height() {
        for x in (0..dots.width()).filter(|&x| dots.get(x, y)) {
            half.set(x / across, y / 2, true);
        }
    }
    half
}

/// Returns the command for a QR code of level M on paper of this width, centred, or at the left with the white space it
/// needs; none if it can't be made or doesn't fit.
pub fn qr_command(data: &str, module_dots: u8, width_dots: usize, align: Align) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(data, EcLevel::M).ok()?;
    // The code is printed at double size where that is the same: a quarter of the bytes.
    let (times, mode) = if module_dots.is_multiple_of(2) { (2, 3) } else { (1, 0) };
    let module = usize::from(module_dots) / times;
    let side = code.width() * module;
    let free = (width_dots / times).checked_sub(side)?;
    let left = if align == Align::Left { free.min(QUIET_MODULES * module) } else { free / 2 };
    let mut dots = Bitmap::new(width_dots / times, side);
    for (i, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            dots.fill(left + i % code.width() * module, i / code.width() * module, module, module);
        }
    }
    Some(command(&dots, mode))
}

/// Returns the command for two rows of black across the paper.
pub fn rule_command(width_dots: usize) -> Vec<u8> {
    let mut dots = Bitmap::new(width_dots, 2);
    dots.fill(0, 0, width_dots, 2);
    command(&dots, 0)
}

#[cfg(test)]
mod tests {
    use super::super::document::{Size, Span, Style};
    use super::*;

    fn span(text: &str, width: u8, height: u8) -> Line {
        let style = Style { size: Size::new(width, height), bold: true, inverse: false };
        Line { align: Align::Left, spans: vec![Span { at: None, text: text.into(), style }] }
    }

    #[test]
    fn no_line_is_longer_than_its_limit_and_none_is_empty() {
        for width in [384, 512, 576, 640, 1280] {
            for (wide, high) in [(1, 1), (2, 2), (1, 2), (3, 3), (4, 4), (8, 8)] {
                let cells = width / (24 * usize::from(wide));
                let bytes = line_command(&line(&span(&"鬱".repeat(cells.max(1)), wide, high), width));
                assert!(bytes.len() <= LINE_BYTES_MAX, "{width} {wide}×{high}: {}", bytes.len());
                assert!(bytes.iter().skip(8).any(|byte| *byte != 0));
            }
        }
    }

    #[test]
    fn no_picture_holds_what_a_printer_would_obey() {
        // The dots are patterns from a seed, among them the beginnings of real-time commands.
        let mut seed = 0x1234_5678_u32;
        for _ in 0..2_000 {
            let mut dots = Bitmap::new(64, 8);
            for y in 0..8 {
                seed ^= seed << 13;
                seed ^= seed >> 17;
                seed ^= seed << 5;
                let pairs = [0x1004_u16, 0x1005, 0x1014, 0x1010];
                let rare = u32::from(pairs[(seed >> 8) as usize % 4]) << 16 | seed & 0x1F1F;
                for x in 0..32 {
                    dots.set(x + 8 * (y % 3), y, rare & (0x8000_0000 >> x) != 0);
                }
            }
            for mode in [0, 2, 3] {
                let bytes = command(&dots, mode);
                let obeyed = bytes.windows(2).any(|pair| matches!(pair, [0x10, 0x04 | 0x05 | 0x14]));
                assert!(!obeyed, "{bytes:x?}");
            }
        }
    }

    #[test]
    fn a_code_is_drawn_within_the_paper_or_not_at_all() {
        assert!(qr_command(&"x".repeat(180), 6, 576, Align::Center).is_some());
        assert!(qr_command(&"x".repeat(180), 6, 300, Align::Center).is_none());
        let half = qr_command("SAMPLE", 6, 576, Align::Center).unwrap();
        let full = qr_command("SAMPLE", 5, 576, Align::Center).unwrap();
        assert!(half.len() * 3 < full.len());
    }
}
