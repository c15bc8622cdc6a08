//! RESTTicketing.QueryOrderBookingStatus (3.10): whether an order became a booking. Pure.

use super::identity::{UserSessionId, user_session};
use super::lenient::{Lenient, Object, Text};
use super::reply::{ReadError, Reply, code, json, sentence};
use crate::ticket::{BookingId, BookingNumber};
use serde::Deserialize;
use serde_json::{Value, json as object_of};

/// The request's path below `RESTTicketing.svc`.
pub const PATH: &str = "/order/query-booking-status";

/// The booking that an order became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    /// CinemaId.
    pub cinema_id: Option<String>,
    /// TotalValueCents, fen.
    pub total_cents: Option<i64>,
    /// UserSessionId.
    pub order: Option<UserSessionId>,
    /// VistaBookingId.
    pub id: Option<BookingId>,
    /// VistaBookingNumber.
    pub number: Option<BookingNumber>,
}

/// Builds the request's body.
pub fn request(order: &UserSessionId, client_id: &str) -> Value {
    object_of!({ "UserSessionId": order.as_str(), "ClientId": client_id })
}

/// Reads a reply's body. Codes 47 (no booking) and 61 (ambiguous) are answers.
pub fn read(body: &[u8]) -> Result<Reply<OrderSummary>, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.code, "ResponseCode")?;
    let content = raw.summary.0.map(|raw| OrderSummary {
        cinema_id: raw.cinema_id.owned(),
        total_cents: raw.total.integer(),
        order: user_session(&raw.order),
        id: raw.id.text().and_then(BookingId::parse),
        number: raw.number.text().and_then(BookingNumber::parse),
    });
    Ok(Reply { code, said: sentence(raw.said), content })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "ResponseCode", default)]
    code: Lenient,
    #[serde(rename = "ResponseDescription", default)]
    said: Text,
    #[serde(rename = "OrderSummary", default)]
    summary: Object<RawSummary>,
}

#[derive(Deserialize)]
struct RawSummary {
    #[serde(rename = "CinemaId", alias = "CinemaID", default)]
    cinema_id: Lenient,
    #[serde(rename = "TotalValueCents", default)]
    total: Lenient,
    #[serde(rename = "UserSessionId", default)]
    order: Lenient,
    #[serde(rename = "VistaBookingId", default)]
    id: Lenient,
    #[serde(rename = "VistaBookingNumber", default)]
    number: Lenient,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document's sample (3.10), with `CinemaId` corrected.
    const SAMPLE: &str = r#"{
        "OrderSummary":{"CinemaId":"0200","TotalValueCents":10000,"UserSessionId":"FTest201509140001",
            "VistaBookingId":"WL5633Z","VistaBookingNumber":112086},
        "ResponseCode":0, "ResponseDescription": "Booking exists at Cinema"}"#;

    fn order() -> UserSessionId {
        UserSessionId::parse("FTest201509140001").unwrap()
    }

    #[test]
    fn the_documents_request() {
        let expected: Value =
            serde_json::from_str(r#"{"UserSessionId": "FTest201509140001", "ClientId": "111.111.111.111"}"#)
                .unwrap();
        assert_eq!(request(&order(), "111.111.111.111"), expected);
    }

    #[test]
    fn the_documents_reply() {
        let summary = OrderSummary {
            cinema_id: Some("0200".into()),
            total_cents: Some(10_000),
            order: Some(order()),
            id: BookingId::parse("WL5633Z"),
            number: BookingNumber::new(112_086),
        };
        let said = Some("Booking exists at Cinema".to_owned());
        assert_eq!(read(SAMPLE.as_bytes()), Ok(Reply { code: 0, said, content: Some(summary) }));
        let text = SAMPLE.replace("112086", "\"112086\"");
        assert_eq!(read(text.as_bytes()), read(SAMPLE.as_bytes()));
    }

    #[test]
    fn no_booking_and_no_answer_are_told_apart() {
        let body = br#"{"OrderSummary":null,"ResponseCode":47,"ResponseDescription":"a\u001b[2Jb"}"#;
        assert_eq!(read(body), Ok(Reply { code: 47, said: Some("a [2Jb".into()), content: None }));
        assert_eq!(read(br#"{"OrderSummary":{}}"#), Err(ReadError::Missing("ResponseCode")));
        assert!(matches!(read(br#"{"ResponseCode":0,"OrderSummary":[1]}"#), Err(ReadError::Shape { .. })));
    }
}
