//! Translation of key strokes to characters: the US layout that scanners type in, with shift, caps lock, control and
//! the Alt-and-numeric-pad way of typing a character by its number. Pure; key numbers are those of
//! linux/input-event-codes.h.

/// Rows of adjacent keys: first key number, characters, characters with shift.
const ROWS: [(u16, &str, &str); 9] = [
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (15, "\tqwertyuiop[]\r", "\tQWERTYUIOP{}\r"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    // The numeric pad.
    (55, "*", "*"),
    (71, "789-456+1230.", "789-456+1230."),
    (96, "\r", "\r"),
    (98, "/", "/"),
];
const SHIFT: [u16; 2] = [42, 54];
const CONTROL: [u16; 2] = [29, 97];
const ALT: [u16; 2] = [56, 100];
const CAPS_LOCK: u16 = 58;
/// Largest number of digits of a character's number: the highest, 1114111, has 7, and a leading zero is usual.
const ALT_DIGITS_MAX: usize = 8;

/// A key stroke of a keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// The key has been pressed.
    Down(u16),
    /// The key has been released.
    Up(u16),
    /// The kernel's buffer was full, and strokes were lost.
    Lost,
}

/// State of the keys that change what others mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    shift: u8,
    control: u8,
    alt: u8,
    caps: bool,
    /// Digits typed on the numeric pad while Alt is held.
    number: String,
}

impl Layout {
    /// Returns the character that a stroke types, if any.
    pub fn stroke(&mut self, stroke: Stroke) -> Option<char> {
        match stroke {
            Stroke::Down(key) => self.down(key),
            Stroke::Up(key) => self.up(key),
            Stroke::Lost => {
                *self = Self::default();
                None
            }
        }
    }

    fn down(&mut self, key: u16) -> Option<char> {
        if let Some((side, held)) = self.modifier(key) {
            *held |= side;
            return None;
        }
        if key == CAPS_LOCK {
            self.caps = !self.caps;
            return None;
        }
        let (plain, shifted) = characters(key)?;
        if self.alt != 0 {
            if on_pad(key) && plain.is_ascii_digit() && self.number.len() < ALT_DIGITS_MAX {
                self.number.push(plain);
            }
            return None;
        }
        let shift = (self.shift != 0) != (self.caps && plain.is_ascii_alphabetic());
        let typed = if shift { shifted } else { plain };
        if self.control != 0 { control(typed) } else { Some(typed) }
    }

    fn up(&mut self, key: u16) -> Option<char> {
        let (side, held) = self.modifier(key)?;
        *held &= !side;
        if ALT.contains(&key) && self.alt == 0 {
            return by_number(&std::mem::take(&mut self.number));
        }
        None
    }

    fn modifier(&mut self, key: u16) -> Option<(u8, &mut u8)> {
        let side = |keys: [u16; 2]| keys.iter().position(|k| *k == key).map(|at| if at == 0 { 1 } else { 2 });
        if let Some(side) = side(SHIFT) {
            return Some((side, &mut self.shift));
        }
        if let Some(side) = side(CONTROL) {
            return Some((side, &mut self.control));
        }
        side(ALT).map(|side| (side, &mut self.alt))
    }
}

/// Returns the characters of a key: plain and with shift.
pub fn characters(key: u16) -> Option<(char, char)> {
    ROWS.iter().find_map(|(first, plain, shifted)| {
        let at = usize::from(key.checked_sub(*first)?);
        Some((plain.chars().nth(at)?, shifted.chars().nth(at)?))
    })
}

/// Returns true if a key is on the numeric pad.
pub fn on_pad(key: u16) -> bool {
    matches!(key, 55 | 71..=83 | 96 | 98)
}

/// Returns the control character of control and a letter or one of `[\]`; scanners send control characters so.
fn control(typed: char) -> Option<char> {
    let upper = typed.to_ascii_uppercase();
    matches!(upper, 'A'..='Z' | '[' | '\\' | ']')
        .then(|| char::from(u8::try_from(upper).unwrap_or_default() & 0x1f))
}

/// Returns the character of a number typed on the pad. From 128 to 255 it depends on a code page that is unknown here:
/// no code has such a character, so U+FFFD is enough.
fn by_number(digits: &str) -> Option<char> {
    let number: u32 = digits.parse().ok()?;
    match number {
        0 => None,
        128..=255 => Some(char::REPLACEMENT_CHARACTER),
        _ => Some(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types chords one after the other; all keys of a chord but the last are held until its end.
    fn typed(chords: &[&[u16]]) -> String {
        let mut layout = Layout::default();
        let mut out = String::new();
        for chord in chords {
            let (last, held) = chord.split_last().unwrap();
            out.extend(held.iter().filter_map(|key| layout.stroke(Stroke::Down(*key))));
            out.extend(layout.stroke(Stroke::Down(*last)));
            out.extend(layout.stroke(Stroke::Up(*last)));
            out.extend(held.iter().rev().filter_map(|key| layout.stroke(Stroke::Up(*key))));
        }
        assert_eq!((layout.shift, layout.control, layout.alt), (0, 0, 0));
        out
    }

    #[test]
    fn every_key_types_what_is_printed_on_a_us_keyboard() {
        let all: Vec<[u16; 1]> = (0..128).map(|key| [key]).collect();
        let chords: Vec<&[u16]> =
            all.iter().filter(|[key]| *key != CAPS_LOCK).map(<[u16; 1]>::as_slice).collect();
        let plain = typed(&chords);
        assert_eq!(plain, "1234567890-=\tqwertyuiop[]\rasdfghjkl;'`\\zxcvbnm,./* 789-456+1230.\r/");
        let shifted: Vec<[u16; 2]> = (2..58).map(|key| [42, key]).collect();
        let chords: Vec<&[u16]> = shifted
            .iter()
            .filter(|[_, key]| *key < 54 && ![29, 42].contains(key))
            .map(<[u16; 2]>::as_slice)
            .collect();
        assert_eq!(typed(&chords), "!@#$%^&*()_+\tQWERTYUIOP{}\rASDFGHJKL:\"~|ZXCVBNM<>?");
    }

    #[test]
    fn shift_caps_lock_and_control() {
        // wQ with the right shift; caps lock inverts shift; digits depend on shift alone.
        assert_eq!(typed(&[&[17], &[54, 16], &[58], &[17], &[42, 16], &[3], &[58], &[16]]), "wQWq2q");
        // GS as scanners send it: control and ]. Control and a digit types nothing.
        assert_eq!(typed(&[&[29, 27], &[97, 50], &[29, 3]]), "\u{1d}\r");
    }

    #[test]
    fn alt_and_the_numeric_pad_type_a_character_by_its_number() {
        // Alt+065, Alt+87, Alt+0124, Alt+20013; digits of the upper row don't count.
        assert_eq!(
            typed(&[
                [56, 82, 77, 76].as_slice(),
                &[56, 72, 71],
                &[100, 82, 79, 80, 75],
                &[56, 80, 82, 82, 79, 81]
            ]),
            "AW|中"
        );
        assert_eq!(
            typed(&[&[56, 2, 3], &[56, 80, 82, 82], &[56, 73, 73, 73, 73, 73, 73, 73, 73, 73, 73]]),
            "\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn strokes_that_were_lost_leave_no_shift_behind() {
        let mut layout = Layout::default();
        layout.stroke(Stroke::Down(42));
        layout.stroke(Stroke::Lost);
        assert_eq!(layout.stroke(Stroke::Down(16)), Some('q'));
        for key in 0..=u16::MAX {
            layout.stroke(Stroke::Down(key));
            layout.stroke(Stroke::Up(key));
        }
    }
}
