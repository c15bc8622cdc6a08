//! Power cuts, torn writes and damage: what was acknowledged is there, or the journal says that it is not.

use crate::journal_kit;

use journal_kit::*;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::{Entry, Leftover, Recall};
use pickup_kiosk::journal::store::{Filter, Journal, JournalError};
use std::fs;
use std::path::Path;

const SECTOR: usize = 512;

/// The files as they were at one moment.
#[derive(Clone)]
struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
    key: Vec<u8>,
}

impl Image {
    fn of(dir: &Path) -> Self {
        let read = |name: &str| fs::read(dir.join(name)).unwrap_or_default();
        Self { database: read("journal.db"), log: read("journal.db-wal"), key: read("id-key") }
    }

    fn restore(&self) -> tempfile::TempDir {
        let dir = fast_dir();
        fs::write(dir.path().join("journal.db"), &self.database).unwrap();
        if !self.log.is_empty() {
            fs::write(dir.path().join("journal.db-wal"), &self.log).unwrap();
        }
        fs::write(dir.path().join("id-key"), &self.key).unwrap();
        dir
    }
}

/// Returns what is known, without claim references, which are random on disk.
fn known(mut recall: Recall, mut leftover: Leftover) -> (Recall, Leftover) {
    recall.fresh_claim.0 = 0;
    for (_, claim) in &mut leftover.unfinished {
        claim.0 = 0;
    }
    (recall, leftover)
}

fn on_disk(image: &Image) -> (Recall, Leftover) {
    let dir = image.restore();
    let journal = open(dir.path());
    assert_eq!(journal.notices(), []);
    let known =
        known(journal.recall(Some(number()), &id(), at(60)).unwrap(), journal.leftover(at(60)).unwrap());
    journal.check_integrity().unwrap();
    known
}

/// Returns the images after opening and after each transaction, and what is to be known then.
fn story(transactions: &[Vec<Entry>]) -> Vec<(Image, (Recall, Leftover))> {
    let dir = fast_dir();
    let mut journal = open(dir.path());
    let mut memory = MemoryJournal::new(7_200_000);
    let mut images = Vec::new();
    for entries in [Vec::new()].iter().chain(transactions) {
        journal.append(entries).unwrap();
        memory.append(entries).unwrap();
        let recall = memory.recall(Some(number()), &id(), at(60));
        images.push((Image::of(dir.path()), known(recall, memory.leftover(at(60)))));
    }
    images
}

#[test]
fn killed_after_each_transaction_it_knows_that_one() {
    for (step, (image, known)) in story(&whole_pickup()).iter().enumerate() {
        assert_eq!(&on_disk(image), known, "after transaction {step}");
    }
}

#[test]
fn a_log_cut_short_or_garbled_keeps_every_record_before_the_tear() {
    let images = story(&whole_pickup());
    let whole = &images.last().unwrap().0;
    let mut offsets = vec![0, 1, 31, 32, 33, 55, 56];
    offsets.extend(images.iter().flat_map(|(image, _)| {
        let end = image.log.len();
        [end.saturating_sub(1), end, end + 1, end + 24, end + 24 + SECTOR, end + 1047]
    }));
    offsets.extend((0..whole.log.len()).step_by(1_777));
    offsets.retain(|offset| *offset < whole.log.len());
    for offset in offsets {
        let before = images.iter().rev().find(|(image, _)| image.log.len() <= offset);
        let known = before.map_or(&images[0].1, |(_, known)| known);
        let mut cut = whole.clone();
        cut.log.truncate(offset);
        assert_eq!(&on_disk(&cut), known, "cut at {offset}");
        let mut garbled = whole.clone();
        garbled.log[offset] ^= 0x40;
        // The counter at byte 12 and the format at 4 are told by the header's own sum, as all of it.
        assert_eq!(&on_disk(&garbled), known, "garbled at {offset}");
    }
}

#[test]
fn a_power_cut_that_loses_any_unsynced_sectors_keeps_what_was_synced() {
    let images = story(&whole_pickup());
    let mut chance = Chance::new(3);
    for pair in images.windows(2) {
        let ((before, known_before), (after, known_after)) = (&pair[0], &pair[1]);
        for _ in 0..12 {
            let mut torn = after.clone();
            let start = before.log.len();
            let kept = chance.below(4) + 1;
            for sector in (start / SECTOR)..=(torn.log.len() / SECTOR) {
                if chance.one_in(kept) {
                    let from = (sector * SECTOR).max(start);
                    let end = ((sector + 1) * SECTOR).min(torn.log.len());
                    torn.log[from..end].fill(0);
                }
            }
            let found = on_disk(&torn);
            assert!(found == *known_before || found == *known_after, "neither before nor after");
        }
    }
}

