//! Life of one ticket: status before it, bytes and fence, status while it prints, and its result.

use super::{
    Capabilities, Condition, Conditions, Fence, Output, Phase, PrintResult, PrinterSession, UncertainReason,
    command, connection_state::Taken, drain::Drain, timing,
};
use crate::device::printer::status;
use std::time::Duration;

/// A ticket to print.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) height_mm: u32,
}

/// A ticket that is printing.
#[derive(Debug)]
pub(super) struct Printing {
    job: u64,
    /// Number of the fence behind it.
    fence: u32,
    /// Bytes that the transport has to take before the ticket's first.
    ahead: usize,
    /// True once the transport has taken a byte of it.
    begun: bool,
    /// Time that the wire needs for the bytes that the kernel has taken.
    wire_time: Duration,
    /// Least time that it takes.
    least: Duration,
    /// Size of the ticket, in bytes.
    bytes: usize,
    /// Time that it is given where there is no fence.
    unfenced: Duration,
    /// Time at which the last of its bytes was taken.
    progress_at: Duration,
    stall_limit: Duration,
    /// True if pauses in taking bytes are explained: the printer reports its state by itself.
    told: bool,
    /// True if there was a pause without explanation.
    paused: bool,
    /// True if all of it fits the printer's buffer: questions behind it are answered in real time.
    fits: bool,
    /// True if a status round was not answered.
    unanswered: bool,
    /// Time of the next question to the USB port, if it can be asked.
    port_at: Option<Duration>,
    written: Option<Written>,
}

#[derive(Debug)]
struct Written {
    /// Time at which the printer is asked for the reason of a silent fence.
    limit_at: Duration,
    /// Time from which no explanation helps any more.
    last_at: Duration,
    /// True if the limit has passed and the printer is being asked for the reason.
    asked: bool,
}

impl Printing {
    pub(super) fn deadline(&self) -> Option<Duration> {
        match &self.written {
            None => Some(self.progress_at + self.stall_limit),
            Some(written) => (!written.asked).then_some(written.limit_at),
        }
    }

    /// Returns the time of the next question to the USB port, until all is written; then the rounds ask it.
    pub(super) fn port_due(&self) -> Option<Duration> {
        self.port_at.filter(|_| self.written.is_none())
    }

    /// Returns true if the USB port is to be asked now, and postpones the next question.
    pub(super) fn take_port_turn(&mut self, now: Duration) -> bool {
        let due = self.port_due().is_some_and(|at| now >= at);
        if due {
            self.port_at = Some(now + timing::JOB_STATUS);
        }
        due
    }

    /// Returns the least time for the last `bytes` bytes, once they are taken.
    fn tail(&self, bytes: usize) -> Duration {
        let share = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).max(1);
        let (rest, whole) = (share(bytes.min(self.bytes)), share(self.bytes));
        self.least.mul_f64(f64::from(rest) / f64::from(whole)) / timing::TAIL_MARGIN
    }

    pub(super) fn is_written(&self) -> bool {
        self.written.is_some()
    }

    pub(super) fn limit_passed(&self) -> bool {
        self.written.as_ref().is_some_and(|written| written.asked)
    }
}

impl PrinterSession {
    pub(super) fn ask(&mut self, job: Job, now: Duration) {
        if !matches!(self.phase, Phase::Ready) {
            let mut conditions = self.conditions();
            if self.is_printing() {
                conditions.insert(Condition::NotEmpty);
            }
            self.out.push(Output::Printed { job: job.id, result: PrintResult::NotStarted(conditions) });
            return;
        }
        self.phase = Phase::Checking(job);
        let fresh = self.connection.rounds.has_fresh_status(now);
        if fresh && !self.poller.is_busy() { self.checked(now) } else { self.request_round(now) }
    }

    /// Takes the status before the ticket, and sends the ticket if nothing stops printing.
    pub(super) fn checked(&mut self, now: Duration) {
        let Phase::Checking(job) = std::mem::replace(&mut self.phase, Phase::Ready) else { return };
        let facts = self.facts.conditions();
        if facts.stops_printing() {
            self.out.push(Output::Printed { job: job.id, result: PrintResult::NotStarted(facts) });
            return;
        }
        self.well = self.facts.raw();
        let mut bytes = job.bytes;
        let told = self.capabilities.automatic && bytes.starts_with(&command::INITIALISE);
        let printing = Printing {
            job: job.id,
            fence: self.fences.next_number(),
            ahead: self.connection.unaccepted(),
            begun: false,
            wire_time: self.capabilities.wire_time(bytes.len()),
            least: if self.has_head() {
                self.capabilities.least_time(bytes.len(), job.height_mm)
            } else {
                Duration::ZERO
            },
            bytes: bytes.len(),
            unfenced: Capabilities::unfenced_time(job.height_mm),
            progress_at: now,
            stall_limit: timing::WRITE_STALL.max(self.capabilities.fence_timeout),
            told,
            paused: false,
            fits: bytes.len() <= self.capabilities.buffer_bytes,
            unanswered: false,
            port_at: self.capabilities.has_port().then_some(now + timing::JOB_STATUS),
            written: None,
        };
        if told {
            // Automatic status has been switched off by ESC @, or by an unnoticed power cycle.
            let rest = command::INITIALISE.len();
            bytes.splice(rest..rest, command::AUTOMATIC_STATUS);
        }
        if let Some(presenter) = &self.capabilities.presenter {
            bytes.extend_from_slice(&presenter.present);
        }
        bytes.extend(self.fences.take(self.capabilities.fence));
        self.write(bytes, now);
        self.connection.rounds.use_up_status();
        self.phase = Phase::Printing(printing);
    }

