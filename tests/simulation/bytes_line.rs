//! The kiosk's own session, a line and the printer at its end, all of one printer, in the world's time.

use super::bytes_model::{Model, Paper};
use super::chance::Chance;
use pickup_kiosk::device::printer::conditions::Conditions;
use pickup_kiosk::device::printer::session::{Capabilities, Input, Output, PrintResult, PrinterSession};
use pickup_kiosk::receipt::profile::Fence;
use std::collections::VecDeque;
use std::time::Duration;

/// Time until a connection that ended is tried again.
const RECONNECT: Duration = Duration::from_millis(500);

/// Report of the line to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Paper(Paper),
    Result(u64, PrintResult),
    Looked(Conditions),
    Conditions(Conditions),
}

/// Line with the printer at its end.
pub struct Line {
    capabilities: Capabilities,
    session: Option<PrinterSession>,
    pub model: Model,
    pub chance: Chance,
    at: Duration,
    wire: VecDeque<u8>,
    connected: bool,
    connect_at: Duration,
    /// Number of further bytes after which the connection ends.
    pub cut_after: Option<usize>,
    /// True if a connection shows its end, as TCP and USB do.
    pub shows_end: bool,
    /// True if a reply to any fence is taken for one to the newest: wrong on purpose.
    pub believes_old: bool,
    newest_fence: Vec<u8>,
    heard: Vec<Heard>,
}

impl Line {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let fence = chance.one_of(&[Fence::GsParenH, Fence::GsR]);
        let (clears, shows_end) = (chance.below(2) == 0, chance.below(2) == 0);
        let room = chance.one_of(&[48, 256, 4096]);
        let capabilities = Capabilities {
            fence,
            speed_mm_s: 500,
            fence_timeout: Duration::from_secs(15),
            clears,
            recovers: false,
            presenter: None,
            statuses: vec![1, 2, 3, 4],
            automatic: false,
            identifies: false,
            fresh: false,
            reset_when_silent: shows_end,
            buffer_bytes: room,
            cut: b"|".to_vec(),
            wire_rate: None,
        };
        let mut model = Model::new(fence, clears, room);
        model.replays = chance.below(4) == 0;
        model.on_receipt = chance.below(8) == 0 && room == 4096;
        Self {
            capabilities,
            session: None,
            model,
            chance,
            at: Duration::ZERO,
            wire: VecDeque::new(),
            connected: false,
            connect_at: Duration::ZERO,
            cut_after: None,
            shows_end,
            believes_old: false,
            newest_fence: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// Switches the kiosk on: a new session, which knows nothing of the printer.
    pub fn kiosk_on(&mut self, now: Duration) {
        self.at = self.at.max(now);
        self.connect_at = self.at;
        let first_fence = self.chance.below(7_000_000) as u32;
        self.session = Some(PrinterSession::new(self.capabilities.clone(), first_fence));
    }

    /// Cuts the kiosk's power: some of what its kernel holds still gets to the printer.
    pub fn kiosk_off(&mut self) {
        let sent = self.chance.below(self.wire.len() as u64 + 1) as usize;
        self.wire.truncate(sent);
        if self.connected {
            let bytes: Vec<u8> = self.wire.iter().copied().collect();
            self.model.receive(&bytes, self.at);
            self.hear_paper();
        }
        self.wire.clear();
        (self.session, self.connected) = (None, false);
    }

    pub fn print(&mut self, job: u64, bytes: Vec<u8>, height_mm: u32) {
        self.feed(Input::Print { job, bytes, height_mm });
    }

    pub fn look(&mut self) {
        self.feed(Input::Look);
    }

    /// Returns the line's own time.
    pub fn now(&self) -> Duration {
        self.at
    }

    /// Returns true if something is under way that ends by itself.
    pub fn busy(&self) -> bool {
        self.model.at_work(self.at) || self.session.as_ref().is_some_and(PrinterSession::is_printing)
    }

    pub fn ready(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.conditions().stops_printing())
    }

    /// Runs everything that happens up to now.
    pub fn run(&mut self, now: Duration) -> Vec<Heard> {
        for _ in 0..100_000 {
            self.turn();
            let next = self.next_at().filter(|at| *at <= now);
            match next {
                Some(at) => self.at = at.max(self.at + Duration::from_micros(100)),
                None => break,
            }
        }
        self.at = self.at.max(now);
        std::mem::take(&mut self.heard)
    }

