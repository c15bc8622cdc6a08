//! Common parts of all replies: JSON that may be malformed, and a result code. Pure.

use super::lenient::{self, Lenient, Object};
use crate::locale::{Text, display_text, text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reasons why a body is not a reply of the interface called. Quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The body is not JSON, or is cut off.
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// The body is JSON of another form.
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A required field is missing.
    Missing(&'static str),
    /// A list is longer than allowed.
    TooMany {
        /// Name of the items.
        what: &'static str,
        /// The limit.
        max: usize,
    },
}

display_text!(ReadError);

impl ReadError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::NotJson { line, column } => text!(
                "内容不是 JSON（第 {line} 行第 {column} 列）；代理服务器或错误的地址会这样应答",
                "the body is not JSON (line {line}, column {column}); a proxy or a wrong address answers like this"
            ),
            Self::Shape { line, column } => text!(
                "JSON 不是该接口应答的形式（第 {line} 行第 {column} 列）",
                "the JSON has not the form of this interface's reply (line {line}, column {column})"
            ),
            Self::Missing(field) => text!("应答里没有 {field}", "the reply has no {field}"),
            Self::TooMany { what, max } => {
                text!("应答列出的 {what} 超过 {max} 个", "the reply lists more than {max} {what}")
            }
        }
    }
}

/// A reply with a result code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply<T> {
    /// Result, ResultCode or ResponseCode, by service (3.13); 0 is success.
    pub code: i64,
    /// ErrorDescription or ResponseDescription.
    pub said: Option<String>,
    /// Content requested, if the reply has it.
    pub content: Option<T>,
}

/// Reads a body whose root is an object; null counts as an empty one.
pub(super) fn json<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, ReadError> {
    // Some servers put a byte order mark first.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Object(raw) = serde_json::from_slice::<Object<T>>(body).map_err(|error| {
        // serde's own message can quote values: only the position is kept.
        let (line, column) = (error.line(), error.column());
        if error.is_data() { ReadError::Shape { line, column } } else { ReadError::NotJson { line, column } }
    })?;
    Ok(raw.unwrap_or_default())
}

/// Reads a result code, which every reply of its service has.
pub(super) fn code(value: &Lenient, field: &'static str) -> Result<i64, ReadError> {
    value.integer().ok_or(ReadError::Missing(field))
}

/// Reads a reply of which only the code counts; `field` is the code's name, which depends on the service.
pub(super) fn outcome(body: &[u8], field: &'static str) -> Result<Reply<()>, ReadError> {
    let raw: RawOutcome = json(body)?;
    let value = if field == RESULT { &raw.result } else { &raw.result_code };
    Ok(Reply { code: code(value, field)?, said: sentence(raw.said), content: Some(()) })
}

/// Name of the result code in RESTTicketing.
pub(super) const RESULT: &str = "Result";
/// Name of the result code in RestBooking.
pub(super) const RESULT_CODE: &str = "ResultCode";

#[derive(Deserialize, Default)]
struct RawOutcome {
    #[serde(rename = "Result", default)]
    result: Lenient,
    #[serde(rename = "ResultCode", default)]
    result_code: Lenient,
    #[serde(rename = "ErrorDescription", default)]
    said: lenient::Text,
}

/// Reads a sentence of the server, without line breaks and control characters.
pub(super) fn sentence(text: lenient::Text) -> Option<String> {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.owned().map(|text| text.chars().map(visible).collect())
}
