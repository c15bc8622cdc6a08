//! One episode: some kiosks, a site, a cloud, printers, people, from a seed.

use super::bytes_side::{self, Bytes};
use super::chance::Chance;
use super::faults::{Fault, Plan};
use super::parts;
use super::queue::Queue;
use super::sites;
use super::summary::Summary;
use jiff::Timestamp;
use pickup_kiosk::device::printer::session::PrintResult as Printed;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::{Input, Now, Readiness};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::State;
use pickup_kiosk::simulator::cinema::Cinema;
use pickup_kiosk::ticket::{SeatKey, Ticket};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

/// An executor that is wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// It isn't.
    No,
    /// The effects of a list come before its records.
    RecordAfterEffect,
    /// What was written to the printer counts as printed.
    FenceIgnored,
    /// The site's print_flags never reach the workflow.
    FlagsIgnored,
    /// At a printer of bytes: an answer to the fence of an earlier job is taken for one to the newest.
    OldFenceBelieved,
}

/// What happens at a moment.
#[derive(Debug, Clone)]
pub enum Event {
    /// An answer reaches a kiosk, unless it was switched off since (`life`).
    /// `again`: it came before.
    Answer { kiosk: usize, life: u32, input: Box<Input>, again: bool },
    /// A request reaches the site; `fate` is what becomes of its reply.
    AtSite { kiosk: usize, life: u32, request: Box<Action>, fate: Fate },
    /// The printer's owner tells what became of a paper.
    Printed { kiosk: usize, life: u32, paper: u64, result: Printed },
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
    /// The kiosk tries whether its journal takes records again.
    JournalTried { kiosk: usize, life: u32 },
}

/// What becomes of a request at the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Answered.
    Served,
    /// It never arrives, and no answer comes.
    Lost,
    /// Not a byte of it is sent.
    NotSent,
    /// Done, but the answer is lost.
    ReplyLost,
    /// Done, but the answer is nonsense.
    Malformed,
    /// Answered with a refusal and not done.
    Refused,
}

/// A kiosk with its journal and its printer.
pub struct Kiosk {
    pub on: bool,
    /// Counts starts.
    pub life: u32,
    pub state: State,
    pub journal: MemoryJournal,
    pub started_ms: u64,
    pub wall_jump_ms: i64,
    /// The journal takes nothing before this moment.
    pub journal_away_until_ms: u64,
    /// The site's connection is free again.
    pub site_free_ms: u64,
    pub printer: Printer,
    /// Who stands in front, and under which pickup.
    pub customer: Option<(usize, PickupId)>,
    /// He has seen that half of the code is missing.
    pub half_asked: bool,
    /// Each booking's latest pickup here.
    pub tied: BTreeMap<PickupId, usize>,
    pub latest: BTreeMap<usize, PickupId>,
    /// Claim references on record.
    pub claims: BTreeMap<u32, Option<usize>>,
}

/// A printer.
pub struct Printer {
    pub readiness: Readiness,
    /// It is one of bytes, with the kiosk's own session before it.
    pub bytes: Option<Box<Bytes>>,
    /// The kiosk's queue before it.
    pub queue: Queue,
    pub job: Option<Job>,
    /// Counts stops, so that an old mending ends no new one.
    pub stops: u32,
}

/// What a printer is printing.
pub struct Job {
    pub paper: u64,
    pub booking: usize,
    pub seat: SeatKey,
    pub again: bool,
    pub torn: bool,
    pub result: Printed,
}

/// What really became of a booking's seat, by kiosk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paper {
    /// Originals of which a byte went out.
    pub begun: u8,
    /// Originals that came out whole.
    pub whole: u8,
    /// Reprints of which a byte went out.
    pub again_begun: u8,
    /// Reprints that came out whole.
    pub again: u8,
    /// Staff have settled the seat here without the printer.
    pub staff: bool,
}

