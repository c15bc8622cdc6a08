//! Quirks of clones: the commands that they don't answer.

use crate::receipt::profile::{Fence, Profile};

/// Commands that the printer answers; by default, all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quirks {
    statuses: Option<Vec<u8>>,
    /// True if it answers `GS ( H`.
    pub fences: bool,
    /// True if it answers `GS I`.
    pub identifies: bool,
    /// True if it answers `GS a`.
    pub automatic: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self { statuses: None, fences: true, identifies: true, automatic: true }
    }
}

impl Quirks {
    /// Returns the quirks of a printer with this profile.
    pub fn of(profile: &Profile) -> Self {
        Self {
            statuses: Some(profile.status.dle_eot.clone()),
            fences: profile.fence == Fence::GsParenH,
            identifies: profile.identify,
            automatic: profile.status.asb,
        }
    }

    /// Returns true if the printer answers `DLE EOT n`.
    pub fn answers(&self, n: u8) -> bool {
        self.statuses.as_ref().is_none_or(|statuses| statuses.contains(&n))
    }
}
