//! The maintenance menu from outside: every path by keys alone in a terminal and on the page, users and PINs, faults
//! that come and go, settings that are undone.

#[allow(dead_code)] // the screens use more of it
#[path = "../../browser/driver.rs"]
mod driver;
mod faults;
mod faults_closed;
mod faults_machine;
mod faults_printer;
mod faults_record;
mod faults_servers;
mod kit;
mod scenarios;

use crate::kit::e2e;
use driver::{Browser, Driver};
use e2e::kiosk::Options;
use e2e::{Home, Site, until};
use kit::console::Console;
use kit::page::Page;
use kit::{LI, Surface, WANG, asked, home, snapshot};
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::locale::Language;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

/// Key sequence that opens the menu on the screen.
const SEQUENCE: &str = "←←⏎⏎←←⏎";

/// Starts a kiosk; returns it once it is up, with its page.
fn start(home: &Home) -> (e2e::Kiosk<'_>, Page) {
    let before = home.log_length();
    let kiosk = home.start_command(&mut kit::command(home));
    (kiosk, Page::of(home, before))
}

fn audit_records(home: &Home) -> Vec<Value> {
    let listed = home.finish(&["journal", "acts", "--json"]);
    assert_eq!(listed.status, Some(0), "{listed:?}");
    listed.json()
}

/// Returns each entry of the tree: the keys from the main menu, what is shown then, the keys back to it.
fn walk() -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("1", "All is well", "←"),
        ("2⏎", "the printer has confirmed it", "←"),
        ("3", "No ticket is uncertain or owed", "←"),
        ("4123456⏎", "123456", "←"),
        ("5", "the printer has confirmed it", "←"),
        ("6⏎", "out of service", "←"),
        ("7", "in service", "←"),
        ("8", "数字选择", "8"),
        ("911", "the printer has confirmed it", "←←←"),
        ("912", "the printer has confirmed it", "←←←"),
        ("913", "the printer has confirmed it", "←←←"),
        ("914", "DLE EOT 2 bit 2", "←←←"),
        ("921", "Scan a code", "←←←"),
        ("923", "[panel]", "←←←"),
        ("931", "signed in at", "←←←"),
        ("932111972⏎", "2 records", "←←←"),
        ("933", "The cloud takes the token", "←←←"),
        ("934", "clock differs by", "←←←"),
        ("935", "127.0.0.1", "←←←"),
        ("941", "MiB free", "←←←"),
        ("942", "sound", "←←←"),
        ("943", "kiosk e2e is up", "←←←"),
        ("951", "(hidden)", "←←←"),
        ("952", "sarft.address", "←←←"),
        ("953", "on record", "←←←"),
        ("962⏎", "accepted", "←←←"),
        ("963⏎", "accepted", "←←←"),
        ("97", "acceptance against", "←←"),
        ("981", "/dev/sdz1", "←←←"),
    ]
}

/// Walks the whole tree by keys alone.
#[track_caller]
fn walk_all(surface: &mut dyn Surface, main: &str) {
    for (keys, shown, back) in walk() {
        surface.keys(keys);
        surface.shows(shown);
        surface.keys(back);
        surface.shows(main);
    }
    surface.keys("982");
    surface.shows("/dev/sdz1");
    surface.keys("1");
    surface.shows("Written whole");
    surface.keys("←←←←");
    surface.shows(main);
}

