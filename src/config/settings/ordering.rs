//! `[cloud.ordering]`: the terms on which a technician books and refunds.

use serde::Deserialize;

/// `[cloud.ordering]`: what cinema and third party agreed on, and the document's counts and intervals (2.2, 3.12).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ordering {
    /// CardNumber that stands for the third party; no customer's card.
    pub card_number: String,
    /// CardType.
    pub card_type: String,
    /// PaymentTenderCategory.
    pub tender_category: String,
    /// BookingFeeOverride of an order, fen; none: the cinema's own, which is not the same as 0.
    pub booking_fee_cents: Option<i64>,
    /// Most tickets of one order, 1 to 255.
    pub tickets_max: u8,
    /// ATMTimeShowMovieAfterStart: sales of a session end so long after it begins, minutes.
    pub sales_end_minutes: u32,
    /// How often QueryOrderBookingStatus is asked, 1 to 100.
    pub polls: u32,
    /// Between two of them, seconds.
    pub poll_seconds: u32,
    /// MarkAsRefundedOnly.
    pub mark_as_refunded_only: bool,
    /// How often RefundBooking is tried, 1 to 100.
    pub refund_tries: u32,
    /// Between two of them, seconds.
    pub refund_seconds: u32,
    /// Limit of one RefundBooking, milliseconds; 100 to 600000.
    pub refund_timeout_ms: u64,
    /// How often `acceptance` looks whether the cloud has what was done, 1 to 100: the cinema's server tells it later.
    pub check_tries: u32,
    /// Between two of those looks, seconds.
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
