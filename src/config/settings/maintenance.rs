//! `[maintenance]`: who may use the menu, and how it is reached.

use serde::{Deserialize, Serialize};
use std::fmt;

/// `[maintenance]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Maintenance {
    /// Keys that open the menu on the customer screen, one after another: `back`, `enter`, `clear` and digits.
    pub sequence: Vec<String>,
    /// Who may use it.
    #[serde(rename = "holder")]
    pub holders: Vec<Holder>,
}

/// Typed by nobody by accident, on the poorest keypad there is; none of these keys begins a pickup.
const SEQUENCE: [&str; 7] = ["back", "back", "enter", "enter", "back", "back", "enter"];

impl Default for Maintenance {
    fn default() -> Self {
        Self { sequence: SEQUENCE.map(str::to_owned).to_vec(), holders: Vec::new() }
    }
}

/// `[[maintenance.holder]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// 1 to 32 characters.
    pub name: String,
    /// What the holder may do.
    pub role: Role,
    /// As `pickup-kiosk maintain --set-pin` makes it.
    pub pin_hash: PinHash,
}

/// What a holder may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Paper, uncertain and owed tickets, the shift slip, in and out of service.
    Usher,
    /// Everything.
    Technician,
}

/// A PIN's hash, as `$argon2id$…`. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PinHash(String);

impl PinHash {
    /// From the text in the configuration.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As it stands in the configuration.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}
