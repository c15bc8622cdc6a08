//! Inputs from the page: keys by name.

use crate::pickup::input::{Key, Scan};

/// An action of somebody at the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserInput {
    /// A key for the workflow.
    Key(Key),
    /// A change to the other language.
    Language,
    /// A complete code; only the demo's page has codes to tap.
    Code(Scan),
}

impl UserInput {
    /// Returns the key of this name: one digit or letter, `clear`, `back`, `enter`, `language` or `more_time`.
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
        assert_eq!(UserInput::named("7"), Some(UserInput::Key(Key::Character('7'))));
        assert_eq!(UserInput::named("W"), Some(UserInput::Key(Key::Character('W'))));
        assert_eq!(UserInput::named("enter"), Some(UserInput::Key(Key::Enter)));
        assert_eq!(UserInput::named("more_time"), Some(UserInput::Key(Key::MoreTime)));
        assert_eq!(UserInput::named("language"), Some(UserInput::Language));
        for wrong in ["", "77", "é", "Enter", " ", "\n", "leave", "票"] {
            assert_eq!(UserInput::named(wrong), None, "{wrong:?}");
        }
    }
}
