//! Settings of `[cloud.ordering]`: the terms on which a technician books and refunds.

use serde::Deserialize;

/// Terms that cinema and third party agreed on, and the document's counts and intervals (2.2, 3.12).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ordering {
    /// CardNumber that stands for the third party; no customer's card.
    pub card_number: String,
    /// CardType of that card.
    pub card_type: String,
    /// PaymentTenderCategory of an order.
    pub tender_category: String,
    /// BookingFeeOverride of an order, fen; none: the cinema's own, which is not the same as 0.
    pub booking_fee_cents: Option<i64>,
    /// Largest number of tickets of one order, 1 to 255.
    pub tickets_max: u8,
    /// ATMTimeShowMovieAfterStart: time after its begin at which sales of a session end, in minutes.
    pub sales_end_minutes: u32,
    /// Number of times that QueryOrderBookingStatus is asked, 1 to 100.
    pub polls: u32,
    /// Pause between two of them, in seconds.
    pub poll_seconds: u32,
    /// MarkAsRefundedOnly of RefundBooking.
    pub mark_as_refunded_only: bool,
    /// Number of tries of RefundBooking, 1 to 100.
    pub refund_tries: u32,
    /// Pause between two tries, in seconds.
    pub refund_seconds: u32,
    /// Time limit for one RefundBooking, in milliseconds; 100 to 600000.
    pub refund_timeout_ms: u64,
    /// Number of looks of `acceptance` for what was done at the cloud, 1 to 100: the cinema's server tells it later.
    pub check_tries: u32,
    /// Pause between two of those looks, in seconds.
    pub check_seconds: u32,
}

impl Default for Ordering {
    fn default() -> Self {
        Self {
            card_number: "9999999999999999".into(),
            card_type: "CreditCard".into(),
            tender_category: "CreditCard".into(),
            booking_fee_cents: None,
            tickets_max: 10,
            sales_end_minutes: 0,
            polls: 15,
            poll_seconds: 60,
            mark_as_refunded_only: true,
            refund_tries: 10,
            refund_seconds: 60,
            refund_timeout_ms: 60_000,
            check_tries: 20,
            check_seconds: 3,
        }
    }
}
