//! PINs set on site: `[maintenance.pin.NAME]` of override.toml, merged by name with the holders that kiosk.toml lists.

use super::{Alone, BEFORE, ChangeError, TRIAL, at, entry, node, put_file, tree_of, written};
use crate::config::load::{OVERRIDE_FILE, Over};
use crate::config::tree::{Node, Value};
use crate::config::{Loaded, load_over};
use std::collections::BTreeMap;

/// Sets a holder's PIN. Nothing that a start depends on, so it is saved for good at once; a change of another setting
/// that is undone later leaves it.
///
/// # Errors
/// [`ChangeError`].
pub fn set_pin(loaded: &Loaded, name: &str, role: &str, pin_hash: &str) -> Result<(), ChangeError> {
    let text = |text: &str| node(Value::Text(text.to_owned()));
    let pin = [("role", role), ("pin_hash", pin_hash)].map(|(key, value)| entry(key, text(value)));
    let pin = node(Value::Table(pin.into_iter().collect()));
    change_pins(loaded, |pins| {
        pins.insert(name.to_owned(), entry(name, pin.clone()).1);
        true
    })
    .map(|_| ())
}

/// Takes back the PIN set on site for this name. False when there was none.
///
/// # Errors
/// [`ChangeError`].
pub fn forget_pin(loaded: &Loaded, name: &str) -> Result<bool, ChangeError> {
    change_pins(loaded, |pins| pins.remove(name).is_some())
}

type Pins = BTreeMap<String, crate::config::tree::Entry>;

fn change_pins(loaded: &Loaded, change: impl Fn(&mut Pins) -> bool) -> Result<bool, ChangeError> {
    let dir = &loaded.settings.kiosk.state_dir;
    let _alone = Alone::in_dir(dir)?;
    let changed = |name: &str| -> Result<Option<String>, ChangeError> {
        let mut root = tree_of(&dir.join(name))?;
        Ok(pins_of(&mut root).is_some_and(&change).then(|| written(&root)))
    };
    let Some(text) = changed(OVERRIDE_FILE)? else { return Ok(false) };
    load_over(&loaded.file, Over::Text(&text))?;
    // What a change on trial would be put back to has it, too.
    if dir.join(TRIAL).exists()
        && let Some(before) = changed(BEFORE)?
    {
        put_file(dir, BEFORE, &before).map_err(at(dir, BEFORE))?;
    }
    put_file(dir, OVERRIDE_FILE, &text).map_err(at(dir, OVERRIDE_FILE))?;
    Ok(true)
}

/// The table `maintenance.pin`, made where it is missing; none where something else stands in its place.
fn pins_of(root: &mut Node) -> Option<&mut Pins> {
    let mut table = root;
    for key in ["maintenance", "pin"] {
        let Value::Table(entries) = &mut table.value else { return None };
        let empty = || entry(key, node(Value::Table(BTreeMap::new()))).1;
        table = &mut entries.entry(key.to_owned()).or_insert_with(empty).node;
    }
    match &mut table.value {
        Value::Table(pins) => Some(pins),
        _ => None,
    }
}
