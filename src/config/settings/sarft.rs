//! `[sarft]` and `[sarft.wire]`: the on-site service.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[sarft]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sarft {
    /// HOST:PORT of SarftKioskService.
    pub address: String,
    /// At most 32 bytes.
    pub username: String,
    /// A secret file with the password.
    pub password_file: PathBuf,
    /// Limit of one exchange, milliseconds; 100 to 60000.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// What the site does with a second 0x05.
    #[serde(default)]
    pub repeated_issue: RepeatedIssue,
    /// When the site sets print_flag.
    #[serde(default)]
    pub flags_at: FlagsAt,
    /// Whether an issue that is not reported stays this machine's.
    #[serde(default)]
    pub claim_lapses_s: ClaimLapses,
    /// Frame and encodings.
    #[serde(default)]
    pub wire: Wire,
}

/// `repeated_issue`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedIssue {
    /// Answers 0 again: two machines at once can both print.
    Accepted,
    /// Answers non-zero.
    Refused,
    /// Nobody has tried.
    #[default]
    Unknown,
}

/// `flags_at`: when the site sets print_flag (sarft-wire, "Sites differ").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagsAt {
    /// By 0x05: after our own issue a flag says nothing of paper.
    Issue,
    /// By 0x07 and at the counter: a flag before our own report is somebody else's.
    Report,
    /// Nobody has tried: before our own report a flag proves nothing, and is never printed over.
    #[default]
    Unknown,
}

/// `claim_lapses_s`: whether an issue that is not reported stays this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClaimLapses {
    /// It does, neither time nor staff give the booking to another machine.
    Never,
    /// After so many seconds it is anybody's.
    After(u32),
    /// Nobody has tried: taken as if it lapsed at once.
    #[default]
    Unknown,
}

/// `"never"`, `"unknown"` or seconds from 1 to 86400.
impl<'de> Deserialize<'de> for ClaimLapses {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Seconds(u32),
            Word(String),
        }
        let must_be =
            || serde::de::Error::custom("must be \"never\", \"unknown\" or seconds from 1 to 86400");
        match Written::deserialize(deserializer) {
            Ok(Written::Seconds(seconds @ 1..=86_400)) => Ok(Self::After(seconds)),
            Ok(Written::Word(word)) if word == "never" => Ok(Self::Never),
            Ok(Written::Word(word)) if word == "unknown" => Ok(Self::Unknown),
            _ => Err(must_be()),
        }
    }
}

/// `[sarft.wire]`, words unread; `sarft::wire` gives them meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wire {
    /// Header items, in order.
    pub header: Vec<String>,
    /// Trailer items, in order.
    pub trailer: Vec<String>,
    /// `big` or `little`.
    pub byte_order: String,
    /// `gb18030` or `utf-8`.
    pub charset: String,
    /// `unix32`, `unix64`, `text14` or `text19`.
    pub datetime: String,
    /// `f32`, `f64` or `cents32`.
    pub decimal: String,
    /// `lower` or `upper`.
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
