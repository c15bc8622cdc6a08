//! RESTTicketing.CompleteOrder (3.9): turns a paid order into a booking. Pure.

use super::identity::{Identity, UserSessionId};
use super::lenient::{Lenient, Text};
use super::reply::{ReadError, Reply, code, json, sentence};
use crate::ticket::{BookingId, BookingNumber};
use serde::Deserialize;
use serde_json::{Value, json as object_of};

/// The request's path below `RESTTicketing.svc`.
pub const PATH: &str = "/order/payment";

/// Payment of an order, the same in CompleteOrder and RefundBooking; its values come from the cinema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// CardNumber: the value given by the cinema, no customer's card.
    pub card_number: String,
    /// CardType.
    pub card_type: String,
    /// PaymentTenderCategory.
    pub tender_category: String,
}

impl Payment {
    /// Builds PaymentInfo for this amount, in fen.
    pub(super) fn info(&self, cents: i64) -> Value {
        object_of!({
            "CardNumber": self.card_number,
            "CardType": self.card_type,
            "PaymentValueCents": cents,
            "PaymentTenderCategory": self.tender_category,
        })
    }
}

#[cfg(test)]
impl Payment {
    /// Returns the payment of the document's samples.
    pub(super) fn sample() -> Self {
        Self {
            card_number: "123456789012".into(),
            card_type: "CreditCard".into(),
            tender_category: "CreditCard".into(),
        }
    }
}

/// Builds the request's body. `total_cents` is TotalValueCents of AddTickets. PerformPayment stands outside of
/// PaymentInfo; customers' names and numbers are optional for the cinema, and not sent.
pub fn request(order: &UserSessionId, total_cents: i64, payment: &Payment, identity: &Identity) -> Value {
    object_of!({
        "UserSessionId": order.as_str(),
        "PaymentInfo": payment.info(total_cents),
        "PerformPayment": false,
        "CustomerPhone": "",
        "CustomerEmail": "",
        "CustomerName": "",
        "OptionalClientClass": identity.class,
        "OptionalClientId": identity.id,
        "OptionalClientName": identity.name,
    })
}

/// Outcome of CompleteOrder. A refusal may name a booking too, as PostChargeCommitError does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// VistaBookingId.
    pub id: Option<BookingId>,
    /// VistaBookingNumber.
    pub number: Option<BookingNumber>,
    /// VistaTransNumber: for reports to the state.
    pub transaction: Option<String>,
}

/// Reads a reply's body.
pub fn read(body: &[u8]) -> Result<Reply<Completed>, ReadError> {
    let raw: RawReply = json(body)?;
    let code = code(&raw.code, "Result")?;
    let content = Some(Completed {
        id: raw.id.text().and_then(BookingId::parse),
        number: raw.number.text().and_then(BookingNumber::parse),
        transaction: raw.transaction.owned().filter(|number| number != "0"),
    });
    Ok(Reply { code, said: sentence(raw.said), content })
}

#[derive(Deserialize, Default)]
struct RawReply {
    #[serde(rename = "Result", default)]
    code: Lenient,
    #[serde(rename = "ErrorDescription", default)]
    said: Text,
    #[serde(rename = "VistaBookingId", default)]
    id: Lenient,
    #[serde(rename = "VistaBookingNumber", default)]
    number: Lenient,
    #[serde(rename = "VistaTransNumber", default)]
    transaction: Lenient,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_request() {
        let payment = Payment::sample();
        let identity = Identity::sample();
        let order = UserSessionId::parse("FTest201508060001").unwrap();
        let expected: Value = serde_json::from_str(
            r#"{"UserSessionId": "FTest201508060001", "PaymentInfo": {"CardNumber":"123456789012",
                "CardType":"CreditCard", "PaymentValueCents":10000, "PaymentTenderCategory":"CreditCard"},
                "PerformPayment":false, "CustomerPhone":"", "CustomerEmail":"", "CustomerName":"",
                "OptionalClientClass": "RSP", "OptionalClientId": "111.111.111.111",
                "OptionalClientName": "3rdParty"}"#,
        )
        .unwrap();
        assert_eq!(request(&order, 10_000, &payment, &identity), expected);
    }

    #[test]
    fn the_documents_reply() {
        // CinemaID is spelled this way here.
        let body =
            br#"{"BalanceList":null, "CinemaID":"0200", "ErrorDescription":null, "ExtendedResultCode":0,
            "HistoryID":"1935728", "PassCollection":null, "PaymentInfoCollection":[ {} ], "PrintStream":"",
            "PrintStreamCollection":null, "Result":0, "VistaBookingId":"WQNX8JL",
            "VistaBookingNumber":"111972", "VistaTransNumber":"375975"}"#;
        let completed = Completed {
            id: BookingId::parse("WQNX8JL"),
            number: BookingNumber::new(111_972),
            transaction: Some("375975".into()),
        };
        assert_eq!(read(body), Ok(Reply { code: 0, said: None, content: Some(completed) }));
    }

    #[test]
    fn a_refusal_names_a_booking_or_none() {
        let none = read(br#"{"Result":27,"VistaBookingNumber":0,"VistaBookingId":null}"#).unwrap();
        assert_eq!(none.content, Some(Completed { id: None, number: None, transaction: None }));
        let some = read(br#"{"Result":14,"VistaBookingNumber":112086}"#).unwrap();
        assert_eq!((some.code, some.content.unwrap().number), (14, BookingNumber::new(112_086)));
    }
}
