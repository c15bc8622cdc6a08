//! Settings changed on site: checked before they are saved to override.toml, on trial until the kiosk has started with
//! them, undone by themselves when it can't.

mod pins;

pub use pins::{PinChange, forget_pin, pin_changes, set_pin, taken};

use super::error::ConfigError;
use super::load::{self, OVERRIDE_FILE, Over};
use super::renamed::with_present_names;
use super::tree::{Entry, Node, SourceLocation, Value};
use super::write;
use super::{Loaded, load_over};
use crate::locale::{Text, display_text, io_error, system_error, text};
use rustix::fs::{FlockOperation, flock};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// File with override.toml as it was before the change on trial; empty where there was none.
const BEFORE: &str = "override.before";
/// File that is there while a change is on trial: `new`, or `tried` once a start with it has begun.
const TRIAL: &str = "override.trial";
/// File that says what was undone, and why, until somebody has seen it.
const UNDONE: &str = "override.undone";
/// Length of the longest value typed on site, in bytes.
pub const VALUE_MAX: usize = 256;
/// Number of tries for the folder's lock, with this pause between: five seconds.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// Heading of override.toml.
const HEADING: &str = "# Written by pickup-kiosk: settings changed on site. They win over kiosk.toml.\n\n";

/// Reason for which a change was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The kiosk could not start with the change.
    Config(#[from] ConfigError),
    /// The key is not one that is changed on site.
    Key(String),
    /// The file could not be written.
    File {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        error: io::Error,
    },
}

display_text!(ChangeError);

impl ChangeError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Config(error) => error.text(),
            Self::Key(key) => text!("{key} 不能在现场修改", "{key} is not changed on site"),
            Self::File { path, error } => {
                let (path, error) = (path.display(), system_error(error));
                text!("{path}：{error:#}", "{path}: {error}")
            }
        }
    }
}

/// Returns the settings that change on site, with their present values, in the order of the menu.
pub fn settings(loaded: &Loaded) -> Vec<(String, String)> {
    let plain = [
        "kiosk.id",
        "cinema.id",
        "cinema.name",
        "cinema.national_code",
        "sarft.address",
        "sarft.username",
        "cloud.url",
        "cloud.client_id",
        "printer.connection",
        "printer.profile",
    ];
    let scanners = (0..loaded.settings.scanners.len()).map(|index| format!("scanner[{index}].connection"));
    let keys = plain.into_iter().map(str::to_owned).chain(scanners);
    let has_table = |key: &str| !key.starts_with("cloud.") || loaded.settings.cloud.is_some();
    let value = |key: &str| match loaded.root.find(key).map(|node| &node.value) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    keys.filter(|key| has_table(key)).map(|key| (key.clone(), value(&key))).collect()
}

/// Checks a change as a start would, and saves it on trial: the next start confirms it or undoes it.
///
/// # Errors
/// [`ChangeError`]; nothing was changed then.
pub fn change(loaded: &Loaded, key: &str, value: &str) -> Result<(), ChangeError> {
    if !settings(loaded).iter().any(|(known, _)| known == key) {
        return Err(ChangeError::Key(key.to_owned()));
    }
    let dir = &loaded.settings.kiosk.state_dir;
    let _alone = Alone::in_dir(dir)?;
    let text = text_with(loaded, key, Value::Text(value.chars().take(VALUE_MAX).collect()))?;
    load_over(&loaded.file, Over::Text(&text))?;
    // Several changes before one restart are one trial: what was there before the first comes back.
    if !dir.join(TRIAL).exists() {
        let before = load::optional_text(&dir.join(OVERRIDE_FILE))?.unwrap_or_default();
        put_file(dir, BEFORE, &before).map_err(at(dir, BEFORE))?;
        put_file(dir, TRIAL, "new").map_err(at(dir, TRIAL))?;
    }
    put_file(dir, OVERRIDE_FILE, &text).map_err(at(dir, OVERRIDE_FILE))
}

/// Returns the text of override.toml with one more value; the file's own is read anew.
fn text_with(loaded: &Loaded, key: &str, value: Value) -> Result<String, ConfigError> {
    let mut root = tree_of(&loaded.settings.kiosk.state_dir.join(OVERRIDE_FILE))?;
    match key.split_once('[') {
        // An array is replaced as a whole: the other elements come with it.
        Some((array, rest)) => {
            let (index, inner) = rest.split_once("].").unwrap_or((rest, ""));
            let mut items = loaded.root.find(array).map(|found| found.value.clone());
            if let Some(Value::Array(items)) = &mut items
                && let Some(item) = index.parse::<usize>().ok().and_then(|index| items.get_mut(index))
            {
                put(item, inner, value);
            }
            put(&mut root, array, items.unwrap_or(Value::Array(Vec::new())));
        }
        None => put(&mut root, key, value),
    }
    Ok(written(&root))
}

fn written(root: &Node) -> String {
    format!("{HEADING}{}", write::toml(root, false))
}

/// Reads a file's tree; an empty one where there is no file.
fn tree_of(path: &Path) -> Result<Node, ConfigError> {
    match load::optional_text(path)? {
        Some(text) => with_present_names(Node::parse(path, &text)?),
        None => Ok(node(Value::Table(BTreeMap::new()))),
    }
}

