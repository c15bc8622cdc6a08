//! Vista Connect, the cloud: what became of a booking, asked by its ID.
//!
//! [`answer`], [`codes`], [`date`] and [`single_booking`] are pure; [`client`] is the edge (HTTP).
//! One file an interface of the vendor's document.

pub mod answer;
pub mod client;
pub mod codes;
pub mod date;
pub mod single_booking;
