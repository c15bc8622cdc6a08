//! A printer that stops in mid-booking or isn't there: what the customer gets, and what staff settle.

use crate::kit::e2e;

use e2e::kiosk::Options;
use e2e::paper::Paper;
use e2e::{Home, Kiosk, Site, outcome, paper, papers, states, until};
use jiff::SignedDuration;
use pickup_kiosk::config;
use pickup_kiosk::kiosk::assemble;
use pickup_kiosk::ticket::Mark;
use pickup_kiosk::virtual_printer::{VirtualPrinter, png};
use serde_json::{Value, json};
use std::net::TcpListener;

/// Length of one ticket on 80 mm paper in dot rows, roughly.
const TICKET_ROWS: u32 = 1290;

const SIX: &str = "111977|SX6B2HN";

/// Lets the paper end in the middle of a ticket, with `after` more before it.
fn paper_out_in_ticket(site: &Site, after: u32) {
    let rows = after * TICKET_ROWS + TICKET_ROWS / 2;
    site.printer(&json!({"fault": "paper_out", "after_rows": rows}));
}

/// Returns the codes of the booking that are whole on paper, as indices into its seats, in the order they came.
fn came_out(site: &Site, number: u32) -> Vec<usize> {
    let codes = site.info_codes(number);
    let index =
        |code: &String| codes.iter().position(|(_, known)| known == code).expect("the booking's own code");
    let whole = papers(&site.papers()).into_iter().filter(|paper| !paper.torn);
    whole.flat_map(|paper| paper.codes).map(|code| index(&code)).collect()
}

fn torn(site: &Site) -> Vec<Paper> {
    papers(&site.papers()).into_iter().filter(|paper| paper.torn).collect()
}

#[track_caller]
fn running(home: &Home, right: &[&str]) -> Value {
    let what = format!("the tickets stand as {right:?}");
    until(&what, || home.pickups().pop().filter(|pickup| states(pickup) == right))
}

fn third_uncertain() -> [&'static str; 6] {
    ["printed", "printed", "uncertain", "printed", "printed", "printed"]
}

#[test]
fn paper_out_in_the_third_of_six_then_mended_while_the_customer_waits() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    paper_out_in_ticket(&site, 2);
    kiosk.say(SIX);
    running(&home, &["printed", "printed", "uncertain", "reserved", "reserved", "reserved"]);
    assert_eq!(outcome(&home.last()), "", "the customer waits");
    kiosk.say("111972|WQNX8JL");
    until("another customer is refused", || home.log().contains("was running: refused").then_some(()));
    site.printer(&json!({"mend": true}));
    let pickup = home.ended();
    assert_eq!((outcome(&pickup), states(&pickup)), ("see_counter", third_uncertain().to_vec()));
    let claim = pickup["claim"].as_str().unwrap().to_owned();
    assert_eq!(claim.len(), 6);
    kiosk.reported(&pickup);
    assert_eq!(site.reports(111_977), 1);
    assert_eq!(came_out(&site, 111_977), [0, 1, 3, 4, 5]);
    assert!(!torn(&site).is_empty());
    // Presented again, also after a restart, it comes to the same claim, and nothing more comes out.
    let before = site_papers(&site);
    for _ in 0..2 {
        let again = kiosk.present(SIX);
        assert_eq!((outcome(&again), &again["claim"]), ("see_counter", &json!(claim)));
        kiosk.stop();
        kiosk = home.start();
    }
    assert_eq!(came_out(&site, 111_977), [0, 1, 3, 4, 5]);
    assert_eq!(tickets(&before), tickets(&site_papers(&site)));
    assert_eq!(site.reports(111_977), 1);
    kiosk.stop();
}

fn site_papers(site: &Site) -> Vec<Paper> {
    papers(&site.papers())
}

fn tickets(papers: &[Paper]) -> usize {
    papers.iter().filter(|paper| !paper.codes.is_empty()).count()
}

