//! The customer screen in Chromium, as people use it: every screen in both languages at three sizes, nothing cut off,
//! nothing too small to touch, nothing that axe objects to. `tests/run browser` has what it needs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::too_many_lines)] // Tables of cases are long.

#[path = "browser/driver.rs"]
mod driver;
#[path = "suite/kit/screen/mod.rs"]
mod kit;
#[path = "browser/safety.rs"]
mod safety;
#[path = "browser/screens.rs"]
mod screens;
#[path = "browser/snapshot.rs"]
mod snapshot;
#[path = "browser/stage.rs"]
mod stage;
#[path = "browser/walk.rs"]
mod walk;

use driver::{Browser, Driver};
use kit::Demo;
use serde_json::{Value, json};

const PORTRAIT: (u32, u32) = (1080, 1920);
const LANDSCAPE: (u32, u32) = (1920, 1080);
const SMALL: (u32, u32) = (800, 480);

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

fn asked_for() -> Option<String> {
    let program = driver::program();
    if program.is_none() {
        println!("NOT RUN: no PICKUP_KIOSK_CHROMEDRIVER; tests/run browser sets it");
    }
    program
}

/// Runs `walk` with a browser on a demo's page, if a browser was asked for.
fn with_browser(walk: impl FnOnce(&Demo, &Browser<'_>, &Driver)) {
    let Some(program) = asked_for() else { return };
    let demo = Demo::start();
    let driver = Driver::start(&program);
    let browser = driver.open(&format!("{}/", demo.origin()));
    browser.state("welcome");
    // Some states are over sooner than anybody could ask.
    browser.run(
        "window.states = [];
         new MutationObserver(() => states.push(document.body.dataset.state)).observe(document.body, { attributes: true });",
    );
    walk(&demo, &browser, &driver);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Checks the page at each size, and has axe look at it.
#[track_caller]
fn looks_right(browser: &Browser<'_>, what: &str) {
    for size in [PORTRAIT, LANDSCAPE, SMALL] {
        browser.size(size);
        let wrong = browser.run(include_str!("browser/look.js"));
        assert_eq!(wrong, json!([]), "{what} at {size:?}");
    }
    assert_eq!(browser.axe(), json!([]), "{what}");
}

#[track_caller]
fn in_both_languages(browser: &Browser<'_>, what: &str) {
    let language = || browser.run("return document.documentElement.lang");
    for _ in 0..2 {
        let shown = language();
        looks_right(browser, &format!("{what} in {shown}"));
        browser.type_keys("*");
        browser.until(&format!("document.documentElement.lang !== {shown}"));
    }
}

fn switch(demo: &Demo, fault: &str, on: bool) {
    let (origin, token) = (demo.origin(), demo.token());
    let body = json!({"fault": fault, "on": on}).to_string();
    let reply = demo.post("/demo/fault", &[("Origin", &origin), ("X-Token", &token)], &body);
    assert_eq!(reply.status, 204);
}

fn scan(demo: &Demo, code: &str) {
    let (origin, token) = (demo.origin(), demo.token());
    let body = json!({"code": code}).to_string();
    let reply = demo.post("/demo/code", &[("Origin", &origin), ("X-Token", &token)], &body);
    assert_eq!(reply.status, 204);
}

#[test]
fn a_code_by_keypad_alone_is_printed() {
    with_browser(|_, browser, _| {
        in_both_languages(browser, "welcome");
        browser.type_keys("111977");
        browser.until("document.querySelector('#typed').textContent === '111977'");
        in_both_languages(browser, "a number");
        browser.type_keys(ENTER);
        browser.until("document.body.dataset.asks === 'id'");
        browser.type_keys("sx6b2hn");
        browser.until("document.querySelector('#typed').textContent === '••••••N'");
        in_both_languages(browser, "an ID");
        browser.size(PORTRAIT);
        browser.type_keys(ENTER);
        browser.until("states.includes('printing')");
        browser.state("printed");
        assert_eq!(
            browser.run("return document.querySelectorAll('#seats li[data-state=printed]').length"),
            6
        );
        in_both_languages(browser, "printed");
        assert_eq!(
            browser.run("return [localStorage.length, sessionStorage.length, document.cookie]"),
            json!([0, 0, ""])
        );
    });
}

#[test]
fn a_code_by_touch_alone_is_printed_and_two_browsers_agree() {
    with_browser(|demo, browser, driver| {
        let beside = driver.open(&format!("{}/", demo.origin()));
        browser.size(PORTRAIT);
        for digit in "111972".chars() {
            browser.touch(&format!("#digits [data-key='{digit}']"));
        }
        browser.touch("#digits [data-key=enter]");
        browser.until("document.body.dataset.keys === 'letters'");
        for letter in "WQNX8JL".chars() {
            browser.touch(&format!("#letters [data-key='{letter}']"));
        }
        browser.until("document.querySelector('#typed').textContent.length === 7");
        browser.touch("#letters [data-key=enter]");
        browser.state("printed");
        beside.state("printed");
        let text = "return document.querySelector('main').innerText";
        assert_eq!(browser.run(text), beside.run(text));
        browser.touch("#more");
        browser.touch("#language");
        beside.until("document.documentElement.lang === 'en'");
        browser.touch("#leave");
        browser.state("welcome");
        beside.until("document.documentElement.lang === 'zh-CN'");
    });
}

#[test]
fn every_other_outcome_says_what_to_do() {
    with_browser(|demo, browser, _| {
        for (code, state) in [
            ("111973|CL7K2MA", "already_collected"),
            ("111974|RF8M2QX", "refunded"),
            ("111975|CN5P9WB", "cancelled"),
            ("111976|UK4T6ZE", "try_later"),
            ("111999|NOSUCH77", "not_found"),
            ("13812345678", "code_rejected"),
        ] {
            scan(demo, code);
            browser.state(state);
            in_both_languages(browser, state);
        }
        scan(demo, "111972");
        browser.until("document.body.dataset.asks === 'id'");
        browser.touch("#leave");
        browser.until("document.body.dataset.state !== 'entering'");
        browser.type_keys(ESCAPE);
        browser.state("welcome");
        switch(demo, "no_paper", true);
        browser.state("out_of_service");
        browser.until("document.querySelector('#code').textContent.includes('P2')");
        in_both_languages(browser, "out of service");
        switch(demo, "no_paper", false);
        browser.state("welcome");
        scan(demo, "111977|SX6B2HN");
        browser.until("states.includes('printing')");
        browser.state("printed");
    });
}

#[test]
fn a_kiosk_that_was_started_again_is_found_again() {
    let Some(program) = asked_for() else { return };
    let driver = Driver::start(&program);
    let demo = Demo::start();
    let address = demo.address;
    let browser = driver.open(&format!("http://{address}/"));
    browser.state("welcome");
    drop(demo);
    browser.until("!document.querySelector('#lost').hidden");
    let demo = Demo::start_on(address.port());
    demo.key("7");
    browser.state("entering");
    browser.until("document.querySelector('#lost').hidden");
    assert_eq!(browser.run("return document.querySelector('#typed').textContent"), Value::from("7"));
    browser.type_keys("8");
    browser.until("document.querySelector('#typed').textContent === '78'");
}
