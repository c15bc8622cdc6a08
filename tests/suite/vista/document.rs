//! The vendor's document against the code: its samples as printed (`vista_document/printed`), and what no document
//! promises: every reply with its fields gone, turned, out of range, too long and too deep.

mod calls;
mod hostile;
mod samples;
mod server;
mod simulated;

use serde_json::Value;

/// Reads a file of `printed`.
fn printed(name: &str) -> String {
    let path = format!("{}/tests/suite/vista/document/printed/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads a printed reply.
fn reply(name: &str) -> Value {
    serde_json::from_str(&printed(&format!("{name}.reply"))).unwrap()
}

/// Reads a printed request: its first line, and its body where it has one.
fn request(name: &str) -> (String, Option<Value>) {
    let text = printed(&format!("{name}.request"));
    let (line, body) = text.split_once('\n').unwrap();
    (line.to_owned(), (!body.trim().is_empty()).then(|| serde_json::from_str(body).unwrap()))
}
