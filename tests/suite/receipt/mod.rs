//! Tickets on paper: layouts, bytes, the virtual printer.

mod paper;
mod printer;
mod tcp;
