//! The cloud's client, its document and its flows.

mod client;
mod document;
mod flows;
