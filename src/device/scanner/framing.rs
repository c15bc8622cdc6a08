//! From a scanner's bytes to whole codes. Pure: the time comes in.
//!
//! A code ends with CR, LF, CRLF or Tab, whatever the scanner is set to, or, when it is set to send
//! nothing after the code, with silence.

use crate::codes::CODE_MAX_BYTES;
use std::time::Duration;

/// A scanner that sends nothing for so long has sent all of a code. At 1200 baud a byte takes 9 ms.
pub const SILENCE: Duration = Duration::from_millis(100);
/// The same code again within so long of its last sighting is the same scan: scanners that read all
/// the time send what lies before them over and over.
pub const SAME_CODE: Duration = Duration::from_secs(2);

/// What came out of the bytes.
#[derive(Clone, PartialEq, Eq)]
pub enum Framed {
    /// One scan, as sent, without what ended it. Bytes that are no UTF-8 show as U+FFFD, which no
    /// code has.
    Code(String),
    /// A scan of more than [`CODE_MAX_BYTES`]; told as soon as it is that long, then dropped to its end.
    TooLong,
}

impl std::fmt::Debug for Framed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(…)",
            Self::TooLong => "TooLong",
        })
    }
}

/// What ends a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// CR, LF, Tab or [`SILENCE`]; the same code within [`SAME_CODE`] counts once.
    Scanner,
    /// LF alone, and every line counts: somebody wrote it.
    Lines,
}

/// Cuts bytes into codes. Times are since any moment, the same for all calls.
pub struct Framer {
    ends: Ends,
    pending: Vec<u8>,
    /// The code at hand was too long: what comes until its end is dropped.
    dropping: bool,
    last_byte: Duration,
    last_code: Option<(String, Duration)>,
}

impl Framer {
    /// Nothing has come yet.
    pub fn new(ends: Ends) -> Self {
        let pending = Vec::with_capacity(CODE_MAX_BYTES);
        Self { ends, pending, dropping: false, last_byte: Duration::ZERO, last_code: None }
    }

    /// Takes bytes that have just been read.
    pub fn push(&mut self, bytes: &[u8], now: Duration) -> Vec<Framed> {
        let mut out = Vec::new();
        out.extend(self.silence(now));
        for byte in bytes {
            if self.is_end(*byte) {
                out.extend(self.finish(now));
            } else if !self.dropping {
                out.extend(self.keep(*byte));
            }
        }
        self.last_byte = now;
        out
    }

    /// When silence will have ended what is pending; none: nothing is.
    pub fn deadline(&self) -> Option<Duration> {
        let open = self.dropping || !self.pending.is_empty();
        (self.ends == Ends::Scanner && open).then(|| self.last_byte.saturating_add(SILENCE))
    }

    /// Looks whether silence has ended the code at hand.
    pub fn silence(&mut self, now: Duration) -> Option<Framed> {
        if self.deadline().is_some_and(|deadline| now >= deadline) { self.finish(now) } else { None }
    }

    /// Nothing more will come: what is pending is a code. Also ends what a lost device left behind.
    pub fn finish(&mut self, now: Duration) -> Option<Framed> {
        self.dropping = false;
        let bytes = std::mem::take(&mut self.pending);
        if bytes.trim_ascii().is_empty() {
            return None;
        }
        let code = String::from_utf8_lossy(&bytes).into_owned();
        if self.ends == Ends::Lines {
            return Some(Framed::Code(code));
        }
        let again = self
            .last_code
            .as_ref()
            .is_some_and(|(last, seen)| *last == code && now.saturating_sub(*seen) < SAME_CODE);
        self.last_code = Some((code.clone(), now));
        (!again).then_some(Framed::Code(code))
    }

    fn keep(&mut self, byte: u8) -> Option<Framed> {
        if self.pending.len() < CODE_MAX_BYTES {
            self.pending.push(byte);
            return None;
        }
        self.pending.clear();
        self.dropping = true;
        Some(Framed::TooLong)
    }

