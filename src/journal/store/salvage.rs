//! Salvage of a journal that was lost: the bookings it knew, read from its pages one by one. SQLite would stop at the
//! first that is damaged; here each page is looked at for itself, and only read.
//!
//! A new journal knows nothing: at a site that accepts a second issue it would print again what the lost one has
//! printed. So it keeps these bookings on a list, and their customers go to the counter.

mod pages;
mod record;

use crate::journal::retention::{SALVAGED_MAX, salvage_from};
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time limit for the salvage, on a disk that answers late if at all.
const LIMIT: Duration = Duration::from_secs(120);
/// Largest number of booking numbers with something owed that are named one by one.
const NAMED_MAX: usize = 50;

/// Result of reading a lost journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvage {
    /// Path of the lost database as it is now; none where nothing of it is there.
    pub file: Option<PathBuf>,
    /// Number of pages it had, its log's included.
    pub pages: u64,
    /// Number of pages that could be read.
    pub pages_read: u64,
    /// True if it took too long, or there was too much: the rest is not on the list.
    pub cut_short: bool,
    /// Number of booking numbers on the list.
    pub numbers: usize,
    /// Times of the last step of the oldest and of the newest booking on the list, by the kiosk's clock then.
    pub period: Option<(Timestamp, Timestamp)>,
    /// Number of bookings of which something was owed, uncertain or not reported to the site.
    pub open: usize,
    /// Booking numbers of the first of them, at most 50.
    pub open_numbers: Vec<BookingNumber>,
}

/// A row of the list of a lost journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) number: BookingNumber,
    pub(super) found: Found,
    pub(super) id_hash: Option<[u8; 32]>,
    /// Start of the last session, in milliseconds; none where it could not be read.
    pub(super) last_session: Option<i64>,
}

/// Table in which a number was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The table of bookings.
    Bookings,
    /// The table of pickups alone: the booking itself could not be read.
    Pickups,
}

impl Found {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bookings => "bookings",
            Self::Pickups => "pickups",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Bookings, Self::Pickups].into_iter().find(|found| found.name() == name)
    }
}

/// A row of the table of bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Booking {
    number: BookingNumber,
    id_hash: Option<[u8; 32]>,
    last_step: i64,
    last_session: i64,
    open: bool,
}

/// A wanted row of any of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    Booking(Booking),
    /// A pickup that had a booking.
    Pickup(BookingNumber),
    /// A row of the list that the lost journal itself kept of one before it.
    Salvaged {
        number: BookingNumber,
        found: Found,
        id_hash: Option<[u8; 32]>,
        last_session: Option<i64>,
    },
}

/// A booking by its number and its ID's hash.
type Key = (BookingNumber, Option<[u8; 32]>);

/// Rows as they come in. An older image of a page may repeat a row of a newer one: the later time counts.
#[derive(Debug, Default)]
struct Collected {
    bookings: BTreeMap<Key, Booking>,
    /// Numbers of pickups that had a booking.
    pickups: BTreeSet<BookingNumber>,
    salvaged: BTreeMap<Key, (Found, Option<i64>)>,
}

/// Reads databases with their logs: the lost one, and what a crash between setting it aside and starting anew left.
pub(super) fn read(databases: &[(PathBuf, PathBuf)], now: Timestamp) -> (Vec<Lost>, Salvage) {
    let until = Instant::now() + LIMIT;
    let (mut collected, mut salvage) = (Collected::default(), Salvage::default());
    for (database, log) in databases {
        let pages = read_pages(database, log, until, &mut collected);
        salvage.pages += pages.all;
        salvage.pages_read += pages.read;
        salvage.cut_short |= pages.cut_short;
    }
    let lost = collected.list(now, &mut salvage);
    (lost, salvage)
}

fn read_pages(database: &Path, log: &Path, until: Instant, collected: &mut Collected) -> pages::Pages {
    pages::each(database, log, until, &mut |image, first| {
        let in_cells = record::in_cells(image, first);
        let found = in_cells.is_some();
        let blank = image.iter().all(|byte| *byte == 0);
        let rows = in_cells.unwrap_or_else(|| if blank { Vec::new() } else { record::in_any_place(image) });
        for row in rows {
            collected.take(row);
        }
        found
    })
}

impl Collected {
    fn take(&mut self, row: Row) {
        match row {
            Row::Booking(new) => {
                let known = self.bookings.entry((new.number, new.id_hash)).or_insert_with(|| new.clone());
                known.last_step = known.last_step.max(new.last_step);
                known.last_session = known.last_session.max(new.last_session);
                known.open |= new.open;
            }
            Row::Pickup(number) => {
                self.pickups.insert(number);
            }
            Row::Salvaged { number, found, id_hash, last_session } => {
                let known = self.salvaged.entry((number, id_hash)).or_insert((found, last_session));
                known.1 = known.1.max(last_session);
            }
        }
    }

    /// Returns the list: bookings whose ID was not forgotten, for their session was not over by a day, and others of
    /// the last 48 hours; numbers of pickups whose booking could not be read; and what was on a list already. The
    /// newest, where there are too many.
    fn list(self, now: Timestamp, salvage: &mut Salvage) -> Vec<Lost> {
        let from = salvage_from(now, self.bookings.values().map(|booking| booking.last_step).max());
        let with_booking = self.bookings.keys().map(|(number, _)| *number).collect::<BTreeSet<_>>();
        let wanted = |booking: &Booking| booking.id_hash.is_some() || booking.last_step >= from;
        let mut bookings = self.bookings.into_values().filter(wanted).collect::<Vec<_>>();
        bookings.sort_by_key(|booking| std::cmp::Reverse((booking.open, booking.last_step)));
        let moment = |ms: Option<i64>| ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let steps = || bookings.iter().map(|booking| booking.last_step);
        salvage.period = moment(steps().min()).zip(moment(steps().max()));
        let open = || bookings.iter().filter(|booking| booking.open).map(|booking| booking.number);
        (salvage.open, salvage.open_numbers) = (open().count(), open().take(NAMED_MAX).collect());
        let known = bookings.into_iter().map(|booking| Lost {
            number: booking.number,
            found: Found::Bookings,
            id_hash: booking.id_hash,
            last_session: Some(booking.last_session),
        });
        let alone = self.pickups.into_iter().rev().filter(|number| !with_booking.contains(number));
        let alone =
            alone.map(|number| Lost { number, found: Found::Pickups, id_hash: None, last_session: None });
        let before = self.salvaged.into_iter().map(|((number, id_hash), (found, last_session))| Lost {
            number,
            found,
            id_hash,
            last_session,
        });
        let mut lost = known.chain(alone).chain(before).collect::<Vec<_>>();
        salvage.cut_short |= lost.len() > SALVAGED_MAX;
        lost.truncate(SALVAGED_MAX);
        salvage.numbers = lost.iter().map(|row| row.number).collect::<BTreeSet<_>>().len();
        lost
    }
}
