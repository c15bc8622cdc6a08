//! Doc comments and names: a doc comment's first sentence names its subject, and names use the field's words.

use super::text::{Word, code};

/// Words that open a doc comment without naming its subject.
const BARE_OPENINGS: &[&str] = &[
    "it", "its", "this", "that", "these", "those", "they", "them", "their", "he", "she", "his", "her",
    "which", "what", "who", "whom", "whose", "when", "where", "whether", "why", "how",
];

/// Words that add nothing to a name.
const FILLERS: &[&str] =
    &["a", "an", "the", "of", "its", "it", "as", "is", "in", "to", "and", "at", "by", "for"];

/// So many words may a doc comment have and still only repeat the name.
const REPEATING: usize = 3;

/// Words that were taken out of names of files, types, modules, functions, variants and fields, and the field's term
/// that stands for each.
const OLD_WORDS: &[(&str, &str)] = &[
    ("abilities", "capabilities"),
    ("acts", "audit log"),
    ("asker", "poller, origin"),
    ("care", "maintenance"),
    ("desk", "print queue"),
    ("guessing", "rate limit"),
    ("handover", "presenter"),
    ("happening", "wakeup"),
    ("holder", "user"),
    ("knife", "cutter"),
    ("lobby", "showtimes"),
    ("loose", "lenient"),
    ("mouth", "presenter"),
    ("parcel", "bundle"),
    ("rough", "faults"),
    ("stick", "USB drive"),
    ("unlike", "profile mismatch"),
    ("upkeep", "self-check"),
    ("walks", "scenarios"),
];

/// Names that are taken out as they stand: of types, modules, functions and files (without `.rs`, from the room on).
const OLD_NAMES: &[(&str, &str)] = &[
    ("Answer", "the answer of what"),
    ("Entering", "CodeEntry"),
    ("Front", "CustomerState"),
    ("Order", "the order of what"),
    ("Place", "the place of what"),
    ("Session", "the session of what"),
    ("Step", "the step of what"),
    ("Trial", "the trial of what"),
    ("Turn", "Transition"),
    ("Visit", "ActivePickup"),
    ("Why", "the reason of what"),
    ("config/rest", "config/salvage"),
    ("config/site", "config/overrides"),
    ("deal", "handle_event"),
    ("device/printer/session/facts", "status_snapshot"),
    ("device/printer/session/proof", "drain"),
    ("device/printer/session/rounds", "polling"),
    ("device/printer/session/told", "asb"),
    ("give", "handle_input"),
    ("journal/story", "journal/timeline"),
    ("kiosk/board", "kiosk/display"),
    ("kiosk/chance", "kiosk/clock"),
    ("kiosk/closed", "kiosk/out_of_service"),
    ("kiosk/information", "kiosk/showtimes"),
    ("kiosk/listen", "kiosk/http"),
    ("kiosk/pad", "kiosk/keypad_input"),
    ("kiosk/pages", "kiosk/journal_pages"),
    ("kiosk/part", "kiosk/check_result"),
    ("kiosk/printing", "kiosk/printer_events"),
    ("kiosk/roll", "kiosk/paper_supply"),
    ("kiosk/staff", "kiosk/staff_requests"),
    ("kiosk/trial", "kiosk/remote_pickup"),
    ("kiosk/until", "kiosk/run_until"),
    ("pickup/pace", "pickup/rate_limit"),
    ("screen/press", "screen/user_input"),
    ("vista/read", "vista/reply"),
];

/// A doc comment: the line it begins on, its words, and the name that follows it, if one does.
pub struct DocBlock {
    pub line: usize,
    words: Vec<String>,
    name: String,
}

/// The doc comments of a source file.
pub fn doc_blocks(source: &str) -> Vec<DocBlock> {
    let lines: Vec<&str> = source.lines().collect();
    let text = |at: usize| {
        let line = lines.get(at)?.trim_start();
        line.strip_prefix("///").or(line.strip_prefix("//!")).filter(|rest| !rest.starts_with('/'))
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let line = at + 1;
        let mut words = Vec::new();
        while let Some(more) = text(at) {
            words.extend(more.split_whitespace().map(str::to_owned));
            at += 1;
        }
        if line == at + 1 {
            at += 1;
            continue;
        }
        let item = lines[at..].iter().find(|line| !line.trim_start().starts_with('#'));
        found.push(DocBlock { line, words, name: item.map(|line| item_name(line)).unwrap_or_default() });
    }
    found
}

/// The name that an item, field or variant has.
fn item_name(line: &str) -> String {
    let before = [
        "pub", "const", "async", "unsafe", "static", "fn", "struct", "enum", "trait", "type", "mod", "crate",
    ];
    let mut names = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
    names.find(|name| !before.contains(name) && *name != "super").unwrap_or_default().to_owned()
}

