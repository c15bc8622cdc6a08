//! The on-site pickup interface, SarftKioskService (interface document 3.14).
//!
//! From the inside out:
//!
//! - [`message`]: the eight messages, and their bodies as bytes. Pure.
//! - [`wire`]: the frame around a body and the encodings inside it, as the configuration gives them. Pure.
//! - [`codec`]: the trait both stand behind; a site whose frames the grammar of [`wire`] cannot say gets a
//!   second implementation of it, and nothing else changes.
//! - [`session`]: what may be sent when, and which reply is the one asked for. No I/O.
//! - [`client`]: the socket, with time limits. The only file here that touches the network.
//!
//! [`probe`] finds out what the interface document leaves open, by asking a site. Pure.
//!
//! [`decode`] shows a captured conversation under a layout, and finds the layouts under which it makes sense.
//!
//! The simulated cinema speaks through the same [`codec`].

pub mod client;
pub mod codec;
pub mod decode;
pub mod malformed;
pub mod message;
pub mod probe;
pub mod session;
pub mod settings;
pub mod wire;

pub use client::{Client, ClientSettings};
pub use message::Secret;
pub use session::{IssueError, QueryAnswer, ReportError, SarftStep, SiteError};
pub use wire::{Layout, LayoutError};
