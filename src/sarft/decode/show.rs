//! A capture's messages under one layout, field by field, as text. Secrets are masked.

use super::capture::{Capture, Conversation, Run};
use super::looks_like;
use super::tile::{Stop, Tile, cut, sync};
use crate::sarft::malformed::{Malformed, MalformedReason};
use crate::sarft::message::fields::{Seen, Watch};
use crate::sarft::wire::{Kind, Layout, hex};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Most messages shown of one direction.
const MESSAGES_MAX: usize = 10_000;

/// Numbers of messages and faults found.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Found {
    pub messages: usize,
    pub faults: usize,
}

/// Shows all conversations, requests and replies in turn.
pub(super) fn show(
    capture: &Capture,
    layout: &Layout,
    timezone: &TimeZone,
    out: &mut dyn Write,
) -> io::Result<Found> {
    let mut screen = Screen { layout, timezone, out, found: Found::default() };
    for conversation in &capture.conversations {
        screen.conversation(conversation)?;
    }
    Ok(screen.found)
}

struct Screen<'a> {
    layout: &'a Layout,
    timezone: &'a TimeZone,
    out: &'a mut dyn Write,
    found: Found,
}

/// A run cut into frames.
struct Cut<'a> {
    run: &'a Run,
    start: usize,
    tiles: Vec<Tile>,
    end: usize,
    stop: Stop,
}

impl<'a> Cut<'a> {
    fn new(layout: &Layout, timezone: &TimeZone, run: &'a Run) -> Self {
        let start = sync(layout, timezone, run);
        let (tiles, end, stop) = cut(layout, &run.bytes, start, MESSAGES_MAX);
        Self { run, start, tiles, end, stop }
    }
}

impl Screen<'_> {
    fn conversation(&mut self, conversation: &Conversation) -> io::Result<()> {
        writeln!(self.out, "{} with {}", conversation.kiosk, conversation.site)?;
        let cut = |run| Cut::new(self.layout, self.timezone, run);
        let mut requests: Vec<Cut<'_>> = conversation.requests.iter().map(cut).collect();
        let mut replies: Vec<Cut<'_>> = conversation.replies.iter().map(cut).collect();
        let mut first = requests.iter().flat_map(|cut| &cut.tiles);
        if !conversation.opened && first.next().is_some_and(|tile| !tile.command.is_request()) {
            std::mem::swap(&mut requests, &mut replies);
        }
        for cut in requests.iter().chain(&replies) {
            self.beginning(cut)?;
        }
        let mut replies_left =
            replies.iter().flat_map(|cut| cut.tiles.iter().map(move |tile| (cut.run, tile)));
        for (run, tile) in requests.iter().flat_map(|cut| cut.tiles.iter().map(move |tile| (cut.run, tile))) {
            self.message("->", run, tile)?;
            if let Some((run, tile)) = replies_left.next() {
                self.message("<-", run, tile)?;
            }
        }
        for (run, tile) in replies_left {
            self.message("<-", run, tile)?;
        }
        for (way, cuts) in [("->", &requests), ("<-", &replies)] {
            for cut in cuts {
                self.ending(way, cut)?;
            }
        }
        Ok(())
    }

    fn beginning(&mut self, cut: &Cut<'_>) -> io::Result<()> {
        if cut.start > 0 {
            let at = cut.run.at;
            writeln!(self.out, "   {} bytes at byte {at} belong to a message that began before", cut.start)?;
        }
        Ok(())
    }

    fn ending(&mut self, way: &str, cut: &Cut<'_>) -> io::Result<()> {
        let at = cut.run.at + cut.end;
        let left = cut.run.bytes.len() - cut.end;
        match &cut.stop {
            Stop::End if left == 0 => Ok(()),
            Stop::End => writeln!(self.out, "{way} byte {at}: {left} more bytes are not shown"),
            Stop::Cut => {
                self.found.faults += 1;
                writeln!(self.out, "{way} byte {at}: the capture ends {left} bytes into a message")
            }
            Stop::Malformed(error) => {
                self.found.faults += 1;
                let why = without_content(error);
                writeln!(self.out, "{way} byte {at}: no message begins here: {why}; {left} bytes not read")?;
                match looks_like(cut.run.bytes.get(cut.end..).unwrap_or_default()) {
                    Some(other) => writeln!(self.out, "   this looks like {other}"),
                    None => Ok(()),
                }
            }
        }
    }

    fn message(&mut self, way: &str, run: &Run, tile: &Tile) -> io::Result<()> {
        self.found.messages += 1;
        let number = tile.command as u8;
        let (at, length) = (run.at + tile.at, tile.length);
        writeln!(self.out, "{way} byte {at}: {} (0x{number:02X}), {length} bytes", tile.command.name())?;
        self.header(run, tile)?;
        let mut lines = Lines { base: at, timezone: self.timezone, text: String::new() };
        let result = tile.read(self.layout, self.timezone, &run.bytes, &mut lines);
        self.out.write_all(lines.text.as_bytes())?;
        if let Err(error) = result {
            self.found.faults += 1;
            writeln!(self.out, "   malformed: {error} of this message")?;
        }
        self.trailer(run, tile)
    }

    fn header(&mut self, run: &Run, tile: &Tile) -> io::Result<()> {
        let mut at = tile.at;
        for item in self.layout.header_items() {
            let field = run.bytes.get(at..at + item.size).unwrap_or_default();
            let value = match item.kind {
                Kind::Number => self.layout.encodings.byte_order.number(field).to_string(),
                Kind::Fixed => hex(field),
                // Under a layout that is not the site's, these bytes can be anything, secrets included.
                Kind::Ignored => format!("{} bytes", item.size),
            };
            writeln!(self.out, "{:>9}  {:<18} {value}", run.at + at, item.name)?;
            at += item.size;
        }
        Ok(())
    }

    fn trailer(&mut self, run: &Run, tile: &Tile) -> io::Result<()> {
        let mut at = tile.body_at + tile.body_length;
        for (name, size) in self.layout.trailer_items() {
            let field = run.bytes.get(at..at + size).unwrap_or_default();
            writeln!(self.out, "{:>9}  {name:<18} {} (right)", run.at + at, hex(field))?;
            at += size;
        }
        Ok(())
    }
}

/// Formats an error without the bytes found: where no message begins, they can be part of a secret.
fn without_content(error: &Malformed) -> String {
    match &error.why {
        MalformedReason::Differs { expected, .. } => {
            format!("{} at byte {} is not {expected}", error.field, error.offset)
        }
        _ => error.to_string(),
    }
}

/// Output of one line per field.
struct Lines<'a> {
    base: usize,
    timezone: &'a TimeZone,
    text: String,
}

impl Watch for Lines<'_> {
    fn field(&mut self, name: &'static str, entry: Option<usize>, offset: usize, _: usize, seen: Seen<'_>) {
        use std::fmt::Write;
        let value = match seen {
            Seen::Number(number) => number.to_string(),
            Seen::Text(text) => text.to_owned(),
            Seen::Masked(length) => format!("{length} characters, masked"),
            Seen::Date(at) => self.timezone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Seen::Money(price) => price.to_string(),
        };
        let entry = entry.map(|entry| format!("[{entry}] ")).unwrap_or_default();
        let _ = writeln!(self.text, "{:>9}  {:<18} {value}", self.base + offset, format!("{entry}{name}"));
    }
}
