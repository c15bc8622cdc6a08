//! Fields shared by the requests of several interfaces: the caller's identity and the order's name. Pure.

use super::lenient::Lenient;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// OptionalClientClass, OptionalClientId and OptionalClientName, which the vendor gives with the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// OptionalClientClass, for example `RSP`.
    pub class: String,
    /// OptionalClientId.
    pub id: String,
    /// OptionalClientName.
    pub name: String,
}

impl Identity {
    /// Builds the body of a request that names an order and nothing else (3.6, 3.7, 3.8).
    pub fn order_request(&self, order: &UserSessionId) -> Value {
        json!({
            "UserSessionId": order.as_str(),
            "OptionalClientClass": self.class,
            "OptionalClientId": self.id,
            "OptionalClientName": self.name,
        })
    }
}

#[cfg(test)]
impl Identity {
    /// Returns the identity of the document's samples.
    pub(super) fn sample() -> Self {
        Self { class: "RSP".into(), id: "111.111.111.111".into(), name: "3rdParty".into() }
    }
}

/// UserSessionId: the third party's own name for an order, the same from AddTickets to CompleteOrder (3.5).
///
/// It has 1 to 32 ASCII letters and digits; for others the server answers an error that explains nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct UserSessionId(String);

impl UserSessionId {
    /// Most characters of a UserSessionId.
    pub const MAX: usize = 32;

    /// Reads a UserSessionId; `None` if it has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let fits =
            (1..=Self::MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the UserSessionId as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserSessionId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a UserSessionId has 1 to 32 letters and digits")
    }
}

impl fmt::Display for UserSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Reads the UserSessionId of a reply.
pub(super) fn user_session(value: &Lenient) -> Option<UserSessionId> {
    value.text().and_then(UserSessionId::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orders_name_has_32_letters_and_digits_at_most() {
        assert_eq!(UserSessionId::parse("FTest201508060001").unwrap().as_str(), "FTest201508060001");
        assert!(UserSessionId::parse(&"x".repeat(32)).is_some());
        for bad in ["", "a b", "a-b", "é", &"x".repeat(33)] {
            assert_eq!(UserSessionId::parse(bad), None, "{bad:?}");
        }
    }
}
