//! A file to conversations: each direction's bytes in order, whatever the network did to them. Pure.

use super::packets::{Segment, for_each_segment, is_capture};
use core::net::SocketAddr;
use jiff::Timestamp;
use std::collections::HashMap;

/// More connections in one file are left out.
const CONVERSATIONS_MAX: usize = 1024;

/// Everything that was said in a file.
#[derive(Debug, Default)]
pub(super) struct Capture {
    pub conversations: Vec<Conversation>,
    /// What the reader should know about the file.
    pub notes: Vec<String>,
}

/// One connection, or the one direction of a raw file.
#[derive(Debug)]
pub(super) struct Conversation {
    /// The service's end, as people write it.
    pub site: String,
    /// The kiosk's end.
    pub kiosk: String,
    /// Whether the beginning was captured, and so which end is which is sure.
    pub opened: bool,
    /// When it began.
    pub at: Option<Timestamp>,
    /// From the kiosk to the site; empty when not captured.
    pub requests: Vec<Run>,
    /// From the site to the kiosk.
    pub replies: Vec<Run>,
}

/// Bytes of one direction without a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Bytes from the direction's beginning, as far as that is known.
    pub at: usize,
    /// It is the direction's beginning.
    pub first: bool,
    pub bytes: Vec<u8>,
}

/// Reads a capture, or takes a file as the bytes of one direction (as requests; whoever looks closer may turn
/// it round).
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

/// The connections, as the packets come.
#[derive(Default)]
struct Table {
    connections: Vec<Connection>,
    /// By both ends, the smaller first.
    open: HashMap<(SocketAddr, SocketAddr), usize>,
    left_out: usize,
}

impl Table {
    fn take(&mut self, segment: &Segment<'_>) {
        let key = (segment.from.min(segment.to), segment.from.max(segment.to));
        let opens = segment.syn && !segment.ack;
        let known = self.open.get(&key).and_then(|index| self.connections.get_mut(*index));
        // The same two ports again: another connection, unless it is the same SYN once more.
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
    /// Of the SYN: the first byte has the next number.
    initial: Option<u32>,
    segments: Vec<(u32, Vec<u8>)>,
}

impl Connection {
    fn new(segment: &Segment<'_>) -> Self {
        let (from, to) = (segment.from, segment.to);
        // Without the beginning: services listen on the lower port.
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
    /// Sorts out what came twice, late or never.
    fn finish(mut self) -> Vec<Run> {
        let Some((seen_first, _)) = self.segments.first() else { return Vec::new() };
        let base = self.initial.map_or(*seen_first, |initial| initial.wrapping_add(1));
        // Numbers wrap: what counts is the distance, at most 2 GiB either way.
        let distance = |sequence: u32| i64::from(sequence.wrapping_sub(base).cast_signed());
        self.segments.sort_by_key(|(sequence, _)| distance(*sequence));
        let start = self.segments.first().map_or(0, |(sequence, _)| distance(*sequence));
        // Before the first byte lie only probes that keep a connection alive.
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
