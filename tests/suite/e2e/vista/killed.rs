//! A `vista book` killed at each of its calls: the running kiosk takes it up, or the next one that starts.

use super::e2e::process::{Process, until};
use super::e2e::{Home, Site, at_once, binary};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// Kill of an order: the call that has no answer, true if the cinema had carried it out, the step on disk then, and the
/// end that it has to come to.
struct Kill {
    call: &'static str,
    fault: &'static str,
    step: &'static str,
    end: Value,
    booked: bool,
}

fn kills() -> Vec<Kill> {
    let kill = |call, fault, step, end, booked| Kill { call, fault, step, end, booked };
    let let_go = |why: &str| json!({ "not_booked": why });
    vec![
        kill("add_tickets", "silent_after", "adding", let_go("not_added"), false),
        // Nothing is held, and the cinema knows no such order to cancel.
        kill("add_tickets", "silent", "adding", json!({ "not_released": "not_added" }), false),
        kill("start_payment", "silent_after", "starting", let_go("payment_refused"), false),
        kill("complete_order", "silent", "completing", json!("booked"), true),
        kill("complete_order", "silent_after", "completing", json!("booked"), true),
    ]
}

/// Begins an order and kills the command while the call is without its answer.
fn begin_and_kill(site: &Site, home: &Home, kill: &Kill) {
    site.faults(
        &json!({ "cloud": { "on": [kill.call], kill.fault: true, format!("{}_count", kill.fault): 1 } }),
    );
    let mut command = binary();
    command.args(["vista", "book", "29617", "--type", "0056", "--seats=4排10座,4排9座", "--config"]);
    command.arg(home.config()).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut process = Process::start(&mut command, &home.path("book"));
    process.stdin().unwrap().write_all(b"yes\n").unwrap();
    until("the call has reached the cinema", || {
        assert!(process.ended().is_none(), "{}", fs::read_to_string(home.path("book")).unwrap());
        let taken = site.faults_left()["cloud"].get(kill.fault).is_none();
        (taken && pending(home).contains(kill.step)).then_some(())
    });
    process.signal(Signal::KILL);
    process.wait();
}

fn pending(home: &Home) -> String {
    fs::read_to_string(home.state_dir().join("vista-pending.json")).unwrap_or_default()
}

/// Returns the order's record, once it has ended.
fn ended(home: &Home) -> Value {
    until("the order has ended", || {
        let record = fs::read_to_string(home.state_dir().join("vista-orders.jsonl")).ok()?;
        let line = record.lines().next().filter(|_| pending(home).is_empty())?;
        Some(serde_json::from_str(line).unwrap())
    })
}

fn assert_ended(site: &Site, home: &Home, kill: &Kill) {
    let record = ended(home);
    assert_eq!(record["end"], kill.end, "{} {}", kill.call, kill.fault);
    let number = record["what"]["order"]["number"].as_u64();
    assert_eq!(number.is_some(), kill.booked, "{record}");
    let plan = home.finish(&["vista", "seats", "29617"]).out;
    assert_eq!(plan.contains("15 sold"), kill.booked, "{} {}: {plan}", kill.call, kill.fault);
    assert_eq!(site.bookings().len(), if kill.booked { 8 } else { 7 });
}

#[test]
fn a_killed_order_is_ended_by_the_kiosk_that_runs() {
    at_once(kills(), |kill| {
        let site = Site::start();
        let home = super::home(&site);
        let kiosk = home.start();
        begin_and_kill(&site, &home, &kill);
        assert_ended(&site, &home, &kill);
        until("the log says so", || home.log().contains("unfinished order: order ").then_some(()));
        kiosk.stop();
    });
}

#[test]
fn a_killed_order_is_ended_by_the_kiosk_that_starts_and_customers_do_not_wait_for_it() {
    at_once(kills(), |kill| {
        let site = Site::start();
        let home = super::home(&site);
        begin_and_kill(&site, &home, &kill);
        let mut kiosk = home.start();
        assert_eq!(kiosk.present("111972|WQNX8JL")["outcome"], "printed");
        assert_ended(&site, &home, &kill);
        kiosk.stop();
    });
}

#[test]
fn without_the_order_token_the_kiosk_says_what_is_unfinished_and_serves() {
    let site = Site::start();
    let home = super::home(&site);
    begin_and_kill(&site, &home, &kills()[2]);
    fs::remove_file(home.state_dir().join("override.toml")).unwrap();
    let mut kiosk = home.start();
    assert!(
        home.log().contains("an order is unfinished, but there is no order_token_file"),
        "{}",
        home.log()
    );
    assert_eq!(kiosk.present("111972|WQNX8JL")["outcome"], "printed");
    kiosk.stop();
    assert!(pending(&home).contains("starting"));
}