#[test]
fn every_path_in_a_terminal_by_keys_alone() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.shows("Who are you?");
    snapshot("users", &console.text());
    console.keys(&format!("1{LI}"));
    console.shows("******");
    assert!(!console.raw().contains(LI) && !home.log().contains(LI), "a PIN is never shown");
    console.keys("⏎");
    console.shows("Uncertain and owed tickets");
    snapshot("main-technician", &console.text());
    console.keys("8");
    console.shows("已换纸");
    snapshot("main-technician-zh", &console.text());
    console.keys("8");
    for (keys, shown, name) in [
        ("9", "Acceptance run", "technician"),
        ("1", "alignment pattern", "printing"),
        ("←2", "Scanner test", "inputs"),
        ("←3", "Query one booking number", "servers"),
        ("←4", "Check the journal", "machine"),
        ("←5", "secrets hidden", "settings"),
        ("←6", "Power off", "power"),
        ("3", "Are you sure", "power-off"),
        ("←←8", "support bundle", "stick"),
    ] {
        console.keys(keys);
        console.shows(shown);
        snapshot(name, &console.text());
    }
    console.keys("←←");
    console.shows("Paper changed");
    walk_all(&mut console, "Paper changed");
    assert_eq!(page.view()["state"], "welcome", "customers are served meanwhile");
    let said = asked(&home);
    for wanted in
        ["systemctl --no-ask-password reboot", "systemctl --no-ask-password poweroff", "udisksctl unmount"]
    {
        assert!(said.contains(wanted), "{said}");
    }
    console.keys("←");
    assert_eq!(console.ends(), 0);
    let done: Vec<String> =
        audit_records(&home).iter().map(|act| act["act"].as_str().unwrap().to_owned()).collect();
    for act in [
        "signed_in",
        "paper_changed",
        "shift_slip_printed",
        "service",
        "test_ticket_printed",
        "reboot",
        "power_off",
        "bundle_exported",
        "left",
    ] {
        assert!(done.iter().any(|known| known == act), "{act} is not in {done:?}");
    }
    let service = audit_records(&home).into_iter().find(|act| act["act"] == "service").unwrap();
    assert_eq!(
        [&service["who"], &service["surface"], &service["before"], &service["after"]],
        ["Li", "terminal", "in", "out"]
    );
    kiosk.stop();
}

#[test]
fn every_path_on_the_page_by_keys_alone() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, mut page) = start(&home);
    page.keys(SEQUENCE);
    page.shows("Who are you?");
    assert_eq!(page.view()["state"], "maintenance");
    // A code is refused while the menu is on the screen.
    let before = home.pickups().len();
    kiosk.say("111972|WQNX8JL");
    until("the code is refused", || home.log().contains("only the menu is served: refused").then_some(()));
    page.sign_in("1", LI);
    walk_all(&mut page, "Paper changed");
    // The scanner test takes it, and masks what proves the booking.
    page.keys("921");
    page.shows("Scan a code");
    kiosk.say("111972|WQNX8JL");
    page.shows("booking number 111972 and an ID of 7 characters");
    assert!(!page.text().contains("WQNX8JL"));
    page.keys("←2");
    page.shows("Press each key");
    page.keys("57⏎");
    page.shows("[enter]");
    let text = page.text();
    assert!(text.contains("[5]") && text.contains("[7]  +"), "{text}");
    page.keys("←←←");
    page.shows("Keypad and touch test");
    // An address by pairs of digits.
    page.keys("←←952");
    page.shows("kiosk.id");
    page.keys("7");
    page.shows("cloud.url");
    let erase = "←".repeat(page.view()["menu"]["lines"][0].as_str().unwrap().len());
    page.keys(&erase);
    page.shows("kiosk.id");
    page.keys("←←←");
    page.shows("Paper changed");
    assert_eq!(home.pickups().len(), before, "nothing was printed of it");
    page.keys("←");
    page.shows("[welcome]");
    kiosk.stop();
}

