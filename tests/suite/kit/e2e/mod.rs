//! Kit for tests of whole processes: the built binary, real sockets, pseudo-terminals, files in folders that go.
//! Nothing here sleeps for a fixed time to let something happen: a condition is looked at until it holds.
#![allow(dead_code, unused_imports)] // Each test file uses its own part of it.

pub mod kiosk;
pub mod paper;
pub mod process;
pub mod scanner;
pub mod secrets;
pub mod site;

pub use kiosk::{Home, Kiosk};
pub use paper::papers;
pub use process::{Finished, binary, finish, until};
pub use site::Site;

use serde_json::Value;

/// A `[sarft.wire]` that has nothing in common with the default one.
pub const OTHER_WIRE: &str = "header = ['magic:A55A', 'length:u16:total', 'command:u16', 'sequence:u32']\n\
    trailer = ['crc16-modbus']\nbyte_order = 'little'\ncharset = 'utf-8'\ndatetime = 'text14'\n\
    decimal = 'cents32'\nmd5_case = 'upper'\n";

/// Returns the name of a pickup's outcome; empty while it runs.
pub fn outcome(pickup: &Value) -> &str {
    pickup["outcome"].as_str().unwrap_or_default()
}

/// Returns the states of a pickup's tickets, in the journal's order.
pub fn states(pickup: &Value) -> Vec<&str> {
    let tickets = pickup["tickets"].as_array().map(Vec::as_slice).unwrap_or_default();
    tickets.iter().filter_map(|ticket| ticket["state"].as_str()).collect()
}

/// Tries each case in a thread of its own: most of their time is spent waiting for time limits.
pub fn at_once<T: Send>(cases: impl IntoIterator<Item = T>, attempt: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| attempt(case));
        }
    });
}
