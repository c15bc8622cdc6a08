//! The pages of a database that SQLite may refuse to open, each in its newest image that can be read: out of the log
//! where it is there, else out of the file.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Instant;

/// Page size of a journal where no header says another, in bytes.
const PAGE_BYTES: u32 = 1024;
/// Largest number of pages looked at, in the file and in its log each: 2 GiB.
const PAGES_MAX: u64 = 1 << 21;
/// Lengths of the log's own head and of each frame's, in bytes.
const LOG_HEAD: u64 = 32;
const FRAME_HEAD: u64 = 24;
/// First bytes of a log but for their last bit, which tells the order of its sums' bytes.
const LOG_MAGIC: u32 = 0x377F_0682;

/// Numbers of pages there were and that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pages {
    /// Number of pages there were, by the length of the file and by the log.
    pub(super) all: u64,
    /// Number of pages of which an image could be read as a table's or an index's page.
    pub(super) read: u64,
    /// True if it took too long, or there were too many pages: the rest was not looked at.
    pub(super) cut_short: bool,
}

/// Hands over every page's newest image, and older ones as long as the visitor finds no page in it. `visit` gets the
/// image and whether it is the first page, which begins with the file's head.
pub(super) fn each(
    database: &Path,
    log: &Path,
    until: Instant,
    visit: &mut dyn FnMut(&[u8], bool) -> bool,
) -> Pages {
    let (mut file, mut log) = (File::open(database).ok(), File::open(log).ok());
    let size = page_size(file.as_mut(), log.as_mut());
    let frames = log.as_mut().map(|log| frames(log, size)).unwrap_or_default();
    let length = file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |data| data.len());
    let in_file = length.div_ceil(u64::from(size));
    let last = frames.keys().next_back().copied().unwrap_or(0).max(in_file);
    let mut pages = Pages { all: last, ..Pages::default() };
    let mut image = vec![0; usize::try_from(size).unwrap_or(0)];
    for number in 1..=last {
        if number > PAGES_MAX || Instant::now() >= until {
            pages.cut_short = true;
            break;
        }
        let newer = frames.get(&number).map(Vec::as_slice).unwrap_or_default();
        let mut look = |source: Option<&mut File>, place| {
            source.is_some_and(|source| read_at(source, place, &mut image)) && visit(&image, number == 1)
        };
        let found = newer.iter().rev().any(|place| look(log.as_mut(), *place))
            || look(file.as_mut(), (number - 1).saturating_mul(u64::from(size)));
        pages.read += u64::from(found);
    }
    pages
}

/// Reads as much as there is; what is missing of the image is zeros. Returns false if nothing could be read.
fn read_at(file: &mut File, place: u64, image: &mut [u8]) -> bool {
    image.fill(0);
    if file.seek(SeekFrom::Start(place)).is_err() {
        return false;
    }
    let mut filled = 0;
    while let Some(rest) = image.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
    filled > 0
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn page_size(file: Option<&mut File>, log: Option<&mut File>) -> u32 {
    let sane = |size: &u32| (512..=65_536).contains(size) && size.is_power_of_two();
    let head = |source: Option<&mut File>| {
        let mut head = [0; 32];
        source.is_some_and(|source| read_at(source, 0, &mut head)).then_some(head)
    };
    let of_log = |head: [u8; 32]| word(&head, 8).filter(|_| is_log(&head));
    let of_file = |head: [u8; 32]| {
        let size = word(&head, 14)? & 0xFFFF;
        Some(if size == 1 { 65_536 } else { size }).filter(|_| head.starts_with(b"SQLite format 3\0"))
    };
    let by_log = head(log).and_then(of_log).filter(sane);
    by_log.or_else(|| head(file).and_then(of_file).filter(sane)).unwrap_or(PAGE_BYTES)
}

/// Returns true if these are the first bytes of a log.
fn is_log(head: &[u8]) -> bool {
    word(head, 0).is_some_and(|magic| magic & !1 == LOG_MAGIC)
}

/// Returns the places of each page's images in the log, the oldest first. Sums are not checked: what a torn transaction
/// left is only something more on the list. Frames of an earlier round of the log have other salts than its head.
fn frames(log: &mut File, size: u32) -> BTreeMap<u64, Vec<u64>> {
    let mut head = [0; 32];
    let whole_head = read_at(log, 0, &mut head) && is_log(&head);
    let salts = head.get(16..24).map(<[u8]>::to_vec).filter(|_| whole_head);
    let mut frames = BTreeMap::<u64, Vec<u64>>::new();
    let step = FRAME_HEAD + u64::from(size);
    for frame in 0..PAGES_MAX {
        let place = LOG_HEAD + frame * step;
        let mut head = [0; 24];
        if !read_at(log, place, &mut head) {
            break;
        }
        let of_this_round = salts.as_deref().is_none_or(|salts| head.get(8..16) == Some(salts));
        if let Some(page) = word(&head, 0).map(u64::from).filter(|page| (1..=PAGES_MAX).contains(page))
            && of_this_round
        {
            frames.entry(page).or_default().push(place + FRAME_HEAD);
        }
    }
    frames
}
