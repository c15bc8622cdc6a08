//! `acceptance` against the simulated cinema: passes, or says at which step it failed and why, and leaves nothing
//! behind that it does not name.

use super::e2e::kiosk::Options;
use super::e2e::process::{Finished, finish_command};
use super::e2e::{Home, Site, at_once, binary, papers};
use serde_json::{Value, json};
use std::fs::{self, File};

/// Runs the command with typed input; returns its result and its report.
#[track_caller]
pub fn acceptance(home: &Home, args: &[&str], typed: &str) -> (Finished, String) {
    fs::write(home.path("typed"), typed).unwrap();
    let mut command = binary();
    command.arg("acceptance").args(args).arg("--config").arg(home.config());
    command.arg("--out").arg(home.path("report.txt")).stdin(File::open(home.path("typed")).unwrap());
    let finished = finish_command(&mut command);
    let report = fs::read_to_string(home.path("report.txt")).unwrap_or_default();
    for text in [&finished.out, &finished.err, &report] {
        assert!(!text.contains('|'), "a code shows: {text}");
        assert!(!text.contains("s3cret"), "a secret shows: {text}");
    }
    (finished, report)
}

/// Returns the bookings that were made beside the seven built in.
pub fn made(site: &Site) -> Vec<Value> {
    site.bookings().into_iter().filter(|booking| booking["number"].as_u64() > Some(111_978)).collect()
}

/// Returns true if all seats of a booking are refunded, and the number of its reports.
pub fn end(booking: &Value) -> (bool, u64) {
    let seats = booking["seats"].as_array().unwrap();
    (seats.iter().all(|seat| seat["refunded"] == true), booking["reports"].as_u64().unwrap())
}

fn assert_passed(site: &Site, finished: &Finished, report: &str) {
    assert_eq!(finished.status, Some(0), "{}{}", finished.out, finished.err);
    for line in [
        "cinema     CHTEST01 (0200)",
        "program    pickup-kiosk 0.1.0 (",
        "(test environment)",
        " 6  ok  ",
        "a wrong ID is told nothing on this machine\n            not_found, no seat, no reference",
        "booking 111979: CollectedStatus 1, RefundedStatus 0; look ",
        "booking 111980: CollectedStatus 0, RefundedStatus 1; look 1",
        "\nresult     passed\n\ntechnician ___",
    ] {
        assert!(report.contains(line), "{line:?} is not in:\n{report}");
    }
    let made = made(site);
    // Two of its own, and four to find out about the site: three given back, one that had to be reported.
    assert_eq!(made.len(), 6);
    let ends: Vec<(bool, u64)> = made[2..].iter().map(end).collect();
    assert_eq!(ends, [(true, 0), (true, 0), (true, 0), (false, 1)]);
    assert_eq!((&made[0]["seats"][0]["printed"], &made[0]["reports"]), (&json!(true), &json!(1)));
    assert_eq!((&made[1]["seats"][0]["refunded"], &made[1]["issued"]), (&json!(true), &json!(false)));
    assert_eq!(papers(&site.papers()).len(), 1);
}

#[test]
fn it_passes_alone_and_through_the_running_kiosk() {
    at_once([false, true], |with_kiosk| {
        let site = Site::start();
        let home = super::home(&site);
        let kiosk = with_kiosk.then(|| home.start());
        let (finished, report) = acceptance(&home, &[], "yes\n");
        assert_passed(&site, &finished, &report);
        let who = if with_kiosk { "picked up  by the running kiosk\n" } else { "no kiosk was running\n" };
        assert!(report.contains(who), "{report}");
        assert!(finished.out.starts_with(&report), "what is on paper was shown");
        let pickups = home.pickups();
        let outcomes: Vec<&str> = pickups.iter().map(super::e2e::outcome).collect();
        assert_eq!(outcomes, ["not_found", "printed"]);
        kiosk.into_iter().for_each(super::e2e::Kiosk::stop);
    });
}

