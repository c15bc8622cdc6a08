//! The virtual printer, in memory and on TCP.

mod behaviour;
mod tcp;
