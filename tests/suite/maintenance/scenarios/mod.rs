//! Walks beyond the one through the tree: tickets settled in each way, a setting saved, the kiosk started again, the
//! acceptance to its end; on every surface. And every page of the terminal, in both languages.

mod acceptance;
mod pages;

use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::{Home, Kiosk, Site, until};
use crate::maintenance::driver::{Driver, program};
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{self, LI, Surface, WANG, home};
use crate::maintenance::{SEQUENCE, Shown, start};
use serde_json::json;
use std::fs;

/// Prints six tickets of which four may or may not have come out.
pub fn unsettled(site: &Site, home: &Home, kiosk: &mut Kiosk<'_>) {
    site.printer(&json!({"fault": "paper_out", "after_rows": 600}));
    kiosk.say("111977|SX6B2HN");
    for torn in 1..=4 {
        until(&format!("{torn} tickets are uncertain"), || {
            let pickup = home.pickups().pop()?.to_string();
            (pickup.matches("\"uncertain\"").count() >= torn).then_some(())
        });
        let log = home.log_length();
        let again = json!({"mend": true, "fault": "paper_out", "after_rows": 600});
        site.printer(&if torn < 4 { again } else { json!({"mend": true}) });
        until("the printer can print", || home.log_from(log).contains("printer: ready").then_some(()));
    }
    until("the pickup ends", || home.pickups().pop().filter(|pickup| pickup["outcome"] == "see_counter"));
}

/// Returns the place of the first ticket in this state in the list that is shown.
fn place(surface: &dyn Surface, state: &str) -> String {
    let text = surface.text();
    let line = text.lines().find(|line| line.contains(&format!("  {state}  ")));
    line.unwrap_or_else(|| panic!("no ticket is {state}:\n{text}")).trim().chars().take(1).collect()
}

/// Settles tickets in each way from Li's main menu, saves a setting, and starts the kiosk again.
fn rest(surface: &mut dyn Surface, home: &Home, x: &str) {
    for (state, fate, said) in [
        ("uncertain", "2", "printed again"),
        ("uncertain", "3", "recorded as handed-over"),
        ("uncertain", "4", "recorded as void"),
        ("uncertain", "1", "recorded as came-out"),
    ] {
        surface.keys("3");
        surface.shows("  uncertain  ");
        let place = place(surface, state);
        surface.keys(&place);
        surface.shows("It came out after all");
        surface.keys(&format!("{fate}⏎"));
        if fate == "2" {
            surface.shows("The second user");
            surface.keys(&format!("1{WANG}⏎"));
        }
        surface.shows(said);
        surface.keys("←");
        surface.shows("Paper changed");
    }
    let states = crate::kit::e2e::states(&home.last()).join(" ");
    assert_eq!(states, "reprinted handed_over void printed printed printed");
    surface.keys("952");
    surface.shows("kiosk.id =");
    surface.keys("1");
    surface.shows("Enter: done");
    surface.keys(&format!("{x}⏎"));
    surface.shows("Checked and saved");
    surface.keys("←←←");
    surface.shows("Paper changed");
    surface.keys("961");
    surface.shows("Restart the kiosk?");
    surface.keys("⏎");
}

/// Waits until the kiosk has ended in good order, and checks that it comes up with what was saved.
fn comes_up_again(home: &Home, mut kiosk: Kiosk<'_>) {
    assert_eq!(kiosk.process().wait().code(), Some(0), "{}", home.log());
    let (again, page) = start(home);
    page.shows("[welcome]");
    assert!(home.log().contains("kiosk e2ex is up"));
    let over = fs::read_to_string(home.state_dir().join("override.toml")).unwrap();
    assert!(over.contains("id = \"e2ex\""), "{over}");
    again.stop();
}

#[test]
fn the_rest_in_a_terminal_by_keys_alone() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, _page) = start(&home);
    unsettled(&site, &home, &mut kiosk);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("922");
    console.shows("Press each key");
    console.keys("←←←");
    console.shows("Paper changed");
    rest(&mut console, &home, "x");
    comes_up_again(&home, kiosk);
}

#[test]
fn the_rest_on_the_page_by_keys_alone() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, mut page) = start(&home);
    unsettled(&site, &home, &mut kiosk);
    page.keys(SEQUENCE);
    page.sign_in("1", LI);
    rest(&mut page, &home, "43");
    comes_up_again(&home, kiosk);
}

#[test]
fn the_rest_in_a_browser_by_keys_alone() {
    let Some(program) = program() else {
        println!("NOT RUN: no PICKUP_KIOSK_CHROMEDRIVER; tests/run browser sets it");
        return;
    };
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, page) = start(&home);
    unsettled(&site, &home, &mut kiosk);
    let driver = Driver::start(&program);
    let browser = driver.open(&page.url());
    browser.state("welcome");
    let mut shown = Shown(&browser);
    shown.keys(SEQUENCE);
    shown.sign_in("1", LI);
    shown.keys("921");
    shown.shows("Scan a code");
    kiosk.say("111972|WQNX8JL");
    shown.shows("booking number 111972 and an ID of 7 characters");
    shown.keys("←2");
    shown.shows("Press each key");
    shown.keys("57");
    shown.shows("[7]");
    shown.keys("←←←");
    shown.shows("Keypad and touch test");
    shown.keys("←←");
    shown.shows("Paper changed");
    rest(&mut shown, &home, "43");
    comes_up_again(&home, kiosk);
}

#[test]
fn every_path_in_a_terminal_alone_while_the_kiosk_is_down() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, _page) = start(&home);
    unsettled(&site, &home, &mut kiosk);
    kiosk.stop();
    let mut command = kit::maintain_alone(&home);
    let mut console = Console::of(command);
    console.sign_in("1", LI);
    until("the printer is there", || {
        console.keys("1");
        console.shows("tickets uncertain");
        let ready = !console.text().contains("P9") && !console.text().contains("P0");
        console.keys("←");
        console.shows("Paper changed");
        ready.then_some(())
    });
    rest(&mut console, &home, "x");
    // The terminal is the kiosk here: started again means that it ends, and the terminal with it.
    console.ends();
    command = kit::maintain_alone(&home);
    let mut console = Console::of(command);
    console.sign_in("1", LI);
    until("the printer is there", || {
        console.keys("1");
        console.shows("tickets uncertain");
        let ready = console.text().contains("All is well");
        console.keys("←");
        console.shows("Paper changed");
        ready.then_some(())
    });
    // A kiosk that serves nobody says nothing of being up.
    for (keys, shown, back) in crate::maintenance::walk() {
        console.keys(keys);
        console.shows(if keys == "943" { "printer: ready" } else { shown });
        console.keys(back);
        console.shows("Paper changed");
    }
    console.keys("982");
    console.shows("/dev/sdz1");
    console.keys("1");
    console.shows("Written whole");
    console.keys("←←←←");
    console.shows("Paper changed");
    console.keys("←");
    assert_eq!(console.ends(), 0);
}
