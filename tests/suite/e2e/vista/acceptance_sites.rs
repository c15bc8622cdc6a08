//! `acceptance` against each kind of site: it ends with the right finding, and with every test booking settled.

use super::acceptance::{acceptance, end, made};
use super::e2e::kiosk::Options;
use super::e2e::{Home, Site, at_once, papers, until};
use pickup_kiosk::kiosk::control::{self, Request};
use pickup_kiosk::kiosk::remote_pickup::Code;
use pickup_kiosk::sarft::probe::Ask;
use serde_json::json;
use std::fs;

/// Kind of site, and the findings expected about it.
struct Expected {
    /// Keys of the simulated cinema's `[cinema]`.
    cinema: &'static str,
    /// The lines to paste.
    lines: [&'static str; 3],
    /// Notes of the report.
    notes: &'static [&'static str],
    /// Ends of the test bookings: true if refunded, and the number of reports.
    ends: &'static [(bool, u64)],
}

const REFUSED: &str = "repeated_issue = \"refused\"";
const ACCEPTED: &str = "repeated_issue = \"accepted\"";
const REPORT: &str = "flags_at = \"report\"";
const ISSUE: &str = "flags_at = \"issue\"";
const UNKNOWN: &str = "claim_lapses_s = \"unknown\"";
const GIVEN_BACK: &[(bool, u64)] = &[(true, 0), (true, 0), (true, 0), (false, 1)];
const COLLECTED: &[(bool, u64)] = &[(false, 1), (false, 1), (false, 1), (false, 1)];
const STANDS: &str = "a claim stands for 5 s: ask the vendor whether it lapses later, and whether staff can put a booking back";

const SITES: [Expected; 8] = [
    Expected {
        cinema: "",
        lines: [REFUSED, REPORT, UNKNOWN],
        notes: &["refused with 1, already printed", "at once after 0x07, and none before", STANDS],
        ends: GIVEN_BACK,
    },
    Expected {
        cinema: "second_issue = 'accept'",
        lines: [ACCEPTED, REPORT, UNKNOWN],
        notes: &["a second 0x05 is accepted: two machines", "there is no claim that could lapse"],
        ends: GIVEN_BACK,
    },
    Expected {
        cinema: "flags_at = 'issue'",
        lines: [REFUSED, ISSUE, UNKNOWN],
        notes: &["at once after 0x05", STANDS],
        ends: COLLECTED,
    },
    Expected {
        cinema: "flags_late_ms = 1200",
        lines: [REFUSED, REPORT, UNKNOWN],
        notes: &["by seat, some late, all within ", " s after 0x07, and none before"],
        ends: GIVEN_BACK,
    },
    Expected {
        cinema: "flags_at = 'issue'\nflags_late_ms = 1200",
        lines: [REFUSED, ISSUE, UNKNOWN],
        notes: &["by seat, some late, all within ", " s after 0x05\n"],
        ends: COLLECTED,
    },
    Expected {
        cinema: "claim_lapses_s = 4",
        lines: [REFUSED, REPORT, "claim_lapses_s = 3"],
        notes: &["a claim stood for 3.", " s and had lapsed after 4.", "the shorter one is on the safe side"],
        ends: &[(true, 0), (true, 0), (true, 0), (false, 1), (true, 0)],
    },
    Expected {
        cinema: "refusal = 2",
        lines: [REFUSED, REPORT, UNKNOWN],
        notes: &["refused with 2, not 1: this machine sends such a booking to the counter"],
        ends: GIVEN_BACK,
    },
    Expected {
        cinema: "refusal = 9\nflags_at = 'issue'",
        lines: [REFUSED, ISSUE, UNKNOWN],
        notes: &["refused with 9, not 1", "an 0x05 after 0x07 is refused with 9"],
        ends: COLLECTED,
    },
];

