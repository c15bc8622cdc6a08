//! Parser of a printer's replies: tells them apart in one byte stream, however it is cut up. Pure.
//!
//! Bits (Epson, ESC/POS command reference, "DLE EOT", "GS a", "GS r", "GS ( H", "GS I"):
//!
//! | reply | form |
//! |---|---|
//! | `DLE EOT n`, real-time status | `0xx1xx10` |
//! | automatic status, 4 bytes | `0xx1xx00`, then three of `0xx0xxxx` |
//! | `GS r n`, status in its turn | `0xx0xxxx` |
//! | blocks: `GS ( H` (37 22), `DLE DC4` 8 (37 25), `GS I` (5F) | header, text, 00 |
//! | XON, XOFF | 11, 13 |
//! | `DLE EOT 20`, full status of CUSTOM's printers | 10 0F, then four without bit 4 |
//!
//! The status that a USB port reports of its printer comes another way and is one byte, parsed by [`port`].
//!
//! The full status and the automatic one begin alike: a printer has one of them, according to its profile.
//!
//! One rule decides every doubtful case: a byte that may be a piece of something else is never returned as an
//! answer to `GS r`, because that answer can confirm a ticket.

mod usb_port;

pub use usb_port::{port, port_in_words};

use super::conditions::{Condition, Conditions};

/// Longest block that is taken, in bytes; Epson's longest is 80 bytes of text.
pub const BLOCK_MAX_BYTES: usize = 84;

/// A reply of the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Answer to `DLE EOT n`; only the asker knows which n.
    RealTime(u8),
    /// Automatic status back (ASB).
    Automatic([u8; 4]),
    /// Answer to `DLE EOT 20`: paper, user, recoverable and unrecoverable errors.
    Full([u8; 4]),
    /// Answer to `GS r 1`: the paper sensors.
    InTurn(u8),
    /// Answer to `GS ( H` function 48: the identifier of the fence that printing has reached.
    Reached([u8; 4]),
    /// Answer to `DLE DC4` function 8: the buffer has been cleared.
    Cleared,
    /// Answer to `GS I n`: a text.
    Identity(String),
    /// XON or XOFF, which the line discipline should have removed.
    FlowControl,
    /// Bytes that make no sense and are left out; their number.
    Noise(usize),
}

/// Parser that takes bytes and returns replies.
#[derive(Debug, Clone, Default)]
pub struct ReplyParser {
    /// Beginning of a reply that is not complete; shorter than [`BLOCK_MAX_BYTES`].
    pending: Vec<u8>,
    /// True if the printer has the full status, which begins like an automatic one.
    full: bool,
}

impl ReplyParser {
    /// Creates a parser for a printer with the full status of CUSTOM's printers, or with automatic status.
    pub fn new(full: bool) -> Self {
        Self { pending: Vec::new(), full }
    }

