//! Writing of a tree as TOML: what is changed on site, and the whole configuration for people, secrets hidden. Pure.

use super::de::may_hold_a_secret;
use super::tree::{Entry, Node, Value};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Text in place of a value that may be a secret.
const HIDDEN: &str = "\"(hidden)\"";

/// Formats the tree as TOML. `hide`: values of keys that may hold a secret are not shown.
pub fn toml(root: &Node, hide: bool) -> String {
    let mut text = String::new();
    if let Value::Table(entries) = &root.value {
        table(&mut text, "", entries, hide);
    }
    text.trim_start().to_owned()
}

fn table(text: &mut String, path: &str, entries: &BTreeMap<String, Entry>, hide: bool) {
    for (name, entry) in entries.iter().filter(|(_, entry)| !is_table(&entry.node)) {
        let value = if hide && may_hold_a_secret(name) { HIDDEN.into() } else { inline(&entry.node, hide) };
        let _ = writeln!(text, "{} = {value}", key(name));
    }
    for (name, entry) in entries.iter().filter(|(_, entry)| is_table(&entry.node)) {
        let path = if path.is_empty() { key(name) } else { format!("{path}.{}", key(name)) };
        match &entry.node.value {
            Value::Table(inner) => {
                // A table of tables alone needs no header of its own.
                if inner.is_empty() || inner.values().any(|entry| !is_table(&entry.node)) {
                    let _ = writeln!(text, "\n[{path}]");
                }
                table(text, &path, inner, hide);
            }
            Value::Array(items) => {
                for item in items {
                    let _ = writeln!(text, "\n[[{path}]]");
                    if let Value::Table(inner) = &item.value {
                        table(text, &path, inner, hide);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Returns true for what is written under a header: a table, or an array of nothing but tables.
fn is_table(node: &Node) -> bool {
    match &node.value {
        Value::Table(_) => true,
        Value::Array(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item.value, Value::Table(_)))
        }
        _ => false,
    }
}

fn inline(node: &Node, hide: bool) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(value) => value.to_string(),
        Value::Date(date) => date.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, hide)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let shown = |(name, entry): (&String, &Entry)| {
                let hidden = hide && may_hold_a_secret(name);
                format!("{} = {}", key(name), if hidden { HIDDEN.into() } else { inline(&entry.node, hide) })
            };
            format!("{{ {} }}", entries.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
    }
}

fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name) }
}

/// Formats a basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn tree(text: &str) -> Node {
        Node::parse(Path::new("k"), text).unwrap()
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        for text in [
            include_str!("../../config/kiosk.toml"),
            "a.b.c = 1\na.d = [1, \"x\\\"\\\\\\u0007票\", {y = 1.5}]\n[[p]]\nq = true\n[[p]]\n[[p.r]]\ns = 1979-05-27\n",
            "[e]\n\"odd key\" = \"\"\n",
        ] {
            let once = toml(&tree(text), false);
            assert_eq!(toml(&tree(&once), false), once, "{text}");
            assert_eq!(
                once.lines().filter(|line| line.starts_with("[[")).count(),
                text.lines().filter(|line| line.starts_with("[[")).count()
            );
        }
    }

    #[test]
    fn secrets_are_hidden_where_people_look() {
        let text = "password_file = \"hunter2\"\n[[maintenance.user]]\nname = \"Li\"\npin_hash = \"$argon2id$x\"\n[a]\nb = [{ token = \"t0k\" }]\n";
        let shown = toml(&tree(text), true);
        for secret in ["hunter2", "argon2id", "t0k"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("name = \"Li\""));
    }
}
