//! Site and cloud that fail in every way they can be told to: what the customer is told, and what is printed.

use crate::kit::e2e;

use e2e::kiosk::Options;
use e2e::{Home, Kiosk, OTHER_WIRE, Site, at_once, outcome, paper, papers, states};
use serde_json::{Value, json};

/// Returns a kiosk with a short time limit for this site.
fn hasty(site: &Site, cloud: bool) -> Home {
    Home::with(site, &Options { cloud, timeout_ms: 500, ..Options::default() })
}

/// Checks that nothing was issued, printed or reported.
#[track_caller]
fn assert_untouched(site: &Site, number: u32) {
    let booking = site.booking(number);
    assert_eq!((&booking["issued"], &booking["reports"]), (&json!(false), &json!(0)), "{number}");
    assert_eq!(paper::count(&site.papers()), 0);
}

/// Checks that every seat of the booking is on paper once, and nothing else is.
#[track_caller]
fn assert_printed_once(site: &Site, number: u32) {
    let printed: Vec<String> = papers(&site.papers()).into_iter().flat_map(|paper| paper.codes).collect();
    let right: Vec<String> = site.info_codes(number).into_iter().map(|(_, code)| code).collect();
    assert_eq!(printed, right);
    assert_eq!(paper::count(&site.papers()), right.len());
}

#[track_caller]
fn present_under(site: &Site, kiosk: &mut Kiosk<'_>, faults: &Value, code: &str) -> Value {
    site.faults(faults);
    let pickup = kiosk.present(code);
    site.faults(&json!({}));
    pickup
}

#[test]
fn a_cloud_that_fails_can_not_say_what_became_of_a_booking() {
    let faults = [
        json!({"status": 401}),
        json!({"status": 500}),
        json!({"status": 302}),
        json!({"html": true}),
        json!({"silent": true}),
        json!({"truncated": true}),
        json!({"code": 5}),
    ];
    at_once(faults, |fault| {
        let site = Site::start();
        let home = hasty(&site, true);
        let mut kiosk = home.start();
        // The site says printed; without the cloud's word for the pair nothing may be said of it.
        let pickup = present_under(&site, &mut kiosk, &json!({"cloud": fault}), "111973|CL7K2MA");
        assert_eq!((outcome(&pickup), &pickup["tickets"]), ("not_found", &json!([])), "{fault}");
        assert!(pickup["duration_ms"].as_u64().unwrap() >= 2000, "{fault}");
        assert_eq!(outcome(&kiosk.present("111973|CL7K2MA")), "already_collected", "{fault}");
        // A cloud that is away is not needed for a whole code.
        let pickup = present_under(&site, &mut kiosk, &json!({"cloud": fault}), "111972|WQNX8JL");
        assert_eq!(outcome(&pickup), "printed", "{fault}");
        kiosk.reported(&pickup);
        assert_printed_once(&site, 111_972);
        kiosk.stop();
    });
}

#[test]
fn while_the_cloud_is_away_the_number_is_asked_for() {
    at_once([json!({"status": 401}), json!({"html": true}), json!({"silent": true})], |fault| {
        let site = Site::start();
        let home = hasty(&site, true);
        let mut kiosk = home.start();
        site.faults(&json!({"cloud": fault}));
        kiosk.say("WQNX8JL");
        e2e::until("the cloud was asked", || home.log().contains("cloud").then_some(()));
        // The ID is kept while the cloud is being asked: the number joins it once it is asked for.
        let pickup = e2e::until("the number is taken", || {
            kiosk.say("111972");
            home.pickups().pop()
        });
        assert_eq!(pickup["booking_number"], "111972", "{fault}");
        let pickup = e2e::until("it ends", || home.pickups().pop().filter(|p| p["reported"] == true));
        assert_eq!(outcome(&pickup), "printed", "{fault}");
        assert_printed_once(&site, 111_972);
        kiosk.stop();
    });
}

