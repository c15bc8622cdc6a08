//! config/simulate.toml, the commented example, is what it says it is.

use pickup_kiosk::simulator::settings::SimulateSettings;
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/config/simulate.toml");

#[test]
fn the_example_holds_the_defaults() {
    let settings = SimulateSettings::load(Path::new(EXAMPLE)).unwrap();
    let expected = SimulateSettings {
        control: settings.control.clone(),
        bookings: settings.bookings.clone(),
        ..SimulateSettings::default()
    };
    assert_eq!(settings, expected);
    assert_eq!(settings.control.as_ref().unwrap().listen.port(), 9581);
}

#[test]
fn its_booking_is_the_first_built_in_one() {
    let now = "2026-11-24T10:00:00Z".parse().unwrap();
    let example = SimulateSettings::load(Path::new(EXAMPLE)).unwrap().cinema(now).unwrap();
    let built_in = SimulateSettings::default().cinema(now).unwrap();
    assert_eq!(example.bookings.len(), 1);
    let tickets = |cinema: &pickup_kiosk::simulator::cinema::Cinema| {
        cinema.bookings[0].seats.iter().map(|seat| seat.ticket.clone()).collect::<Vec<_>>()
    };
    assert_eq!(tickets(&example), tickets(&built_in));
    assert_eq!(example.bookings[0].id, built_in.bookings[0].id);
    let listed = std::fs::read_to_string(EXAMPLE).unwrap();
    for booking in &built_in.bookings {
        assert!(listed.contains(&format!("{} {}", booking.number, booking.id.expose())));
    }
}

#[test]
fn every_commented_key_is_one() {
    // Lines such as `# status = 500` are settings somebody may switch on: they must then read.
    let text = std::fs::read_to_string(EXAMPLE).unwrap();
    let is_key = |line: &str| {
        let Some(rest) = line.strip_prefix("# ") else { return false };
        let word: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        rest.starts_with("[printer]") || rest[word.len()..].starts_with(" = ")
    };
    let commented = text.lines().filter(|line| is_key(line)).count();
    assert!(commented >= 20, "{commented}");
    let all: Vec<&str> =
        text.lines().map(|line| if is_key(line) { line.trim_start_matches("# ") } else { line }).collect();
    let settings = SimulateSettings::read(&all.join("\n")).unwrap();
    assert_eq!(settings.faults.cloud.status, Some(500));
    assert_eq!(settings.faults.site.return_value.issue, Some(7));
    assert_eq!(settings.faults.site.close_idle_after_ms, Some(2000));
    assert_eq!(settings.faults.site.late_issue_count, Some(1));
    assert_eq!(settings.cinema.claim_lapses_s, Some(60));
    assert_eq!(settings.printer.unwrap().listen.port(), 9100);
}

#[test]
fn a_missing_or_endless_file_is_an_error_that_names_it() {
    let error = SimulateSettings::load(Path::new("/nonexistent/simulate.toml")).unwrap_err();
    assert!(error.to_string().starts_with("/nonexistent/simulate.toml: "), "{error}");
    let error = SimulateSettings::load(Path::new("/dev/zero")).unwrap_err();
    assert!(error.to_string().starts_with("/dev/zero"), "{error}");
}
