//! Texts on the wire: names, read leniently, and codes, read strictly.

use crate::sarft::malformed::MalformedReason;
use crate::sarft::wire::Charset;
use encoding_rs::{Encoding, GB18030, UTF_8};

/// Substitute for a character that could not be read or must not be printed. It is part of GB2312, so every Chinese
/// printer has it; typesetters know it as the mark of a missing character.
pub const SUBSTITUTE: char = '〓';

impl Charset {
    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Gb18030 => GB18030,
            Self::Utf8 => UTF_8,
        }
    }
}

/// Reads a name: up to the first NUL; an incomplete last character is dropped; wrong and control characters become
/// [`SUBSTITUTE`] (line breaks and tabs a blank). Also returns the number of substitutes.
pub fn read_name(field: &[u8], charset: Charset) -> (String, usize) {
    let text = field.split(|byte| *byte == 0).next().unwrap_or_default();
    let mut decoder = charset.encoding().new_decoder_without_bom_handling();
    let mut decoded = String::with_capacity(decoder.max_utf8_buffer_length(text.len()).unwrap_or(0));
    // More bytes may follow: an incomplete character at the end is dropped with the decoder.
    let _ = decoder.decode_to_string(text, &mut decoded, false);
    let mut replaced = 0;
    let name: String = decoded
        .chars()
        .map(|char| match char {
            '\t' | '\n' | '\r' => ' ',
            _ if char == char::REPLACEMENT_CHARACTER || is_control(char) => {
                replaced += 1;
                SUBSTITUTE
            }
            _ => char,
        })
        .collect();
    (name.trim_end().to_owned(), replaced)
}

/// Returns true for control characters, and for invisible ones that reorder or hide their neighbours.
fn is_control(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Writes a name into a field of `size` bytes, cut at its end as a site's service cuts it (possibly in the middle of a
/// character).
pub fn write_name(name: &str, charset: Charset, size: usize, out: &mut Vec<u8>) {
    let (bytes, _, _) = charset.encoding().encode(name);
    let used = bytes.get(..size).unwrap_or(&bytes);
    out.extend_from_slice(used);
    out.resize(out.len() + size - used.len(), 0);
}

/// Reads a code: printable ASCII, then at least one NUL, then NUL to the end.
///
/// # Errors
/// Anything else; the error does not show what the field held.
pub fn read_code(field: &[u8]) -> Result<&str, MalformedReason> {
    let end = field.iter().position(|byte| *byte == 0);
    let (code, rest) = field.split_at(end.unwrap_or(field.len()));
    if let Some(at) = code.iter().position(|byte| !is_plain(*byte)) {
        return Err(MalformedReason::NotAscii(at));
    }
    if end.is_none() {
        return Err(MalformedReason::NoNul);
    }
    if let Some(after) = rest.iter().position(|byte| *byte != 0) {
        return Err(MalformedReason::AfterNul(code.len() + after));
    }
    str::from_utf8(code).map_err(|_| MalformedReason::NotAscii(0))
}

/// Writes a code into a field of `size` bytes, NUL to the end.
///
/// # Errors
/// Fails if the code is not printable ASCII, or leaves no room for a NUL.
pub fn write_code(code: &str, size: usize, out: &mut Vec<u8>) -> Result<(), MalformedReason> {
    let limit = size.saturating_sub(1);
    if let Some(at) = code.bytes().position(|byte| !is_plain(byte)) {
        return Err(MalformedReason::NotAscii(at));
    }
    if code.len() > limit {
        return Err(MalformedReason::TextTooLong { length: code.len(), limit });
    }
    out.extend_from_slice(code.as_bytes());
    out.resize(out.len() + size - code.len(), 0);
    Ok(())
}

fn is_plain(byte: u8) -> bool {
    (0x20..=0x7E).contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_at_the_first_nul_whatever_follows() {
        assert_eq!(read_name(b"Hall 1\0\x1b@rest", Charset::Utf8), ("Hall 1".into(), 0));
        assert_eq!(read_name(b"", Charset::Gb18030), (String::new(), 0));
        assert_eq!(read_name(b"full", Charset::Gb18030), ("full".into(), 0));
    }

    #[test]
    fn escape_and_other_controls_become_visible() {
        assert_eq!(read_name(b"A\x1b@B\x7fC\x1dV", Charset::Utf8), ("A〓@B〓C〓V".into(), 3));
        assert_eq!(read_name(b"two\r\nlines", Charset::Gb18030), ("two  lines".into(), 0));
        assert_eq!(read_name("a\u{202E}b\u{9b}c".as_bytes(), Charset::Utf8), ("a〓b〓c".into(), 2));
    }

    #[test]
    fn an_incomplete_last_character_is_dropped_in_both_charsets() {
        let gb = [0xD6, 0xD8, 0xB7, 0xB5, 0x32, 0xCB];
        assert_eq!(read_name(&gb, Charset::Gb18030), ("重返2".into(), 0));
        let utf8 = "重返".as_bytes();
        assert_eq!(read_name(&utf8[..5], Charset::Utf8), ("重".into(), 0));
    }

    #[test]
    fn a_wrong_character_becomes_visible() {
        assert_eq!(read_name(b"a\xff\xffb", Charset::Gb18030).0, "a〓〓b");
        assert_eq!(read_name(b"a\xc3(b", Charset::Utf8), ("a〓(b".into(), 1));
    }

    #[test]
    fn emoji_are_names_in_both_charsets() {
        for charset in [Charset::Utf8, Charset::Gb18030] {
            let mut field = Vec::new();
            write_name("🎬A", charset, 64, &mut field);
            assert_eq!(field.len(), 64);
            assert_eq!(read_name(&field, charset), ("🎬A".into(), 0));
        }
    }

    #[test]
    fn a_long_name_is_cut_at_the_fields_end() {
        let mut field = Vec::new();
        write_name(&"重返".repeat(20), Charset::Utf8, 64, &mut field);
        assert_eq!(field.len(), 64);
        assert_eq!(read_name(&field, Charset::Utf8).0.chars().count(), 21);
    }

    #[test]
    fn codes_are_strict() {
        assert_eq!(read_code(b"A7 \0\0"), Ok("A7 "));
        assert_eq!(read_code(b"\0\0"), Ok(""));
        assert_eq!(read_code(b"A7"), Err(MalformedReason::NoNul));
        assert_eq!(read_code(b"A\x1b\0"), Err(MalformedReason::NotAscii(1)));
        assert_eq!(read_code(b"A\xb0\0"), Err(MalformedReason::NotAscii(1)));
        assert_eq!(read_code(b"A\0\0x\0"), Err(MalformedReason::AfterNul(3)));
        assert_eq!(read_code(b""), Err(MalformedReason::NoNul));
    }
}
