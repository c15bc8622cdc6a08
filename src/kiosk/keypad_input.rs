//! The keypad: from keys to what they do. Digits are digits, but where a booking ID is asked for they type letters; `*`,
//! `#` and A to D do what the configuration says; one sequence of them calls the technician.

use super::effect::{Effect, Effects};
use super::event::Event;
use super::machine_log::MachineEvent;
use crate::config::panel::KeypadSetup;
use crate::config::settings::{KeyAction, KeypadActions};
use crate::device::keypad::matrix::HELD;
use crate::device::keypad::taps::{Tap, Taps};
use crate::device::keypad::{self, KeypadEvent, PadKey};
use crate::fault_code::FaultCode;
use crate::maintenance::sequence::Sequence;
use crate::pickup::input::Key;
use crate::pickup::state::{CustomerState, Half};
use crate::screen::user_input::UserInput;
use crate::screen::view::Choices;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Starts the keypad's thread; its keys come to the loop as events.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start(setup: &KeypadSetup, events: mpsc::Sender<Event>) -> io::Result<()> {
    let mut sequence = Sequence::new(setup.maintenance.clone());
    let started = Instant::now();
    let tell = move |event| {
        // The key itself first: what it does is done before the menu is there.
        let called = matches!(event, KeypadEvent::Down(key) if sequence.press(key, started.elapsed()));
        let told = events.blocking_send(Event::Keypad(event)).is_ok();
        told && (!called || events.blocking_send(Event::MaintenanceSequence).is_ok())
    };
    keypad::start(setup.spec.clone(), setup.backend, tell).map(drop)
}

/// The keys typed so far, as far as they can still change.
#[derive(Debug, Default)]
pub(super) struct KeypadInput {
    actions: KeypadActions,
    taps: Taps,
    /// The customer wants digits where letters are typed, or the other way round.
    turned: bool,
    /// Down, and does one thing when it is held and another when it is not; since when.
    open: Option<(PadKey, Duration)>,
}

impl KeypadInput {
    pub(super) fn new(actions: KeypadActions) -> Self {
        Self { actions, ..Self::default() }
    }

