//! Framing of a scanner's bytes into whole codes. Pure: the time comes in.
//!
//! A code ends with CR, LF, CRLF or Tab, whatever the scanner is set to, or with silence if the scanner sends nothing
//! after the code. If the configuration names the end of a code, only that ends a code, or silence: half a code that a
//! cable lost must not be joined to the next.

use crate::codes::CODE_MAX_BYTES;
use std::time::Duration;

/// Silence after which a code is complete. At 1200 baud a byte takes 9 ms.
pub const SILENCE: Duration = Duration::from_millis(100);
/// Time since its last sighting within which the same code is the same scan: scanners that read all the time send what
/// lies before them over and over.
pub const SAME_CODE: Duration = Duration::from_secs(2);

/// Result of framing.
#[derive(Clone, PartialEq, Eq)]
pub enum Framed {
    /// One scan, as sent, without its end. Bytes that are no UTF-8 become U+FFFD, which no code has.
    Code(String),
    /// A scan of more than [`CODE_MAX_BYTES`]; reported as soon as it is that long, then dropped to its end.
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

/// End of a code (`ends`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ends {
    /// CR, LF, Tab or [`SILENCE`]; the same code within [`SAME_CODE`] counts once, as with all but `Lines`.
    #[default]
    Any,
    /// CR or [`SILENCE`].
    Cr,
    /// LF or [`SILENCE`].
    Lf,
    /// CR and LF, one after the other, or [`SILENCE`].
    CrLf,
    /// Tab or [`SILENCE`].
    Tab,
    /// [`SILENCE`] alone: any byte may be in a code.
    Silence,
    /// LF alone, and every line counts: somebody wrote it.
    #[serde(skip)]
    Lines,
}

/// Framing of a scanner's codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Framing {
    /// End of a code.
    pub ends: Ends,
    /// Text that the scanner puts before each code; it is removed.
    pub prefix: String,
    /// Text that the scanner puts after each code; it is removed.
    pub suffix: String,
}

impl From<Ends> for Framing {
    fn from(ends: Ends) -> Self {
        Self { ends, ..Self::default() }
    }
}

/// Framer that cuts bytes into codes. Times are since any moment, the same for all calls.
pub struct Framer {
    framing: Framing,
    pending: Vec<u8>,
    /// True if the current code was too long: its bytes are dropped until its end.
    dropping: bool,
    last_byte: Duration,
    last_code: Option<(String, Duration)>,
}

impl Framer {
    /// Creates a framer to which nothing has come yet.
    pub fn new(framing: impl Into<Framing>) -> Self {
        let pending = Vec::with_capacity(CODE_MAX_BYTES);
        let framing = framing.into();
        Self { framing, pending, dropping: false, last_byte: Duration::ZERO, last_code: None }
    }

    /// Discards the current code, of which bytes were lost on the way: neither what has come nor what still comes of it
    /// is a code. Reported once, as a code that is too long is: it has to be scanned again.
    pub fn spoil(&mut self, now: Duration) -> Option<Framed> {
        self.pending.clear();
        self.last_byte = now;
        let told = std::mem::replace(&mut self.dropping, true);
        (!told).then_some(Framed::TooLong)
    }

    /// Takes bytes that have just been read, and returns the codes that are complete.
    pub fn push(&mut self, bytes: &[u8], now: Duration) -> Vec<Framed> {
        let mut out = Vec::new();
        out.extend(self.silence(now));
        for byte in bytes {
            if self.is_end(*byte) {
                if self.framing.ends == Ends::CrLf {
                    self.pending.pop();
                }
                out.extend(self.finish(now));
            } else if !self.dropping {
                out.extend(self.keep(*byte));
            }
        }
        self.last_byte = now;
        out
    }

    /// Returns the time at which silence ends the current code; none if there is none.
    pub fn deadline(&self) -> Option<Duration> {
        let open = self.dropping || !self.pending.is_empty();
        (self.framing.ends != Ends::Lines && open).then(|| self.last_byte.saturating_add(SILENCE))
    }

