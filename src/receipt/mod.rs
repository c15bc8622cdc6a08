//! The way from a ticket to a printer's bytes: layout (ticket → document), escpos (document → bytes). What a printer
//! does with them is `virtual_printer`.
//!
//! Pure: no files, sockets, threads, clock or randomness.

pub mod bitmap;
pub mod compose;
pub mod document;
pub mod escpos;
pub(crate) mod font;
pub mod layout;
pub mod logo;
pub mod profile;
mod raster;
pub mod sample;
pub mod slip;
pub mod stock;
pub mod template;
pub mod test_paper;
pub mod text;