    /// The moment from which a letter stands as it is.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.taps.deadline()
    }

    /// The action of a key for this customer: letters where a booking ID is asked for; the next customer begins with
    /// them again.
    pub(super) fn key(
        &mut self,
        event: KeypadEvent,
        customer: &CustomerState,
        now: Duration,
    ) -> Option<UserInput> {
        let letters = matches!(customer, CustomerState::EnteringCode(entering) if matches!(entering.have, Half::Number(_)));
        if matches!(customer, CustomerState::Idle | CustomerState::Result(_)) {
            self.turned = false;
        }
        self.event(event, letters, now)
    }

    /// The effects of what a keypad tells about itself.
    pub(super) fn about_itself(event: KeypadEvent) -> Effects {
        let Some(event) = MachineEvent::of_keypad(event) else { return Vec::new() };
        let record = Effect::RecordMachine(event);
        match event {
            MachineEvent::Keypad { there } => {
                vec![Effect::Fault(FaultCode::KeypadGone, !there), Effect::Show, record]
            }
            _ => vec![record],
        }
    }

    /// Lets a letter stand that nobody has changed in time; true where there was one.
    pub(super) fn settle(&mut self, now: Duration) -> bool {
        let over = self.deadline().is_some_and(|deadline| now >= deadline);
        if over {
            self.taps.settle();
        }
        over
    }

    /// The characters that the key just tapped can still become.
    pub(super) fn choices(&self) -> Option<Choices> {
        self.taps.choices().map(|(of, at)| Choices { of: of.to_vec(), at })
    }

    /// The action of a key. `letters`: a booking ID is asked for.
    fn event(&mut self, event: KeypadEvent, letters: bool, now: Duration) -> Option<UserInput> {
        match event {
            KeypadEvent::Down(key) => match self.held_action(key) {
                KeyAction::None => self.press(key, letters, now),
                _ => {
                    self.open = Some((key, now));
                    None
                }
            },
            KeypadEvent::Held(key) => {
                self.open.take_if(|(open, _)| *open == key)?;
                let action = self.held_action(key);
                self.act(action)
            }
            KeypadEvent::Up(key) => {
                let (_, since) = self.open.take_if(|(open, _)| *open == key)?;
                // A pad that doesn't tell of holding still shows how long it was.
                if now.saturating_sub(since) >= HELD {
                    let action = self.held_action(key);
                    return self.act(action);
                }
                self.press(key, letters, now)
            }
            KeypadEvent::Repeated(key) => {
                (self.action(key) == KeyAction::Back).then_some(UserInput::Key(Key::Back))
            }
            KeypadEvent::Stuck(_) | KeypadEvent::Gone | KeypadEvent::Back => {
                self.open = None;
                None
            }
        }
    }

    fn press(&mut self, key: PadKey, letters: bool, now: Duration) -> Option<UserInput> {
        match key {
            PadKey::Digit(digit) if letters != self.turned => Some(match self.taps.tap(digit, now)? {
                Tap::Append(letter) => UserInput::Key(Key::Character(letter)),
                Tap::Replace(letter) => UserInput::Key(Key::Replace(letter)),
            }),
            PadKey::Digit(character) | PadKey::Letter(character) => {
                self.taps.settle();
                Some(UserInput::Key(Key::Character(character)))
            }
            key => {
                let action = self.action(key);
                self.act(action)
            }
        }
    }

    fn act(&mut self, action: KeyAction) -> Option<UserInput> {
        self.taps.settle();
        match action {
            KeyAction::Clear => Some(UserInput::Key(Key::Clear)),
            KeyAction::Back => Some(UserInput::Key(Key::Back)),
            KeyAction::Enter => Some(UserInput::Key(Key::Enter)),
            KeyAction::MoreTime => Some(UserInput::Key(Key::MoreTime)),
            KeyAction::Language => Some(UserInput::Language),
            KeyAction::Letters => {
                self.turned = !self.turned;
                None
            }
            KeyAction::None => None,
        }
    }

    fn action(&self, key: PadKey) -> KeyAction {
        match key {
            PadKey::Star => self.actions.star,
            PadKey::Hash => self.actions.hash,
            PadKey::Function('A') => self.actions.a,
            PadKey::Function('B') => self.actions.b,
            PadKey::Function('C') => self.actions.c,
            PadKey::Function(_) => self.actions.d,
            PadKey::Enter => KeyAction::Enter,
            PadKey::Back => KeyAction::Back,
            PadKey::Clear => KeyAction::Clear,
            PadKey::Digit(_) | PadKey::Letter(_) => KeyAction::None,
        }
    }

    fn held_action(&self, key: PadKey) -> KeyAction {
        match key {
            PadKey::Star => self.actions.star_held,
            PadKey::Hash => self.actions.hash_held,
            _ => KeyAction::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn key(key: Key) -> Option<UserInput> {
        Some(UserInput::Key(key))
    }

    #[test]
    fn digits_are_digits_and_letters_where_an_id_is_asked_for() {
        let mut pad = KeypadInput::new(KeypadActions::default());
        let two = KeypadEvent::Down(PadKey::Digit('2'));
        assert_eq!(pad.event(two, false, ms(0)), key(Key::Character('2')));
        assert_eq!(pad.event(two, false, ms(100)), key(Key::Character('2')));
        assert_eq!(pad.choices(), None);
        assert_eq!(pad.event(two, true, ms(200)), key(Key::Character('A')));
        assert_eq!(pad.event(two, true, ms(300)), key(Key::Replace('B')));
        assert_eq!(pad.choices(), Some(Choices { of: vec!['A', 'B', 'C', '2'], at: 1 }));
        assert_eq!(
            pad.event(KeypadEvent::Down(PadKey::Letter('X')), true, ms(400)),
            key(Key::Character('X'))
        );
        assert_eq!(pad.choices(), None);
    }

    #[test]
    fn a_key_that_can_be_held_waits_to_see_which_it_is() {
        let mut pad = KeypadInput::new(KeypadActions::default());
        let (down, up, held) =
            (KeypadEvent::Down(PadKey::Star), KeypadEvent::Up(PadKey::Star), KeypadEvent::Held(PadKey::Star));
        assert_eq!(pad.event(down, false, ms(0)), None);
        assert_eq!(pad.event(up, false, ms(100)), key(Key::Clear));
        assert_eq!(pad.event(down, false, ms(1_000)), None);
        assert_eq!(pad.event(held, false, ms(1_800)), Some(UserInput::Language));
        assert_eq!(pad.event(up, false, ms(1_900)), None);
        // One that doesn't tell of holding.
        assert_eq!(pad.event(down, false, ms(3_000)), None);
        assert_eq!(pad.event(up, false, ms(3_900)), Some(UserInput::Language));
        // #, held: digits where letters are.
        assert_eq!(pad.event(KeypadEvent::Down(PadKey::Hash), true, ms(4_000)), None);
        assert_eq!(pad.event(KeypadEvent::Held(PadKey::Hash), true, ms(4_800)), None);
        assert_eq!(
            pad.event(KeypadEvent::Down(PadKey::Digit('2')), true, ms(5_000)),
            key(Key::Character('2'))
        );
    }

    #[test]
    fn only_a_key_that_takes_back_repeats() {
        let mut pad = KeypadInput::new(KeypadActions::default());
        assert_eq!(pad.event(KeypadEvent::Repeated(PadKey::Digit('1')), false, ms(0)), None);
        assert_eq!(pad.event(KeypadEvent::Repeated(PadKey::Function('A')), false, ms(0)), key(Key::Back));
        for ignored in [KeypadEvent::Gone, KeypadEvent::Back, KeypadEvent::Stuck(PadKey::Hash)] {
            assert_eq!(pad.event(ignored, false, ms(0)), None);
        }
    }

    #[test]
    fn the_sequence_is_found_in_whatever_is_typed_unless_it_takes_too_long() {
        use PadKey::{Digit, Hash, Star};
        let typed = |wanted: &[PadKey], keys: &[(PadKey, u64)]| {
            let mut sequence = Sequence::new(wanted.to_vec());
            keys.iter().filter(|(key, at)| sequence.press(*key, ms(*at))).count()
        };
        let wanted = [Star, Hash, Star, Hash];
        let keys = [(Digit('1'), 0), (Star, 100), (Star, 200), (Hash, 300), (Star, 400), (Hash, 500)];
        assert_eq!(typed(&wanted, &keys), 1);
        // Its keys don't count twice, and a pause begins anew.
        assert_eq!(typed(&wanted, &[(Star, 0), (Hash, 1), (Star, 2), (Hash, 3), (Star, 4), (Hash, 5)]), 1);
        assert_eq!(typed(&wanted, &[(Star, 0), (Hash, 1), (Star, 2), (Hash, 3_500)]), 0);
        assert_eq!(typed(&[], &[(Star, 0), (Hash, 1)]), 0);
    }
}