    fn is_end(&self, byte: u8) -> bool {
        byte == b'\n' || (self.ends == Ends::Scanner && matches!(byte, b'\r' | b'\t'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn codes(texts: &[&str]) -> Vec<Framed> {
        texts.iter().map(|text| Framed::Code((*text).to_owned())).collect()
    }

    #[test]
    fn each_way_to_end_a_code_works() {
        let mut framer = Framer::new(Ends::Scanner);
        let out = framer.push(b"1111\r2222\n3333\r\n4444\t\r\n\n5555", ms(0));
        assert!(out == codes(&["1111", "2222", "3333", "4444"]), "{out:?}");
        assert_eq!(framer.deadline(), Some(ms(100)));
        assert!(framer.silence(ms(99)).is_none());
        assert!(framer.silence(ms(100)) == Some(Framed::Code("5555".into())));
        assert_eq!(framer.deadline(), None);
    }

    #[test]
    fn bytes_may_come_one_by_one_and_a_gap_parts_codes() {
        let mut framer = Framer::new(Ends::Scanner);
        for (index, byte) in b"WQNX8JL".iter().enumerate() {
            assert!(framer.push(&[*byte], ms(90 * index as u64)).is_empty());
        }
        let out = framer.push(b"111972\r", ms(90 * 6 + 100));
        assert!(out == codes(&["WQNX8JL", "111972"]), "{out:?}");
    }

    #[test]
    fn a_longer_one_is_dropped_to_its_end_and_told_once() {
        let mut framer = Framer::new(Ends::Scanner);
        assert!(framer.push(&[b'7'; 512], ms(0)).is_empty());
        assert!(framer.push(b"7", ms(10)) == [Framed::TooLong]);
        for _ in 0..20_000 {
            assert!(framer.push(&[b'7'; 512], ms(20)).is_empty());
        }
        assert!(framer.pending.capacity() <= 1024);
        let out = framer.push(b"7\r111972\r", ms(30));
        assert!(out == codes(&["111972"]), "{out:?}");
        assert!(framer.push(&[b'7'; 513], ms(40)) == [Framed::TooLong]);
        assert!(framer.push(b"5555\r", ms(200)) == codes(&["5555"]), "silence ends it too");
        let exact = [b'7'; 512];
        framer.push(&exact, ms(400));
        assert!(framer.push(b"\n", ms(410)) == codes(&[&"7".repeat(512)]));
    }

    #[test]
    fn the_same_code_counts_once_as_long_as_it_keeps_coming() {
        let mut framer = Framer::new(Ends::Scanner);
        assert_eq!(framer.push(b"111972\r", ms(0)).len(), 1);
        assert_eq!(framer.push(b"111972\r", ms(1_500)).len(), 0);
        assert_eq!(framer.push(b"111972\r", ms(3_000)).len(), 0);
        assert_eq!(framer.push(b"111972\r", ms(5_000)).len(), 1);
        assert_eq!(framer.push(b"222222\r111972\r", ms(5_100)).len(), 2);
    }

    #[test]
    fn lines_are_what_somebody_wrote() {
        let mut framer = Framer::new(Ends::Lines);
        let out = framer.push(b"111972\tWQNX8JL\r\n\n  \n1\n1\n2", ms(0));
        assert!(out == codes(&["111972\tWQNX8JL\r", "1", "1"]), "{out:?}");
        assert_eq!(framer.deadline(), None);
        assert!(framer.push(b"3\n", ms(60_000)) == codes(&["23"]));
        framer.push(b"last", ms(60_000));
        assert!(framer.finish(ms(60_000)) == Some(Framed::Code("last".into())));
        assert!(framer.finish(ms(60_000)).is_none());
    }

    #[test]
    fn bytes_that_are_no_text_become_a_code_that_nothing_accepts() {
        let mut framer = Framer::new(Ends::Scanner);
        assert!(framer.push(b"\xff\xfe12\r", ms(0)) == codes(&["\u{fffd}\u{fffd}12"]));
        assert!(framer.push(b"\0\0\r", ms(0)) == codes(&["\0\0"]));
    }

    #[test]
    fn a_code_shows_in_no_text() {
        assert_eq!(format!("{:?}", Framed::Code("WQNX8JL".into())), "Code(…)");
    }
}
