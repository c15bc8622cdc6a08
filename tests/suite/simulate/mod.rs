//! The simulated cinema.

mod control;
mod printer;
mod rig;
mod sites;
mod toml;
mod vista;