#[test]
fn a_power_cut_in_a_checkpoint_changes_nothing() {
    let dir = fast_dir();
    let mut journal = open(dir.path());
    let mut transactions = whole_pickup();
    transactions.truncate(4);
    for entries in &transactions {
        journal.append(entries).unwrap();
    }
    let before = Image::of(dir.path());
    journal.checkpoint().unwrap();
    let after = Image::of(dir.path());
    assert!(after.log.is_empty() && after.database.len() >= before.database.len());
    let known = on_disk(&before);
    assert_eq!(on_disk(&after), known);
    let mut chance = Chance::new(4);
    for _ in 0..60 {
        let mut torn = before.clone();
        torn.database.resize(after.database.len(), 0);
        let sectors = after.database.chunks(SECTOR).zip(torn.database.chunks_mut(SECTOR));
        for (new, old) in sectors.filter(|_| chance.one_in(2)) {
            old.copy_from_slice(new);
        }
        assert_eq!(on_disk(&torn), known);
    }
}

#[test]
fn a_damaged_database_is_set_aside_and_stays_so_until_a_new_one_is_started() {
    let last = story(&whole_pickup()).pop().unwrap().0;
    for damage in [
        |image: &mut Image| image.database[..16].fill(b'x'),
        |image: &mut Image| image.database.clear(),
        |image: &mut Image| image.database.truncate(700),
        |image: &mut Image| image.database[68..72].fill(0),
    ] {
        let mut image = last.clone();
        // Without the log: it holds the first page again.
        image.log.clear();
        damage(&mut image);
        let dir = image.restore();
        let first = Journal::open(dir.path(), settings()).unwrap_err();
        let JournalError::Corrupt { set_aside, .. } = &first else { panic!("{first}") };
        assert_eq!(fs::read(set_aside).unwrap(), image.database, "kept as it was found");
        let second = Journal::open(dir.path(), settings()).unwrap_err();
        let JournalError::Corrupt { set_aside: again, .. } = &second else { panic!("{second}") };
        assert_eq!(again, set_aside);
        let new = Journal::start_new(dir.path(), settings(), at(60)).unwrap().0;
        assert_eq!(new.records().list(Filter::default()).unwrap(), []);
        drop(new);
        open(dir.path());
        assert!(set_aside.exists());
        let twice = Journal::start_new(dir.path(), settings(), at(60)).unwrap_err();
        assert!(matches!(twice, JournalError::NothingToReplace { .. }));
    }
}

#[test]
fn damage_deep_inside_is_found_when_met_or_at_night_and_nothing_is_recorded_after() {
    let dir = fast_dir();
    let mut journal = open(dir.path());
    for entries in whole_pickup() {
        journal.append(&entries).unwrap();
    }
    journal.checkpoint().unwrap();
    drop(journal);
    let mut image = Image::of(dir.path());
    // A page of the story: opening does not read it.
    let told = |page: &[u8]| page.windows(8).any(|part| part == b"reported");
    let page = image.database.chunks_mut(1024).find(|page| told(page)).unwrap();
    page[..8].fill(0xEE);
    let dir = image.restore();
    let mut journal = open(dir.path());
    let found = journal.check_integrity().unwrap_err();
    let JournalError::Corrupt { set_aside, .. } = found else { panic!("{found}") };
    assert!(matches!(journal.append(&begun("p2")), Err(JournalError::Corrupt { .. })));
    drop(journal);
    assert_eq!(fs::read(&set_aside).unwrap(), image.database, "closing wrote nothing into it");
    assert!(matches!(Journal::open(dir.path(), settings()), Err(JournalError::Corrupt { .. })));
}

#[test]
fn a_database_that_is_gone_is_missed_and_a_stray_log_is_not_taken_for_the_new_ones() {
    let mut image = story(&whole_pickup()).pop().unwrap().0;
    let dir = image.restore();
    fs::remove_file(dir.path().join("journal.db")).unwrap();
    let missing = Journal::open(dir.path(), settings()).unwrap_err();
    assert!(matches!(missing, JournalError::Missing { .. }), "{missing}");
    let new = Journal::start_new(dir.path(), settings(), at(60)).unwrap().0;
    assert_eq!(new.records().list(Filter::default()).unwrap(), []);
    drop(new);

    image.database[60..64].copy_from_slice(&4_u32.to_be_bytes());
    image.log.clear();
    let dir = image.restore();
    let newer = Journal::open(dir.path(), settings()).unwrap_err();
    assert!(matches!(newer, JournalError::NewerSchema { found: 4, known: 3, .. }), "{newer}");
    assert!(dir.path().join("journal.db").exists(), "left where it is");
}
