//! Letters from a pad of digits: a key tapped again within [`AGAIN`] is its next letter, as on a telephone. Pure.

use std::time::Duration;

/// Time within which a key tapped again changes the letter just typed; later it types another.
pub const AGAIN: Duration = Duration::from_millis(1_200);

/// Returns the characters of a digit's key: its letters as ISO/IEC 9995-8 has them, then the digit.
pub fn letters(digit: char) -> &'static [char] {
    match digit {
        '0' => &['0'],
        '1' => &['1'],
        '2' => &['A', 'B', 'C', '2'],
        '3' => &['D', 'E', 'F', '3'],
        '4' => &['G', 'H', 'I', '4'],
        '5' => &['J', 'K', 'L', '5'],
        '6' => &['M', 'N', 'O', '6'],
        '7' => &['P', 'Q', 'R', 'S', '7'],
        '8' => &['T', 'U', 'V', '8'],
        '9' => &['W', 'X', 'Y', 'Z', '9'],
        _ => &[],
    }
}

/// Effect of a tap on the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tap {
    /// The character is appended.
    Append(char),
    /// The character replaces the last one.
    Replace(char),
}

/// State of the key whose letter can still change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taps {
    open: Option<(char, usize, Duration)>,
}

impl Taps {
    /// Takes a tap of a digit's key; none if it is no digit.
    pub fn tap(&mut self, digit: char, now: Duration) -> Option<Tap> {
        let all = letters(digit);
        let again = self
            .open
            .filter(|(open, _, at)| *open == digit && now.saturating_sub(*at) < AGAIN && all.len() > 1);
        let index = again.map_or(0, |(_, index, _)| (index + 1) % all.len().max(1));
        let letter = *all.get(index)?;
        self.open = Some((digit, index, now));
        Some(if again.is_some() { Tap::Replace(letter) } else { Tap::Append(letter) })
    }

    /// Ends the choice: the letter stands as it is.
    pub fn settle(&mut self) {
        self.open = None;
    }

    /// Returns the time at which the letter stands by itself; none if no letter is open.
    pub fn deadline(&self) -> Option<Duration> {
        self.open.map(|(_, _, at)| at.saturating_add(AGAIN))
    }

    /// Returns the characters of the open key, and the index of the one that is typed now.
    pub fn choices(&self) -> Option<(&'static [char], usize)> {
        self.open.map(|(digit, index, _)| (letters(digit), index)).filter(|(all, _)| all.len() > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types keys, each with the time since the one before, in milliseconds.
    fn typed(keys: &[(char, u64)]) -> String {
        let (mut taps, mut now, mut text) = (Taps::default(), Duration::ZERO, String::new());
        for (key, after) in keys {
            now += Duration::from_millis(*after);
            match taps.tap(*key, now) {
                Some(Tap::Append(letter)) => text.push(letter),
                Some(Tap::Replace(letter)) => {
                    text.pop();
                    text.push(letter);
                }
                None => {}
            }
        }
        text
    }

    #[test]
    fn a_booking_id_can_be_typed_on_twelve_keys() {
        // WQNX8JL
        let keys = [
            ('9', 0),
            ('7', 300),
            ('7', 300),
            ('6', 300),
            ('6', 300),
            ('9', 300),
            ('9', 300),
            ('8', 300),
            ('8', 300),
            ('8', 300),
            ('8', 300),
            ('5', 300),
            ('5', 1_300),
            ('5', 300),
            ('5', 300),
        ];
        assert_eq!(typed(&keys), "WQNX8JL");
    }

    #[test]
    fn letters_go_round_and_a_pause_or_another_key_ends_them() {
        let again = |count: usize| vec![('7', 1_199); count];
        for (count, letter) in [(1, "P"), (2, "Q"), (4, "S"), (5, "7"), (6, "P"), (11, "P")] {
            assert_eq!(typed(&again(count)), letter, "{count}");
        }
        assert_eq!(
            typed(&[('2', 0), ('2', 1_200), ('3', 0), ('2', 0), ('1', 0), ('1', 0), ('0', 0), ('0', 0)]),
            "AADA1100"
        );
        assert_eq!(typed(&[('2', 0), ('#', 0), ('2', 0)]), "B");
    }

    #[test]
    fn the_choices_are_shown_as_long_as_they_are_open() {
        let mut taps = Taps::default();
        assert_eq!((taps.choices(), taps.deadline()), (None, None));
        taps.tap('3', Duration::ZERO);
        taps.tap('3', Duration::from_millis(100));
        assert_eq!(taps.choices(), Some((letters('3'), 1)));
        assert_eq!(taps.deadline(), Some(AGAIN + Duration::from_millis(100)));
        taps.settle();
        assert_eq!(taps, Taps::default());
        taps.tap('0', Duration::ZERO);
        assert_eq!(taps.choices(), None);
    }
}
