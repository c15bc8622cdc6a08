//! Faults of the printer, provoked in it, byte for byte.

use super::e2e::Site;
use super::e2e::kiosk::Options;
use super::kit::home;
use super::kit::places::Places;
use super::start;
use serde_json::json;

/// What these tests provoke.
pub const PROVOKED: [&[&str]; 1] = [&STATES];

/// Something with paper, cover or head.
const STATES: [&str; 5] = ["P1", "P2", "P3", "P5", "P8"];

#[test]
fn what_a_printer_says_of_itself_is_told_everywhere_and_goes_with_it() {
    let site = Site::start();
    let home = home(&site, Options { timeout_ms: 500, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    for (code, fault) in
        [("P1", "paper_low"), ("P2", "paper_out"), ("P3", "cover_open"), ("P5", "head_hot"), ("P8", "silent")]
    {
        site.printer(&json!({"fault": fault}));
        places.told(code);
        site.printer(&json!({"mend": true, "power_cycle": code == "P8"}));
        places.over(code);
    }
    places.leave(&STATES);
    kiosk.stop();
}
