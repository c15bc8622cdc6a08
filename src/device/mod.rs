//! The devices on the kiosk's wires, each behind a small interface.

pub mod scanner;
