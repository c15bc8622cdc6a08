//! A USB numeric pad, or any keyboard: one character per key.

use super::matrix::HELD;
use super::spec::PadKey;
use super::{KeypadEvent, Outlet, Tell};
use crate::device::hotplug::presence::{End, keep_open};
use crate::device::keyboard::layout::Layout;
use crate::device::keyboard::place::KeyboardLocation;
use crate::device::keyboard::{self, Keyboard, Stroke};
use std::time::Instant;

/// Keys without a character, by their numbers in linux/input-event-codes.h.
const ESCAPE: u16 = 1;
const BACKSPACE: u16 = 14;
/// Largest number of keys that are down at once; more are no fingers.
const DOWN_MAX: usize = 16;

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run<T: Tell>(place: &KeyboardLocation, outlet: &mut Outlet<T>) {
    keep_open(&keyboard::watched(place), || Keyboard::take(place), outlet, read);
}

fn read<T: Tell>(mut keyboard: Keyboard, outlet: &mut Outlet<T>) -> Result<(), End> {
    let mut keys = Keys::default();
    loop {
        for stroke in keyboard.strokes(None)? {
            for event in keys.stroke(stroke, Instant::now()) {
                outlet.send(event)?;
            }
        }
    }
}

/// Keys that are down, with their meaning and the time of the press.
#[derive(Default)]
struct Keys {
    layout: Layout,
    down: Vec<(u16, PadKey, Instant)>,
}

impl Keys {
    fn stroke(&mut self, stroke: Stroke, now: Instant) -> Vec<KeypadEvent> {
        let typed = self.layout.stroke(stroke);
        match stroke {
            Stroke::Down(code) => {
                let key = match code {
                    ESCAPE => Some(PadKey::Clear),
                    BACKSPACE => Some(PadKey::Back),
                    _ => typed.and_then(PadKey::typed),
                };
                let Some(key) = key.filter(|_| self.down.len() < DOWN_MAX) else { return Vec::new() };
                self.down.push((code, key, now));
                vec![KeypadEvent::Down(key)]
            }
            Stroke::Up(code) => {
                let Some(at) = self.down.iter().position(|(down, ..)| *down == code) else {
                    return Vec::new();
                };
                let (_, key, since) = self.down.swap_remove(at);
                let held = now.saturating_duration_since(since) >= HELD;
                held.then_some(KeypadEvent::Held(key)).into_iter().chain([KeypadEvent::Up(key)]).collect()
            }
            Stroke::Lost => self.down.drain(..).map(|(_, key, _)| KeypadEvent::Up(key)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_numeric_pad_types_digits_and_a_long_press_is_told_when_it_ends() {
        let (mut keys, now) = (Keys::default(), Instant::now());
        let seven = PadKey::Digit('7');
        assert_eq!(keys.stroke(Stroke::Down(71), now), [KeypadEvent::Down(seven)]);
        assert_eq!(keys.stroke(Stroke::Up(71), now + Duration::from_millis(90)), [KeypadEvent::Up(seven)]);
        for (code, key) in [
            (96, PadKey::Enter),
            (14, PadKey::Back),
            (1, PadKey::Clear),
            (55, PadKey::Star),
            (98, PadKey::Hash),
        ] {
            assert_eq!(keys.stroke(Stroke::Down(code), now), [KeypadEvent::Down(key)]);
            let up = keys.stroke(Stroke::Up(code), now + HELD);
            assert_eq!(up, [KeypadEvent::Held(key), KeypadEvent::Up(key)]);
        }
        // Shift and 3 is #; a key without meaning and one that was never pressed do nothing.
        keys.stroke(Stroke::Down(42), now);
        assert_eq!(keys.stroke(Stroke::Down(4), now), [KeypadEvent::Down(PadKey::Hash)]);
        assert!(keys.stroke(Stroke::Down(78), now).is_empty() && keys.stroke(Stroke::Up(30), now).is_empty());
        assert_eq!(keys.stroke(Stroke::Lost, now), [KeypadEvent::Up(PadKey::Hash)]);
    }

    #[test]
    fn an_arm_on_the_keyboard_fills_nothing() {
        let (mut keys, now) = (Keys::default(), Instant::now());
        for code in (2..12).chain(16..26).chain(30..39) {
            keys.stroke(Stroke::Down(code), now);
        }
        assert_eq!(keys.down.len(), DOWN_MAX);
    }
}