/// Prints a pickup whose third ticket is uncertain, and waits until it is at rest.
fn uncertain_third<'a>(site: &Site, home: &'a Home) -> (Kiosk<'a>, Value) {
    let mut kiosk = home.start();
    paper_out_in_ticket(site, 2);
    kiosk.say(SIX);
    running(home, &["printed", "printed", "uncertain", "reserved", "reserved", "reserved"]);
    site.printer(&json!({"mend": true}));
    let pickup = home.ended();
    let pickup = kiosk.reported(&pickup);
    (kiosk, pickup)
}

#[test]
fn an_uncertain_ticket_is_settled_by_staff_and_stays_so() {
    let site = Site::start();
    let home = Home::new(&site);
    let (mut kiosk, pickup) = uncertain_third(&site, &home);
    let wrong = home.resolve(&pickup, "99排99座", "came-out");
    assert_eq!(wrong.status, Some(1));
    assert!(wrong.err.contains("99排99座") || wrong.err.contains("seat"), "{}", wrong.err);
    assert_eq!(home.resolve(&pickup, "5排1座", "print-again").status, Some(1), "that one came out");
    let done = home.resolve(&pickup, "5排3座", "came-out");
    assert_eq!(done.status, Some(0), "{done:?}");
    assert_eq!(states(&home.last()), ["printed"; 6]);
    assert_eq!(home.resolve(&pickup, "5排3座", "print-again").status, Some(1), "settled is settled");
    assert_eq!(outcome(&kiosk.present(SIX)), "already_collected");
    assert_eq!(came_out(&site, 111_977), [0, 1, 3, 4, 5]);
    let story = home.finish(&["journal", "show", pickup["claim"].as_str().unwrap()]).out;
    assert!(story.contains("tried in a test"), "{story}");
    kiosk.stop();
}

/// Draws the third of the six in this kiosk's layout, for three minutes: the site counts from its own start.
fn pictures(site: &Site, home: &Home, mark: Mark) -> Vec<Vec<u8>> {
    let receipts = assemble::receipts(&config::load(&home.config()).unwrap());
    let draw = |minutes: i64| {
        let mut ticket = site.tickets(111_977).remove(2);
        ticket.session_at += SignedDuration::from_mins(minutes);
        let mut printer = VirtualPrinter::new(&receipts.profile);
        printer.feed(&receipts.ticket(&ticket, mark, true).unwrap().bytes);
        png(&printer.take_papers().remove(0)).unwrap()
    };
    (-1..=1).map(draw).collect()
}

#[test]
fn printed_again_by_authority_it_comes_once_more_and_says_so() {
    let site = Site::start();
    let home = Home::new(&site);
    let (kiosk, pickup) = uncertain_third(&site, &home);
    let before = paper::count(&site.papers());
    let done = home.resolve(&pickup, "5排3座", "print-again");
    assert_eq!(done.status, Some(0), "{done:?}");
    assert_eq!(states(&home.last())[2], "reprinted");
    assert_eq!(came_out(&site, 111_977), [0, 1, 3, 4, 5, 2]);
    assert_eq!(paper::count(&site.papers()), before + 1);
    let last = site_papers(&site).pop().unwrap();
    let picture = std::fs::read(site.papers().join(&last.name)).unwrap();
    assert!(pictures(&site, &home, Mark::Reprint(1)).contains(&picture), "marked as the first reprint");
    assert!(!pictures(&site, &home, Mark::Original).contains(&picture));
    kiosk.stop();
    // Alone, without the kiosk that has the printer, it is refused with the reason.
    let alone = home.resolve(&pickup, "5排3座", "print-again");
    assert_eq!(alone.status, Some(1));
    assert!(alone.err.contains("running kiosk"), "{}", alone.err);
}

