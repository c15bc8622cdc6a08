//! Lengths of types: lines of a definition and of all its `impl` blocks, over all files.

use super::paths::{Modules, Named, named};
use super::read_folder;
use super::rules::Sources;
use super::text::{Word, code};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Longest type, in lines of its definition and of all its `impl` blocks.
const LONGEST_TYPE: usize = 500;
/// Types that are longer, by file and name, with the reason. Each has its own limit, a fifth above its length when it was
/// set: a rule that is added needs lines, and a type that doubles is to be seen.
const LONGER_TYPES: &[(&str, &str, usize)] = &[
    // One step of the workflow: its rules, a file a subject, all read and write the one state and the list of actions.
    ("pickup/machine.rs", "Transition", 2450),
    // One connection to a printer: a job, a drain and the polls share what the printer has said so far.
    ("device/printer/session/mod.rs", "PrinterSession", 1180),
];
/// Largest number of files that the type which puts all parts together may stand in.
const KIOSK_FILES: usize = 4;

/// A type, by the file that defines it and by its name there.
pub type Type = (String, String);
/// Lines of one type, and the files they stand in.
pub type Extent = (usize, BTreeSet<String>);

/// Lines of every type: of its definition and of all its `impl` blocks, over all files; and the blocks of which no
/// import tells whose they are, among types of the same name.
pub fn lines_by_type(sources: &Sources) -> (BTreeMap<Type, Extent>, Vec<String>) {
    let read: BTreeMap<&str, Vec<Word>> =
        sources.iter().map(|(file, text)| (file.as_str(), code(text).words)).collect();
    let paths: BTreeMap<&str, Vec<Named>> = read.iter().map(|(&file, words)| (file, named(words))).collect();
    let modules = Modules::of(&paths);
    let all: Vec<(&str, Block)> = read
        .iter()
        .flat_map(|(&file, words)| blocks(words).into_iter().map(move |block| (file, block)))
        .collect();
    let defined: BTreeSet<Type> = all
        .iter()
        .filter(|(_, block)| block.defines)
        .map(|(file, block)| ((*file).to_owned(), block.name.clone()))
        .collect();
    let (mut found, mut doubtful) = (BTreeMap::<Type, Extent>::new(), Vec::new());
    for (file, block) in all {
        if let Some(of) = definition(file, &block.name, &paths[file], &modules, &defined) {
            let (lines, files) = found.entry(of).or_default();
            *lines += block.lines;
            files.insert(file.to_owned());
        } else if defined.iter().any(|(_, name)| *name == block.name) {
            doubtful.push(format!("src/{file}: an impl block of {}; import it by name", block.name));
        }
    }
    (found, doubtful)
}

/// The definition that a name means in a file: its own, the one it imports, or else the only one of its room.
fn definition(
    file: &str,
    name: &str,
    paths: &[Named],
    modules: &Modules,
    defined: &BTreeSet<Type>,
) -> Option<Type> {
    let own = (file.to_owned(), name.to_owned());
    if defined.contains(&own) {
        return Some(own);
    }
    let imported = paths
        .iter()
        .find(|named| named.import.as_deref() == Some(name))
        .and_then(|named| Some((modules.file(file, named)?.to_owned(), named.path.last()?.clone())));
    if let Some(of) = imported {
        return Some(of).filter(|of| defined.contains(of));
    }
    let room = |file: &str| file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
    let mut near = defined.iter().filter(|(other, its)| its == name && room(other) == room(file));
    near.next().filter(|_| near.next().is_none()).cloned()
}

/// A definition of a type, or an `impl` block of it.
struct Block {
    name: String,
    lines: usize,
    defines: bool,
}

/// `struct`, `enum` and `impl Type` blocks with their lines; `impl Trait for Type` counts for the type.
fn blocks(words: &[Word]) -> Vec<Block> {
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
        let defines = kind != "impl";
        let name = if defines { head.first().map(|word| word.text.clone()) } else { impl_type(head) };
        let end = if words[open].text == "{" { closing(words, open) } else { open };
        let lines = words[end].line + 1 - words[at].line;
        found.extend(name.map(|name| Block { name, lines, defines }));
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

#[test]
fn types_are_short() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    read_folder(&src, &src, &mut sources);
    sources.retain(|file, _| !file.contains("/tests"));
    let (types, mut broken) = lines_by_type(&sources);
    let mut longest: Vec<_> =
        types.iter().map(|((file, name), (lines, files))| (lines, name, file, files)).collect();
    longest.sort_unstable_by(|a, b| b.cmp(a));
    println!("{} types of src/; the longest, each with the files it stands in:", types.len());
    for (lines, name, file, files) in longest.iter().take(10) {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        println!("{name} of {file}, {lines} lines in {}: {}", files.len(), files.join(", "));
    }
    for (lines, name, file, _) in longest {
        let own = LONGER_TYPES.iter().find(|(its, of, _)| its == file && of == name);
        let most = own.map_or(LONGEST_TYPE, |(_, _, most)| *most);
        if *lines > most {
            broken.push(format!(
                "src/{file}: {name} has {lines} lines, above {most}; give a part of it a type of its own"
            ));
        }
    }
    for (file, name, _) in LONGER_TYPES {
        let lines = types.get(&((*file).to_owned(), (*name).to_owned())).map_or(0, |(lines, _)| *lines);
        if lines <= LONGEST_TYPE {
            broken
                .push(format!("{name} of {file} has {lines} lines: LONGER_TYPES need not name it any more"));
        }
    }
    let (lines, files) = &types[&("kiosk.rs".to_owned(), "Kiosk".to_owned())];
    if files.len() > KIOSK_FILES {
        broken.push(format!("Kiosk: {lines} lines in {files:?}, more than {KIOSK_FILES}"));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Two types of the same name in one room are two; `impl` blocks in other files count for the one they mean.
#[test]
fn a_types_lines_are_counted_over_all_files() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let sources = Sources::from([
        file("receipt/page.rs", "pub struct Page {\n    width: usize,\n}\n\nimpl Page {\n}\n"),
        file("receipt/leaf.rs", "enum Page {\n    A,\n}\n#[cfg(test)]\nimpl Page {\n\n\n}\n"),
        file("receipt/draw.rs", "use super::page::Page;\nimpl Page {\n    fn f() {}\n}\n"),
        file("receipt/mod.rs", "pub mod page;\npub use page::Page;\n"),
        file(
            "screen/view.rs",
            "use crate::receipt::Page as Sheet;\nimpl From<Sheet> for u8 {\n}\nimpl Clone for Sheet {\n}\n",
        ),
        file("receipt/text.rs", "impl fmt::Display for super::leaf::Page {\n}\n"),
    ]);
    let (types, doubtful) = lines_by_type(&sources);
    let lines = |file: &str| {
        types.get(&(file.to_owned(), "Page".to_owned())).map(|(lines, files)| (*lines, files.len()))
    };
    assert_eq!(lines("receipt/page.rs"), Some((3 + 2 + 3 + 2, 3)));
    assert_eq!(lines("receipt/leaf.rs"), Some((3, 1)));
    assert_eq!(types.len(), 2);
    assert_eq!(doubtful, ["src/receipt/text.rs: an impl block of Page; import it by name"]);
}
