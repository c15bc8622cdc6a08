//! RestBooking.RefundBooking (3.12): refunds a booking that has not been printed. Pure.

use super::complete_order::Payment;
use super::reply::{RESULT_CODE, ReadError, Reply, outcome};
use crate::ticket::BookingNumber;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json as object_of};

/// The request's path below `RestBooking.svc`.
pub const PATH: &str = "/booking/refund";

/// Amounts of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// Amount paid, in fen: the total, booking fee included.
    pub total_cents: i64,
    /// Booking fee within the total, in fen; 0 if there is none.
    pub fee_cents: i64,
    /// True if the booking fee is refunded too.
    pub with_fee: bool,
}

impl Amount {
    /// Returns RefundAmount: the total, less the fee if the cinema keeps it.
    pub fn refund_cents(self) -> i64 {
        if self.with_fee { self.total_cents } else { self.total_cents.saturating_sub(self.fee_cents) }
    }

    /// Returns RefundBookingFee: true only if there is a fee and it is refunded.
    pub fn refund_fee(self) -> bool {
        self.with_fee && self.fee_cents != 0
    }
}

/// Builds the request's body. `marked_only` is MarkAsRefundedOnly: true for third parties by the document's table.
pub fn request(
    number: BookingNumber,
    amount: Amount,
    reason: &str,
    marked_only: bool,
    payment: &Payment,
    cinema_id: &str,
    client_id: &str,
) -> Value {
    object_of!({
        "CinemaId": cinema_id,
        "PaymentInfo": payment.info(amount.total_cents),
        "BookingNumber": number.get(),
        "RefundReason": reason,
        "RefundConcessions": true,
        "RefundAmount": amount.refund_cents(),
        "RefundBookingFee": amount.refund_fee(),
        "MarkAsRefundedOnly": marked_only,
        "OptionalClientId": client_id,
    })
}

/// Reads a reply's body. Only code 0 is a refund.
pub fn read(body: &[u8]) -> Result<Reply<()>, ReadError> {
    outcome(body, RESULT_CODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_request() {
        let payment = Payment::sample();
        // The sample refunds a fee, so the amount contains one.
        let amount = Amount { total_cents: 10_000, fee_cents: 200, with_fee: true };
        let number = BookingNumber::new(111_972).unwrap();
        let expected: Value = serde_json::from_str(
            r#"{"CinemaId":"0200", "PaymentInfo":{"CardNumber":"123456789012", "CardType":"CreditCard",
                "PaymentValueCents":10000, "PaymentTenderCategory":"CreditCard"}, "BookingNumber":111972,
                "RefundReason":"Test", "RefundConcessions":true, "RefundAmount":10000,
                "RefundBookingFee":true, "MarkAsRefundedOnly":false, "OptionalClientId": "111.111.111.111"}"#,
        )
        .unwrap();
        assert_eq!(request(number, amount, "Test", false, &payment, "0200", "111.111.111.111"), expected);
    }

    #[test]
    fn the_documents_reply() {
        let body = br#"{"ErrorDescription":null,"ResultCode":0}"#;
        assert_eq!(read(body), Ok(Reply { code: 0, said: None, content: Some(()) }));
        assert_eq!(read(br#"{"ErrorDescription":null}"#), Err(ReadError::Missing("ResultCode")));
    }

    #[test]
    fn the_fee_has_three_cases() {
        let amount = |fee_cents, with_fee| Amount { total_cents: 10_000, fee_cents, with_fee };
        for (amount, refunded, fee) in [
            (amount(0, false), 10_000, false),
            (amount(0, true), 10_000, false),
            (amount(200, false), 9_800, false),
            (amount(200, true), 10_000, true),
        ] {
            assert_eq!((amount.refund_cents(), amount.refund_fee()), (refunded, fee), "{amount:?}");
        }
    }
}