    /// Returns the current code if silence has ended it.
    pub fn silence(&mut self, now: Duration) -> Option<Framed> {
        if self.deadline().is_some_and(|deadline| now >= deadline) { self.finish(now) } else { None }
    }

    /// Ends the current code: nothing more will come. Also clears what a lost device left behind.
    pub fn finish(&mut self, now: Duration) -> Option<Framed> {
        self.dropping = false;
        let code = self.bare();
        self.pending.clear();
        let code = code.filter(|code| !code.trim_ascii().is_empty())?;
        if self.framing.ends == Ends::Lines {
            return Some(Framed::Code(code));
        }
        let again = self
            .last_code
            .as_ref()
            .is_some_and(|(last, seen)| *last == code && now.saturating_sub(*seen) < SAME_CODE);
        self.last_code = Some((code.clone(), now));
        (!again).then_some(Framed::Code(code))
    }

    /// Returns the current code without prefix and suffix; none if there is none.
    fn bare(&self) -> Option<String> {
        let bytes = self.pending.as_slice();
        let bytes = bytes.strip_prefix(self.framing.prefix.as_bytes()).unwrap_or(bytes);
        let bytes = bytes.strip_suffix(self.framing.suffix.as_bytes()).unwrap_or(bytes);
        (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes).into_owned())
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
        match self.framing.ends {
            Ends::Any => matches!(byte, b'\r' | b'\n' | b'\t'),
            Ends::Cr => byte == b'\r',
            Ends::Lf | Ends::Lines => byte == b'\n',
            Ends::CrLf => byte == b'\n' && self.pending.last() == Some(&b'\r'),
            Ends::Tab => byte == b'\t',
            Ends::Silence => false,
        }
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
        let mut framer = Framer::new(Ends::Any);
        let out = framer.push(b"1111\r2222\n3333\r\n4444\t\r\n\n5555", ms(0));
        assert!(out == codes(&["1111", "2222", "3333", "4444"]), "{out:?}");
        assert_eq!(framer.deadline(), Some(ms(100)));
        assert!(framer.silence(ms(99)).is_none());
        assert!(framer.silence(ms(100)) == Some(Framed::Code("5555".into())));
        assert_eq!(framer.deadline(), None);
    }

    #[test]
    fn bytes_may_come_one_by_one_and_a_gap_parts_codes() {
        let mut framer = Framer::new(Ends::Any);
        for (index, byte) in b"WQNX8JL".iter().enumerate() {
            assert!(framer.push(&[*byte], ms(90 * index as u64)).is_empty());
        }
        let out = framer.push(b"111972\r", ms(90 * 6 + 100));
        assert!(out == codes(&["WQNX8JL", "111972"]), "{out:?}");
    }

    #[test]
    fn a_longer_one_is_dropped_to_its_end_and_told_once() {
        let mut framer = Framer::new(Ends::Any);
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
        let mut framer = Framer::new(Ends::Any);
        assert_eq!(framer.push(b"111972\r", ms(0)).len(), 1);
        assert_eq!(framer.push(b"111972\r", ms(1_500)).len(), 0);
        assert_eq!(framer.push(b"111972\r", ms(3_000)).len(), 0);
        assert_eq!(framer.push(b"111972\r", ms(5_000)).len(), 1);
        assert_eq!(framer.push(b"222222\r111972\r", ms(5_100)).len(), 2);
    }

    #[test]
    fn where_one_end_is_configured_the_others_are_part_of_the_code() {
        let pushed = |ends: Ends| Framer::new(ends).push(b"a\tb\rc\r\nd\ne\t\r\n", ms(0));
        assert!(pushed(Ends::Cr) == codes(&["a\tb", "c", "\nd\ne\t"]));
        assert!(pushed(Ends::Lf) == codes(&["a\tb\rc\r", "d", "e\t\r"]));
        assert!(pushed(Ends::CrLf) == codes(&["a\tb\rc", "d\ne\t"]));
        assert!(pushed(Ends::Tab) == codes(&["a", "b\rc\r\nd\ne"]));
        for ends in [Ends::Cr, Ends::Lf, Ends::CrLf, Ends::Tab, Ends::Silence] {
            let mut framer = Framer::new(ends);
            assert!(framer.push(b"1119", ms(0)).is_empty());
            assert!(
                framer.push(b"72", ms(200)) == codes(&["1119"]),
                "{ends:?}: silence ends it all the same"
            );
            assert_eq!(framer.deadline(), Some(ms(300)));
        }
    }

    #[test]
    fn prefix_and_suffix_are_taken_off_where_they_are() {
        let framing = Framing { ends: Ends::Any, prefix: "]Q1".into(), suffix: "#".into() };
        let mut framer = Framer::new(framing);
        let out = framer.push(b"]Q1111972#\r]Q1WQNX8JL\r5555#\r]Q1#\r]Q1\r#\r]Q\r", ms(0));
        assert!(out == codes(&["111972", "WQNX8JL", "5555", "]Q"]), "{out:?}");
    }

    #[test]
    fn what_lost_bytes_is_no_code() {
        let mut framer = Framer::new(Ends::Any);
        framer.push(b"1119", ms(0));
        assert!(framer.spoil(ms(1)) == Some(Framed::TooLong));
        assert!(framer.spoil(ms(1)).is_none());
        assert!(framer.push(b"72\r2222\r", ms(2)) == codes(&["2222"]));
        framer.push(b"11", ms(10));
        assert!(framer.spoil(ms(11)).is_some());
        assert!(framer.silence(ms(111)).is_none());
        assert!(framer.push(b"3333\r", ms(112)) == codes(&["3333"]));
    }

    #[test]
    fn noise_of_every_byte_breaks_nothing_and_stays_bounded() {
        let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for ends in [Ends::Any, Ends::Cr, Ends::Lf, Ends::CrLf, Ends::Tab, Ends::Silence, Ends::Lines] {
            let mut framer = Framer::new(ends);
            for (at, bytes) in noise.chunks(37).enumerate() {
                for framed in framer.push(bytes, ms(at as u64)) {
                    let Framed::Code(code) = framed else { continue };
                    // A byte that is no UTF-8 becomes three.
                    assert!(code.len() <= 3 * CODE_MAX_BYTES);
                }
            }
            assert!(framer.pending.capacity() <= 2 * CODE_MAX_BYTES);
            framer.finish(ms(100_000));
            assert!(framer.push(b"111972\r\n", ms(200_000)).len() <= 1);
            framer.finish(ms(300_000));
        }
    }

    #[test]
    fn a_thousand_codes_back_to_back_are_a_thousand() {
        let mut framer = Framer::new(Ends::Any);
        let bytes: Vec<u8> =
            (0..1_000).flat_map(|n| format!("{}|WQNX8JL\r\n", 100_000 + n).into_bytes()).collect();
        // 115200 baud is 11.52 bytes per millisecond.
        let found: usize = bytes
            .chunks(12)
            .enumerate()
            .map(|(at, chunk)| framer.push(chunk, Duration::from_micros(1_042 * at as u64)).len())
            .sum();
        assert_eq!(found, 1_000);
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
        let mut framer = Framer::new(Ends::Any);
        assert!(framer.push(b"\xff\xfe12\r", ms(0)) == codes(&["\u{fffd}\u{fffd}12"]));
        assert!(framer.push(b"\0\0\r", ms(0)) == codes(&["\0\0"]));
    }

    #[test]
    fn a_code_shows_in_no_text() {
        assert_eq!(format!("{:?}", Framed::Code("WQNX8JL".into())), "Code(…)");
    }
}
