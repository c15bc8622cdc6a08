//! Handling of the virtual printer by people.

use super::VirtualPrinter;
use crate::virtual_printer::realtime::Sorter;
use crate::virtual_printer::status::Condition;

impl VirtualPrinter {
    /// Takes the presented ticket, as a customer does.
    pub fn take_ticket(&mut self) {
        self.condition.ticket_waiting = false;
    }

    /// Mends the printer, as somebody does who puts paper in, closes the cover and frees the cutter: it resumes with
    /// what it holds. Faults that the script has for later stay.
    pub fn mend(&mut self) {
        self.condition = Condition { ticket_waiting: self.condition.ticket_waiting, ..Condition::default() };
        self.script.mend();
        self.report();
        self.run();
    }

    /// Switches the printer off or on.
    pub fn power(&mut self, on: bool) {
        if self.off == on {
            self.power_cycle();
        }
        self.off = !on;
    }

    /// Returns true if the printer is switched off: nobody is at its address.
    pub fn is_off(&self) -> bool {
        self.off
    }

    /// Switches the power off and on: buffer and settings are lost, the paper stays in the printer.
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
