//! Vista Connect, the cloud.
//!
//! One file an interface of the vendor's document: [`cinemas`] (3.1), [`films`] (3.2), [`ticket_types`] (3.3),
//! [`seat_plan`] (3.4), [`order`] (3.6), [`booking_status`] (3.10), [`single_booking`] (3.11). Each makes a request and
//! reads a reply; they and what they share are pure. [`client`] is the edge (HTTP).

pub mod answer;
pub mod booking_status;
pub mod cinemas;
pub mod client;
pub mod codes;
pub mod date;
pub mod films;
pub mod identity;
mod loose;
pub mod odata;
pub mod order;
pub mod read;
pub mod seat_plan;
pub mod single_booking;
pub mod ticket_types;
