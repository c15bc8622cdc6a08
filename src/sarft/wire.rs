//! `[sarft.wire]`: the frame around a message and the encodings inside it. Pure.
//!
//! Nobody but the site knows its frames, so they are data. The grammar is frozen (see the protocol's page in
//! the documentation); [`read`] turns the words into a [`Layout`], [`frame`] applies it, [`check`] has the
//! checksums.

pub mod check;
pub mod frame;
pub mod read;
pub mod write;

pub use frame::Frame;
pub use read::LayoutError;

/// Longest frame, in bytes: the largest reply (255 tickets) has about 150000.
pub const FRAME_MAX: usize = 1 << 20;

/// Frame and encodings of one site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Layout {
    pub(crate) header: Vec<HeaderItem>,
    pub(crate) trailer: Vec<Check>,
    /// Encodings of the fields inside the body.
    pub encodings: Encodings,
}

/// Encodings of the fields inside a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Encodings {
    /// Byte order in header, trailer, datetime and decimal.
    pub byte_order: ByteOrder,
    /// Character set of names.
    pub charset: Charset,
    /// Form of session_datetime.
    pub datetime: DateForm,
    /// Form of price and service.
    pub decimal: DecimalForm,
    /// Case of verify_code_md5's hex digits.
    pub md5_case: HexCase,
}

/// One item of the header.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum HeaderItem {
    /// `magic:HEX`
    Magic(Vec<u8>),
    /// `const:HEX`
    Const(Vec<u8>),
    /// `pad:N`
    Pad(usize),
    /// `length:WIDTH:SPAN`
    Length(Width, Span),
    /// `command:WIDTH`
    Command(Width),
    /// `sequence:WIDTH`
    Sequence(Width),
}

impl HeaderItem {
    /// Size in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Magic(bytes) | Self::Const(bytes) => bytes.len(),
            Self::Pad(bytes) => *bytes,
            Self::Length(width, _) | Self::Command(width) | Self::Sequence(width) => width.size(),
        }
    }

    /// Name of the item in errors and in decoded captures.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Magic(_) => "magic",
            Self::Const(_) => "const",
            Self::Pad(_) => "pad",
            Self::Length(..) => "length",
            Self::Command(_) => "command",
            Self::Sequence(_) => "sequence",
        }
    }
}

/// Range of bytes that a length field counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Span {
    /// All bytes after the length field.
    Rest,
    /// The body alone.
    Body,
    /// The whole frame, trailer included.
    Total,
}

/// Width of an unsigned number of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Width {
    U8,
    U16,
    U32,
}

impl Width {
    /// Size in bytes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 => 4,
        }
    }

    /// The largest number that fits.
    pub(crate) fn max(self) -> u32 {
        match self {
            Self::U8 => u8::MAX.into(),
            Self::U16 => u16::MAX.into(),
            Self::U32 => u32::MAX,
        }
    }

    /// Appends the number to `out`, cut to the width.
    pub(crate) fn put(self, value: u32, order: ByteOrder, out: &mut Vec<u8>) {
        let bytes = value.to_be_bytes();
        let used = bytes.get(4 - self.size()..).unwrap_or(&bytes);
        match order {
            ByteOrder::Big => out.extend_from_slice(used),
            ByteOrder::Little => out.extend(used.iter().rev()),
        }
    }
}

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// Most significant first.
    Big,
    /// Least significant first.
    Little,
}

impl ByteOrder {
    /// Reads at most 8 bytes as an unsigned number.
    pub(crate) fn number(self, bytes: &[u8]) -> u64 {
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        match self {
            Self::Big => bytes.iter().fold(0, fold),
            Self::Little => bytes.iter().rev().fold(0, fold),
        }
    }

    /// Converts N bytes between this order and most significant first; its own inverse.
    pub(crate) fn arrange<const N: usize>(self, mut bytes: [u8; N]) -> [u8; N] {
        if self == Self::Little {
            bytes.reverse();
        }
        bytes
    }
}

