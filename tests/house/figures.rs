//! Figures of the house: how long files are, and which rooms import each other.

use super::paths::{Modules, Named, named};
use super::rules::Sources;
use super::text::code;
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