#[test]
fn a_site_that_fails_before_the_issue_issues_nothing() {
    let faults = [
        json!({"silent": true}),
        json!({"lost_before": ["sign_in"]}),
        json!({"silent_on": ["query"]}),
        json!({"close_in_mid_frame": ["sign_in"]}),
        json!({"close_in_mid_frame": ["query"]}),
        json!({"wrong_length": ["query"]}),
        json!({"wrong_sequence": ["query"]}),
        json!({"wrong_print_no": ["query"]}),
        json!({"answer_twice": ["query"]}),
        json!({"return_value": {"sign_in": 1}}),
        // The site knows no such booking, the cloud has it: later.
        json!({"return_value": {"query": 2}}),
        json!({"delay_ms": 900, "delay_on": ["query"]}),
    ];
    at_once(faults, |fault| {
        let site = Site::start_with(OTHER_WIRE, "");
        let home = hasty(&site, true);
        // From before the start: a kiosk signs in as soon as it runs.
        site.faults(&json!({"site": fault}));
        let mut kiosk = home.start();
        let pickup = present_under(&site, &mut kiosk, &json!({"site": fault}), "111972|WQNX8JL");
        assert_eq!((outcome(&pickup), &pickup["claim"]), ("try_later", &Value::Null), "{fault}");
        assert_untouched(&site, 111_972);
        let pickup = kiosk.present("111972|WQNX8JL");
        assert_eq!(outcome(&pickup), "printed", "{fault}");
        kiosk.reported(&pickup);
        assert_printed_once(&site, 111_972);
        kiosk.stop();
    });
}

#[test]
fn a_fault_that_heals_is_over_with_the_same_code_again_at_the_latest() {
    at_once(["lost_before", "silent_on", "close_in_mid_frame"], |fault| {
        let site = Site::start();
        let home = hasty(&site, true);
        // The fault is not for the sign-in that a kiosk makes as soon as it runs.
        site.faults(&json!({"site": {"close_idle_after_ms": 1, "delay_ms": 1, "delay_on": {"on": ["sign_in"], "times": 1}}}));
        let mut kiosk = home.start();
        e2e::until("it has signed in", || {
            (site.faults_left()["site"]["delay_on"]["times"] == 0).then_some(())
        });
        for exchange in ["sign_in", "query"] {
            let once = json!({"on": [exchange], "times": 1});
            let faults = json!({"site": {"close_idle_after_ms": 1, fault: once}});
            let pickup = present_under(&site, &mut kiosk, &faults, "111972|WQNX8JL");
            assert_eq!(outcome(&pickup), "try_later", "{fault} {exchange}");
        }
        let pickup = kiosk.present("111972|WQNX8JL");
        assert_eq!(outcome(&pickup), "printed", "{fault}");
        kiosk.reported(&pickup);
        assert_printed_once(&site, 111_972);
        kiosk.stop();
    });
}

#[test]
fn a_fault_that_heals_after_the_query_is_not_noticed() {
    let faults = [
        json!({"lost_before": {"on": ["issue"], "times": 1}}),
        json!({"answer_twice": {"on": ["report"], "times": 1}}),
        json!({"lost_before": {"on": ["report"], "times": 1}}),
        json!({"silent_on": {"on": ["report"], "times": 1}}),
        json!({"return_value": {"report": 2}}),
        json!({"empty_codes_for_queries": 3}),
        json!({"close_after": {"on": ["issue"], "times": 1}}),
        json!({"close_after": {"on": ["report"], "times": 1}}),
    ];
    at_once(faults, |fault| {
        let site = Site::start();
        let home = hasty(&site, true);
        let mut kiosk = home.start();
        site.faults(&json!({"site": fault}));
        let pickup = kiosk.present("111972|WQNX8JL");
        assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 2]), "{fault}");
        if fault["return_value"].is_null() {
            kiosk.reported(&pickup);
        }
        assert_printed_once(&site, 111_972);
        assert_eq!(site.booking(111_972)["issued"], true, "{fault}");
        kiosk.stop();
    });
}

#[test]
fn an_issue_whose_answer_is_lost_where_the_site_refuses_a_second_goes_to_the_counter() {
    let site = Site::start();
    let home = hasty(&site, true);
    let mut kiosk = home.start();
    for fault in ["silent_on", "close_in_mid_frame", "wrong_length"] {
        let before = home.pickups().len();
        let number = if before == 0 { "111972|WQNX8JL" } else { "111977|SX6B2HN" };
        let pickup = present_under(
            &site,
            &mut kiosk,
            &json!({"site": {fault: {"on": ["issue"], "times": 1}}}),
            number,
        );
        assert_eq!(outcome(&pickup), "see_counter", "{fault}");
        let claim = pickup["claim"].as_str().unwrap();
        assert!(claim.len() == 6 && claim.bytes().all(|byte| byte.is_ascii_digit()), "{claim}");
        assert!(states(&pickup).iter().all(|state| *state == "reserved"), "{fault}: {pickup}");
    }
    assert!(papers(&site.papers()).iter().all(|paper| paper.codes.is_empty()), "claim slips alone");
    kiosk.stop();
}

