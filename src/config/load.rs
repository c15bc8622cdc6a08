//! Loading of files into a tree: the main file over what it includes, override.toml over all.

use super::error::{ConfigError, boxed};
use super::file::{self, Unread};
use super::renamed::with_present_names;
use super::tree::{Node, Position, Value};
use crate::locale::text;
use std::path::{Path, PathBuf};

/// Size of the largest file of a configuration, in bytes.
pub const FILE_MAX_BYTES: u64 = 256 * 1024;
/// Largest number of files that one configuration may be made of, all includes counted.
pub const FILES_MAX: u32 = 16;
/// Name of the file of settings changed on site, in `state_dir`.
pub const OVERRIDE_FILE: &str = "override.toml";

/// Reads one file, which must exist, without looking at its includes.
///
/// # Errors
/// When it cannot be read or is not TOML.
pub fn one_file(path: &Path) -> Result<Node, ConfigError> {
    match optional_file(path)? {
        Some(node) => Ok(node),
        None => {
            let right = ("请指定正确的文件，或新建它", "name the right one, or create it");
            Err(ConfigError::of_file(path, ("没有这个文件", "no such file"), right))
        }
    }
}

fn optional_file(path: &Path) -> Result<Option<Node>, ConfigError> {
    optional_text(path)?.map(|text| with_present_names(Node::parse(path, &text)?)).transpose()
}

/// Returns the text of a file of the configuration, if there is such a file.
///
/// # Errors
/// When it cannot be read, is too long or is not UTF-8.
pub fn optional_text(path: &Path) -> Result<Option<String>, ConfigError> {
    let content = match file::read(path, FILE_MAX_BYTES) {
        Ok((_, content)) => content,
        Err(Unread::Missing) => return Ok(None),
        Err(Unread::TooLong) => {
            let right = text!(
                "配置文件最多 {} KiB",
                "a configuration file has at most {} KiB",
                FILE_MAX_BYTES / 1024
            );
            return Err(ConfigError::of_file(path, ("文件太长", "the file is too long"), right));
        }
        Err(Unread::Other(reason)) => {
            let found = text!("无法读取：{reason:#}", "cannot be read: {reason}");
            let right = ("必须是当前用户可读的文件", "it must be a file that this user can read");
            return Err(ConfigError::of_file(path, found, right));
        }
    };
    String::from_utf8(content).map(Some).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let breaks = valid.split(|byte| *byte == b'\n').count();
        ConfigError {
            file: path.into(),
            line: u32::try_from(breaks).ok(),
            key: None,
            found: boxed(("有字节不是 UTF-8", "a byte that is not UTF-8")),
            right: boxed(("请以 UTF-8 编码保存文件", "save the file as UTF-8")),
        }
    })
}

/// Text that goes over kiosk.toml.
#[derive(Debug, Clone, Copy)]
pub enum Over<'a> {
    /// The file override.toml, if there is one.
    File,
    /// The text that override.toml would have.
    Text(&'a str),
}

/// Returns the directory of the journal and of override.toml, which says nothing about it itself.
///
/// # Errors
/// As [`all_files`].
pub fn state_dir_of(path: &Path) -> Result<PathBuf, ConfigError> {
    let root = with_includes(path, &mut { FILES_MAX })?;
    Ok(directory(path).join(super::state_dir(&root)))
}

/// Reads the main file and everything that goes under and over it. `state_dir` tells where
/// override.toml is, from the tree made of all other files.
///
/// # Errors
/// The first file that cannot be read or is not TOML, or an `include` that makes no sense.
pub fn all_files(
    path: &Path,
    over: Over<'_>,
    state_dir: impl Fn(&Node) -> PathBuf,
) -> Result<Node, ConfigError> {
    let mut files_left = FILES_MAX;
    let mut root = with_includes(path, &mut files_left)?;
    let file = state_dir(&root).join(OVERRIDE_FILE);
    let over = match over {
        Over::File => optional_file(&file)?,
        Over::Text(text) => Some(with_present_names(Node::parse(&file, text)?)?),
    };
    if let Some(over_node) = over {
        for key in ["include", "kiosk.state_dir"] {
            if let Some(node) = over_node.find(key) {
                let right = text!(
                    "{OVERRIDE_FILE} 里不能有这个键：请删除",
                    "{OVERRIDE_FILE} must not have this key: remove it"
                );
                let found = ("出现在这个文件里", "found in this file");
                return Err(ConfigError::of_key(&node.at, key, found, right));
            }
        }
        root.overlay(over_node, Position::Lower);
    }
    Ok(root)
}

fn with_includes(path: &Path, files_left: &mut u32) -> Result<Node, ConfigError> {
    *files_left = files_left.checked_sub(1).ok_or_else(|| {
        let right = text!(
            "最多读 {FILES_MAX} 个；文件是否互相引用成环？",
            "at most {FILES_MAX} are read; do files include each other in a circle?"
        );
        ConfigError::of_file(path, ("include 的文件太多", "too many included files"), right)
    })?;
    let mut own = one_file(path)?;
    let mut under: Option<Node> = None;
    for included in take_includes(&mut own)? {
        let node = with_includes(&directory(path).join(included), files_left)?;
        match &mut under {
            Some(under) => under.overlay(node, Position::Upper),
            None => under = Some(node),
        }
    }
    Ok(match under {
        Some(mut under) => {
            under.overlay(own, Position::Upper);
            under
        }
        None => own,
    })
}

/// Takes the key `include` out of a file's tree.
fn take_includes(root: &mut Node) -> Result<Vec<String>, ConfigError> {
    let Value::Table(entries) = &mut root.value else { return Ok(Vec::new()) };
    let Some(entry) = entries.remove("include") else { return Ok(Vec::new()) };
    let wrong = |node: &Node| {
        let right = (
            "应为文件名数组：include = [\"chain.toml\"]",
            "must be an array of file names: include = [\"chain.toml\"]",
        );
        ConfigError::of_key(&node.at, "include", node.found(), right)
    };
    let Value::Array(items) = &entry.node.value else { return Err(wrong(&entry.node)) };
    let names = items.iter().map(|item| match &item.value {
        Value::Text(name) if !name.is_empty() => Ok(name.clone()),
        _ => Err(wrong(item)),
    });
    names.collect()
}

/// Returns the directory that a file is in.
pub fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}
