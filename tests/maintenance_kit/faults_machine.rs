//! Faults of the machine itself: its devices, its disk, its clock, and what people did to it.

use super::e2e::Site;
use super::e2e::kiosk::Options;
use super::e2e::scanner::Scanner;
use super::kit::places::Places;
use super::kit::{Surface, home};
use super::start;

/// What these tests provoke.
pub const PROVOKED: [&[&str]; 2] = [&DEVICES, &SERVICE];

const DEVICES: [&str; 1] = ["K1"];
const SERVICE: [&str; 1] = ["M1"];

#[test]
fn a_device_that_is_missing_is_told_everywhere_until_it_is_plugged_in() {
    let site = Site::start();
    let sockets = tempfile::tempdir().unwrap();
    let at = sockets.path().join("scanner");
    let scanner = format!("serial:{}?baud=9600", at.display());
    let home = home(&site, Options { scanner, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    places.told("K1");
    let plugged = Scanner::plug_in(&at);
    places.over("K1");
    drop(plugged);
    places.told("K1");
    let _plugged = Scanner::plug_in(&at);
    places.over("K1");
    places.leave(&DEVICES);
    kiosk.stop();
}

#[test]
fn out_of_service_is_told_everywhere_until_staff_put_it_back() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    places.console.keys("6⏎←");
    places.told("M1");
    assert_eq!(places.page.view()["state"], "out_of_service");
    places.console.keys("7←");
    places.over("M1");
    assert_eq!(places.page.view()["state"], "welcome");
    places.leave(&SERVICE);
    kiosk.stop();
}
