//! The map of the house. ARCHITECTURE.md walks one ticket through it.

pub mod command;
pub mod config;
pub mod device;
pub mod journal;
pub mod receipt;
pub mod sarft;
pub mod simulator;
pub mod ticket;
pub mod vista;
