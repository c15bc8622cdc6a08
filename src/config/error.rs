//! Message about a wrong configuration, one form for all.

use super::tree::SourceLocation;
use crate::locale::{Text, display_text, text};
use std::path::{Path, PathBuf};

/// Fault of the configuration: its location, what was found and what would be right.
///
/// Shown as one line: `FILE:LINE: KEY: FOUND; RIGHT`. Never quotes a secret file's contents, nor the
/// value of a key that people might have put a secret under.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// File that the wrong value stands in, which an include or override.toml can be.
    pub file: PathBuf,
    /// Line in the file, from 1; none when the file as a whole is meant.
    pub line: Option<u32>,
    /// Key, with the tables around it: `sarft.timeout_ms`, `scanner[1].connection` (from 0).
    pub key: Option<String>,
    /// Value or condition that was found.
    pub found: Box<Text>,
    /// Value or condition that would be right.
    pub right: Box<Text>,
}

display_text!(ConfigError);

/// Boxes a sentence: a configuration's error is returned by value from every reader, and stays small.
pub(super) fn boxed(text: impl Into<Text>) -> Box<Text> {
    Box::new(text.into())
}

impl ConfigError {
    /// Returns a fault of a file as a whole.
    pub fn of_file(file: impl Into<PathBuf>, found: impl Into<Text>, right: impl Into<Text>) -> Self {
        Self { file: file.into(), line: None, key: None, found: boxed(found), right: boxed(right) }
    }

    /// Returns a fault of a key, at a location.
    pub(super) fn of_key(
        at: &SourceLocation,
        key: impl Into<String>,
        found: impl Into<Text>,
        right: impl Into<Text>,
    ) -> Self {
        Self {
            file: at.file.to_path_buf(),
            line: Some(at.line),
            key: Some(key.into()),
            found: boxed(found),
            right: boxed(right),
        }
    }
}

impl ConfigError {
    /// Formats the message without what would be right: `FILE:LINE: KEY: FOUND`.
    pub fn found_at(&self) -> Text {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let key = self.key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
        let (file, found) = (self.file.display(), &self.found);
        text!("{file}{line}: {key}{found:#}", "{file}{line}: {key}{found}")
    }

    /// Formats the whole message.
    pub fn text(&self) -> Text {
        let (found, right) = (self.found_at(), &self.right);
        text!("{found:#}；{right:#}", "{found}; {right}")
    }
}

/// Tells that a key has to name a file, and that there is none of this path.
pub(super) fn no_such_file(path: &Path) -> Text {
    let path = path.display();
    text!("应为文件名；没有 {path}", "must name a file; there is no {path}")
}

/// Tells that a file of this path is needed, or one of the names that are built in.
pub(super) fn file_or_built_in(path: &Path, known: &[&str]) -> Text {
    let (path, known) = (path.display(), known.join(", "));
    text!("应有文件 {path}，或用内置的：{known}", "must be a file {path}, or one built in: {known}")
}

/// Likeness (Jaro-Winkler, 0 to 1) from which a word is taken for a slip of another.
const ALIKE: f64 = 0.8;

/// Returns the known word that was probably meant.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(&word, candidate), *candidate))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known =
            ["address", "username", "password_file", "timeout_ms", "repeated_issue", "flags_at", "wire"];
        for (slip, meant) in [
            ("timeout", "timeout_ms"),
            ("timeout_msec", "timeout_ms"),
            ("adress", "address"),
            ("usrename", "username"),
            ("Address", "address"),
            ("password", "password_file"),
            ("repeat_issue", "repeated_issue"),
            ("flag_at", "flags_at"),
        ] {
            assert_eq!(nearest(slip, &known), Some(meant), "{slip}");
        }
        for stranger in ["colour", "x", ""] {
            assert_eq!(nearest(stranger, &known), None, "{stranger}");
        }
    }

    #[test]
    fn it_is_one_line() {
        let error = ConfigError {
            file: "/etc/k.toml".into(),
            line: Some(7),
            key: Some("sarft.timeout_ms".into()),
            found: boxed(("写的是 5", "found 5")),
            right: boxed(("应为 100 到 60000", "must be from 100 to 60000")),
        };
        assert_eq!(error.to_string(), "/etc/k.toml:7: sarft.timeout_ms: found 5; must be from 100 to 60000");
        assert_eq!(error.text().zh, "/etc/k.toml:7: sarft.timeout_ms: 写的是 5；应为 100 到 60000");
        let empty = ConfigError::of_file("k", ("空文件", "empty"), ("请填写", "write it"));
        assert_eq!(empty.to_string(), "k: empty; write it");
    }
}
