//! Reason why a profile can't be used, in both languages.

use crate::locale::{Text, display_text, text};

/// Reason why a profile can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProfileError {
    /// The text is not TOML, has an unknown key, or a value of the wrong kind.
    Unreadable(String),
    /// A value is outside its range.
    OutOfRange {
        /// Name of the key.
        key: &'static str,
        /// Value that was found.
        found: Text,
        /// Values that would be right.
        wanted: Text,
    },
}

display_text!(ProfileError);

impl ProfileError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Unreadable(reason) => text!("打印机型号文件：{reason}", "printer profile: {reason}"),
            Self::OutOfRange { key, found, wanted } => text!(
                "打印机型号文件：{key} 为 {found:#}；{wanted:#}",
                "printer profile: {key} is {found}; {wanted}"
            ),
        }
    }
}
