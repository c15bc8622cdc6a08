use super::*;
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Outer {
    name: String,
    #[serde(default)]
    size: u32,
    #[serde(default)]
    on: bool,
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    words: Vec<Word>,
    #[serde(default)]
    inner: Vec<Inner>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    First,
    Second { n: u32 },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    path: PathBuf,
    password_file: Option<PathBuf>,
}

fn read(text: &str) -> Result<Outer, ConfigError> {
    settings(&Node::parse(Path::new("k"), text)?)
}

#[test]
fn every_kind_of_value_is_read() {
    let outer = read(
        "name = \"x\"\nsize = 3\non = true\nshare = 1\nwords = [\"first\", { second = { n = 2 } }]\n\
         [[inner]]\npath = \"/p\"\n",
    )
    .unwrap();
    assert_eq!(outer.size, 3);
    assert_eq!(outer.share, Some(1.0));
    assert_eq!(outer.words, [Word::First, Word::Second { n: 2 }]);
    assert_eq!(outer.inner, [Inner { path: "/p".into(), password_file: None }]);
}

#[test]
fn each_fault_says_where_what_and_what_would_be_right() {
    let known = "known here: name, size, on, share, words, inner";
    let cases = [
        ("", "k:1: name: missing; it is required: add it (the commented example kiosk.toml shows it)".into()),
        ("name = 5", "k:1: name: found 5; must be a string in quotes".into()),
        ("name = \"a\"\nsiez = 1", format!("k:2: siez: unknown key; did you mean size? {known}")),
        ("name = \"a\"\nzzz = 1", format!("k:2: zzz: unknown key; {known}")),
        (
            "name = \"a\"\nsize = \"1\"",
            "k:2: size: found \"1\"; must be a whole number, not negative and not too large".into(),
        ),
        (
            "name = \"a\"\nsize = -1",
            "k:2: size: found -1; must be a whole number, not negative and not too large".into(),
        ),
        (
            "name = \"a\"\non = \"yes\"",
            "k:2: on: found \"yes\"; must be true or false, without quotes".into(),
        ),
        ("name = \"a\"\nshare = []", "k:2: share: found an array; must be a number".into()),
        (
            "name = \"a\"\nwords = [\"first\",\n\"frist\"]",
            "k:3: words[1]: found \"frist\"; did you mean \"first\"? must be one of \"first\", \"second\""
                .into(),
        ),
        (
            "name = \"a\"\ninner = 1",
            "k:2: inner: found 1; must be an array: [ … ], or [[…]] for tables".into(),
        ),
        (
            "name = \"a\"\n[[inner]]\npath = \"\"\n[[inner]]\n",
            "k:4: inner[1].path: missing; it is required: add it to [inner[1]]".into(),
        ),
        (
            "name = \"a\"\n[[inner]]\npath = 1.5",
            "k:3: inner[0].path: found 1.5; must be a string in quotes".into(),
        ),
        (
            "name = \"a\"\n[[inner]]\npath = \"\"\npassword_file = 4711",
            "k:4: inner[0].password_file: found a whole number (not shown here); must be a string in quotes"
                .into(),
        ),
        (
            "name = \"a\"\ninner = [{path = \"\", q = 1}]",
            "k:2: inner[0].q: unknown key; known here: path, password_file".into(),
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(read(text).unwrap_err().to_string(), wanted);
    }
}

#[test]
fn long_and_strange_values_are_quoted_tamely() {
    let text = format!("name = \"a\"\nsize = \"{}\\u001b\"", "x".repeat(10_000));
    let message = read(&text).unwrap_err().to_string();
    assert!(message.len() < 250 && !message.contains('\u{1b}'), "{message}");
}
