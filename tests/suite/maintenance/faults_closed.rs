//! Faults with which a kiosk can't begin: it stays, out of service with their code, and is started again when they are
//! mended. Its menu is not there then: whoever wants in is told why.

use super::e2e::kiosk::Options;
use super::e2e::process::Process;
use super::e2e::{Home, Site, until};
use super::kit::console::Console;
use super::kit::page::Page;
use super::kit::places::{Places, row};
use super::kit::{Surface, command, home};
use super::start;
use pickup_kiosk::locale::Language;
use std::fs;
use std::os::unix::net::UnixDatagram;

/// Codes that these tests provoke.
pub const PROVOKED: [&[&str]; 2] = [&JOURNAL, &SETTINGS];

const JOURNAL: [&str; 1] = ["J1"];
const SETTINGS: [&str; 1] = ["X1"];

/// Starts a kiosk that stays out of service, as systemd does, and waits until it says READY.
fn closed(home: &Home) -> (Process, Page) {
    let socket = home.path("notify");
    let _ = fs::remove_file(&socket);
    let systemd = UnixDatagram::bind(&socket).unwrap();
    let before = home.log_length();
    let process = Process::start(command(home).env("NOTIFY_SOCKET", &socket), &home.path("log"));
    let page = Page::of(home, before);
    let mut said = [0; 256];
    let length = systemd.recv(&mut said).unwrap();
    assert_eq!(String::from_utf8_lossy(&said[..length]).trim_end(), "READY=1");
    (process, page)
}

/// Waits until `maintain` tells whoever wants into the menu the code, and what to do.
fn the_menu_says(home: &Home, code: &str, status: i32) {
    let row = row(code);
    let action = row.for_usher(Language::English);
    let wanted = format!("{code} {}: {}", row.name, action.get(..20).unwrap());
    until(&format!("maintain says {wanted}"), || {
        let mut console = Console::start(home, &["maintain"]);
        let ended = console.ends();
        // For a moment now and then the closed kiosk looks at the journal itself.
        (ended == status && console.text().contains(&wanted)).then_some(())
    });
}

#[test]
fn a_journal_that_cant_be_kept_is_told_everywhere_until_a_technician_has_decided() {
    let site = Site::start();
    let home = home(&site, Options::default());
    start(&home).0.stop();
    let journal = home.state_dir().join("journal.db");
    let whole = fs::read(&journal).unwrap();
    for start_new in [true, false] {
        if start_new {
            fs::write(&journal, "no journal").unwrap();
        } else {
            fs::remove_file(&journal).unwrap();
        }
        let (mut process, page) = closed(&home);
        let mut places = Places::without_menu(&home, page, &[]);
        places.told("J1");
        the_menu_says(&home, "J1", 1);
        if start_new {
            // It looks at the journal now and then, and has its lock for that moment.
            until("a new journal", || {
                (home.finish(&["journal", "start-new"]).status == Some(0)).then_some(())
            });
        } else {
            fs::write(&journal, &whole).unwrap();
        }
        assert_eq!(process.wait().code(), Some(1), "ends by itself, to be started again");
        let (kiosk, page) = start(&home);
        let mut places = places.of_the_next(page);
        places.over("J1");
        places.leave(&JOURNAL);
        kiosk.stop();
    }
}

#[test]
fn settings_that_are_wrong_are_told_everywhere_until_they_are_right() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let right = fs::read_to_string(home.config()).unwrap();
    for wrong in [
        format!("{right}\n[sarft\n"),
        right.replace("[printer]", "[printer]\nfrofile = 1"),
        right.replace("'sarft-password'", "'no-such-password'"),
    ] {
        fs::write(home.config(), wrong).unwrap();
        let (mut process, page) = closed(&home);
        assert_eq!(page.view()["kiosk"], "e2e");
        let mut places = Places::without_menu(&home, page, &[]);
        places.told("X1");
        the_menu_says(&home, "X1", 2);
        fs::write(home.config(), &right).unwrap();
        assert_eq!(process.wait().code(), Some(1), "ends by itself, to be started again");
        let (kiosk, page) = start(&home);
        let mut places = places.of_the_next(page);
        places.over("X1");
        places.leave(&SETTINGS);
        kiosk.stop();
    }
    // Whoever starts it by hand is told at once.
    fs::write(home.config(), "[sarft\n").unwrap();
    assert_eq!(home.finish(&["run"]).status, Some(2));
    fs::write(home.config(), right).unwrap();
}
