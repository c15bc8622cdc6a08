//! The journal: the record of pickups that survives anything.
//!
//! [`record`] is what is told and what is asked, [`rules`] what may follow what. [`store`] keeps them
//! to a disk and is the one room that touches SQLite; everything beside it is pure.

pub mod acts;
pub mod business_day;
pub mod clock_trust;
pub mod export;
pub mod memory;
pub mod record;
pub mod retention;
pub mod rules;
pub mod store;
pub mod story;
pub mod view;
