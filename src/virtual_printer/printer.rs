//! The virtual printer: takes a printer's bytes, answers as a printer does and yields papers.

mod answering;
mod by_hand;

use super::command::{Command, Parsed, parse};
use super::pace::{Flow, Pace};
use super::page::{Page, Strip, Work};
use super::paper::Paper;
use super::quirks::Quirks;
use super::realtime::{DLE, Sorter};
use super::script::{After, Fault, Script};
use super::status::{Condition, fence_reply, identity};
use crate::receipt::bitmap::Bitmap;
use crate::receipt::profile::{CutCommand, Profile};
use std::time::Duration;

/// Longest paper without a cut, in rows (2 m); then it is torn off.
pub const PAPER_ROWS_MAX: usize = 16_000;
/// Largest number of papers kept until they are taken; the oldest are dropped first.
pub const PAPERS_MAX: usize = 64;
/// Longest command kept in memory, in bytes; a longer one is skipped.
const COMMAND_BYTES_MAX: usize = 262_144;
/// Largest number of answer bytes kept until they are taken; a host that never reads loses the oldest.
const REPLY_BYTES_MAX: usize = 4_096;
/// Largest number of text lines kept of one paper.
const PAPER_LINES_MAX: usize = 1_000;

/// A printer that prints into memory.
pub struct VirtualPrinter {
    page: Page,
    sorter: Sorter,
    buffer: Vec<u8>,
    buffer_max: usize,
    skip: usize,
    condition: Condition,
    script: Script,
    automatic_mask: u8,
    automatic_sent: [u8; 4],
    replies: Vec<u8>,
    hand_torn: bool,
    paper: Paper,
    papers: Vec<Paper>,
    lost_bytes: u64,
    quirks: Quirks,
    pace: Pace,
    flow: Flow,
    /// True if a presenter holds the cut ticket until somebody takes it.
    presenter: bool,
    /// True once a status has seen the presented ticket: the next status finds it taken.
    shown: bool,
    dismissed: Dismissed,
    off: bool,
}

/// Numbers of tickets that nobody took, by their fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dismissed {
    /// Number of tickets retracted into the machine.
    pub retracted: u32,
    /// Number of tickets dropped in front of it.
    pub dropped: u32,
}

impl VirtualPrinter {
    /// Creates a printer with the profile's width and buffer; all is well with it.
    pub fn new(profile: &Profile) -> Self {
        let width = usize::from(profile.width_dots);
        Self {
            page: Page::new(width, !profile.chinese.fs_ampersand),
            sorter: Sorter::default(),
            buffer: Vec::new(),
            buffer_max: usize::try_from(profile.buffer_bytes).unwrap_or(usize::MAX),
            skip: 0,
            condition: Condition::default(),
            script: Script::default(),
            automatic_mask: 0,
            automatic_sent: [0; 4],
            replies: Vec::new(),
            hand_torn: profile.cut.command == CutCommand::None,
            paper: Paper { dots: Bitmap::new(width, 0), ..Paper::default() },
            papers: Vec::new(),
            lost_bytes: 0,
            quirks: Quirks::default(),
            pace: Pace::default(),
            flow: Flow::default(),
            presenter: profile.presenter.is_some(),
            shown: false,
            dismissed: Dismissed::default(),
            off: false,
        }
    }

    /// Creates a clone as the profile describes it: it doesn't answer what the profile lacks.
    pub fn like(profile: &Profile) -> Self {
        Self { quirks: Quirks::of(profile), ..Self::new(profile) }
    }

    /// Sets the head's speed, in rows per second, and the time of a cut; time comes with [`Self::advance`].
    pub fn slowed(mut self, rows_a_second: u32, cut: Duration) -> Self {
        self.pace = Pace::new(rows_a_second, cut);
        self
    }

    /// Sets the head's speed to the profile's best, with a cutter that takes no time: for hosts that can't ask the
    /// printer for its name, and so don't know that it has no head.
    pub fn at_best_speed(self, profile: &Profile) -> Self {
        self.slowed(profile.rows_a_second(), Duration::ZERO)
    }

    /// Sets the size of the receive buffer; with `xon_xoff`, XOFF is sent before it is full and XON when it has room.
    pub fn buffered(mut self, bytes: usize, xon_xoff: bool) -> Self {
        self.buffer_max = bytes;
        self.flow = Flow::new(xon_xoff);
        self
    }

