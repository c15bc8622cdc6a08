//! PINs set on site: `[maintenance.pin.NAME]` of override.toml, merged by name with the users that kiosk.toml lists.

use super::{Alone, BEFORE, ChangeError, TRIAL, at, entry, node, put_file, remove, tree_of, written};
use crate::config::load::{OVERRIDE_FILE, Over, optional_text};
use crate::config::tree::{Node, Value};
use crate::config::{Loaded, load_over};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// File of the changes of PINs, until the kiosk has them in its journal: a line of JSON each.
const DONE: &str = "override.acts";
/// File of the changes that the kiosk is taking up.
const TAKEN: &str = "override.acts.taken";
/// Number of lines kept; the oldest go.
const DONE_MAX: usize = 500;

/// A PIN set or taken back, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinChange {
    /// Time of the change, by the wall clock.
    pub at: Timestamp,
    /// Name of the person who made the change, as the system knows them.
    pub who: String,
    /// Name of the user whose PIN it is.
    #[serde(rename = "holder")]
    pub user: String,
    /// Role given with the PIN; none: it was taken back.
    pub role: Option<String>,
}

/// Sets a user's PIN, on record first. Nothing that a start depends on, so it is saved for good at once; a change of
/// another setting that is undone later leaves it.
///
/// # Errors
/// [`ChangeError`].
pub fn set_pin(
    loaded: &Loaded,
    who: &str,
    name: &str,
    role: &str,
    pin_hash: &str,
) -> Result<(), ChangeError> {
    let text = |text: &str| node(Value::Text(text.to_owned()));
    let pin = [("role", role), ("pin_hash", pin_hash)].map(|(key, value)| entry(key, text(value)));
    let pin = node(Value::Table(pin.into_iter().collect()));
    let act = PinChange { at: Timestamp::now(), who: who.into(), user: name.into(), role: Some(role.into()) };
    change_pins(loaded, &act, |pins| {
        pins.insert(name.to_owned(), entry(name, pin.clone()).1);
        true
    })
    .map(|_| ())
}

/// Takes back the PIN set on site for this name, on record first. Returns false when there was none.
///
/// # Errors
/// [`ChangeError`].
pub fn forget_pin(loaded: &Loaded, who: &str, name: &str) -> Result<bool, ChangeError> {
    let act = PinChange { at: Timestamp::now(), who: who.into(), user: name.into(), role: None };
    change_pins(loaded, &act, |pins| pins.remove(name).is_some())
}

type Pins = BTreeMap<String, crate::config::tree::Entry>;

fn change_pins(
    loaded: &Loaded,
    act: &PinChange,
    change: impl Fn(&mut Pins) -> bool,
) -> Result<bool, ChangeError> {
    let dir = &loaded.settings.kiosk.state_dir;
    let _alone = Alone::in_dir(dir)?;
    let changed = |name: &str| -> Result<Option<String>, ChangeError> {
        let mut root = tree_of(&dir.join(name))?;
        Ok(pins_of(&mut root).is_some_and(&change).then(|| written(&root)))
    };
    let Some(text) = changed(OVERRIDE_FILE)? else { return Ok(false) };
    load_over(&loaded.file, Over::Text(&text))?;
    put_file(dir, DONE, &with_line(dir, act)).map_err(at(dir, DONE))?;
    // The text that a change on trial would be put back to has the PIN, too.
    if dir.join(TRIAL).exists()
        && let Some(before) = changed(BEFORE)?
    {
        put_file(dir, BEFORE, &before).map_err(at(dir, BEFORE))?;
    }
    put_file(dir, OVERRIDE_FILE, &text).map_err(at(dir, OVERRIDE_FILE))?;
    Ok(true)
}

fn with_line(dir: &Path, act: &PinChange) -> String {
    let before = optional_text(&dir.join(DONE)).ok().flatten().unwrap_or_default();
    let skip = before.lines().count().saturating_sub(DONE_MAX - 1);
    let line = serde_json::to_string(act).unwrap_or_default();
    before.lines().skip(skip).chain([line.as_str()]).map(|line| format!("{line}\n")).collect()
}

/// Returns the changes of PINs since the last call; what is nonsense is left out. Until [`taken`] ends it, the same
/// come again.
///
/// # Errors
/// The error of the system.
pub fn pin_changes(state_dir: &Path) -> io::Result<Vec<PinChange>> {
    if !state_dir.join(DONE).exists() && !state_dir.join(TAKEN).exists() {
        return Ok(Vec::new());
    }
    let alone = Alone::in_dir(state_dir).map_err(io::Error::other)?;
    // A kiosk took them up and ended in the middle of it: once more.
    if !state_dir.join(TAKEN).exists() {
        fs::rename(state_dir.join(DONE), state_dir.join(TAKEN))?;
    }
    drop(alone);
    let text = optional_text(&state_dir.join(TAKEN)).map_err(io::Error::other)?.unwrap_or_default();
    Ok(text.lines().take(DONE_MAX).filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Removes the changes of PINs, which are in the journal now.
///
/// # Errors
/// The error of the system.
pub fn taken(state_dir: &Path) -> io::Result<()> {
    remove(state_dir, TAKEN)
}

/// Returns the table `maintenance.pin`, made where it is missing; none where something else stands in its place.
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
