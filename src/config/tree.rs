//! Tree of TOML in which each value knows the file and line it came from, so that a message names the right file even
//! after several were laid over one another. Pure.

use super::error::{ConfigError, boxed};
use crate::locale::{Text, text};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Largest depth of tables within tables: no configuration has more.
const DEPTH_MAX: u32 = 32;
/// Largest number of characters of a found text that a message quotes.
const QUOTE_MAX: usize = 60;

/// Location in a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    /// Path of the file.
    pub file: Arc<Path>,
    /// Line in the file, from 1.
    pub line: u32,
}

/// A value and its location.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Location of the value; a table's: its header or its first key.
    pub at: SourceLocation,
    /// Value that stands there.
    pub value: Value,
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or time, as written.
    Date(String),
    /// An array, of tables too.
    Array(Vec<Node>),
    /// A table with its keys.
    Table(BTreeMap<String, Entry>),
}

/// One key of a table, with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Location of the key.
    pub key_at: SourceLocation,
    /// Value of the key.
    pub node: Node,
}

/// Position of the table, of two with the same name, in which a key missing from both is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The lower one: settings changed on site lie over the real file.
    Lower,
    /// The upper one: the main file lies over what it includes.
    Upper,
}

impl Node {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// When it is not TOML, says where.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let reader = Reader::new(file, text);
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map(|span| reader.at(span.start));
            ConfigError {
                file: file.to_path_buf(),
                line: at.map(|at| at.line),
                key: None,
                found: boxed(text!(
                    "不是有效的 TOML：{}",
                    "this is not TOML: {}",
                    error.message().replace('\n', ", ")
                )),
                right: boxed(("请改正这一行", "correct this line")),
            }
        })?;
        reader.table(table.get_ref(), reader.at(0), 0).map_err(|fault| *fault)
    }

    /// Returns the value at a path of keys; array elements by their index.
    pub fn find(&self, path: &str) -> Option<&Self> {
        steps(path).try_fold(self, |node, step| node.step(step))
    }

    /// Returns the location of the value at this path or, where it is left out, of the innermost table around it.
    pub fn nearest_location(&self, path: &str) -> &SourceLocation {
        let mut node = self;
        for step in steps(path) {
            match node.step(step) {
                Some(inner) => node = inner,
                None => break,
            }
        }
        &node.at
    }

    fn step(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(entries) => entries.get(step).map(|entry| &entry.node),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Lays another file's tree over this one: tables are merged, everything else is replaced.
    pub fn overlay(&mut self, upper: Self, position: Position) {
        if position == Position::Upper {
            self.at = upper.at;
        }
        match (&mut self.value, upper.value) {
            (Value::Table(lower), Value::Table(upper)) => {
                for (key, entry) in upper {
                    match lower.get_mut(&key) {
                        Some(beneath) if both_tables(&beneath.node, &entry.node) => {
                            beneath.node.overlay(entry.node, position);
                        }
                        _ => {
                            lower.insert(key, entry);
                        }
                    }
                }
            }
            (lower, upper) => *lower = upper,
        }
    }

    /// Tells the value that was found, for a message; long texts are cut.
    pub fn found(&self) -> Text {
        let value = match &self.value {
            Value::Text(text) if text.chars().count() > QUOTE_MAX => {
                let start: String = text.chars().take(QUOTE_MAX).collect();
                Text::same(format!("{start:?}…"))
            }
            Value::Text(text) => Text::same(format!("{text:?}")),
            Value::Integer(number) => Text::same(number.to_string()),
            Value::Float(number) => Text::same(format!("{number:?}")),
            Value::Boolean(value) => Text::same(value.to_string()),
            Value::Date(date) => text!("日期 {date}", "the date {date}"),
            Value::Array(_) | Value::Table(_) => self.kind(),
        };
        text!("写的是 {value:#}", "found {value}")
    }

    /// Tells the kind of value that was found, where the value may be a secret.
    pub fn found_hidden(&self) -> Text {
        let kind = self.kind();
        text!("写的是{kind:#}（此处不显示）", "found {kind} (not shown here)")
    }

    /// Returns the kind of value that was found.
    fn kind(&self) -> Text {
        let (zh, en) = match &self.value {
            Value::Text(_) => ("字符串", "a string"),
            Value::Integer(_) => ("整数", "a whole number"),
            Value::Float(_) => ("小数", "a number with a fraction"),
            Value::Boolean(_) => ("true 或 false", "true or false"),
            Value::Date(_) => ("日期", "a date"),
            Value::Array(_) => ("数组", "an array"),
            Value::Table(_) => ("表", "a table"),
        };
        Text::new(zh, en)
    }
}

fn both_tables(a: &Node, b: &Node) -> bool {
    matches!((&a.value, &b.value), (Value::Table(_), Value::Table(_)))
}

/// Splits a path into its steps: `a.b[1].c` → a, b, 1, c.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty())
}

