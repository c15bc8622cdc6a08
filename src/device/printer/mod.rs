//! The ticket printer: one owner, who alone writes to it and reads from it.

pub mod conditions;
pub mod session;
pub mod status;
pub mod timing;
