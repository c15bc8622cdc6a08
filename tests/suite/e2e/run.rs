//! `run` against `simulate`: codes from scanners to papers, record and report.

use crate::kit::e2e;

use e2e::kiosk::Options;
use e2e::scanner::Scanner;
use e2e::{Home, OTHER_WIRE, Site, outcome, paper, papers, states, until};
use serde_json::{Value, json};

/// Returns the codes on the site's papers, in order.
fn printed(site: &Site) -> Vec<String> {
    papers(&site.papers()).into_iter().flat_map(|paper| paper.codes).collect()
}

fn codes(site: &Site, number: u32) -> Vec<String> {
    site.info_codes(number).into_iter().map(|(_, code)| code).collect()
}

#[test]
fn a_code_scanned_on_a_serial_port_under_another_layout_is_printed_and_reported() {
    let site = Site::start_with(OTHER_WIRE, "");
    let link = tempfile::tempdir().unwrap();
    let port = link.path().join("ttyACM0");
    let scanner = format!("serial:{}?baud=9600", port.display());
    let home = Home::with(&site, &Options { scanner, cloud: false, ..Options::default() });
    let kiosk = home.start();
    let mut scanner = Scanner::plug_in(&port);
    until("the scanner is read", || home.log().contains(" is back").then_some(()));
    scanner.scan("111972|WQNX8JL");
    let pickup =
        until("the pickup is reported", || home.pickups().pop().filter(|pickup| pickup["reported"] == true));
    assert_eq!(outcome(&pickup), "printed");
    assert_eq!(
        pickup["tickets"],
        json!([{"seat": "7排10座", "state": "printed"}, {"seat": "7排9座", "state": "printed"}])
    );
    assert_eq!(printed(&site), codes(&site, 111_972));
    let booking = site.booking(111_972);
    assert_eq!((&booking["issued"], &booking["reports"]), (&json!(true), &json!(1)));
    assert!(booking["seats"].as_array().unwrap().iter().all(|seat| seat["printed"] == true));
    kiosk.stop();
}

#[test]
fn the_same_pickup_over_every_encoding_of_the_default_frame() {
    for wire in [
        "charset = 'utf-8'\ndecimal = 'f64'\ndatetime = 'text19'",
        "datetime = 'unix64'\nbyte_order = 'little'",
    ] {
        let site = Site::start_with(wire, "");
        let home = Home::new(&site);
        let mut kiosk = home.start();
        let pickup = kiosk.present("111972|WQNX8JL");
        assert_eq!(outcome(&pickup), "printed", "{wire}");
        kiosk.reported(&pickup);
        assert_eq!(printed(&site), codes(&site, 111_972));
        kiosk.stop();
    }
}

#[test]
fn two_halves_may_come_one_after_the_other_in_either_order() {
    let site = Site::start();
    let home = Home::with(&site, &Options { cloud: false, ..Options::default() });
    let mut kiosk = home.start();
    kiosk.say("111972");
    let pickup = kiosk.present("WQNX8JL");
    assert_eq!(outcome(&pickup), "printed");
    // Without a cloud, nothing tells the number of an ID.
    kiosk.say("PR7V3LC");
    let pickup = kiosk.present("111978");
    assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 2]));
    kiosk.reported(&pickup);
    kiosk.stop();
}

#[test]
fn codes_during_a_pickup_are_refused_and_never_queued() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    site.faults(&json!({"site": {"delay_ms": 600, "delay_on": {"on": ["issue"], "times": 1}}}));
    kiosk.say("111972|WQNX8JL");
    until("the pickup runs", || home.pickups().pop());
    kiosk.say("111977|SX6B2HN");
    until("the second is refused", || home.log().contains("a pickup was running: refused").then_some(()));
    let first = home.ended();
    assert_eq!((outcome(&first), &first["booking_number"]), ("printed", &json!("111972")));
    kiosk.reported(&first);
    assert_eq!(home.pickups().len(), 1);
    assert_eq!(site.booking(111_977)["issued"], false);
    // During a result it ends the result and starts.
    let pickup = kiosk.present("111978|PR7V3LC");
    assert_eq!(outcome(&pickup), "printed");
    kiosk.stop();
}

#[test]
fn refused_codes_lock_for_a_while_also_after_a_restart_and_malformed_ones_never_count() {
    let site = Site::start();
    let tables = "[rate_limit]\nburst = 1\n[journal]\nfree_mib = 1\n".to_owned();
    let home = Home::with(&site, &Options { tables, ..Options::default() });
    let mut kiosk = home.start();
    for malformed in ["?", "ABC", "13812345678"] {
        assert_eq!(outcome(&kiosk.present(malformed)), "code_rejected");
    }
    assert_eq!(outcome(&kiosk.present("111972|WRONG77")), "not_found");
    assert_eq!(outcome(&kiosk.present("111972|WRONG77")), "locked");
    kiosk.stop();
    let mut kiosk = home.start();
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "locked", "not proven yet");
    assert_eq!(paper::count(&site.papers()), 0);
    assert_eq!(site.booking(111_972)["issued"], false);
    kiosk.stop();
}

