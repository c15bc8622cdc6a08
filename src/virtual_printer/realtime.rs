//! Real-time commands, picked out of the bytes as they arrive, even from within other data, as printers do (Epson's
//! reference, "Notes for real-time commands").

/// A real-time command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealTime {
    /// `DLE EOT n`: transmit status.
    Status(u8),
    /// `DLE ENQ n`: recover from an error.
    Recover(u8),
    /// `DLE DC4` function 8: clear the buffers.
    Clear,
    /// A real-time command that this printer lacks: drawer, buzzer, power off.
    Other,
}

/// First byte of every real-time command.
pub const DLE: u8 = 0x10;
const CLEAR: [u8; 10] = [DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/// Sorter of single bytes into ordinary ones and real-time commands; never holds more than ten.
#[derive(Debug, Default)]
pub struct Sorter {
    held: Vec<u8>,
}

impl Sorter {
    /// Takes one byte. An ordinary byte is added to `ordinary`; one that may belong to a real-time command is held; one
    /// that completes it yields the command.
    pub fn take(&mut self, byte: u8, ordinary: &mut Vec<u8>) -> Option<RealTime> {
        if self.held.is_empty() && byte != DLE {
            ordinary.push(byte);
            return None;
        }
        self.held.push(byte);
        let command = match self.held.as_slice() {
            [DLE] | [DLE, 0x04 | 0x05 | 0x14] => return None,
            [DLE, 0x04, n] => RealTime::Status(*n),
            [DLE, 0x05, n] => RealTime::Recover(*n),
            [DLE, 0x14, rest @ ..] => match (rest, rest.first()) {
                (_, Some(8)) if self.held == CLEAR => RealTime::Clear,
                (_, Some(8)) if CLEAR.starts_with(&self.held) => return None,
                (rest, Some(&function @ (1 | 2 | 3 | 7))) if rest.len() < arguments(function) => {
                    return None;
                }
                (_, Some(1 | 2 | 3 | 7)) => RealTime::Other,
                _ => return self.release(ordinary),
            },
            _ => return self.release(ordinary),
        };
        self.held.clear();
        Some(command)
    }

    /// Returns true while bytes are held that may become a command.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Releases held bytes that are no command; a DLE at the end may still begin one.
    fn release(&mut self, ordinary: &mut Vec<u8>) -> Option<RealTime> {
        let mut bytes = std::mem::take(&mut self.held);
        if bytes.last() == Some(&DLE) {
            bytes.pop();
            self.held.push(DLE);
        }
        ordinary.extend(bytes);
        None
    }
}

/// Returns the number of bytes after `DLE DC4`, including the function's number.
fn arguments(function: u8) -> usize {
    match function {
        1 | 2 => 3,
        3 => 6,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(bytes: &[u8]) -> (Vec<u8>, Vec<RealTime>) {
        let (mut ordinary, mut sorter) = (Vec::new(), Sorter::default());
        let commands = bytes.iter().filter_map(|&byte| sorter.take(byte, &mut ordinary)).collect();
        (ordinary, commands)
    }

    #[test]
    fn commands_are_found_and_all_else_passes_in_order() {
        let (ordinary, commands) =
            sort(b"a\x10\x04\x01b\x10\x05\x02c\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08d");
        assert_eq!(ordinary, b"abcd");
        assert_eq!(commands, [RealTime::Status(1), RealTime::Recover(2), RealTime::Clear]);
        assert_eq!(sort(b"\x10\x10\x04\x04x"), (b"\x10x".to_vec(), vec![RealTime::Status(4)]));
        assert_eq!(sort(b"\x1D!\x10ab"), (b"\x1D!\x10ab".to_vec(), vec![]));
        assert_eq!(sort(b"\x10\x14\x08\x01\x03zz"), (b"\x10\x14\x08\x01\x03zz".to_vec(), vec![]));
        assert_eq!(sort(b"\x10\x14\x01\x00\x02a"), (b"a".to_vec(), vec![RealTime::Other]));
    }
}
