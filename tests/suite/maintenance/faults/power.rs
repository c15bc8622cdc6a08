//! The power goes while somebody is in the menu.

use super::{audit_records, count, start};
use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::{Home, Site, paper, papers, states, until};
use crate::maintenance::SEQUENCE;
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{LI, Surface, WANG, home};
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

/// Milliseconds from the last key to the cut.
const CUTS: [u64; 4] = [0, 2, 8, 30];

/// Starts the kiosk, types keys in a terminal, and cuts the power.
fn cut(home: &Home, keys: &str, after: u64) {
    let (kiosk, page) = start(home);
    let mut console = Console::start(home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys(keys);
    std::thread::sleep(Duration::from_millis(after));
    kiosk.kill();
    drop((console, page));
}

/// Checks that everything on paper has its record.
fn papers_on_record(site: &Site, home: &Home, whole: &[&str]) {
    let acts = audit_records(home);
    let asked: usize = whole.iter().map(|act| count(&acts, act)).sum();
    assert!(
        paper::count(&site.papers()) <= asked,
        "{} papers, {asked} asked for",
        paper::count(&site.papers())
    );
}

#[test]
fn a_cut_while_papers_print_prints_none_again_and_shuts_the_menu() {
    let site = Site::start();
    let home = home(&site, Options::default());
    for after in CUTS {
        for keys in ["2⏎", "911"] {
            cut(&home, keys, after);
            let (kiosk, mut page) = start(&home);
            let before = paper::count(&site.papers());
            papers_on_record(&site, &home, &["paper_changed", "test_ticket_printed"]);
            page.shows("[welcome]");
            // Nobody is in it for ever: it opens, and nothing was asked for by itself.
            page.keys(SEQUENCE);
            page.sign_in("2", WANG);
            page.keys("1");
            page.shows("tickets uncertain");
            assert_eq!(paper::count(&site.papers()), before, "nothing printed by itself");
            page.keys("←←");
            page.shows("[welcome]");
            kiosk.stop();
        }
    }
}

#[test]
fn a_cut_while_service_changes_leaves_what_is_on_record() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let mut changed = 0;
    for after in CUTS {
        for keys in ["6⏎", "7"] {
            cut(&home, keys, after);
            let last = audit_records(&home).into_iter().rfind(|act| act["act"] == "service");
            changed += usize::from(last.is_some());
            let out = last.is_some_and(|act| act["after"] == "out");
            let (kiosk, page) = start(&home);
            page.shows(if out { "[out_of_service]" } else { "[welcome]" });
            assert_eq!(page.codes().contains(&"M1".to_owned()), out);
            kiosk.stop();
        }
    }
    assert!(changed > 0, "no cut came late enough to prove anything");
}

#[test]
fn a_cut_while_a_setting_is_saved_leaves_the_file_whole() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let mut saved = 0;
    for (round, after) in CUTS.into_iter().enumerate() {
        // The list of settings has to be there before its first is chosen.
        let (kiosk, _page) = start(&home);
        let mut console = Console::start(&home, &["maintain"]);
        console.sign_in("1", LI);
        console.keys("952");
        console.shows("kiosk.id =");
        console.keys("1");
        console.shows("Enter: done");
        console.keys(&format!("{round}⏎"));
        std::thread::sleep(Duration::from_millis(after));
        kiosk.kill();
        drop(console);
        let id = |home: &Home| {
            let text = fs::read_to_string(home.state_dir().join("override.toml")).unwrap_or_default();
            let table: toml::Table = text.parse().unwrap();
            table.get("kiosk").map(|kiosk| kiosk["id"].as_str().unwrap().to_owned())
        };
        let known = id(&home);
        saved += usize::from(known.is_some());
        assert!(known.as_ref().is_none_or(|id| id.starts_with("e2e")), "{known:?}");
        let (kiosk, page) = start(&home);
        page.shows("[welcome]");
        assert_eq!(id(&home), known, "a start that gets through keeps it");
        assert!(!page.codes().contains(&"X2".to_owned()));
        let up = format!("kiosk {} is up", known.as_deref().unwrap_or("e2e"));
        assert!(home.log().contains(&up), "{up}");
        kiosk.stop();
    }
    assert!(saved > 0, "no cut came late enough to prove anything");
}

