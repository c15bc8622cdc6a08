//! Acceptance out of the menu, to its end, against the simulated cinema: cloud, site and printer.

use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::{Home, Site, outcome, until};
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{LI, Surface, home};
use crate::maintenance::{SEQUENCE, audit_records, start};
use serde_json::{Value, json};
use std::fs;

/// Returns a kiosk that may order, without waits.
fn home_that_orders(site: &Site) -> Home {
    let home = home(site, Options::default());
    let config = fs::read_to_string(home.config()).unwrap();
    let ordering = "[cloud]\norder_token_file = 'connect-token'\ntest = true\n";
    let patience = "[cloud.ordering]\npolls = 2\npoll_seconds = 0\nrefund_tries = 2\nrefund_seconds = 0\n\
                    check_tries = 15\ncheck_seconds = 1\n";
    fs::write(home.config(), config.replace("[cloud]\n", ordering) + patience).unwrap();
    home
}

/// Runs the acceptance from the technician's menu, confirmed and waited for; returns all of its report, page by page.
fn run(surface: &mut dyn Surface) -> String {
    surface.keys("97");
    surface.shows("acceptance against");
    surface.keys("⏎");
    surface.shows("One moment");
    until("it has ended", || (!surface.text().contains("One moment")).then_some(()));
    let mut all = surface.text();
    while surface.text().contains("Enter: more") {
        let before = surface.text();
        surface.keys("⏎");
        until("the next page", || (surface.text() != before).then_some(()));
        all.push_str(&surface.text());
    }
    surface.keys("←");
    surface.shows("Acceptance run");
    all
}

fn made(site: &Site) -> Vec<Value> {
    site.bookings().into_iter().filter(|booking| booking["number"].as_u64() > Some(111_978)).collect()
}

#[test]
fn the_acceptance_passes_out_of_the_menu_in_a_terminal_and_on_the_page() {
    let site = Site::start();
    let home = home_that_orders(&site);
    let (kiosk, mut page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    let report = run(&mut console);
    assert!(report.contains("passed"), "{report}");
    console.keys("←←");
    assert_eq!(console.ends(), 0);
    page.keys(SEQUENCE);
    page.sign_in("1", LI);
    let report = run(&mut page);
    assert!(report.contains("passed"), "{report}");
    // Each run has booked two, picked one up and refunded the other; and four to find out about the site, of which the
    // last is reported and the others are refunded.
    let made = made(&site);
    assert_eq!(made.len(), 12);
    for run in made.chunks(6) {
        assert_eq!((&run[0]["seats"][0]["printed"], &run[0]["reports"]), (&json!(true), &json!(1)));
        assert!(run[1..5].iter().all(|booking| booking["seats"][0]["refunded"] == json!(true)));
        assert_eq!((&run[5]["seats"][0]["printed"], &run[5]["reports"]), (&json!(true), &json!(1)));
    }
    let outcomes: Vec<String> = home.pickups().iter().map(|pickup| outcome(pickup).to_owned()).collect();
    assert_eq!(outcomes, ["not_found", "printed", "not_found", "printed"]);
    let reports = fs::read_dir(home.state_dir()).unwrap().map(|entry| entry.unwrap().path());
    let reports: Vec<_> = reports.filter(|path| path.to_string_lossy().contains("acceptance-")).collect();
    assert!(
        !reports.is_empty()
            && reports.iter().all(|path| fs::read_to_string(path).unwrap().contains("result     passed"))
    );
    let acts = audit_records(&home);
    assert_eq!(acts.iter().filter(|act| act["act"] == "acceptance_run").count(), 2);
    assert!(acts.iter().all(|act| act["act"] != "acceptance_failed"));
    page.keys("←←");
    kiosk.stop();
}

#[test]
fn an_acceptance_that_fails_says_at_which_step_and_is_on_record_as_failed() {
    let site = Site::start();
    let home = home_that_orders(&site);
    let (kiosk, _page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    site.faults(&json!({"cloud": {"status": 401, "on": ["single_booking"]}}));
    let report = run(&mut console);
    assert!(report.contains("FAILED at step 2") && report.contains("refused the token"), "{report}");
    assert_eq!(made(&site), Vec::<Value>::new());
    let failed = audit_records(&home).into_iter().rfind(|act| act["act"] == "acceptance_failed").unwrap();
    assert_eq!(failed["who"], "Li");
    drop(console);
    kiosk.stop();
}
