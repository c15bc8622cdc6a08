//! What is to go wrong with a virtual printer, and when.

use std::time::Duration;

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The roll ends here: what is printed so far is torn off.
    PaperOut,
    /// The roll is near its end.
    PaperLow,
    /// Somebody opens the cover.
    CoverOpen,
    /// The next cut gets stuck. Recoverable: `DLE ENQ` frees the knife.
    CutterStuck {
        /// `DLE ENQ` frees it.
        recoverable: bool,
    },
    /// It prints and answers nothing any more.
    Silent,
    /// One answer to a fence (`GS ( H`, `GS r`) gets lost.
    FenceLost,
    /// The head is too hot; it stops until it is mended.
    HeadHot,
    /// Voltage, head or memory: it stops until it is switched off and on.
    Unrecoverable,
    /// Somebody holds the feed button down.
    Offline,
    /// It answers in real time, and gets no further with what it holds, until it is switched off and on.
    Hung,
    /// It answers fences, and no real-time status any more: too busy, as some clones are.
    StatusSilent,
    /// It says that all is well whatever happens to it.
    StatusLies,
    /// Of the next answer only the first half arrives.
    HalfReply,
    /// Nobody takes what the presenter shows, until it is mended.
    NotTaken,
}

/// When it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// At once.
    Now,
    /// After so many more dot rows.
    Rows(usize),
    /// After so many more cuts.
    Tickets(u32),
    /// After so many more bytes from the host.
    Bytes(usize),
    /// At this time of the printer's clock.
    Time(Duration),
}

/// Most faults waiting.
const WAITING_MAX: usize = 16;

/// The faults to come, and those that act on answers and the knife.
#[derive(Debug, Default)]
pub struct Script {
    waiting: Vec<(Fault, After)>,
    silent: bool,
    status_silent: bool,
    hung: bool,
    lies: bool,
    halves: u32,
    forgotten: bool,
    fences_to_lose: u32,
    cutter: Option<bool>,
}

impl Script {
    /// Remembers a fault; false: too many are waiting.
    pub fn add(&mut self, fault: Fault, after: After) -> bool {
        let free = self.waiting.len() < WAITING_MAX;
        if free {
            self.waiting.push((fault, after));
        }
        free
    }

    /// The next fault whose time has come. Those on answers and the knife are in force from here on.
    pub fn due(&mut self, clock: Duration) -> Option<Fault> {
        let now = |after: &After| match after {
            After::Now | After::Rows(0) | After::Tickets(0) | After::Bytes(0) => true,
            After::Time(at) => *at <= clock,
            _ => false,
        };
        let at = self.waiting.iter().position(|(_, after)| now(after))?;
        let (fault, _) = self.waiting.remove(at);
        match fault {
            Fault::Silent => self.silent = true,
            Fault::FenceLost => self.fences_to_lose += 1,
            Fault::CutterStuck { recoverable } => self.cutter = Some(recoverable),
            Fault::StatusSilent => self.status_silent = true,
            Fault::Hung => self.hung = true,
            Fault::StatusLies => self.lies = true,
            Fault::HalfReply => self.halves += 1,
            Fault::NotTaken => self.forgotten = true,
            Fault::PaperOut
            | Fault::PaperLow
            | Fault::CoverOpen
            | Fault::HeadHot
            | Fault::Unrecoverable
            | Fault::Offline => {}
        }
        Some(fault)
    }

    /// Rows that can be burnt before the next fault.
    pub fn rows_until_fault(&self) -> Option<usize> {
        let rows = |(_, after): &(Fault, After)| match after {
            After::Rows(rows) => Some(*rows),
            _ => None,
        };
        self.waiting.iter().filter_map(rows).min()
    }

    /// So many rows were burnt.
    pub fn rows_burnt(&mut self, burnt: usize) {
        for (_, after) in &mut self.waiting {
            if let After::Rows(rows) = after {
                *rows = rows.saturating_sub(burnt);
            }
        }
    }

    /// So many bytes arrived.
    pub fn bytes_came(&mut self, came: usize) {
        for (_, after) in &mut self.waiting {
            if let After::Bytes(bytes) = after {
                *bytes = bytes.saturating_sub(came);
            }
        }
    }

    /// Bytes that can come before the next fault.
    pub fn bytes_until_fault(&self) -> Option<usize> {
        let bytes = |(_, after): &(Fault, After)| match after {
            After::Bytes(bytes) => Some(*bytes),
            _ => None,
        };
        self.waiting.iter().filter_map(bytes).min()
    }

    /// When the next fault comes by the clock.
    pub fn next_at(&self) -> Option<Duration> {
        let at = |(_, after): &(Fault, After)| match after {
            After::Time(at) => Some(*at),
            _ => None,
        };
        self.waiting.iter().filter_map(at).min()
    }

    /// A ticket was cut off.
    pub fn ticket_done(&mut self) {
        for (_, after) in &mut self.waiting {
            if let After::Tickets(tickets) = after {
                *tickets = tickets.saturating_sub(1);
            }
        }
    }

    /// Whether it answers nothing.
    pub fn silent(&self) -> bool {
        self.silent
    }

    /// Whether it answers no real-time status.
    pub fn status_silent(&self) -> bool {
        self.status_silent
    }

    /// Whether it gets no further with what it holds.
    pub fn hung(&self) -> bool {
        self.hung
    }

    /// It was switched off: a program that hung begins anew.
    pub fn restart(&mut self) {
        self.hung = false;
    }

    /// Whether it says that all is well.
    pub fn lies(&self) -> bool {
        self.lies
    }

    /// Whether nobody takes what is shown.
    pub fn forgotten(&self) -> bool {
        self.forgotten
    }

    /// Whether of this answer only a half arrives.
    pub fn take_half(&mut self) -> bool {
        let half = self.halves > 0;
        self.halves = self.halves.saturating_sub(1);
        half
    }

    /// Whether this fence's answer gets lost.
    pub fn take_lost_fence(&mut self) -> bool {
        let lost = self.fences_to_lose > 0;
        self.fences_to_lose = self.fences_to_lose.saturating_sub(1);
        lost
    }

    /// Whether this cut gets stuck, and if so, recoverably.
    pub fn take_cutter_fault(&mut self) -> Option<bool> {
        self.cutter.take()
    }

    /// Silence and the knife are mended.
    pub fn mend(&mut self) {
        self.silent = false;
        self.status_silent = false;
        self.hung = false;
        self.lies = false;
        self.forgotten = false;
        self.cutter = None;
    }
}
