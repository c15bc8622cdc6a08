//! Conversations of a capture file: each direction's bytes in order, despite loss and repetition. Pure.

use super::packets::{Segment, for_each_segment, is_capture};
use core::net::SocketAddr;
use jiff::Timestamp;
use std::collections::HashMap;

/// Most connections read from one file; the rest is left out.
const CONVERSATIONS_MAX: usize = 1024;

/// All conversations of a file.
#[derive(Debug, Default)]
pub(super) struct Capture {
    pub conversations: Vec<Conversation>,
    /// Remarks on the file for the reader.
    pub notes: Vec<String>,
}

/// One connection, or the one direction of a raw file.
#[derive(Debug)]
pub(super) struct Conversation {
    /// Address of the service.
    pub site: String,
    /// Address of the kiosk.
    pub kiosk: String,
    /// True if the beginning was captured, so that the ends cannot be mixed up.
    pub opened: bool,
    /// Time of the first packet.
    pub at: Option<Timestamp>,
    /// Bytes from the kiosk to the site; empty if not captured.
    pub requests: Vec<Run>,
    /// Bytes from the site to the kiosk.
    pub replies: Vec<Run>,
}

/// Bytes of one direction without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Offset from the direction's beginning, as far as that is known.
    pub at: usize,
    /// True if it begins the direction.
    pub first: bool,
    pub bytes: Vec<u8>,
}

/// Reads a capture; any other file is taken as the bytes of one direction (as requests; the search may swap it).
pub(super) fn read(file: Vec<u8>) -> Capture {
    if !is_capture(&file) {
        let requests =
            if file.is_empty() { Vec::new() } else { vec![Run { at: 0, first: false, bytes: file }] };
        return Capture {
            conversations: vec![Conversation {
                site: "the site".into(),
                kiosk: "the kiosk".into(),
                opened: false,
                at: None,
                requests,
                replies: Vec::new(),
            }],
            notes: Vec::new(),
        };
    }
    let mut table = Table::default();
    let end = for_each_segment(&file, |segment| table.take(&segment));
    let mut notes: Vec<String> = end.err().into_iter().collect();
    if table.left_out > 0 {
        notes.push(format!("more than {CONVERSATIONS_MAX} connections; {} packets left out", table.left_out));
    }
    let conversations: Vec<Conversation> =
        table.connections.into_iter().map(Connection::finish).filter(Conversation::has_bytes).collect();
    if conversations.iter().any(Conversation::has_holes) {
        notes.push("bytes are missing from the capture; reading goes on after each hole".into());
    }
    Capture { conversations, notes }
}

impl Conversation {
    fn has_bytes(&self) -> bool {
        self.requests.iter().chain(&self.replies).any(|run| !run.bytes.is_empty())
    }

    fn has_holes(&self) -> bool {
        self.requests.len() > 1 || self.replies.len() > 1
    }
}

/// Connections seen so far, while packets come in.
#[derive(Default)]
struct Table {
    connections: Vec<Connection>,
    /// Indexes of the open connections, by both ends, the smaller first.
    open: HashMap<(SocketAddr, SocketAddr), usize>,
    left_out: usize,
}

impl Table {
    fn take(&mut self, segment: &Segment<'_>) {
        let key = (segment.from.min(segment.to), segment.from.max(segment.to));
        let opens = segment.syn && !segment.ack;
        let known = self.open.get(&key).and_then(|index| self.connections.get_mut(*index));
        // The same two ports again: another connection, unless it is a repetition of the same SYN.
        if let Some(connection) = known.filter(|c| !opens || c.is_opened_by(segment)) {
            connection.take(segment);
        } else if self.connections.len() < CONVERSATIONS_MAX {
            let mut connection = Connection::new(segment);
            connection.take(segment);
            self.open.insert(key, self.connections.len());
            self.connections.push(connection);
        } else {
            self.left_out += 1;
        }
    }
}

struct Connection {
    kiosk: SocketAddr,
    site: SocketAddr,
    opened: bool,
    at: Option<Timestamp>,
    requests: Direction,
    replies: Direction,
}

#[derive(Default)]
struct Direction {
    /// Sequence number of the SYN: the first byte has the next number.
    initial: Option<u32>,
    segments: Vec<(u32, Vec<u8>)>,
}

impl Connection {
    fn new(segment: &Segment<'_>) -> Self {
        let (from, to) = (segment.from, segment.to);
        // If the beginning is missing: services listen on the lower port.
        let from_kiosk = if segment.syn { !segment.ack } else { from.port() >= to.port() };
        let (kiosk, site) = if from_kiosk { (from, to) } else { (to, from) };
        Self {
            kiosk,
            site,
            opened: segment.syn,
            at: segment.at,
            requests: Direction::default(),
            replies: Direction::default(),
        }
    }

