//! From a ticket to paper: layout (ticket → document), escpos (document → bytes), image (bytes → picture).
//!
//! Pure: no files, sockets, threads, clock or randomness.

pub mod profile;
