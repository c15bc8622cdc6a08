//! Commands that the printer's owner sends beside tickets.

use crate::receipt::profile::Fence;

/// `DLE DC4` function 8: clear receive and print buffer; answered by `37 25 00`.
pub const CLEAR: [u8; 10] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];

/// `DLE ENQ 2`: recover from an error that needs no hand, and clear the buffers.
pub const RECOVER: [u8; 3] = [0x10, 0x05, 2];

/// `GS a`: automatic status for online/offline, errors and paper.
pub const AUTOMATIC_STATUS: [u8; 3] = [0x1D, b'a', 0x0E];

/// `ESC @`: the beginning of a ticket.
pub const INITIALISE: [u8; 2] = [0x1B, b'@'];

/// `GS I 67`: the model's name.
pub const MODEL: [u8; 3] = [0x1D, b'I', 67];

/// Number of NULs that complete a command whose rest was cut off with its connection, so that what follows is read as a
/// command again: NULs are data inside one and nothing outside.
const FILL_BYTES: usize = 1024;

/// Returns [`FILL_BYTES`] NULs and `ESC @`.
pub fn fill() -> Vec<u8> {
    let mut bytes = vec![0; FILL_BYTES];
    bytes.extend_from_slice(&INITIALISE);
    bytes
}

/// Returns the bytes of `DLE EOT n`.
pub fn real_time(n: u8) -> [u8; 3] {
    [0x10, 0x04, n]
}

/// Letters of an identifier. No digits: a 7 in one would look like the beginning of another answer.
const LETTERS: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Number of different identifiers.
pub const IDENTIFIERS: u32 = 52 * 52 * 52 * 52;

/// Returns the identifier with this number, as four letters.
pub fn identifier(number: u32) -> [u8; 4] {
    let mut rest = number % IDENTIFIERS;
    [0_u8; 4].map(|_| {
        let letter = LETTERS.get((rest % 52) as usize).copied().unwrap_or(b'A');
        rest /= 52;
        letter
    })
}

/// Returns the bytes of the fence; none where the printer has none.
pub fn fence(kind: Fence, number: u32) -> Vec<u8> {
    match kind {
        Fence::GsParenH => {
            let mut bytes = vec![0x1D, b'(', b'H', 6, 0, 48, 48];
            bytes.extend_from_slice(&identifier(number));
            bytes
        }
        Fence::GsR => vec![0x1D, b'r', 1],
        Fence::None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_reference() {
        assert_eq!(fence(Fence::GsParenH, 0), [0x1D, 0x28, 0x48, 6, 0, 48, 48, b'A', b'A', b'A', b'A']);
        assert_eq!(fence(Fence::GsR, 9), [0x1D, 0x72, 1]);
        assert_eq!(CLEAR, *b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08");
        assert_eq!(real_time(4), [0x10, 0x04, 4]);
    }

    #[test]
    fn identifiers_differ_and_hold_letters_alone() {
        assert_ne!(identifier(0), identifier(1));
        assert_eq!(identifier(51), *b"zAAA");
        assert_eq!(identifier(52), *b"ABAA");
        assert_eq!(identifier(IDENTIFIERS), identifier(0));
        assert!(identifier(u32::MAX).iter().all(u8::is_ascii_alphabetic));
    }
}
