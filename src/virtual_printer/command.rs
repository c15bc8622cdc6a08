//! Parser of one command in a printer's bytes (Epson's ESC/POS command reference, and the clones' `ESC i`, `ESC m`).

use encoding_rs::GB18030;

const ESC: u8 = 0x1B;
const GS: u8 = 0x1D;
const FS: u8 = 0x1C;

/// A command of the host. One that this printer has no use for is [`Command::Ignored`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// A character; none where the bytes are no character of the set.
    Character {
        /// Character that was decoded.
        c: Option<char>,
        /// True if it is two cells wide.
        wide: bool,
    },
    /// LF: print the line.
    LineFeed,
    /// `ESC @`: initialise the printer.
    Initialise,
    /// `ESC J n`: print and feed dots.
    FeedDots(u8),
    /// `ESC d n`: print and feed lines.
    FeedLines(u8),
    /// `ESC 3 n`, `ESC 2`: set the line spacing in dots; none for the default.
    LineSpacing(Option<u8>),
    /// `GS ! n`: set the magnification.
    Size(u8),
    /// `ESC ! n`: set bold, double size and underline at once.
    Mode(u8),
    /// `ESC E n`, `ESC G n`: switch bold on or off.
    Bold(bool),
    /// `ESC - n`, `FS - n`: switch the underline on or off.
    Underline(bool),
    /// `GS B n`: switch white on black on or off.
    Inverse(bool),
    /// `ESC a n`: set the alignment.
    Align(u8),
    /// `ESC $ nL nH`: go to a position, in dots from the left margin.
    Position(u16),
    /// `FS &`, `FS .`: switch Chinese mode on or off.
    Chinese(bool),
    /// `GS ( k` function 167: set the module of a QR code, in dots.
    QrModule(u8),
    /// `GS ( k` function 169: set the error correction level of a QR code.
    QrLevel(u8),
    /// `GS ( k` function 180: store the content of a QR code.
    QrStore(&'a [u8]),
    /// `GS ( k` function 181: print the stored QR code.
    QrPrint,
    /// `GS v 0`: print a raster image.
    Raster {
        /// Magnification: 1 double width, 2 double height, 3 both.
        mode: u8,
        /// Width of a row, in bytes.
        stride: usize,
        /// Rows of the image, packed.
        rows: &'a [u8],
    },
    /// `GS V`, `ESC i`, `ESC m`: cut the paper.
    Cut {
        /// Feed before the cut beyond the way to the cutter, in dots.
        feed: u8,
        /// True if the paper is fed to the cutter first.
        to_cutter: bool,
    },
    /// `GS ( H` function 48: return this identifier (the fence).
    Fence([u8; 4]),
    /// `GS r n`: return a status in its turn.
    TransmitStatus(u8),
    /// `GS I n`: return the printer's identity.
    Identity(u8),
    /// `GS a n`: switch automatic status back on or off.
    AutomaticStatus(u8),
    /// `GS e n` of CUSTOM's printers: 2 retract, 3 present, 5 eject.
    Eject(u8),
    /// `GS` with F6, F8 or 0C (`FF`) behind it: go to the next mark.
    ToMark,
    /// Anything else, skipped as a whole.
    Ignored,
}

/// Result of parsing the front of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Parsed<'a> {
    /// The command is not complete yet.
    Incomplete {
        /// Number of bytes in all, or the least that it can be.
        at_least: usize,
    },
    /// A command, and the number of bytes that it took.
    Whole(Command<'a>, usize),
}

/// Parses the command at the front. `chinese`: two bytes make a character.
pub fn parse(bytes: &[u8], chinese: bool) -> Parsed<'_> {
    let Some(&first) = bytes.first() else { return Parsed::Incomplete { at_least: 1 } };
    match first {
        ESC => escape(bytes),
        GS => group(bytes),
        FS => field(bytes),
        b'\n' => Parsed::Whole(Command::LineFeed, 1),
        0x00..=0x1F | 0x7F => Parsed::Whole(Command::Ignored, 1),
        0x20..=0x7E => Parsed::Whole(Command::Character { c: Some(char::from(first)), wide: false }, 1),
        0x81..=0xFE if chinese => double_byte(bytes),
        _ => Parsed::Whole(Command::Character { c: None, wide: false }, 1),
    }
}

