//! The devices on the kiosk's wires, each behind a small interface.

pub mod scanner;
//! The devices, each behind a small interface and owned by one thread or task.

pub mod printer;
//! Devices at the edge of the house.

pub mod paper_folder;
