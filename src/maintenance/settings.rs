//! Settings of `[maintenance]`: who may use the menu, and how it is reached.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The table `[maintenance]`: the maintenance menu and its users.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Maintenance {
    /// Keys that open the menu on the customer screen, one after another: `back`, `enter`, `clear` and digits.
    pub sequence: Vec<String>,
    /// Users of the menu, as kiosk.toml lists them.
    #[serde(rename = "user")]
    pub listed: Vec<User>,
    /// PINs set on site, by name: of somebody listed, in place of that PIN and role; else of one more user. Tables
    /// are merged where lists are replaced, so that override.toml hides nobody whom kiosk.toml lists later.
    #[serde(rename = "pin")]
    pub on_site: BTreeMap<String, OnSite>,
}

impl Maintenance {
    /// Returns everybody who may use the menu: those listed, in their order, then those added on site by name.
    pub fn users(&self) -> Vec<User> {
        let mut all = self.listed.clone();
        for (name, pin) in &self.on_site {
            let user = User { name: name.clone(), role: pin.role, pin_hash: pin.pin_hash.clone() };
            match all.iter_mut().find(|known| known.name == *name) {
                Some(known) => *known = user,
                None => all.push(user),
            }
        }
        all
    }
}

/// Default sequence: nobody types it by accident, on the poorest keypad there is; none of its keys begins a pickup.
const SEQUENCE: [&str; 7] = ["back", "back", "enter", "enter", "back", "back", "enter"];

impl Default for Maintenance {
    fn default() -> Self {
        Self { sequence: SEQUENCE.map(str::to_owned).to_vec(), listed: Vec::new(), on_site: BTreeMap::new() }
    }
}

/// One `[[maintenance.user]]`: a user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Name of the user, 1 to 32 characters.
    pub name: String,
    /// Role of the user.
    pub role: Role,
    /// Hash of the PIN, as `pickup-kiosk maintain --set-pin` makes it.
    pub pin_hash: PinHash,
}

/// The table `[maintenance.pin.NAME]`: a PIN set on site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnSite {
    /// Role of the user.
    pub role: Role,
    /// Hash of the PIN, as `pickup-kiosk maintain --set-pin` makes it.
    pub pin_hash: PinHash,
}

/// Role of a user: what they may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Usher: paper, uncertain and owed tickets, the shift slip, in and out of service.
    Usher,
    /// Technician: everything.
    Technician,
}

/// A PIN's hash, as `$argon2id$…`. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PinHash(String);

impl PinHash {
    /// Takes the text in the configuration.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the hash as it stands in the configuration.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinHash(…)")
    }
}
