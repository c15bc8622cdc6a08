//! The result of a check of one part.

use crate::fault_code::FaultCode;
use crate::locale::{Language, Text, display_text, text};
use serde::{Deserialize, Serialize};
use serde_json::json;
use unicode_width::UnicodeWidthStr;

/// The verdict on a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The part works.
    Well,
    /// The part works, but something about it should be known.
    Warned {
        /// The remedy, for whoever reads the result.
        remedy: Text,
    },
    /// The part does not work.
    Wrong {
        /// The remedy, for whoever reads the result.
        remedy: Text,
    },
}

/// Name of a part, and what a technician calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part(Text);

impl Part {
    /// Names a part: by its key in English, which programs read, too, and in Chinese.
    pub fn new(key: impl Into<String>, zh: impl Into<String>) -> Self {
        Self(Text::new(zh, key))
    }
}

/// Parts with one name each, by key and in Chinese.
const NAMES: [(&str, &str); 14] = [
    ("config", "配置"),
    ("settings", "现场修改"),
    ("journal", "取票记录"),
    ("printer", "打印机"),
    ("keypad", "键盘"),
    ("board", "主板"),
    ("panel", "面板"),
    ("site", "取票服务"),
    ("second issue", "重复出票"),
    ("print flag", "已打印标志"),
    ("claim", "出票保留"),
    ("cloud", "云端"),
    ("clock", "时钟"),
    ("disk", "磁盘"),
];

/// The part of this key.
impl From<&str> for Part {
    fn from(key: &str) -> Self {
        let zh = NAMES.iter().find(|(known, _)| *known == key).map_or(key, |(_, zh)| zh);
        Self::new(key, zh)
    }
}

/// A part of the kiosk, tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The part: `config`, `scanner 1`, `disk`.
    pub part: Part,
    /// The finding, in one sentence.
    pub found: Text,
    /// The verdict on the part.
    pub verdict: Verdict,
    /// The fault's code, where the table has it.
    #[serde(default)]
    pub code: Option<FaultCode>,
}

impl CheckResult {
    /// The result for a part that works.
    pub fn well(part: impl Into<Part>, found: impl Into<Text>) -> Self {
        Self::new(part, found, Verdict::Well)
    }

    /// The result for a part that works, but of which something should be known.
    pub fn warned(part: impl Into<Part>, found: impl Into<Text>, remedy: impl Into<Text>) -> Self {
        Self::new(part, found, Verdict::Warned { remedy: remedy.into() })
    }

    /// The result for a part that does not work.
    pub fn wrong(part: impl Into<Part>, found: impl Into<Text>, remedy: impl Into<Text>) -> Self {
        Self::new(part, found, Verdict::Wrong { remedy: remedy.into() })
    }

    fn new(part: impl Into<Part>, found: impl Into<Text>, verdict: Verdict) -> Self {
        Self { part: part.into(), found: found.into(), verdict, code: None }
    }

    /// The same, under a code of the table of faults.
    #[must_use]
    pub fn under(self, code: FaultCode) -> Self {
        Self { code: Some(code), ..self }
    }

    /// True unless the part is wrong.
    pub fn works(&self) -> bool {
        !matches!(self.verdict, Verdict::Wrong { .. })
    }

    /// The part's name for programs.
    pub fn key(&self) -> &str {
        &self.part.0.en
    }

    /// Every sentence of the result, for tests that walk them.
    #[cfg(test)]
    pub fn sentences(&self) -> Vec<&Text> {
        [&self.part.0, &self.found].into_iter().chain(self.remedy()).collect()
    }

    fn remedy(&self) -> Option<&Text> {
        match &self.verdict {
            Verdict::Well => None,
            Verdict::Warned { remedy } | Verdict::Wrong { remedy } => Some(remedy),
        }
    }

    /// One object: `part`, `ok`, `found`, `remedy`, which is null where nothing is to be done, and `code`, null where
    /// no fault of the table is meant. Sentences are in this language.
    pub fn json(&self, language: Language) -> serde_json::Value {
        let remedy = self.remedy().map(|remedy| remedy.in_language(language));
        let found = self.found.in_language(language);
        json!({"part": self.key(), "ok": self.works(), "found": found, "remedy": remedy, "code": self.code})
    }

    /// The lines for a person in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.lines(Language::Chinese), self.lines(Language::English))
    }

    fn lines(&self, language: Language) -> String {
        let word = match &self.verdict {
            Verdict::Well => text!("正常", "ok"),
            Verdict::Warned { .. } => text!("注意", "note"),
            Verdict::Wrong { .. } => text!("故障", "WRONG"),
        };
        let [word, part, found] = [&word, &self.part.0, &self.found].map(|text| text.in_language(language));
        let mut lines = format!("{} {} {found}", column(word, WORD_COLUMNS), column(part, PART_COLUMNS));
        if let Some(code) = self.code.as_ref().filter(|code| !found.contains(code.as_str())) {
            lines.push_str(&match language {
                Language::Chinese => format!("（{code}）"),
                Language::English => format!(" ({code})"),
            });
        }
        if let Some(remedy) = self.remedy() {
            let blank = column("", WORD_COLUMNS + 1 + PART_COLUMNS);
            lines.push_str(&format!("\n{blank} → {}", remedy.in_language(language)));
        }
        lines
    }
}

display_text!(CheckResult);

/// Width of the verdict and of the part's name, in a terminal's columns.
const WORD_COLUMNS: usize = 6;
const PART_COLUMNS: usize = 12;

/// Fills a word up to a column; a Chinese character takes two.
fn column(word: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(word.width());
    format!("{word}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_keep_their_columns() {
        let result = CheckResult::wrong("disk", ("剩 3 MiB", "3 MiB free"), ("请清理", "make room"))
            .under(FaultCode::DiskFull);
        assert_eq!(
            result.lines(Language::English),
            "WRONG  disk         3 MiB free (D1)\n                    → make room"
        );
        assert_eq!(
            result.lines(Language::Chinese),
            "故障   磁盘         剩 3 MiB（D1）\n                    → 请清理"
        );
        let told = result.json(Language::Chinese);
        assert_eq!((told["part"].as_str(), told["found"].as_str()), (Some("disk"), Some("剩 3 MiB")));
    }
}
