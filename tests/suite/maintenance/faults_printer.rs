//! Faults of the printer, provoked in it, byte for byte.

use super::e2e::kiosk::Options;
use super::e2e::{Site, until};
use super::kit::page::Page;
use super::kit::places::Places;
use super::kit::world::World;
use super::kit::{Surface, add, command, home};
use super::start;
use serde_json::json;
use std::fs;

/// Codes that these tests provoke.
pub const PROVOKED: [&[&str]; 5] = [&UNHEARD, &STATES, &LINE, &TICKETS, &PRESENTER];

/// Code until the printer's owner has something to tell.
const UNHEARD: [&str; 1] = ["P0"];
/// Codes about paper, cover, head, supply or buttons.
const STATES: [&str; 6] = ["P1", "P2", "P3", "P5", "P6", "P7"];
/// Codes about the line between the kiosk and the printer.
const LINE: [&str; 2] = ["P8", "P9"];
/// Codes that only a paper brings up.
const TICKETS: [&str; 2] = ["P4", "P10"];
const PRESENTER: [&str; 1] = ["P11"];

/// Order that puts the printer right.
const MEND: &str = "mend";
const OFF_AND_ON: &str = "power_cycle";

#[test]
fn what_a_printer_says_of_itself_is_told_everywhere_and_goes_with_it() {
    let site = Site::start();
    let home = home(&site, Options { timeout_ms: 500, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    for (code, fault, remedy) in [
        ("P1", "paper_low", MEND),
        ("P2", "paper_out", MEND),
        ("P3", "cover_open", MEND),
        ("P5", "head_hot", MEND),
        ("P6", "unrecoverable", OFF_AND_ON),
        ("P7", "offline", MEND),
    ] {
        site.printer(&json!({"fault": fault}));
        places.told(code);
        site.printer(&json!({remedy: true}));
        places.over(code);
    }
    places.leave(&STATES);
    kiosk.stop();
}

#[test]
fn a_printer_that_says_nothing_or_is_switched_off_is_told_everywhere_until_it_is_back() {
    let site = Site::start();
    let home = home(&site, Options { timeout_ms: 500, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    site.printer(&json!({"fault": "silent"}));
    places.told("P8");
    site.printer(&json!({"mend": true}));
    places.over("P8");
    site.printer(&json!({"power": false}));
    places.told("P9");
    site.printer(&json!({"power": true}));
    places.over("P9");
    places.leave(&LINE);
    kiosk.stop();
}

/// Prints a paper of the menu's that does not come out.
fn print_a_test_ticket(places: &mut Places<'_>) {
    places.console().keys("911");
    places.console().shows("It may or may not have come out");
    places.console().keys("←←←");
    places.console().shows("Paper changed");
}

#[test]
fn a_jam_and_a_printer_that_may_hold_a_ticket_are_told_everywhere_until_it_is_mended() {
    let site = Site::start();
    let profile = vec![("fence_timeout_ms = 15000", "fence_timeout_ms = 1000")];
    let home = home(&site, Options { profile, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    site.printer(&json!({"fault": "cutter_stuck_for_good"}));
    print_a_test_ticket(&mut places);
    places.told("P4");
    site.printer(&json!({"mend": true, "power_cycle": true}));
    places.over("P4");
    // It takes the paper's bytes, says that all is well, and prints nothing.
    site.printer(&json!({"fault": "hung"}));
    print_a_test_ticket(&mut places);
    places.told("P10");
    site.printer(&json!({"power_cycle": true}));
    places.over("P10");
    places.leave(&TICKETS);
    kiosk.stop();
}

#[test]
fn a_ticket_that_nobody_takes_is_told_everywhere_until_it_is_taken() {
    let site = Site::start_with("", "profile = 'custom-vkp80'");
    let home = home(&site, Options::default());
    fs::write(home.path("printers/own.toml"), include_str!("../../../config/printers/custom-vkp80.toml"))
        .unwrap();
    add(&home, "[presenter]\nforgotten_seconds = 60\n");
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    site.printer(&json!({"fault": "not_taken"}));
    // The menu waits for it, too; its way back is free.
    places.console().keys("911←←←");
    places.console().shows("Paper changed");
    places.told("P11");
    site.printer(&json!({"mend": true}));
    places.over("P11");
    places.leave(&PRESENTER);
    kiosk.stop();
}

#[test]
fn a_printer_whose_name_nobody_knows_yet_is_told_everywhere_until_it_is_reached() {
    let Some(world) = World::make() else { return };
    let site = Site::start();
    let port = site.address("printer").rsplit(':').next().unwrap();
    let home = home(&site, Options { printer: Some(format!("tcp:localhost:{port}")), ..Options::default() });
    world.names_unanswered(true);
    let before = home.log_length();
    let kiosk = home.start_without_printer(command(&home).envs(world.env()));
    let mut places = Places::of(&home, Page::of(&home, before));
    places.told("P0");
    world.names_unanswered(false);
    places.over("P0");
    until("customers are served", || (places.page.view()["state"] == "welcome").then_some(()));
    places.leave(&UNHEARD);
    kiosk.stop();
}
