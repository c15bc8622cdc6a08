//! Deserializer from the tree to typed settings, by serde: its errors know the key, the place and what the type wanted.
//! Pure.

use super::error::{ConfigError, boxed, nearest};
use super::tree::{Entry, Node, SourceLocation, Value};
use crate::locale::{Text, both, text};
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
    found: Box<Text>,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownWord { word: String, known: &'static [&'static str] },
    Missing(&'static str),
    Wrong(Box<Text>),
}

impl Fault {
    fn new(problem: Problem) -> Self {
        Self { path: Vec::new(), at: None, found: Box::default(), problem }
    }

    /// Notes the value that the fault is in, unless an inner one has been noted.
    fn in_node(mut self, node: &Node) -> Self {
        if self.at.is_none() {
            self.at = Some(node.at.clone());
            self.found = boxed(node.found());
        }
        self
    }

    fn under(mut self, key: String, node: &Node) -> Self {
        if self.path.is_empty() && may_hold_a_secret(&key) {
            self.found = boxed(node.found_hidden());
        }
        self.path.push(key);
        self
    }

    fn into_error(mut self, root: &Node) -> ConfigError {
        let at = self.at.take().unwrap_or_else(|| root.at.clone());
        let table = self.dotted();
        let (found, right) = match self.problem {
            Problem::UnknownKey { key, known } => {
                let right = unknown(&key, known, ["此处可用：", "known here: "], "");
                self.path.insert(0, key);
                (("没有这个键", "unknown key").into(), right)
            }
            Problem::UnknownWord { word, known } => {
                (*self.found, unknown(&word, known, ["应为其中之一：", "must be one of "], "\""))
            }
            Problem::Missing(key) => {
                self.path.insert(0, key.to_owned());
                let right = if table.is_empty() {
                    Text::new(
                        "必须有：请加上（带注释的示例 kiosk.toml 里有）",
                        "it is required: add it (the commented example kiosk.toml shows it)",
                    )
                } else {
                    text!("必须有：请加到 [{table}] 里", "it is required: add it to [{table}]")
                };
                (("缺少", "missing").into(), right)
            }
            Problem::Wrong(right) => (*self.found, *right),
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

fn unknown(word: &str, known: &[&str], [all_zh, all_en]: [&str; 2], quote: &str) -> Text {
    let list: Vec<String> = known.iter().map(|word| format!("{quote}{word}{quote}")).collect();
    let list = list.join(", ");
    match nearest(word, known) {
        Some(near) => text!(
            "是不是 {quote}{near}{quote}？{all_zh}{list}",
            "did you mean {quote}{near}{quote}? {all_en}{list}"
        ),
        None => text!("{all_zh}{list}", "{all_en}{list}"),
    }
}

/// Returns what a type wants, in words for people instead of Rust's.
fn wanted(expected: &dyn de::Expected) -> Text {
    let text = expected.to_string();
    let (zh, en) = match text.as_str() {
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            ("整数，不能为负，也不能太大", "a whole number, not negative and not too large")
        }
        "i8" | "i16" | "i32" | "i64" | "isize" => ("整数", "a whole number"),
        "f32" | "f64" => ("数字", "a number"),
        "a boolean" => ("true 或 false，不加引号", "true or false, without quotes"),
        "path string" | "a string" | "a character" => ("带引号的字符串", "a string in quotes"),
        "a sequence" => ("数组：[ … ]，表则写 [[…]]", "an array: [ … ], or [[…]] for tables"),
        text if text.starts_with("struct ") => ("表：[ … ]", "a table: [ … ]"),
        text if text.starts_with("enum ") => WORD,
        text => (text, text),
    };
    text!("应为{zh}", "must be {en}")
}

/// Kind of value of which each has its words.
const WORD: (&str, &str) = ("带引号的词", "a word in quotes");

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Problem::Wrong(boxed(both(&message))))
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Problem::Wrong(boxed(wanted(expected))))
    }

    fn invalid_value(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(Problem::Wrong(boxed(wanted(expected))))
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
            _ => {
                let (zh, en) = WORD;
                Err(de::Error::custom(text!("应为{zh}", "must be {en}")))
            }
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
            return Err(de::Error::custom(Text::new("有值而没有键", "a value without a key")));
        };
        seed.deserialize(Reading(&entry.node)).map_err(|fault| fault.under(key.clone(), &entry.node))
    }
}

#[cfg(test)]
mod tests;
