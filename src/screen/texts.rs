//! Texts for customers: every sentence of the page, Chinese first, a table a subject. Each is looked up by its table's
//! function. A text that lacks a language doesn't compile.

pub mod idle;
pub mod labels;
pub mod outcomes;
pub mod screens;

use crate::locale::Text;

/// Words of one screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Title: the few large words above the text.
    pub title: Text,
    /// Text, one sentence.
    pub text: Text,
}

impl Words {
    /// Creates the words from title and text, each as a pair in which Chinese stands first.
    fn new<T: Into<String>>([title_zh, title_en]: [&str; 2], [zh, en]: [T; 2]) -> Self {
        Self { title: Text::new(title_zh, title_en), text: Text::new(zh, en) }
    }
}