#[test]
fn an_uncertain_ticket_is_printed_again_only_with_a_second_pin_and_a_printer_known_to_be_empty() {
    let site = Site::start();
    let home = home(&site, Options { timeout_ms: 3000, ..Options::default() });
    let (mut kiosk, mut page) = start(&home);
    site.printer(&json!({"fault": "paper_out", "after_rows": 600}));
    kiosk.say("111972|WQNX8JL");
    until("a ticket is uncertain", || {
        home.pickups().pop().filter(|pickup| pickup.to_string().contains("uncertain"))
    });
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("2", WANG);
    console.keys("1");
    console.shows("P2 Out of paper");
    console.keys("←");
    // The customer is still waited for: nothing is settled behind his back.
    console.keys("3");
    console.shows("uncertain");
    console.keys("11⏎");
    console.shows("A customer is being served");
    console.keys("←");
    site.printer(&json!({"mend": true}));
    let pickup =
        until("the pickup ends", || home.pickups().pop().filter(|pickup| pickup["outcome"] == "see_counter"));
    let claim = pickup["claim"].as_str().unwrap().to_owned();
    let papers = || fs::read_dir(site.papers()).unwrap().count();
    until("the claim slip is out", || home.log().contains("printer: ready").then_some(()));
    console.keys(&format!("4{claim}⏎"));
    console.shows(&claim);
    console.shows("uncertain");
    // A printer that may still hold it, or can't print, is no printer to print it again.
    site.printer(&json!({"fault": "cover_open"}));
    until("the cover is seen", || page.codes().contains(&"P3".to_owned()).then_some(()));
    console.keys(&format!("12⏎1{LI}⏎"));
    console.shows("can't print now");
    console.keys("←");
    site.printer(&json!({"mend": true}));
    until("the cover is shut", || (!page.codes().contains(&"P3".to_owned())).then_some(()));
    let before = papers();
    console.keys(&format!("4{claim}⏎"));
    console.shows("uncertain");
    // The own PIN is not the second's: Wang is not offered, and Li's has to be right.
    console.keys("12⏎");
    console.shows("The second user");
    assert!(!console.text().contains("Wang"), "{}", console.text());
    console.keys(&format!("1{WANG}⏎"));
    console.shows("That PIN is wrong");
    assert_eq!(papers(), before);
    console.keys(&format!("{LI}⏎"));
    console.shows("printed again");
    until("one paper came of it", || (papers() == before + 1).then_some(()));
    let settled = audit_records(&home).into_iter().rfind(|act| act["act"] == "ticket_settled").unwrap();
    assert_eq!(settled["who"], "Wang with Li");
    // Once more is refused by the journal: it is settled.
    assert_eq!(home.last()["tickets"].to_string().matches("reprinted").count(), 1);
    console.keys("←3");
    console.shows("No ticket is uncertain or owed");
    drop(console);
    page.keys(SEQUENCE);
    kiosk.stop();
}

#[test]
fn wrong_pins_shut_the_menu_also_over_a_restart_and_two_people_are_one_too_many() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, mut page) = start(&home);
    page.keys(SEQUENCE);
    page.shows("Who are you?");
    page.keys("1");
    for left in (1..=4).rev() {
        page.keys("111112⏎");
        page.shows(&format!("That PIN is wrong. Tries left: {left}"));
    }
    // Somebody in a terminal is told who is in front.
    let refused = Console::start(&home, &["maintain"]);
    refused.shows("in the menu already (screen)");
    page.keys(&format!("{}⏎", "9".repeat(200)));
    page.shows("Too many wrong PINs");
    page.keys(&format!("{LI}⏎"));
    page.shows("seconds (M3)");
    assert!(page.codes().contains(&"M3".to_owned()));
    assert!(page.health().1.contains("M3 pins_locked"), "{:?}", page.health());
    assert!(audit_records(&home).iter().any(|act| act["act"] == "pins_locked"));
    kiosk.kill();
    let (kiosk, mut page) = start(&home);
    page.keys(&format!("{SEQUENCE}1{LI}⏎"));
    page.shows("Too many wrong PINs");
    assert!(page.codes().contains(&"M3".to_owned()));
    kiosk.stop();
}

#[test]
fn the_menu_waits_for_a_pickup_to_end() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, mut page) = start(&home);
    site.faults(&json!({"site": {"delay_ms": 700}}));
    kiosk.say("111972|WQNX8JL");
    until("a pickup runs", || (page.view()["state"] == "working").then_some(()));
    page.keys(SEQUENCE);
    assert_ne!(page.view()["state"], "maintenance", "the customer is served first");
    page.shows("Who are you?");
    let pickup = home.last();
    assert_eq!(pickup["outcome"], "printed");
    kiosk.stop();
}

/// Each list is what a test has seen told everywhere, and has seen go: it says so itself as it leaves.
#[test]
fn every_fault_of_the_table_is_provoked_and_no_other() {
    let lists = [
        &faults_closed::PROVOKED[..],
        &faults_machine::PROVOKED,
        &faults_printer::PROVOKED,
        &faults_record::PROVOKED,
        &faults_servers::PROVOKED,
    ];
    let mut provoked: Vec<_> = lists.concat().concat();
    let mut table = FaultCode::ALL.map(FaultCode::as_str);
    provoked.sort_unstable();
    table.sort_unstable();
    assert_eq!(provoked, table);
}

