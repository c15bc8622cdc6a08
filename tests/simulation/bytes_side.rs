//! Printers at the level of bytes, in some episodes: the kiosk's own session decides what is believed of a ticket, and
//! the paper is the printer's.

use super::bytes_line::{Heard, Line};
use super::bytes_model::Paper;
use super::chance::Chance;
use super::faults::Fault;
use super::queue::Seat;
use super::world::{Broken, Event, Job, World};
use pickup_kiosk::device::printer::conditions::{Condition, Conditions};
use pickup_kiosk::device::printer::session::PrintResult as Printed;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::input::{Input, Readiness};
use std::time::Duration;

/// Interval of looks in ms while something is at work.
const AT_WORK_MS: u64 = 20;
/// Interval of looks in ms while it is not ready.
const NOT_READY_MS: u64 = 1_000;
/// Time in ms for which it is looked at after the last thing done to it.
const WATCHED_MS: u64 = 200_000;

/// Shortest time in ms in which a printer is put right, longer than between two status rounds.
const MENDING_MS: u64 = 2_000;

/// One episode in this number has such printers.
const ONE_IN: u64 = 8;

/// A printer of bytes.
pub struct Bytes {
    pub line: Line,
    looking: Option<PickupId>,
    due: bool,
    watched_until_ms: u64,
}

/// Returns the printers of an episode; `None` where its printers are those of tickets.
pub fn of_episode(seed: u64, single: bool, kiosk: usize) -> Option<Box<Bytes>> {
    let mut chance = Chance::new(seed ^ 0x00B7_7E50);
    let bytes = chance.below(ONE_IN) == 0 && !single;
    let line = Line::new(chance.next().wrapping_add(kiosk as u64));
    bytes.then(|| Box::new(Bytes { line, looking: None, due: false, watched_until_ms: 0 }))
}