    /// Sets the stock to forms with a mark every `rows` rows.
    pub fn on_forms(mut self, rows: usize) -> Self {
        self.page.pitch = Some(rows);
        self
    }

    /// Lets time pass, and returns what the printer sends meanwhile. `clock` never goes back.
    pub fn advance(&mut self, clock: Duration) -> Vec<u8> {
        self.pace.clock = self.pace.clock.max(clock);
        self.strike();
        self.run();
        self.say()
    }

    /// Returns the printer's clock, as last set.
    pub fn clock(&self) -> Duration {
        self.pace.clock
    }

    /// Returns the time at which the printer has work without further bytes; none if it has none.
    pub fn next_at(&self) -> Option<Duration> {
        let held_up = !self.buffer.is_empty() || !self.page.work.is_empty();
        let head = self.pace.busy_until().filter(|_| held_up && !self.condition.stopped());
        [head, self.script.next_at()].into_iter().flatten().min()
    }

    /// Returns the numbers of tickets that nobody took.
    pub fn dismissed(&self) -> Dismissed {
        self.dismissed
    }

    /// Returns the answers, and XON and XOFF, since the last call.
    fn say(&mut self) -> Vec<u8> {
        let free = self.buffer_max.saturating_sub(self.buffer.len());
        self.replies.extend(self.flow.word(free, self.buffer_max));
        std::mem::take(&mut self.replies)
    }

