//! `[cinema]`: which cinema it is, and which kind of site it has.

use super::SettingsError;
use crate::simulator::cinema::{SecondIssue, SetsFlags, SiteKind};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// The longest claim, seconds: that of kiosk.toml's `claim_lapses_s`.
const CLAIM_MAX_S: u32 = 86_400;

/// `[cinema]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CinemaSettings {
    /// VISTA CinemaId; the cloud knows bookings of no other. Default `0200`.
    pub id: String,
    /// Its name. Default `CHTEST01`.
    pub name: String,
    /// cinema_code of every ticket, 8 digits. Default `17212101`.
    pub national_code: String,
    /// IANA name. Default `Asia/Shanghai`.
    pub timezone: String,
    /// What a second 0x05 gets. Default `refuse`.
    pub second_issue: SecondIssueWord,
    /// When print_flag is set. Default `report`.
    pub flags_at: FlagsAtWord,
    /// The flag of the n-th seat (from 0) shows n times so many milliseconds after it was set. Default 0.
    pub flags_late_ms: u64,
    /// The return value of an 0x05 that is refused because the booking is issued already, 1 to 255. Default 1.
    pub refusal: u8,
    /// Seconds after which an issue without a report is void, 1 to 86400; none (the default): it stands for ever.
    pub claim_lapses_s: Option<u32>,
}

/// `second_issue`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondIssueWord {
    /// Answers 0 until the report.
    Accept,
    /// Answers `refusal`.
    #[default]
    Refuse,
}

/// `flags_at`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagsAtWord {
    /// By 0x07.
    #[default]
    Report,
    /// By 0x05.
    Issue,
}

impl Default for CinemaSettings {
    fn default() -> Self {
        Self {
            id: "0200".into(),
            name: "CHTEST01".into(),
            national_code: "17212101".into(),
            timezone: "Asia/Shanghai".into(),
            second_issue: SecondIssueWord::default(),
            flags_at: FlagsAtWord::default(),
            flags_late_ms: 0,
            refusal: 1,
            claim_lapses_s: None,
        }
    }
}

impl CinemaSettings {
    /// The time zone, if there is one of this name.
    pub fn time_zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.timezone).ok()
    }

    /// How its site fills what the interface document leaves open.
    pub fn kind(&self) -> SiteKind {
        SiteKind {
            flags: match self.flags_at {
                FlagsAtWord::Report => SetsFlags::AtReport,
                FlagsAtWord::Issue => SetsFlags::AtIssue,
            },
            flags_late_ms: self.flags_late_ms,
            second_issue: match self.second_issue {
                SecondIssueWord::Accept => SecondIssue::Accept,
                SecondIssueWord::Refuse => SecondIssue::Refuse,
            },
            refusal: self.refusal,
            claim_lapses_ms: self.claim_lapses_s.map(|seconds| u64::from(seconds).saturating_mul(1_000)),
        }
    }

    /// Refuses what no site can be.
    pub(super) fn check_kind(&self) -> Result<(), SettingsError> {
        match (self.refusal, self.claim_lapses_s) {
            (0, _) => Err(SettingsError::Refusal),
            (_, Some(seconds)) if !(1..=CLAIM_MAX_S).contains(&seconds) => {
                Err(SettingsError::ClaimLapses(seconds))
            }
            _ => Ok(()),
        }
    }
}
