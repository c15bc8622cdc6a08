//! The map of the house. ARCHITECTURE.md walks one ticket through it.

pub mod codes;
pub mod command;
pub mod config;
pub mod device;
pub mod journal;
pub mod kiosk;
pub mod maintenance;
pub mod pickup;
pub mod receipt;
pub mod sarft;
pub mod screen;
pub mod simulator;
pub mod ticket;
pub mod vista;
