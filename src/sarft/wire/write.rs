//! Conversion of a [`Layout`] back to the words of `[sarft.wire]`.

use super::{ByteOrder, Charset, DateForm, DecimalForm, HeaderItem, HexCase, Layout, Span, Width, hex};
use crate::sarft::settings::Wire;
use std::fmt;

impl Layout {
    /// Returns the words that [`Layout::read`] reads as this layout.
    pub fn words(&self) -> Wire {
        Wire {
            header: self.header.iter().map(ToString::to_string).collect(),
            trailer: self.trailer.iter().map(|check| check.word().to_owned()).collect(),
            byte_order: word(self.encodings.byte_order, &ByteOrder::WORDS),
            charset: word(self.encodings.charset, &Charset::WORDS),
            datetime: word(self.encodings.datetime, &DateForm::WORDS),
            decimal: word(self.encodings.decimal, &DecimalForm::WORDS),
            md5_case: word(self.encodings.md5_case, &HexCase::WORDS),
        }
    }
}

impl fmt::Display for HeaderItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::Magic(bytes) | Self::Const(bytes) => write!(f, "{name}:{}", hex(bytes)),
            Self::Pad(bytes) => write!(f, "{name}:{bytes}"),
            Self::Command(width) | Self::Sequence(width) => {
                write!(f, "{name}:{}", word(*width, &Width::WORDS))
            }
            Self::Length(width, span) => {
                write!(f, "{name}:{}:{}", word(*width, &Width::WORDS), word(*span, &Span::WORDS))
            }
        }
    }
}

fn word<T: Copy + PartialEq>(value: T, words: &[(&str, T)]) -> String {
    words.iter().find(|(_, other)| *other == value).map_or("", |(name, _)| *name).to_owned()
}

impl Width {
    pub(crate) const WORDS: [(&str, Self); 3] = [("u8", Self::U8), ("u16", Self::U16), ("u32", Self::U32)];
}

impl Span {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("rest", Self::Rest), ("body", Self::Body), ("total", Self::Total)];
}

impl ByteOrder {
    pub(crate) const WORDS: [(&str, Self); 2] = [("big", Self::Big), ("little", Self::Little)];
}

impl Charset {
    pub(crate) const WORDS: [(&str, Self); 2] = [("gb18030", Self::Gb18030), ("utf-8", Self::Utf8)];
}

impl DateForm {
    pub(crate) const WORDS: [(&str, Self); 4] = [
        ("unix32", Self::Unix32),
        ("unix64", Self::Unix64),
        ("text14", Self::Text14),
        ("text19", Self::Text19),
    ];
}

impl DecimalForm {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("f32", Self::F32), ("f64", Self::F64), ("cents32", Self::Cents32)];
}

impl HexCase {
    pub(crate) const WORDS: [(&str, Self); 2] = [("lower", Self::Lower), ("upper", Self::Upper)];
}
