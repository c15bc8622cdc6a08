//! Key sequence that opens the menu: on the customer screen, and on the keypad.

use std::time::Duration;

/// Longest time between two keys of the sequence; after a longer one it begins anew.
pub const PAUSE_MAX: Duration = Duration::from_secs(3);

/// Key of the customer screen that the sequence can contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Digit 0 to 9.
    Digit(u8),
    /// Back key, which takes back.
    Back,
    /// Enter key, which completes.
    Enter,
    /// Clear key, which drops everything typed.
    Clear,
    /// Any other key, which breaks the sequence.
    Other,
}

impl Press {
    /// Returns the keys of these names in the configuration; names of no key are left out.
    pub fn all_named(names: &[String]) -> Vec<Self> {
        names.iter().filter_map(|name| Self::named(name)).collect()
    }

    /// Returns the key of this name in the configuration.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "back" => Some(Self::Back),
            "enter" => Some(Self::Enter),
            "clear" => Some(Self::Clear),
            _ => match name.as_bytes() {
                [digit @ b'0'..=b'9'] => Some(Self::Digit(digit - b'0')),
                _ => None,
            },
        }
    }
}

/// Recogniser of a key sequence, whichever device the keys are on.
#[derive(Debug, Clone)]
pub struct Sequence<K> {
    wanted: Vec<K>,
    last: Vec<K>,
    at: Duration,
}

impl<K: PartialEq> Sequence<K> {
    /// Returns a recogniser for these keys; without any it never recognises one.
    pub fn new(wanted: Vec<K>) -> Self {
        Self { wanted, last: Vec::new(), at: Duration::ZERO }
    }

    /// Takes a key; returns true when it completes the sequence. `now` never jumps.
    pub fn press(&mut self, key: K, now: Duration) -> bool {
        if now.saturating_sub(self.at) > PAUSE_MAX {
            self.last.clear();
        }
        self.at = now;
        self.last.push(key);
        let more = self.last.len().saturating_sub(self.wanted.len());
        self.last.drain(..more);
        let done = !self.wanted.is_empty() && self.last == self.wanted;
        if done {
            self.last.clear();
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence() -> Sequence<Press> {
        Sequence::new(Press::all_named(&["back", "back", "1", "back"].map(str::to_owned)))
    }

    fn pressed(keys: &[(Press, u64)]) -> Vec<bool> {
        let mut sequence = sequence();
        keys.iter().map(|(key, second)| sequence.press(*key, Duration::from_secs(*second))).collect()
    }

    #[test]
    fn the_keys_in_order_open_it_whatever_came_before() {
        let (b, one) = (Press::Back, Press::Digit(1));
        assert_eq!(pressed(&[(b, 0), (b, 1), (one, 2), (b, 3)]), [false, false, false, true]);
        assert_eq!(pressed(&[(b, 0), (b, 0), (b, 0), (one, 0), (b, 0)]).last(), Some(&true));
        assert_eq!(pressed(&[(b, 0), (b, 0), (one, 0), (Press::Other, 0), (b, 0)]).last(), Some(&false));
    }

    #[test]
    fn a_pause_or_a_second_helping_of_the_same_keys_does_not() {
        let (b, one) = (Press::Back, Press::Digit(1));
        assert_eq!(pressed(&[(b, 0), (b, 4), (one, 4), (b, 4)]).last(), Some(&false));
        let keys = [(b, 0), (b, 0), (one, 0), (b, 0), (b, 0), (one, 0), (b, 0)];
        assert_eq!(pressed(&keys).iter().filter(|opened| **opened).count(), 1);
        let mut never = Sequence::new(Vec::new());
        assert!(!never.press(b, Duration::ZERO));
    }

    #[test]
    fn names_are_those_of_the_keys() {
        assert_eq!(Press::named("7"), Some(Press::Digit(7)));
        for wrong in ["", "77", "a", "Back", "enter ", "７"] {
            assert_eq!(Press::named(wrong), None, "{wrong}");
        }
    }
}