#[test]
fn presented_again_it_is_already_collected_also_after_a_restart_and_by_its_id_alone() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    let pickup = kiosk.present("111972|WQNX8JL");
    kiosk.reported(&pickup);
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "already_collected");
    kiosk.stop();
    let mut kiosk = home.start();
    for code in ["111972|WQNX8JL", "WQNX8JL", "0000000000111972WQNX8JL"] {
        assert_eq!(outcome(&kiosk.present(code)), "already_collected", "{code}");
    }
    let wrong = kiosk.present("111972|WRONG77");
    assert_eq!((outcome(&wrong), &wrong["tickets"]), ("not_found", &json!([])), "learns nothing");
    assert_eq!(paper::count(&site.papers()), 2);
    assert_eq!(site.reports(111_972), 1);
    kiosk.stop();
}

#[test]
fn the_story_of_a_pickup_reads_in_order_and_the_export_has_a_line_a_ticket() {
    let site = Site::start();
    // Days that begin at midnight: the test is as true at night as at noon.
    let tables = "[journal]\nfree_mib = 1\n[pickup]\nbusiness_day_start = \"00:00\"\n".to_owned();
    let home = Home::with(&site, &Options { tables, ..Options::default() });
    let mut kiosk = home.start();
    let pickup = kiosk.present("111972|WQNX8JL");
    kiosk.reported(&pickup);
    let shown = home.finish(&["journal", "show", pickup["pickup"].as_str().unwrap()]);
    assert_eq!(shown.status, Some(0));
    site.secrets().assert_not_in(&shown.out, "the story");
    let json = home.finish(&["journal", "show", pickup["pickup"].as_str().unwrap(), "--json"]).json();
    let kinds: Vec<&str> =
        json[0]["story"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert!(kinds.len() >= 8, "{kinds:?}");
    let csv = home.finish(&["journal", "export"]).out;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.lines().all(|line| line.split(',').count() == 9));
    let lines: Vec<Value> = home.finish(&["journal", "export", "--json"]).json();
    assert_eq!(lines, home.pickups());
    let today = &pickup["started_at"].as_str().unwrap()[..10];
    let day = home.finish(&["journal", "list", "--json", "--business-day", today]).json();
    assert_eq!(day.len(), 1);
    let other = home.finish(&["journal", "list", "--json", "--business-day", "2020-01-01"]);
    assert_eq!((other.status, other.out.as_str()), (Some(0), ""));
    let missing = home.finish(&["journal", "show", "nosuchid"]);
    assert_eq!(missing.status, Some(1));
    assert!(missing.err.starts_with("pickup-kiosk: "), "{}", missing.err);
    kiosk.stop();
}

#[test]
fn two_kiosks_at_once_print_one_booking_once_where_the_site_refuses_a_second_issue() {
    let site = Site::start();
    let own = tempfile::tempdir().unwrap();
    let first = Home::new(&site);
    let printer = Some(format!("image:{}", own.path().display()));
    let second = Home::with(&site, &Options { printer, ..Options::default() });
    let (mut one, mut other) = (first.start(), second.start());
    for (number, code) in
        [(111_972, "111972|WQNX8JL"), (111_977, "111977|SX6B2HN"), (111_978, "111978|PR7V3LC")]
    {
        one.say(code);
        other.say(code);
        let ended = |home: &Home| {
            let this = move |pickup: &Value| pickup["booking_number"] == number.to_string().as_str();
            let done = |pickup: &Value| this(pickup) && !outcome(pickup).is_empty();
            until("it ends", || home.pickups().into_iter().find(done))
        };
        let both = [ended(&first), ended(&second)];
        let winners = both.iter().filter(|pickup| outcome(pickup) == "printed").count();
        assert_eq!(winners, 1, "{both:?}");
        let loser = both.iter().find(|pickup| outcome(pickup) != "printed").unwrap();
        assert!(["see_counter", "already_collected"].contains(&outcome(loser)), "{loser}");
        assert_eq!(loser["tickets"], json!([]), "nothing of it is the loser's");
    }
    let mut all: Vec<String> = printed(&site);
    all.extend(papers(own.path()).into_iter().flat_map(|paper| paper.codes));
    let mut right = [codes(&site, 111_972), codes(&site, 111_977), codes(&site, 111_978)].concat();
    all.sort();
    right.sort();
    assert_eq!(all, right);
    one.stop();
    other.stop();
}