    fn next_at(&self) -> Option<Duration> {
        let deadline = self.session.as_ref().and_then(PrinterSession::deadline);
        let connects = self.session.is_some() && !self.connected;
        let connect = connects.then_some(self.connect_at.max(self.back_at()));
        let full = (!self.wire.is_empty() && self.connected).then(|| self.model.next_at(self.at)).flatten();
        [deadline, connect, full, self.model.next_at(self.at)].into_iter().flatten().min()
    }

    /// Returns the moment from which the printer can be connected to.
    fn back_at(&self) -> Duration {
        if self.shows_end { self.model.away_until } else { Duration::ZERO }
    }

    /// Does all that can happen at this moment.
    fn turn(&mut self) {
        if self.session.is_some() && !self.connected && self.at >= self.connect_at.max(self.back_at()) {
            self.connected = true;
            self.feed(Input::Connected);
        }
        for _ in 0..16 {
            if !self.carry() {
                break;
            }
        }
        let overdue = |session: &PrinterSession| session.deadline().is_some_and(|due| self.at >= due);
        if self.session.as_ref().is_some_and(overdue) {
            self.feed(Input::Tick);
        }
    }

    /// Carries bytes both ways; returns true if any moved.
    fn carry(&mut self) -> bool {
        let mut moved = false;
        if self.connected && !self.wire.is_empty() {
            let limit = self.cut_after.unwrap_or(usize::MAX).min(self.wire.len());
            let bytes: Vec<u8> = self.wire.iter().take(limit).copied().collect();
            let taken = self.model.receive(&bytes, self.at);
            self.hear_paper();
            self.wire.drain(..taken);
            if taken > 0 {
                moved = true;
                self.feed(Input::Accepted(taken));
            }
            if let Some(left) = &mut self.cut_after {
                *left -= taken.min(*left);
                if *left == 0 {
                    self.cut_after = None;
                    self.end();
                }
            }
        }
        self.lost_to_a_restart();
        let said = self.model.advance(self.at);
        self.hear_paper();
        if self.connected && !said.is_empty() {
            moved = true;
            self.feed(Input::Bytes(said));
        }
        if self.believes_old && self.model.printed > 15 && !self.newest_fence.is_empty() {
            let forged = std::mem::take(&mut self.newest_fence);
            self.feed(Input::Bytes(forged));
        }
        moved
    }

    /// Handles a restart of the printer: it ends a connection that can end; on a serial line all under way is lost.
    fn lost_to_a_restart(&mut self) {
        let away = self.at < self.model.away_until;
        if std::mem::take(&mut self.model.restarted) && self.shows_end {
            self.end();
        } else if away && !self.shows_end && !self.wire.is_empty() {
            let lost = self.wire.len();
            self.wire.clear();
            self.feed(Input::Accepted(lost));
        }
    }

    fn end(&mut self) {
        self.wire.clear();
        if std::mem::replace(&mut self.connected, false) {
            self.connect_at = self.at + RECONNECT;
            self.feed(Input::Disconnected);
        }
    }

    fn hear_paper(&mut self) {
        self.heard.extend(self.model.paper_log.drain(..).map(Heard::Paper));
    }

    fn feed(&mut self, input: Input) {
        let Some(session) = &mut self.session else { return };
        let outputs = session.handle(input, self.at);
        for output in outputs {
            match output {
                Output::Write(bytes) => self.write(&bytes),
                Output::Reset => self.end(),
                Output::Printed { job, result } => self.heard.push(Heard::Result(job, result)),
                Output::Looked(conditions) => self.heard.push(Heard::Looked(conditions)),
                Output::Conditions(conditions) => self.heard.push(Heard::Conditions(conditions)),
                Output::AskPort | Output::Identified(_) | Output::Mismatch(_) => {}
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.believes_old && bytes.contains(&b'}') {
            self.newest_fence = match bytes {
                [.., 48, 48, a, b, c, d] => vec![0x37, 0x22, *a, *b, *c, *d, 0],
                _ => vec![0],
            };
            self.model.printed = 0;
        }
        self.wire.extend(bytes);
    }
}
