//! Checks of `[maintenance]`.

use super::error::ConfigError;
use super::settings::Maintenance;
use super::validator::Validator;
use crate::maintenance::sequence::Press;

/// Largest number of users of one kiosk: a page of the menu lists them.
pub const HOLDERS_MAX: usize = 16;
/// Length of the longest name, in characters.
pub const NAME_MAX: usize = 32;

const HASH: (&str, &str) = (
    "应为 pickup-kiosk maintain --set-pin 写出的形式：$argon2id$…，最多 64 MiB、10 轮",
    "must be as pickup-kiosk maintain --set-pin writes it: $argon2id$…, at most 64 MiB and 10 passes",
);

/// Returns true for letters, digits, blanks and the like; 1 to 32 characters.
pub fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control)
}

pub(super) fn check(validator: Validator<'_>, maintenance: &Maintenance) -> Result<(), ConfigError> {
    let keys = &maintenance.sequence;
    let known = keys.iter().all(|key| Press::named(key).is_some());
    let right = (
        "应为 4 到 12 个键：back、enter、clear 和数字",
        "must be 4 to 12 keys: back, enter, clear and digits",
    );
    validator.require("maintenance.sequence", known && (4..=12).contains(&keys.len()), right)?;
    let all = maintenance.users().len();
    let right =
        ("最多 16 个用户，现场设置密码的也算在内", "at most 16 users, those with a PIN set on site counted");
    validator.require("maintenance.user", all <= HOLDERS_MAX, right)?;
    let listed = &maintenance.listed;
    for (index, user) in listed.iter().enumerate() {
        let key = |name: &str| format!("maintenance.user[{index}].{name}");
        let right =
            ("应为 1 到 32 个字，用户之间不能重名", "must be 1 to 32 characters, another for each user");
        let alone = listed.iter().filter(|other| other.name == user.name).count() == 1;
        validator.require(&key("name"), is_name(&user.name) && alone, right)?;
        validator.require(&key("pin_hash"), user.pin_hash.is_fit(), HASH)?;
    }
    for (name, pin) in &maintenance.on_site {
        let right = ("姓名有 1 到 32 个字", "a name has 1 to 32 characters");
        validator.require("maintenance.pin", is_name(name), right)?;
        validator.require(&format!("maintenance.pin.{name}.pin_hash"), pin.pin_hash.is_fit(), HASH)?;
    }
    Ok(())
}