#[test]
fn out_of_service_stays_over_a_restart() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, mut page) = start(&home);
    page.keys(SEQUENCE);
    page.sign_in("2", WANG);
    page.keys("6⏎");
    page.shows("out of service");
    page.keys("←←");
    page.shows("[out_of_service]");
    let pickup = kiosk.present("111972|WQNX8JL");
    assert_eq!(pickup["outcome"], "out_of_service");
    kiosk.stop();
    let (mut kiosk, mut page) = start(&home);
    // Just started, it has not heard of its printer either.
    until("it is out of service by the menu's word", || (page.view()["fault"]["code"] == "M1").then_some(()));
    page.keys(SEQUENCE);
    page.sign_in("2", WANG);
    page.keys("7");
    page.shows("in service");
    page.keys("←←");
    page.shows("[welcome]");
    assert_eq!(kiosk.present("111972|WQNX8JL")["outcome"], "printed");
    kiosk.stop();
}

#[test]
fn a_setting_is_checked_before_it_is_saved_and_undone_when_the_kiosk_cant_start_with_it() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (kiosk, _page) = start(&home);
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("952");
    console.shows("kiosk.id");
    console.keys("5");
    console.shows("Enter: done");
    let erase = "←".repeat(site.address("sarft").len());
    console.keys(&format!("{erase}nonsense⏎"));
    console.shows("Not saved");
    console.shows("must be HOST:PORT");
    assert!(!home.state_dir().join("override.toml").exists());
    console.keys("←2");
    console.shows("kiosk.id");
    console.keys("5");
    console.shows("Enter: done");
    console.keys(&format!("{erase}127.0.0.1:1⏎"));
    console.shows("Checked and saved");
    let saved = audit_records(&home).into_iter().rfind(|act| act["act"] == "setting_saved").unwrap();
    assert_eq!(saved["before"], format!("sarft.address = {}", site.address("sarft")));
    assert_eq!(saved["after"], "sarft.address = 127.0.0.1:1");
    drop(console);
    kiosk.stop();
    // The first start with it is cut off: the next one undoes it and says so.
    assert_eq!(fs::read_to_string(home.state_dir().join("override.trial")).unwrap(), "new");
    fs::write(home.state_dir().join("override.trial"), "tried").unwrap();
    let (kiosk, page) = start(&home);
    assert!(!home.state_dir().join("override.toml").exists());
    assert!(home.log().contains("X2: the start with them was cut off"), "{}", home.log());
    until("X2 is told", || page.codes().contains(&"X2".to_owned()).then_some(()));
    assert!(page.health().1.contains("X2 settings_undone"));
    assert!(audit_records(&home).iter().any(|act| act["act"] == "settings_undone"));
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("1");
    console.shows("X2: the start with them was cut off");
    console.keys("←953");
    console.shows("on record");
    console.keys("←←←1");
    until("X2 is over", || (!page.codes().contains(&"X2".to_owned())).then_some(()));
    drop(console);
    kiosk.stop();
    // A setting that a start refuses at once: kept from being saved, so it is put there by hand.
    let state = home.state_dir();
    fs::write(state.join("override.toml"), "[printer]\nprofile = 'no-such'\n").unwrap();
    fs::write(state.join("override.before"), "").unwrap();
    fs::write(state.join("override.trial"), "new").unwrap();
    let (kiosk, _page) = start(&home);
    assert!(home.log().contains("printer.profile"), "it says why");
    kiosk.stop();
}

#[test]
fn a_drive_gets_everything_or_nothing_and_no_secret() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, _page) = start(&home);
    kiosk.present("111972|WQNX8JL");
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    console.keys("982");
    console.shows("/dev/sdz1");
    console.keys("1");
    console.shows("Written whole");
    let stick = home.path("stick");
    let bundle = fs::read_dir(&stick).unwrap().next().unwrap().unwrap().path();
    let mut names: Vec<String> =
        fs::read_dir(&bundle).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["acts.csv", "config.toml", "log.txt", "pickups.csv", "status.txt"]);
    let all: String = names.iter().map(|name| fs::read_to_string(bundle.join(name)).unwrap()).collect();
    site.secrets().assert_not_in(&all, "the bundle");
    assert!(!all.contains("$argon2id$") && all.contains("111972") && all.contains("bundle_export,"));
    // No longer there when it is to be mounted.
    fs::rename(&stick, home.path("pulled")).unwrap();
    console.keys("←1");
    console.shows("no medium");
    // A file where a folder should be: nothing can be written there.
    fs::write(&stick, "").unwrap();
    console.keys("←1");
    console.shows("Nothing was written");
    drop(console);
    kiosk.stop();
}

