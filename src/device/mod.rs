//! The devices, each behind a small interface and owned by one thread or task.

pub mod printer;
