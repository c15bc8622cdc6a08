//! From a ticket to paper: layout (ticket → document), escpos (document → bytes), image (bytes → picture).
//!
//! Pure: no files, sockets, threads, clock or randomness.

pub mod compose;
pub mod document;
pub mod escpos;
pub mod layout;
pub mod profile;
pub mod sample;
pub mod template;
pub mod text;