#[test]
fn an_issue_whose_answer_is_lost_where_the_site_accepts_a_second_is_printed_once() {
    let site = Site::start_with("", "[cinema]\nsecond_issue = 'accept'\n");
    let home = hasty(&site, true);
    let mut kiosk = home.start();
    site.faults(&json!({"site": {"silent_on": {"on": ["issue"], "times": 1}}}));
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 2]));
    kiosk.reported(&pickup);
    assert_printed_once(&site, 111_972);
    kiosk.stop();
}

#[test]
fn a_refused_issue_prints_nothing_and_an_unknown_value_is_a_refusal() {
    at_once([1, 2, 7, 255], |value| {
        let site = Site::start();
        let home = hasty(&site, true);
        let mut kiosk = home.start();
        let faults = json!({"site": {"return_value": {"issue": value}}});
        let pickup = present_under(&site, &mut kiosk, &faults, "111972|WQNX8JL");
        // The cloud has the booking as open: a contradiction, for people to solve.
        assert_eq!(outcome(&pickup), "see_counter", "{value}");
        assert!(papers(&site.papers()).iter().all(|paper| paper.codes.is_empty()), "a claim slip at most");
        assert_eq!(site.booking(111_972)["issued"], false);
        let story = home.finish(&["journal", "show", pickup["pickup"].as_str().unwrap()]).out;
        assert!(story.contains(&value.to_string()), "the number is kept: {story}");
        let pickup = kiosk.present("111972|WQNX8JL");
        assert_eq!(outcome(&pickup), "printed", "nothing was issued: it is open to all");
        kiosk.stop();
    });
}

#[test]
fn codes_that_stay_empty_leave_the_tickets_owed_and_come_with_the_next_try() {
    let site = Site::start();
    let home = hasty(&site, true);
    let mut kiosk = home.start();
    let pickup =
        present_under(&site, &mut kiosk, &json!({"site": {"empty_codes_for_queries": 99}}), "111972|WQNX8JL");
    assert_eq!((outcome(&pickup), states(&pickup)), ("see_counter", vec!["reserved"; 2]));
    assert!(papers(&site.papers()).iter().all(|paper| paper.codes.is_empty()));
    assert_eq!(site.reports(111_972), 0, "nothing came out: nothing is reported");
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"; 2]));
    kiosk.reported(&pickup);
    kiosk.stop();
}

#[test]
fn a_report_that_does_not_get_through_is_sent_after_a_restart() {
    let site = Site::start();
    let home = hasty(&site, true);
    let mut kiosk = home.start();
    site.faults(&json!({"site": {"lost_before": ["report"]}}));
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!((outcome(&pickup), &pickup["reported"]), ("printed", &json!(false)));
    // The next customer does not wait for it.
    let next = kiosk.present("111978|PR7V3LC");
    assert_eq!(outcome(&next), "printed");
    kiosk.kill();
    assert_eq!(site.reports(111_972), 0);
    site.faults(&json!({}));
    let kiosk = home.start();
    kiosk.reported(&pickup);
    kiosk.reported(&next);
    assert_eq!((site.reports(111_972), site.reports(111_978)), (1, 1));
    kiosk.stop();
}

#[test]
fn the_counter_collecting_or_refunding_first_leaves_nothing_to_print() {
    let site = Site::start();
    let home = hasty(&site, true);
    let mut kiosk = home.start();
    site.counter(111_972, "collect");
    assert_eq!(outcome(&kiosk.present("111972|WQNX8JL")), "already_collected");
    site.counter(111_977, "refund");
    assert_eq!(outcome(&kiosk.present("111977|SX6B2HN")), "refunded");
    site.counter(111_978, "refund?seat=9%E6%8E%923%E5%BA%A7");
    let pickup = kiosk.present("111978|PR7V3LC");
    assert_eq!((outcome(&pickup), states(&pickup)), ("printed", vec!["printed"]));
    kiosk.reported(&pickup);
    assert_eq!(paper::count(&site.papers()), 1);
    kiosk.stop();
}
