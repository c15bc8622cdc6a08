//! Snapshot of the printer's status: the newest answer on each subject.

use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::status;

/// Newest status answers as they came, for whoever needs the bits; none where not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raw {
    /// Answers to `DLE EOT` 1 to 4.
    pub asked: [Option<u8>; 4],
    /// Automatic status (ASB).
    pub automatic: Option<[u8; 4]>,
    /// Answer to `DLE EOT 20`.
    pub full: Option<[u8; 4]>,
    /// Answer to `GS r 1`.
    pub in_turn: Option<u8>,
    /// Status of the USB port (GET_PORT_STATUS).
    pub port: Option<u8>,
}

impl Raw {
    /// Returns the answer to `DLE EOT n`.
    pub fn answered(&self, n: u8) -> Option<u8> {
        usize::from(n).checked_sub(1).and_then(|index| self.asked.get(index).copied()).flatten()
    }
}

/// Conditions in the newest answer of each kind.
#[derive(Debug, Clone, Default)]
pub struct StatusSnapshot {
    automatic: Conditions,
    /// Conditions in the answers to `DLE EOT` 1 to 4.
    asked: [Conditions; 4],
    /// Conditions in the answer to `DLE EOT 20`.
    full: Conditions,
    /// Conditions in the status of the USB port.
    port: Conditions,
    raw: Raw,
}

impl StatusSnapshot {
    /// Takes the answer to `DLE EOT n`.
    pub fn real_time(&mut self, n: u8, byte: u8) {
        let covers: &[Condition] = match n {
            1 => &[Condition::Offline],
            2 => &[Condition::CoverOpen],
            3 => &[Condition::CutterFault, Condition::Unrecoverable, Condition::HeadHot],
            _ => &[Condition::PaperLow, Condition::PaperOut],
        };
        self.automatic = self.automatic.without(covers.iter().copied().collect());
        if let Some(slot) = usize::from(n).checked_sub(1).and_then(|index| self.asked.get_mut(index)) {
            *slot = status::real_time(n, byte);
        }
        if let Some(slot) = usize::from(n).checked_sub(1).and_then(|index| self.raw.asked.get_mut(index)) {
            *slot = Some(byte);
        }
    }

    /// Takes an automatic status, which covers everything.
    pub fn automatic(&mut self, bytes: [u8; 4]) {
        let raw = Raw { automatic: Some(bytes), ..self.raw };
        *self = Self { automatic: status::automatic(bytes), port: self.port, raw, ..Self::default() };
    }

    /// Takes a full status, which covers everything.
    pub fn full(&mut self, bytes: [u8; 4]) {
        self.full = status::full(bytes);
        self.raw.full = Some(bytes);
    }

    /// Takes the answer to `GS r 1`: the paper sensors.
    pub fn in_turn(&mut self, byte: u8) {
        let paper: Conditions = [Condition::PaperLow, Condition::PaperOut].into_iter().collect();
        let [_, second, _, fourth] = &mut self.asked;
        *second = second.without(paper);
        *fourth = status::in_turn(byte);
        self.raw.in_turn = Some(byte);
        self.automatic = self.automatic.without(paper);
        self.full = self.full.without(paper);
    }

    /// Takes the status of the USB port; none if it can't be asked.
    pub fn port(&mut self, status: Option<u8>) {
        self.port = status.map_or(Conditions::NONE, status::port);
        self.raw.port = status;
    }

    /// Forgets the answers of the printer itself, which has fallen silent; its port may still answer.
    pub fn fall_silent(&mut self) {
        let raw = Raw { port: self.raw.port, ..Raw::default() };
        *self = Self { port: self.port, raw, ..Self::default() };
    }

    /// Returns true if the port says that there is no paper, and the printer's sensors that there is.
    pub fn paper_disputed(&self) -> bool {
        let [_, _, _, sensors] = self.raw.asked;
        let asked = sensors.is_some() || self.raw.full.is_some();
        asked && self.port.contains(Condition::PaperOut) && !self.own().contains(Condition::PaperOut)
    }

    /// Returns the conditions in the printer's own answers.
    fn own(&self) -> Conditions {
        self.asked.iter().fold(self.automatic.union(self.full), |sum, answer| sum.union(*answer))
    }

    /// Returns the conditions that the port adds: paper out always, because stopping is safe in any case;
    /// offline only as long as the printer itself says nothing, because its own answers are more exact.
    fn port_adds(&self) -> Conditions {
        let raw = &self.raw;
        let speaks = raw.asked.iter().any(Option::is_some) || raw.automatic.is_some() || raw.full.is_some();
        if speaks { self.port.without(Condition::Offline.into()) } else { self.port }
    }

    /// Returns the answers as they came.
    pub fn raw(&self) -> Raw {
        self.raw
    }

    /// Returns all current conditions; `Offline` only where no other condition gives the reason.
    pub fn conditions(&self) -> Conditions {
        let mut all = self.own().union(self.port_adds());
        let mut others = all;
        others.remove(Condition::Offline);
        others.remove(Condition::TicketWaiting);
        if others.stops_printing() {
            all.remove(Condition::Offline);
        }
        all
    }
}
