//! Workflow of one pickup, pure: `handle(state, input, now) -> (state, actions)`.
//!
//! [`input`] and [`action`] are its two sides; [`state`] is its state; [`machine`] the entry point. A code walks
//! through `lookup` (journal, cloud, printer), `issue` (query, 0x05), `print` (one ticket at a time) and `backlog`
//! (0x07, each of them a `due`); `refusal` decides what a refused customer may be told, `recovery` what a start does
//! about the time before, `told` remembers flags that are on no record.

pub mod action;
mod active_pickup;
pub mod backlog;
pub mod due;
mod entry;
mod flags;
pub mod input;
mod issue;
mod lookup;
pub mod machine;
pub mod policy;
mod print;
pub mod rate_limit;
mod recovery;
mod refusal;
mod resume;
pub mod state;
pub mod timing;
pub mod told;

#[cfg(test)]
mod tests;
