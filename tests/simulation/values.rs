//! Values a world is made of: events, kiosks, printers, the truth about bookings, customers.

use super::bytes_side::Bytes;
use super::queue::Queue;
use pickup_kiosk::device::printer::session::PrintResult as Printed;
use pickup_kiosk::journal::clock_trust::ClockTrust;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Readiness};
use pickup_kiosk::pickup::state::State;
use pickup_kiosk::ticket::{SeatKey, Ticket};
use std::collections::{BTreeMap, BTreeSet};

/// Event at a moment.
#[derive(Debug, Clone)]
pub enum Event {
    /// An answer reaches a kiosk, unless it was switched off since (`life`).
    /// `again`: it came before.
    Answer { kiosk: usize, life: u32, input: Box<Input>, again: bool },
    /// A request reaches the site; `fate` is what becomes of its reply.
    AtSite { kiosk: usize, life: u32, request: Box<Action>, fate: Fate },
    /// The printer's owner tells what became of a paper.
    Printed { kiosk: usize, life: u32, paper: u64, result: Printed },
    /// The printer is to be looked at, once its queue is clear.
    LookedFor { kiosk: usize, life: u32, pickup: PickupId },
    /// A printer's job is over.
    JobDone { kiosk: usize, life: u32 },
    /// A printer takes tickets again.
    Mended { kiosk: usize, job: u32 },
    /// A printer of bytes is looked at.
    PrinterDue { kiosk: usize },
    /// A kiosk starts.
    PowerOn { kiosk: usize },
    /// A customer presents his code, or the other half of it.
    Presents { customer: usize },
    /// Somebody scans a code without looking at the screen.
    Impatient { kiosk: usize },
    /// The counter prints a booking's seats: all, or the first.
    Counter { booking: usize, all: bool },
    /// The cinema refunds a booking's last seat, or all.
    Refund { booking: usize, all: bool },
    /// Staff look at a kiosk's list of what is owed and uncertain.
    Staff { kiosk: usize },
    /// Staff put a booking back that was issued and not reported.
    Reset { booking: usize },
    /// A kiosk's journal forgets what is due.
    Housekeeping { kiosk: usize },
    /// Somebody sets a clock right, or wrong.
    ClockSet { kiosk: usize, by_ms: i64 },
    /// The kiosk tries whether its journal takes records again.
    JournalTried { kiosk: usize, life: u32 },
}

/// Fate of a request at the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The request is answered.
    Served,
    /// The request never arrives, and no answer comes.
    Lost,
    /// Not a byte of the request is sent.
    NotSent,
    /// The request is done, but the answer is lost.
    ReplyLost,
    /// The request is done, but the answer is nonsense.
    Malformed,
    /// The request is answered with a refusal and not done.
    Refused,
}

/// A booking of which a journal that was lost had a record.
#[derive(Default)]
pub struct SetAside {
    /// First life after the last such loss.
    pub life: u32,
    /// Seats of the booking in all those records.
    pub seats: BTreeSet<usize>,
}

/// A kiosk with its journal and its printer.
pub struct Kiosk {
    pub on: bool,
    /// Number of starts.
    pub life: u32,
    pub state: State,
    pub journal: MemoryJournal,
    /// Trust in the kiosk's clock when something is to be forgotten.
    pub clock_trust: ClockTrust,
    /// Bookings that were on record when the key under which IDs are kept was lost.
    pub key_lost: BTreeSet<usize>,
    /// By booking: its records in journals that were lost.
    pub in_old_journal: BTreeMap<usize, SetAside>,
    pub started_ms: u64,
    pub wall_jump_ms: i64,
    /// The journal takes nothing before this moment.
    pub journal_away_until_ms: u64,
    /// Moment at which the site's connection is free again.
    pub site_free_ms: u64,
    pub printer: Printer,
    /// Customer who stands in front, and the pickup.
    pub customer: Option<(usize, PickupId)>,
    /// The customer has seen that half of the code is missing.
    pub half_asked: bool,
    /// Latest pickup here of each booking.
    pub tied: BTreeMap<PickupId, usize>,
    pub latest: BTreeMap<usize, PickupId>,
    /// Claim references on record: of which booking, and when its pickup began by the kiosk's clock, in milliseconds.
    pub claims: BTreeMap<u32, (Option<usize>, i64)>,
    /// Start of each pickup by the kiosk's clock, in milliseconds.
    pub began: BTreeMap<PickupId, i64>,
}

