//! Common parts of the OData service's requests and replies: query options, and lists under `value`. Pure.

use super::lenient::List;
use super::reply::{ReadError, json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt::Write;

/// A request below `OData.svc`: the resource and its options, in the order they are added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// Creates a request for a resource, as JSON. Resources are case-sensitive.
    pub fn of(resource: &'static str) -> Self {
        Self(format!("/{resource}?$format=json"))
    }

    /// Adds a parameter that takes a string.
    #[must_use]
    pub fn text_parameter(mut self, name: &'static str, value: &str) -> Self {
        self.0.push_str(&format!("&{name}={}", escape(&literal(value))));
        self
    }

    /// Adds `$expand`: the related data that comes with each item.
    #[must_use]
    pub fn expand(mut self, paths: &[&str]) -> Self {
        self.0.push_str(&format!("&$expand={}", escape(&paths.join(","))));
        self
    }

    /// Adds `$select`: the fields wanted; without it all are sent.
    #[must_use]
    pub fn select(mut self, paths: &[&str]) -> Self {
        self.0.push_str(&format!("&$select={}", escape(&paths.join(","))));
        self
    }

    /// Adds `$filter`: only items whose field equals this string. Fields are case-sensitive.
    #[must_use]
    pub fn filter_equal(mut self, field: &'static str, value: &str) -> Self {
        self.0.push_str(&format!("&$filter={}", escape(&format!("{field} eq {}", literal(value)))));
        self
    }

    /// Returns path and query, below the service's address.
    pub fn path(&self) -> &str {
        &self.0
    }
}

/// Quotes a string as an OData literal: in single quotes, with those inside doubled.
fn literal(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// Percent-encodes all but the characters that a query may hold and the document's samples leave alone.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Reads a list: `{"value": […]}`, with or without `odata.metadata`.
pub(super) fn list<T: DeserializeOwned, const MAX: usize>(
    body: &[u8],
    what: &'static str,
) -> Result<Vec<T>, ReadError> {
    #[derive(Deserialize)]
    #[serde(bound = "T: DeserializeOwned")]
    struct Root<T, const MAX: usize> {
        value: Option<List<T, MAX>>,
    }
    impl<T, const MAX: usize> Default for Root<T, MAX> {
        fn default() -> Self {
            Self { value: None }
        }
    }
    json::<Root<T, MAX>>(body)?.value.ok_or(ReadError::Missing("value"))?.items(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_and_everything_is_escaped() {
        let query = Query::of("Cinemas").filter_equal("Name", "O'Neill & Söhne #1?").path().to_owned();
        assert_eq!(
            query,
            "/Cinemas?$format=json&$filter=Name%20eq%20%27O%27%27Neill%20%26%20S%C3%B6hne%20%231%3F%27"
        );
        let query = Query::of("X").text_parameter("cinemaId", "0200").expand(&["A/B", "C"]).select(&["D"]);
        assert_eq!(query.path(), "/X?$format=json&cinemaId=%270200%27&$expand=A/B,C&$select=D");
    }
}
