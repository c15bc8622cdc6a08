//! Every screen, in both languages, at three sizes, with larger text, by touch and by keys.

use super::driver::{Browser, Driver};
use super::screens::{self, Screen};
use super::snapshot::{Thumb, compare, places};
use super::stage::{MONO, Stage, wall};
use super::{LANDSCAPE, PORTRAIT, SMALL, asked_for};
use pickup_kiosk::locale::Language;
use pickup_kiosk::pickup::input::Now;
use pickup_kiosk::screen::json::json as page;
use pickup_kiosk::screen::user_input::UserInput;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Sizes, each with the pixels per square of its snapshot.
const SIZES: [((u32, u32), usize); 3] = [(PORTRAIT, 12), (LANDSCAPE, 12), (SMALL, 5)];
/// Screens whose every key is touched.
const KEY_BY_KEY: [&str; 2] = ["welcome", "entering-id"];
/// Screens that the README shows, and their names there.
const PICTURES: [(&str, &str); 3] =
    [("welcome-full", "welcome"), ("printing", "printing"), ("out-of-service-idle", "out-of-service")];
const PRESSED_LIMIT: Duration = Duration::from_secs(20);

/// Walks through half of the screens; two browsers walk at once.
fn walk(half: usize) {
    let Some(program) = asked_for() else { return };
    let all = screens::all();
    let mine: Vec<&Screen> = all.iter().skip(half).step_by(2).collect();
    let stage = Stage::start(mine[0].in_language(Language::English), Some(screens::picture()));
    let driver = Driver::start(&program);
    let browser = driver.open(&format!("http://{}/", stage.address));
    browser.still();
    browser.until("document.body.dataset.state !== 'connecting'");
    // Figures that the page counts down by itself.
    browser.run("for (const id of ['clock', 'seconds', 'locked-seconds']) document.getElementById(id).style.visibility = 'hidden'");
    let mut wrong = Vec::new();
    for screen in mine {
        let (mut rows, mut blocks) = (Vec::new(), String::new());
        for (language, name) in [(Language::Chinese, "zh-CN"), (Language::English, "en")] {
            show(&stage, &browser, screen, language, name);
            let mut row = Vec::new();
            for (size, scale) in SIZES {
                let what = format!("{} in {name} at {size:?}", screen.name);
                wrong.extend(complaints(&browser, size, &what));
                row.push(Thumb::of(&browser.picture(), scale));
                blocks.push_str(&format!("{name} {}x{}\n{}", size.0, size.1, places(&browser)));
            }
            rows.push(row);
            if language == Language::Chinese {
                keep(&browser, screen.name);
            }
            // A keyboard for letters is there on demand, before anything is typed.
            if screen.name == "welcome" {
                browser.touch("#digits .toggle");
                for (size, _) in SIZES {
                    let what = format!("welcome in {name}, with letters, at {size:?}");
                    wrong.extend(complaints(&browser, size, &what));
                }
                browser.touch("#letters .toggle");
            }
            browser.type_keys("-");
            browser.until("document.documentElement.classList.contains('large')");
            for (size, _) in SIZES {
                wrong.extend(looks(
                    &browser,
                    size,
                    &format!("{} in {name}, large, at {size:?}", screen.name),
                ));
            }
            browser.type_keys("-");
        }
        wrong.extend(compare(screen.name, &rows, &blocks));
        wrong.extend(answers_to_touch_and_keys(&stage, &browser, screen.name));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Keeps pictures for the README, where a folder for them is named: see docs/pictures.sh.
fn keep(browser: &Browser<'_>, name: &str) {
    let Ok(folder) = std::env::var("PICKUP_KIOSK_PICTURES") else { return };
    let Some((_, short)) = PICTURES.iter().find(|(of, _)| *of == name) else { return };
    browser.run("document.getElementById('clock').style.visibility = ''");
    for (size, way) in [(PORTRAIT, "portrait"), (LANDSCAPE, "landscape")] {
        browser.size(size);
        std::fs::write(Path::new(&folder).join(format!("screen-{short}-{way}.png")), browser.picture())
            .unwrap();
    }
    browser.run("document.getElementById('clock').style.visibility = 'hidden'");
}

#[test]
fn every_second_screen_is_right_in_each_form() {
    walk(0);
}

#[test]
fn every_other_screen_is_right_in_each_form() {
    walk(1);
}

/// Puts a screen on, and waits until the page has it.
fn show(stage: &Stage, browser: &Browser<'_>, screen: &Screen, language: Language, name: &str) {
    let view = screen.in_language(language);
    let told = page(&view, Now { mono: MONO, wall: wall() });
    stage.show(view);
    let dark = told["state"] == "asleep";
    browser.until(&format!(
        "document.documentElement.lang === {} && document.body.dataset.state === {} && title.textContent === {} &&
         ({dark} || text.textContent === {}) && typed.textContent === {}",
        json!(name),
        told["state"],
        told["title"][name],
        told["text"][name],
        told["entry"]["shown"].as_str().map_or(json!(""), Value::from),
    ));
}

fn looks(browser: &Browser<'_>, size: (u32, u32), what: &str) -> Vec<String> {
    browser.size(size);
    let found = browser.run(include_str!("look.js"));
    found.as_array().unwrap().iter().map(|one| format!("{what}: {one}")).collect()
}

fn complaints(browser: &Browser<'_>, size: (u32, u32), what: &str) -> Vec<String> {
    let mut all = looks(browser, size, what);
    let found = browser.axe();
    if found != json!([]) {
        all.push(format!("{what}: axe: {found}"));
    }
    all
}

/// Touches what can be touched, presses what a keypad has, and compares what the kiosk was told.
fn answers_to_touch_and_keys(stage: &Stage, browser: &Browser<'_>, name: &str) -> Vec<String> {
    browser.size(PORTRAIT);
    stage.pressed();
    let within = if KEY_BY_KEY.contains(&name) { "button" } else { "button:not(.keys *)" };
    let found = browser.run(&format!(
        "return [...document.querySelectorAll('{within}')].filter((one) => one.dataset.key && one.getBoundingClientRect().width > 0).map((one) => one.dataset.key)"
    ));
    let mut expected = Vec::new();
    for key in found.as_array().unwrap().iter().map(|key| key.as_str().unwrap()) {
        // Of two that say the same, the one that is there.
        let place = if within == "button" { "" } else { ":not(.keys *)" };
        browser.run(&format!(
            "for (const one of document.querySelectorAll('.here')) one.classList.remove('here');
             [...document.querySelectorAll('[data-key=\"{key}\"]{place}')].find((one) => one.getBoundingClientRect().width > 0).classList.add('here')"
        ));
        browser.touch(".here");
        expected.push(key.to_owned());
    }
    browser.type_keys("7w\u{e007}\u{e003}\u{e00c}+*");
    expected.extend(["7", "w", "enter", "back", "clear", "more_time", "language"].map(str::to_owned));
    let expected: Vec<Option<UserInput>> = expected.iter().map(|key| UserInput::named(key)).collect();
    let (began, mut pressed) = (Instant::now(), Vec::new());
    while pressed.len() < expected.len() && began.elapsed() < PRESSED_LIMIT {
        pressed.extend(stage.pressed().into_iter().map(Some));
        std::thread::sleep(Duration::from_millis(20));
    }
    if pressed == expected {
        Vec::new()
    } else {
        vec![format!("{name}: told {pressed:?} instead of {expected:?}")]
    }
}
