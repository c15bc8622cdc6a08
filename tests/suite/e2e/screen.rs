//! `run`, seen from outside: what a monitoring system is told, and the customer screen in the night.

use crate::kit::e2e;
mod prometheus;

use e2e::kiosk::Options;
use e2e::scanner::Scanner;
use e2e::{Home, Site, outcome, until};
use jiff::{SignedDuration, Timestamp};
use prometheus::Metrics;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read};
use std::time::{Duration, Instant};

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(Duration::from_secs(30))).build().into()
}

fn get(url: &str) -> (u16, String) {
    let mut answer = agent().get(url).call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

/// Returns the address that a line of the log tells behind these words.
fn address(home: &Home, words: &str) -> String {
    let log = home.log();
    let rest = log.split_once(words).unwrap().1;
    rest.split(['/', '\n']).next().unwrap().to_owned()
}

fn with_tables(site: &Site, tables: &str) -> Home {
    Home::with(site, &Options { tables: format!("[journal]\nfree_mib = 1\n{tables}"), ..Options::default() })
}

#[track_caller]
fn metrics(monitor: &str) -> Metrics {
    let mut answer = agent().get(format!("http://{monitor}/metrics")).call().unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    prometheus::read(&answer.body_mut().read_to_string().unwrap())
}

fn is(found: f64, wanted: u32) -> bool {
    (found - f64::from(wanted)).abs() < f64::EPSILON
}

#[test]
fn a_pickup_is_in_the_metrics_step_by_step_and_every_line_is_by_the_book() {
    let site = Site::start();
    let home = with_tables(&site, "[monitor]\nlisten = \"127.0.0.1:0\"\n");
    let mut kiosk = home.start();
    let monitor = address(&home, "the monitor is at http://");
    let fresh = metrics(&monitor);
    assert!(is(fresh.value("pickup_kiosk_in_service", &[]), 1));
    assert!(is(fresh.value("pickup_kiosk_pickups_total", &[("outcome", "printed")]), 0));
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!(outcome(&pickup), "printed");
    kiosk.reported(&pickup);
    assert_eq!(outcome(&kiosk.present("13812345678")), "code_rejected");
    let now = metrics(&monitor);
    assert_eq!(now.count("pickup_kiosk_pickups_total"), 11, "every outcome has its line");
    for (name, labels, wanted) in [
        ("pickups_total", vec![("outcome", "printed")], 1),
        ("pickups_total", vec![("outcome", "code_rejected")], 1),
        ("tickets_printed_total", vec![], 2),
        ("tickets_uncertain_total", vec![], 0),
        ("reports_total", vec![], 1),
        ("report_backlog", vec![], 0),
        ("printer_ready", vec![], 1),
        ("printer_condition", vec![("code", "P2")], 0),
        ("paper", vec![("state", "enough")], 1),
        ("paper", vec![("state", "out")], 0),
        ("journal_ok", vec![], 1),
        ("site_silent_seconds", vec![], 0),
        ("step_duration_seconds_count", vec![("step", "sign_in")], 1),
        // Before the issue, and before the report.
        ("step_duration_seconds_count", vec![("step", "query")], 2),
        ("step_duration_seconds_count", vec![("step", "issue")], 1),
        ("step_duration_seconds_count", vec![("step", "print")], 2),
        ("step_duration_seconds_count", vec![("step", "report")], 1),
        ("pickup_duration_seconds_count", vec![], 2),
    ] {
        let found = now.value(&format!("pickup_kiosk_{name}"), &labels);
        assert!(is(found, wanted), "{name} {labels:?} is {found} instead of {wanted}");
    }
    let version = [("version", env!("CARGO_PKG_VERSION")), ("commit", env!("PICKUP_KIOSK_COMMIT"))];
    assert!(is(now.value("pickup_kiosk_build_info", &version), 1));
    for (path, status) in [("/", 404), ("/events", 404), ("/input", 404), ("/metrics/x", 404)] {
        assert_eq!(get(&format!("http://{monitor}{path}")).0, status, "{path}");
    }
    kiosk.stop();
}

#[test]
fn a_slow_site_shows_in_the_bucket_of_the_step_that_was_slow() {
    let site = Site::start();
    let home = with_tables(&site, "[monitor]\nlisten = \"127.0.0.1:0\"\n");
    let mut kiosk = home.start();
    site.faults(&json!({"site": {"delay_ms": 600, "delay_on": {"on": ["issue"], "times": 1}}}));
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "printed");
    let now = metrics(&address(&home, "the monitor is at http://"));
    let up_to =
        |le, step| now.value("pickup_kiosk_step_duration_seconds_bucket", &[("step", step), ("le", le)]);
    assert!(is(up_to("0.5", "issue"), 0) && is(up_to("5", "issue"), 1));
    assert!(now.value("pickup_kiosk_step_duration_seconds_sum", &[("step", "issue")]) >= 0.6);
    assert!(now.value("pickup_kiosk_pickup_duration_seconds_sum", &[]) >= 0.6);
    kiosk.stop();
}

