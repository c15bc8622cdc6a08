//! The kiosk's own font, for characters that a printer lacks and for pictures of paper: outlines drawn into cells of
//! 12 or 24 by 24 dots and their multiples.

use super::bitmap::Bitmap;
use ab_glyph::{Font as _, FontRef, Glyph, PxScale, point};
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::OnceLock;

/// A subset of Noto Sans Mono CJK SC, see assets/font/README.md; compressed, for the binary's size.
static COMPRESSED: &[u8] = include_bytes!("../../assets/font/NotoSansMonoCJKsc-subset.otf.gz");

/// Returns the font's file, unpacked when the first character is drawn; empty, and so no font, should that fail.
fn file() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let mut file = Vec::new();
        match GzDecoder::new(COMPRESSED).read_to_end(&mut file) {
            Ok(_) => file,
            Err(_) => Vec::new(),
        }
    })
}

/// Height of every cell at single size, and width of a Chinese character, in dots.
pub const EM_DOTS: usize = 24;
/// Position of the base line in the em square, from above: Noto's ideographs extend from -0.12 to 0.88.
const BASELINE: f32 = 0.88;
/// Least coverage of a dot that is burnt; thin strokes of small characters stay whole.
const COVERAGE: f32 = 0.42;

/// Returns the font, read when the first character is drawn.
fn face() -> Option<&'static FontRef<'static>> {
    static FACE: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    FACE.get_or_init(|| FontRef::try_from_slice(file()).ok()).as_ref()
}

/// Returns true if the font has this character.
pub fn has(c: char) -> bool {
    face().is_some_and(|face| face.glyph_id(c).0 != 0)
}

/// Cell of a character.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Left edge, in dots.
    pub x: usize,
    /// Upper edge, in dots.
    pub y: usize,
    /// Width of the cell, in dots.
    pub width: usize,
    /// Magnification of the width, 1 to 8.
    pub times_wide: usize,
    /// Magnification of the height, 1 to 8.
    pub times_high: usize,
    /// True for strokes that are one (magnified) dot wider.
    pub bold: bool,
    /// True for white on black.
    pub inverse: bool,
}

/// Draws a character; one that the font lacks (and `None`) becomes a box.
pub fn draw(bitmap: &mut Bitmap, c: Option<char>, cell: Cell) {
    let height = EM_DOTS * cell.times_high;
    if cell.inverse {
        bitmap.fill(cell.x, cell.y, cell.width, height);
    }
    match c {
        Some(' ' | '\u{3000}') => {}
        Some(c) if has(c) => draw_outline(bitmap, c, cell),
        _ => draw_box(bitmap, cell, height),
    }
}

fn draw_outline(bitmap: &mut Bitmap, c: char, cell: Cell) {
    let Some(face) = face() else { return };
    let per_em = face.height_unscaled() / face.units_per_em().unwrap_or(1000.0);
    let em = |times: usize| dots(EM_DOTS * times);
    let scale = PxScale { x: em(cell.times_wide) * per_em, y: em(cell.times_high) * per_em };
    let id = face.glyph_id(c);
    let advance = face.h_advance_unscaled(id) / face.height_unscaled() * scale.x;
    let left = ((dots(cell.width) - advance) / 2.0).round();
    let glyph = Glyph { id, scale, position: point(left, (em(cell.times_high) * BASELINE).round()) };
    let Some(outline) = face.outline_glyph(glyph) else { return };
    let bounds = outline.px_bounds();
    let (left, top) = (whole(bounds.min.x), whole(bounds.min.y));
    let smear = if cell.bold { cell.times_wide } else { 0 };
    outline.draw(|x, y, coverage| {
        if coverage < COVERAGE {
            return;
        }
        let (x, y) = (left + i64::from(x), top + i64::from(y));
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        for x in x..=x + smear {
            if x < cell.width && y < EM_DOTS * cell.times_high {
                bitmap.set(cell.x + x, cell.y + y, !cell.inverse);
            }
        }
    });
}

fn draw_box(bitmap: &mut Bitmap, cell: Cell, height: usize) {
    let (left, right) = (cell.x + 1, cell.x + cell.width.saturating_sub(2));
    let (top, bottom) = (cell.y + 2, cell.y + height.saturating_sub(3));
    for x in left..=right {
        bitmap.set(x, top, !cell.inverse);
        bitmap.set(x, bottom, !cell.inverse);
    }
    for y in top..=bottom {
        bitmap.set(left, y, !cell.inverse);
        bitmap.set(right, y, !cell.inverse);
    }
}

/// Returns dots as the font crate counts them; never above a few thousand.
fn dots(n: usize) -> f32 {
    u16::try_from(n).map_or(0.0, f32::from)
}

#[expect(clippy::cast_possible_truncation, reason = "bounds of a glyph, at most a few hundred dots")]
fn whole(x: f32) -> i64 {
    x as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(c: Option<char>, inverse: bool) -> Bitmap {
        let mut bitmap = Bitmap::new(24, 24);
        let cell = Cell { x: 0, y: 0, width: 24, times_wide: 1, times_high: 1, bold: false, inverse };
        draw(&mut bitmap, c, cell);
        bitmap
    }

    fn ink(bitmap: &Bitmap) -> usize {
        (0..24).flat_map(|y| (0..24).map(move |x| (x, y))).filter(|&(x, y)| bitmap.get(x, y)).count()
    }

    #[test]
    fn the_font_has_what_a_ticket_needs() {
        for c in "重返岁影厅座位票价服务费合计补打样副券￥□…—·“”─ABCabc0189:/".chars()
        {
            assert!(has(c), "{c}");
        }
        assert!(!has('🎬'));
    }

    #[test]
    fn characters_differ_and_a_missing_one_is_a_box() {
        let missing = drawn(None, false);
        assert_eq!(drawn(Some('🎬'), false), missing);
        assert!(ink(&missing) > 60);
        assert_ne!(drawn(Some('重'), false), drawn(Some('返'), false));
        assert_eq!(ink(&drawn(Some(' '), false)), 0);
        assert_eq!(ink(&drawn(Some(' '), true)), 24 * 24);
        assert_eq!(ink(&drawn(Some('重'), true)), 24 * 24 - ink(&drawn(Some('重'), false)));
    }
}
