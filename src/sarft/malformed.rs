//! Errors of the wire format: the field, its offset and the reason. Never holds what a secret field held.

use crate::locale::{Text, display_text, text};

/// A field that cannot be read, or that cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The field, by the protocol's own name.
    pub field: &'static str,
    /// Entry of the message's list that the field belongs to, counted from 1; `None` outside a list.
    pub entry: Option<usize>,
    /// Bytes from the first byte of the frame to the first byte of the field.
    pub offset: usize,
    /// Reason for the refusal.
    pub why: MalformedReason,
}

impl Malformed {
    /// Returns field, place and reason in both languages.
    pub fn text(&self) -> Text {
        let (place, why) = (place(self.field, self.entry, self.offset), &self.why);
        text!("{place:#}：{why:#}", "{place}: {why}")
    }
}

impl std::error::Error for Malformed {}

/// Reasons why a field is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedReason {
    /// The frame's length covers less than its fixed parts.
    FrameTooShort {
        /// Length the frame claims.
        total: u64,
        /// Size of the header and trailer alone, in bytes.
        least: usize,
    },
    /// The frame's length is beyond the limit.
    FrameTooLong {
        /// Length the frame claims.
        total: u64,
        /// The limit, [`super::wire::FRAME_MAX`].
        limit: usize,
    },
    /// A number does not fit in the field that must hold it.
    DoesNotFit {
        /// The value to be written.
        value: i64,
        /// Size of the field, in bytes.
        bytes: usize,
    },
    /// Bytes with a fixed value differ from it.
    Differs {
        /// The bytes required by the layout, in hex.
        expected: String,
        /// The bytes found, in hex.
        found: String,
    },
    /// A number with a required value differs from it.
    WrongNumber {
        /// The required number.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// No message has this command.
    UnknownCommand(u64),
    /// The body ends before the field does.
    Ends {
        /// Bytes that are missing.
        missing: usize,
    },
    /// There are bytes after the last field.
    Follows(usize),
    /// Bytes came although no request was outstanding.
    Unasked,
    /// The count and the body's length contradict each other.
    Count {
        /// Entries the count claims.
        count: usize,
        /// Bytes per entry.
        each: usize,
        /// Bytes after the count.
        left: usize,
    },
    /// More entries than a count can say.
    TooMany(usize),
    /// A code field holds a byte that is not printable ASCII.
    NotAscii(usize),
    /// A code field has no NUL.
    NoNul,
    /// A code field has other bytes after its NUL.
    AfterNul(usize),
    /// The text is too long for its field.
    TextTooLong {
        /// Bytes of the text.
        length: usize,
        /// Bytes that fit.
        limit: usize,
    },
    /// A text that must not be empty is.
    Empty,
    /// A print_no is not 16 digits.
    NotPrintNo,
    /// A print_no is not the one asked for.
    OtherPrintNo,
    /// A verify code is not 32 hex digits of the layout's case.
    NotMd5(&'static str),
    /// A flag is neither 0 nor 1.
    NotFlag(u8),
    /// A datetime is not one, or lies outside 2000 to 2099.
    NotDate,
    /// A price is not a number.
    NotNumber,
    /// A price is below zero.
    Negative,
    /// A price is beyond what a ticket can cost.
    Absurd,
}

/// A lenient reading of a name, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The field, by the protocol's own name.
    pub field: &'static str,
    /// Entry of the message's list, counted from 1; `None` outside a list.
    pub entry: Option<usize>,
    /// Bytes from the first byte of the frame to the first byte of the field.
    pub offset: usize,
    /// Number of characters replaced by a visible substitute.
    pub replaced: usize,
}

impl Note {
    /// Returns field, place and what was replaced in both languages.
    pub fn text(&self) -> Text {
        let (place, count) = (place(self.field, self.entry, self.offset), self.replaced);
        text!(
            "{place:#}：替换了 {count} 个不可读字符或控制字符",
            "{place}: {count} unreadable or control characters replaced"
        )
    }
}

