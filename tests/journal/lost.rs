//! A journal that is lost, and what the new one keeps of it: nothing that it may have printed is printed again.

use crate::journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::record::{Recall, RecordStep, Salvaged};
use pickup_kiosk::journal::store::{Filter, Journal, JournalError, Salvage};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Outcome};
use std::fs;
use std::path::Path;

const DAY: i64 = 86_400;
const PAGE: usize = 1_024;

/// Writes a booking printed and reported, and another of which everything is owed, in the database's file alone or in
/// its log alone.
fn two_bookings(dir: &Path, checkpointed: bool) {
    let mut journal = open(dir);
    for entries in whole_pickup() {
        journal.append(&entries).unwrap();
    }
    let owed = [
        RecordStep::Started { started_at: at(0), number: Some(seven()) },
        RecordStep::Issuing { number: seven(), id: id(), seats: vec![ticket("10")] },
        RecordStep::Issued,
        ended(Outcome::SeeCounter, Some(7), false),
    ];
    journal.append(&owed.map(|step| entry("p7", step))).unwrap();
    if checkpointed {
        drop(journal);
    } else {
        let log = fs::read(dir.join("journal.db-wal")).unwrap();
        drop(journal);
        fs::write(dir.join("journal.db-wal"), log).unwrap();
    }
}

fn seven() -> BookingNumber {
    BookingNumber::new(7).unwrap()
}

fn recall(journal: &Journal, number: BookingNumber, id: &BookingId) -> Recall {
    journal.recall(Some(number), id, at(60)).unwrap()
}

/// Sets a journal aside, as the kiosk leaves one that it found damaged.
fn set_aside(dir: &Path) {
    fs::write(dir.join("journal.set-aside"), "journal.damaged-test.db\nit was damaged").unwrap();
    for end in ["", "-wal"] {
        let from = dir.join(format!("journal.db{end}"));
        if from.exists() {
            fs::rename(from, dir.join(format!("journal.damaged-test.db{end}"))).unwrap();
        }
    }
}

fn start_new(dir: &Path) -> (Journal, Salvage) {
    Journal::start_new(dir, settings(), at(60)).unwrap()
}

#[test]
fn a_new_journal_knows_the_lost_ones_pairs_and_numbers() {
    for checkpointed in [true, false] {
        let dir = fast_dir();
        two_bookings(dir.path(), checkpointed);
        set_aside(dir.path());
        let (journal, salvage) = start_new(dir.path());
        assert_eq!(journal.records().list(Filter::default()).unwrap(), []);
        for number in [number(), seven()] {
            let recall = recall(&journal, number, &id());
            assert_eq!((recall.history, recall.salvaged), (None, Some(Salvaged::Pair)), "{number}");
        }
        let other = BookingId::parse("OTHER77").unwrap();
        assert_eq!(recall(&journal, number(), &other).salvaged, Some(Salvaged::Number));
        assert_eq!(recall(&journal, BookingNumber::new(8).unwrap(), &id()).salvaged, None);
        assert_eq!((salvage.numbers, salvage.open, salvage.open_numbers), (2, 1, vec![seven()]));
        assert_eq!(salvage.period, Some((at(1), at(1))));
        assert!(salvage.file.unwrap().ends_with("journal.damaged-test.db"));
        drop(journal);
        assert_eq!(
            recall(&open(dir.path()), number(), &id()).salvaged,
            Some(Salvaged::Pair),
            "and so it stays"
        );
    }
}

#[test]
fn whichever_page_is_destroyed_the_numbers_are_known() {
    let whole = fast_dir();
    two_bookings(whole.path(), true);
    let (database, key) = ("journal.db", "id-key");
    let bytes = fs::read(whole.path().join(database)).unwrap();
    let pages = bytes.len() / PAGE;
    let destroy: [fn(&mut [u8]); 4] = [
        |page| page.fill(0),
        |page| page.fill(0xEE),
        |page| page[..8].fill(0xEE),
        |page| page[PAGE / 2..].fill(0),
    ];
    let mut by_number = 0;
    for (how, destroy) in destroy.iter().enumerate() {
        for at_page in 0..pages {
            let dir = fast_dir();
            let mut bytes = bytes.clone();
            destroy(&mut bytes[at_page * PAGE..(at_page + 1) * PAGE]);
            fs::write(dir.path().join(database), bytes).unwrap();
            fs::copy(whole.path().join(key), dir.path().join(key)).unwrap();
            set_aside(dir.path());
            let (journal, salvage) = start_new(dir.path());
            for number in [number(), seven()] {
                let known = recall(&journal, number, &id()).salvaged;
                assert!(known.is_some(), "page {at_page}, way {how}, {number}: {salvage:?}");
                by_number += usize::from(known == Some(Salvaged::Number));
            }
        }
    }
    println!("{pages} pages; the pair was lost {by_number} times");
    assert!(by_number > 0, "the page of the bookings was never destroyed");
}

