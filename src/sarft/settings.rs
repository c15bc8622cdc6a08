//! Settings of `[sarft]` and `[sarft.wire]`: the on-site service.

use crate::locale::Text;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The table `[sarft]`: the on-site service.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sarft {
    /// Address of SarftKioskService as HOST:PORT.
    pub address: String,
    /// User name of the kiosk, at most 32 bytes.
    pub username: String,
    /// Secret file with the password.
    pub password_file: PathBuf,
    /// Time limit for one exchange, in milliseconds; 100 to 60000.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// Answer of the site to a second 0x05.
    #[serde(default)]
    pub repeated_issue: RepeatedIssue,
    /// Message or moment at which the site sets print_flag.
    #[serde(default)]
    pub flags_at: FlagsAt,
    /// Lapse of an issue that is not reported.
    #[serde(default)]
    pub claim_lapses_s: ClaimLapses,
    /// Frame and encodings of the messages.
    #[serde(default)]
    pub wire: Wire,
}

/// Values of `repeated_issue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedIssue {
    /// The site answers 0 again: two machines at once can both print.
    Accepted,
    /// The site answers with another value than 0.
    Refused,
    /// The answer is not known: nobody has tried.
    #[default]
    Unknown,
}

/// Values of `flags_at`: when the site sets print_flag (contract, "Sites differ").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagsAt {
    /// The site sets it by 0x05: after our own issue a flag says nothing of paper.
    Issue,
    /// The site sets it by 0x07 and at the counter: a flag before our own report is somebody else's.
    Report,
    /// Nobody has tried: before our own report a flag proves nothing, and is never printed over.
    #[default]
    Unknown,
}

/// Values of `claim_lapses_s`: when an issue that is not reported stops being this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClaimLapses {
    /// The issue stays this machine's: neither time nor staff give the booking to another.
    Never,
    /// The issue is anybody's after so many seconds.
    After(u32),
    /// Nobody has tried: the issue is taken as if it lapsed at once.
    #[default]
    Unknown,
}

/// Reads `"never"`, `"unknown"` or seconds from 1 to 86400.
impl<'de> Deserialize<'de> for ClaimLapses {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Seconds(u32),
            Word(String),
        }
        let must_be = || {
            serde::de::Error::custom(Text::new(
                "应为 \"never\"、\"unknown\" 或 1 到 86400 秒",
                "must be \"never\", \"unknown\" or seconds from 1 to 86400",
            ))
        };
        match Written::deserialize(deserializer) {
            Ok(Written::Seconds(seconds @ 1..=86_400)) => Ok(Self::After(seconds)),
            Ok(Written::Word(word)) if word == "never" => Ok(Self::Never),
            Ok(Written::Word(word)) if word == "unknown" => Ok(Self::Unknown),
            _ => Err(must_be()),
        }
    }
}

/// The table `[sarft.wire]`, words unread; `sarft::wire` gives them meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wire {
    /// Items of the header, in order.
    pub header: Vec<String>,
    /// Items of the trailer, in order.
    pub trailer: Vec<String>,
    /// Byte order: `big` or `little`.
    pub byte_order: String,
    /// Character set: `gb18030` or `utf-8`.
    pub charset: String,
    /// Form of dates: `unix32`, `unix64`, `text14` or `text19`.
    pub datetime: String,
    /// Form of amounts: `f32`, `f64` or `cents32`.
    pub decimal: String,
    /// Case of the MD5's digits: `lower` or `upper`.
    pub md5_case: String,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            header: vec!["length:u32:rest".into(), "command:u8".into()],
            trailer: Vec::new(),
            byte_order: "big".into(),
            charset: "gb18030".into(),
            datetime: "unix32".into(),
            decimal: "f32".into(),
            md5_case: "lower".into(),
        }
    }
}

fn timeout_ms() -> u64 {
    5_000
}
