//! What people do to the virtual printer.

use super::VirtualPrinter;
use crate::receipt::image::realtime::Sorter;
use crate::receipt::image::status::Condition;

impl VirtualPrinter {
    /// Somebody takes the ticket that is shown.
    pub fn take_ticket(&mut self) {
        self.condition.ticket_waiting = false;
    }

    /// Somebody puts paper in, closes the cover, frees the knife: it goes on with what it holds.
    /// What is scripted for later stays.
    pub fn mend(&mut self) {
        self.condition = Condition { ticket_waiting: self.condition.ticket_waiting, ..Condition::default() };
        self.script.mend();
        self.report();
        self.run();
    }

    /// Switched off, or on again.
    pub fn power(&mut self, on: bool) {
        if self.off == on {
            self.power_cycle();
        }
        self.off = !on;
    }

    /// Whether it is switched off: nobody is at its address.
    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Power off and on: its buffer and its settings are lost, the paper stays in it.
    pub fn power_cycle(&mut self) {
        self.condition.unrecoverable = false;
        self.script.restart();
        self.sorter = Sorter::default();
        self.buffer.clear();
        self.skip = 0;
        self.page.clear();
        self.page.initialise();
        self.automatic_mask = 0;
        self.replies.clear();
    }
}
