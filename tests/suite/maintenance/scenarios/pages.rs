//! Every page that the terminal shows, in both languages, beside what it looked like when somebody approved it.

use super::unsettled;
use crate::kit::e2e::kiosk::Options;
use crate::kit::e2e::{Site, until};
use crate::maintenance::kit::console::Console;
use crate::maintenance::kit::{LI, Surface, WANG, home, snapshot};
use crate::maintenance::start;

/// Part of a page that stays the same from run to run.
#[derive(Clone, Copy, PartialEq)]
enum Keep {
    All,
    /// Title and last line: the rest is this machine's, or this moment's.
    Frame,
}

/// Pages: the name, the keys from the main menu to it, the keys back, and the part that stays.
const PAGES: [(&str, &str, &str, Keep); 45] = {
    use Keep::{All, Frame};
    [
        ("state", "1", "←", All),
        ("paper-asked", "2", "←", All),
        ("paper-done", "2⏎", "←", All),
        ("claim", "4", "←", All),
        ("claim-typed", "4123456", "←←←←←←←", All),
        ("claim-unknown", "4123456⏎", "←", All),
        ("cases", "3", "←", All),
        ("fates", "31", "←←", All),
        ("came-out-asked", "311", "←←←", All),
        ("again-asked", "312", "←←←", All),
        ("second-user", "312⏎", "←←←", All),
        ("second-pin", "312⏎1", "←←←←", All),
        ("second-wrong", "312⏎1999999⏎", "←←←←", All),
        ("slip", "5", "←", All),
        ("out-of-service-asked", "6", "←", All),
        ("out-of-service", "6⏎", "←", All),
        ("in-service", "7", "←", All),
        ("technician", "9", "←", All),
        ("printing", "91", "←←", All),
        ("test-ticket", "911", "←←←", All),
        ("alignment", "912", "←←←", All),
        ("characters", "913", "←←←", All),
        ("printer-status", "914", "←←←", Frame),
        ("inputs", "92", "←←", All),
        ("scanner", "921", "←←←", All),
        ("keys", "922", "←←←", All),
        ("panel", "923", "←←←", All),
        ("servers", "93", "←←", All),
        ("sign-in", "931", "←←←", Frame),
        ("query", "932", "←←←", All),
        ("query-done", "932111972⏎", "←←←", Frame),
        ("cloud", "933", "←←←", All),
        ("clock", "934", "←←←", Frame),
        ("network", "935", "←←←", Frame),
        ("disk", "941", "←←←", Frame),
        ("journal", "942", "←←←", Frame),
        ("log", "943", "←←←", Frame),
        ("settings", "95", "←←", All),
        ("config", "951", "←←←", Frame),
        ("change", "952", "←←←", Frame),
        ("power", "96", "←←", All),
        ("restart-asked", "961", "←←←", All),
        ("power-off-asked", "963", "←←←", All),
        ("acceptance-asked", "97", "←←", All),
        ("sticks", "982", "←←←", All),
    ]
};

/// Replaces figures, which differ from run to run. Those of a code (M2) and of an entry stay.
fn without_figures(line: &str) -> String {
    let entry = line.get(1..3) == Some("  ");
    let mut out = String::new();
    for (at, c) in line.chars().enumerate() {
        match c {
            '0'..='9' if entry && at == 0 => out.push(c),
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' if !out.ends_with(|before: char| before.is_ascii_alphanumeric()) => out.push('#'),
            c => out.push(c),
        }
    }
    out
}

#[track_caller]
fn approved(console: &Console, name: &str, keep: Keep) {
    let text = console.text();
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let (foot, above) = lines.split_last().unwrap();
    let mut kept: Vec<String> = match keep {
        Keep::All => above.iter().map(|line| without_figures(line)).collect(),
        Keep::Frame => vec![without_figures(above[0]), "…".into()],
    };
    kept.push((*foot).to_owned());
    snapshot(name, &kept.join("\n"));
}

#[test]
fn every_page_of_the_terminal_is_as_approved_in_both_languages() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, _page) = start(&home);
    unsettled(&site, &home, &mut kiosk);
    let mut console = Console::start(&home, &["maintain"]);
    console.shows("Who are you?");
    console.keys("2");
    console.shows("Wang, your PIN");
    approved(&console, "en/pin", Keep::All);
    console.keys(&format!("{WANG}⏎"));
    console.shows("Paper changed");
    approved(&console, "en/main-usher", Keep::All);
    console.keys("8");
    console.shows("已换纸");
    approved(&console, "zh/main-usher", Keep::All);
    console.keys("←");
    assert_eq!(console.ends(), 0);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    for (language, main, moment) in [("en", "Paper changed", "One moment"), ("zh", "已换纸", "请稍候")]
    {
        for (name, keys, back, keep) in PAGES {
            let menu = console.text();
            let mut before = menu.clone();
            // One key after another: a list that is not there yet has no entries.
            for key in keys.chars() {
                console.keys(&key.to_string());
                until(&format!("{name}: the page behind {key}"), || {
                    let text = console.text();
                    (text != before && !text.contains(moment)).then(|| before = text)
                });
            }
            approved(&console, &format!("{language}/{name}"), keep);
            console.keys(back);
            until(&format!("back from {name} in the main menu"), || (console.text() == menu).then_some(()));
        }
        console.shows(main);
        console.keys("8");
        until("the other language", || (!console.text().contains(main)).then_some(()));
    }
    drop(console);
    kiosk.stop();
}
