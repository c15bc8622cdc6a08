//! World of one episode: some kiosks, a site, a cloud, printers, people, from a seed.

use super::bytes_side;
use super::chance::Chance;
use super::faults::{Fault, Plan};
use super::parts;
use super::queue::Queue;
use super::sites;
use super::summary::Summary;
pub use super::values::{Customer, Event, Fate, Job, Kiosk, Manner, Paper, Printer, Truth};
use jiff::Timestamp;
use pickup_kiosk::journal::clock_trust::ClockTrust;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::input::{Input, Now, Readiness};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::{CustomerState, State};
use pickup_kiosk::simulator::cinema::Cinema;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::Duration;

/// Executor that is wrong on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The executor is right.
    No,
    /// The effects of a list come before its records.
    RecordAfterEffect,
    /// Bytes written to the printer count as printed.
    FenceIgnored,
    /// The site's print_flags never reach the workflow.
    FlagsIgnored,
    /// At a printer of bytes: an answer to the fence of an earlier job is taken for one to the newest.
    OldFenceBelieved,
}

/// World of an episode.
pub struct World<'a> {
    pub machine: &'a Machine,
    pub summary: &'a mut Summary,
    pub chance: Chance,
    pub plan: Plan,
    pub broken: Broken,
    pub now_ms: u64,
    /// True while something is told that was told before.
    pub repeated: bool,
    /// True once the single fault of this episode has struck.
    pub struck: bool,
    pub cinema: Cinema,
    pub truth: Vec<Truth>,
    pub kiosks: Vec<Kiosk>,
    pub customers: Vec<Customer>,
    queue: BinaryHeap<Reverse<(u64, u64, usize)>>,
    events: Vec<Option<Event>>,
    pub pickups: u64,
    pub steps: u64,
    /// Number of steps and looks at printers of bytes.
    pub looks: u64,
    /// Violation, with its step; ends the episode.
    pub violation: Option<String>,
    /// Story of the steps, when somebody wants it.
    pub log: Option<Vec<String>>,
    /// True if every text is searched for IDs.
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
            self.struck = true;
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

    /// Returns the site as it is at this moment.
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

    /// Returns the earliest moment at which a kiosk wants a tick.
    fn next_tick(&self) -> Option<(u64, usize)> {
        let due = |(at, kiosk): (usize, &Kiosk)| {
            let deadline = self.machine.deadline(&kiosk.state).filter(|_| kiosk.on)?;
            Some((kiosk.started_ms + deadline.as_millis() as u64, at))
        };
        self.kiosks.iter().enumerate().filter_map(due).min()
    }

    /// Runs until nothing is left to happen.
    pub fn run(&mut self) {
        while self.violation.is_none() {
            self.steps += 1;
            self.looks += 1;
            if self.steps > 20_000 || self.looks > 2_000_000 {
                let next = self.queue.peek().and_then(|Reverse((.., place))| self.events[*place].clone());
                let tick = self.next_tick();
                return self.violated(|| format!("it comes to no rest: next is {next:?}, tick {tick:?}"));
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
            Event::LookedFor { kiosk, life, pickup } => {
                let waits = matches!(&self.kiosks[kiosk].state.customer, CustomerState::Busy(active, _) if active.pickup == pickup);
                if self.kiosks[kiosk].on && self.kiosks[kiosk].life == life && waits {
                    self.check_printer(kiosk, pickup);
                }
            }
            Event::JobDone { kiosk, life } => self.job_done(kiosk, life),
            Event::Mended { kiosk, job } => self.mended(kiosk, job),
            Event::PrinterDue { kiosk } => {
                // Looks at printers of bytes are counted by themselves: there are many.
                self.steps -= 1;
                self.printer_due(kiosk);
            }
            Event::PowerOn { kiosk } => self.power_on(kiosk),
            Event::Presents { customer } => self.presents(customer),
            Event::Impatient { kiosk } => self.impatient(kiosk),
            Event::Counter { booking, all } => self.counter(booking, all),
            Event::Refund { booking, all } => self.refund(booking, all),
            Event::Staff { kiosk } => self.staff(kiosk),
            Event::Housekeeping { kiosk } => self.housekeeping(kiosk),
            Event::ClockSet { kiosk, by_ms } => self.clock_set(kiosk, by_ms),
            Event::Reset { booking } => self.reset(booking),
            Event::JournalTried { kiosk, life } => self.journal_tried(kiosk, life),
        }
    }
}

/// Parts that an episode is made of.
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
    let kind = chance.below(sites::ALL.len() as u64) as usize;
    let (_, site) = sites::ALL[kind];
    let (knows, cloud) = (chance.below(2) == 0, chance.below(2) == 0);
    let machine = &frame.machines[sites::place(kind, knows, cloud)];
    let kiosks = chance.between(1, 2) as usize;
    let count = chance.between(3, 9) as usize;
    let seats: Vec<usize> = (0..count).map(|_| chance.one_of(&[1, 1, 2, 2, 2, 3, 4])).collect();
    let bookings = seats.iter().enumerate().map(|(index, seats)| parts::booking(index, *seats)).collect();
    let truth = |seats: &usize| Truth {
        paper: [vec![Paper::default(); *seats], vec![Paper::default(); *seats]],
        counter: vec![false; *seats],
        hidden: [vec![false; *seats], vec![false; *seats]],
        in_window: [vec![false; *seats], vec![false; *seats]],
        told_for_good: [vec![false; *seats], vec![false; *seats]],
        unseen: [vec![false; *seats], vec![false; *seats]],
        forgotten_paper: [vec![0; *seats], vec![0; *seats]],
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
        struck: false,
        cinema: Cinema::new(bookings, site),
        truth: seats.iter().map(truth).collect(),
        kiosks: (0..kiosks).map(|place| kiosk(seed, single, place)).collect(),
        customers: Vec::new(),
        queue: BinaryHeap::new(),
        events: Vec::new(),
        pickups: 0,
        steps: 0,
        looks: 0,
        violation: None,
        log: frame.log.then(Vec::new),
    };
    for kiosk in 0..kiosks {
        world.power_on(kiosk);
    }
    world.people(single);
    if !single && world.chance.below(16) == 0 {
        world.night();
    }
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
        clock_trust: ClockTrust::default(),
        key_lost: BTreeSet::new(),
        in_old_journal: BTreeMap::new(),
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
        began: BTreeMap::new(),
    }
}
