//! A disk that fills up in the middle of a pickup.

use crate::kit::journal as journal_kit;
use crate::kit::small_disk::on_a_small_disk;

use journal_kit::{id, number, open, settings, whole_pickup};
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::{Entry, Recall};
use pickup_kiosk::journal::store::{Journal, JournalError};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Size of the kernel's page in bytes, in which a tmpfs gives its space.
const PAGE: usize = 4096;
/// Number of pages, more than a pickup of two tickets writes.
const PAGES: usize = 40;

#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_acknowledged() {
    let test = "journal::full_disk::a_disk_that_fills_up_loses_nothing_that_was_acknowledged";
    on_a_small_disk(test, "2m", every_amount_of_space);
}

fn every_amount_of_space(disk: &Path) {
    let mut refused = 0;
    for left in 0..PAGES {
        let dir = disk.join(format!("left-{left}"));
        refused += usize::from(fills_up(disk, &dir, left));
        fs::remove_dir_all(&dir).unwrap();
    }
    println!("full in mid-pickup {refused} times of {PAGES}");
    assert!((4..PAGES).contains(&refused), "{refused}: too small or too large a disk proves nothing");
}

/// Returns true if the disk filled up before the pickup's end, with `left` pages at its beginning.
fn fills_up(disk: &Path, dir: &Path, left: usize) -> bool {
    let mut journal = open(dir);
    let filler = disk.join("filler");
    fill(&filler, left);
    let transactions = whole_pickup();
    let mut memory = MemoryJournal::new(7_200_000);
    let refused = transactions.iter().position(|entries| !recorded(&mut journal, &mut memory, entries));
    same(&journal, &memory);
    drop(journal);
    // Started again while the disk is still full: it may be unable to open, but nothing is given up for it.
    match Journal::open(dir, settings()) {
        Ok(journal) => same(&journal, &memory),
        Err(JournalError::Full { .. }) => {}
        Err(other) => panic!("{left} pages left: {other}"),
    }
    fs::remove_file(&filler).unwrap();
    let mut journal = open(dir);
    assert_eq!(journal.notices(), [], "{left} pages left");
    same(&journal, &memory);
    for entries in &transactions[refused.unwrap_or(transactions.len())..] {
        assert!(recorded(&mut journal, &mut memory, entries), "{left} pages left, then space again");
    }
    same(&journal, &memory);
    journal.check_integrity().unwrap();
    refused.is_some()
}

/// Takes all the space but `left` pages.
fn fill(filler: &Path, left: usize) {
    let free = rustix::fs::statvfs(filler.parent().unwrap()).unwrap();
    let pages = usize::try_from(free.f_bavail).unwrap();
    File::create(filler).unwrap().write_all(&vec![0; pages.saturating_sub(left) * PAGE]).unwrap();
}

fn recorded(journal: &mut Journal, memory: &mut MemoryJournal, entries: &[Entry]) -> bool {
    match journal.append(entries) {
        Ok(()) => {
            memory.append(entries).unwrap();
            true
        }
        Err(JournalError::Full { .. }) => false,
        Err(other) => panic!("a full disk is told as: {other}"),
    }
}

fn same(journal: &Journal, memory: &MemoryJournal) {
    let recall = |mut recall: Recall| {
        recall.fresh_claim.0 = 0;
        recall
    };
    let moment = journal_kit::at(60);
    let known = recall(journal.recall(Some(number()), &id(), moment).unwrap());
    assert_eq!(known, recall(memory.recall(Some(number()), &id(), moment)));
}
