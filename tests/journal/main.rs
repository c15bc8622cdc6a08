//! The journal on disk. A process of its own: a child that another test starts holds the lock of a journal for a moment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod damage;
#[path = "../suite/kit/journal/mod.rs"]
mod journal_kit;
mod lost;
mod model;
mod retention;
mod store;