    /// Takes the received bytes and returns the replies that are complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Reply> {
        let mut replies = Vec::new();
        for byte in bytes {
            self.take(*byte, &mut replies);
        }
        replies
    }

    /// Returns true if a reply has begun and not ended.
    pub fn is_partial(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Drops the beginning of a reply whose rest will not come.
    pub fn forget_partial(&mut self) {
        self.pending.clear();
    }

    fn take(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        match self.pending.first() {
            None => self.begin(byte, replies),
            Some(&FULL_START) if self.full => self.take_full(byte, replies),
            Some(first) if is_automatic_start(*first) => self.take_automatic(byte, replies),
            Some(_) => self.take_block(byte, replies),
        }
    }

    fn begin(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        match byte {
            0x11 | 0x13 => replies.push(Reply::FlowControl),
            0x37 | 0x5F => self.pending.push(byte),
            _ if self.full && byte == FULL_START => self.pending.push(byte),
            _ if !self.full && is_automatic_start(byte) => self.pending.push(byte),
            _ if is_real_time(byte) => replies.push(Reply::RealTime(byte)),
            _ if is_in_turn(byte) => replies.push(Reply::InTurn(byte)),
            _ => replies.push(Reply::Noise(1)),
        }
    }

    /// Takes a byte of an automatic status; answers to `DLE EOT` may come between its bytes, and pass through.
    fn take_automatic(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        if is_in_turn(byte) {
            self.pending.push(byte);
            if let [first, second, third, fourth] = self.pending.as_slice() {
                replies.push(Reply::Automatic([*first, *second, *third, *fourth]));
                self.pending.clear();
            }
        } else if is_real_time(byte) || matches!(byte, 0x11 | 0x13) {
            self.begin(byte, replies);
        } else {
            self.start_over(byte, replies);
        }
    }

    /// Takes a byte of a full status; only its first has bit 4: another one with it begins the next status.
    fn take_full(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        if byte & 0x10 != 0 || (self.pending.len() == 1 && byte != FULL_SECOND) {
            return self.start_over(byte, replies);
        }
        self.pending.push(byte);
        if let [_, _, paper, user, recoverable, unrecoverable] = self.pending.as_slice() {
            replies.push(Reply::Full([*paper, *user, *recoverable, *unrecoverable]));
            self.pending.clear();
        }
    }

    fn take_block(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        let is_text = (0x20..=0x7E).contains(&byte);
        // No identifier of ours contains a 7: the previous answer broke off, and the next begins.
        let begins_anew = byte == 0x37 && self.pending.starts_with(&[0x37, 0x22]);
        if begins_anew {
            self.start_over(byte, replies);
        } else if byte == 0 {
            replies.push(block(&self.pending));
            self.pending.clear();
        } else if is_text && self.pending.len() < BLOCK_MAX_BYTES {
            self.pending.push(byte);
        } else {
            self.start_over(byte, replies);
        }
    }

    fn start_over(&mut self, byte: u8, replies: &mut Vec<Reply>) {
        replies.push(Reply::Noise(self.pending.len()));
        self.pending.clear();
        self.begin(byte, replies);
    }
}

fn block(pending: &[u8]) -> Reply {
    match pending {
        [0x37, 0x22, a, b, c, d] => Reply::Reached([*a, *b, *c, *d]),
        [0x37, 0x25] => Reply::Cleared,
        [0x5F, text @ ..] => Reply::Identity(String::from_utf8_lossy(text).into_owned()),
        other => Reply::Noise(other.len() + 1),
    }
}

/// First byte of the full status.
const FULL_START: u8 = 0x10;
const FULL_SECOND: u8 = 0x0F;

fn is_real_time(byte: u8) -> bool {
    byte & 0x93 == 0x12
}

fn is_automatic_start(byte: u8) -> bool {
    byte & 0x93 == 0x10
}

fn is_in_turn(byte: u8) -> bool {
    byte & 0x90 == 0
}

/// Returns the conditions in an answer to `DLE EOT n`; `n` is 1 to 4.
pub fn real_time(n: u8, byte: u8) -> Conditions {
    let bits: &[(u8, Condition)] = match n {
        1 => &[(0x08, Condition::Offline)],
        // 0x20: printing has stopped because there is no paper.
        2 => &[(0x04, Condition::CoverOpen), (0x20, Condition::PaperOut)],
        3 => &[(0x08, Condition::CutterFault), (0x20, Condition::Unrecoverable), (0x40, Condition::HeadHot)],
        4 => &[(0x0C, Condition::PaperLow), (0x60, Condition::PaperOut)],
        _ => &[],
    };
    pick(byte, bits)
}

/// Returns the conditions in an automatic status.
pub fn automatic(status: [u8; 4]) -> Conditions {
    let [first, second, third, _] = status;
    pick(first, &[(0x08, Condition::Offline), (0x20, Condition::CoverOpen)])
        .union(pick(
            second,
            &[(0x08, Condition::CutterFault), (0x20, Condition::Unrecoverable), (0x40, Condition::HeadHot)],
        ))
        .union(pick(third, &[(0x03, Condition::PaperLow), (0x0C, Condition::PaperOut)]))
}

