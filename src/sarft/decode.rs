//! `sarft decode`: a capture of a site's conversation, field by field, or the layouts under which it makes
//! sense. [`run`] reads the file; everything below it is pure.

mod alike;
mod anchors;
mod capture;
mod guess;
mod packets;
mod report;
mod score;
mod search;
mod show;
mod tile;

use super::wire::Layout;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// So much of a file is read, bytes; a pickup has about 3000.
const FILE_MAX: u64 = 32 << 20;

/// A capture that could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file.
    #[error("{}: {cause}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The system's words.
        cause: io::Error,
    },
    /// There is nothing in it.
    #[error("{}: the file is empty; capture with tcpdump -w FILE 'tcp port PORT'", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// The output.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

/// Writes what the capture in `file` says under the layout `wire`; with `try_layouts` instead the
/// `[sarft.wire]` tables under which it makes sense, best first. Whether everything could be read (or a table
/// found). Secrets are masked. At most the first 32 MiB of the file are read.
///
/// # Errors
/// The file cannot be read or is empty, or `out` takes no more.
pub fn run(
    file: &Path,
    wire: &Layout,
    timezone: &TimeZone,
    try_layouts: bool,
    out: &mut dyn Write,
) -> Result<bool, DecodeError> {
    let failed = |cause| DecodeError::Read { path: file.to_owned(), cause };
    let opened = File::open(file).map_err(failed)?;
    let size = opened.metadata().map_err(failed)?.len();
    let mut bytes = Vec::new();
    opened.take(FILE_MAX).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.is_empty() {
        return Err(DecodeError::Empty { path: file.to_owned() });
    }
    if size > FILE_MAX {
        let (read, all) = (FILE_MAX >> 20, size >> 20);
        writeln!(out, "# only the first {read} MiB of {all} MiB were read")?;
    }
    Ok(decode(bytes, wire, timezone, try_layouts, out)?)
}

/// The same for the bytes of a file already read.
///
/// # Errors
/// `out` takes no more.
pub fn decode(
    bytes: Vec<u8>,
    wire: &Layout,
    timezone: &TimeZone,
    try_layouts: bool,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let capture = capture::read(bytes);
    for note in &capture.notes {
        writeln!(out, "# {note}")?;
    }
    if capture.conversations.is_empty() {
        writeln!(out, "# there is no TCP connection with any bytes in this capture")?;
        return Ok(false);
    }
    if try_layouts {
        return report::report(capture, timezone, out);
    }
    let found = show::show(&capture, wire, timezone, out)?;
    writeln!(out, "{} messages, {} faults", found.messages, found.faults)?;
    Ok(found.messages > 0 && found.faults == 0)
}

/// What bytes that are not this protocol seem to be.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const HTTP: [&[u8]; 7] = [b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"HTTP/1."];
    match bytes {
        _ if HTTP.iter().any(|start| bytes.starts_with(start)) => Some("HTTP"),
        [0x14..=0x17, 3, 0..=4, ..] => Some("TLS: encrypted, nothing can be read"),
        [b'<', b'?', b'x', b'm', b'l', ..] => Some("XML"),
        _ => None,
    }
}
