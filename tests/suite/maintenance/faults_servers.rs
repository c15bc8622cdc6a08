//! Faults of the cinema's two servers.

use super::e2e::Site;
use super::e2e::kiosk::Options;
use super::kit::home;
use super::kit::places::Places;
use super::start;
use serde_json::json;

/// Codes that these tests provoke.
pub const PROVOKED: [&[&str]; 2] = [&SERVERS, &CLOCK];

const SERVERS: [&str; 4] = ["S1", "S2", "C1", "C2"];
const CLOCK: [&str; 1] = ["W2"];

#[test]
fn what_is_the_matter_with_a_server_is_told_everywhere_and_goes_when_it_answers() {
    let site = Site::start();
    let home = home(&site, Options { timeout_ms: 500, ..Options::default() });
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    site.faults(&json!({"site": {"silent": true}}));
    places.told("S1");
    site.faults(&json!({"site": {"return_value": {"sign_in": 1}}}));
    places.over("S1");
    places.told("S2");
    site.faults(&json!({"cloud": {"silent": true}}));
    places.over("S2");
    places.told("C1");
    site.faults(&json!({"cloud": {"status": 401}}));
    places.over("C1");
    places.told("C2");
    site.faults(&json!({}));
    places.over("C2");
    places.leave(&SERVERS);
    kiosk.stop();
}

#[test]
fn a_clock_that_differs_from_the_clouds_is_told_everywhere_until_they_agree() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    for seconds in [-150, 400_000] {
        site.faults(&json!({"cloud": {"clock_ahead_s": seconds}}));
        places.told("W2");
        site.faults(&json!({"cloud": {"clock_ahead_s": 100}}));
        places.over("W2");
    }
    places.leave(&CLOCK);
    kiosk.stop();
}
