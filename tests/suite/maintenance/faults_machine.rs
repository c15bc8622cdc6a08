//! Faults of the machine itself: its devices, its disk, its clock, and what people did to it.

use super::e2e::Site;
use super::e2e::kiosk::Options;
use super::e2e::scanner::Scanner;
use super::kit::page::Page;
use super::kit::places::Places;
use super::kit::world::World;
use super::kit::{LI, Surface, add, command, home};
use super::{SEQUENCE, start};
use std::fs;

/// Codes that these tests provoke.
pub const PROVOKED: [&[&str]; 5] = [&DEVICES, &CLOCK, &SERVICE, &SETTINGS, &PINS];

const DEVICES: [&str; 2] = ["K1", "K2"];
const CLOCK: [&str; 1] = ["W1"];
const SERVICE: [&str; 1] = ["M1"];
const SETTINGS: [&str; 1] = ["X2"];
const PINS: [&str; 1] = ["M3"];

#[test]
fn a_device_that_is_missing_is_told_everywhere_until_it_is_plugged_in() {
    let site = Site::start();
    let sockets = tempfile::tempdir().unwrap();
    let socket = |name: &str| sockets.path().join(name);
    let serial = |name: &str| format!("serial:{}?baud=9600", socket(name).display());
    let home = home(&site, Options { scanner: serial("scanner"), ..Options::default() });
    add(&home, &format!("[keypad]\nconnection = '{}'\n", serial("keypad")));
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    // Not there from the start, and pulled out later.
    for (code, name) in [("K1", "scanner"), ("K2", "keypad")] {
        let mut plugged = None;
        for _ in 0..2 {
            drop(plugged.take());
            places.told(code);
            plugged = Some(Scanner::plug_in(&socket(name)));
            places.over(code);
        }
    }
    places.leave(&DEVICES);
    kiosk.stop();
}

#[test]
fn out_of_service_is_told_everywhere_until_staff_put_it_back() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    places.console().keys("6⏎←");
    places.told("M1");
    assert_eq!(places.page.view()["state"], "out_of_service");
    places.console().keys("7←");
    places.over("M1");
    assert_eq!(places.page.view()["state"], "welcome");
    places.leave(&SERVICE);
    kiosk.stop();
}

#[test]
fn a_clock_that_was_never_set_is_told_everywhere_until_it_is_set() {
    let Some(world) = World::make() else { return };
    let site = Site::start();
    let home = home(&site, Options::default());
    let long_ago = jiff::Timestamp::constant(1_000_000_000, 0);
    world.clock_ahead(long_ago.as_second() - jiff::Timestamp::now().as_second());
    let before = home.log_length();
    let kiosk = home.start_command(command(&home).envs(world.env()));
    let mut places = Places::in_world(&home, Page::of(&home, before), &world.env());
    places.told("W1");
    world.clock_ahead(0);
    places.over("W1");
    places.leave(&CLOCK);
    kiosk.stop();
}

#[test]
fn settings_that_were_undone_are_told_everywhere_until_somebody_has_seen_it() {
    let site = Site::start();
    let home = home(&site, Options::default());
    start(&home).0.stop();
    for (name, text) in [
        ("override.toml", "[printer]\nprofile = 'no-such'\n"),
        ("override.before", ""),
        ("override.trial", "new"),
    ] {
        fs::write(home.state_dir().join(name), text).unwrap();
    }
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    places.told("X2");
    places.console().keys("953");
    places.console().shows("on record");
    places.console().keys("←←←");
    places.over("X2");
    places.leave(&SETTINGS);
    kiosk.stop();
}

#[test]
fn a_menu_shut_by_its_rate_limit_is_told_everywhere_until_its_minute_is_over() {
    let Some(world) = World::make() else { return };
    let site = Site::start();
    let home = home(&site, Options::default());
    let before = home.log_length();
    let kiosk = home.start_command(command(&home).envs(world.env()));
    let mut places = Places::without_menu(&home, Page::of(&home, before), &world.env());
    places.page.keys(&format!("{SEQUENCE}1"));
    for left in (1..=4).rev() {
        places.page.keys("111112⏎");
        places.page.shows(&format!("Tries left: {left}"));
    }
    places.page.keys("111112⏎");
    places.page.shows("Too many wrong PINs");
    places.told("M3");
    places.page.keys(&format!("{LI}⏎"));
    places.page.shows("seconds (M3)");
    world.passes(61);
    places.over("M3");
    places.page.keys(&format!("{LI}⏎"));
    places.page.shows("Paper changed");
    places.page.keys("1");
    places.page.shows("All is well");
    places.leave(&PINS);
    kiosk.stop();
}
