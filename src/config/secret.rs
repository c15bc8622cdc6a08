//! Secret files: the folders that they are looked for in, and what makes one unfit.

use super::file::{self, Unread};
use crate::locale::{Text, display_text, text};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

pub use crate::sarft::Secret;

/// Size of the largest secret file, in bytes.
pub const SECRET_MAX_BYTES: u64 = 4096;

/// Reason for which a secret file cannot be used. Never quotes what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// The file is in none of the folders.
    Missing(Vec<PathBuf>),
    /// The file is there and cannot be read.
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Message of the system.
        reason: Text,
    },
    /// Group or others may read or write the file.
    Open {
        /// Path of the file.
        path: PathBuf,
        /// Permission bits of the file.
        mode: u32,
    },
    /// The file is longer than [`SECRET_MAX_BYTES`].
    TooLong(PathBuf),
    /// The file has nothing in it.
    Empty(PathBuf),
    /// The file is not one line of text.
    NotText(PathBuf),
}

display_text!(SecretError);

impl SecretError {
    /// Returns what was found.
    pub fn text(&self) -> Text {
        match self {
            Self::Missing(paths) => {
                let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
                let (zh, en) = (paths.join(" 和 "), paths.join(" and "));
                text!("没有这个文件；找过 {zh}", "no such file; looked for {en}")
            }
            Self::Unreadable { path, reason } => {
                let path = path.display();
                text!("{path} 无法读取：{reason:#}", "{path} cannot be read: {reason}")
            }
            Self::Open { path, mode } => {
                let path = path.display();
                text!("{path} 对其他人开放（权限 {mode:04o}）", "{path} is open to others (mode {mode:04o})")
            }
            Self::TooLong(path) => {
                let path = path.display();
                text!("{path} 超过 4096 字节", "{path} is longer than 4096 bytes")
            }
            Self::Empty(path) => {
                let path = path.display();
                text!("{path} 是空的", "{path} is empty")
            }
            Self::NotText(path) => {
                let path = path.display();
                text!("{path} 不是一行纯文本", "{path} is not one line of plain text")
            }
        }
    }

    /// Returns what to do about the error.
    pub fn remedy(&self) -> Text {
        match self {
            Self::Missing(_) => Text::new(
                "请把密码或令牌单独写成一行，放进其中一个文件，并 chmod 600",
                "put the secret into one of these, alone on one line, and chmod 600 it",
            ),
            Self::Unreadable { path, .. } => {
                let path = path.display();
                text!(
                    "{path} 应为取票程序的用户可读的文件（chown、chmod 600）",
                    "make {path} a file that the kiosk's own user can read (chown, chmod 600)"
                )
            }
            Self::Open { path, .. } => {
                let path = path.display();
                text!("不能让其他人读到：chmod 600 {path}", "nobody else may read it: chmod 600 {path}")
            }
            Self::TooLong(_) | Self::Empty(_) | Self::NotText(_) => Text::new(
                "文件里应只有密码或令牌，一行，最多 4096 字节",
                "must hold the secret alone, on one line of at most 4096 bytes",
            ),
        }
    }
}

/// Folders in which relative names are looked for.
#[derive(Debug, Clone, Copy)]
pub struct SecretFolders<'a> {
    /// The folder `$CREDENTIALS_DIRECTORY`, where systemd puts a unit's credentials; looked at first.
    pub credentials: Option<&'a Path>,
    /// The folder of the config file.
    pub beside: &'a Path,
}

/// Reads a secret; line breaks at its end are dropped.
///
/// # Errors
/// When it is nowhere, cannot be read, is open to others or is not one line of text.
pub fn read(name: &Path, folders: SecretFolders<'_>) -> Result<Secret, SecretError> {
    let mut looked = Vec::new();
    if name.is_relative()
        && let Some(credentials) = folders.credentials
    {
        let path = credentials.join(name);
        if let Some(found) = read_file(&path, true)? {
            return Ok(found);
        }
        looked.push(path);
    }
    // Joining an absolute name gives that name.
    let path = folders.beside.join(name);
    if let Some(found) = read_file(&path, false)? {
        return Ok(found);
    }
    looked.push(path);
    Err(SecretError::Missing(looked))
}

