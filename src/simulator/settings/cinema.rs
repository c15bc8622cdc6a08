//! Cinema settings, `[cinema]`: its identity, and the kind of its site.

use super::SettingsError;
use crate::simulator::cinema::{SecondIssue, SetsFlags, SiteKind};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// Longest claim, in seconds: that of `claim_lapses_s` in kiosk.toml.
const CLAIM_MAX_S: u32 = 86_400;

/// Settings of the cinema, `[cinema]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CinemaSettings {
    /// VISTA CinemaId; the cloud knows bookings of no other. Default `0200`.
    pub id: String,
    /// Name of the cinema. Default `CHTEST01`.
    pub name: String,
    /// cinema_code of every ticket, 8 digits. Default `17212101`.
    pub national_code: String,
    /// IANA name of the time zone. Default `Asia/Shanghai`.
    pub timezone: String,
    /// Answer to a second 0x05. Default `refuse`.
    pub second_issue: SecondIssueWord,
    /// Message that sets print_flag. Default `report`.
    pub flags_at: FlagsAtWord,
    /// Delay of the flags, in milliseconds: that of the n-th seat (from 0) shows n times as late. Default 0.
    pub flags_late_ms: u64,
    /// Return value of an 0x05 that is refused because the booking is issued already, 1 to 255. Default 1.
    pub refusal: u8,
    /// Time after which an issue without a report is void, in seconds, 1 to 86400; by default it never lapses.
    pub claim_lapses_s: Option<u32>,
}

/// Words of the key `second_issue`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondIssueWord {
    /// The site answers 0 until the report.
    Accept,
    /// The site answers `refusal`.
    #[default]
    Refuse,
}

/// Words of the key `flags_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagsAtWord {
    /// 0x07 sets the flags.
    #[default]
    Report,
    /// 0x05 sets the flags.
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
    /// Returns the time zone, if there is one of this name.
    pub fn time_zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.timezone).ok()
    }

    /// Returns the choices of the site where the interface document leaves room.
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

    /// Refuses values that no site can have.
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
