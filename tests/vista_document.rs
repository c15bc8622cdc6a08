//! The vendor's document against the code: its samples as printed (`vista_document/printed`), and what no document
//! promises: every reply with its fields gone, turned, out of range, too long and too deep.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "vista_document/calls.rs"]
mod calls;
#[path = "vista_document/hostile.rs"]
mod hostile;
#[path = "vista_document/samples.rs"]
mod samples;
#[path = "vista_document/server.rs"]
mod server;
#[path = "vista_document/simulated.rs"]
mod simulated;

use serde_json::Value;

/// A file of `printed`.
fn printed(name: &str) -> String {
    let path = format!("{}/tests/vista_document/printed/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A printed reply.
fn reply(name: &str) -> Value {
    serde_json::from_str(&printed(&format!("{name}.reply"))).unwrap()
}

/// A printed request: its first line, and its body where it has one.
fn request(name: &str) -> (String, Option<Value>) {
    let text = printed(&format!("{name}.request"));
    let (line, body) = text.split_once('\n').unwrap();
    (line.to_owned(), (!body.trim().is_empty()).then(|| serde_json::from_str(body).unwrap()))
}
