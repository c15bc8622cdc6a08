//! Logo of the cinema: any PNG, dithered once at the start into dots that a thermal head can burn. Pure.

use super::bitmap::Bitmap;
use crate::locale::{Text, display_text, text};
use std::io::Cursor;

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 1 << 20;
/// Largest picture, in pixels.
const PIXELS_MAX: usize = 4_000_000;
/// Highest logo on paper, in dots; a higher one leaves no paper for the ticket.
pub const HEIGHT_DOTS_MAX: usize = 240;

/// Reason why a logo can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LogoError {
    /// The file is no PNG that can be read.
    Unreadable(String),
    /// The file or the picture is too large.
    TooLarge {
        /// Size that was found.
        found: Text,
    },
    /// The logo would be too high at the configured width.
    TooHigh {
        /// Height at the configured width, in dots.
        dots: usize,
    },
}

display_text!(LogoError);

impl LogoError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable(reason) => text!(
                "标志不是可读的 PNG（{reason}）；请重新存为每通道 8 位的 PNG",
                "the logo is no PNG that can be read ({reason}); save it again as a PNG of 8 bits a channel"
            ),
            Self::TooLarge { found } => text!(
                "标志太大（{found:#}）；最多 1 MiB、400 万像素",
                "the logo is too large ({found}); at most 1 MiB and 4 million pixels is taken"
            ),
            Self::TooHigh { dots } => text!(
                "标志会有 {dots} 点高；请减小 width_dots：最多打 {HEIGHT_DOTS_MAX} 点",
                "the logo would be {dots} dots high; make width_dots smaller: at most {HEIGHT_DOTS_MAX} are printed"
            ),
        }
    }
}

/// Returns the picture at this width, dithered (Floyd–Steinberg); transparent pixels are white.
///
/// # Errors
/// Returns the reason as a [`LogoError`].
pub fn dither(file: &[u8], width_dots: usize) -> Result<Bitmap, LogoError> {
    let picture = read(file)?;
    let height = (picture.height * width_dots).div_ceil(picture.width.max(1));
    if height > HEIGHT_DOTS_MAX {
        return Err(LogoError::TooHigh { dots: height });
    }
    Ok(diffuse(&picture.scaled(width_dots, height), width_dots))
}

/// Lightness of each pixel, 0 black to 255 white.
struct Picture {
    width: usize,
    height: usize,
    light: Vec<u8>,
}

fn read(file: &[u8]) -> Result<Picture, LogoError> {
    if file.len() > FILE_BYTES_MAX {
        return Err(LogoError::TooLarge { found: text!("{} 字节", "{} bytes", file.len()) });
    }
    let unreadable = |error: png::DecodingError| LogoError::Unreadable(error.to_string());
    let limits = png::Limits { bytes: 4 * PIXELS_MAX };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(unreadable)?;
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let (width, height) = (size(reader.info().width), size(reader.info().height));
    if width == 0 || height == 0 || width.saturating_mul(height) > PIXELS_MAX {
        let found = text!("{width} × {height} 像素", "{width} × {height} pixels");
        return Err(LogoError::TooLarge { found });
    }
    let length = reader.output_buffer_size().ok_or_else(|| LogoError::Unreadable("its size".into()))?;
    let mut pixels = vec![0; length];
    let frame = reader.next_frame(&mut pixels).map_err(unreadable)?;
    let samples = frame.color_type.samples();
    let light = pixels.chunks_exact(samples).take(width * height).map(lightness).collect();
    Ok(Picture { width, height, light })
}

