//! What the page can send: keys by name.

use crate::pickup::input::{Key, Scan};

/// One thing that somebody did at the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// A key for the workflow.
    Key(Key),
    /// The other language, please.
    Language,
    /// A whole code; only the demo's page has codes to tap.
    Code(Scan),
}

impl Pressed {
    /// The key of this name: one digit or letter, `clear`, `back`, `enter`, `language` or `more_time`.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "clear" => Self::Key(Key::Clear),
            "back" => Self::Key(Key::Back),
            "enter" => Self::Key(Key::Enter),
            "more_time" => Self::Key(Key::MoreTime),
            "language" => Self::Language,
            _ => {
                let mut characters = name.chars();
                let only = characters.next().filter(char::is_ascii_alphanumeric)?;
                characters.next().is_none().then_some(Self::Key(Key::Character(only)))?
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_contracts_names_and_no_others() {
        assert_eq!(Pressed::named("7"), Some(Pressed::Key(Key::Character('7'))));
        assert_eq!(Pressed::named("W"), Some(Pressed::Key(Key::Character('W'))));
        assert_eq!(Pressed::named("enter"), Some(Pressed::Key(Key::Enter)));
        assert_eq!(Pressed::named("more_time"), Some(Pressed::Key(Key::MoreTime)));
        assert_eq!(Pressed::named("language"), Some(Pressed::Language));
        for wrong in ["", "77", "é", "Enter", " ", "\n", "leave", "票"] {
            assert_eq!(Pressed::named(wrong), None, "{wrong:?}");
        }
    }
}