#[test]
fn handed_over_at_the_till_also_while_no_kiosk_runs() {
    let site = Site::start();
    let home = Home::new(&site);
    let (kiosk, pickup) = uncertain_third(&site, &home);
    kiosk.stop();
    let done = home.resolve(&pickup, "5排3座", "handed-over");
    assert_eq!(done.status, Some(0), "{done:?}");
    assert_eq!(states(&home.last())[2], "handed_over");
    let day = &pickup["started_at"].as_str().unwrap()[..10];
    let slip = home.finish(&["journal", "day", "--business-day", day]);
    assert_eq!(slip.status, Some(0), "{slip:?}");
    let mut kiosk = home.start();
    assert_eq!(outcome(&kiosk.present(SIX)), "already_collected");
    kiosk.stop();
}

#[test]
fn the_customer_who_leaves_gets_the_owed_ones_when_the_code_is_presented_after_a_restart() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    paper_out_in_ticket(&site, 2);
    kiosk.say(SIX);
    running(&home, &["printed", "printed", "uncertain", "reserved", "reserved", "reserved"]);
    // The kiosk loses its power while the printer is without paper.
    kiosk.kill();
    let mut command = home.command();
    let mut kiosk = home.start_without_printer(&mut command);
    let first =
        until("it is closed", || home.pickups().pop().filter(|pickup| outcome(pickup) == "see_counter"));
    kiosk.reported(&first);
    assert_eq!(site.reports(111_977), 1, "reported before anything more comes out");
    let again = kiosk.present(SIX);
    assert_eq!((outcome(&again), &again["claim"]), ("see_counter", &first["claim"]), "no paper yet");
    home.logs_after(|| site.printer(&json!({"mend": true})), "printer: ready");
    let last = kiosk.present(SIX);
    assert_eq!((outcome(&last), states(&last)), ("see_counter", third_uncertain().to_vec()));
    assert_eq!(last["claim"], first["claim"]);
    assert_eq!(came_out(&site, 111_977), [0, 1, 3, 4, 5]);
    assert_eq!(site.reports(111_977), 1, "once is enough");
    kiosk.stop();
}

#[test]
fn without_a_printer_nothing_is_issued() {
    let site = Site::start();
    // A port that nobody listens on.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = Home::with(&site, &Options { printer: Some(format!("tcp:{free}")), ..Options::default() });
    let mut kiosk = home.start_without_printer(&mut home.command());
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!((outcome(&pickup), &pickup["tickets"]), ("out_of_service", &json!([])));
    assert_eq!(site.booking(111_972)["issued"], false);
    // An outcome known without a printer is told without one.
    assert_eq!(outcome(&kiosk.present("13812345678")), "code_rejected");
    kiosk.stop();
}

#[test]
fn no_paper_and_an_open_cover_refuse_before_anything_is_issued() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    for (fault, word) in [("paper_out", "paper_out"), ("cover_open", "cover_open")] {
        home.logs_after(|| site.printer(&json!({"fault": fault})), word);
        assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "out_of_service", "{fault}");
        assert_eq!(site.booking(111_972)["issued"], false, "{fault}");
        home.logs_after(|| site.printer(&json!({"mend": true})), "printer: ready");
    }
    // Nearly out is a word for staff, no reason to send anybody away.
    site.printer(&json!({"fault": "paper_low"}));
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!(outcome(&pickup), "printed");
    kiosk.reported(&pickup);
    kiosk.stop();
}

#[test]
fn a_lost_fence_is_never_taken_for_a_ticket_that_came_out() {
    let site = Site::start();
    let home = Home::with(
        &site,
        &Options {
            profile: vec![("fence_timeout_ms = 15000", "fence_timeout_ms = 1000")],
            ..Options::default()
        },
    );
    let mut kiosk = home.start();
    site.printer(&json!({"fault": "fence_lost"}));
    kiosk.say("111972|WQNX8JL");
    let pickup = home.ended();
    assert_eq!((outcome(&pickup), states(&pickup)), ("see_counter", vec!["uncertain", "printed"]));
    kiosk.reported(&pickup);
    assert_eq!(came_out(&site, 111_972), [0, 1]);
    kiosk.stop();
}

