//! Bodies recognisable by their content, whatever surrounds them: a count, then print_nos of 16 digits with their NUL.
//! Pure.

use crate::sarft::message::text::read_code;
use crate::sarft::message::{Command, Message, PRINT_NO, TEXT_33, TicketRecord};
use crate::sarft::wire::{Encodings, HexCase};
use jiff::tz::TimeZone;

/// Most bodies searched for in one run.
const ANCHORS_MAX: usize = 256;

/// A body found in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub at: usize,
    pub length: usize,
    /// Commands that it can belong to.
    pub commands: &'static [Command],
}

impl Anchor {
    pub fn end(&self) -> usize {
        self.at + self.length
    }
}

/// Returns each offset in a run with exactly 16 digits, then NUL, and a byte before them.
pub(super) fn print_nos(run: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut digits = 0;
    for (at, byte) in run.iter().enumerate() {
        if byte.is_ascii_digit() {
            digits += 1;
            continue;
        }
        if *byte == 0 && digits == PRINT_NO - 1 && at > digits {
            found.push(at - digits);
        }
        digits = 0;
    }
    found
}

/// Returns the bodies of 0x03, 0x05 and 0x07 in a run, given its print_nos.
pub(super) fn requests(
    run: &[u8],
    print_nos: &[usize],
    encodings: &Encodings,
    timezone: &TimeZone,
) -> Vec<Anchor> {
    let reads = |command, at: usize, length: usize, encodings: &Encodings| {
        run.get(at..at + length)
            .is_some_and(|body| Message::decode(command, body, 0, encodings, timezone, None, &mut ()).is_ok())
    };
    let find = |start: usize| {
        let at = start - 1;
        let count = usize::from(*run.get(at)?);
        let issue = 1 + count * (PRINT_NO + TEXT_33);
        let cases = [HexCase::Lower, HexCase::Upper].map(|md5_case| Encodings { md5_case, ..*encodings });
        if count > 0 && cases.iter().any(|encodings| reads(Command::Issue, at, issue, encodings)) {
            return Some(Anchor { at, length: issue, commands: &[Command::Issue] });
        }
        let length = 1 + count * PRINT_NO;
        let commands = &[Command::Query, Command::Report];
        (count > 0 && reads(Command::Query, at, length, encodings)).then_some(Anchor { at, length, commands })
    };
    apart(print_nos.iter().filter_map(|start| find(*start)))
}

/// Returns the bodies of 0x04 and 0x06 in a run, given its print_nos, under these forms of datetime and decimal.
pub(super) fn replies(
    run: &[u8],
    print_nos: &[usize],
    encodings: &Encodings,
    timezone: &TimeZone,
) -> Vec<Anchor> {
    let reads = |command, at: usize, length: usize| {
        run.get(at..at + length)
            .is_some_and(|body| Message::decode(command, body, 0, encodings, timezone, None, &mut ()).is_ok())
    };
    let find = |start: usize| {
        let count = usize::from(*run.get(start - 1)?);
        if is_record(run, start) {
            let at = start.checked_sub(2)?;
            let length = 2 + count * TicketRecord::size(encodings);
            let reads = count > 0 && reads(Command::QueryReply, at, length);
            return reads.then_some(Anchor { at, length, commands: &[Command::QueryReply] });
        }
        let (at, length) = (start - 1, 1 + count * (PRINT_NO + 1));
        let reads = count > 0 && reads(Command::IssueReply, at, length);
        reads.then_some(Anchor { at, length, commands: &[Command::IssueReply] })
    };
    apart(print_nos.iter().filter_map(|start| find(*start)))
}

/// Returns true if the print_no at `start` begins a ticket record: the codes before the datetime are in their places.
pub(super) fn is_record(run: &[u8], start: usize) -> bool {
    // ticket_info_code, cinema_code, screen_code, film_code, session_code.
    const CODES: [(usize, usize); 5] = [(17, 181), (198, 9), (271, 17), (352, 13), (429, 17)];
    CODES.iter().all(|(offset, size)| {
        let at = start + offset;
        run.get(at..at + size).is_some_and(|field| read_code(field).is_ok())
    })
}

/// Drops bodies that lie inside an earlier one.
fn apart(found: impl Iterator<Item = Anchor>) -> Vec<Anchor> {
    let mut end = 0;
    found
        .filter(|anchor| {
            let apart = anchor.at >= end;
            if apart {
                end = anchor.end();
            }
            apart
        })
        .take(ANCHORS_MAX)
        .collect()
}
