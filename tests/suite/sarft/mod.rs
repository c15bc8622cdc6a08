//! The on-site service's protocol.

mod client;
mod decode;
mod frames;