/// Returns the fault of a doc comment that opens badly.
pub fn opening_fault(block: &DocBlock) -> Option<String> {
    let plain = |word: &String| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let first = block.words.first().map(plain)?;
    if BARE_OPENINGS.contains(&first.as_str()) {
        return Some(format!("opens with {first:?}; name the thing first"));
    }
    let said: Vec<String> = block.words.iter().map(plain).filter(|word| !word.is_empty()).collect();
    let name: Vec<String> = parts(&block.name).iter().map(|part| stem(part)).collect();
    let says_more = said.iter().any(|word| !FILLERS.contains(&word.as_str()) && !name.contains(&stem(word)));
    let repeats = said.len() <= REPEATING && !says_more;
    repeats.then(|| format!("only repeats {:?}; say what it is, or nothing", block.name))
}

/// A word without the ending that a name may lack.
fn stem(word: &str) -> String {
    let endings = ["ing", "ies", "ed", "es", "s"];
    let cut = endings.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= 3));
    cut.unwrap_or(word).to_owned()
}

/// `StatusPoller` and `status_poller` are `status` and `poller`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && lower) {
            parts.push(String::new());
        }
        lower = c.is_lowercase() || c.is_numeric();
        if c != '_'
            && let Some(last) = parts.last_mut()
        {
            last.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The names of a file that use a word which was taken out, with the term that stands for it.
pub fn old_names(file: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    for (old, new) in OLD_NAMES.iter().filter(|(old, _)| *old == path) {
        found.push(format!("{file}: {old} is {new}"));
    }
    for (old, new) in OLD_WORDS {
        if path.split('/').flat_map(parts).any(|part| part == *old) {
            found.push(format!("{file}: for {old:?} stands {new:?}"));
        }
    }
    let words = code(source).words;
    for pair in words.windows(2) {
        let kinds = ["fn", "struct", "enum", "trait", "type", "mod"];
        if !kinds.contains(&pair[0].text.as_str()) {
            continue;
        }
        let (name, line) = (&pair[1].text, pair[1].line);
        for (old, new) in OLD_NAMES.iter().filter(|(old, _)| old == name) {
            found.push(format!("{file}:{line}: {old} is {new}"));
        }
        for (old, new) in OLD_WORDS.iter().filter(|(old, _)| parts(name).iter().any(|part| part == old)) {
            found.push(format!("{file}:{line}: {name}: for {old:?} stands {new:?}"));
        }
    }
    for word in members(&words) {
        for (old, new) in OLD_WORDS.iter().filter(|(old, _)| parts(&word.text).iter().any(|part| part == old))
        {
            found.push(format!("{file}:{}: {}: for {old:?} stands {new:?}", word.line, word.text));
        }
    }
    found
}

/// The variants of the enums and the fields of structs and variants.
fn members(words: &[Word]) -> Vec<&Word> {
    let mut found = Vec::new();
    for (at, kind) in words.iter().enumerate().filter(|(_, word)| ["struct", "enum"].contains(&&*word.text)) {
        let head = words[at..].iter().position(|word| ["{", ";", "("].contains(&word.text.as_str()));
        let Some(open) = head.map(|length| at + length).filter(|open| words[*open].text == "{") else {
            continue;
        };
        let (mut depth, mut here) = (0, open);
        while let Some(word) = words.get(here) {
            match word.text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            let before = words[here - 1].text.as_str();
            let after = words.get(here + 1).map_or("", |word| word.text.as_str());
            let is_name = word.text.starts_with(|c: char| c.is_alphabetic() || c == '_');
            let is_variant = kind.text == "enum" && depth == 1 && ["{", ",", "]"].contains(&before);
            let is_field = after == ":" && ["{", ",", "]", "pub", ")"].contains(&before);
            if is_name && (is_variant || is_field) {
                found.push(word);
            }
            here += 1;
        }
    }
    found
}

#[test]
fn members_are_variants_and_fields_alone() {
    let source =
        "pub struct A<T> where T: Clone { pub old: B<u8, T>, #[serde(default)] pub(super) one: (u8, u8) }
                  struct Tuple(u8); fn f(arg: u8) { let x = S { field: arg }; }
                  enum E { First, #[default] Second(A, B), Third { inner: u8, more: u8 }, Fourth = 4 }";
    let names: Vec<String> = members(&code(source).words).iter().map(|word| word.text.clone()).collect();
    assert_eq!(names, ["old", "one", "First", "Second", "Third", "inner", "more", "Fourth"]);
}