fn double_byte(bytes: &[u8]) -> Parsed<'_> {
    let Some(&second) = bytes.get(1) else { return Parsed::Incomplete { at_least: 2 } };
    let length = match second {
        0x40..=0x7E | 0x80..=0xFE => 2,
        0x30..=0x39 => 4,
        _ => return Parsed::Whole(Command::Character { c: None, wide: false }, 1),
    };
    let Some(code) = bytes.get(..length) else { return Parsed::Incomplete { at_least: length } };
    let c = GB18030.decode_without_bom_handling_and_without_replacement(code);
    let mut c = c.iter().flat_map(|text| text.chars());
    let c = c.next().filter(|_| c.next().is_none());
    Parsed::Whole(Command::Character { c, wide: true }, length)
}

/// Parses a command of fixed length; `make` gets its arguments.
fn fixed<'a>(bytes: &'a [u8], length: usize, make: impl FnOnce(&'a [u8]) -> Command<'a>) -> Parsed<'a> {
    match bytes.get(2..length) {
        Some(arguments) => Parsed::Whole(make(arguments), length),
        None => Parsed::Incomplete { at_least: length },
    }
}

/// Returns the first argument, 0 where there is none.
fn n(arguments: &[u8]) -> u8 {
    arguments.first().copied().unwrap_or(0)
}

fn low_bit(arguments: &[u8]) -> bool {
    n(arguments) & 1 == 1
}

fn word(bytes: &[u8], at: usize) -> usize {
    let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or(0));
    byte(at) + 256 * byte(at + 1)
}

fn escape(bytes: &[u8]) -> Parsed<'_> {
    let Some(&name) = bytes.get(1) else { return Parsed::Incomplete { at_least: 2 } };
    match name {
        b'@' => fixed(bytes, 2, |_| Command::Initialise),
        b'2' => fixed(bytes, 2, |_| Command::LineSpacing(None)),
        b'i' | b'm' => fixed(bytes, 2, |_| Command::Cut { feed: 0, to_cutter: false }),
        b'3' => fixed(bytes, 3, |a| Command::LineSpacing(Some(n(a)))),
        b'!' => fixed(bytes, 3, |a| Command::Mode(n(a))),
        b'E' | b'G' => fixed(bytes, 3, |a| Command::Bold(low_bit(a))),
        b'-' => fixed(bytes, 3, |a| Command::Underline(matches!(n(a), 1 | 2 | b'1' | b'2'))),
        b'a' => fixed(bytes, 3, |a| Command::Align(n(a) % 48)),
        b'J' => fixed(bytes, 3, |a| Command::FeedDots(n(a))),
        b'd' => fixed(bytes, 3, |a| Command::FeedLines(n(a))),
        b'$' => fixed(bytes, 4, |a| Command::Position(u16::try_from(word(a, 0)).unwrap_or(u16::MAX))),
        b'*' => {
            let columns = word(bytes, 3);
            let per_column = if bytes.get(2).is_some_and(|m| *m >= 32) { 3 } else { 1 };
            let length = if bytes.len() < 5 { 5 } else { 5 + columns * per_column };
            fixed(bytes, length, |_| Command::Ignored)
        }
        b'D' => match bytes.iter().skip(2).take(33).position(|&b| b == 0) {
            Some(at) => Parsed::Whole(Command::Ignored, 3 + at),
            None if bytes.len() < 35 => Parsed::Incomplete { at_least: bytes.len() + 1 },
            None => Parsed::Whole(Command::Ignored, 2),
        },
        _ => fixed(bytes, 2 + escape_arguments(name), |_| Command::Ignored),
    }
}