    /// Takes bytes from the host and returns the printer's answers, including unsolicited status.
    ///
    /// While the printer is stopped, bytes that don't fit its buffer are lost; see [`Self::room`].
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.off {
            return Vec::new();
        }
        let mut rest = bytes;
        let mut until_fault = self.script.bytes_until_fault();
        while let Some((&byte, after)) = rest.split_first() {
            if until_fault.is_some() {
                self.script.bytes_came(1);
                self.strike();
                until_fault = self.script.bytes_until_fault();
            }
            rest = after;
            if byte == DLE && self.completes(byte) {
                self.buffer.push(byte);
            } else if let Some(command) = self.sorter.take(byte, &mut self.buffer) {
                self.run();
                self.real_time(command);
            }
        }
        self.run();
        self.say()
    }

    /// Returns true if this byte is the last of the current command, and so does not begin a real-time one.
    fn completes(&mut self, byte: u8) -> bool {
        if self.sorter.holds() {
            return false;
        }
        self.run();
        if self.held_up() || self.buffer.is_empty() {
            return false;
        }
        self.buffer.push(byte);
        let parsed = parse(&self.buffer, self.page.chinese);
        let completes = matches!(parsed, Parsed::Whole(_, length) if length == self.buffer.len());
        self.buffer.pop();
        completes
    }

    /// Returns the number of bytes it takes without loss: a host with flow control sends no more.
    pub fn room(&self) -> usize {
        if self.held_up() { self.buffer_max.saturating_sub(self.buffer.len()) } else { self.buffer_max }
    }

    /// Returns true while the printer does not work off its buffer.
    fn held_up(&self) -> bool {
        self.condition.stopped() || self.pace.is_busy() || self.script.hung() || self.off
    }

    /// Returns the number of bytes lost because they came while it was stopped with its buffer full.
    pub fn lost_bytes(&self) -> u64 {
        self.lost_bytes
    }

    /// Returns the papers finished since the last call.
    pub fn take_papers(&mut self) -> Vec<Paper> {
        std::mem::take(&mut self.papers)
    }

    /// Returns the printer's condition.
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// Adds a fault that happens now or later. Returns false if 16 faults are waiting already.
    pub fn script(&mut self, fault: Fault, after: After) -> bool {
        let known = self.script.add(fault, after);
        self.strike();
        self.run();
        known
    }

    /// Works off the buffer until it is empty or incomplete, or the printer stops.
    fn run(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut done = 0;
        loop {
            self.burn();
            if self.held_up() {
                break;
            }
            let skipped = self.skip.min(buffer.len() - done);
            self.skip -= skipped;
            done += skipped;
            match parse(buffer.get(done..).unwrap_or_default(), self.page.chinese) {
                Parsed::Incomplete { at_least } if at_least > COMMAND_BYTES_MAX => self.skip = at_least,
                Parsed::Incomplete { .. } => break,
                Parsed::Whole(command, length) => {
                    done += length;
                    self.execute(&command);
                }
            }
        }
        buffer.drain(..done);
        if self.held_up() && buffer.len() > self.buffer_max {
            let lost = u64::try_from(buffer.len() - self.buffer_max).unwrap_or(u64::MAX);
            self.lost_bytes = self.lost_bytes.saturating_add(lost);
            buffer.truncate(self.buffer_max);
        }
        self.buffer = buffer;
    }

    fn execute(&mut self, command: &Command<'_>) {
        if self.hand_torn && ends_a_ticket(command) {
            self.tear_by_hand();
        }
        match *command {
            Command::Fence(_) if !self.quirks.fences => {}
            Command::Fence(id) => self.confirm(&fence_reply(id)),
            Command::TransmitStatus(n) => {
                let status = self.condition.gs_r(n);
                self.confirm(status.as_slice());
            }
            Command::Identity(n) if self.quirks.identifies => self.answer(&identity(n)),
            Command::Eject(n) => self.eject_command(n),
            Command::AutomaticStatus(_) if !self.quirks.automatic => {}
            Command::AutomaticStatus(mask) => {
                self.automatic_mask = mask;
                self.automatic_sent = [0; 4];
                self.report();
            }
            ref other => self.page.execute(other),
        }
    }

    /// Burns what waits, as far as paper and script permit.
    fn burn(&mut self) {
        while !self.held_up() {
            match self.page.work.pop_front() {
                None => break,
                Some(Work::Strip(strip)) => self.burn_strip(strip),
                Some(Work::Cut) => self.cut(),
            }
        }
    }

    fn burn_strip(&mut self, mut strip: Strip) {
        let rows = self.script.rows_until_fault().unwrap_or(usize::MAX).min(strip.dots.height());
        if self.paper.dots.height() + rows > PAPER_ROWS_MAX {
            self.eject(true);
        }
        let burnt = strip.dots.take_rows(rows);
        self.pace.burnt(rows);
        self.paper.dots.append(&burnt);
        if strip.dots.height() == 0 {
            if self.paper.lines.len() < PAPER_LINES_MAX {
                self.paper.lines.extend(strip.text);
                self.paper.codes.extend(strip.code);
            }
        } else {
            self.page.work.push_front(Work::Strip(strip));
        }
        self.script.rows_burnt(rows);
        self.strike();
    }

    fn cut(&mut self) {
        if let Some(recoverable) = self.script.take_cutter_fault() {
            self.page.work.push_front(Work::Cut);
            self.condition.cutter_stuck = Some(recoverable);
            self.report();
            return;
        }
        self.pace.cut();
        self.eject(false);
        self.script.ticket_done();
        self.strike();
    }

    /// Tears the ticket off, as the customer does with a printer without a cutter once it has come out.
    fn tear_by_hand(&mut self) {
        if self.paper.dots.has_ink() {
            self.eject(false);
            self.script.ticket_done();
            self.strike();
        }
    }

    /// Lets the faults happen that the script has for this moment.
    fn strike(&mut self) {
        while let Some(fault) = self.script.due(self.pace.clock) {
            match fault {
                Fault::PaperOut => {
                    self.condition.paper_out = true;
                    if self.paper.dots.has_ink() {
                        self.eject(true);
                        self.paper.remainder = true;
                    }
                }
                Fault::PaperLow => self.condition.paper_low = true,
                Fault::CoverOpen => self.condition.cover_open = true,
                Fault::HeadHot => self.condition.head_hot = true,
                Fault::Unrecoverable => self.condition.unrecoverable = true,
                Fault::Offline => self.condition.offline = true,
                _ => {}
            }
            self.report();
        }
    }

    fn eject(&mut self, torn: bool) {
        let blank = Paper { dots: Bitmap::new(self.paper.dots.width(), 0), ..Paper::default() };
        let mut paper = std::mem::replace(&mut self.paper, blank);
        if paper.dots.height() == 0 {
            return;
        }
        paper.torn = torn;
        if self.papers.len() >= PAPERS_MAX {
            self.papers.remove(0);
        }
        self.papers.push(paper);
    }
}

/// Returns true if a command ends a ticket where nothing cuts: the next ticket begins.
fn ends_a_ticket(command: &Command<'_>) -> bool {
    matches!(command, Command::Initialise | Command::Fence(_) | Command::TransmitStatus(_))
}