#[test]
fn a_pin_is_set_in_a_terminal_without_echo_and_counts_at_once() {
    let site = Site::start();
    let home = Home::with(
        &site,
        &Options {
            tables: "[journal]\nfree_mib = 1\n[screen]\nlisten = '127.0.0.1:0'\n".into(),
            ..Options::default()
        },
    );
    let (kiosk, mut page) = start(&home);
    page.keys(SEQUENCE);
    page.shows("--set-pin");
    page.keys("←");
    for (first, second, said) in [
        ("12345", "12345", "6 to 32 digits"),
        ("123456", "123456", "choose another"),
        ("161803", "161804", "the two differ"),
        (&"7".repeat(10_000) as &str, "", "6 to 32 digits"),
        ("161803", "161803", "Zhao (usher) has a new PIN"),
    ] {
        let mut console = Console::start(&home, &["maintain", "--set-pin", "Zhao", "--role", "usher"]);
        console.shows("New PIN of Zhao");
        // A terminal takes 4096 bytes of a line.
        for part in first.as_bytes().chunks(1_000) {
            console.type_bytes(part);
        }
        console.type_bytes(b"\n");
        console.shows("Once more");
        console.type_bytes(format!("{}\n", if second.is_empty() { first } else { second }).as_bytes());
        console.shows(said);
        assert!(!console.raw().contains("161803") && !console.raw().contains("7777"), "{}", console.raw());
    }
    let over = fs::read_to_string(home.state_dir().join("override.toml")).unwrap();
    assert!(over.contains("$argon2id$") && !over.contains("161803"));
    page.keys(SEQUENCE);
    page.shows("Zhao");
    page.keys("1161803⏎");
    page.shows("已换纸");
    kiosk.stop();
}

#[test]
fn a_terminal_works_alone_when_the_kiosk_is_down() {
    let site = Site::start();
    let home = home(&site, Options::default());
    start(&home).0.stop();
    let mut console = Console::start(&home, &["maintain"]);
    console.sign_in("1", LI);
    until("the printer is there", || {
        console.keys("1");
        console.shows("tickets uncertain");
        let ready = !console.text().contains("P9") && !console.text().contains("P0");
        console.keys("←");
        ready.then_some(())
    });
    console.keys("2⏎");
    console.shows("the printer has confirmed it");
    // It has the lock: nobody else begins meanwhile.
    let refused = home.finish(&["run"]);
    assert_eq!(refused.status, Some(1), "{refused:?}");
    console.type_bytes(b"\x03");
    assert_eq!(console.ends(), 0);
    assert!(!home.state_dir().join("control.sock").exists());
    let (kiosk, _page) = start(&home);
    assert!(audit_records(&home).iter().any(|act| act["act"] == "paper_changed"));
    kiosk.stop();
}

#[test]
fn explain_knows_every_code_and_no_other() {
    for fault in pickup_kiosk::maintenance::faults::table() {
        let said = e2e::process::finish(["explain", fault.code.as_str()]);
        assert_eq!(said.status, Some(0));
        assert!(
            said.out.contains(fault.name)
                && said.out.contains(fault.for_technician(Language::English).get(..20).unwrap())
        );
    }
    let wrong = e2e::process::finish(["explain", "P99\u{1b}[2J"]);
    assert_eq!((wrong.status, wrong.out.as_str()), (Some(2), ""));
    assert!(!wrong.err.contains('\u{1b}'));
    let all = e2e::process::finish(["explain"]);
    assert_eq!(all.out.lines().count(), FaultCode::ALL.len());
}