#[test]
fn a_cut_while_a_drive_is_written_leaves_nothing_that_looks_whole() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let stick = home.path("stick");
    let bundles = || {
        let entries = fs::read_dir(&stick).unwrap().map(|entry| entry.unwrap().path());
        entries.collect::<Vec<_>>()
    };
    for after in CUTS {
        let (kiosk, _page) = start(&home);
        let mut console = Console::start(&home, &["maintain"]);
        console.sign_in("1", LI);
        console.keys("982");
        console.shows("/dev/sdz1");
        console.keys("1");
        std::thread::sleep(Duration::from_millis(after));
        kiosk.kill();
        drop(console);
        for bundle in bundles().into_iter().filter(|path| path.extension().is_none()) {
            assert_eq!(fs::read_dir(&bundle).unwrap().count(), 5, "{}", bundle.display());
        }
        let acts = audit_records(&home);
        assert!(count(&acts, "bundle_exported") <= count(&acts, "bundle_export"));
    }
    // One more export: what the cuts left half is removed.
    let (kiosk, _page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("982");
    console.shows("/dev/sdz1");
    console.keys("1");
    console.shows("Written whole");
    assert!(bundles().iter().all(|path| path.extension().is_none()), "{:?}", bundles());
    drop(console);
    kiosk.stop();
}

/// Returns the state of a seat's ticket.
fn state(pickup: &Value, seat: &str) -> String {
    let tickets = pickup["tickets"].as_array().unwrap();
    tickets.iter().find(|ticket| ticket["seat"] == seat).unwrap()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_cut_while_a_ticket_is_settled_prints_it_at_most_once_more_and_says_so() {
    // The cut comes when it is out; while the printer owes its word; while it stands in mid-ticket.
    for (fault, after) in [("", 0), ("", 30), ("silent", 5), ("cover_open", 5)] {
        let site = Site::start();
        let home = home(&site, Options::default());
        let (mut kiosk, page) = start(&home);
        site.printer(&json!({"fault": "paper_out", "after_rows": 600}));
        kiosk.say("111972|WQNX8JL");
        until("a ticket is uncertain", || {
            home.pickups().pop().filter(|pickup| states(pickup).contains(&"uncertain"))
        });
        site.printer(&json!({"mend": true}));
        let pickup = until("the pickup ends", || {
            home.pickups().pop().filter(|pickup| pickup["outcome"] == "see_counter")
        });
        let seat = pickup["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["state"] == "uncertain")
            .unwrap()["seat"]
            .as_str()
            .unwrap()
            .to_owned();
        until("the printer can print", || {
            (!page.codes().iter().any(|code| code.starts_with('P'))).then_some(())
        });
        let codes = site.info_codes(111_972);
        let code = &codes.iter().find(|(known, _)| *known == seat).unwrap().1;
        // Whole papers that let somebody take the seat.
        let printed = || {
            let papers = papers(&site.papers()).into_iter();
            papers.filter(|paper| !paper.torn && paper.codes.contains(code)).count()
        };
        assert_eq!(printed(), 0);
        let mut console = Console::start(&home, &["maintain"]);
        console.sign_in("2", WANG);
        console.keys("3");
        console.shows("uncertain");
        let line =
            console.text().lines().find(|line| line.contains("uncertain  ")).unwrap().trim().to_owned();
        console.keys(&format!("{}2⏎", &line[..1]));
        console.shows("The second user");
        console.keys(&format!("1{LI}"));
        console.shows("******");
        if !fault.is_empty() {
            site.printer(&json!({"fault": fault, "after_rows": 600}));
        }
        console.keys("⏎");
        // Past the PIN, into the printing.
        until("it is on record that it is settled", || {
            (count(&audit_records(&home), "ticket_settled") == 1).then_some(())
        });
        std::thread::sleep(Duration::from_millis(after));
        kiosk.kill();
        drop((console, page));
        site.printer(&json!({"mend": true, "power_cycle": true}));
        let (kiosk, page) = start(&home);
        page.shows("[welcome]");
        let now = state(&home.last(), &seat);
        let came = printed();
        println!("cut {after} ms after the record, {fault:?}: {now}, {came} papers");
        assert!(came <= 1, "printed {came} times");
        // Whoever looks is told that it was printed, or that it may have been: never that it is owed untouched.
        assert!(["uncertain", "reprinted"].contains(&now.as_str()), "{now}");
        assert!(fault.is_empty() || now == "uncertain", "{fault}: {now}");
        kiosk.stop();
        assert_eq!(printed(), came, "nothing printed by itself");
    }
}