/// Printer of a kiosk.
pub struct Printer {
    pub readiness: Readiness,
    /// Printer of bytes, with the kiosk's own session before it, where it is one.
    pub bytes: Option<Box<Bytes>>,
    /// Queue of the kiosk before it.
    pub queue: Queue,
    pub job: Option<Job>,
    /// Number of stops, so that an old mending ends no new one.
    pub stops: u32,
}

/// Ticket that a printer is printing.
pub struct Job {
    pub paper: u64,
    pub booking: usize,
    pub seat: SeatKey,
    pub again: bool,
    pub torn: bool,
    pub result: Printed,
}

/// Papers of a booking's seat at one kiosk, as they really are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paper {
    /// Number of originals of which a byte went out.
    pub begun: u8,
    /// Number of originals that came out whole.
    pub whole: u8,
    /// Number of reprints of which a byte went out.
    pub again_begun: u8,
    /// Number of reprints that came out whole.
    pub again: u8,
    /// Staff have settled the seat here without the printer.
    pub staff: bool,
}

/// Truth about a booking that only the test knows.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Papers, by kiosk and by seat.
    pub paper: [Vec<Paper>; 2],
    /// By kiosk: 0x05 was answered 0, and the record of it is not settled and forgotten.
    pub issued: [bool; 2],
    /// By kiosk: 0x05 was answered 0, whatever was forgotten of it.
    pub issued_ever: [bool; 2],
    /// By kiosk: an 0x07 has arrived and was taken.
    pub report_taken: [bool; 2],
    /// The counter has printed the seat.
    pub counter: Vec<bool>,
    /// The seat was collected before anything began.
    pub printed_from_the_start: Vec<bool>,
    /// By kiosk: the last 0x06 it was told lets it print: 0, or 1 while the site has it for the holder.
    pub may_print: [bool; 2],
    /// By kiosk: a 0x06 of the last pickup that asked lets it print.
    pub fresh_claim: [bool; 2],
    /// By kiosk: its last 0x05 was for another spelling of the ID.
    pub other_id: [bool; 2],
    /// By kiosk: the moment at which its last 0x05 was answered with 0, in ms.
    pub issued_at_ms: [u64; 2],
    /// Kiosk that had the last 0x05 = 0 of the site.
    pub claimed_by: Option<usize>,
    /// By kiosk, by seat: the last answer of the site that it was told said printed, whoever had asked, and this
    /// kiosk's own report is not the cause.
    pub told: [Vec<bool>; 2],
    /// By kiosk, by seat: a stale answer hid from it that the seat is flagged, before its report arrived, which nobody
    /// can tell from the counter afterwards; and no answer has shown it since.
    pub hidden: [Vec<bool>; 2],
    /// By kiosk, by seat: the counter has printed it since the answer to the question before its report.
    pub in_window: [Vec<bool>; 2],
    /// By kiosk, by seat: an answer has told it of the counter's paper before its report was taken: whatever later
    /// answers say. A power cut forgets it, where no record has it.
    pub told_for_good: [Vec<bool>; 2],
    /// By kiosk, by seat: the counter printed this seat alone before the kiosk's issue, where an issue sets the flags,
    /// and no answer has told it so by then: it can't tell that flag from its own issue's.
    pub unseen: [Vec<bool>; 2],
    /// By kiosk: the site has answered the question before its report.
    pub seen_before_report: [bool; 2],
    /// List of the site when it was last asked: what it says again when its answer is stale.
    pub last_list: Option<Vec<Ticket>>,
    /// A list of it was short already.
    pub was_short: bool,
    /// The claim lapsed or was put back: the site may have given the booking to two.
    pub lapsed: bool,
    /// Moment before which there are no ticket_info_codes, in ms.
    pub codes_at_ms: u64,
    /// By kiosk, by seat: papers of it that had come out when its record was forgotten, everything on it settled.
    pub forgotten_paper: [Vec<u8>; 2],
}

/// Somebody with a code.
#[derive(Debug, Clone)]
pub struct Customer {
    pub booking: usize,
    pub kiosk: usize,
    pub manner: Manner,
    pub tries: u8,
    pub done: bool,
}

/// Manner in which a code is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Pair,
    IdAlone,
    NumberThenId,
    Respelled,
    NumberOnly,
    WrongId,
}
