//! Keys and codes as the menu has them.

use crate::codes::Rejected;
use crate::locale::Text;
use crate::maintenance::menu::Key;
use crate::maintenance::sequence::Press;
use crate::maintenance::texts;
use crate::pickup::input::Key as WorkKey;
use crate::screen::user_input::UserInput;
use crate::ticket::PickupCode;

pub(super) fn menu_key(key: WorkKey) -> Option<Key> {
    Some(match key {
        WorkKey::Character(c) => match c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
            Some(digit) => Key::Digit(digit),
            None => Key::Character(c),
        },
        WorkKey::Back | WorkKey::Clear => Key::Back,
        WorkKey::Enter => Key::Enter,
        WorkKey::Replace(_) | WorkKey::MoreTime => return None,
    })
}

/// A terminal's key: a name, or one character.
pub(super) fn key_named(name: &str) -> Option<Key> {
    match name {
        "enter" => return Some(Key::Enter),
        "back" => return Some(Key::Back),
        _ => {}
    }
    let mut characters = name.chars();
    let only = characters.next().filter(|c| !c.is_control())?;
    if characters.next().is_some() {
        return None;
    }
    menu_key(WorkKey::Character(only))
}

pub(super) fn press_of(pressed: &UserInput) -> Press {
    match pressed {
        UserInput::Key(WorkKey::Character(c)) => {
            c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()).map_or(Press::Other, Press::Digit)
        }
        UserInput::Key(WorkKey::Back) => Press::Back,
        UserInput::Key(WorkKey::Enter) => Press::Enter,
        UserInput::Key(WorkKey::Clear) => Press::Clear,
        _ => Press::Other,
    }
}

pub(super) fn name(pressed: &UserInput) -> String {
    match pressed {
        UserInput::Key(WorkKey::Character(c) | WorkKey::Replace(c)) => c.to_string(),
        UserInput::Key(WorkKey::Back) => "back".into(),
        UserInput::Key(WorkKey::Enter) => "enter".into(),
        UserInput::Key(WorkKey::Clear) => "clear".into(),
        UserInput::Key(WorkKey::MoreTime) => "more_time".into(),
        UserInput::Language => "language".into(),
        UserInput::Code(_) => "code".into(),
    }
}

/// Bytes of a code that are shown.
const CODE_SHOWN: usize = 64;

/// A code as it arrived and as it is understood. A booking's ID is masked also here: it proves the booking to whoever looks
/// over a shoulder. What is no code is shown as it came.
pub(super) fn code_seen(text: &str, read: &Result<PickupCode, Rejected>) -> Text {
    let id = match read {
        Ok(PickupCode::Both(_, id) | PickupCode::Id(id)) => Some(id.expose().to_owned()),
        Ok(PickupCode::Number(_)) | Err(_) => None,
    };
    let secret = id.as_ref().and_then(|id| text.find(id.as_str()).map(|at| at..at + id.len()));
    let hidden = |at: usize| secret.as_ref().is_some_and(|secret| secret.contains(&at));
    let shown: String =
        text.char_indices().take(CODE_SHOWN).map(|(at, c)| if hidden(at) { '•' } else { c }).collect();
    let hex = text.bytes().enumerate().take(CODE_SHOWN);
    let hex: Vec<String> =
        hex.map(|(at, byte)| if hidden(at) { "••".into() } else { format!("{byte:02x}") }).collect();
    let head = format!("{shown}\n{}", hex.join(" "));
    let Text { zh, en } = texts::inputs::code_read(read);
    Text::new(format!("{head}\n{zh}"), format!("{head}\n{en}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::CodeReader;

    #[test]
    fn a_code_is_shown_as_it_arrives_but_for_what_proves_it() {
        let reader = CodeReader::new(&crate::config::settings::Codes::default()).unwrap();
        let seen = |text: &str| code_seen(text, &reader.read(text)).en;
        assert_eq!(
            seen("111972|WQNX8JL"),
            "111972|•••••••\n31 31 31 39 37 32 7c •• •• •• •• •• •• ••\nbooking number 111972 and an ID of 7 characters"
        );
        assert!(!seen("https://t.example/p?n=111972&id=WQNX8JL").contains("WQNX8JL"));
        assert!(seen("WQNX8JL").starts_with("•••••••\n"));
        assert!(seen("hello world!").starts_with("hello world!\n68 65 6c"));
        assert!(seen(&"票".repeat(500)).chars().count() < 400);
    }
}
