//! The devices, each behind a small interface and owned by one thread or task; and the folder for virtual paper.

pub mod board;
pub mod discover;
pub mod gpio;
pub mod hotplug;
pub mod keyboard;
pub mod keypad;
pub mod panel;
pub mod paper_folder;
pub mod printer;
pub mod scanner;
pub mod serial_line;
pub mod serial_port;