#[test]
fn what_was_cut_off_or_is_only_in_the_log_is_read_as_far_as_it_goes() {
    let whole = fast_dir();
    two_bookings(whole.path(), false);
    let log = fs::read(whole.path().join("journal.db-wal")).unwrap();
    // The database is gone; of the log's head, too, nothing can be read.
    for head in [true, false] {
        let dir = fast_dir();
        let mut log = log.clone();
        if !head {
            log[..32].fill(0);
        }
        fs::write(dir.path().join("journal.db-wal"), &log).unwrap();
        fs::copy(whole.path().join("id-key"), dir.path().join("id-key")).unwrap();
        assert!(matches!(Journal::open(dir.path(), settings()), Err(JournalError::Missing { .. })));
        let (journal, salvage) = start_new(dir.path());
        assert_eq!(recall(&journal, seven(), &id()).salvaged, Some(Salvaged::Pair), "{salvage:?}");
    }
}

#[test]
fn a_file_that_is_unreadable_to_the_last_page_or_gone_is_told_as_that() {
    let dir = fast_dir();
    two_bookings(dir.path(), true);
    fs::write(dir.path().join("journal.db"), vec![0xEE; 20 * PAGE + 7]).unwrap();
    set_aside(dir.path());
    let (journal, salvage) = start_new(dir.path());
    assert_eq!((salvage.pages, salvage.pages_read, salvage.numbers), (21, 0, 0));
    assert_eq!(recall(&journal, number(), &id()).salvaged, None);
    drop(journal);
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let (_, salvage) = start_new(dir.path());
    assert_eq!(salvage, Salvage::default());
}

#[test]
fn the_list_outlives_a_second_loss_and_a_crash_half_way() {
    let dir = fast_dir();
    two_bookings(dir.path(), true);
    set_aside(dir.path());
    drop(start_new(dir.path()));
    // As a power cut leaves it between the new database and the end of the old one's marker.
    fs::write(dir.path().join("journal.set-aside"), "journal.damaged-test.db\nit was damaged").unwrap();
    let (journal, salvage) = start_new(dir.path());
    assert_eq!(salvage.numbers, 2);
    drop(journal);
    // Then the new one is lost, too; of the first nothing is read any more.
    fs::write(dir.path().join("journal.set-aside"), "journal.damaged-second.db\ndamaged again").unwrap();
    fs::rename(dir.path().join("journal.db"), dir.path().join("journal.damaged-second.db")).unwrap();
    let (journal, salvage) = start_new(dir.path());
    assert_eq!(salvage.numbers, 2);
    assert_eq!(recall(&journal, number(), &id()).salvaged, Some(Salvaged::Pair));
}

#[test]
fn the_list_goes_two_days_after_a_clock_that_is_believed_saw_it_and_a_day_after_the_session() {
    let dir = fast_dir();
    two_bookings(dir.path(), true);
    set_aside(dir.path());
    let (mut journal, _) = start_new(dir.path());
    let listed = |journal: &Journal| recall(journal, number(), &id()).salvaged.is_some();
    for _ in 0..3 {
        journal.tidy(None).unwrap();
    }
    assert!(listed(&journal), "without a clock it stays");
    // Housekeeping comes every ten minutes. A clock that is wrong by years ends nothing.
    let step = DAY / 144;
    for look in 0..287 {
        journal.tidy(Some(at(10 * DAY + look * step))).unwrap();
        if look % 100 == 0 {
            drop(journal);
            journal = open(dir.path());
        }
    }
    journal.tidy(Some(at(10 * DAY + 287 * step))).unwrap();
    assert!(listed(&journal));
    journal.tidy(Some(at(12 * DAY))).unwrap();
    assert!(!listed(&journal));
}

#[test]
fn a_clock_that_is_wrong_by_years_and_believed_does_not_end_the_list() {
    let dir = fast_dir();
    two_bookings(dir.path(), true);
    set_aside(dir.path());
    let (mut journal, _) = start_new(dir.path());
    for year in 1..=20 {
        journal.tidy(Some(at(year * 365 * DAY))).unwrap();
    }
    assert!(recall(&journal, number(), &id()).salvaged.is_some());
}
