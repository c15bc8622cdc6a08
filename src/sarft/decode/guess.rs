//! Explanation of the bytes before and after known bodies, in the grammar's words. Pure.

use crate::sarft::message::Command;
use crate::sarft::wire::{ByteOrder, Check, HeaderItem, Span, Width};

/// A frame whose body is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// The whole frame.
    pub bytes: &'a [u8],
    pub body: usize,
    pub commands: &'static [Command],
}

/// Position and width of a number of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderField<T> {
    pub at: usize,
    pub width: Width,
    pub what: T,
}

impl<T> HeaderField<T> {
    fn end(&self) -> usize {
        self.at + self.width.size()
    }

    pub fn overlaps<U>(&self, other: &HeaderField<U>) -> bool {
        self.at < other.end() && other.at < self.end()
    }

    pub fn covers(&self, column: usize) -> bool {
        (self.at..self.end()).contains(&column)
    }
}

fn number(frame: &[u8], at: usize, width: Width, order: ByteOrder) -> Option<u64> {
    frame.get(at..at + width.size()).map(|field| order.number(field))
}

/// Returns every length field that is right in every frame.
pub(super) fn lengths(frames: &[Known<'_>], header: usize, order: ByteOrder) -> Vec<HeaderField<Span>> {
    let mut places = Vec::new();
    for width in [Width::U32, Width::U16] {
        for what in [Span::Rest, Span::Body, Span::Total] {
            for at in 0..(header + 1).saturating_sub(width.size()) {
                let right = |frame: &Known<'_>| {
                    let length = match what {
                        Span::Rest => frame.bytes.len() - at - width.size(),
                        Span::Body => frame.body,
                        Span::Total => frame.bytes.len(),
                    };
                    number(frame.bytes, at, width, order) == Some(length as u64)
                };
                if frames.iter().all(right) {
                    places.push(HeaderField { at, width, what });
                }
            }
        }
    }
    places
}

/// Returns every command field that is right in every frame.
pub(super) fn commands(frames: &[Known<'_>], header: usize, order: ByteOrder) -> Vec<HeaderField<()>> {
    let mut places = Vec::new();
    for width in [Width::U32, Width::U16, Width::U8] {
        for at in 0..(header + 1).saturating_sub(width.size()) {
            let right = |frame: &Known<'_>| {
                number(frame.bytes, at, width, order)
                    .is_some_and(|value| frame.commands.iter().any(|command| *command as u64 == value))
            };
            if frames.iter().all(right) {
                places.push(HeaderField { at, width, what: () });
            }
        }
    }
    places
}

/// Returns every sequence field that counts up by one from frame to frame in each of these runs; from 1 if the run
/// begins the connection.
pub(super) fn sequences(
    runs: &[(bool, Vec<&[u8]>)],
    header: usize,
    order: ByteOrder,
) -> Vec<HeaderField<()>> {
    let mut places = Vec::new();
    for width in [Width::U32, Width::U16, Width::U8] {
        for at in 0..(header + 1).saturating_sub(width.size()) {
            let counts = |(first, frames): &(bool, Vec<&[u8]>)| {
                let mut expected = if *first { Some(1) } else { None };
                frames.iter().all(|frame| {
                    let Some(value) = number(frame, at, width, order) else { return false };
                    let right = expected.is_none_or(|expected| expected == value);
                    expected = Some((value + 1) & u64::from(width.max()));
                    right
                })
            };
            if runs.iter().all(counts) {
                places.push(HeaderField { at, width, what: () });
            }
        }
    }
    places
}

/// Returns every row of checksums that fills the trailer and is right in every frame.
pub(super) fn trailers(frames: &[Known<'_>], trailer: usize, order: ByteOrder) -> Vec<Vec<Check>> {
    let mut rows = vec![(Vec::new(), 0)];
    let mut whole = Vec::new();
    while let Some((row, filled)) = rows.pop() {
        if filled == trailer {
            whole.push(row);
            continue;
        }
        for check in Check::ALL {
            let end = filled + check.size();
            let right = |frame: &Known<'_>| {
                let at = frame.bytes.len() - trailer + filled;
                let before = frame.bytes.get(..at).unwrap_or_default();
                let field = frame.bytes.get(at..at + check.size()).unwrap_or_default();
                order.number(field) == u64::from(check.over(before))
            };
            if row.len() < ROW_MAX && end <= trailer && frames.iter().all(right) {
                let mut longer = row.clone();
                longer.push(check);
                rows.push((longer, end));
            }
        }
    }
    whole
}

/// Most trailer items, by the grammar.
const ROW_MAX: usize = 4;

/// Most bytes of a trailer.
pub(super) const TRAILER_MAX: usize = 16;

/// Value of a header byte over all frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Always(u8),
    Varies,
}

/// Compares each byte of the header over all frames.
pub(super) fn columns<'a>(frames: impl Iterator<Item = &'a [u8]> + Clone, header: usize) -> Vec<Column> {
    let column = |at: usize| {
        let mut bytes = frames.clone().filter_map(|frame| frame.get(at).copied());
        match bytes.next() {
            Some(first) if bytes.all(|byte| byte == first) => Column::Always(first),
            _ => Column::Varies,
        }
    };
    (0..header).map(column).collect()
}

/// Builds the header's items: the numbers found, and the other bytes between them.
pub(super) fn items(
    columns: &[Column],
    length: HeaderField<Span>,
    command: HeaderField<()>,
    sequence: Option<HeaderField<()>>,
) -> Vec<HeaderItem> {
    let mut items = Vec::new();
    let mut between: Vec<Column> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let item = if at == length.at {
            HeaderItem::Length(length.width, length.what)
        } else if at == command.at {
            HeaderItem::Command(command.width)
        } else if sequence.is_some_and(|place| at == place.at) {
            HeaderItem::Sequence(sequence.map_or(Width::U8, |place| place.width))
        } else {
            let covered = length.covers(at) || command.covers(at) || sequence.is_some_and(|s| s.covers(at));
            if !covered {
                between.push(*column);
            }
            continue;
        };
        fill(&mut items, &mut between);
        items.push(item);
    }
    fill(&mut items, &mut between);
    items
}

/// Adds bytes that are no number: a magic at the front, constants elsewhere, pads if they are zero or vary.
fn fill(items: &mut Vec<HeaderItem>, between: &mut Vec<Column>) {
    const CONST_MAX: usize = 32;
    const PAD_MAX: usize = 256;
    let mut left = between.as_slice();
    while let Some(first) = left.first() {
        let varies = left.iter().take_while(|column| **column == Column::Varies).count();
        let constant: Vec<u8> = left
            .iter()
            .map_while(|column| match column {
                Column::Always(byte) => Some(*byte),
                Column::Varies => None,
            })
            .collect();
        let taken = if *first == Column::Varies {
            items.push(HeaderItem::Pad(varies.min(PAD_MAX)));
            varies.min(PAD_MAX)
        } else if constant.iter().all(|byte| *byte == 0) {
            items.push(HeaderItem::Pad(constant.len().min(PAD_MAX)));
            constant.len().min(PAD_MAX)
        } else {
            let taken = constant.len().min(CONST_MAX);
            let bytes = constant.into_iter().take(taken).collect();
            let front = items.is_empty();
            items.push(if front { HeaderItem::Magic(bytes) } else { HeaderItem::Const(bytes) });
            taken
        };
        left = left.get(taken.max(1)..).unwrap_or_default();
    }
    between.clear();
}
