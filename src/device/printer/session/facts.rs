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
}

/// The newest answer of each kind.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    automatic: Conditions,
    /// To `DLE EOT` 1 to 4.
    asked: [Conditions; 4],
    /// To `DLE EOT 20`.
    full: Conditions,
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
        *self = Self { automatic: status::automatic(bytes), raw, ..Self::default() };
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

    /// The answers themselves.
    pub fn raw(&self) -> Raw {
        self.raw
    }

    /// All that is the matter. `Offline` only where nothing else says why.
    pub fn conditions(&self) -> Conditions {
        let mut all =
            self.asked.iter().fold(self.automatic.union(self.full), |sum, answer| sum.union(*answer));
        let mut others = all;
        others.remove(Condition::Offline);
        others.remove(Condition::TicketWaiting);
        if others.stops_printing() {
            all.remove(Condition::Offline);
        }
        all
    }
}
