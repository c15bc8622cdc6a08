//! Commands that cut the paper.

use super::{Cut, CutCommand, CutKind};

impl Cut {
    /// Returns the bytes that cut, including the feed before the cut; without a cutter, the feed alone.
    ///
    /// The crate escpos has `GS V 65 0` and `GS V 66 0` only.
    pub fn bytes(&self) -> Vec<u8> {
        let full = self.kind == CutKind::Full;
        let feed_then = |cut: &[u8]| {
            let mut bytes = Vec::with_capacity(6);
            if self.feed_dots > 0 {
                bytes.extend_from_slice(&[0x1B, b'J', self.feed_dots]);
            }
            bytes.extend_from_slice(cut);
            bytes
        };
        match self.command {
            CutCommand::GsV => vec![0x1D, b'V', if full { 65 } else { 66 }, self.feed_dots],
            CutCommand::GsVPlain => feed_then(&[0x1D, b'V', u8::from(!full)]),
            CutCommand::EscI => feed_then(&[0x1B, if full { b'i' } else { b'm' }]),
            CutCommand::None => feed_then(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_cutting_has_its_bytes() {
        let cut = |command, kind, feed_dots| Cut { command, kind, feed_dots }.bytes();
        assert_eq!(cut(CutCommand::GsV, CutKind::Full, 0), [0x1D, b'V', 65, 0]);
        assert_eq!(cut(CutCommand::GsV, CutKind::Partial, 20), [0x1D, b'V', 66, 20]);
        assert_eq!(cut(CutCommand::GsVPlain, CutKind::Partial, 120), [0x1B, b'J', 120, 0x1D, b'V', 1]);
        assert_eq!(cut(CutCommand::EscI, CutKind::Full, 0), [0x1B, b'i']);
        assert_eq!(cut(CutCommand::EscI, CutKind::Partial, 0), [0x1B, b'm']);
        assert_eq!(cut(CutCommand::None, CutKind::Full, 200), [0x1B, b'J', 200]);
    }
}
