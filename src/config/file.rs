//! Reading a small file of the configuration: bounded, regular files only, never blocking.

use crate::locale::{Text, system_error};
use std::fs::{Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reason for which a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The file does not exist.
    Missing,
    /// The file is longer than allowed.
    TooLong,
    /// The system refuses it, with this message, or it is no regular file.
    Other(Text),
}

/// Reads a regular file of at most `limit` bytes. The metadata are those of the very file that was
/// read, so that nobody can swap it between a look at its permissions and the reading.
///
/// # Errors
/// [`Unread`].
pub fn read(path: &Path, limit: u64) -> Result<(Metadata, Vec<u8>), Unread> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Unread::Missing,
        _ => Unread::Other(system_error(&error)),
    };
    // Without this flag, opening a named pipe would wait for a writer for ever.
    let non_blocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(non_blocking).open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(Unread::Other(("不是普通文件", "it is not a regular file").into()));
    }
    let mut content = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut content).map_err(failed)?;
    if u64::try_from(content.len()).unwrap_or(u64::MAX) > limit {
        return Err(Unread::TooLong);
    }
    Ok((metadata, content))
}