/// Character set of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// GB18030 (GBK and GB2312 are parts of it).
    Gb18030,
    /// UTF-8.
    Utf8,
}

/// Form of a datetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateForm {
    /// Unsigned 32-bit seconds since 1970 UTC.
    Unix32,
    /// Signed 64-bit seconds since 1970 UTC.
    Unix64,
    /// `YYYYMMDDhhmmss`, the cinema's local time.
    Text14,
    /// `YYYY-MM-DD hh:mm:ss`, the cinema's local time.
    Text19,
}

impl DateForm {
    /// Size in bytes.
    pub fn size(self) -> usize {
        match self {
            Self::Unix32 => 4,
            Self::Unix64 => 8,
            Self::Text14 => 14,
            Self::Text19 => 19,
        }
    }
}

/// Form of a decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DecimalForm {
    /// IEEE 754 single, yuan.
    F32,
    /// IEEE 754 double, yuan.
    F64,
    /// Signed 32-bit fen.
    Cents32,
}

impl DecimalForm {
    /// Size in bytes.
    pub fn size(self) -> usize {
        match self {
            Self::F32 | Self::Cents32 => 4,
            Self::F64 => 8,
        }
    }
}

/// Case of hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HexCase {
    /// `a` to `f`
    Lower,
    /// `A` to `F`
    Upper,
}

/// One item of the trailer: a checksum over every byte before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Check {
    Crc16Modbus,
    Crc16Ccitt,
    Crc32,
    Sum8,
    Xor8,
}

impl Layout {
    /// Size of the header, in bytes.
    pub fn header_size(&self) -> usize {
        self.header.iter().map(HeaderItem::size).sum()
    }

    /// Name, size and kind of each header item, in order.
    pub(crate) fn header_items(&self) -> impl Iterator<Item = Shape> {
        self.header.iter().map(|item| Shape {
            name: item.name(),
            size: item.size(),
            kind: match item {
                HeaderItem::Magic(_) | HeaderItem::Const(_) => Kind::Fixed,
                HeaderItem::Pad(_) => Kind::Ignored,
                HeaderItem::Length(..) | HeaderItem::Command(_) | HeaderItem::Sequence(_) => Kind::Number,
            },
        })
    }

    /// Name and size of each trailer item, in order.
    pub(crate) fn trailer_items(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.trailer.iter().map(|check| (check.word(), check.size()))
    }

    /// Offset and size of the length field.
    pub(crate) fn length_field(&self) -> (usize, usize) {
        let before = self.header.iter().take_while(|item| !matches!(item, HeaderItem::Length(..)));
        let size = self.header.iter().find(|item| matches!(item, HeaderItem::Length(..)));
        (before.map(HeaderItem::size).sum(), size.map_or(0, HeaderItem::size))
    }

    /// Size of the trailer, in bytes.
    pub fn trailer_size(&self) -> usize {
        self.trailer.iter().map(|check| check.size()).sum()
    }
}

/// Name, size and kind of a header item, for display.
pub(crate) struct Shape {
    pub name: &'static str,
    pub size: usize,
    pub kind: Kind,
}

/// Treatment of a header item on receipt.
pub(crate) enum Kind {
    Number,
    Fixed,
    Ignored,
}

impl Default for Layout {
    /// Returns the layout of a config file without `[sarft.wire]`.
    fn default() -> Self {
        Self {
            header: vec![HeaderItem::Length(Width::U32, Span::Rest), HeaderItem::Command(Width::U8)],
            trailer: Vec::new(),
            encodings: Encodings {
                byte_order: ByteOrder::Big,
                charset: Charset::Gb18030,
                datetime: DateForm::Unix32,
                decimal: DecimalForm::F32,
                md5_case: HexCase::Lower,
            },
        }
    }
}

/// Formats bytes as upper-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