#[test]
fn a_seat_refunded_while_it_is_owed_is_void_and_the_rest_comes() {
    let site = Site::start();
    let home = Home::new(&site);
    let mut kiosk = home.start();
    paper_out_in_ticket(&site, 2);
    kiosk.say(SIX);
    running(&home, &["printed", "printed", "uncertain", "reserved", "reserved", "reserved"]);
    kiosk.kill();
    site.counter(111_977, "refund?seat=5%E6%8E%925%E5%BA%A7");
    site.printer(&json!({"mend": true}));
    kiosk = home.start();
    let pickup = kiosk.present(SIX);
    assert_eq!(states(&pickup), ["printed", "printed", "uncertain", "printed", "void", "printed"]);
    let whole =
        papers(&site.papers()).into_iter().filter(|paper| !paper.torn && !paper.codes.is_empty()).count();
    assert_eq!(whole, 4);
    kiosk.stop();
}

#[test]
fn printing_again_waits_for_a_printer_that_can_and_for_nobody_in_front() {
    let site = Site::start();
    let home = Home::new(&site);
    let (mut kiosk, pickup) = uncertain_third(&site, &home);
    home.logs_after(|| site.printer(&json!({"fault": "paper_out"})), "paper_out");
    let refused = home.resolve(&pickup, "5排3座", "print-again");
    assert_eq!(refused.status, Some(1));
    assert!(refused.err.contains("the printer can't print now"), "{}", refused.err);
    assert_eq!(states(&home.last())[2], "uncertain");
    home.logs_after(|| site.printer(&json!({"mend": true})), "printer: ready");
    site.faults(&json!({"site": {"delay_ms": 800, "delay_on": {"on": ["issue"], "times": 1}}}));
    kiosk.say("111972|WQNX8JL");
    until("a customer is served", || home.pickups().pop().filter(|last| outcome(last).is_empty()));
    let refused = home.resolve(&pickup, "5排3座", "print-again");
    assert_eq!(refused.status, Some(1));
    assert!(refused.err.contains("a customer is being served"), "{}", refused.err);
    until("the customer is done", || home.pickups().pop().filter(|last| outcome(last) == "printed"));
    assert_eq!(home.resolve(&pickup, "5排3座", "print-again").status, Some(0));
    kiosk.stop();
}

/// Returns the length of each of a booking's tickets on paper, in dot rows.
fn rows_of_tickets(site: &Site, home: &Home, number: u32) -> Vec<usize> {
    let receipts = assemble::receipts(&config::load(&home.config()).unwrap());
    let rows = |ticket| {
        let mut printer = VirtualPrinter::new(&receipts.profile);
        printer.feed(&receipts.ticket(ticket, Mark::Original, true).unwrap().bytes);
        printer.take_papers().remove(0).dots.height()
    };
    site.tickets(number).iter().map(rows).collect()
}

#[test]
fn sixty_seats_with_paper_out_in_number_41_go_on_after_a_refill_without_a_new_scan() {
    let seats: String = (1..=60_u32)
        .map(|n| format!("[[booking.seat]]\nname = \"{}排{}座\"\n", n.div_ceil(10), (n - 1) % 10 + 1))
        .collect();
    let booking = format!("[[booking]]\nnumber = 222001\nid = \"SIXTY60\"\n{seats}");
    let site = Site::start_with("", &booking);
    let home = Home::new(&site);
    let kiosk = &mut home.start();
    let rows: usize = rows_of_tickets(&site, &home, 222_001).iter().take(40).sum();
    site.printer(&json!({"fault": "paper_out", "after_rows": rows + 600}));
    kiosk.say("222001|SIXTY60");
    until("the paper ends", || home.log().contains("paper_out").then_some(()));
    site.printer(&json!({"mend": true}));
    let pickup = home.ended();
    let states = states(&pickup);
    let uncertain: Vec<usize> = (0..60).filter(|&seat| states[seat] == "uncertain").collect();
    assert_eq!(uncertain, [40], "the one in the printer and no other");
    assert_eq!(states.iter().filter(|state| **state == "printed").count(), 59);
    let wanted: Vec<usize> = (0..60).filter(|&seat| seat != 40).collect();
    assert_eq!(came_out(&site, 222_001), wanted);
}
