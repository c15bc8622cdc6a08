//! The menu where it is rough: sticks that fail, the power that goes, keys at the wrong moment, PINs that are none.

mod busy;
mod pins;
mod power;
mod usb_drive;

use crate::kit::e2e::{Home, Kiosk, until};
use crate::maintenance::kit::{self, page::Page};
use serde_json::Value;

/// Starts a kiosk; returns it once it is up, with its page.
pub fn start(home: &Home) -> (Kiosk<'_>, Page) {
    let before = home.log_length();
    let kiosk = home.start_command(&mut kit::command(home));
    (kiosk, Page::of(home, before))
}

/// Returns the acts on record.
pub fn audit_records(home: &Home) -> Vec<Value> {
    // A kiosk killed this moment may have a listening socket yet.
    until("the acts are listed", || {
        let listed = home.finish(&["journal", "acts", "--json"]);
        (listed.status == Some(0)).then(|| listed.json())
    })
}

/// Returns the number of records of an act.
pub fn count(acts: &[Value], what: &str) -> usize {
    acts.iter().filter(|act| act["act"] == what).count()
}
