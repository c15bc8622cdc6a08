//! The devices, each behind a small interface and owned by one thread or task; and the folder for virtual paper.

pub mod paper_folder;
pub mod printer;
pub mod scanner;
