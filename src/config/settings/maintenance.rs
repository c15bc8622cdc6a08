//! `[maintenance]`: who may use the menu, and how it is reached.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// `[maintenance]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Maintenance {
    /// Keys that open the menu on the customer screen, one after another: `back`, `enter`, `clear` and digits.
    pub sequence: Vec<String>,
    /// Who may use it, as kiosk.toml lists them.
    #[serde(rename = "holder")]
    pub listed: Vec<Holder>,
    /// PINs set on site, by name: of somebody listed, in place of that PIN and role; else of one more holder. Tables
    /// are merged where lists are replaced, so that override.toml hides nobody whom kiosk.toml lists later.
    #[serde(rename = "pin")]
    pub on_site: BTreeMap<String, OnSite>,
}

impl Maintenance {
    /// Everybody who may use the menu: those listed, in their order, then those added on site by name.
    pub fn holders(&self) -> Vec<Holder> {
        let mut all = self.listed.clone();
        for (name, pin) in &self.on_site {
            let holder = Holder { name: name.clone(), role: pin.role, pin_hash: pin.pin_hash.clone() };
            match all.iter_mut().find(|known| known.name == *name) {
                Some(known) => *known = holder,
                None => all.push(holder),
            }
        }
        all
    }
}

/// Typed by nobody by accident, on the poorest keypad there is; none of these keys begins a pickup.
const SEQUENCE: [&str; 7] = ["back", "back", "enter", "enter", "back", "back", "enter"];

impl Default for Maintenance {
    fn default() -> Self {
        Self { sequence: SEQUENCE.map(str::to_owned).to_vec(), listed: Vec::new(), on_site: BTreeMap::new() }
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

/// `[maintenance.pin.NAME]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnSite {
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