    pub(super) fn accepted(&mut self, count: usize, now: Duration) {
        let Taken { before, all, pause } = self.connection.accepted(count, now);
        if let Phase::Printing(printing) = &mut self.phase {
            printing.paused |= !printing.told && pause >= timing::UNEXPLAINED_PAUSE;
            if printing.begun && pause >= timing::SHORT_PAUSE {
                self.fences.not_before(now + printing.tail(before));
            }
        }
        match &mut self.phase {
            Phase::Printing(printing) if printing.written.is_none() && count > 0 => {
                printing.progress_at = now;
                if count > printing.ahead && !printing.begun {
                    printing.begun = true;
                    self.fences.ticket_begins(now + printing.least);
                }
                printing.ahead = printing.ahead.saturating_sub(count);
                if all {
                    let fenced = self.capabilities.fence != Fence::None;
                    let limit = if fenced { self.capabilities.fence_timeout } else { printing.unfenced };
                    let limit_at = now + limit + printing.wire_time;
                    let last_at = limit_at + timing::EXPLAINED_WAIT;
                    printing.written = Some(Written { limit_at, last_at, asked: false });
                    self.connection.rounds.within(timing::JOB_STATUS, now);
                }
            }
            Phase::Proving(Drain::Draining { stalled_at }) => {
                *stalled_at = now + timing::DRAIN_STALL;
                if all {
                    self.begin_proof(now);
                }
            }
            _ => {}
        }
    }

    /// Takes an answer to `GS r`.
    pub(super) fn in_turn(&mut self, byte: u8, now: Duration) {
        if !matches!(self.phase, Phase::Printing(_)) || self.connection.all_accepted() {
            self.fences.answered();
        }
        match &self.phase {
            Phase::Proving(_) => self.proof_in_turn(now),
            Phase::Printing(printing) if printing.is_written() && self.capabilities.fence == Fence::GsR => {
                let (job, paused) = (printing.job, printing.paused);
                self.facts.in_turn(byte);
                if self.fences.is_too_soon(now) {
                    self.fence_too_soon(now);
                } else if status::in_turn(byte).contains(Condition::PaperOut) {
                    self.spoilt_by(Condition::PaperOut.into(), now);
                } else {
                    self.fence_back(job, paused, true, now);
                }
            }
            _ => {}
        }
    }

    /// Takes an identifier of `GS ( H` that came back.
    pub(super) fn reached(&mut self, identifier: [u8; 4], now: Duration) {
        match &self.phase {
            Phase::Proving(_) => self.proof_reached(identifier, now),
            Phase::Printing(printing)
                if printing.is_written() && command::identifier(printing.fence) == identifier =>
            {
                let (job, paused, unanswered) = (printing.job, printing.paused, printing.unanswered);
                if self.fences.is_too_soon(now) {
                    self.fence_too_soon(now);
                } else {
                    self.fence_back(job, paused, unanswered, now);
                }
            }
            _ => {}
        }
    }

    /// Handles the return of the ticket's fence: all of it has been printed, and the printer is empty.
    fn fence_back(&mut self, job: u64, paused: bool, verify: bool, now: Duration) {
        self.fences.came_in_time();
        if paused {
            self.finish(job, PrintResult::Uncertain(UncertainReason::Stalled), now);
        } else if verify {
            self.phase = Phase::Verifying { job, again: false };
            self.request_round(now);
        } else {
            self.came_out(job, now);
        }
    }

    /// Notes a status round in mid-ticket without answer. Some printers are too busy, and the fence decides; but where
    /// the question may have waited behind the ticket, an open cover may have, too.
    pub(super) fn round_unanswered(&mut self) {
        if let Phase::Printing(printing) = &mut self.phase {
            printing.unanswered = true;
            printing.paused |= !(printing.fits || printing.told);
        }
    }

