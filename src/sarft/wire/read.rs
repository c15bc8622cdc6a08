//! Conversion of `[sarft.wire]` to a [`Layout`], or to the word that is wrong and a hint.

use super::{
    ByteOrder, Charset, Check, DateForm, DecimalForm, Encodings, HeaderItem, HexCase, Layout, Span, Width,
};
use crate::locale::{Text, display_text, text};
use crate::sarft::settings::Wire;

/// Most items of a header.
const HEADER_ITEMS_MAX: usize = 16;
/// Most items of a trailer.
const TRAILER_ITEMS_MAX: usize = 4;
/// Most bytes of a magic or constant.
const CONST_MAX: usize = 32;
/// Most bytes of a pad.
const PAD_MAX: usize = 256;

const HEADER_WORDS: (&str, &str) = (
    "magic:HEX、length:u16|u32:rest|body|total、command:u8|u16|u32、sequence:u8|u16|u32、const:HEX 或 pad:N",
    "magic:HEX, length:u16|u32:rest|body|total, command:u8|u16|u32, sequence:u8|u16|u32, const:HEX or pad:N",
);
const TRAILER_WORDS: (&str, &str) =
    ("crc16-modbus、crc16-ccitt、crc32、sum8 或 xor8", "crc16-modbus, crc16-ccitt, crc32, sum8 or xor8");

/// A layout that cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LayoutError {
    /// The key below `[sarft.wire]`.
    pub key: &'static str,
    /// The wrong word, and what is wrong with it.
    pub found: Text,
    /// Hint at a correct value.
    pub right: Text,
}

display_text!(LayoutError);

impl LayoutError {
    fn new(key: &'static str, found: impl Into<Text>, right: impl Into<Text>) -> Self {
        Self { key, found: found.into(), right: right.into() }
    }

    /// Returns the fault and the hint in both languages.
    pub fn text(&self) -> Text {
        let Self { key, found, right } = self;
        text!(
            "sarft.wire.{key}: {found:#}；应为{right:#}",
            "sarft.wire.{key}: {found}; right would be {right}"
        )
    }
}

impl Layout {
    /// Reads the words of the configuration.
    ///
    /// # Errors
    /// The first unknown word, or the reason why the layout cannot work.
    pub fn read(wire: &Wire) -> Result<Self, LayoutError> {
        Ok(Self {
            header: header(&wire.header)?,
            trailer: trailer(&wire.trailer)?,
            encodings: Encodings {
                byte_order: choose("byte_order", &wire.byte_order, &ByteOrder::WORDS)?,
                charset: choose("charset", &wire.charset, &Charset::WORDS)?,
                datetime: choose("datetime", &wire.datetime, &DateForm::WORDS)?,
                decimal: choose("decimal", &wire.decimal, &DecimalForm::WORDS)?,
                md5_case: choose("md5_case", &wire.md5_case, &HexCase::WORDS)?,
            },
        })
    }
}

/// Quotes a word for an error, cut to 40 characters.
fn quoted(word: &str) -> String {
    let mut shown: String = word.chars().take(40).collect();
    if shown.len() < word.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}

fn unknown(word: &str) -> Text {
    text!("没有 {} 这个词", "{} is unknown", quoted(word))
}

fn number_of_items(count: usize) -> Text {
    text!("有 {count} 项", "has {count} items")
}

fn choose<T: Copy>(key: &'static str, word: &str, words: &[(&str, T)]) -> Result<T, LayoutError> {
    if let Some((_, value)) = words.iter().find(|(name, _)| *name == word) {
        return Ok(*value);
    }
    let names: Vec<String> = words.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    Err(LayoutError::new(key, unknown(word), (names.join(" 或 "), names.join(" or "))))
}

fn header(words: &[String]) -> Result<Vec<HeaderItem>, LayoutError> {
    if words.len() > HEADER_ITEMS_MAX {
        let right = text!("最多 {HEADER_ITEMS_MAX} 项", "at most {HEADER_ITEMS_MAX}");
        return Err(LayoutError::new("header", number_of_items(words.len()), right));
    }
    let items = words.iter().map(|word| header_item(word)).collect::<Result<Vec<_>, _>>()?;
    let count = |name: &str| items.iter().filter(|item| item.name() == name).count();
    for (name, example) in [("length", "length:u32:rest"), ("command", "command:u8")] {
        match count(name) {
            1 => {}
            0 => {
                let right = text!("正好一个，例如 \"{example}\"", "exactly one, for example \"{example}\"");
                return Err(LayoutError::new("header", text!("没有 {name}", "has no {name}"), right));
            }
            more => {
                let found = text!("有 {more} 个 \"{name}:…\"", "has {more} items \"{name}:…\"");
                return Err(LayoutError::new("header", found, ("正好一个", "exactly one")));
            }
        }
    }
    match count("sequence") {
        0 | 1 => Ok(items),
        more => {
            let found = text!("有 {more} 个 \"sequence:…\"", "has {more} items \"sequence:…\"");
            Err(LayoutError::new("header", found, ("最多一个", "at most one")))
        }
    }
}

