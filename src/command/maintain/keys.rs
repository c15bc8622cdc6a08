//! Decoder of a terminal's bytes into keys of the menu.

/// State of the decoder between two reads.
#[derive(Debug, Default)]
pub(super) struct Keys {
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Plain,
    /// An Escape: a key of its own, or the beginning of another.
    Escape,
    /// Inside of a cursor key's sequence.
    Sequence,
}

impl Keys {
    /// Returns true while an Escape may be a key of its own: call [`Self::pause`] after a moment.
    pub(super) fn is_pending(&self) -> bool {
        self.state == State::Escape
    }

    /// Returns the key of an Escape that nothing followed.
    pub(super) fn pause(&mut self) -> Vec<String> {
        if std::mem::take(&mut self.state) == State::Escape { vec!["back".into()] } else { Vec::new() }
    }

    /// Takes bytes in and returns the keys they complete.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        bytes.iter().filter_map(|byte| self.one(*byte)).collect()
    }

    fn one(&mut self, byte: u8) -> Option<String> {
        match (self.state, byte) {
            (State::Escape, b'[' | b'O') => {
                self.state = State::Sequence;
                None
            }
            (State::Sequence, 0x40..=0x7E) => {
                self.state = State::Plain;
                None
            }
            (State::Sequence, _) => None,
            (_, 0x1B) => {
                // Two Escapes: the first was a key.
                let first = self.state == State::Escape;
                self.state = State::Escape;
                first.then(|| "back".into())
            }
            (State::Escape, _) => {
                self.state = State::Plain;
                self.one(byte)
            }
            (State::Plain, b'\r' | b'\n') => Some("enter".into()),
            (State::Plain, 0x08 | 0x7F) => Some("back".into()),
            // Ctrl-C, Ctrl-D.
            (State::Plain, 0x03 | 0x04) => Some("leave".into()),
            (State::Plain, 0x20..=0x7E) => Some(char::from(byte).to_string()),
            (State::Plain, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_however_their_bytes_are_cut() {
        let mut keys = Keys::default();
        assert_eq!(keys.feed(b"1\r\x7fa"), ["1", "enter", "back", "a"]);
        assert_eq!(keys.feed(b"\x1b[A\x1bOP2"), ["2"], "cursor and function keys mean nothing");
        assert!(keys.feed(b"\x1b").is_empty() && keys.is_pending());
        assert_eq!(keys.pause(), ["back"]);
        assert!(keys.feed(b"\x1b").is_empty());
        assert!(keys.feed(b"[1;5").is_empty() && keys.pause().is_empty());
        assert_eq!(keys.feed(b"\x03"), ["leave"]);
        assert_eq!(keys.feed("票\u{0}".as_bytes()), Vec::<String>::new());
        assert_eq!(keys.feed(b"\x1b\x1b"), ["back"]);
        assert_eq!(keys.feed(b"7"), ["7"]);
    }
}