/// Returns the number of arguments of a command that is skipped.
fn escape_arguments(name: u8) -> usize {
    match name {
        b' ' | b'%' | b'=' | b'?' | b'K' | b'M' | b'R' | b'T' | b'V' | b'e' | b'r' | b't' | b'u' | b'{' => 1,
        b'\\' | b'B' | b'c' => 2,
        b'p' | b'&' => 3,
        b'W' => 8,
        _ => 0,
    }
}

fn group(bytes: &[u8]) -> Parsed<'_> {
    let Some(&name) = bytes.get(1) else { return Parsed::Incomplete { at_least: 2 } };
    match name {
        b'!' => fixed(bytes, 3, |a| Command::Size(n(a))),
        b'B' => fixed(bytes, 3, |a| Command::Inverse(low_bit(a))),
        b'r' => fixed(bytes, 3, |a| Command::TransmitStatus(n(a))),
        b'I' => fixed(bytes, 3, |a| Command::Identity(n(a))),
        b'a' => fixed(bytes, 3, |a| Command::AutomaticStatus(n(a))),
        b'e' if bytes.get(2) == Some(&3) => fixed(bytes, 4, |a| Command::Eject(n(a))),
        b'e' => fixed(bytes, 3, |a| Command::Eject(n(a))),
        0x0C | 0xF6 | 0xF8 => fixed(bytes, 2, |_| Command::ToMark),
        b'V' => match bytes.get(2) {
            Some(65 | 66) => {
                fixed(bytes, 4, |a| Command::Cut { feed: a.get(1).copied().unwrap_or(0), to_cutter: true })
            }
            // Functions C and D set a position for cuts by the paper sensor.
            Some(97 | 98 | 103 | 104) => {
                fixed(bytes, 4, |a| Command::Cut { feed: a.get(1).copied().unwrap_or(0), to_cutter: true })
            }
            _ => fixed(bytes, 3, |_| Command::Cut { feed: 0, to_cutter: false }),
        },
        b'(' => parenthesis(bytes),
        b'8' => {
            let length = 7 + word(bytes, 3) + 65_536 * word(bytes, 5);
            fixed(bytes, if bytes.len() < 7 { 7 } else { length }, |_| Command::Ignored)
        }
        b'v' => raster(bytes),
        b'k' => barcode(bytes),
        b'*' => {
            let size = |at: usize| usize::from(bytes.get(at).copied().unwrap_or(0));
            fixed(bytes, if bytes.len() < 4 { 4 } else { 4 + size(2) * size(3) * 8 }, |_| Command::Ignored)
        }
        _ => fixed(bytes, 2 + group_arguments(name), |_| Command::Ignored),
    }
}

/// Returns the number of arguments of a command that is skipped.
fn group_arguments(name: u8) -> usize {
    match name {
        b'/' | b'E' | b'H' | b'T' | b'b' | b'f' | b'h' | b'w' => 1,
        b'$' | b'\\' | b'L' | b'P' | b'W' => 2,
        b'^' => 3,
        _ => 0,
    }
}

fn parenthesis(bytes: &[u8]) -> Parsed<'_> {
    if bytes.len() < 5 {
        return Parsed::Incomplete { at_least: 5 };
    }
    let length = 5 + word(bytes, 3);
    let Some(data) = bytes.get(5..length) else { return Parsed::Incomplete { at_least: length } };
    let command = match (bytes.get(2), data) {
        (Some(b'H'), [48, 48, a, b, c, d]) => Command::Fence([*a, *b, *c, *d]),
        (Some(b'k'), [49, 67, module]) => Command::QrModule(*module),
        (Some(b'k'), [49, 69, level]) => Command::QrLevel(*level),
        (Some(b'k'), [49, 80, _, text @ ..]) => Command::QrStore(text),
        (Some(b'k'), [49, 81, ..]) => Command::QrPrint,
        _ => Command::Ignored,
    };
    Parsed::Whole(command, length)
}

fn raster(bytes: &[u8]) -> Parsed<'_> {
    let Some(head) = bytes.get(..8) else { return Parsed::Incomplete { at_least: 8 } };
    let stride = word(head, 4);
    let length = 8 + stride * word(head, 6);
    let mode = head.get(3).copied().unwrap_or(0) & 3;
    match bytes.get(8..length) {
        Some(rows) => Parsed::Whole(Command::Raster { mode, stride, rows }, length),
        None => Parsed::Incomplete { at_least: length },
    }
}