/// Returns the place of a field: its name, the entry of the list, and its first byte.
fn place(field: &str, entry: Option<usize>, offset: usize) -> Text {
    match entry {
        Some(entry) => {
            text!("第 {entry} 项的 {field}（第 {offset} 字节）", "{field} of entry {entry} at byte {offset}")
        }
        None => text!("{field}（第 {offset} 字节）", "{field} at byte {offset}"),
    }
}

display_text!(Malformed, MalformedReason, Note);

impl MalformedReason {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::FrameTooShort { total, least } => text!(
                "帧长为 {total} 字节，而仅帧头和帧尾就有 {least} 字节",
                "the frame would be {total} bytes, its header and trailer alone are {least}"
            ),
            Self::FrameTooLong { total, limit } => text!(
                "帧长为 {total} 字节，上限为 {limit}",
                "the frame would be {total} bytes, the limit is {limit}"
            ),
            Self::DoesNotFit { value, bytes } => {
                text!("{value} 放不进 {bytes} 字节", "{value} does not fit in {bytes} bytes")
            }
            Self::Differs { expected, found } => {
                text!("应为 {expected}，收到 {found}", "{found} where {expected} belongs")
            }
            Self::WrongNumber { expected, found } => {
                text!("应为 {expected}，收到 {found}", "{found} where {expected} belongs")
            }
            Self::UnknownCommand(command) => {
                text!("{command} 不是命令；命令为 1 到 8", "{command} is no command; they are 1 to 8")
            }
            Self::Ends { missing } => text!(
                "报文在这个字段结束前还差 {missing} 字节",
                "the message ends {missing} bytes before the end of this field"
            ),
            Self::Follows(count) => {
                text!("最后一个字段之后还有 {count} 字节", "{count} bytes follow the message's last field")
            }
            Self::Unasked => Text::new("没有请求却收到", "came although nothing was asked"),
            Self::Count { count, each, left } => text!(
                "{count} 项、每项 {each} 字节，与后面的 {left} 字节不符",
                "{count} entries of {each} bytes do not fill the {left} bytes that follow"
            ),
            Self::TooMany(count) => {
                text!("有 {count} 项，一个报文最多 255 项", "{count} entries, a message holds at most 255")
            }
            Self::NotAscii(at) => {
                text!("字段的第 {at} 字节不是可打印的 ASCII", "byte {at} of the field is not printable ASCII")
            }
            Self::NoNul => Text::new("字段末尾没有 NUL", "the field has no NUL at its end"),
            Self::AfterNul(at) => text!(
                "字段的第 {at} 字节在 NUL 之后却不是 NUL",
                "byte {at} of the field follows its NUL and is not NUL"
            ),
            Self::TextTooLong { length, limit } => {
                text!("{length} 字节，字段只能放 {limit} 字节", "{length} bytes, the field holds {limit}")
            }
            Self::NotMd5(case) => {
                let zh = if *case == "upper" { "大写" } else { "小写" };
                text!("不是 32 位{zh}十六进制", "is not 32 hex digits in {case} case")
            }
            Self::NotFlag(value) => text!("{value} 既不是 0 也不是 1", "{value} is neither 0 nor 1"),
            plain => plain.plain(),
        }
    }

    /// Returns a reason without figures in both languages.
    fn plain(&self) -> Text {
        let (zh, en) = match self {
            Self::Empty => ("为空", "is empty"),
            Self::NotPrintNo => ("不是 16 位数字", "is not 16 digits"),
            Self::OtherPrintNo => ("不是所请求的 print_no", "is not the print_no asked for"),
            Self::NotDate => ("不是 2000 到 2099 年的日期", "is no date from 2000 to 2099"),
            Self::NotNumber => ("不是数字", "is not a number"),
            Self::Negative => ("小于零", "is below zero"),
            Self::Absurd => ("超过 1000000 元", "is more than 1000000 yuan"),
            _ => ("有误", "is wrong"),
        };
        Text::new(zh, en)
    }
}
