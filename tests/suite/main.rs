//! Tests of all parts through their public interfaces, and of whole processes, in one binary: one link instead of forty.
//! Those that need a process of their own stand beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::too_many_lines)] // Tables of cases are long.

mod cli;
mod config;
mod e2e;
mod journal;
mod kit;
mod maintenance;
mod printer;
mod receipt;
mod sarft;
mod screen;
mod simulate;
mod virtual_printer;
mod vista;
mod workflow;
