//! Script of the faults of a virtual printer, each with its moment.

use std::time::Duration;

/// A fault of the virtual printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The roll ends here: the part printed so far is torn off.
    PaperOut,
    /// The roll is near its end.
    PaperLow,
    /// The cover is opened.
    CoverOpen,
    /// The next cut jams.
    CutterStuck {
        /// True if `DLE ENQ` frees the cutter.
        recoverable: bool,
    },
    /// The printer prints, and answers nothing any more.
    Silent,
    /// One answer to a fence (`GS ( H`, `GS r`) gets lost.
    FenceLost,
    /// The head is too hot; the printer stops until it is mended.
    HeadHot,
    /// Voltage, head or memory: the printer stops until it is switched off and on.
    Unrecoverable,
    /// The feed button is held down.
    Offline,
    /// The printer answers in real time, but does not work off its buffer until it is switched off and on.
    Hung,
    /// The printer answers fences, but no real-time status any more: too busy, as some clones are.
    StatusSilent,
    /// The printer reports that all is well whatever happens to it.
    StatusLies,
    /// Only the first half of the next answer arrives.
    HalfReply,
    /// Nobody takes what the presenter holds, until the printer is mended.
    NotTaken,
}

/// Moment of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The fault happens at once.
    Now,
    /// The fault happens after this number of further dot rows.
    Rows(usize),
    /// The fault happens after this number of further cuts.
    Tickets(u32),
    /// The fault happens after this number of further bytes from the host.
    Bytes(usize),
    /// The fault happens at this time of the printer's clock.
    Time(Duration),
}

/// Largest number of waiting faults.
const WAITING_MAX: usize = 16;

/// Faults to come, and those in force that concern answers and the cutter.
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
    /// Adds a fault; returns false if too many are waiting.
    pub fn add(&mut self, fault: Fault, after: After) -> bool {
        let free = self.waiting.len() < WAITING_MAX;
        if free {
            self.waiting.push((fault, after));
        }
        free
    }

    /// Returns the next fault that is due. Faults of answers and the cutter are in force from here on.
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

    /// Returns the number of rows that can be burnt before the next fault.
    pub fn rows_until_fault(&self) -> Option<usize> {
        let rows = |(_, after): &(Fault, After)| match after {
            After::Rows(rows) => Some(*rows),
            _ => None,
        };
        self.waiting.iter().filter_map(rows).min()
    }

    /// Notes the number of rows burnt.
    pub fn rows_burnt(&mut self, burnt: usize) {
        for (_, after) in &mut self.waiting {
            if let After::Rows(rows) = after {
                *rows = rows.saturating_sub(burnt);
            }
        }
    }

    /// Notes the number of bytes that arrived.
    pub fn bytes_came(&mut self, came: usize) {
        for (_, after) in &mut self.waiting {
            if let After::Bytes(bytes) = after {
                *bytes = bytes.saturating_sub(came);
            }
        }
    }

    /// Returns the number of bytes that can come before the next fault.
    pub fn bytes_until_fault(&self) -> Option<usize> {
        let bytes = |(_, after): &(Fault, After)| match after {
            After::Bytes(bytes) => Some(*bytes),
            _ => None,
        };
        self.waiting.iter().filter_map(bytes).min()
    }

    /// Returns the time of the next fault by the clock.
    pub fn next_at(&self) -> Option<Duration> {
        let at = |(_, after): &(Fault, After)| match after {
            After::Time(at) => Some(*at),
            _ => None,
        };
        self.waiting.iter().filter_map(at).min()
    }

    /// Notes that a ticket was cut off.
    pub fn ticket_done(&mut self) {
        for (_, after) in &mut self.waiting {
            if let After::Tickets(tickets) = after {
                *tickets = tickets.saturating_sub(1);
            }
        }
    }

    /// Returns true while the printer answers nothing.
    pub fn silent(&self) -> bool {
        self.silent
    }

    /// Returns true while the printer answers no real-time status.
    pub fn status_silent(&self) -> bool {
        self.status_silent
    }

    /// Returns true while the printer does not work off its buffer.
    pub fn hung(&self) -> bool {
        self.hung
    }

    /// Notes a power cycle: a program that hung begins anew.
    pub fn restart(&mut self) {
        self.hung = false;
    }

    /// Returns true while the printer reports that all is well.
    pub fn lies(&self) -> bool {
        self.lies
    }

    /// Returns true while nobody takes what is presented.
    pub fn forgotten(&self) -> bool {
        self.forgotten
    }

    /// Returns true if only half of this answer arrives, and counts it.
    pub fn take_half(&mut self) -> bool {
        let half = self.halves > 0;
        self.halves = self.halves.saturating_sub(1);
        half
    }

    /// Returns true if this fence's answer gets lost, and counts it.
    pub fn take_lost_fence(&mut self) -> bool {
        let lost = self.fences_to_lose > 0;
        self.fences_to_lose = self.fences_to_lose.saturating_sub(1);
        lost
    }

    /// Returns the fault of this cut, if it jams; true if `DLE ENQ` frees the cutter.
    pub fn take_cutter_fault(&mut self) -> Option<bool> {
        self.cutter.take()
    }

    /// Ends the faults in force, except for answers that are still to be halved or lost.
    pub fn mend(&mut self) {
        self.silent = false;
        self.status_silent = false;
        self.hung = false;
        self.lies = false;
        self.forgotten = false;
        self.cutter = None;
    }
}
