//! The check of `[maintenance]`.

use super::check::Places;
use super::error::ConfigError;
use super::settings::Maintenance;
use crate::maintenance::sequence::Press;

/// Holders that one kiosk may have: a page of the menu lists them.
pub const HOLDERS_MAX: usize = 16;
/// The longest name, characters.
pub const NAME_MAX: usize = 32;

const HASH: &str =
    "must be as pickup-kiosk maintain --set-pin writes it: $argon2id$…, at most 64 MiB and 10 passes";

/// Letters, digits, blanks and the like; 1 to 32 characters.
pub fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control)
}

pub(super) fn check(places: Places<'_>, maintenance: &Maintenance) -> Result<(), ConfigError> {
    let keys = &maintenance.sequence;
    let known = keys.iter().all(|key| Press::named(key).is_some());
    let right = "must be 4 to 12 keys: back, enter, clear and digits";
    places.require("maintenance.sequence", known && (4..=12).contains(&keys.len()), right)?;
    let all = maintenance.holders().len();
    places.require(
        "maintenance.holder",
        all <= HOLDERS_MAX,
        "at most 16 holders, those with a PIN set on site counted",
    )?;
    let listed = &maintenance.listed;
    for (index, holder) in listed.iter().enumerate() {
        let key = |name: &str| format!("maintenance.holder[{index}].{name}");
        let right = "must be 1 to 32 characters, another for each holder";
        let alone = listed.iter().filter(|other| other.name == holder.name).count() == 1;
        places.require(&key("name"), is_name(&holder.name) && alone, right)?;
        places.require(&key("pin_hash"), holder.pin_hash.is_fit(), HASH)?;
    }
    for (name, pin) in &maintenance.on_site {
        places.require("maintenance.pin", is_name(name), "a name has 1 to 32 characters")?;
        places.require(&format!("maintenance.pin.{name}.pin_hash"), pin.pin_hash.is_fit(), HASH)?;
    }
    Ok(())
}
