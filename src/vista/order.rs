//! RESTTicketing.GetOrder (3.6): tells if CompleteOrder was called for an order. AddTickets (3.5) answers in the same
//! form. Pure.
//!
//! The document's heading says RESTData; its sample calls RESTTicketing, and so does this client.

use super::identity::{UserSessionId, user_session};
use super::lenient::{Lenient, Object, Text};
use super::reply::{ReadError, Reply, code, json, sentence};
use serde::Deserialize;

/// The request's path below `RESTTicketing.svc`; its body is [`Identity::order_request`](super::identity::Identity::order_request).
pub const PATH: &str = "/order";

/// Current state of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VistaOrder {
    /// CinemaId. Null: CompleteOrder was called, successfully or not. Otherwise tickets were added and CompleteOrder
    /// was not called.
    pub cinema_id: Option<String>,
    /// UserSessionId.
    pub order: Option<UserSessionId>,
    /// TotalOrderCount: number of tickets.
    pub count: Option<u32>,
    /// TotalValueCents, in fen: the exact amount for CompleteOrder.
    pub total_cents: Option<i64>,
    /// BookingFeeValueCents, in fen: the booking fee within the total.
    pub booking_fee_cents: Option<i64>,
}

/// Reads a reply's body, of GetOrder or AddTickets.
pub fn read(body: &[u8]) -> Result<Reply<VistaOrder>, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.code, "Result")?;
    let content = raw.order.0.map(|raw| VistaOrder {
        cinema_id: raw.cinema_id.owned(),
        order: user_session(&raw.order),
        count: raw.count.number(),
        total_cents: raw.total.integer(),
        booking_fee_cents: raw.fee.integer(),
    });
    Ok(Reply { code, said: sentence(raw.said), content })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "Result", default)]
    code: Lenient,
    #[serde(rename = "ErrorDescription", default)]
    said: Text,
    #[serde(rename = "Order", default)]
    order: Object<RawOrder>,
}

#[derive(Deserialize)]
struct RawOrder {
    #[serde(rename = "CinemaId", alias = "CinemaID", default)]
    cinema_id: Lenient,
    #[serde(rename = "UserSessionId", default)]
    order: Lenient,
    #[serde(rename = "TotalOrderCount", default)]
    count: Lenient,
    #[serde(rename = "TotalValueCents", default)]
    total: Lenient,
    #[serde(rename = "BookingFeeValueCents", default)]
    fee: Lenient,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vista::identity::Identity;
    use serde_json::Value;

    /// The document's samples (3.6), with `CinemaId` and the stray commas corrected.
    const COMPLETED: &str = r#"{"Order":{"BookingFeeValueCents":0, "CinemaId":null,
        "LastUpdated":"\/Date(1450766797104+0800)\/", "Sessions":null, "TotalOrderCount":0,
        "TotalTicketFeeValueInCents":null, "TotalValueCents":0, "UserSessionId":"990001"}, "Result":0}"#;
    const ADDED: &str = r#"{"Order":{"BookingFeeValueCents":0, "CinemaId":"0179",
        "LastUpdated":"\/Date(1450766247003+0800)\/", "Sessions":[{"CinemaId":"0179", "SessionId":32334,
        "ShowingRealDateTime":"\/Date(1450935900000+0800)\/", "Tickets":[{}]}], "TotalOrderCount":1,
        "TotalTicketFeeValueInCents":null, "TotalValueCents":3500, "UserSessionId":"990001"}, "Result":0}"#;

    fn reply(cinema_id: Option<&str>, count: u32, total: i64) -> Result<Reply<VistaOrder>, ReadError> {
        let order = VistaOrder {
            cinema_id: cinema_id.map(str::to_owned),
            order: UserSessionId::parse("990001"),
            count: Some(count),
            total_cents: Some(total),
            booking_fee_cents: Some(0),
        };
        Ok(Reply { code: 0, said: None, content: Some(order) })
    }

    #[test]
    fn the_documents_request() {
        let identity = Identity::sample();
        let expected: Value = serde_json::from_str(
            r#"{"UserSessionId": "990001", "OptionalClientClass": "RSP",
                "OptionalClientId": "111.111.111.111", "OptionalClientName": "3rdParty"}"#,
        )
        .unwrap();
        assert_eq!(identity.order_request(&UserSessionId::parse("990001").unwrap()), expected);
    }

    #[test]
    fn the_documents_replies() {
        assert_eq!(read(COMPLETED.as_bytes()), reply(None, 0, 0));
        assert_eq!(read(ADDED.as_bytes()), reply(Some("0179"), 1, 3_500));
    }

    #[test]
    fn no_order_is_no_completed_order() {
        let body = br#"{"Order":null,"Result":62,"ErrorDescription":"none"}"#;
        assert_eq!(read(body), Ok(Reply { code: 62, said: Some("none".into()), content: None }));
        assert_eq!(read(br#"{"Order":{}}"#), Err(ReadError::Missing("Result")));
    }
}
