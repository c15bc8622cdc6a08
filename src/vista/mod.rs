//! Vista Connect, the cloud.
//!
//! Each interface of the vendor's document has its own file: [`cinemas`] (3.1), [`films`] (3.2), [`ticket_types`]
//! (3.3), [`seat_plan`] (3.4), [`add_tickets`] (3.5), [`order`] (3.6), [`cancel_order`] (3.7), [`start_payment`] (3.8),
//! [`complete_order`] (3.9), [`booking_status`] (3.10), [`single_booking`] (3.11), [`refund_booking`] (3.12). Each
//! builds a request and reads a reply. [`flow`] decides which call follows which answer. All of it is pure; only
//! [`client`] does I/O (HTTP).

pub mod add_tickets;
pub mod answer;
pub mod booking_status;
pub mod cancel_order;
pub mod cinemas;
pub mod client;
pub mod codes;
pub mod complete_order;
pub mod date;
pub mod films;
pub mod flow;
pub mod identity;
mod lenient;
pub mod odata;
pub mod order;
pub mod refund_booking;
pub mod reply;
pub mod seat_plan;
pub mod single_booking;
pub mod start_payment;
pub mod ticket_types;