impl World<'_> {
    fn bytes(&mut self, kiosk: usize) -> Option<&mut Bytes> {
        self.kiosks[kiosk].printer.bytes.as_deref_mut()
    }

    fn moment(&self) -> Duration {
        Duration::from_millis(self.now_ms)
    }

    /// Starts the kiosk's session with a printer of bytes.
    pub fn bytes_on(&mut self, kiosk: usize) {
        self.pump(kiosk);
        let (now, old) = (self.moment(), self.broken == Broken::OldFenceBelieved);
        let Some(bytes) = self.bytes(kiosk) else { return };
        bytes.line.believes_old = old;
        bytes.line.kiosk_on(now);
        bytes.looking = None;
        self.kiosks[kiosk].printer.readiness = Readiness::Stopped(Condition::Disconnected.code());
        self.watched(kiosk);
    }

    /// Cuts the kiosk's power.
    pub fn bytes_off(&mut self, kiosk: usize) {
        self.pump(kiosk);
        let Some(bytes) = self.bytes(kiosk) else { return };
        bytes.line.kiosk_off();
        self.watched(kiosk);
    }

    /// Looks at the printer; returns true where it is one of bytes.
    pub fn bytes_look(&mut self, kiosk: usize, pickup: &PickupId) -> bool {
        if self.bytes(kiosk).is_none() {
            return false;
        }
        self.pump(kiosk);
        if self.strikes(Fault::NoPaper) {
            self.befalls(kiosk, |line| {
                line.model.paper = false;
                (line.model.delay, line.model.loses) = (Duration::ZERO, 0);
            });
        }
        if self.strikes(Fault::StatusLies) {
            // A look that takes seconds.
            self.befalls(kiosk, |line| {
                let late = Duration::from_millis(line.chance.between(100, 4_000));
                line.model.delay = if line.model.will_stop() { Duration::ZERO } else { late };
            });
        }
        let Some(bytes) = self.bytes(kiosk) else { return true };
        bytes.looking = Some(pickup.clone());
        bytes.line.look();
        self.watched(kiosk);
        true
    }

    /// Prints a paper; returns true where the printer is one of bytes.
    pub fn bytes_print(&mut self, kiosk: usize, paper: u64, bytes: Vec<u8>, height_mm: u32) -> bool {
        if self.bytes(kiosk).is_none() {
            return false;
        }
        self.pump(kiosk);
        if self.kiosks[kiosk].printer.queue.paper(paper).is_some_and(|paper| paper.seat.is_some()) {
            self.faults_of_a_ticket(kiosk);
        }
        let Some(printer) = self.bytes(kiosk) else { return true };
        printer.line.print(paper, bytes, height_mm);
        self.watched(kiosk);
        true
    }

    /// Returns the dots of the next paper.
    pub fn dots(&mut self, kiosk: usize) -> usize {
        self.bytes(kiosk).map_or(1, |bytes| bytes.line.chance.between(20, 60) as usize)
    }

    fn faults_of_a_ticket(&mut self, kiosk: usize) {
        if self.strikes(Fault::NoPaper) {
            self.befalls(kiosk, |line| {
                line.model.paper = false;
                (line.model.delay, line.model.loses) = (Duration::ZERO, 0);
            });
        }
        if self.strikes(Fault::PaperTorn) {
            self.befalls(kiosk, |line| {
                line.model.paper_left = Some(line.chance.between(1, 60) as usize);
                // A stop that is told by nothing at all can't be known.
                (line.model.delay, line.model.loses) = (Duration::ZERO, 0);
            });
        }
        if self.strikes(Fault::FenceLate) {
            self.befalls(kiosk, |line| {
                let late = Duration::from_millis(line.chance.between(100, 5_000));
                line.model.delay = if line.model.will_stop() { Duration::ZERO } else { late };
            });
        }
        if self.strikes(Fault::FenceLost) {
            self.befalls(kiosk, |line| {
                // Four questions, the ticket, its fence, two questions more.
                let at = line.chance.below(110) as usize;
                let away = Duration::from_millis(line.chance.one_of(&[5, 50, 500, 3_000]));
                match line.chance.below(5) {
                    0 if line.model.will_stop() => {}
                    0 => line.model.loses = 1 + line.chance.below(3) as usize,
                    1 if line.shows_end => line.cut_after = Some(1 + at),
                    2 => line.model.stuck = Some((at, line.now() + Duration::from_secs(25))),
                    _ => line.model.restart = Some((at, away)),
                }
            });
        }
    }

    /// Lets something befall the printer, which is put right later.
    fn befalls(&mut self, kiosk: usize, what: impl FnOnce(&mut Line)) {
        let Some(bytes) = self.bytes(kiosk) else { return };
        what(&mut bytes.line);
        let in_ms = bytes.line.chance.between(1_000, 100_000);
        let printer = &mut self.kiosks[kiosk].printer;
        printer.stops += 1;
        let job = printer.stops;
        self.at(in_ms, Event::Mended { kiosk, job });
        self.watched(kiosk);
    }

    /// Puts the printer right; returns true where it is one of bytes.
    pub fn bytes_mended(&mut self, kiosk: usize, job: u32) -> bool {
        if self.bytes(kiosk).is_none() {
            return false;
        }
        self.pump(kiosk);
        let now = self.moment();
        let hasty = |at| now.saturating_sub(at) < Duration::from_millis(MENDING_MS);
        if self.bytes(kiosk).and_then(|bytes| bytes.line.model.stopped_at).is_some_and(hasty) {
            self.at(MENDING_MS, Event::Mended { kiosk, job });
        } else if let Some(bytes) = self.bytes(kiosk) {
            bytes.line.model.mend();
            bytes.line.cut_after = None;
        }
        self.watched(kiosk);
        true
    }

    fn watched(&mut self, kiosk: usize) {
        let until = self.now_ms + WATCHED_MS;
        if let Some(bytes) = self.bytes(kiosk) {
            bytes.watched_until_ms = until;
        }
        self.pump(kiosk);
    }

    /// Runs the printer at the moment set for it.
    pub fn printer_due(&mut self, kiosk: usize) {
        if let Some(bytes) = self.bytes(kiosk) {
            bytes.due = false;
        }
        self.pump(kiosk);
    }

    /// Runs everything up to now, and sets the moment of the next look.
    fn pump(&mut self, kiosk: usize) {
        let (now, now_ms) = (self.moment(), self.now_ms);
        let Some(bytes) = self.bytes(kiosk) else { return };
        let heard = bytes.line.run(now);
        let wait = if bytes.line.busy() || bytes.looking.is_some() {
            Some(AT_WORK_MS)
        } else {
            (!bytes.line.ready() && now_ms < bytes.watched_until_ms).then_some(NOT_READY_MS)
        };
        let in_ms =
            wait.filter(|_| now_ms < bytes.watched_until_ms && !std::mem::replace(&mut bytes.due, true));
        if let Some(in_ms) = in_ms {
            self.at(in_ms, Event::PrinterDue { kiosk });
        }
        for one in heard {
            self.note(|| format!("printer {kiosk}: {one:?}"));
            match one {
                Heard::Paper(Paper::Begun(number)) => self.begins(kiosk, number),
                Heard::Paper(Paper::Out { job, whole }) => self.came_out(kiosk, job, whole),
                Heard::Result(job, result) => self.session_said(kiosk, job, result),
                Heard::Looked(conditions) => {
                    let looking = self.bytes(kiosk).and_then(|bytes| bytes.looking.take());
                    if let Some(pickup) = looking {
                        let readiness = readiness(conditions);
                        self.answer(kiosk, 1, Input::PrinterChecked { pickup, readiness });
                    }
                }
                Heard::Conditions(conditions) => {
                    let readiness = readiness(conditions);
                    self.kiosks[kiosk].printer.readiness = readiness;
                    self.answer(kiosk, 1, Input::Printer(readiness));
                }
            }
        }
    }

    fn came_out(&mut self, kiosk: usize, number: u64, whole: bool) {
        let Some(paper) = self.kiosks[kiosk].printer.queue.paper(number) else { return };
        let Some(Seat { booking, key, again }) = paper.seat.clone() else { return };
        let result = Printed::Confirmed;
        let job = Job { paper: number, booking, seat: key, again, torn: !whole, result };
        self.paper_out(kiosk, &job, whole);
    }

    fn session_said(&mut self, kiosk: usize, number: u64, result: Printed) {
        let alive = self.kiosks[kiosk].life;
        let Some(paper) = self.kiosks[kiosk].printer.queue.paper(number) else { return };
        if paper.told.replace(result).is_some() {
            return self.violated(|| format!("printer {kiosk}: two results of paper {number}"));
        }
        if paper.life == alive {
            self.printed_in(1, kiosk, number, result);
        }
    }
}

fn readiness(conditions: Conditions) -> Readiness {
    if conditions.stops_printing() { Readiness::Stopped(code(conditions)) } else { Readiness::Ready }
}

fn code(conditions: Conditions) -> FaultCode {
    conditions.gravest().unwrap_or(Condition::NotAnswering).code()
}