    fn is_opened_by(&self, segment: &Segment<'_>) -> bool {
        self.kiosk == segment.from && self.requests.initial == Some(segment.sequence)
    }

    fn take(&mut self, segment: &Segment<'_>) {
        let direction = if segment.from == self.kiosk { &mut self.requests } else { &mut self.replies };
        if segment.syn {
            direction.initial = Some(segment.sequence);
        }
        if !segment.payload.is_empty() {
            // A SYN that carries data takes the number before it.
            let first = segment.sequence.wrapping_add(u32::from(segment.syn));
            direction.segments.push((first, segment.payload.to_vec()));
        }
    }

    fn finish(self) -> Conversation {
        Conversation {
            site: self.site.to_string(),
            kiosk: self.kiosk.to_string(),
            opened: self.opened,
            at: self.at,
            requests: self.requests.finish(),
            replies: self.replies.finish(),
        }
    }
}

impl Direction {
    /// Orders the segments, and drops repetitions.
    fn finish(mut self) -> Vec<Run> {
        let Some((seen_first, _)) = self.segments.first() else { return Vec::new() };
        let base = self.initial.map_or(*seen_first, |initial| initial.wrapping_add(1));
        // Numbers wrap: what counts is the distance, at most 2 GiB either way.
        let distance = |sequence: u32| i64::from(sequence.wrapping_sub(base).cast_signed());
        self.segments.sort_by_key(|(sequence, _)| distance(*sequence));
        let start = self.segments.first().map_or(0, |(sequence, _)| distance(*sequence));
        // Bytes before the first one can only be keep-alive probes.
        let zero = if self.initial.is_some() { 0 } else { start };
        let mut runs: Vec<Run> = Vec::new();
        let mut end = zero;
        for (sequence, payload) in &self.segments {
            let at = distance(*sequence);
            let fresh = usize::try_from((end - at).max(0)).ok().and_then(|known| payload.get(known..));
            let Some(fresh) = fresh.filter(|fresh| !fresh.is_empty()) else { continue };
            match runs.last_mut() {
                Some(run) if at <= end => run.bytes.extend_from_slice(fresh),
                _ => {
                    let first = self.initial.is_some() && at <= zero;
                    let at = usize::try_from(at.max(zero) - zero).unwrap_or(0);
                    runs.push(Run { at, first, bytes: fresh.to_vec() });
                }
            }
            end = end.max(at + payload.len() as i64);
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(initial: Option<u32>, segments: &[(u32, &[u8])]) -> Vec<(usize, bool, Vec<u8>)> {
        let segments = segments.iter().map(|(at, bytes)| (*at, bytes.to_vec())).collect();
        let runs = Direction { initial, segments }.finish();
        runs.into_iter().map(|run| (run.at, run.first, run.bytes)).collect()
    }

    #[test]
    fn late_repeated_and_overlapping_segments_fall_into_place() {
        let all = vec![(0, true, b"abcdefgh".to_vec())];
        assert_eq!(runs(Some(9), &[(10, b"abc"), (13, b"defgh")]), all);
        assert_eq!(
            runs(Some(9), &[(13, b"def"), (10, b"abc"), (13, b"def"), (16, b"gh"), (10, b"abc")]),
            all
        );
        assert_eq!(runs(Some(9), &[(10, b"abcde"), (12, b"cdefgh"), (11, b"b")]), all);
        // A keep-alive probe repeats the byte before the next.
        assert_eq!(runs(Some(9), &[(9, b"\0"), (10, b"abcdefgh"), (17, b"\0")]), all);
    }

    #[test]
    fn numbers_wrap() {
        assert_eq!(
            runs(Some(u32::MAX - 2), &[(1, b"cd"), (u32::MAX - 1, b"ab"), (0, b"!")]),
            [(0, true, b"ab!cd".to_vec())]
        );
    }

    #[test]
    fn what_never_came_is_a_hole() {
        assert_eq!(
            runs(Some(9), &[(10, b"ab"), (15, b"fg")]),
            [(0, true, b"ab".to_vec()), (5, false, b"fg".to_vec())]
        );
        assert_eq!(runs(Some(9), &[(12, b"cd")]), [(2, false, b"cd".to_vec())]);
    }

    #[test]
    fn without_the_beginning_the_lowest_number_is_it() {
        assert_eq!(runs(None, &[(103, b"cd"), (101, b"ab")]), [(0, false, b"abcd".to_vec())]);
    }
}
