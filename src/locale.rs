//! Languages of the texts for people, and sentences in both. Pure; uses nothing.

use serde::{Deserialize, Serialize};

/// Language of the texts for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Language {
    /// Chinese, simplified, `zh-CN`.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English, `en`.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Returns the part of a pair in this language; Chinese stands first.
    pub fn of<T>(self, [zh, en]: [T; 2]) -> T {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Sentence in simplified Chinese.
    pub zh: String,
    /// Sentence in English.
    pub en: String,
}

impl Text {
    /// Creates a text from both languages of one sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Returns the sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        language.of([&self.zh, &self.en])
    }
}