fn barcode(bytes: &[u8]) -> Parsed<'_> {
    match bytes.get(2) {
        None => Parsed::Incomplete { at_least: 3 },
        Some(0..=6) => match bytes.iter().skip(3).take(256).position(|&b| b == 0) {
            Some(at) => Parsed::Whole(Command::Ignored, 4 + at),
            None if bytes.len() < 259 => Parsed::Incomplete { at_least: bytes.len() + 1 },
            None => Parsed::Whole(Command::Ignored, 3),
        },
        Some(_) => {
            let length = bytes.get(3).map_or(4, |&count| 4 + usize::from(count));
            fixed(bytes, length, |_| Command::Ignored)
        }
    }
}

fn field(bytes: &[u8]) -> Parsed<'_> {
    let Some(&name) = bytes.get(1) else { return Parsed::Incomplete { at_least: 2 } };
    match name {
        b'&' => fixed(bytes, 2, |_| Command::Chinese(true)),
        b'.' => fixed(bytes, 2, |_| Command::Chinese(false)),
        b'-' => fixed(bytes, 3, |a| Command::Underline(matches!(n(a), 1 | 2 | b'1' | b'2'))),
        b'(' if bytes.len() < 5 => Parsed::Incomplete { at_least: 5 },
        b'(' => fixed(bytes, 5 + word(bytes, 3), |_| Command::Ignored),
        b'2' => fixed(bytes, 76, |_| Command::Ignored),
        b'!' | b'C' | b'W' => fixed(bytes, 3, |_| Command::Ignored),
        b'S' | b'?' | b'p' => fixed(bytes, 4, |_| Command::Ignored),
        _ => fixed(bytes, 2, |_| Command::Ignored),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_cut_is_one() {
        for (bytes, feed, to_cutter) in [
            (&b"\x1DV\x00"[..], 0, false),
            (b"\x1DV\x31", 0, false),
            (b"\x1DVA\x05", 5, true),
            (b"\x1DVB\x00", 0, true),
            (b"\x1Bi", 0, false),
            (b"\x1Bm", 0, false),
        ] {
            assert_eq!(parse(bytes, true), Parsed::Whole(Command::Cut { feed, to_cutter }, bytes.len()));
        }
    }

    #[test]
    fn text_is_gb18030_only_in_chinese_mode() {
        let c = |c, wide, length| Parsed::Whole(Command::Character { c, wide }, length);
        assert_eq!(parse(b"\xD6\xD8", true), c(Some('重'), true, 2));
        assert_eq!(parse(b"\xD6\xD8", false), c(None, false, 1));
        assert_eq!(parse(b"\x82\x35\x8F\x33", true), c(Some('龦'), true, 4));
        assert_eq!(parse(b"\xD6", true), Parsed::Incomplete { at_least: 2 });
        assert_eq!(parse(b"\xD6\x1B", true), c(None, false, 1));
        assert_eq!(parse(b"\xFF\xFF", true), c(None, false, 1));
    }

    #[test]
    fn unknown_commands_and_foreign_data_are_skipped_whole() {
        for bytes in [
            &b"\x1B\\ab"[..],
            b"\x1BD\x08\x10\x00",
            b"\x1B*\x21\x02\x00abcdef",
            b"\x1DkI\x03abc",
            b"\x1Dk\x04ABC\x00",
            b"\x1D(L\x02\x00ab",
            b"\x1D8L\x02\x00\x00\x00ab",
            b"\x1BZ",
            b"\x1D~",
        ] {
            assert_eq!(parse(bytes, true), Parsed::Whole(Command::Ignored, bytes.len()), "{bytes:x?}");
            for cut in 1..bytes.len() {
                assert!(matches!(parse(&bytes[..cut], true), Parsed::Incomplete { .. }), "{bytes:x?} {cut}");
            }
        }
    }
}