    /// Notes a late answer that tells of a stop in mid-ticket, whose reason and effect on the paper are unknown.
    pub(super) fn stopped_for_a_while(&mut self, now: Duration) {
        match &mut self.phase {
            Phase::Printing(printing) => printing.paused |= !printing.told,
            Phase::Verifying { .. } => self.spoil(UncertainReason::Stalled, now),
            _ => {}
        }
    }

    pub(super) fn finish(&mut self, job: u64, result: PrintResult, now: Duration) {
        self.out.push(Output::Printed { job, result });
        self.phase = Phase::Ready;
        self.connection.rounds.set_next(None);
        self.schedule(now);
    }

    /// Handles a status round that has ended well while the ticket prints.
    pub(super) fn looked_in(&mut self, now: Duration) {
        let facts = self.facts.conditions();
        let waits = facts.contains(Condition::HeadHot) || facts.contains(Condition::Offline);
        let fence_timeout = self.capabilities.fence_timeout;
        let Phase::Printing(printing) = &mut self.phase else { return };
        let Some(written) = &mut printing.written else { return };
        if waits && now < written.last_at {
            let limit_at = (now + fence_timeout).min(written.last_at);
            written.limit_at = written.limit_at.max(limit_at);
            written.asked = false;
        } else if written.asked {
            let answered = self.capabilities.answers_status();
            if self.capabilities.fence == Fence::None && answered && !facts.stops_printing() {
                let (job, paused) = (printing.job, printing.paused);
                self.fence_back(job, paused, false, now);
            } else {
                self.spoil(UncertainReason::NoConfirmation, now);
            }
        }
    }

    /// Handles a time limit of the ticket that has passed.
    pub(super) fn printing_due(&mut self, now: Duration) {
        let Phase::Printing(printing) = &mut self.phase else { return };
        match &mut printing.written {
            None => self.spoil(UncertainReason::Stalled, now),
            Some(written) => {
                written.asked = true;
                self.request_round(now);
            }
        }
    }

    /// Spoils the ticket in progress if one of the conditions does.
    pub(super) fn spoilt_by(&mut self, facts: Conditions, now: Duration) {
        if let Some(condition) = facts.iter().filter(|condition| condition.spoils_ticket()).last() {
            self.spoil(UncertainReason::During(condition), now);
        }
    }

    /// Makes the ticket uncertain, whatever may still come; nothing prints before the printer is shown to be empty.
    fn spoil(&mut self, why: UncertainReason, now: Duration) {
        let Some(written) = self.give_up_ticket(why) else { return };
        if written {
            self.begin_proof(now);
        } else if self.capabilities.clears {
            self.clearing.cut_off();
            self.reset();
        } else {
            self.phase = Phase::Proving(Drain::Draining { stalled_at: now + timing::DRAIN_STALL });
        }
    }

    /// Handles a fence that came back before its ticket can have been printed: the printer answers on receipt, and its
    /// answers say nothing about paper.
    fn fence_too_soon(&mut self, now: Duration) {
        self.distrust_fences();
        self.spoil(UncertainReason::TooSoon, now);
    }

    /// Reports the ticket in progress as uncertain; returns true if all its bytes were taken, none without a ticket.
    fn give_up_ticket(&mut self, why: UncertainReason) -> Option<bool> {
        let (job, written) = match &self.phase {
            Phase::Printing(printing) => {
                let (job, fence, written) = (printing.job, printing.fence, printing.is_written());
                self.fences.prove_from(fence);
                (job, written)
            }
            Phase::Verifying { job, .. } => {
                let job = *job;
                self.fences.prove_from_next();
                (job, true)
            }
            _ => return None,
        };
        self.empty = false;
        self.doubt = Condition::NotEmpty;
        self.out.push(Output::Printed { job, result: PrintResult::Uncertain(why) });
        Some(written)
    }

    /// Gives the result of a ticket in progress, if any, when the printer is lost to `condition`.
    pub(super) fn ticket_lost_to(&mut self, condition: Condition) {
        if let Phase::Checking(job) = &self.phase {
            let result = PrintResult::NotStarted(condition.into());
            self.out.push(Output::Printed { job: job.id, result });
        } else {
            self.leave_with_customer();
            self.give_up_ticket(UncertainReason::During(condition));
        }
    }

    /// Handles the end of the connection in this phase.
    pub(super) fn disconnected_in(&mut self, phase: Phase) {
        let untouched = match &phase {
            Phase::Checking(job) => Some(job.id),
            Phase::Printing(printing) if !printing.begun => Some(printing.job),
            _ => None,
        };
        if let Some(job) = untouched {
            let result = PrintResult::NotStarted(Condition::Disconnected.into());
            self.out.push(Output::Printed { job, result });
            return;
        }
        self.phase = phase;
        self.ticket_lost_to(Condition::Disconnected);
        self.phase = Phase::Down;
    }
}
