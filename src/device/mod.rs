//! Devices at the edge of the house.

pub mod paper_folder;