#[test]
fn a_printer_without_paper_is_out_of_service_with_its_reason_until_there_is_paper() {
    let site = Site::start();
    let home = with_tables(&site, "[monitor]\nlisten = \"127.0.0.1:0\"\n");
    let kiosk = home.start();
    let monitor = address(&home, "the monitor is at http://");
    let health = || get(&format!("http://{monitor}/healthz"));
    assert_eq!(health(), (200, "in service\n".into()));
    site.printer(&json!({"fault": "paper_out"}));
    until("it is told", || {
        let (status, reasons) = health();
        (status == 503 && reasons.starts_with("printer: P2 ")).then_some(())
    });
    let out = metrics(&monitor);
    assert!(is(out.value("pickup_kiosk_in_service", &[]), 0));
    assert!(is(out.value("pickup_kiosk_paper", &[("state", "out")]), 1));
    assert!(is(out.value("pickup_kiosk_printer_condition", &[("code", "P2")]), 1));
    site.printer(&json!({"mend": true}));
    until("it is told", || (health().0 == 200).then_some(()));
    assert!(is(metrics(&monitor).value("pickup_kiosk_paper", &[("state", "enough")]), 1));
    kiosk.stop();
}

#[test]
fn the_cinemas_picture_is_served_from_memory_to_its_own_page_alone() {
    let site = Site::start();
    let home = with_tables(&site, "[screen]\nlisten = \"127.0.0.1:0\"\npicture = \"lobby.png\"\n");
    let picture = include_bytes!("../../../docs/ticket.png");
    std::fs::write(home.path("lobby.png"), picture).unwrap();
    let kiosk = home.start();
    std::fs::remove_file(home.path("lobby.png")).unwrap();
    assert_eq!(Page::of(&home).state("welcome")["picture"], true);
    let screen = address(&home, "the screen's page is at http://");
    let mut answer = agent().get(format!("http://{screen}/picture")).call().unwrap();
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!((answer.status().as_u16(), header("content-type").as_str()), (200, "image/png"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("img-src 'self'"));
    assert_eq!(answer.body_mut().read_to_vec().unwrap(), picture);
    let elsewhere = agent().get(format!("http://{screen}/picture")).header("Host", "evil.example");
    assert_eq!(elsewhere.call().unwrap().status(), 403);
    kiosk.stop();
}

/// Page of a kiosk, with its event stream.
struct Page {
    origin: String,
    token: String,
    events: BufReader<ureq::BodyReader<'static>>,
}

impl Page {
    fn of(home: &Home) -> Self {
        let origin = format!("http://{}", address(home, "the screen's page is at http://"));
        let page = get(&format!("{origin}/")).1;
        let token = page.split("name=\"token\" content=\"").nth(1).unwrap().split('"').next().unwrap();
        let request = agent().get(format!("{origin}/events?token={token}")).header("Origin", &origin);
        let events = BufReader::new(request.call().unwrap().into_body().into_reader());
        Self { token: token.into(), origin, events }
    }

    fn state(&mut self, wanted: &str) -> Value {
        for line in self.events.by_ref().lines() {
            let line = line.unwrap();
            let Some(data) = line.strip_prefix("data: ") else { continue };
            let view: Value = serde_json::from_str(data).unwrap();
            if view["state"] == wanted {
                return view;
            }
        }
        panic!("the stream ended before {wanted}")
    }

    fn press(&self, key: &str) {
        let request = agent().post(format!("{}/input", self.origin));
        let request = request.header("Origin", &self.origin).header("X-Token", &self.token);
        let answer = request.content_type("application/json").send(json!({"key": key}).to_string()).unwrap();
        assert_eq!(answer.status(), 204);
    }
}

#[test]
fn a_thousand_scans_at_the_wires_full_speed_are_read_and_refused_before_everybodys_eyes_and_none_is_queued() {
    // A scanner on 115200 baud: 10 bits a byte, a code a line, none waits for the one before.
    const BITS_A_SECOND: u64 = 115_200;
    let site = Site::start();
    let link = tempfile::tempdir().unwrap();
    let port = link.path().join("ttyACM0");
    let listeners = "[screen]\nlisten = \"127.0.0.1:0\"\n[monitor]\nlisten = \"127.0.0.1:0\"\n";
    let home = Home::with(
        &site,
        &Options {
            scanner: format!("serial:{}?baud=115200", port.display()),
            timeout_ms: 30_000,
            tables: format!("[journal]\nfree_mib = 1\n{listeners}"),
            ..Options::default()
        },
    );
    let kiosk = home.start();
    let mut page = Page::of(&home);
    let monitor = address(&home, "the monitor is at http://");
    // Far longer than the codes take.
    site.faults(&json!({"site": {"delay_ms": 6_000, "delay_on": {"on": ["issue"], "times": 1}}}));
    let mut scanner = Scanner::plug_in(&port);
    until("the scanner is read", || home.log().contains(" is back").then_some(()));
    let began = Instant::now();
    let mut bits = 0;
    for number in 0..1_000 {
        let code =
            if number == 0 { "111972|WQNX8JL".into() } else { format!("{}|SX6B2HN", 200_000 + number) };
        scanner.scan(&code);
        bits += 10 * (code.len() as u64 + 1);
        let at = Duration::from_micros(bits * 1_000_000 / BITS_A_SECOND);
        std::thread::sleep(at.saturating_sub(began.elapsed()));
    }
    println!("1000 codes, {bits} bits in {:?}", began.elapsed());
    let view = page.state("working");
    let shown = if view["notice"].is_null() { page.state("working") } else { view };
    assert!(shown["notice"]["en"].as_str().unwrap().contains("Please scan again"), "{shown}");
    let printed = |pickup: &Value| outcome(pickup) == "printed";
    until("the first code's tickets are printed", || home.pickups().pop().filter(printed));
    assert_eq!(home.pickups().len(), 1, "none was queued");
    assert!(is(metrics(&monitor).value("pickup_kiosk_scans_refused_total", &[]), 999));
    until("the log counts", || home.log().contains("pickup was running: 999").then_some(()));
    assert_eq!(home.log().matches("a pickup was running: refused").count(), 1);
    kiosk.stop();
}

#[test]
fn a_dark_screen_wakes_for_a_touch_a_key_and_a_scan() {
    let site = Site::start();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let hour = |hours| {
        let then = Timestamp::now() + SignedDuration::from_hours(hours);
        then.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string()
    };
    let hours = format!("{}-{}", hour(8), hour(16));
    let home = with_tables(&site, &format!("[screen]\nlisten = \"127.0.0.1:0\"\nhours = \"{hours}\"\n"));
    for wake in ["touch", "key", "scan"] {
        let mut kiosk = home.start();
        let mut page = Page::of(&home);
        let dark = page.state("asleep");
        assert_eq!(dark["hours"], hours.replace('-', "–"));
        match wake {
            // The page sends this when its dark screen is touched.
            "touch" => {
                page.press("more_time");
                page.state("welcome");
            }
            "key" => {
                page.press("1");
                page.state("entering");
                page.press("clear");
                page.press("back");
                page.state("welcome");
            }
            _ => {
                kiosk.say("13812345678");
                page.state("code_rejected");
                page.press("back");
                page.state("welcome");
            }
        }
        kiosk.stop();
        std::fs::write(home.path("log"), "").unwrap();
    }
}
