//! The devices on the kiosk's wires, each behind a small interface.

pub mod scanner;
//! Devices at the edge of the house.

pub mod paper_folder;
