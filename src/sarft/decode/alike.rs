//! Comparison of the layouts found: equivalent ones are merged, and differences are put in words. Pure.

use super::search::Candidate;
use crate::sarft::settings::Wire;
use crate::sarft::wire::{HeaderItem, Layout, Span};
use std::collections::HashSet;

/// Purpose of a header byte, however the layout spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Role {
    Ignored,
    Always(u8),
    Command,
    /// Offset in a length field, and the bytes it counts beyond the body.
    Length(usize, usize),
    /// Offset in a sequence number.
    Sequence(usize),
}

/// Returns the purpose of each header byte: `pad:1, command:u8` and a big-endian `command:u16` are the same for all
/// eight commands, as are `rest` and `body` if nothing but the body follows.
fn roles(layout: &Layout) -> Vec<Role> {
    let mut roles = Vec::new();
    let little = layout.encodings.byte_order == crate::sarft::wire::ByteOrder::Little;
    let overhead = layout.header_size() + layout.trailer_size();
    for item in &layout.header {
        let size = item.size();
        match item {
            HeaderItem::Magic(bytes) | HeaderItem::Const(bytes) => {
                roles.extend(bytes.iter().map(|byte| Role::Always(*byte)));
            }
            HeaderItem::Pad(_) => roles.extend((0..size).map(|_| Role::Ignored)),
            HeaderItem::Command(_) => {
                let low = if little { 0 } else { size - 1 };
                roles.extend((0..size).map(|at| if at == low { Role::Command } else { Role::Ignored }));
            }
            HeaderItem::Sequence(_) => roles.extend((0..size).map(Role::Sequence)),
            HeaderItem::Length(_, span) => {
                let beyond = match span {
                    Span::Rest => overhead - roles.len() - size,
                    Span::Body => 0,
                    Span::Total => overhead,
                };
                roles.extend((0..size).map(|at| Role::Length(at, beyond)));
            }
        }
    }
    roles
}

/// Keeps the layouts that differ in more than spelling, charset and MD5 case; the likeliest and simplest of each kind.
pub(super) fn distinct(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut seen = HashSet::new();
    let fresh = |candidate: &&Candidate| {
        let layout = &candidate.layout;
        let encodings = (layout.encodings.byte_order, layout.encodings.datetime, layout.encodings.decimal);
        seen.insert((roles(layout), layout.trailer.clone(), encodings))
    };
    candidates.iter().filter(fresh).collect()
}

/// Describes a difference that this capture cannot decide, and what would decide it.
pub(super) fn difference(best: &Candidate, other: &Candidate) -> String {
    let (a, b) = (best.layout.words(), other.layout.words());
    let mut parts = Vec::new();
    if a.header != b.header {
        parts.push(header_hint(&a, &b));
    }
    if a.trailer != b.trailer {
        parts.push("these trailers have the same value in every message; another pickup would tell");
    }
    if a.byte_order != b.byte_order {
        parts.push("both byte orders fit; a longer message would tell");
    }
    if a.decimal != b.decimal || a.datetime != b.datetime {
        parts.push("both read sensible prices and dates; a ticket of a known price would tell");
    }
    parts.join("; ")
}

fn header_hint(a: &Wire, b: &Wire) -> &'static str {
    let item = |wire: &Wire, name: &str| {
        let found = wire.header.iter().find(|item| item.starts_with(name));
        found.cloned().unwrap_or_default()
    };
    let differs = |name: &str| item(a, name) != item(b, name);
    match (differs("sequence"), differs("length")) {
        (true, _) => "their headers are alike in every message; a connection with more requests would tell",
        (_, true) => "their headers are alike in every message; one of more than 65535 bytes would tell",
        _ => "their headers are alike in every message",
    }
}
