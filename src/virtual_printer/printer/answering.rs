//! Answers of the virtual printer, in real time, in their turn or unsolicited.

use super::{REPLY_BYTES_MAX, VirtualPrinter};
use crate::receipt::profile::FULL_STATUS;
use crate::virtual_printer::realtime::RealTime;
use crate::virtual_printer::status::{CLEARED, Condition};

impl VirtualPrinter {
    pub(super) fn real_time(&mut self, command: RealTime) {
        match command {
            RealTime::Status(n) if self.script.status_silent() || !self.quirks.answers(n) => {}
            RealTime::Status(FULL_STATUS) => self.answer_full(),
            RealTime::Status(n) => {
                let status = self.said().dle_eot(n);
                self.answer(status.as_slice());
            }
            RealTime::Recover(n @ (1 | 2)) if self.condition.cutter_stuck == Some(true) => {
                self.condition.cutter_stuck = None;
                if n == 2 {
                    self.clear();
                }
                self.report();
                self.run();
            }
            RealTime::Clear => {
                self.clear();
                self.answer(&CLEARED);
            }
            RealTime::Recover(_) | RealTime::Other => {}
        }
    }

    /// Returns the condition that the printer reports.
    fn said(&self) -> Condition {
        if self.script.lies() { Condition::default() } else { self.condition }
    }

    /// Answers with the full status. A customer takes the ticket once it has been seen, unless it is forgotten.
    fn answer_full(&mut self) {
        let status = self.said().full();
        self.answer(&status);
        if self.condition.ticket_waiting && !self.script.forgotten() {
            self.condition.ticket_waiting = !self.shown;
            self.shown = !self.shown;
        }
    }

    pub(super) fn eject_command(&mut self, n: u8) {
        let there = std::mem::take(&mut self.condition.ticket_waiting);
        match n {
            2 => self.dismissed.retracted += u32::from(there),
            5 => self.dismissed.dropped += u32::from(there),
            3 if self.presenter => self.condition.ticket_waiting = true,
            _ => self.condition.ticket_waiting = there,
        }
        self.shown = false;
    }

    pub(super) fn clear(&mut self) {
        self.buffer.clear();
        self.skip = 0;
        self.page.clear();
        self.page.initialise();
        self.paper.remainder = false;
    }

    /// Sends an answer that tells the host that all before it has been printed; the script may lose it.
    pub(super) fn confirm(&mut self, bytes: &[u8]) {
        if !self.script.take_lost_fence() {
            self.answer(bytes);
        }
    }

    pub(super) fn answer(&mut self, bytes: &[u8]) {
        if self.script.silent() {
            return;
        }
        let arrives = if self.script.take_half() { bytes.len().div_ceil(2) } else { bytes.len() };
        self.replies.extend_from_slice(bytes.get(..arrives).unwrap_or(bytes));
        let excess = self.replies.len().saturating_sub(REPLY_BYTES_MAX);
        self.replies.drain(..excess);
    }

    /// Sends automatic status back, if it is switched on and has changed.
    pub(super) fn report(&mut self) {
        let status = self.said().automatic();
        if self.automatic_mask != 0 && status != self.automatic_sent {
            self.automatic_sent = status;
            self.answer(&status);
        }
    }
}
