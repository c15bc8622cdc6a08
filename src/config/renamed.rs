//! Renamed keys of the configuration: a file that has the old name is read as if it had the present one. Pure.

use super::error::ConfigError;
use super::tree::{Entry, Node, Value};
use crate::locale::text;
use std::collections::BTreeMap;

/// Old path of a table or list of tables, and the key that it has now in the same table.
const RENAMED: [(&str, &str); 2] = [("guessing", "rate_limit"), ("maintenance.holder", "user")];

/// Renames the keys in the tree of one file to the present names.
///
/// # Errors
/// When a file has a table under both names.
pub fn with_present_names(mut root: Node) -> Result<Node, ConfigError> {
    for (old, present) in RENAMED {
        let (above, key) = old.rsplit_once('.').unwrap_or(("", old));
        let Some(table) = table_at(&mut root, above) else { continue };
        let Some(entry) = table.remove(key) else { continue };
        if table.contains_key(present) {
            let right = text!(
                "{old} 是 {present} 的旧名：请只留一个",
                "{old} is the old name of {present}: keep one of them"
            );
            let found = ("新旧两个名称都在这个文件里", "both names are in this file");
            return Err(ConfigError::of_key(&entry.key_at, old, found, right));
        }
        table.insert(present.to_owned(), entry);
    }
    Ok(root)
}

fn table_at<'a>(root: &'a mut Node, path: &str) -> Option<&'a mut BTreeMap<String, Entry>> {
    let mut node = root;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        node = match &mut node.value {
            Value::Table(entries) => &mut entries.get_mut(key)?.node,
            _ => return None,
        };
    }
    match &mut node.value {
        Value::Table(entries) => Some(entries),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn read(text: &str) -> Result<Node, ConfigError> {
        with_present_names(Node::parse(Path::new("kiosk.toml"), text)?)
    }

    #[test]
    fn old_names_are_read_as_the_present_ones_and_keep_their_lines() {
        let root = read("[guessing]\nburst = 9\n\n[[maintenance.holder]]\nname = 'Li'\n").unwrap();
        assert_eq!(root.find("rate_limit.burst").map(|node| node.at.line), Some(2));
        assert_eq!(root.find("maintenance.user.0.name").map(|node| node.at.line), Some(5));
        assert!(root.find("guessing").is_none() && root.find("maintenance.holder").is_none());
    }

    #[test]
    fn both_names_in_one_file_are_refused_where_the_old_one_stands() {
        let error = read("[rate_limit]\nburst = 9\n[guessing]\nburst = 8\n").unwrap_err();
        assert_eq!((error.line, error.key.as_deref()), (Some(3), Some("guessing")));
        assert!(error.to_string().contains("keep one of them"), "{error}");
    }

    #[test]
    fn a_value_where_a_table_should_be_is_left_to_whoever_reads_it() {
        assert!(read("maintenance = 3\nguessing = 4\n").unwrap().find("rate_limit").is_some());
    }
}
