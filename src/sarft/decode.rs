//! `sarft decode`: a capture of a site's conversation, field by field, or the layouts under which it makes
//! sense. Pure: the command reads the file.

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
use std::io::{self, Write};

/// Writes the messages of a capture under the layout `wire`, or, with `try_layouts`, the `[sarft.wire]` tables under
/// which it makes sense, best first. Returns true if everything could be read (or a table was found). Secrets are
/// masked.
///
/// # Errors
/// Fails if writing to `out` fails.
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

/// Guesses the protocol of bytes that are not SARFT frames.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const HTTP: [&[u8]; 7] = [b"GET ", b"POST ", b"PUT ", b"HEAD ", b"DELETE ", b"OPTIONS ", b"HTTP/1."];
    match bytes {
        _ if HTTP.iter().any(|start| bytes.starts_with(start)) => Some("HTTP"),
        [0x14..=0x17, 3, 0..=4, ..] => Some("TLS: encrypted, nothing can be read"),
        [b'<', b'?', b'x', b'm', b'l', ..] => Some("XML"),
        _ => None,
    }
}
