//! The paper that is left once the printer says that it is low, by the metres that the technician measured.

use crate::device::printer::conditions::{Condition, Conditions};
use crate::receipt::stock::Stock;

/// The roll in the printer.
#[derive(Debug, Clone, Copy)]
pub struct PaperSupply {
    near_end_mm: Option<u32>,
    ticket_mm: u32,
    /// Known only while paper is low.
    left_mm: Option<u32>,
}

impl PaperSupply {
    /// A roll of this stock, of which a ticket takes so many millimetres at most.
    pub fn new(stock: Stock, ticket_mm: u32) -> Self {
        Self { near_end_mm: stock.near_end_mm, ticket_mm: ticket_mm.max(1), left_mm: None }
    }

    /// Takes the printer's word: low paper begins the count, a full roll or none ends it. A printer that can't be asked
    /// says nothing of its paper.
    pub fn seen(&mut self, conditions: Conditions) {
        if conditions.contains(Condition::Disconnected) || conditions.contains(Condition::NotAnswering) {
            return;
        }
        let low = conditions.contains(Condition::PaperLow) && !conditions.contains(Condition::PaperOut);
        self.left_mm = if low { self.left_mm.or(self.near_end_mm) } else { None };
    }

    /// Somebody has put in a new one.
    pub fn replaced(&mut self) {
        self.left_mm = None;
    }

    /// So much of it was printed on.
    pub fn used(&mut self, mm: u32) {
        self.left_mm = self.left_mm.map(|left| left.saturating_sub(mm));
    }

    /// Tickets that what is left can hold; none: enough, or unknown.
    pub fn tickets(&self) -> Option<u32> {
        self.left_mm.map(|left| left / self.ticket_mm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_begins_with_low_paper_and_ends_with_a_new_roll() {
        let low = Conditions::from(Condition::PaperLow);
        let mut roll = PaperSupply::new(Stock { pitch_mm: None, near_end_mm: Some(1_000) }, 180);
        roll.used(5_000);
        roll.seen(Conditions::NONE);
        assert_eq!(roll.tickets(), None);
        roll.seen(low);
        assert_eq!(roll.tickets(), Some(5));
        roll.used(180);
        roll.seen(low);
        assert_eq!(roll.tickets(), Some(4));
        roll.seen(Condition::Disconnected.into());
        assert_eq!(roll.tickets(), Some(4), "a pulled cable is no new roll");
        roll.used(10_000);
        assert_eq!(roll.tickets(), Some(0));
        roll.seen(low.union(Condition::PaperOut.into()));
        roll.seen(low);
        assert_eq!(roll.tickets(), Some(5), "changed for another that is nearly empty");
        roll.seen(Conditions::NONE);
        assert_eq!(roll.tickets(), None);
    }

    #[test]
    fn nobody_is_refused_where_nobody_measured() {
        let mut roll = PaperSupply::new(Stock::default(), 180);
        roll.seen(Condition::PaperLow.into());
        assert_eq!(roll.tickets(), None);
    }
}