/// Returns the conditions in a full status (CUSTOM's command reference, `DLE EOT 20`).
pub fn full(status: [u8; 4]) -> Conditions {
    let [paper, user, recoverable, unrecoverable] = status;
    let bits = [(0x01, Condition::PaperOut), (0x44, Condition::PaperLow), (0x20, Condition::TicketWaiting)];
    pick(paper, &bits)
        .union(pick(user, &[(0x03, Condition::CoverOpen)]))
        .union(pick(
            recoverable,
            // Head, supply voltage, paper jam.
            &[(0x01, Condition::HeadHot), (0x08, Condition::Offline), (0x40, Condition::CutterFault)],
        ))
        .union(pick(unrecoverable, &[(0x01, Condition::CutterFault), (0xCC, Condition::Unrecoverable)]))
}

/// Returns the conditions in an answer to `GS r 1`.
pub fn in_turn(byte: u8) -> Conditions {
    pick(byte, &[(0x03, Condition::PaperLow), (0x0C, Condition::PaperOut)])
}

fn pick(byte: u8, bits: &[(u8, Condition)]) -> Conditions {
    bits.iter().filter(|(mask, _)| byte & mask != 0).map(|(_, condition)| *condition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream with one reply of each kind, with real-time answers inside an automatic status.
    const MIXED: &[u8] =
        b"\x12\x14\x20\x16\x03\x0F\x37\x22AB~ \x00\x0C\x13\x37\x25\x00\x5FTM-T88V\x00\x11\x72\x00";

    fn expected() -> Vec<Reply> {
        vec![
            Reply::RealTime(0x12),
            Reply::RealTime(0x16),
            Reply::Automatic([0x14, 0x20, 0x03, 0x0F]),
            Reply::Reached(*b"AB~ "),
            Reply::InTurn(0x0C),
            Reply::FlowControl,
            Reply::Cleared,
            Reply::Identity("TM-T88V".into()),
            Reply::FlowControl,
            Reply::RealTime(0x72),
            Reply::InTurn(0),
        ]
    }

    #[test]
    fn every_kind_is_told_apart_in_any_cut_of_the_stream() {
        for size in 1..=MIXED.len() {
            let mut parser = ReplyParser::default();
            let replies: Vec<_> = MIXED.chunks(size).flat_map(|chunk| parser.feed(chunk)).collect();
            assert_eq!(replies, expected(), "pieces of {size}");
            assert!(!parser.is_partial());
        }
    }

    #[test]
    fn pieces_of_a_broken_reply_are_never_an_answer_in_turn() {
        for (stream, what) in [
            (&b"\x37\x22\x20\x21\x12"[..], "a fence's answer broken off"),
            (b"\x5F@AB\x13", "an identity broken off"),
            (b"\x10\x00\x00\x10\x00\x00\x00", "an automatic status broken off by the next"),
            (b"\x37\x21\x20\x20\x00", "a block nobody knows"),
            (b"\x37\x22\x41\x00", "an identifier too short"),
            (b"\x37\x22\x41\x37\x25\x00", "an answer broken off by the next"),
        ] {
            let replies = ReplyParser::default().feed(stream);
            assert!(
                !replies.iter().any(|r| matches!(r, Reply::InTurn(_) | Reply::Reached(_))),
                "{what}: {replies:?}"
            );
        }
    }

    #[test]
    fn a_full_status_is_told_from_all_else_and_a_broken_one_confirms_nothing() {
        let stream = b"\x12\x10\x0F\x25\x00\x00\x00\x00\x16\x5FVKP80\x00";
        let wanted = vec![
            Reply::RealTime(0x12),
            Reply::Full([0x25, 0, 0, 0]),
            Reply::InTurn(0),
            Reply::RealTime(0x16),
            Reply::Identity("VKP80".into()),
        ];
        for size in 1..=stream.len() {
            let mut parser = ReplyParser::new(true);
            let replies: Vec<_> = stream.chunks(size).flat_map(|chunk| parser.feed(chunk)).collect();
            assert_eq!(replies, wanted, "pieces of {size}");
        }
        // The status breaks off after each of its bytes, with the next behind it.
        let whole = [0x10, 0x0F, 0, 0, 0, 0];
        for cut in 1..whole.len() {
            let mut parser = ReplyParser::new(true);
            let replies = parser.feed(&[&whole[..cut], &whole].concat());
            assert!(!replies.iter().any(|reply| matches!(reply, Reply::InTurn(_))), "{cut}: {replies:?}");
            assert_eq!(replies.last(), Some(&Reply::Full([0; 4])), "{cut}");
        }
        let set = |list: &[Condition]| list.iter().copied().collect::<Conditions>();
        assert_eq!(full([0x20, 0, 0, 0]), set(&[Condition::TicketWaiting]));
        assert_eq!(
            full([0x05, 2, 1, 1]),
            set(&[
                Condition::PaperLow,
                Condition::PaperOut,
                Condition::CoverOpen,
                Condition::HeadHot,
                Condition::CutterFault,
            ])
        );
    }

    #[test]
    fn half_a_status_can_be_dropped_and_the_next_is_read() {
        let mut parser = ReplyParser::default();
        assert!(parser.feed(&[0x14, 0x00]).is_empty());
        assert!(parser.is_partial());
        parser.forget_partial();
        assert_eq!(parser.feed(&[0x00]), [Reply::InTurn(0)]);
    }

    #[test]
    fn a_block_without_end_stays_within_its_bound() {
        let mut parser = ReplyParser::default();
        parser.feed(&[0x5F]);
        for _ in 0..10_000 {
            parser.feed(b"A");
            assert!(parser.pending.len() <= BLOCK_MAX_BYTES);
        }
    }

    #[test]
    fn any_bytes_are_taken_without_panic_and_within_bounds() {
        let mut seed = 0x9E37_79B9_u32;
        let mut parser = ReplyParser::default();
        for _ in 0..200_000 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            for reply in parser.feed(&seed.to_le_bytes()) {
                if let Reply::RealTime(byte) = reply {
                    (0..=5).for_each(|n| assert!(real_time(n, byte).iter().count() <= 3));
                }
            }
            assert!(parser.pending.len() <= BLOCK_MAX_BYTES);
        }
    }

    #[test]
    fn bits_mean_what_the_reference_says() {
        let set = |list: &[Condition]| list.iter().copied().collect::<Conditions>();
        assert_eq!(real_time(1, 0x1A), set(&[Condition::Offline]));
        assert_eq!(real_time(2, 0x36), set(&[Condition::CoverOpen, Condition::PaperOut]));
        assert_eq!(real_time(3, 0x1A), set(&[Condition::CutterFault]));
        assert_eq!(real_time(3, 0x72), set(&[Condition::Unrecoverable, Condition::HeadHot]));
        assert_eq!(real_time(4, 0x1E), set(&[Condition::PaperLow]));
        assert_eq!(real_time(4, 0x7E), set(&[Condition::PaperLow, Condition::PaperOut]));
        assert_eq!(real_time(4, 0x12), Conditions::NONE);
        assert_eq!(automatic([0x10, 0, 0, 0]), Conditions::NONE);
        assert_eq!(
            automatic([0x38, 0x08, 0x0F, 0]),
            set(&[
                Condition::Offline,
                Condition::CoverOpen,
                Condition::CutterFault,
                Condition::PaperLow,
                Condition::PaperOut
            ])
        );
        assert_eq!(port(0x18), Conditions::NONE);
        assert_eq!(port(0x38), set(&[Condition::PaperOut]));
        assert_eq!(port(0x10), set(&[Condition::Offline]));
        assert_eq!(port(0x08), set(&[Condition::Offline]));
        assert_eq!(port_in_words(0x38).en, "no paper, selected, no error");
        assert_eq!(port_in_words(0).en, "paper, not selected, error");
        assert_eq!(in_turn(0x0F), set(&[Condition::PaperLow, Condition::PaperOut]));
    }
}
