//! 128 bits of hash in one pass, for states that are told apart by their hash alone.
//!
//! Each word is mixed in by a step that can be undone: two states that differ in one word alone never get the same
//! hash, and others do by chance, as likely as with any other 128 bits. Nobody chooses the states to make them meet.

use std::hash::{BuildHasherDefault, Hasher};

/// Factor, odd so that multiplying by it can be undone; of no other meaning (the multiplier of PCG).
const FACTOR: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

/// Hasher that gives 128 bits.
pub struct Wide(u128);

impl Default for Wide {
    fn default() -> Self {
        Self(0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f)
    }
}

impl Wide {
    /// Returns all 128 bits; [`Hasher::finish`] gives the lower half.
    pub fn all(&self) -> u128 {
        let mut last = Self(self.0);
        last.word(0);
        last.word(0);
        last.0
    }

    fn word(&mut self, word: u64) {
        let mixed = (self.0 ^ u128::from(word)).wrapping_mul(FACTOR);
        self.0 = mixed ^ (mixed >> 64);
    }
}

impl Hasher for Wide {
    fn finish(&self) -> u64 {
        self.all() as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.word(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            // Never more than seven bytes: the eighth tells how many.
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            last[7] = rest.len() as u8;
            self.word(u64::from_le_bytes(last));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.word(value.into());
    }

    fn write_u16(&mut self, value: u16) {
        self.word(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.word(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.word(value);
    }

    fn write_u128(&mut self, value: u128) {
        self.word(value as u64);
        self.word((value >> 64) as u64);
    }

    fn write_usize(&mut self, value: usize) {
        self.word(value as u64);
    }
}

/// Hasher for keys that are hashes already: they are taken as they are.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("a key is a number of 128 bits");
    }

    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

/// Builder of [`AsItIs`].
pub type KeysAsTheyAre = BuildHasherDefault<AsItIs>;
