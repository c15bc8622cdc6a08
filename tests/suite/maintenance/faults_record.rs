//! Faults of the record: a disk that fills up, tickets nobody knows the fate of, one that can't be put on paper.

use super::e2e::kiosk::Options;
use super::e2e::{Site, outcome, until};
use super::kit::home;
use super::kit::places::Places;
use super::start;
use crate::kit::small_disk::on_a_small_disk;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

/// Codes that these tests provoke.
pub const PROVOKED: [&[&str]; 3] = [&DISK, &UNSETTLED, &UNPRINTABLE];

const DISK: [&str; 2] = ["D1", "J2"];
const UNSETTLED: [&str; 1] = ["M2"];
const UNPRINTABLE: [&str; 1] = ["T1"];

/// Bytes that the kiosk wants free; below, the kernel's page in which a tmpfs gives its space.
const WANTED: usize = 1024 * 1024;
const PAGE: usize = 4096;

#[test]
fn a_disk_that_fills_up_is_told_everywhere_until_there_is_room() {
    let test = "maintenance::faults_record::a_disk_that_fills_up_is_told_everywhere_until_there_is_room";
    on_a_small_disk(test, "6m", filled_and_emptied);
}

/// Takes all the space but `left` bytes.
fn fill(disk: &Path, left: usize) {
    let free = usize::try_from(rustix::fs::statvfs(disk).unwrap().f_bavail).unwrap() * PAGE;
    let mut file = File::options().create(true).append(true).open(disk.join("filler")).unwrap();
    file.write_all(&vec![0; free - left]).unwrap();
}

fn filled_and_emptied(disk: &Path) {
    let site = Site::start();
    let home = home(&site, Options::default());
    let state = disk.join("state");
    fs::create_dir(&state).unwrap();
    symlink(&state, home.state_dir()).unwrap();
    let (mut kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    fill(disk, WANTED / 2);
    places.told("D1");
    fs::remove_file(disk.join("filler")).unwrap();
    places.over("D1");
    // Not a byte is left: what a customer's code would record is not taken, either.
    fill(disk, 0);
    kiosk.say("111972|WQNX8JL");
    places.told("J2");
    places.told("D1");
    fs::remove_file(disk.join("filler")).unwrap();
    places.over("J2");
    places.over("D1");
    assert_eq!(kiosk.present("111972|WQNX8JL")["outcome"], "printed");
    places.leave(&DISK);
    kiosk.stop();
}

/// Prints a pickup whose first ticket may or may not have come out.
fn uncertain(site: &Site, kiosk: &mut super::e2e::Kiosk<'_>, home: &super::e2e::Home) -> Value {
    site.printer(&json!({"fault": "paper_out", "after_rows": 600}));
    kiosk.say("111972|WQNX8JL");
    until("a ticket is uncertain", || {
        home.pickups().pop().filter(|pickup| pickup.to_string().contains("uncertain"))
    });
    site.printer(&json!({"mend": true}));
    until("the pickup ends", || home.pickups().pop().filter(|pickup| outcome(pickup) == "see_counter"))
}

#[test]
fn tickets_of_unknown_fate_are_told_everywhere_until_they_are_settled() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    let pickup = uncertain(&site, &mut kiosk, &home);
    places.told("M2");
    assert_eq!(home.resolve(&pickup, "7排10座", "came-out").status, Some(0));
    places.over("M2");
    places.leave(&UNSETTLED);
    kiosk.stop();
}

#[test]
fn a_ticket_that_cant_be_put_on_paper_is_told_everywhere_until_the_next_comes_out() {
    let site = Site::start();
    let home = home(&site, Options::default());
    let (mut kiosk, _) = start(&home);
    let pickup = uncertain(&site, &mut kiosk, &home);
    kiosk.stop();
    // A code that the site would have sent wrongly: no QR code of ours may carry it.
    let journal = Connection::open(home.state_dir().join("journal.db")).unwrap();
    let kept: String = journal.query_row("SELECT ticket FROM contents", [], |row| row.get(0)).unwrap();
    let mut ticket: Value = serde_json::from_str(&kept).unwrap();
    ticket[0] = "A".repeat(400).into();
    assert_eq!(journal.execute("UPDATE contents SET ticket = ?1", [ticket.to_string()]).unwrap(), 1);
    drop(journal);
    let (mut kiosk, page) = start(&home);
    let mut places = Places::of(&home, page);
    let again = home.resolve(&pickup, "7排10座", "print-again");
    assert_eq!(again.status, Some(1), "{again:?}");
    places.told("T1");
    assert_eq!(places.page.view()["state"], "welcome", "the printer is well: others are served");
    assert_eq!(kiosk.present("111977|SX6B2HN")["outcome"], "printed");
    places.over("T1");
    places.leave(&UNPRINTABLE);
    kiosk.stop();
}