fn put(table: &mut Node, path: &str, value: Value) {
    if !matches!(table.value, Value::Table(_)) {
        table.value = Value::Table(BTreeMap::new());
    }
    let Value::Table(entries) = &mut table.value else { return };
    match path.split_once('.') {
        Some((first, rest)) => {
            let empty = || entry(first, node(Value::Table(BTreeMap::new()))).1;
            put(&mut entries.entry(first.to_owned()).or_insert_with(empty).node, rest, value);
        }
        None => {
            entries.insert(path.to_owned(), entry(path, node(value)).1);
        }
    }
}

fn node(value: Value) -> Node {
    Node { at: SourceLocation { file: Path::new(OVERRIDE_FILE).into(), line: 1 }, value }
}

fn entry(key: &str, node: Node) -> (String, Entry) {
    (key.to_owned(), Entry { key_at: node.at.clone(), node })
}

fn at(dir: &Path, name: &str) -> impl FnOnce(io::Error) -> ChangeError {
    let path = dir.join(name);
    move |error| ChangeError::File { path, error }
}

/// Lock of override.toml against two writers at once: the menu's kiosk, and `--set-pin` in a process of its own. The
/// lock goes with the handle, also at a crash.
struct Alone {
    _lock: File,
}

impl Alone {
    fn in_dir(dir: &Path) -> Result<Self, ChangeError> {
        fs::create_dir_all(dir).map_err(at(dir, ""))?;
        let folder = File::open(dir).map_err(at(dir, ""))?;
        for _ in 0..LOCK_TRIES {
            match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Self { _lock: folder }),
                Err(rustix::io::Errno::WOULDBLOCK) => thread::sleep(LOCK_PAUSE),
                Err(error) => return Err(at(dir, OVERRIDE_FILE)(error.into())),
            }
        }
        let busy = io_error(
            ErrorKind::WouldBlock,
            ("有人正在修改配置：请稍后再试", "somebody else is changing settings: try again"),
        );
        Err(at(dir, OVERRIDE_FILE)(busy))
    }
}

/// Writes a file whole or not at all, also when the power goes: written beside it, synced, renamed.
fn put_file(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    let draft = dir.join(format!("{name}.new"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    // Written by root for the kiosk's user: it has to be able to read it.
    let owner = fs::metadata(dir)?;
    if file.metadata()?.uid() != owner.uid() {
        fchown(&file, Some(owner.uid()), Some(owner.gid()))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, dir.join(name))?;
    File::open(dir)?.sync_all()
}

fn remove(dir: &Path, name: &str) -> io::Result<()> {
    match fs::remove_file(dir.join(name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Start of the kiosk with settings that may be on trial.
#[derive(Debug)]
pub struct SettingsTrial {
    dir: PathBuf,
}

impl SettingsTrial {
    /// Begins a start: a change whose first start never got through is undone here, before anything is read.
    ///
    /// # Errors
    /// When kiosk.toml itself can't be read, or the file can't be put back.
    pub fn begin(config: &Path) -> Result<Self, ConfigError> {
        let trial = Self { dir: load::state_dir_of(config)? };
        let tried = match fs::read_to_string(trial.dir.join(TRIAL)) {
            Ok(word) => Some(word.trim() == "tried"),
            Err(_) => None,
        };
        let done = match tried {
            Some(true) => trial.undo("the start with them was cut off").map(|_| ()),
            Some(false) => put_file(&trial.dir, TRIAL, "tried"),
            None => Ok(()),
        };
        let file = trial.dir.join(OVERRIDE_FILE);
        done.map_err(|error| {
            let error = system_error(&error);
            let found = text!("无法恢复：{error:#}", "could not be put back: {error}");
            ConfigError::of_file(file, found, ("请检查磁盘", "look at the disk"))
        })?;
        Ok(trial)
    }

    /// Confirms the change on trial: the kiosk has started.
    pub fn confirm(&self) {
        for name in [TRIAL, BEFORE] {
            if let Err(error) = remove(&self.dir, name) {
                log::warn!("{}: {error}", self.dir.join(name).display());
            }
        }
    }

    /// Puts back what was there before the change on trial, when the kiosk can't start. Returns false when none is.
    ///
    /// # Errors
    /// The error of the system.
    pub fn undo(&self, why: &str) -> io::Result<bool> {
        let dir = &self.dir;
        if !dir.join(TRIAL).exists() {
            return Ok(false);
        }
        let before = fs::read_to_string(dir.join(BEFORE)).unwrap_or_default();
        let undone = fs::read_to_string(dir.join(OVERRIDE_FILE)).unwrap_or_default();
        let told: String =
            undone.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        put_file(dir, UNDONE, &format!("{}\n{told}", why.replace('\n', " ")))?;
        if before.is_empty() {
            remove(dir, OVERRIDE_FILE)?
        } else {
            put_file(dir, OVERRIDE_FILE, &before)?
        }
        remove(dir, TRIAL)?;
        remove(dir, BEFORE)?;
        log::error!("the settings changed on site were undone: {why}");
        Ok(true)
    }
}

/// Returns the reason for undoing the last change, in one line; none when nothing was undone, or somebody has seen it.
pub fn undone(state_dir: &Path) -> Option<String> {
    let text = fs::read_to_string(state_dir.join(UNDONE)).ok()?;
    text.lines().next().map(|line| line.chars().take(VALUE_MAX).collect())
}

/// Notes that somebody has seen that a change was undone.
///
/// # Errors
/// The error of the system.
pub fn acknowledge(state_dir: &Path) -> io::Result<()> {
    remove(state_dir, UNDONE)
}

#[cfg(test)]
mod tests;
