//! What the printer has said about itself, the newest word on each matter.

use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::status;

/// The newest answers as they came, for whoever looks at bits; none: not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Raw {
    /// To `DLE EOT` 1 to 4.
    pub asked: [Option<u8>; 4],
    /// Automatic status.
    pub automatic: Option<[u8; 4]>,
    /// To `DLE EOT 20`.
    pub full: Option<[u8; 4]>,
    /// To `GS r 1`.
    pub in_turn: Option<u8>,
    /// What the USB port says of the printer.
    pub port: Option<u8>,
}

impl Raw {
    /// The answer to `DLE EOT n`.
    pub fn answered(&self, n: u8) -> Option<u8> {
        usize::from(n).checked_sub(1).and_then(|index| self.asked.get(index).copied()).flatten()
    }
}

/// The newest answer of each kind.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    automatic: Conditions,
    /// To `DLE EOT` 1 to 4.
    asked: [Conditions; 4],
    /// To `DLE EOT 20`.
    full: Conditions,
    /// What the USB port says.
    port: Conditions,
    raw: Raw,
}

impl Facts {
    /// The answer to `DLE EOT n`.
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

    /// An automatic status: it speaks of everything.
    pub fn automatic(&mut self, bytes: [u8; 4]) {
        let raw = Raw { automatic: Some(bytes), ..self.raw };
        *self = Self { automatic: status::automatic(bytes), port: self.port, raw, ..Self::default() };
    }

    /// A full status: it speaks of everything.
    pub fn full(&mut self, bytes: [u8; 4]) {
        self.full = status::full(bytes);
        self.raw.full = Some(bytes);
    }

    /// The answer to `GS r 1`: the paper sensors.
    pub fn in_turn(&mut self, byte: u8) {
        let paper: Conditions = [Condition::PaperLow, Condition::PaperOut].into_iter().collect();
        let [_, second, _, fourth] = &mut self.asked;
        *second = second.without(paper);
        *fourth = status::in_turn(byte);
        self.raw.in_turn = Some(byte);
        self.automatic = self.automatic.without(paper);
        self.full = self.full.without(paper);
    }

    /// What the USB port says of the printer; none: it can't be asked.
    pub fn port(&mut self, status: Option<u8>) {
        self.port = status.map_or(Conditions::NONE, status::port);
        self.raw.port = status;
    }

    /// The printer itself says nothing any more; its port may.
    pub fn fall_silent(&mut self) {
        let raw = Raw { port: self.raw.port, ..Raw::default() };
        *self = Self { port: self.port, raw, ..Self::default() };
    }

    /// The port says that there is no paper, and the printer, asked for its sensors, that there is.
    pub fn paper_disputed(&self) -> bool {
        let [_, _, _, sensors] = self.raw.asked;
        let asked = sensors.is_some() || self.raw.full.is_some();
        asked && self.port.contains(Condition::PaperOut) && !self.own().contains(Condition::PaperOut)
    }

    /// What the printer itself says.
    fn own(&self) -> Conditions {
        self.asked.iter().fold(self.automatic.union(self.full), |sum, answer| sum.union(*answer))
    }

    /// What the port may add: want of paper always, for to stop is safe whoever is right. That it is offline only as
    /// long as the printer says nothing itself, for it says that more exactly.
    fn port_adds(&self) -> Conditions {
        let raw = &self.raw;
        let speaks = raw.asked.iter().any(Option::is_some) || raw.automatic.is_some() || raw.full.is_some();
        if speaks { self.port.without(Condition::Offline.into()) } else { self.port }
    }

    /// The answers themselves.
    pub fn raw(&self) -> Raw {
        self.raw
    }

    /// All that is the matter. `Offline` only where nothing else says why.
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
