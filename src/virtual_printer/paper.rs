//! A finished paper, and its picture.

use crate::receipt::bitmap::Bitmap;
use std::fmt;

/// White at each side of the print, in dots: 80 mm paper is wider than 72 mm of print.
const SIDE_DOTS: usize = 32;
/// White above and below in the picture, in dots.
const EDGE_DOTS: usize = 24;
/// Height of a torn edge's teeth, in dots.
const TOOTH_DOTS: usize = 8;

/// A paper, from one cut to the next. The content of its QR codes may be worth money: `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// Dots printed on the paper.
    pub dots: Bitmap,
    /// Text of the paper, line by line, in the order printed.
    pub lines: Vec<String>,
    /// Contents of its QR codes, in the order printed.
    pub codes: Vec<Vec<u8>>,
    /// True if the paper ends where the roll ended, in the middle of the print.
    pub torn: bool,
    /// True if the head of the ticket was printed on an earlier, torn paper.
    pub remainder: bool,
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paper")
            .field("width", &self.dots.width())
            .field("height", &self.dots.height())
            .field("lines", &self.lines)
            .field("codes", &self.codes.len())
            .field("torn", &self.torn)
            .field("remainder", &self.remainder)
            .finish()
    }
}

/// Returns the paper as a PNG, one bit per dot, with the white around the print.
///
/// # Errors
/// Fails if the crate refuses the picture; no paper of this printer is so large.
pub fn png(paper: &Paper) -> Result<Vec<u8>, png::EncodingError> {
    let dots = &paper.dots;
    let (width, height) = (dots.width() + 2 * SIDE_DOTS, dots.height() + 2 * EDGE_DOTS);
    let stride = width.div_ceil(8);
    let mut image = Vec::with_capacity(stride * height);
    for y in 0..height {
        let tooth = torn_at(paper, y, height);
        let row = y.checked_sub(EDGE_DOTS).and_then(|y| dots.rows().nth(y));
        append_row(&mut image, row.filter(|_| tooth.is_none()), stride);
        if let Some(depth) = tooth {
            draw_teeth(&mut image, stride, depth);
        }
    }
    let mut file = Vec::with_capacity(image.len() / 4);
    let bound = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, bound(width), bound(height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fast);
    let per_metre = 8_000;
    let size = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
    encoder.set_pixel_dims(Some(size));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&image)?;
    writer.finish()?;
    Ok(file)
}

/// Adds one row of the picture, in which white is 1.
fn append_row(image: &mut Vec<u8>, row: Option<&[u8]>, stride: usize) {
    let start = image.len();
    image.extend(std::iter::repeat_n(0xFF, SIDE_DOTS / 8));
    image.extend(row.unwrap_or_default().iter().map(|byte| !byte));
    image.resize(start + stride, 0xFF);
}

/// Returns the depth of this row in a torn edge, if it lies in one.
fn torn_at(paper: &Paper, y: usize, height: usize) -> Option<usize> {
    if paper.remainder && y < TOOTH_DOTS {
        return Some(TOOTH_DOTS - y);
    }
    let last = height.saturating_sub(TOOTH_DOTS);
    (paper.torn && y >= last).then(|| y - last + 1)
}

/// Draws black where the paper is torn away.
fn draw_teeth(image: &mut [u8], stride: usize, depth: usize) {
    let start = image.len().saturating_sub(stride);
    let row = image.get_mut(start..).unwrap_or_default();
    for x in 0..row.len() * 8 {
        let phase = x % (2 * TOOTH_DOTS);
        let from_valley = phase.abs_diff(TOOTH_DOTS);
        if from_valley < depth
            && let Some(byte) = row.get_mut(x / 8)
        {
            *byte &= !(0x80 >> (x % 8));
        }
    }
}
