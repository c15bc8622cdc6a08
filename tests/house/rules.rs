//! The rules themselves, over sources given as text.

use super::fault_codes;
use super::paths::{Modules, Named, named};
use super::text::{Code, code};
use super::{EDGES_BETWEEN, Kind, LONGEST_FILE, PURE_MUST_NOT_NAME, ROOMS, UNSAFE_ALLOWED, UNWANTED_WORDS};
use std::collections::{BTreeMap, BTreeSet};

/// Sources by their path under src/.
pub type Sources = BTreeMap<String, String>;

/// Returns every break of a rule, a sentence each, beginning with file and line.
pub fn violations(sources: &Sources) -> Vec<String> {
    let read: BTreeMap<&str, Code> = sources.iter().map(|(file, text)| (file.as_str(), code(text))).collect();
    let paths = read.iter().map(|(&file, code)| (file, named(&code.words))).collect();
    let modules = Modules::of(&paths);
    let tests = test_files(&read, &modules);
    let mut broken = Vec::new();
    for (&file, code) in &read {
        broken.extend(text_rules(file, &sources[file]));
        for word in code.words.iter().filter(|w| w.text == "unsafe" && !UNSAFE_ALLOWED.contains(&file)) {
            broken.push(format!("src/{file}:{}: unsafe, in a file that is not allowed any", word.line));
        }
        if tests.contains(file) {
            continue;
        }
        broken.extend(fault_codes::quoted(file, &sources[file]));
        match room(file) {
            Some(room) => broken.extend(room_rules(file, &room, &paths[file], &modules)),
            None => {
                broken.push(format!("src/{file}:1: belongs to no room; ROOMS in tests/house.rs names them"))
            }
        }
    }
    broken
}

/// Returns the files that are compiled for tests alone: declared so by another, or below one that is.
fn test_files<'a>(read: &'a BTreeMap<&str, Code>, modules: &'a Modules) -> BTreeSet<&'a str> {
    let declared = |(&file, code): (&&'a str, &'a Code)| {
        code.test_modules.iter().filter_map(|name| modules.child(file, name)).collect::<Vec<_>>()
    };
    let heads: Vec<&str> = read.iter().flat_map(declared).collect();
    let below = |file: &str, head: &str| {
        let folder = head.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
        file == head || file.starts_with(&format!("{folder}/"))
    };
    read.keys().copied().filter(|file| heads.iter().any(|head| below(file, head))).collect()
}

fn text_rules(file: &str, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        broken.push(format!(
            "src/{file}:{lines}: longer than {LONGEST_FILE} lines; give a part of it a file of its own"
        ));
    }
    for (number, line) in text.lines().enumerate() {
        for word in UNWANTED_WORDS.iter().filter(|word| line.contains(**word)) {
            broken.push(format!(
                "src/{file}:{}: {word}; do it or leave it, and say so in an issue",
                number + 1
            ));
        }
    }
    broken
}

/// A room as one file stands in it.
#[derive(PartialEq, Eq)]
struct Room {
    name: String,
    kind: Kind,
}

/// Returns the room whose pattern matches the most of a file's path.
fn room(file: &str) -> Option<Room> {
    let (pattern, kind) = ROOMS
        .iter()
        .filter(|(pattern, _)| matches(pattern, file))
        .max_by_key(|(pattern, _)| pattern.len())?;
    let name = match pattern.strip_suffix("/*") {
        Some(folder) => {
            let child = file[folder.len() + 1..].split('/').next().unwrap_or_default();
            format!("{folder}/{}", child.trim_end_matches(".rs"))
        }
        None => pattern.trim_end_matches(['*', '/']).trim_end_matches(".rs").to_owned(),
    };
    Some(Room { name, kind: *kind })
}

/// Returns true if a pattern matches: `a/b.rs` that file, `a/` all below, `a/b*` all that begins so, `a/*` a's
/// children.
fn matches(pattern: &str, file: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => file.starts_with(beginning),
        None => file == pattern || (pattern.ends_with('/') && file.starts_with(pattern)),
    }
}

fn room_rules(file: &str, here: &Room, paths: &[Named], modules: &Modules) -> Vec<String> {
    let mut broken = Vec::new();
    for named in paths {
        let written = named.path.join("::");
        if here.kind == Kind::Pure
            && let Some(what) = PURE_MUST_NOT_NAME.iter().find(|what| names(&named.path, what))
        {
            broken.push(format!("src/{file}:{}: {written}: a pure room must not name {what}", named.line));
        }
        let Some(used) = modules.file(file, named).filter(|used| *used != "lib.rs") else { continue };
        if is_own_door(file, used, named) {
            continue;
        }
        if let Some(there) = room(used).filter(|there| !may_use(here, there)) {
            let line = named.line;
            broken.push(format!("src/{file}:{line}: {written}: {} must not use {}", here.name, there.name));
        }
    }
    broken
}

/// Returns true for a folder's mod.rs that shows, by name, its own files: who uses that is held to the file behind.
fn is_own_door(file: &str, used: &str, named: &Named) -> bool {
    file.strip_suffix("mod.rs").is_some_and(|folder| used.starts_with(folder)) && named.import.is_some()
}

fn may_use(here: &Room, there: &Room) -> bool {
    here.kind == Kind::Top
        || there.kind == Kind::Pure
        || here == there
        || EDGES_BETWEEN.iter().any(|(user, used)| within(user, &here.name) && *used == there.name)
}

/// Returns true if a pattern names a room; `device/*` stands for every room in device/.
fn within(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

/// Returns true if a path names `what`: from its beginning, or, for `Type::function`, anywhere.
fn names(path: &[String], what: &str) -> bool {
    let what: Vec<&str> = what.split("::").collect();
    let everywhere = what.first().is_some_and(|w| w.starts_with(char::is_uppercase));
    let mut places = path.windows(what.len());
    if everywhere {
        places.any(|place| place == what)
    } else {
        places.next().is_some_and(|place| place == what)
    }
}
