//! Deserializer from the tree to typed settings, by serde: its errors know the key, the place and what the type wanted.
//! Pure.

use super::error::{ConfigError, nearest};
use super::tree::{Entry, Node, SourceLocation, Value};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use std::collections::btree_map;
use std::fmt;

/// Reads the settings that a tree holds.
///
/// # Errors
/// The first key that is unknown, missing or has a wrong value.
pub fn settings<'de, T: de::Deserialize<'de>>(root: &'de Node) -> Result<T, ConfigError> {
    T::deserialize(Reading(root)).map_err(|fault| fault.into_error(root))
}

/// Returns true if people might have put a secret under this key: its value is never quoted.
pub fn may_hold_a_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    ["password", "token", "pin", "secret"].iter().any(|word| key.contains(word))
}

/// Fault on its way up from the value to the root.
#[derive(Debug)]
struct Fault {
    /// Keys from the innermost to the outermost.
    path: Vec<String>,
    at: Option<SourceLocation>,
    found: String,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownWord { word: String, known: &'static [&'static str] },
    Missing(&'static str),
    Wrong(String),
}

impl Fault {
    fn new(problem: Problem) -> Self {
        Self { path: Vec::new(), at: None, found: String::new(), problem }
    }

    /// Notes the value that the fault is in, unless an inner one has been noted.
    fn in_node(mut self, node: &Node) -> Self {
        if self.at.is_none() {
            self.at = Some(node.at.clone());
            self.found = node.describe();
        }
        self
    }

    fn under(mut self, key: String, node: &Node) -> Self {
        if self.path.is_empty() && may_hold_a_secret(&key) {
            self.found = format!("{} (not shown here)", node.kind());
        }
        self.path.push(key);
        self
    }

    fn into_error(mut self, root: &Node) -> ConfigError {
        let at = self.at.take().unwrap_or_else(|| root.at.clone());
        let table = self.dotted();
        let (found, right) = match self.problem {
            Problem::UnknownKey { key, known } => {
                let right = unknown(&key, known, "known here: ", "");
                self.path.insert(0, key);
                ("unknown key".into(), right)
            }
            Problem::UnknownWord { word, known } => {
                (format!("found {}", self.found), unknown(&word, known, "must be one of ", "\""))
            }
            Problem::Missing(key) => {
                self.path.insert(0, key.to_owned());
                let right = if table.is_empty() {
                    "it is required: add it (the commented example kiosk.toml shows it)".into()
                } else {
                    format!("it is required: add it to [{table}]")
                };
                ("missing".into(), right)
            }
            Problem::Wrong(right) => (format!("found {}", self.found), right),
        };
        let key = dotted(&self.path);
        ConfigError::of_key(&at, key, found, right)
    }

    fn dotted(&self) -> String {
        dotted(&self.path)
    }
}

fn dotted(path: &[String]) -> String {
    let mut text = String::new();
    for step in path.iter().rev() {
        if !text.is_empty() && !step.starts_with('[') {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}

fn unknown(word: &str, known: &[&str], all: &str, quote: &str) -> String {
    let meant = nearest(word, known).map(|near| format!("did you mean {quote}{near}{quote}? "));
    let list: Vec<String> = known.iter().map(|word| format!("{quote}{word}{quote}")).collect();
    format!("{}{all}{}", meant.unwrap_or_default(), list.join(", "))
}

/// Returns what a type wants, in words for people instead of Rust's.
fn wanted(expected: &dyn de::Expected) -> String {
    let text = expected.to_string();
    let words = match text.as_str() {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative and not too large",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false, without quotes",
        "path string" | "a string" | "a character" => "a string in quotes",
        "a sequence" => "an array: [ … ], or [[…]] for tables",
        text if text.starts_with("struct ") => "a table: [ … ]",
        text if text.starts_with("enum ") => "a word in quotes",
        text => text,
    };
    format!("must be {words}")
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Wrong(message.to_string()))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Problem::Wrong(wanted(expected)))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Problem::Wrong(wanted(expected)))
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownWord { word: word.to_owned(), known })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(Problem::UnknownKey { key: key.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Problem::Missing(key))
    }
}

#[derive(Clone, Copy)]
struct Reading<'de>(&'de Node);

impl<'de> Reading<'de> {
    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Text(text) | Value::Date(text) => visitor.visit_borrowed_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Boolean(value) => visitor.visit_bool(*value),
            Value::Array(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Value::Table(entries) => visitor.visit_map(Entries { rest: entries.iter(), open: None }),
        }
    }

    fn visit_enum<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.value {
            Value::Text(word) => {
                let word: StrDeserializer<'_, Fault> = word.as_str().into_deserializer();
                visitor.visit_enum(word)
            }
            Value::Table(entries) => {
                visitor.visit_enum(MapAccessDeserializer::new(Entries { rest: entries.iter(), open: None }))
            }
            _ => Err(de::Error::custom("must be a word in quotes")),
        }
    }
}

impl<'de> Deserializer<'de> for Reading<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.visit(visitor).map_err(|fault| fault.in_node(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.visit_enum(visitor).map_err(|fault| fault.in_node(self.0))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Items<'de>(std::iter::Enumerate<std::slice::Iter<'de, Node>>);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.0.next() else { return Ok(None) };
        seed.deserialize(Reading(node)).map(Some).map_err(|fault| fault.under(format!("[{index}]"), node))
    }
}

struct Entries<'de> {
    rest: btree_map::Iter<'de, String, Entry>,
    open: Option<(&'de String, &'de Entry)>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.open = self.rest.next();
        let Some((key, entry)) = self.open else { return Ok(None) };
        let key: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some).map_err(|mut fault| {
            fault.at = Some(entry.key_at.clone());
            fault
        })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, entry)) = self.open.take() else {
            return Err(de::Error::custom("a value without a key"));
        };
        seed.deserialize(Reading(&entry.node)).map_err(|fault| fault.under(key.clone(), &entry.node))
    }
}

#[cfg(test)]
mod tests;