/// The truth about a booking that only the test knows.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// By kiosk, by seat.
    pub paper: [Vec<Paper>; 2],
    /// By kiosk: 0x05 was answered 0.
    pub issued: [bool; 2],
    /// By kiosk: bytes of an 0x07 went out.
    pub reported: [bool; 2],
    /// The counter has printed the seat.
    pub counter: Vec<bool>,
    /// The seat was collected before anything began.
    pub printed_from_the_start: Vec<bool>,
    /// By kiosk: the last 0x06 it was told lets it print: 0, or 1 while the site has it for the holder.
    pub may_print: [bool; 2],
    /// By kiosk: its last 0x05 was for another spelling of the ID.
    pub other_id: [bool; 2],
    /// Who had the last 0x05 = 0 of the site.
    pub holder: Option<usize>,
    /// By kiosk, by seat: the last answer of the site that it was told said printed, whoever had asked, and this
    /// kiosk's own report is not the cause.
    pub told: [Vec<bool>; 2],
    /// By seat: an answer that was stale hid that the counter had printed it, before a report that nobody can tell
    /// from the counter afterwards.
    pub hidden: Vec<bool>,
    /// What the site said when it was last asked: what it says again when its answer is stale.
    pub last_list: Option<Vec<Ticket>>,
    /// A list of it was short already.
    pub was_short: bool,
    /// The claim lapsed or was put back: the site may have given the booking to two.
    pub lapsed: bool,
    /// No ticket_info_codes before this.
    pub codes_at_ms: u64,
    /// Something but the fault keeps it from being printed by itself.
    pub disturbed: bool,
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

/// How a code is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Pair,
    IdAlone,
    NumberThenId,
    Respelled,
    NumberOnly,
    WrongId,
}

/// All of it.
pub struct World<'a> {
    pub machine: &'a Machine,
    pub summary: &'a mut Summary,
    pub chance: Chance,
    pub plan: Plan,
    pub broken: Broken,
    pub now_ms: u64,
    /// What is being told was told before.
    pub repeated: bool,
    pub cinema: Cinema,
    pub truth: Vec<Truth>,
    pub kiosks: Vec<Kiosk>,
    pub customers: Vec<Customer>,
    queue: BinaryHeap<Reverse<(u64, u64, usize)>>,
    events: Vec<Option<Event>>,
    pub pickups: u64,
    pub steps: u64,
    /// What is wrong, at which step; ends the episode.
    pub violation: Option<String>,
    /// The story of the steps, when somebody wants it.
    pub log: Option<Vec<String>>,
    /// Every text is searched for IDs.
    pub search_texts: bool,
}

impl World<'_> {
    pub fn at(&mut self, in_ms: u64, event: Event) {
        let at = self.now_ms + in_ms;
        let place = self.events.len();
        self.events.push(Some(event));
        self.queue.push(Reverse((at, place as u64, place)));
    }

    pub fn single(&self) -> Option<Fault> {
        match self.plan {
            Plan::Single { fault, .. } => Some(fault),
            Plan::Random { .. } => None,
        }
    }

    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.plan.strikes(fault, &mut self.chance);
        if strikes {
            self.summary.faults[fault as usize] += 1;
            self.note(|| format!("fault {fault:?}"));
        }
        strikes
    }

    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            let line = format!("{:>9} ms  {}", self.now_ms, text());
            log.push(line);
        }
    }

    pub fn violated(&mut self, what: impl FnOnce() -> String) {
        if self.violation.is_none() {
            let what = format!("step {}: {}", self.steps, what());
            self.note(|| format!("VIOLATION {what}"));
            self.violation = Some(what);
        }
    }

    /// The site as it is at this moment.
    pub fn cinema_now(&mut self) -> &mut Cinema {
        self.cinema.at(self.now_ms);
        &mut self.cinema
    }

    pub fn wall(&self, kiosk: usize) -> Timestamp {
        parts::wall(self.now_ms as i64 + self.kiosks[kiosk].wall_jump_ms)
    }

    pub fn now(&self, kiosk: usize) -> Now {
        let mono = Duration::from_millis(self.now_ms - self.kiosks[kiosk].started_ms);
        Now { mono, wall: self.wall(kiosk) }
    }

    pub fn new_pickup(&mut self, kiosk: usize) -> PickupId {
        self.pickups += 1;
        self.summary.pickups += 1;
        PickupId(format!("k{kiosk}p{}", self.pickups))
    }

    /// The earliest moment at which a kiosk wants a tick.
    fn next_tick(&self) -> Option<(u64, usize)> {
        let due = |(at, kiosk): (usize, &Kiosk)| {
            let deadline = self.machine.deadline(&kiosk.state).filter(|_| kiosk.on)?;
            Some((kiosk.started_ms + deadline.as_millis() as u64, at))
        };
        self.kiosks.iter().enumerate().filter_map(due).min()
    }

    /// Until nothing is left to happen.
    pub fn run(&mut self) {
        while self.violation.is_none() {
            self.steps += 1;
            if self.steps > 20_000 {
                return self.violated(|| "it comes to no rest".into());
            }
            let event = self.queue.peek().map(|Reverse((at, ..))| *at);
            match (event, self.next_tick()) {
                (None, None) => break,
                (event, Some((tick, kiosk))) if event.is_none_or(|at| tick <= at) => {
                    self.now_ms = self.now_ms.max(tick);
                    self.feed(kiosk, Input::Tick);
                }
                _ => {
                    let Some(Reverse((at, _, place))) = self.queue.pop() else { break };
                    self.now_ms = self.now_ms.max(at);
                    if let Some(event) = self.events[place].take() {
                        self.happens(event);
                    }
                }
            }
        }
        self.summary.steps += self.steps;
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Answer { kiosk, life, input, again } => {
                if self.kiosks[kiosk].on && self.kiosks[kiosk].life == life {
                    self.repeated = again;
                    self.feed(kiosk, *input);
                    self.repeated = false;
                }
            }
            Event::AtSite { kiosk, life, request, fate } => self.at_site(kiosk, life, &request, fate),
            Event::Printed { kiosk, life, paper, result } => {
                if self.kiosks[kiosk].on && self.kiosks[kiosk].life == life {
                    self.printed(kiosk, paper, result);
                }
            }
            Event::JobDone { kiosk, life } => self.job_done(kiosk, life),
            Event::Mended { kiosk, job } => self.mended(kiosk, job),
            Event::PrinterDue { kiosk } => self.printer_due(kiosk),
            Event::PowerOn { kiosk } => self.power_on(kiosk),
            Event::Presents { customer } => self.presents(customer),
            Event::Impatient { kiosk } => self.impatient(kiosk),
            Event::Counter { booking, all } => self.counter(booking, all),
            Event::Refund { booking, all } => self.refund(booking, all),
            Event::Staff { kiosk } => self.staff(kiosk),
            Event::Reset { booking } => self.reset(booking),
            Event::JournalTried { kiosk, life } => self.journal_tried(kiosk, life),
        }
    }
}