#[test]
fn its_steps_are_objects_for_programs() {
    let site = Site::start();
    let home = super::home(&site);
    let (finished, report) = acceptance(&home, &["--json", "--session", "29618", "--type", "0043"], "yes\n");
    assert_passed(&site, &finished, &report);
    let steps = finished.json();
    // Eleven of its own; books, issues, four probes, settles; what it found; how it ended.
    assert_eq!(steps.len(), 20);
    assert_eq!((&steps[0]["step"], &steps[0]["ok"]), (&json!(1), &json!(true)));
    assert!(steps[2]["found"].as_str().unwrap().contains("session 29618"), "{}", steps[2]);
    assert!(steps[2]["found"].as_str().unwrap().contains("type 0043 at 20.00"), "{}", steps[2]);
    assert_eq!((&steps[17]["step"], &steps[17]["name"]), (&json!(18), &json!("settles the test bookings")));
    let found = &steps[18]["site"];
    assert_eq!((&found["repeated_issue"], &found["flags_at"]), (&json!("refused"), &json!("report")));
    assert_eq!((&found["claim_lapses_s"], &found["lapsed_ms"]), (&json!("unknown"), &json!(null)));
    assert_eq!(found["differs"], json!(["repeated_issue = \"refused\"", "flags_at = \"report\""]));
    let bookings = found["bookings"].as_array().unwrap();
    let ended: Vec<&str> = bookings.iter().map(|booking| booking["ended"].as_str().unwrap()).collect();
    assert_eq!(ended, ["refunded", "refunded", "refunded", "collected by this acceptance, no paper"]);
    assert_eq!(bookings[3]["saw"][1]["saw"], "0x05 answered 0");
    assert_eq!((&steps[19]["passed"], &steps[19]["left"]), (&json!(true), &json!([])));
}

