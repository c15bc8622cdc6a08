//! Picture of the cinema for an idle screen. Its type is recognised by its bytes, never by its name.

use crate::locale::{Text, display_text, text};

/// Largest file, in bytes: with it the whole page stays below 300 KB.
pub const BYTES_MAX: usize = 250_000;
/// Longest side, in pixels: the decoded picture has to fit into a small board's memory.
pub const SIDE_MAX: u32 = 4_096;

/// A picture that can be shown, with its media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    bytes: Vec<u8>,
    kind: &'static str,
}

/// Reasons why a file is refused as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// The file has too many bytes.
    TooLarge,
    /// The file has none of the three formats, or its header is cut off.
    Unknown,
    /// A side has no pixels, or too many.
    Size(u32, u32),
}

display_text!(NoPicture);

impl NoPicture {
    /// Returns what would be right.
    pub fn text(&self) -> Text {
        match self {
            Self::TooLarge => text!(
                "最多 {BYTES_MAX} 字节：请缩小，或存为 JPEG",
                "must have at most {BYTES_MAX} bytes: save it smaller, or as JPEG"
            ),
            Self::Unknown => Text::new("应为 PNG、JPEG 或 WebP 文件", "must be a PNG, JPEG or WebP file"),
            Self::Size(width, height) => text!(
                "每边最多 {SIDE_MAX} 像素；现为 {width} × {height}",
                "must have at most {SIDE_MAX} pixels a side; it has {width} × {height}"
            ),
        }
    }
}

impl Picture {
    /// Checks a file's bytes.
    ///
    /// # Errors
    /// Fails with a [`NoPicture`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, NoPicture> {
        if bytes.len() > BYTES_MAX {
            return Err(NoPicture::TooLarge);
        }
        let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            ("image/png", png(&bytes))
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            ("image/jpeg", jpeg(&bytes))
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            ("image/webp", webp(&bytes))
        } else {
            return Err(NoPicture::Unknown);
        };
        let (width, height) = size.ok_or(NoPicture::Unknown)?;
        if ![width, height].iter().all(|side| (1..=SIDE_MAX).contains(side)) {
            return Err(NoPicture::Size(width, height));
        }
        Ok(Self { bytes, kind })
    }

    /// Returns the bytes of the file, unchanged.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the media type.
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

type Size = (u32, u32);

fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// Reads the size from IHDR, the first chunk (PNG, 5.6).
fn png(bytes: &[u8]) -> Option<Size> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?))
}

/// Reads the size from the first frame header (ITU T.81, B.2.2): any SOF, which DHT, JPG and DAC are not.
fn jpeg(bytes: &[u8]) -> Option<Size> {
    let mut at = 2;
    loop {
        (*bytes.get(at)? == 0xff).then_some(())?;
        let marker = *bytes.get(at + 1)?;
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
        }
        // 0xff before a marker is padding; the scan's data begin after SOS.
        at = match marker {
            0xff => at + 1,
            0xda => return None,
            _ => at + 2 + usize::try_from(big(bytes, at + 2, 2)?).ok()?,
        };
    }
}

/// Reads the size from the first chunk, one of three kinds (WebP container specification; RFC 6386, 9.1).
fn webp(bytes: &[u8]) -> Option<Size> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let both = little(bytes, 21, 4)?;
            Some(((both & 0x3fff) + 1, (both >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        // APP0 of 16 bytes, a byte of padding, then SOF2.
        let mut bytes = b"\xff\xd8\xff\xe0\0\x10".to_vec();
        bytes.extend([0; 14]);
        bytes.extend(b"\xff\xff\xc2\0\x11\x08");
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    fn webp_of(chunk: &[u8; 4], rest: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP".as_slice(), chunk, &[0; 4], rest].concat()
    }

    #[test]
    fn each_form_is_told_by_its_bytes_and_its_size_read() {
        let vp8 = [&[0; 6], [0x80, 0x02, 0xe0, 0x01].as_slice()].concat();
        let vp8l = [0x2f, 0x7f, 0xc2, 0x77, 0x00];
        let vp8x = [0, 0, 0, 0, 0x7f, 0x02, 0, 0xdf, 0x01, 0];
        for (bytes, kind) in [
            (png_of(640, 480), "image/png"),
            (jpeg_of(640, 480), "image/jpeg"),
            (webp_of(b"VP8 ", &vp8), "image/webp"),
            (webp_of(b"VP8L", &vp8l), "image/webp"),
            (webp_of(b"VP8X", &vp8x), "image/webp"),
        ] {
            assert_eq!(Picture::new(bytes).map(|picture| picture.kind()), Ok(kind));
        }
    }

    #[test]
    fn the_sizes_are_those_written_there() {
        assert_eq!(Picture::new(png_of(4_097, 1)), Err(NoPicture::Size(4_097, 1)));
        assert_eq!(Picture::new(png_of(0, 5)), Err(NoPicture::Size(0, 5)));
        assert_eq!(Picture::new(jpeg_of(5_000, 7)), Err(NoPicture::Size(5_000, 7)));
        let wide = [0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0];
        assert_eq!(Picture::new(webp_of(b"VP8X", &wide)), Err(NoPicture::Size(8_193, 1)));
    }

    #[test]
    fn anything_else_is_refused_and_every_cut_is_survived() {
        for wrong in ["", "GIF89a", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "RIFF\0\0\0\0WAVEfmt "] {
            assert_eq!(Picture::new(wrong.into()), Err(NoPicture::Unknown), "{wrong}");
        }
        for whole in [png_of(9, 9), jpeg_of(9, 9), webp_of(b"VP8X", &[0; 10])] {
            for cut in 0..whole.len() {
                assert_eq!(
                    Picture::new(whole.get(..cut).unwrap().to_vec()),
                    Err(NoPicture::Unknown),
                    "{cut}"
                );
            }
        }
        let endless = [b"\xff\xd8".as_slice(), &[0xff; 500]].concat();
        assert_eq!(Picture::new(endless), Err(NoPicture::Unknown));
        let no_length = [b"\xff\xd8\xff\xe0".as_slice(), &[0; 64]].concat();
        assert_eq!(Picture::new(no_length), Err(NoPicture::Unknown));
        assert_eq!(Picture::new(vec![0; BYTES_MAX + 1]), Err(NoPicture::TooLarge));
    }
}