#[test]
fn it_finds_out_which_kind_of_site_it_is() {
    at_once(SITES, |expected| {
        let cinema = expected.cinema;
        let site = Site::start_with("", &format!("[cinema]\n{cinema}\n"));
        let home = super::home(&site);
        let (finished, report) = acceptance(&home, &[], "yes\n");
        assert_eq!(finished.status, Some(0), "{cinema}: {}{}", finished.out, finished.err);
        let paste = format!("to paste under [sarft] in kiosk.toml:\n\n{}\n\n", expected.lines.join("\n"));
        assert!(report.contains(&paste), "{cinema}: {report}");
        for note in expected.notes {
            assert!(report.contains(note), "{cinema}: {note:?} is not in: {report}");
        }
        let told: Vec<&str> = expected.lines.into_iter().filter(|line| *line != UNKNOWN).collect();
        let differs = format!("\ndiffers from kiosk.toml: set {}\n", told.join(", "));
        assert!(report.contains(&differs), "{cinema}: {report}");
        let ends: Vec<(bool, u64)> = made(&site)[2..].iter().map(end).collect();
        assert_eq!(ends, expected.ends, "{cinema}: {report}");
        for booking in &made(&site)[2..] {
            let number = &booking["number"];
            let before = format!("test       booking {number}, ");
            assert_eq!(report.matches(&before).count(), 2, "{cinema}: {report}");
        }
        assert_eq!(papers(&site.papers()).len(), 1, "{cinema}: nothing of a test booking is printed");
    });
}

#[test]
fn what_is_configured_rightly_is_said_to_be() {
    let site = Site::start();
    let options = Options { tables: super::tables(15, 1), ..Options::default() };
    let home = Home::with(&site, &options);
    fs::create_dir(home.state_dir()).unwrap();
    let over = "[cloud]\norder_token_file = 'connect-token'\ntest = true\n[sarft]\nrepeated_issue = 'refused'\n\
                flags_at = 'report'\nclaim_lapses_s = 'never'\n";
    fs::write(home.state_dir().join("override.toml"), over).unwrap();
    let (finished, report) = acceptance(&home, &[], "yes\n");
    assert_eq!(finished.status, Some(0), "{}{}", finished.out, finished.err);
    assert!(report.contains("\nas configured\n"), "{report}");
}

#[test]
fn a_site_that_falls_silent_is_named_and_what_was_issued_is_settled() {
    let site = Site::start();
    let home = super::home(&site);
    // The first test booking takes its time: until then the site answers.
    let slow = json!({ "on": ["add_tickets"], "skip": 2, "delay_ms": 2_000, "delay_count": 1 });
    site.faults(&json!({ "cloud": slow }));
    let (finished, report) = std::thread::scope(|scope| {
        let running = scope.spawn(|| acceptance(&home, &[], "yes\n"));
        until("its own bookings are done with", || {
            made(&site).get(1).is_some_and(|second| end(second).0).then_some(())
        });
        site.faults(&json!({ "site": { "silent_on": { "on": ["issue"], "times": 1 } } }));
        running.join().unwrap()
    });
    assert_eq!(finished.status, Some(1), "{}{}", finished.out, finished.err);
    assert!(report.contains("did not finish the issue within 3000 ms"), "{report}");
    assert!(report.contains("FAILED at step 13: issues those whose claims are left alone"), "{report}");
    let ends: Vec<(bool, u64)> = made(&site)[2..].iter().map(end).collect();
    assert_eq!(ends, [(true, 0), (true, 0), (true, 0), (true, 0)], "{report}");
    assert!(!report.contains("NOT SETTLED") && !report.contains("left  "), "{report}");
}

#[test]
fn an_environment_that_is_not_marked_as_a_test_is_not_tried_out() {
    let site = Site::start();
    let home = super::home(&site);
    let over = home.state_dir().join("override.toml");
    let text = fs::read_to_string(&over).unwrap();
    fs::write(&over, text.replace("test = true", "test = false")).unwrap();
    let (finished, report) = acceptance(&home, &["--live"], "yes\n");
    assert_eq!(finished.status, Some(0), "{}{}", finished.out, finished.err);
    assert!(report.contains("site       not tried: [cloud] is not marked test = true"), "{report}");
    assert_eq!(made(&site).len(), 2);
}

#[test]
fn a_running_kiosk_takes_no_turn_outside_of_a_test_environment() {
    let site = Site::start();
    let home = Home::new(&site);
    let kiosk = home.start();
    let code = || Code("111972|WQNX8JL".into());
    for ask in [Ask::Look, Ask::Issue, Ask::IssueAnew, Ask::Report] {
        let answer =
            control::call(&home.state_dir(), &Request::ProbeSite { code: code(), ask }).unwrap().unwrap();
        assert!(!answer.ok && answer.json.is_none(), "{ask:?}: {answer:?}");
        assert!(answer.text.contains("[cloud] is not marked test = true"), "{answer:?}");
    }
    assert_eq!(site.booking(111_972)["issued"], false);
    kiosk.stop();
}