/// Returns the lightness of one pixel on white paper, by the weights of ITU-R BT.601.
fn lightness(pixel: &[u8]) -> u8 {
    let (grey, alpha) = match *pixel {
        [grey] => (u32::from(grey), 255),
        [grey, alpha] => (u32::from(grey), u32::from(alpha)),
        [r, g, b] => (mixed(r, g, b), 255),
        [r, g, b, alpha] => (mixed(r, g, b), u32::from(alpha)),
        _ => (255, 255),
    };
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

fn mixed(r: u8, g: u8, b: u8) -> u32 {
    (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1000
}

impl Picture {
    /// Returns the picture at another size: each new pixel is the mean of those it covers, or the one it falls into.
    fn scaled(&self, width: usize, height: usize) -> Vec<u8> {
        let span = |at: usize, new: usize, old: usize| {
            let begin = at * old / new;
            begin..((at + 1) * old / new).max(begin + 1).min(old.max(begin + 1))
        };
        let mut scaled = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (mut sum, mut count) = (0_u64, 0_u64);
                for from_y in span(y, height, self.height) {
                    for from_x in span(x, width, self.width) {
                        let light = self.light.get(from_y * self.width + from_x).copied().unwrap_or(255);
                        sum += u64::from(light);
                        count += 1;
                    }
                }
                scaled.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
            }
        }
        scaled
    }
}

fn diffuse(light: &[u8], width: usize) -> Bitmap {
    let height = light.len() / width.max(1);
    let mut dots = Bitmap::new(width, height);
    let mut here = vec![0_i32; width + 2];
    let mut below = vec![0_i32; width + 2];
    for (y, row) in light.chunks_exact(width.max(1)).enumerate() {
        for (x, &pixel) in row.iter().enumerate() {
            let wanted = i32::from(pixel) + here.get(x + 1).copied().unwrap_or(0) / 16;
            let black = wanted < 128;
            dots.set(x, y, black);
            let error = wanted - if black { 0 } else { 255 };
            add(&mut here, x + 2, 7 * error);
            add(&mut below, x, 3 * error);
            add(&mut below, x + 1, 5 * error);
            add(&mut below, x + 2, error);
        }
        std::mem::swap(&mut here, &mut below);
        below.fill(0);
    }
    dots
}

fn add(errors: &mut [i32], at: usize, error: i32) {
    if let Some(sum) = errors.get_mut(at) {
        *sum += error;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32, color: png::ColorType, pixel: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixel.repeat((width * height) as usize)).unwrap();
        writer.finish().unwrap();
        file
    }

    fn ink(dots: &Bitmap) -> usize {
        (0..dots.height()).map(|y| (0..dots.width()).filter(|&x| dots.get(x, y)).count()).sum()
    }

    #[test]
    fn grey_becomes_as_many_dots_as_it_is_dark() {
        for (grey, share) in [(0_u8, 100), (64, 75), (128, 50), (192, 25), (255, 0)] {
            let dots = dither(&png_of(80, 40, png::ColorType::Grayscale, &[grey]), 160).unwrap();
            assert_eq!((dots.width(), dots.height()), (160, 80));
            let percent = ink(&dots) * 100 / (160 * 80);
            assert!(percent.abs_diff(share) <= 2, "{grey}: {percent} %");
        }
    }

    #[test]
    fn colours_count_by_their_lightness_and_transparent_is_white() {
        let red = dither(&png_of(16, 16, png::ColorType::Rgb, &[255, 0, 0]), 64).unwrap();
        let clear = dither(&png_of(16, 16, png::ColorType::Rgba, &[0, 0, 0, 0]), 64).unwrap();
        assert!((65..=75).contains(&(ink(&red) * 100 / (64 * 64))));
        assert_eq!(ink(&clear), 0);
    }

    #[test]
    fn what_is_no_picture_or_no_logo_is_refused() {
        let good = png_of(40, 40, png::ColorType::Grayscale, &[0]);
        assert!(matches!(dither(b"GIF89a", 100), Err(LogoError::Unreadable(_))));
        assert!(matches!(dither(&good[..good.len() - 20], 100), Err(LogoError::Unreadable(_))));
        assert!(matches!(dither(&vec![0; FILE_BYTES_MAX + 1], 100), Err(LogoError::TooLarge { .. })));
        assert_eq!(dither(&good, 400), Err(LogoError::TooHigh { dots: 400 }));
        assert!(dither(&good, 240).is_ok());
    }
}