/// The page as Chromium shows it, driven by its keyboard.
struct Shown<'a>(&'a Browser<'a>);

impl Surface for Shown<'_> {
    fn press(&mut self, key: &str) {
        // The page takes twenty keys a second: faster than people type, slower than a driver.
        std::thread::sleep(Duration::from_millis(55));
        self.0.type_keys(match key {
            "enter" => "\u{e007}",
            "back" => "\u{e003}",
            key => key,
        });
    }

    fn text(&self) -> String {
        let text = self.0.run(
            "const menu = document.querySelector('#menu');
             return menu.hidden ? `[${document.body.dataset.state}]`
               : ['title', 'lines', 'foot'].map((part) => document.querySelector(`#menu-${part}`).textContent).join('\\n\\n');",
        );
        text.as_str().unwrap_or_default().to_owned()
    }
}

/// Checks the page in English and in Chinese, to which `*` switches, and keeps a picture of each where a folder for them is named.
#[track_caller]
fn looks_right(browser: &Browser<'_>, name: &str) {
    looks_right_in(browser, name);
    browser.type_keys("*");
    browser.until("document.documentElement.lang === 'zh-CN'");
    looks_right_in(browser, &format!("{name}.zh"));
    browser.type_keys("*");
    browser.until("document.documentElement.lang === 'en'");
}

/// Checks that nothing is off the screen or too small to touch, and that axe has no objection; keeps a picture where a
/// folder for them is named.
#[track_caller]
fn looks_right_in(browser: &Browser<'_>, name: &str) {
    for size in [(1080, 1920), (1920, 1080), (800, 480)] {
        browser.size(size);
        assert_eq!(browser.run(include_str!("../../browser/look.js")), json!([]), "{name} at {size:?}");
        let cut = browser.run(
            "const lines = document.querySelector('#menu-lines'); return lines.scrollWidth > lines.clientWidth + 1 || lines.scrollHeight > lines.clientHeight + 1;",
        );
        assert_eq!(cut, json!(false), "{name} at {size:?}: lines are cut off");
        if let Some(folder) = std::env::var_os("PICKUP_KIOSK_PICTURES").filter(|_| size == (1920, 1080)) {
            fs::write(std::path::Path::new(&folder).join(format!("maintain-{name}.png")), browser.picture())
                .unwrap();
        }
    }
    if std::env::var_os("PICKUP_KIOSK_AXE").is_some() {
        assert_eq!(browser.axe(), json!([]), "{name}");
    }
}

#[test]
fn every_path_in_a_browser_by_keys_alone() {
    let Some(program) = driver::program() else {
        println!("NOT RUN: no PICKUP_KIOSK_CHROMEDRIVER; tests/run browser sets it");
        return;
    };
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, page) = start(&home);
    let driver = Driver::start(&program);
    let browser = driver.open(&page.url());
    browser.state("welcome");
    let mut shown = Shown(&browser);
    shown.keys(SEQUENCE);
    shown.sign_in("1", LI);
    looks_right(&browser, "main");
    walk_all(&mut shown, "Paper changed");
    shown.keys("2");
    shown.shows("Put in the new roll");
    looks_right(&browser, "paper");
    shown.keys("←←");
    shown.shows("[welcome]");
    // A ticket that may or may not have come out.
    site.printer(&json!({"fault": "paper_out", "after_rows": 600}));
    kiosk.say("111972|WQNX8JL");
    until("a ticket is uncertain", || {
        home.pickups().pop().filter(|pickup| pickup.to_string().contains("uncertain"))
    });
    site.printer(&json!({"mend": true}));
    until("the pickup ends", || home.pickups().pop().filter(|pickup| pickup["outcome"] == "see_counter"));
    shown.keys(SEQUENCE);
    shown.sign_in("2", WANG);
    // By touch, too.
    browser.touch("#menu-keys [data-key='3']");
    shown.shows("uncertain");
    looks_right(&browser, "cases");
    shown.keys("1");
    shown.shows("It came out after all");
    looks_right(&browser, "fates");
    shown.keys("1⏎");
    shown.shows("recorded as came-out");
    // It is left by itself after three minutes: here by hand.
    shown.keys("←←");
    shown.shows("[welcome]");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    kiosk.stop();
}
