//! The devices, each behind a small interface and owned by one thread or task.

pub mod paper_folder;
pub mod printer;
pub mod scanner;
