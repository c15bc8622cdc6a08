//! Journal of a state, shared with all states that have the same one: a record makes a copy, nothing else does.

use super::parts;
use super::wide::Wide;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::{Claim, Entry, Leftover, PickupId, Recall};
use pickup_kiosk::journal::rules::{Booking, Illegal};
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Journal, and what is asked of it for every state.
#[derive(Clone)]
pub struct OnRecord(pub Rc<Shared>);

/// Journal with its known values, told apart by the journal alone.
pub struct Shared {
    journal: MemoryJournal,
    known: OnceCell<Known>,
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.journal == other.journal
    }
}

impl Eq for Shared {}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, to: &mut H) {
        self.journal.hash(to);
    }
}

/// Values of the journal that tell states apart.
pub struct Known {
    /// Hash of the one booking, whatever its claim reference is.
    pub booking: u128,
    /// Pickups without an end that have a booking.
    pub unfinished: Vec<PickupId>,
}

impl OnRecord {
    pub fn new() -> Self {
        Self::of(MemoryJournal::new(parts::DAY_OFFSET_MS))
    }

    fn of(journal: MemoryJournal) -> Self {
        Self(Rc::new(Shared { journal, known: OnceCell::new() }))
    }

    /// Returns true if the pickup is on record as one of the booking.
    pub fn has(&self, pickup: &PickupId) -> bool {
        self.0.journal.history_of(pickup).is_some()
    }

    pub fn append(&mut self, entries: &[Entry]) -> Result<(), Illegal> {
        if let Some(own) = Rc::get_mut(&mut self.0) {
            own.known.take();
            return own.journal.append(entries);
        }
        let mut journal = self.0.journal.clone();
        let appended = journal.append(entries);
        *self = Self::of(journal);
        appended
    }

    pub fn recall(&self, number: Option<BookingNumber>, id: &BookingId) -> Recall {
        self.0.journal.recall(number, id, parts::wall(0))
    }

    pub fn leftover(&self) -> Leftover {
        self.0.journal.leftover(parts::wall(0))
    }

    /// Returns the one booking.
    pub fn held(&self) -> Option<&Booking> {
        self.0.journal.bookings().next().map(|(_, booking)| booking)
    }

    /// Returns the values, worked out once for each journal.
    pub fn known(&self) -> &Known {
        self.0.known.get_or_init(|| {
            let unfinished = self.leftover().unfinished.into_iter().map(|(open, _)| open.pickup);
            Known { booking: booking_key(self.held()), unfinished: unfinished.collect() }
        })
    }
}

fn booking_key(held: Option<&Booking>) -> u128 {
    let mut to = Wide::default();
    let nameless = held.cloned().map(|booking| {
        let claim = booking.claim.map(|_| Claim(1));
        Booking { claim, ..booking }
    });
    nameless.hash(&mut to);
    to.all()
}
