//! The printer, at the level of tickets: what comes out, and what is said of it.

use super::faults::Fault;
use super::world::{Broken, Event, Job, World};
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::action::Mark;
use pickup_kiosk::pickup::input::{Input, PrintResult, Readiness};
use pickup_kiosk::ticket::{SeatKey, Ticket};

/// From the first byte to the confirmation.
const TICKET_MS: u64 = 600;
/// Until a fence that doesn't come is given up.
const FENCE_MS: u64 = 15_000;

impl World<'_> {
    pub fn check_printer(&mut self, kiosk: usize, pickup: PickupId) {
        if self.bytes_look(kiosk, &pickup) {
            return;
        }
        if self.strikes(Fault::NoPaper) {
            self.stop_printer(kiosk, "P2");
        }
        let mut readiness = self.kiosks[kiosk].printer.readiness;
        if readiness == Readiness::Ready && self.strikes(Fault::StatusLies) {
            self.stop_printer(kiosk, "P3");
            readiness = Readiness::Ready;
        }
        self.answer(kiosk, 2, Input::PrinterChecked { pickup, readiness });
    }

    pub fn print(&mut self, kiosk: usize, pickup: PickupId, seat: SeatKey, ticket: &Ticket, mark: Mark) {
        if self.bytes_print(kiosk, &pickup, ticket.price.0 as usize, &seat, mark != Mark::Original) {
            return;
        }
        if self.kiosks[kiosk].printer.readiness == Readiness::Ready && self.strikes(Fault::NoPaper) {
            self.stop_printer(kiosk, "P2");
        }
        let lax = self.broken == Broken::FenceIgnored;
        match self.kiosks[kiosk].printer.readiness {
            Readiness::Stopped(code) if !lax => {
                let result = PrintResult::NotStarted(code);
                self.answer(kiosk, 2, Input::TicketDone { pickup, seat, result });
                return;
            }
            Readiness::Stopped(_) | Readiness::Ready => {}
        }
        let booking = ticket.price.0 as usize;
        let again = mark != Mark::Original;
        self.printing(kiosk, booking, &seat, again);
        let mut job = Job { booking, seat, pickup, again, torn: false, result: PrintResult::Confirmed };
        let mut done_ms = TICKET_MS;
        if self.strikes(Fault::PaperTorn) {
            job.torn = true;
            job.result = PrintResult::Uncertain("the paper ended in the ticket".into());
        } else if self.strikes(Fault::FenceLost) {
            done_ms = FENCE_MS;
            job.result = PrintResult::Uncertain("no confirmation".into());
        } else if self.strikes(Fault::FenceLate) {
            done_ms = FENCE_MS - 1_000;
        }
        if lax {
            job.result = PrintResult::Confirmed;
            done_ms = 1;
        }
        self.kiosks[kiosk].printer.job = Some(job);
        let life = self.kiosks[kiosk].life;
        self.at(done_ms, Event::JobDone { kiosk, life });
    }

    /// A ticket is out, or what there is of it; the kiosk hears what can be known.
    pub fn job_done(&mut self, kiosk: usize, life: u32) {
        if self.kiosks[kiosk].life != life {
            return;
        }
        let Some(job) = self.kiosks[kiosk].printer.job.take() else { return };
        self.paper_out(kiosk, &job, !job.torn);
        if job.torn {
            self.stop_printer(kiosk, "P2");
        } else if job.result != PrintResult::Confirmed {
            // Until it has drained, nothing more is sent to it.
            self.stop_printer(kiosk, "P8");
        }
        let Job { pickup, seat, result, .. } = job;
        self.feed(kiosk, Input::TicketDone { pickup, seat, result });
    }

    fn stop_printer(&mut self, kiosk: usize, code: &'static str) {
        let printer = &mut self.kiosks[kiosk].printer;
        printer.readiness = Readiness::Stopped(code);
        printer.stops += 1;
        let job = printer.stops;
        // Within a customer's patience, or not.
        let long = self.chance.below(2) == 0;
        let in_ms =
            if long { self.chance.between(91_000, 300_000) } else { self.chance.between(1_000, 60_000) };
        self.at(in_ms, Event::Mended { kiosk, job });
        if self.chance.below(2) == 0 {
            self.answer(kiosk, 1, Input::Printer(Readiness::Stopped(code)));
        }
    }

    pub fn mended(&mut self, kiosk: usize, job: u32) {
        if self.kiosks[kiosk].printer.stops != job {
            return;
        }
        if self.bytes_mended(kiosk, job) {
            return;
        }
        self.kiosks[kiosk].printer.readiness = Readiness::Ready;
        self.feed(kiosk, Input::Printer(Readiness::Ready));
    }
}
