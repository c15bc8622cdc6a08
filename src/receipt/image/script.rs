//! What is to go wrong with a virtual printer, and when.

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
}

/// Most faults waiting.
const WAITING_MAX: usize = 16;

/// The faults to come, and those that act on answers and the knife.
#[derive(Debug, Default)]
pub struct Script {
    waiting: Vec<(Fault, After)>,
    silent: bool,
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
    pub fn due(&mut self) -> Option<Fault> {
        let now = |after: &After| matches!(after, After::Now | After::Rows(0) | After::Tickets(0));
        let at = self.waiting.iter().position(|(_, after)| now(after))?;
        let (fault, _) = self.waiting.remove(at);
        match fault {
            Fault::Silent => self.silent = true,
            Fault::FenceLost => self.fences_to_lose += 1,
            Fault::CutterStuck { recoverable } => self.cutter = Some(recoverable),
            Fault::PaperOut | Fault::PaperLow | Fault::CoverOpen => {}
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
        self.cutter = None;
    }
}