/// What an episode is made of.
pub struct Frame<'a> {
    pub machines: &'a [Machine],
    pub summary: &'a mut Summary,
    pub broken: Broken,
    pub log: bool,
}

/// Makes the world of a seed. `single`: one fault that heals, and nothing else out of the ordinary.
pub fn world(frame: Frame<'_>, seed: u64, single: bool) -> World<'_> {
    let mut chance = Chance::new(seed);
    let plan = if single { Plan::single(&mut chance) } else { Plan::random(&mut chance) };
    let (_, site) = chance.one_of(&sites::ALL);
    let (knows, cloud) = (chance.below(2) == 0, chance.below(2) == 0);
    let machine = &frame.machines[sites::told(site, knows, cloud)];
    let kiosks = chance.between(1, 2) as usize;
    let count = chance.between(3, 9) as usize;
    let seats: Vec<usize> = (0..count).map(|_| chance.one_of(&[1, 1, 2, 2, 2, 3, 4])).collect();
    let bookings = seats.iter().enumerate().map(|(index, seats)| parts::booking(index, *seats)).collect();
    let truth = |seats: &usize| Truth {
        paper: [vec![Paper::default(); *seats], vec![Paper::default(); *seats]],
        counter: vec![false; *seats],
        hidden: vec![false; *seats],
        printed_from_the_start: vec![false; *seats],
        told: [vec![false; *seats], vec![false; *seats]],
        ..Truth::default()
    };
    frame.summary.episodes += 1;
    let mut world = World {
        machine,
        summary: frame.summary,
        search_texts: chance.below(64) == 0,
        chance,
        plan,
        broken: frame.broken,
        now_ms: 1_000_000,
        repeated: false,
        cinema: Cinema::new(bookings, site),
        truth: seats.iter().map(truth).collect(),
        kiosks: (0..kiosks).map(|place| kiosk(seed, single, place)).collect(),
        customers: Vec::new(),
        queue: BinaryHeap::new(),
        events: Vec::new(),
        pickups: 0,
        steps: 0,
        violation: None,
        log: frame.log.then(Vec::new),
    };
    for kiosk in 0..kiosks {
        world.power_on(kiosk);
    }
    world.people(single);
    world
}

fn kiosk(seed: u64, single: bool, place: usize) -> Kiosk {
    let bytes = bytes_side::of_episode(seed, single, place);
    let queue = Queue::new(seed, single, place);
    Kiosk {
        on: false,
        life: 0,
        state: State::default(),
        journal: MemoryJournal::new(parts::DAY_OFFSET_MS),
        started_ms: 0,
        wall_jump_ms: 0,
        journal_away_until_ms: 0,
        site_free_ms: 0,
        printer: Printer { readiness: Readiness::Ready, bytes, queue, job: None, stops: 0 },
        customer: None,
        half_asked: false,
        tied: BTreeMap::new(),
        latest: BTreeMap::new(),
        claims: BTreeMap::new(),
    }
}