fn header_item(word: &str) -> Result<HeaderItem, LayoutError> {
    let wrong = |(zh, en): (&str, &str), right: Text| {
        let word = quoted(word);
        Err(LayoutError::new("header", text!("{word} {zh}", "{word} {en}"), right))
    };
    let no_length = ("不是长度", "is no length");
    let no_width = ("宽度不明", "has an unknown width");
    let length = "length:u16|u32:rest|body|total";
    let mut parts = word.split(':');
    let name = parts.next().unwrap_or_default();
    match (name, parts.next(), parts.next(), parts.next()) {
        ("length", Some("u8"), _, _) => {
            let found = ("不行：255 字节放不下一条票记录", "cannot work: no ticket record fits in 255 bytes");
            wrong(found, ("length:u16:… 或 length:u32:…", "length:u16:… or length:u32:…").into())
        }
        ("length", Some(width), Some(span), None) => match (width_of(width), span_of(span)) {
            (Some(width), Some(span)) => Ok(HeaderItem::Length(width, span)),
            _ => wrong(no_length, Text::same(length)),
        },
        ("length", ..) => wrong(no_length, Text::same(length)),
        ("command", Some(width), None, None) => match width_of(width) {
            Some(width) => Ok(HeaderItem::Command(width)),
            None => wrong(no_width, Text::same("command:u8|u16|u32")),
        },
        ("sequence", Some(width), None, None) => match width_of(width) {
            Some(width) => Ok(HeaderItem::Sequence(width)),
            None => wrong(no_width, Text::same("sequence:u8|u16|u32")),
        },
        ("magic" | "const", Some(digits), None, None) => match bytes_of(digits) {
            Some(bytes) if name == "magic" => Ok(HeaderItem::Magic(bytes)),
            Some(bytes) => Ok(HeaderItem::Const(bytes)),
            None => wrong(
                ("十六进制有误", "has bad hex digits"),
                (
                    "1 到 32 字节，每字节两位十六进制，如 magic:55AA",
                    "1 to 32 bytes, two hex digits each, as in magic:55AA",
                )
                    .into(),
            ),
        },
        ("pad", Some(digits), None, None) => match size_of(digits) {
            Some(bytes) => Ok(HeaderItem::Pad(bytes)),
            None => wrong(("大小有误", "has a bad size"), ("pad:1 到 pad:256", "pad:1 to pad:256").into()),
        },
        _ => Err(LayoutError::new("header", unknown(word), HEADER_WORDS)),
    }
}

fn trailer(words: &[String]) -> Result<Vec<Check>, LayoutError> {
    if words.len() > TRAILER_ITEMS_MAX {
        let right = text!("最多 {TRAILER_ITEMS_MAX} 项", "at most {TRAILER_ITEMS_MAX}");
        return Err(LayoutError::new("trailer", number_of_items(words.len()), right));
    }
    let find = |word: &String| Check::ALL.into_iter().find(|check| check.word() == word);
    let wrong = |word: &str| LayoutError::new("trailer", unknown(word), TRAILER_WORDS);
    words.iter().map(|word| find(word).ok_or_else(|| wrong(word))).collect()
}

fn width_of(word: &str) -> Option<Width> {
    Width::WORDS.iter().find(|(name, _)| *name == word).map(|(_, width)| *width)
}

fn span_of(word: &str) -> Option<Span> {
    Span::WORDS.iter().find(|(name, _)| *name == word).map(|(_, span)| *span)
}

/// Reads 1 to [`CONST_MAX`] bytes, two hex digits each.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
    if !odd.is_empty() || !(1..=CONST_MAX).contains(&pairs.len()) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// Reads a size from 1 to [`PAD_MAX`], plain digits.
fn size_of(digits: &str) -> Option<usize> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|size| plain && (1..=PAD_MAX).contains(size))
}

#[cfg(test)]
mod tests;
