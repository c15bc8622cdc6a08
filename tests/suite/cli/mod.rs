//! Commands as a technician types them.

mod check;
mod preview;
mod usage;
mod vista;
