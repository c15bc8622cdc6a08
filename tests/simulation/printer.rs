//! Printer at the level of tickets: what comes out, and what is said of it.

use super::faults::Fault;
use super::queue::Seat;
use super::world::{Broken, Event, Job, World};
use pickup_kiosk::device::printer::conditions::Condition;
use pickup_kiosk::device::printer::session::{PrintResult as Printed, UncertainReason};
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::input::{Input, Readiness};

/// Time in ms from the first byte to the confirmation.
const TICKET_MS: u64 = 600;
/// Time in ms until a fence that doesn't come is given up.
const FENCE_MS: u64 = 15_000;

impl World<'_> {
    pub fn check_printer(&mut self, kiosk: usize, pickup: PickupId) {
        if !self.kiosks[kiosk].printer.queue.is_clear() {
            // As the kiosk does: a slip is printed first.
            let life = self.kiosks[kiosk].life;
            return self.at(1_000, Event::LookedFor { kiosk, life, pickup });
        }
        if self.bytes_look(kiosk, &pickup) {
            return;
        }
        if self.strikes(Fault::NoPaper) {
            self.stop_printer(kiosk, FaultCode::PaperOut);
        }
        let mut readiness = self.kiosks[kiosk].printer.readiness;
        if readiness == Readiness::Ready && self.strikes(Fault::StatusLies) {
            self.stop_printer(kiosk, FaultCode::CoverOpen);
            readiness = Readiness::Ready;
        }
        self.answer(kiosk, 2, Input::PrinterChecked { pickup, readiness });
    }

    /// Hands a ticket to the printer.
    pub fn ticket_begins(&mut self, kiosk: usize, paper: u64, seat: Seat) {
        if self.kiosks[kiosk].printer.readiness == Readiness::Ready && self.strikes(Fault::NoPaper) {
            self.stop_printer(kiosk, FaultCode::PaperOut);
        }
        let lax = self.broken == Broken::FenceIgnored;
        if !lax && self.is_not_started(kiosk, paper) {
            return;
        }
        let Seat { booking, key, again } = seat;
        self.printing(kiosk, booking, &key, again);
        let mut job = Job { paper, booking, seat: key, again, torn: false, result: Printed::Confirmed };
        let mut done_ms = TICKET_MS;
        if self.strikes(Fault::PaperTorn) {
            job.torn = true;
            job.result = Printed::Uncertain(UncertainReason::During(Condition::PaperOut));
        } else if self.strikes(Fault::FenceLost) {
            done_ms = FENCE_MS;
            job.result = Printed::Uncertain(UncertainReason::NoConfirmation);
        } else if self.strikes(Fault::FenceLate) {
            done_ms = FENCE_MS - 1_000;
        }
        if lax {
            job.result = Printed::Confirmed;
            done_ms = 1;
        }
        self.kiosks[kiosk].printer.job = Some(job);
        let life = self.kiosks[kiosk].life;
        self.at(done_ms, Event::JobDone { kiosk, life });
    }

    /// Hands a slip to the printer.
    pub fn slip_begins(&mut self, kiosk: usize, paper: u64) {
        if self.is_not_started(kiosk, paper) {
            return;
        }
        let queue = &mut self.kiosks[kiosk].printer.queue;
        queue.slip = Some(paper);
        let (done_ms, life) = (queue.slip_ms(), self.kiosks[kiosk].life);
        self.at(done_ms, Event::JobDone { kiosk, life });
    }

    /// Returns true for a printer that isn't ready: it gets not a byte.
    fn is_not_started(&mut self, kiosk: usize, paper: u64) -> bool {
        let Readiness::Stopped(code) = self.kiosks[kiosk].printer.readiness else { return false };
        let condition = Condition::from_code(code).unwrap();
        self.printed_in(2, kiosk, paper, Printed::NotStarted(condition.into()));
        true
    }

    /// Lets a paper out, or what there is of it; the kiosk hears what can be known.
    pub fn job_done(&mut self, kiosk: usize, life: u32) {
        if self.kiosks[kiosk].life != life {
            return;
        }
        if let Some(slip) = self.kiosks[kiosk].printer.queue.slip.take() {
            return self.printed(kiosk, slip, Printed::Confirmed);
        }
        let Some(job) = self.kiosks[kiosk].printer.job.take() else { return };
        self.paper_out(kiosk, &job, !job.torn);
        if job.torn {
            self.stop_printer(kiosk, FaultCode::PaperOut);
        } else if job.result != Printed::Confirmed {
            // Until it has drained, nothing more is sent to it.
            self.stop_printer(kiosk, FaultCode::PrinterNotAnswering);
        }
        self.printed(kiosk, job.paper, job.result);
    }

    fn stop_printer(&mut self, kiosk: usize, code: FaultCode) {
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
