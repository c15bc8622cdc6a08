//! Keys while a paper is at the printer.

use super::{audit_records, count, start};
use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::scanner::Scanner;
use crate::kit::e2e::{Site, outcome, paper, until};
use crate::maintenance::SEQUENCE;
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{LI, Surface, WANG, home};
use serde_json::json;
use std::fs;

#[test]
fn keys_while_a_ticket_prints_do_nothing_to_it() {
    let site = Site::start();
    let folder = tempfile::tempdir().unwrap();
    let mut pad = Scanner::plug_in(&folder.path().join("pad"));
    let home = home(&site, Options::default());
    let config = fs::read_to_string(home.config()).unwrap();
    let table = format!("[keypad]\nconnection = 'serial:{}/pad?baud=9600'\n", folder.path().display());
    fs::write(home.config(), config + &table).unwrap();
    let (mut kiosk, mut page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("2", WANG);
    // The first ticket prints, and no word comes of it for a while.
    site.printer(&json!({"fault": "silent", "after_rows": 200}));
    kiosk.say("111972|WQNX8JL");
    until("a ticket is at the printer", || (page.view()["state"] == "printing").then_some(()));
    // In the terminal: paper, slip, test ticket, service, uncertain tickets; then a thousand keys at once.
    for (keys, back) in [("2⏎", "←"), ("5", "←"), ("6⏎", "←")] {
        console.keys(keys);
        console.shows("A customer is being served");
        console.keys(back);
        console.shows("Paper changed");
    }
    console.type_bytes("2\r\u{7f}".repeat(300).as_bytes());
    // On the page: what a child does, and the sequence of keys in between.
    page.keys("123⏎←777⏎");
    page.keys(SEQUENCE);
    page.keys("⏎⏎1⏎");
    // On the keypad, three thousand; its sequence, too.
    pad.scan(&"123#*7".repeat(500));
    pad.scan("*#*#");
    site.printer(&json!({"mend": true}));
    let pickup = until("the pickup ends", || {
        home.pickups().pop().filter(|pickup| ["printed", "see_counter"].contains(&outcome(pickup)))
    });
    let acts = audit_records(&home);
    assert_eq!(
        [count(&acts, "paper_changed"), count(&acts, "service"), count(&acts, "shift_slip_printed")],
        [0; 3]
    );
    // No paper beyond the tickets and, where one is uncertain, the claim slip.
    let tickets = pickup["tickets"].as_array().unwrap().len();
    assert!(paper::count(&site.papers()) <= tickets + 1, "{pickup}");
    console.shows("Paper changed");
    assert_eq!(home.pickups().len(), 1);
    drop(console);
    drop(pad);
    kiosk.stop();
}

#[test]
fn keys_while_a_test_prints_print_nothing_more() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("91");
    console.shows("alignment pattern");
    site.printer(&json!({"fault": "silent", "after_rows": 50}));
    let before = paper::count(&site.papers());
    console.keys("1");
    console.shows("One moment");
    // A user who doesn't wait, and asks for everything there is.
    console.type_bytes("\u{7f}1\u{7f}2\u{7f}3".repeat(60).as_bytes());
    console.shows("The printer is at work");
    // A customer's code is not lost on it, and the screen lives.
    assert_eq!(page.health().0, 200);
    console.keys("←");
    console.shows("alignment pattern");
    let acts = audit_records(&home);
    let printed = ["test_ticket_printed", "alignment_printed", "characters_printed"];
    assert_eq!(printed.map(|act| count(&acts, act)), [1, 0, 0]);
    site.printer(&json!({"mend": true, "power_cycle": true}));
    until("the printer is ready again", || {
        console.keys("1");
        console.shows("Test ticket");
        until("an answer", || (!console.text().contains("One moment")).then_some(()));
        let printed = console.text().contains("the printer has confirmed it");
        console.keys("←");
        printed.then_some(())
    });
    let acts = audit_records(&home);
    let asked = count(&acts, "test_ticket_printed");
    assert!(paper::count(&site.papers()) <= before + asked, "no paper without its record");
    assert!(count(&acts, "paper_not_printed") >= 1, "the first is on record as uncertain");
    drop(console);
    kiosk.stop();
}
