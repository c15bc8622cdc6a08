//! The paths (`a::b::c`) a source file names, and the file of the house that each leads to.

use super::text::Word;
use std::collections::BTreeMap;

/// A path as written, and the modules (inside of the file) it is written in.
#[derive(Debug)]
pub struct Named {
    pub path: Vec<String>,
    pub inside: Vec<String>,
    pub line: usize,
}

/// Every path of two and more names, and every import; the groups of imports taken apart.
pub fn named(words: &[Word]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut inside: Vec<(String, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0);
    while let Some(word) = words.get(at) {
        let begins = is_name(word) && (at == 0 || !matches!(words[at - 1].text.as_str(), "::" | "."));
        let import = at > 0 && words[at - 1].text == "use";
        match word.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inside.retain(|(_, opened)| *opened <= depth);
            }
            "mod" if words.get(at + 2).is_some_and(|w| w.text == "{") => {
                inside.push((words[at + 1].text.clone(), depth + 1));
            }
            _ if begins => {
                let mut paths = Vec::new();
                at = tree(words, at, Vec::new(), &mut paths);
                let names: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
                let kept = paths.into_iter().filter(|path| import || path.len() > 1);
                found.extend(kept.map(|path| Named { path, inside: names.clone(), line: word.line }));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_name(word: &Word) -> bool {
    word.text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reads one path or tree of imports from `at`; where it ends.
fn tree(words: &[Word], mut at: usize, mut path: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    while let Some(word) = words.get(at).filter(|w| is_name(w)) {
        path.push(word.text.clone());
        at += 1;
        if words.get(at).is_none_or(|w| w.text != "::") {
            break;
        }
        at += 1;
        if words.get(at).is_some_and(|w| w.text == "{") {
            return group(words, at + 1, &path, found);
        }
    }
    found.push(path);
    at
}

fn group(words: &[Word], mut at: usize, path: &[String], found: &mut Vec<Vec<String>>) -> usize {
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "}" => return at + 1,
            "as" => at += 2,
            _ if is_name(word) => at = tree(words, at, path.to_vec(), found),
            _ => at += 1,
        }
    }
    at
}

/// The house's modules: each by its path, with the file it stands in.
pub struct Modules(BTreeMap<Vec<String>, String>);

impl Modules {
    /// From the files' paths under src/.
    pub fn of<'a>(files: impl Iterator<Item = &'a str>) -> Self {
        Self(files.filter(|f| *f != "main.rs").map(|file| (module_of(file), file.to_owned())).collect())
    }

    /// The file that a path leads to, if it leads into the house.
    pub fn file(&self, from: &str, named: &Named) -> Option<&str> {
        let mut base = module_of(from);
        base.extend(named.inside.iter().cloned());
        let mut rest = named.path.as_slice();
        let (head, tail) = rest.split_first()?;
        match head.as_str() {
            "crate" | "pickup_kiosk" => (base, rest) = (Vec::new(), tail),
            "self" => rest = tail,
            "super" => {}
            child if self.0.contains_key(&[base.clone(), vec![child.to_owned()]].concat()) => {}
            _ => return None,
        }
        while let Some((_, tail)) = rest.split_first().filter(|(head, _)| *head == "super") {
            base.pop();
            rest = tail;
        }
        base.extend(rest.iter().cloned());
        (0..=base.len()).rev().find_map(|n| self.0.get(&base[..n])).map(String::as_str)
    }

    /// The file of the module `name` that `from` declares.
    pub fn child(&self, from: &str, name: &str) -> Option<&str> {
        self.0.get(&[module_of(from), vec![name.to_owned()]].concat()).map(String::as_str)
    }
}

/// `sarft/mod.rs` is module `sarft`, `sarft/wire.rs` is `sarft::wire`, `lib.rs` and `main.rs` are roots.
fn module_of(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        path.pop();
    }
    path
}
