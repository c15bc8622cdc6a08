//! Looks of lamps and buzzer for each view: one table, and the state of each lamp at each moment. Pure.

use crate::locale::{Text, display_text};
use std::time::Duration;

/// Time for which a blinking lamp is on, and then off.
pub const BLINK: Duration = Duration::from_millis(500);

/// Names of the lamps, in this order everywhere.
pub const LAMPS: [&str; 4] = ["ready", "working", "slot", "fault"];

/// Default look of each view, by the view's name; the configuration may replace it.
pub const DEFAULTS: [(&str, &str); 17] = [
    ("welcome", "ready"),
    ("entering", "ready"),
    ("working", "working"),
    ("printing", "working blink:slot"),
    ("waiting", "blink:working fault"),
    ("maintenance", "blink:fault"),
    ("printed", "ready blink:slot tone:done"),
    ("already_collected", "ready tone:no"),
    ("refunded", "ready tone:no"),
    ("cancelled", "ready tone:no"),
    ("not_found", "ready tone:no"),
    ("code_rejected", "ready tone:no"),
    ("abandoned", "ready"),
    ("try_later", "ready tone:no"),
    ("see_counter", "ready blink:fault tone:alarm"),
    ("locked", "tone:no"),
    ("out_of_service", "fault"),
];

/// Tones, in milliseconds on, off, on …
const TONES: [(&str, &[u64]); 4] =
    [("short", &[60]), ("done", &[150]), ("no", &[120, 90, 120, 90, 120]), ("alarm", &[600, 200, 600])];

/// State of one lamp in a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lamp {
    /// The lamp is dark.
    #[default]
    Off,
    /// The lamp is steadily on.
    On,
    /// The lamp blinks, at [`BLINK`].
    Blinks,
}

/// Lamps and tone for one view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    lamps: [Lamp; 4],
    tone: &'static [u64],
}

/// Error of a text that is no look; its message says what would be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct LookError;

display_text!(LookError);

impl LookError {
    /// Returns what would be right.
    pub fn text(self) -> Text {
        Text::new(
            "应为以空格分开的词：指示灯（ready、working、slot、fault）、blink:LAMP，以及最多一个 tone:short、tone:done、\
             tone:no 或 tone:alarm",
            "must be words with blanks between: a lamp (ready, working, slot, fault), blink:LAMP, and at most one \
             tone:short, tone:done, tone:no or tone:alarm",
        )
    }
}

/// State of lamps and buzzer at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// True for each lamp that is on, in the order of [`LAMPS`].
    pub lamps: [bool; 4],
    /// True while the buzzer sounds.
    pub buzzer: bool,
    /// Time of the next change, since the look began; none if there is none.
    pub until: Option<Duration>,
}

impl Look {
    /// Parses a look.
    ///
    /// # Errors
    /// Returns [`LookError`], which says what would be right.
    pub fn parse(text: &str) -> Result<Self, LookError> {
        let mut look = Self::default();
        for word in text.split_whitespace() {
            let (kind, name) = word.split_once(':').unwrap_or(("", word));
            if kind == "tone" {
                let tone = TONES.iter().find(|(known, _)| *known == name).ok_or(LookError)?;
                if !look.tone.is_empty() {
                    return Err(LookError);
                }
                look.tone = tone.1;
                continue;
            }
            let index = LAMPS.iter().position(|lamp| *lamp == name).ok_or(LookError)?;
            let lamp = look.lamps.get_mut(index).filter(|lamp| **lamp == Lamp::Off).ok_or(LookError)?;
            *lamp = match kind {
                "" => Lamp::On,
                "blink" => Lamp::Blinks,
                _ => return Err(LookError),
            };
        }
        Ok(look)
    }

    /// Returns the state of lamps and buzzer at the time `since` after the look began.
    pub fn at(&self, since: Duration) -> Moment {
        let phase = since.as_nanos() / BLINK.as_nanos();
        let lit = phase.is_multiple_of(2);
        let lamps = self.lamps.map(|lamp| match lamp {
            Lamp::Off => false,
            Lamp::On => true,
            Lamp::Blinks => lit,
        });
        let blinks = self.lamps.contains(&Lamp::Blinks);
        let turn = u32::try_from(phase + 1).map_or(Duration::MAX, |phase| BLINK.saturating_mul(phase));
        let (buzzer, tone_until) = self.tone_at(since);
        let until = blinks.then_some(turn).into_iter().chain(tone_until).min();
        Moment { lamps, buzzer, until }
    }

    fn tone_at(&self, since: Duration) -> (bool, Option<Duration>) {
        let mut end = Duration::ZERO;
        for (index, milliseconds) in self.tone.iter().enumerate() {
            end += Duration::from_millis(*milliseconds);
            if since < end {
                return (index.is_multiple_of(2), Some(end));
            }
        }
        (false, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_defaults_can_be_read_and_name_what_the_screen_shows() {
        for (what, text) in DEFAULTS {
            Look::parse(text).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        for wrong in [
            "red",
            "blink:",
            "blink:red",
            "tone:loud",
            "tone:no tone:done",
            "ready ready",
            "ready blink:ready",
            "off:ready",
            ":ready x",
        ] {
            assert_eq!(Look::parse(wrong), Err(LookError), "{wrong:?}");
        }
        assert_eq!(Look::parse(""), Ok(Look::default()));
    }

    #[test]
    fn lamps_are_steady_or_blink_and_what_is_steady_wakes_nobody() {
        let look = Look::parse("ready blink:slot").unwrap();
        assert_eq!(
            look.at(ms(0)),
            Moment { lamps: [true, false, true, false], buzzer: false, until: Some(ms(500)) }
        );
        assert_eq!(
            look.at(ms(500)),
            Moment { lamps: [true, false, false, false], buzzer: false, until: Some(ms(1_000)) }
        );
        assert_eq!(look.at(ms(1_000)).lamps, [true, false, true, false]);
        let days = Duration::from_secs(40 * 86_400);
        assert!(look.at(days).until.is_some_and(|until| until > days));
        assert_eq!(Look::parse("fault").unwrap().at(days).until, None);
    }

    #[test]
    fn a_tone_sounds_once() {
        let look = Look::parse("tone:no").unwrap();
        let sounds: Vec<bool> = [0, 119, 120, 209, 210, 329, 330, 419, 420, 539]
            .iter()
            .map(|at| look.at(ms(*at)).buzzer)
            .collect();
        assert_eq!(sounds, [true, true, false, false, true, true, false, false, true, true]);
        assert_eq!(look.at(ms(300)).until, Some(ms(330)));
        assert_eq!(look.at(ms(540)), Moment { lamps: [false; 4], buzzer: false, until: None });
    }
}