fn read_file(path: &Path, is_credential: bool) -> Result<Option<Secret>, SecretError> {
    let (metadata, content) = match file::read(path, SECRET_MAX_BYTES) {
        Ok(read) => read,
        Err(Unread::Missing) => return Ok(None),
        Err(Unread::TooLong) => return Err(SecretError::TooLong(path.into())),
        Err(Unread::Other(reason)) => return Err(SecretError::Unreadable { path: path.into(), reason }),
    };
    let mode = metadata.mode() & 0o7777;
    if open_to_others(mode, metadata.uid(), is_credential) {
        return Err(SecretError::Open { path: path.into(), mode });
    }
    let text = String::from_utf8(content).map_err(|_| SecretError::NotText(path.into()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(SecretError::Empty(path.into()));
    }
    if text.chars().any(char::is_control) {
        return Err(SecretError::NotText(path.into()));
    }
    Ok(Some(Secret::new(text)))
}

/// Returns true if the file is open to others. Any right of group or others counts, with one exception: systemd leaves
/// its credential files to root and lets the service's user in by an access list, whose mask shows as the group's bits.
/// So a root-owned credential of mode 0440 is what systemd makes, and is not open to a group.
fn open_to_others(mode: u32, owner: u32, is_credential: bool) -> bool {
    let made_by_systemd = is_credential && owner == 0 && mode & 0o077 == 0o040;
    mode & 0o077 != 0 && !made_by_systemd
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    fn write(path: &Path, content: &[u8], mode: u32) {
        fs::write(path, content).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn only_the_owner_may_have_rights_but_for_systemds_own_files() {
        for mode in [0o600, 0o400, 0o700] {
            assert!(!open_to_others(mode, 1000, false), "{mode:o}");
        }
        for mode in [0o640, 0o604, 0o660, 0o620, 0o610, 0o644] {
            assert!(open_to_others(mode, 1000, false), "{mode:o}");
        }
        assert!(!open_to_others(0o440, 0, true));
        assert!(open_to_others(0o440, 0, false));
        assert!(open_to_others(0o440, 1000, true));
        assert!(open_to_others(0o444, 0, true));
        assert!(open_to_others(0o460, 0, true));
    }

    #[test]
    fn credentials_come_before_the_file_beside_the_config() {
        let (credentials, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folders = SecretFolders { credentials: Some(credentials.path()), beside: beside.path() };
        let name = Path::new("token");
        let missing = read(name, folders).unwrap_err();
        assert!(matches!(&missing, SecretError::Missing(looked) if looked.len() == 2), "{missing}");
        write(&beside.path().join(name), b"beside\n", 0o600);
        assert_eq!(read(name, folders).unwrap().expose(), "beside");
        write(&credentials.path().join(name), b"credential\r\n\n", 0o400);
        assert_eq!(read(name, folders).unwrap().expose(), "credential");
        let absolute = beside.path().join(name);
        assert_eq!(read(&absolute, folders).unwrap().expose(), "beside");
    }

    #[test]
    fn unfit_files_are_refused_without_quoting_them() {
        let dir = tempfile::tempdir().unwrap();
        let folders = SecretFolders { credentials: None, beside: dir.path() };
        let refused = |content: &[u8], mode: u32| {
            write(&dir.path().join("s"), content, mode);
            let error = read(Path::new("s"), folders).unwrap_err();
            assert!(!error.to_string().contains("hunter2"), "{error}");
            error
        };
        let open = refused(b"hunter2", 0o644);
        assert_eq!(open, SecretError::Open { path: dir.path().join("s"), mode: 0o644 });
        assert!(open.remedy().en.contains("chmod 600"), "{}", open.remedy());
        assert!(matches!(refused(b"\n", 0o600), SecretError::Empty(_)));
        assert!(matches!(refused(b"hunter2\nmore", 0o600), SecretError::NotText(_)));
        assert!(matches!(refused(b"hunter2\xff", 0o600), SecretError::NotText(_)));
        assert!(matches!(refused(&[b'x'; 4097], 0o600), SecretError::TooLong(_)));
        fs::create_dir(dir.path().join("d")).unwrap();
        assert!(matches!(read(Path::new("d"), folders), Err(SecretError::Unreadable { .. })));
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }
}
