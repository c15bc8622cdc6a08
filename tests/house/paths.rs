//! The paths (`a::b::c`) a source file names, and the file of the house that each leads to.

use super::text::Word;
use std::collections::BTreeMap;

/// A path as written, and the modules (inside of the file) it is written in.
#[derive(Debug, Clone)]
pub struct Named {
    pub path: Vec<String>,
    pub inside: Vec<String>,
    pub line: usize,
    /// The name by which an import brings it in; none for `*`, and for a path that is no import.
    pub import: Option<String>,
}

/// A path, and the name it ends in or is given by `as`; none for `*`.
type Path = (Vec<String>, Option<String>);

/// Returns every path of two and more names, and every import; the groups of imports taken apart.
pub fn named(words: &[Word]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut inside: Vec<(String, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0);
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inside.retain(|(_, opened)| *opened <= depth);
            }
            "mod" if words.get(at + 2).is_some_and(|w| w.text == "{") => {
                inside.push((words[at + 1].text.clone(), depth + 1));
            }
            _ if begins(words, at) => {
                let import = word.text == "use";
                let mut paths = Vec::new();
                at = if import {
                    imports(words, at + 1, &mut paths)
                } else {
                    tree(words, at, Vec::new(), &mut paths)
                };
                let modules: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
                for (path, name) in paths.into_iter().filter(|(path, _)| import || path.len() > 1) {
                    let import = name.filter(|_| import);
                    found.push(Named { path, inside: modules.clone(), line: word.line, import });
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Returns true if a path begins at `at`: a name that belongs to none before it.
fn begins(words: &[Word], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).and_then(|i| words.get(i));
    let goes_on = match before(1).map(|w| w.text.as_str()) {
        Some(".") => true,
        Some("::") => before(2).is_some_and(|w| is_name(w) || w.text == ">"),
        _ => false,
    };
    is_name(&words[at]) && !goes_on
}

/// Reads the paths of a `use`, from the word after it.
fn imports(words: &[Word], mut at: usize, found: &mut Vec<Path>) -> usize {
    if words.get(at).is_some_and(|w| w.text == "::") {
        at += 1;
    }
    if words.get(at).is_some_and(|w| w.text == "{") {
        return group(words, at + 1, &[], found);
    }
    tree(words, at, Vec::new(), found)
}

fn is_name(word: &Word) -> bool {
    word.text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reads one path or tree of imports from `at`; returns where it ends.
fn tree(words: &[Word], mut at: usize, mut path: Vec<String>, found: &mut Vec<Path>) -> usize {
    let mut ends_in_name = false;
    while let Some(word) = words.get(at).filter(|w| is_name(w)) {
        path.push(word.text.clone());
        at += 1;
        ends_in_name = words.get(at).is_none_or(|w| w.text != "::");
        if ends_in_name {
            break;
        }
        at += 1;
        if words.get(at).is_some_and(|w| w.text == "{") {
            return group(words, at + 1, &path, found);
        }
    }
    let mut name = path.iter().rev().find(|n| *n != "self").cloned();
    if words.get(at).is_some_and(|w| w.text == "as") {
        name = words.get(at + 1).map(|w| w.text.clone());
        at += 2;
    }
    found.push((path, name.filter(|_| ends_in_name)));
    at
}

fn group(words: &[Word], mut at: usize, path: &[String], found: &mut Vec<Path>) -> usize {
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "}" => return at + 1,
            _ if is_name(word) => at = tree(words, at, path.to_vec(), found),
            _ => at += 1,
        }
    }
    at
}

/// Modules of the house: each by its path, with the file it stands in; and what they import, which others may then
/// reach through them.
pub struct Modules {
    files: BTreeMap<Vec<String>, String>,
    imports: BTreeMap<(String, String), Named>,
}

impl Modules {
    /// Collects the modules from the paths that each file under src/ names.
    pub fn of(read: &BTreeMap<&str, Vec<Named>>) -> Self {
        let files =
            read.keys().filter(|f| **f != "main.rs").map(|f| (module_of(f), (*f).to_owned())).collect();
        let mut imports = BTreeMap::new();
        for (file, paths) in read {
            for named in paths.iter().filter(|named| named.inside.is_empty()) {
                if let Some(name) = &named.import {
                    imports.insert(((*file).to_owned(), name.clone()), named.clone());
                }
            }
        }
        Self { files, imports }
    }

    /// Returns the file that a path leads to, if it leads into the house; through as many re-exports as it takes.
    pub fn file(&self, from: &str, named: &Named) -> Option<&str> {
        self.file_through(from, named, 0)
    }

    fn file_through(&self, from: &str, named: &Named, steps: usize) -> Option<&str> {
        let path = self.whole_path(from, named)?;
        let (file, rest) =
            (0..=path.len()).rev().find_map(|n| Some((self.files.get(&path[..n])?, &path[n..])))?;
        let through = rest.first().and_then(|name| self.imports.get(&(file.clone(), name.clone())));
        match through.filter(|_| steps < 8 && file != from) {
            Some(import) => self.file_through(file, import, steps + 1).or(Some(file)),
            None => Some(file),
        }
    }

    /// Returns the path from the crate's root; `None` for one that leads out of the house.
    fn whole_path(&self, from: &str, named: &Named) -> Option<Vec<String>> {
        let mut base = module_of(from);
        base.extend(named.inside.iter().cloned());
        let mut rest = named.path.as_slice();
        let (head, tail) = rest.split_first()?;
        match head.as_str() {
            "crate" | "pickup_kiosk" => (base, rest) = (Vec::new(), tail),
            "self" => rest = tail,
            "super" => {}
            child if self.files.contains_key(&[base.clone(), vec![child.to_owned()]].concat()) => {}
            _ => return None,
        }
        while let Some((_, tail)) = rest.split_first().filter(|(head, _)| *head == "super") {
            base.pop();
            rest = tail;
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    /// Returns the file of the module `name` that `from` declares.
    pub fn child(&self, from: &str, name: &str) -> Option<&str> {
        self.files.get(&[module_of(from), vec![name.to_owned()]].concat()).map(String::as_str)
    }
}

/// Returns a file's module: `sarft/wire.rs` is `sarft::wire`, `sarft/mod.rs` is `sarft`, lib.rs and main.rs are roots.
fn module_of(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        path.pop();
    }
    path
}
