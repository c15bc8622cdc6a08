//! The journal: the record of pickups that survives anything.
//!
//! [`record`] is pure: what is told and what is asked. `store` is the one file that touches SQLite.

pub mod business_day;
pub mod export;
pub mod memory;
pub mod record;
pub mod rules;
pub mod store;
pub mod story;
pub mod view;
