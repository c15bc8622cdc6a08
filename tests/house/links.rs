//! Links of the documentation: each relative one leads to a file that is there.

use std::fs;
use std::path::Path;

/// Folders with pages, from the repository's root on; the root's own pages are read, too.
const FOLDERS: &[&str] = &["config", "docs", "hw", "tests"];

/// Returns every link that leads nowhere, with its page, and the number of links.
pub fn broken(root: &Path) -> (Vec<String>, usize) {
    let mut pages = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        pages.extend((path.extension().is_some_and(|end| end == "md")).then_some(path));
    }
    for folder in FOLDERS {
        collect(&root.join(folder), &mut pages);
    }
    let (mut broken, mut count) = (Vec::new(), 0);
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for target in
            targets(&text).filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        {
            let file = target.split('#').next().unwrap_or_default();
            count += 1;
            if !file.is_empty() && !page.with_file_name(file).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    (broken, count)
}

fn collect(folder: &Path, pages: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|end| end == "md") {
            pages.push(path);
        }
    }
}

/// The targets of `[text](target)`; what stands in backticks is no link.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split('`').step_by(2);
    outside.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split([')', ' ']).next())
}
