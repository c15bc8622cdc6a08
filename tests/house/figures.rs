//! Figures of the house: how long files and types are, and which rooms import each other.

use super::paths::{Modules, Named, named};
use super::rules::Sources;
use super::text::{Word, code};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of all files, sorted.
pub fn file_lengths(sources: &Sources) -> Vec<usize> {
    let mut lengths: Vec<usize> = sources.values().map(|text| text.lines().count()).collect();
    lengths.sort_unstable();
    lengths
}

/// The value below which so many hundredths of sorted values are.
pub fn hundredth(sorted: &[usize], hundredths: usize) -> usize {
    sorted
        .get((sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Lines of a type's own `impl` blocks and of its definition, and the files they stand in; tests apart.
pub fn lines_by_type(sources: &Sources) -> BTreeMap<(String, String), (usize, BTreeSet<String>)> {
    let mut found: BTreeMap<(String, String), (usize, BTreeSet<String>)> = BTreeMap::new();
    for (file, text) in sources {
        let words = code(text).words;
        for (name, lines) in blocks(&words) {
            let room = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
            let (all, files) = found.entry((room.to_owned(), name)).or_default();
            *all += lines;
            files.insert(file.clone());
        }
    }
    found
}

/// `struct`, `enum` and `impl Type` blocks with their lines; `impl Trait for Type` counts for the type.
fn blocks(words: &[Word]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let kind = words[at].text.as_str();
        let starts = at == 0 || [";", "}", "{", "]", "pub", ")"].contains(&words[at - 1].text.as_str());
        let open = (at..words.len()).find(|&i| matches!(words[i].text.as_str(), "{" | ";"));
        let (true, Some(open)) = (starts && matches!(kind, "struct" | "enum" | "impl"), open) else {
            at += 1;
            continue;
        };
        let head = &words[at + 1..open];
        let name = if kind == "impl" { impl_type(head) } else { head.first().map(|word| word.text.clone()) };
        let end = if words[open].text == "{" { closing(words, open) } else { open };
        if let Some(name) = name {
            found.push((name, words[end].line + 1 - words[at].line));
        }
        at = end + 1;
    }
    found
}

/// The type of `impl<T> Trait for a::Type<T> where …`.
fn impl_type(head: &[Word]) -> Option<String> {
    let mut depth = 0;
    let mut name = None;
    for (at, word) in head.iter().enumerate() {
        match word.text.as_str() {
            "<" => depth += 1,
            ">" if at > 0 && head[at - 1].text != "-" => depth -= 1,
            "for" if depth == 0 => name = None,
            "where" if depth == 0 => break,
            text if depth == 0 && text.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                name = Some(text.to_owned())
            }
            _ => {}
        }
    }
    name
}

fn closing(words: &[Word], open: usize) -> usize {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    words.len() - 1
}

/// Files that each of these parts of the house imports from the others: by (user, used) the files that do.
pub fn imports(
    sources: &Sources,
    part: impl Fn(&str) -> Option<String>,
) -> BTreeMap<(String, String), BTreeSet<String>> {
    let read: BTreeMap<&str, Vec<Named>> =
        sources.iter().map(|(file, text)| (file.as_str(), named(&code(text).words))).collect();
    let modules = Modules::of(&read);
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (&file, paths) in &read {
        let Some(here) = part(file) else { continue };
        for named in paths {
            let Some(there) = modules.file(file, named).filter(|used| *used != "lib.rs").and_then(&part)
            else {
                continue;
            };
            if there != here {
                found.entry((here.clone(), there)).or_default().insert(file.to_owned());
            }
        }
    }
    found
}

/// Pairs of parts that import each other, a line each.
pub fn mutual(imports: &BTreeMap<(String, String), BTreeSet<String>>) -> Vec<String> {
    let both = |((user, used), _): &(&(String, String), &BTreeSet<String>)| {
        user < used && imports.contains_key(&(used.clone(), user.clone()))
    };
    let told = |((user, used), files): (&(String, String), &BTreeSet<String>)| {
        let back = &imports[&(used.clone(), user.clone())];
        format!("{user} and {used}: {files:?} and {back:?}")
    };
    imports.iter().filter(both).map(told).collect()
}