struct Reader<'t> {
    file: Arc<Path>,
    text: &'t str,
    line_starts: Vec<usize>,
}

impl<'t> Reader<'t> {
    fn new(file: &Path, text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self { file: file.into(), text, line_starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    fn at(&self, offset: usize) -> SourceLocation {
        let line = self.line_starts.partition_point(|start| *start <= offset.min(self.text.len()));
        SourceLocation { file: self.file.clone(), line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    fn table(&self, table: &DeTable<'_>, at: SourceLocation, depth: u32) -> Result<Node, Box<ConfigError>> {
        if depth > DEPTH_MAX {
            return Err(Box::new(ConfigError {
                file: self.file.to_path_buf(),
                line: Some(at.line),
                key: None,
                found: boxed(("表嵌套太深", "tables within tables, too deep")),
                right: boxed(text!("最多读 {DEPTH_MAX} 层", "at most {DEPTH_MAX} levels are read")),
            }));
        }
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let node = self.node(value, key.get_ref(), depth + 1)?;
            let entry = Entry { key_at: self.at(key.span().start), node };
            entries.insert(key.get_ref().clone().into_owned(), entry);
        }
        Ok(Node { at, value: Value::Table(entries) })
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, key: &str, depth: u32) -> Result<Node, Box<ConfigError>> {
        let at = self.at(value.span().start);
        let too_large = |text: &str| {
            Box::new(ConfigError::of_key(
                &at,
                key,
                text!("写的是数字 {text}", "found the number {text}"),
                ("应为最多 18 位的数字", "must be a number of at most 18 digits"),
            ))
        };
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) => Value::Integer(
                i64::from_str_radix(number.as_str(), number.radix())
                    .map_err(|_| too_large(number.as_str()))?,
            ),
            DeValue::Float(number) => {
                Value::Float(number.as_str().parse().map_err(|_| too_large(number.as_str()))?)
            }
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => {
                let items =
                    items.iter().map(|item| self.node(item, key, depth + 1)).collect::<Result<_, _>>()?;
                Value::Array(items)
            }
            DeValue::Table(table) => return self.table(table, at, depth),
        };
        Ok(Node { at, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str, text: &str) -> Node {
        Node::parse(Path::new(name), text).unwrap()
    }

    fn line(node: &Node, path: &str) -> (String, u32) {
        let at = &node.find(path).unwrap().at;
        (at.file.display().to_string(), at.line)
    }

    #[test]
    fn every_value_knows_its_line() {
        let node = tree("k", "a = 1\n[b]\nc = \"é\"\nd.e = true\n\n[[f]]\ng=[1,\n 2]\n[[f]]\n");
        for (path, wanted) in [("a", 1), ("b.c", 3), ("b.d.e", 4), ("f[0].g[1]", 8), ("f[1]", 9)] {
            assert_eq!(line(&node, path), ("k".into(), wanted), "{path}");
        }
        assert_eq!(node.nearest_location("b.x.y").line, 2);
        assert!(node.find("f[2]").is_none());
    }

    #[test]
    fn later_files_win_and_arrays_are_replaced() {
        let mut node = tree("chain", "[s]\na = 1\nb = 2\n[[p]]\nx = 1\n[[p]]\nx = 2\n");
        node.overlay(tree("main", "[s]\nb = 3\n[[p]]\nx = 9\n"), Position::Upper);
        assert_eq!(line(&node, "s.a"), ("chain".into(), 2));
        assert_eq!(line(&node, "s.b"), ("main".into(), 2));
        assert_eq!(line(&node, "s"), ("main".into(), 1));
        assert_eq!(node.find("p[0].x").unwrap().value, Value::Integer(9));
        assert!(node.find("p[1]").is_none());
        node.overlay(tree("override", "s.b = 4\ns.c = 5\n"), Position::Lower);
        assert_eq!(line(&node, "s"), ("main".into(), 1));
        assert_eq!(line(&node, "s.b"), ("override".into(), 1));
    }

    #[test]
    fn what_is_not_toml_is_refused_with_its_line() {
        for (text, wanted) in [("a = 1\nb = = 2\n", 2), ("a = 1\na = 2\n", 2), ("[x\n", 1)] {
            let error = Node::parse(Path::new("k"), text).unwrap_err();
            assert_eq!(error.line, Some(wanted), "{error}");
            assert!(!error.to_string().contains('\n'), "{error}");
        }
        let error = Node::parse(Path::new("k"), "a = 99999999999999999999\n").unwrap_err();
        assert!(error.to_string().contains("18 digits"), "{error}");
    }

    #[test]
    fn depth_is_bounded() {
        for deep in [
            format!("{}a = 1", "a.".repeat(60_000)),
            format!("[{}a]", "a.".repeat(60_000)),
            format!("a = {}", "[".repeat(60_000)),
            format!("a = {}1{}", "{b=".repeat(20_000), "}".repeat(20_000)),
        ] {
            assert!(Node::parse(Path::new("k"), &deep).is_err());
        }
    }
}
