//! PINs as argon2id keeps them: the PHC string that stands as `pin_hash` in the configuration.

use super::settings::PinHash;
use crate::locale::{Text, display_text, text};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Smallest number of digits of a PIN.
pub const MIN: usize = 6;
/// Largest number of digits of a PIN: what is longer is refused before it is hashed.
pub const MAX: usize = 32;
/// Memory of one hash, KiB, and passes over it: as much as OWASP's least for argon2id (7 MiB, 5 passes). A build for
/// armv6 takes half a second for it under QEMU on this project's machine: a second or two on a Pi Zero, and a fiftieth
/// of its memory.
const MEMORY_KIB: u32 = 8 * 1024;
const PASSES: u32 = 5;
/// Most memory, in KiB, and most passes that a hash in a configuration may ask of this machine.
const MEMORY_MOST_KIB: u32 = 64 * 1024;
const PASSES_MOST: u32 = 10;
/// Length of the salt, in bytes.
const SALT: usize = 16;

/// Reason for which a PIN can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// The PIN is too short, too long, or not digits alone.
    Form,
    /// The PIN is 000000, 123456 or the like.
    Obvious,
    /// The system gives no randomness, or the hash could not be made.
    System,
}

display_text!(PinError);

impl PinError {
    /// Returns the reason in both languages.
    pub fn text(self) -> Text {
        match self {
            Self::Form => {
                text!("密码只能是 {MIN} 到 {MAX} 位数字", "a PIN has {MIN} to {MAX} digits and nothing else")
            }
            Self::Obvious => Text::new(
                "这个密码太容易猜到：请换一个",
                "this PIN is the first that anybody tries: choose another",
            ),
            Self::System => Text::new("无法计算密码的哈希值", "the PIN could not be hashed"),
        }
    }
}

impl PinHash {
    /// Hashes a PIN under a new salt. Takes as long as it is meant to.
    ///
    /// # Errors
    /// [`PinError`].
    pub fn of(pin: &str) -> Result<Self, PinError> {
        if !has_form(pin) {
            return Err(PinError::Form);
        }
        if is_obvious(pin) {
            return Err(PinError::Obvious);
        }
        let mut salt = [0_u8; SALT];
        getrandom::fill(&mut salt).map_err(|_| PinError::System)?;
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| PinError::System)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash =
            hasher.hash_password_with_salt(pin.as_bytes(), &salt).map_err(|_| PinError::System)?;
        Ok(Self::new(hash.to_string()))
    }

    /// Returns true if this program can check the hash on any board: argon2id, within bounds of memory and time.
    pub fn is_fit(&self) -> bool {
        let Ok(hash) = PasswordHash::new(self.text()) else { return false };
        let Ok(params) = Params::try_from(&hash) else { return false };
        hash.algorithm.as_str() == "argon2id"
            && hash.salt.is_some()
            && hash.hash.is_some()
            && params.m_cost() <= MEMORY_MOST_KIB
            && params.t_cost() <= PASSES_MOST
            && params.p_cost() <= 4
    }

    /// Returns true if this is the PIN. One that can't be any is refused unhashed. Takes as long as hashing.
    pub fn is_of(&self, pin: &str) -> bool {
        has_form(pin)
            && self.is_fit()
            && PasswordHash::new(self.text())
                .is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
    }
}

/// Returns true if these can be a PIN's digits.
pub fn has_form(pin: &str) -> bool {
    (MIN..=MAX).contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit())
}

/// Returns true for the same digit over and over, or one counting up or down.
fn is_obvious(pin: &str) -> bool {
    let steps: Vec<i16> =
        pin.as_bytes().iter().zip(pin.bytes().skip(1)).map(|(a, b)| i16::from(b) - i16::from(*a)).collect();
    [0, 1, -1].iter().any(|step| steps.iter().all(|found| found == step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_known_again_and_another_is_not() {
        let hash = PinHash::of("271828").unwrap();
        assert!(hash.text().starts_with("$argon2id$v=19$m=8192,t=5,p=1$"), "{}", hash.text());
        assert!(hash.is_fit() && hash.is_of("271828") && !hash.is_of("271829"));
        assert_ne!(hash, PinHash::of("271828").unwrap(), "each has a salt of its own");
        assert_eq!(format!("{hash:?}"), "PinHash(…)");
    }

    #[test]
    fn what_is_no_pin_is_refused_before_it_costs_anything() {
        for wrong in ["", "12345", "12345a", "２７１８２８", "27 1828", &"7".repeat(33), &"27".repeat(5_000)]
        {
            assert_eq!(PinHash::of(wrong), Err(PinError::Form));
        }
        for easy in ["000000", "123456", "987654", "11111111"] {
            assert_eq!(PinHash::of(easy), Err(PinError::Obvious), "{easy}");
        }
        let hash = PinHash::of("271828").unwrap();
        let began = std::time::Instant::now();
        for _ in 0..1_000 {
            assert!(!hash.is_of(&"27".repeat(5_000)));
        }
        assert!(began.elapsed().as_secs() < 5, "a thousand hashes would take longer");
    }

    #[test]
    fn a_hash_that_would_stall_a_small_board_is_not_fit() {
        let hash = PinHash::of("271828").unwrap();
        for (part, other) in [("m=8192", "m=1048576"), ("t=5", "t=4000"), ("argon2id", "argon2d")] {
            let wrong = PinHash::new(hash.text().replace(part, other));
            assert!(!wrong.is_of("271828"), "{part}");
            assert!(!wrong.is_fit(), "{part}");
        }
        assert!(!PinHash::new("271828").is_fit());
    }
}
