//! The journal: the record of pickups that survives anything.
//!
//! [`record`] is the data that goes in and out, [`rules`] says which step may follow which. [`store`] keeps them on a
//! disk and is the one module that touches SQLite; everything beside it is pure.

pub mod audit_log;
pub mod business_day;
pub mod clock_trust;
pub mod export;
pub mod memory;
pub mod record;
pub mod retention;
pub mod rules;
pub mod store;
pub mod timeline;
pub mod view;
