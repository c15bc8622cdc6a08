//! What a clone leaves out.

use crate::receipt::profile::{Fence, Profile};

/// What the printer answers; as it stands, everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quirks {
    statuses: Option<Vec<u8>>,
    /// `GS ( H`.
    pub fences: bool,
    /// `GS I`.
    pub identifies: bool,
    /// `GS a`.
    pub automatic: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self { statuses: None, fences: true, identifies: true, automatic: true }
    }
}

impl Quirks {
    /// What a printer with this profile has.
    pub fn of(profile: &Profile) -> Self {
        Self {
            statuses: Some(profile.status.dle_eot.clone()),
            fences: profile.fence == Fence::GsParenH,
            identifies: profile.identify,
            automatic: profile.status.asb,
        }
    }

    /// Whether it answers `DLE EOT n`.
    pub fn answers(&self, n: u8) -> bool {
        self.statuses.as_ref().is_none_or(|statuses| statuses.contains(&n))
    }
}
