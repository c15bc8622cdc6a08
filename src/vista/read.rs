//! What reading every reply has in common: JSON that may not be any, and a result code. Pure.

use super::loose::{Loose, Object, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why a body is no reply of the interface that was called. Quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON at all, or cut off.
    #[error(
        "the body is not JSON (line {line}, column {column}); a proxy or a wrong address answers like this"
    )]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// JSON of another shape.
    #[error("the JSON has not the form of this interface's reply (line {line}, column {column})")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// Something without which it is no reply.
    #[error("the reply has no {0}")]
    Missing(&'static str),
    /// More of something than there can be.
    #[error("the reply lists more than {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        max: usize,
    },
}

/// A reply with a result code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply<T> {
    /// Result, ResultCode or ResponseCode, by service (3.13); 0 is success.
    pub code: i64,
    /// ErrorDescription or ResponseDescription.
    pub said: Option<String>,
    /// What was asked for, where it is there.
    pub content: Option<T>,
}

/// Reads a body whose root is an object; null is an empty one.
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

/// A result code, which every reply of its service has.
pub(super) fn code(value: &Loose, field: &'static str) -> Result<i64, ReadError> {
    value.integer().ok_or(ReadError::Missing(field))
}

/// Reads a reply of which nothing but its code counts; `field` holds that, by service.
pub(super) fn outcome(body: &[u8], field: &'static str) -> Result<Reply<()>, ReadError> {
    let raw: RawOutcome = json(body)?;
    let value = if field == RESULT { &raw.result } else { &raw.result_code };
    Ok(Reply { code: code(value, field)?, said: sentence(raw.said), content: Some(()) })
}

/// Where RESTTicketing has its code.
pub(super) const RESULT: &str = "Result";
/// Where RestBooking has its code.
pub(super) const RESULT_CODE: &str = "ResultCode";

#[derive(Deserialize, Default)]
struct RawOutcome {
    #[serde(rename = "Result", default)]
    result: Loose,
    #[serde(rename = "ResultCode", default)]
    result_code: Loose,
    #[serde(rename = "ErrorDescription", default)]
    said: Text,
}

/// A sentence of the server's, on one line and without what a terminal would obey.
pub(super) fn sentence(text: Text) -> Option<String> {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.owned().map(|text| text.chars().map(visible).collect())
}
