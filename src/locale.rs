//! Languages of the texts for people, and sentences in both. Pure; uses nothing.

use serde::{Deserialize, Serialize};
use std::{fmt, io};

/// Language of the texts for people.
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

    /// Returns the language of a person at the command line by the first of LC_ALL, LC_MESSAGES and LANG that is set:
    /// Chinese for `zh*`, else English. `variable` reads one of them.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        let set = names.into_iter().filter_map(variable).find(|value| !value.is_empty());
        if set.is_some_and(|value| value.starts_with("zh")) { Self::Chinese } else { Self::English }
    }
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
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

    /// Creates a text from a value that is the same in every language: a name, a path, a number.
    pub fn same(value: impl Into<String>) -> Self {
        let value = value.into();
        Self { zh: value.clone(), en: value }
    }

    /// Returns the sentence in one language.
    pub fn in_language(&self, language: Language) -> &str {
        language.of([&self.zh, &self.en])
    }

    /// Joins sentences, by a separator of each language.
    pub fn join(texts: &[Self], zh: &str, en: &str) -> Self {
        let all = |language| texts.iter().map(|text| text.in_language(language)).collect::<Vec<_>>();
        Self::new(all(Language::Chinese).join(zh), all(Language::English).join(en))
    }

    /// Returns the lines of a text that has the same number of them in both languages.
    pub fn lines(&self) -> Vec<Self> {
        self.zh.lines().zip(self.en.lines()).map(Self::from).collect()
    }

    /// Returns true if nothing is said.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// Chinese and English of one sentence, in this order.
impl<Z: Into<String>, E: Into<String>> From<(Z, E)> for Text {
    fn from((zh, en): (Z, E)) -> Self {
        Self::new(zh, en)
    }
}

/// Writes the sentence: English, as in logs and records; in the alternate form, `{:#}`, Chinese.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if f.alternate() { &self.zh } else { &self.en })
    }
}

/// Returns what a value says in both languages, if its `Display` writes Chinese in the alternate form.
pub fn both(value: &impl fmt::Display) -> Text {
    Text::new(format!("{value:#}"), value.to_string())
}

/// Creates a [`Text`] from the Chinese and the English format string of one sentence, as `format!` takes them. A value
/// that has both languages is `{value:#}` in the Chinese one.
macro_rules! text {
    ($zh:literal, $en:literal $(, $argument:expr)* $(,)?) => {
        $crate::locale::Text { zh: format!($zh $(, $argument)*), en: format!($en $(, $argument)*) }
    };
}
pub(crate) use text;

/// Implements `Display` by the type's `text()`: English, and Chinese in the alternate form.
macro_rules! display_text {
    ($($name:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.text(), f)
            }
        }
    )+};
}
pub(crate) use display_text;

/// Sentence in both languages as the cause of an [`io::Error`].
#[derive(Debug)]
struct Cause(Text);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {}

/// Creates an error of input or output whose sentence [`system_error`] gives back in both languages.
pub fn io_error(kind: io::ErrorKind, text: impl Into<Text>) -> io::Error {
    io::Error::new(kind, Cause(text.into()))
}

/// Returns an error of the system in both languages; English as the system words it, with its number.
pub fn system_error(error: &io::Error) -> Text {
    use io::ErrorKind as Kind;
    if let Some(Cause(text)) = error.get_ref().and_then(|cause| cause.downcast_ref()) {
        return text.clone();
    }
    let known = match error.kind() {
        Kind::NotFound => "找不到该文件或设备",
        Kind::PermissionDenied => "没有权限",
        Kind::ConnectionRefused => "连接被拒绝",
        Kind::ConnectionReset | Kind::ConnectionAborted => "连接被对方断开",
        Kind::HostUnreachable => "无法到达该主机",
        Kind::NetworkUnreachable | Kind::NetworkDown => "网络不通",
        Kind::AddrInUse => "地址已被占用",
        Kind::AddrNotAvailable => "本机没有这个地址",
        Kind::BrokenPipe => "对方已关闭",
        Kind::AlreadyExists => "已经存在",
        Kind::NotADirectory => "不是文件夹",
        Kind::IsADirectory => "是文件夹，不是文件",
        Kind::ReadOnlyFilesystem => "文件系统只读",
        Kind::StorageFull | Kind::QuotaExceeded => "磁盘已满",
        Kind::ResourceBusy => "设备正被占用",
        Kind::TimedOut => "超时",
        Kind::UnexpectedEof => "对方中途断开",
        Kind::OutOfMemory => "内存不足",
        Kind::WouldBlock => "暂时不可用",
        _ => "系统报错",
    };
    let zh = match error.raw_os_error() {
        Some(number) if known != "系统报错" => format!("{known}（系统错误号 {number}）"),
        _ => format!("{known}：{error}"),
    };
    Text::new(zh, error.to_string())
}

/// Checks that a sentence is said in both languages: Chinese characters in the Chinese one, none in the English one.
#[cfg(test)]
#[track_caller]
pub fn assert_both(text: &Text) {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let wide = |c: char| ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c);
    assert!(text.zh.chars().any(han), "no Chinese: {text:?}");
    assert!(!text.en.is_empty() && !text.en.chars().any(wide), "no English: {text:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_first_variable_that_is_set() {
        let of = |set: &[(&str, &str)]| {
            Language::of_environment(|name| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[]), Language::English);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Language::Chinese);
        assert_eq!(of(&[("LANG", "en_GB.UTF-8"), ("LC_MESSAGES", "zh_CN")]), Language::Chinese);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")]), Language::Chinese);
    }

    #[test]
    fn a_systems_error_keeps_its_number_in_both_languages() {
        let refused = system_error(&io::Error::from_raw_os_error(111));
        assert_eq!(refused.zh, "连接被拒绝（系统错误号 111）");
        assert!(refused.en.contains("os error 111"), "{}", refused.en);
        let other = system_error(&io::Error::other("the arm fell off"));
        assert_eq!(other.zh, "系统报错：the arm fell off");
        let own = io_error(io::ErrorKind::NotFound, ("没有这个地址", "there is no such address"));
        assert_eq!(own.to_string(), "there is no such address");
        assert_eq!(system_error(&own), Text::new("没有这个地址", "there is no such address"));
    }
}