/// Faults of GetSingleBooking, each with the message about it.
const FAULTS: [(&str, &str); 8] = [
    (r#"{"silent":true}"#, "no complete answer within 3000 ms"),
    (r#"{"silent_after":true}"#, "no complete answer within 3000 ms"),
    (r#"{"delay_ms":600000}"#, "no complete answer within 3000 ms"),
    (r#"{"status":401}"#, "refused the token (HTTP 401)"),
    (r#"{"status":500}"#, "HTTP 500"),
    (r#"{"html":true}"#, "the body is not JSON (line 1, column 1)"),
    (r#"{"truncated":true}"#, "the body is not JSON"),
    (r#"{"code":5}"#, "code 5 CinemaConnectError"),
];

fn faults(site: &Site, fault: &str, skip: u32) {
    let mut cloud: Value = serde_json::from_str(fault).unwrap();
    cloud["on"] = json!(["single_booking"]);
    cloud["skip"] = json!(skip);
    site.faults(&json!({ "cloud": cloud }));
}

#[test]
fn each_fault_of_get_single_booking_is_found_before_anything_is_booked() {
    at_once(FAULTS, |(fault, why)| {
        let site = Site::start();
        let home = super::home(&site);
        faults(&site, fault, 0);
        let (finished, report) = acceptance(&home, &[], "yes\n");
        assert_eq!(finished.status, Some(1), "{fault}: {}", finished.err);
        assert!(
            report.contains("result     FAILED at step 2: the cloud takes the token"),
            "{fault}: {report}"
        );
        assert!(report.contains(why), "{fault}: {report}");
        assert_eq!(made(&site), Vec::<Value>::new());
    });
}

/// Calls of GetSingleBooking from which on it fails, each with the step that finds it, the bookings left then, and the
/// number of papers that came out. The first call asks for nobody, the third is the kiosk's own, about the wrong ID.
const LATER: [(u32, &str, &[&str], usize); 4] = [
    (1, "5: sees it open", &["booking 111979: contact the cinema to give it back"], 0),
    (3, "8: sees it collected", &[], 1),
    (4, "10: refunds it", &["booking 111980: contact the cinema to give it back"], 1),
    (5, "11: sees it refunded", &[], 1),
];

#[test]
fn each_fault_of_get_single_booking_is_found_at_its_step_and_what_is_left_is_named() {
    let quick = FAULTS.iter().filter(|(_, why)| !why.contains("3000 ms"));
    let cases: Vec<_> = quick.flat_map(|fault| LATER.map(|later| (*fault, later))).collect();
    // A few at a time: each is a cinema and a kiosk.
    for some in cases.chunks(10) {
        at_once(some, |((fault, why), (skip, step, left, papers_out))| {
            let site = Site::start();
            let home = super::home_that_looks(&site, 3, 0);
            faults(&site, fault, *skip);
            let (finished, report) = acceptance(&home, &[], "yes\n");
            assert_eq!(finished.status, Some(1), "{fault}: {}", finished.err);
            assert!(
                report.contains(&format!("result     FAILED at step {step}")),
                "{fault} {skip}: {report}"
            );
            let why = if *skip == 4 { "contact the cinema" } else { why };
            assert!(report.contains(why), "{fault} {skip}: {report}");
            let said: Vec<&str> =
                report.lines().filter_map(|line| line.strip_prefix("left       ")).collect();
            assert_eq!(said, *left, "{fault} {skip}");
            assert_eq!(papers(&site.papers()).len(), *papers_out, "{fault} {skip}");
        });
    }
}

#[test]
fn what_was_booked_is_given_back_when_the_machine_cannot_print() {
    let site = Site::start();
    let home = super::home(&site);
    site.printer(&json!({ "fault": "paper_out" }));
    let (finished, report) = acceptance(&home, &[], "yes\n");
    assert_eq!(finished.status, Some(1), "{}", finished.err);
    assert!(
        report.contains("FAILED at step 6: a wrong ID") || report.contains("FAILED at step 7: picks it up"),
        "{report}"
    );
    assert!(report.contains("out_of_service"), "{report}");
    assert!(report.contains("gives back what was booked\n            booking 111979, "), "{report}");
    assert!(!report.contains("left  "), "{report}");
    assert_eq!(made(&site)[0]["seats"][0]["refunded"], true);
}

#[test]
fn nothing_is_booked_without_token_mark_consent_and_a_report() {
    let site = Site::start();
    let home = super::home(&site);
    let (finished, report) = acceptance(&home, &[], "no\n");
    assert_eq!(finished.status, Some(1));
    assert!(finished.err.contains("not confirmed: nothing was done"), "{}", finished.err);
    assert!(report.contains("result     NOT FINISHED: not confirmed"), "{report}");
    // The report is there already.
    let (finished, again) = acceptance(&home, &[], "yes\n");
    assert_eq!((finished.status, again), (Some(2), report));
    fs::remove_file(home.path("report.txt")).unwrap();
    let over = home.state_dir().join("override.toml");
    let text = fs::read_to_string(&over).unwrap();
    fs::write(&over, text.replace("test = true", "test = false")).unwrap();
    let (finished, _) = acceptance(&home, &[], "yes\n");
    assert_eq!(finished.status, Some(2));
    assert!(finished.err.contains("Give --live if that is meant"), "{}", finished.err);
    fs::remove_file(&over).unwrap();
    let (finished, _) = acceptance(&home, &["--live"], "yes\n");
    assert_eq!(finished.status, Some(2));
    assert!(finished.err.contains("cloud.order_token_file: left out"), "{}", finished.err);
    let other = Home::with(&site, &Options { cloud: false, ..Options::default() });
    let (finished, _) = acceptance(&other, &[], "yes\n");
    assert_eq!(finished.status, Some(2));
    assert_eq!(made(&site), Vec::<Value>::new());
}

#[test]
fn wishes_that_cannot_be_had_are_named() {
    let site = Site::start();
    let home = super::home(&site);
    for (args, why) in [
        (["--session", "4711"], "this cinema shows no session 4711"),
        (["--session", "29620"], "session 29620: the cinema sells no seats of it (67)"),
        (["--type", "9999"], "no ticket type with a price and two free chairs"),
    ] {
        let (finished, report) = acceptance(&home, &args, "yes\n");
        assert_eq!(finished.status, Some(1), "{args:?}: {}", finished.err);
        assert!(report.contains("FAILED at step 3") && report.contains(why), "{args:?}: {report}");
        fs::remove_file(home.path("report.txt")).unwrap();
    }
    assert_eq!(made(&site), Vec::<Value>::new());
}
