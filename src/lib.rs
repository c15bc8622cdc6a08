//! The map of the house. ARCHITECTURE.md walks one ticket through it.

pub mod command;
pub mod config;
pub mod journal;
pub mod simulator;
pub mod ticket;
