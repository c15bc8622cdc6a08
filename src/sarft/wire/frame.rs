//! Frames: sealing a body into one, and opening one from as many bytes as have arrived.

use super::{Check, FRAME_MAX, HeaderItem, Layout, Span, Width, hex};
use crate::sarft::codec::Expected;
use crate::sarft::malformed::{Malformed, MalformedReason};
use crate::sarft::message::Command;

/// A frame whose header and trailer have been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Command number of the message.
    pub command: Command,
    /// Sequence number, if frames carry one.
    pub sequence: Option<u32>,
    /// Bytes of the message's fields.
    pub body: &'a [u8],
    /// Offset of the body in the frame.
    pub body_at: usize,
    /// Length of the whole frame, in bytes.
    pub length: usize,
}

/// Values read from the header.
#[derive(Default)]
struct Header {
    command: Option<Command>,
    sequence: Option<u32>,
    total: Option<usize>,
}

fn wrong(field: &'static str, offset: usize, why: MalformedReason) -> Malformed {
    Malformed { field, entry: None, offset, why }
}

impl Layout {
    /// Puts header and trailer around a body.
    ///
    /// # Errors
    /// The frame is too long for its length field or for [`FRAME_MAX`].
    pub fn seal(&self, command: Command, sequence: u32, body: &[u8]) -> Result<Vec<u8>, Malformed> {
        let total = self.header_size() + body.len() + self.trailer_size();
        if total > FRAME_MAX {
            let why = MalformedReason::FrameTooLong { total: total as u64, limit: FRAME_MAX };
            return Err(wrong("length", 0, why));
        }
        let order = self.encodings.byte_order;
        let mut out = Vec::with_capacity(total);
        for item in &self.header {
            match item {
                HeaderItem::Magic(bytes) | HeaderItem::Const(bytes) => out.extend_from_slice(bytes),
                HeaderItem::Pad(bytes) => out.resize(out.len() + bytes, 0),
                HeaderItem::Command(width) => width.put(command as u32, order, &mut out),
                HeaderItem::Sequence(width) => width.put(sequence, order, &mut out),
                HeaderItem::Length(width, span) => {
                    let value = match span {
                        Span::Rest => total - out.len() - width.size(),
                        Span::Body => body.len(),
                        Span::Total => total,
                    };
                    let fitting = u32::try_from(value).ok().filter(|v| *v <= width.max());
                    let fitting = fitting.ok_or_else(|| {
                        wrong(
                            "length",
                            out.len(),
                            MalformedReason::DoesNotFit { value: value as i64, bytes: width.size() },
                        )
                    })?;
                    width.put(fitting, order, &mut out);
                }
            }
        }
        out.extend_from_slice(body);
        for check in &self.trailer {
            check.width().put(check.over(&out), order, &mut out);
        }
        Ok(out)
    }

    /// Opens the frame at the front of `bytes`; `None` while more bytes are needed. Allocates nothing.
    ///
    /// # Errors
    /// The first wrong field, as soon as its bytes have arrived: the rest is not waited for.
    pub fn open<'a>(
        &self,
        bytes: &'a [u8],
        expected: Option<&Expected>,
    ) -> Result<Option<Frame<'a>>, Malformed> {
        let Some(header) = self.read_header(bytes, expected)? else { return Ok(None) };
        let (Some(command), Some(total)) = (header.command, header.total) else { return Ok(None) };
        let Some(frame) = bytes.get(..total) else { return Ok(None) };
        self.read_trailer(frame)?;
        let body_at = self.header_size();
        let body = frame.get(body_at..total - self.trailer_size()).unwrap_or_default();
        Ok(Some(Frame { command, sequence: header.sequence, body, body_at, length: total }))
    }

    fn read_header(&self, bytes: &[u8], expected: Option<&Expected>) -> Result<Option<Header>, Malformed> {
        let mut header = Header::default();
        let mut at = 0;
        for item in &self.header {
            let size = item.size();
            let Some(field) = bytes.get(at..at + size) else {
                // A constant's first bytes can already show that this is something else.
                if let (HeaderItem::Magic(right) | HeaderItem::Const(right), Some(part)) =
                    (item, bytes.get(at..))
                    && !right.starts_with(part)
                {
                    return Err(differs(item.name(), at, right, part));
                }
                return Ok(None);
            };
            let number = self.encodings.byte_order.number(field);
            match item {
                HeaderItem::Magic(right) | HeaderItem::Const(right) if field != right => {
                    return Err(differs(item.name(), at, right, field));
                }
                HeaderItem::Magic(_) | HeaderItem::Const(_) | HeaderItem::Pad(_) => {}
                HeaderItem::Length(_, span) => {
                    header.total = Some(self.total(number, at + size, at, *span)?)
                }
                HeaderItem::Command(_) => header.command = Some(command(number, at, expected)?),
                HeaderItem::Sequence(width) => {
                    let right = expected.map(|e| u64::from(e.sequence & width.max()));
                    if let Some(right) = right.filter(|right| *right != number) {
                        return Err(wrong(
                            "sequence",
                            at,
                            MalformedReason::WrongNumber { expected: right, found: number },
                        ));
                    }
                    header.sequence = u32::try_from(number).ok();
                }
            }
            at += size;
        }
        Ok(Some(header))
    }

    /// Returns the whole frame's length, given the value of the length field that lies from `at` to `end`.
    fn total(&self, value: u64, end: usize, at: usize, span: Span) -> Result<usize, Malformed> {
        let least = self.header_size() + self.trailer_size();
        let total = match span {
            Span::Rest => end as u64 + value,
            Span::Body => least as u64 + value,
            Span::Total => value,
        };
        if total > FRAME_MAX as u64 {
            return Err(wrong("length", at, MalformedReason::FrameTooLong { total, limit: FRAME_MAX }));
        }
        match usize::try_from(total) {
            Ok(total) if total >= least => Ok(total),
            _ => Err(wrong("length", at, MalformedReason::FrameTooShort { total, least })),
        }
    }

    fn read_trailer(&self, frame: &[u8]) -> Result<(), Malformed> {
        let mut at = frame.len().saturating_sub(self.trailer_size());
        for check in &self.trailer {
            let (Some(before), Some(field)) = (frame.get(..at), frame.get(at..at + check.size())) else {
                return Ok(());
            };
            let expected = u64::from(check.over(before));
            let found = self.encodings.byte_order.number(field);
            if found != expected {
                return Err(wrong(check.word(), at, MalformedReason::WrongNumber { expected, found }));
            }
            at += check.size();
        }
        Ok(())
    }
}

impl Check {
    fn width(self) -> Width {
        match self.size() {
            1 => Width::U8,
            2 => Width::U16,
            _ => Width::U32,
        }
    }
}

fn command(number: u64, at: usize, expected: Option<&Expected>) -> Result<Command, Malformed> {
    let command = Command::from_number(number)
        .ok_or_else(|| wrong("command", at, MalformedReason::UnknownCommand(number)))?;
    let Some(expected) = expected else { return Ok(command) };
    if expected.commands.contains(&command) {
        return Ok(command);
    }
    let right = expected.commands.first().map_or(0, |c| *c as u64);
    Err(wrong("command", at, MalformedReason::WrongNumber { expected: right, found: number }))
}

fn differs(field: &'static str, offset: usize, right: &[u8], found: &[u8]) -> Malformed {
    // Under another layout the bytes could reach into the body: a few are enough to recognise it by.
    let found = found.get(..4).unwrap_or(found);
    wrong(field, offset, MalformedReason::Differs { expected: hex(right), found: hex(found) })
}
