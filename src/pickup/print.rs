//! Printing of one ticket at a time: on record, printed, confirmed, on record.

use super::action::Action;
use super::input::{PrintResult, Readiness};
use super::machine::{Transition, names, tie};
use super::state::{ActivePickup, CustomerState, Hint, Stage};
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{DueReport, Entry, PickupId, RecordStep, ReportState};
use crate::ticket::{Mark, Outcome, SeatKey, SeatState, Ticket};
use std::mem;

/// Reason in the record of a ticket that no printer could print.
const UNPRINTABLE: &str = "it can't be put on paper, not a byte was sent";

impl Transition<'_> {
    /// Prints the next owed ticket, or ends the pickup.
    pub(super) fn print_next(&mut self, active: ActivePickup) {
        self.next(active, Vec::new());
    }

    /// Does as `print_next`, with steps that go into the same transaction as what follows.
    fn next(&mut self, mut active: ActivePickup, mut steps: Vec<RecordStep>) {
        let printable = |seat: &super::state::Seat| {
            let ticket = seat.ticket.as_ref().filter(|ticket| !ticket.info_code.is_empty());
            active.wants(seat).then_some(ticket).flatten().cloned()
        };
        let next = active.seats.iter().enumerate().find_map(|(at, seat)| Some((at, printable(seat)?)));
        let Some((at, ticket)) = next.filter(|_| !self.state.stopping && !self.claim_is_over(&active)) else {
            return self.finish_with(active, steps);
        };
        if self.state.printer != Readiness::Ready {
            if !steps.is_empty() {
                self.record(&mut active, steps);
            }
            let until = *active.patience.get_or_insert(self.now.mono + timing::PRINTER_PATIENCE);
            let since = self.now.mono;
            self.state.customer =
                CustomerState::Busy(Box::new(active), Stage::WaitingForPrinter { until, since });
            return;
        }
        let seat = ticket.key();
        if let Some(held) = active.seats.get_mut(at) {
            held.state = SeatState::Printing;
            held.not_owed = true;
        }
        steps.push(RecordStep::Seat { seat: seat.clone(), state: SeatState::Printing, why: String::new() });
        self.record(&mut active, steps);
        self.actions.push(Action::Print {
            pickup: active.pickup.clone(),
            seat,
            ticket: Box::new(ticket),
            mark: Mark::Original,
        });
        self.state.customer = CustomerState::Busy(Box::new(active), Stage::Printing { at });
    }

    /// Returns true if the site gives the booking to anybody by now: no further ticket is begun without a report.
    fn claim_is_over(&self, active: &ActivePickup) -> bool {
        let limit = self.machine.policy.claim_limit().filter(|_| active.report() != ReportState::Done);
        let age = active.issued_at.map(|at| self.now.mono.saturating_sub(at));
        limit.zip(age).is_some_and(|(limit, age)| age >= limit)
    }

    /// Takes the printer's result of one ticket.
    pub(super) fn ticket_done(&mut self, pickup: &PickupId, key: &SeatKey, result: PrintResult) {
        match mem::replace(&mut self.state.customer, CustomerState::Idle) {
            CustomerState::Busy(active, Stage::Printing { at })
                if active.pickup == *pickup && active.seats.get(at).is_some_and(|seat| seat.key == *key) =>
            {
                self.printed(*active, at, result);
            }
            CustomerState::Reprinting { pickup: of, seat, was, report } if of == *pickup && seat == *key => {
                self.reprinted((of, seat), was, report, result);
            }
            front => self.state.customer = front,
        }
    }

    fn printed(&mut self, mut active: ActivePickup, at: usize, result: PrintResult) {
        let mut unprintable = false;
        let (state, why) = match result {
            PrintResult::Confirmed => {
                active.patience = None;
                (SeatState::Printed, String::new())
            }
            PrintResult::Forgotten(why) => return self.not_taken(active, at, why),
            PrintResult::NotStarted(code) => {
                self.state.printer = Readiness::Stopped(code);
                (SeatState::Reserved, format!("printer not ready ({code}), not a byte was sent"))
            }
            // The printer is well: the other tickets are printed.
            PrintResult::Unprintable => {
                unprintable = true;
                (SeatState::Reserved, UNPRINTABLE.into())
            }
            PrintResult::Uncertain(why) => (SeatState::Uncertain, why),
        };
        // Not a byte went out, and the site has said meanwhile that the ticket is printed.
        let doubt = active.seats.get(at).and_then(|seat| active.doubt(&seat.key));
        let (state, why) = match doubt {
            Some(doubt) if state == SeatState::Reserved => (SeatState::Uncertain, doubt.to_owned()),
            _ => (state, why),
        };
        active.session = active.session();
        let Some(seat) = active.seats.get_mut(at) else { return };
        seat.state = state;
        seat.not_owed = state != SeatState::Reserved;
        if state != SeatState::Reserved || unprintable {
            seat.ticket = None;
        }
        let step = RecordStep::Seat { seat: seat.key.clone(), state, why };
        self.next(active, vec![step]);
    }

    /// Ends a pickup whose ticket came out and was not taken: nobody is there to take the next. It stays printed; what
    /// became of the paper is on record, and the customer is sent to the counter with a claim reference.
    fn not_taken(&mut self, mut active: ActivePickup, at: usize, why: &'static str) {
        active.session = active.session();
        let Some(seat) = active.seats.get_mut(at) else { return };
        (seat.state, seat.ticket) = (SeatState::Printed, None);
        let step = RecordStep::Seat { seat: seat.key.clone(), state: SeatState::Printed, why: why.into() };
        self.wind_up(active, vec![step], Some(why));
    }

    /// Ends a pickup whose issue is on record: what came out came out, the rest is owed.
    pub(super) fn finish(&mut self, active: ActivePickup) {
        self.finish_with(active, Vec::new());
    }

    pub(super) fn finish_with(&mut self, active: ActivePickup, steps: Vec<RecordStep>) {
        self.wind_up(active, steps, None);
    }

    /// Ends a pickup with its claim reference. `forgotten`: what became of a ticket that nobody took.
    fn wind_up(
        &mut self,
        mut active: ActivePickup,
        mut steps: Vec<RecordStep>,
        forgotten: Option<&'static str>,
    ) {
        let all_settled = forgotten.is_none() && active.seats.iter().all(|seat| seat.state.settled());
        let outcome = if all_settled { Outcome::Printed } else { Outcome::SeeCounter };
        let claim = (!all_settled).then_some(active.claim);
        let report = active.report();
        let reported = matches!(report, ReportState::Done | ReportState::Refused);
        let out = active.something_out();
        steps.splice(0..0, tie(&mut active));
        let settled_by_staff = active.seats.iter().any(|seat| seat.state == SeatState::HandedOver);
        let report_due = out && !reported;
        // A report that was ever due means that something had come out: void now, it may be paper. And only a site
        // that flags at the report lets others collect it: elsewhere it stays owed here.
        let released = !out
            && !settled_by_staff
            && report == ReportState::None
            && self.machine.policy.flags_at == FlagsAt::Report;
        steps.push(RecordStep::Ended {
            outcome,
            claim,
            duration_ms: self.since(active.started),
            why: forgotten.map_or_else(|| reason(&active, self.state.printer), str::to_owned),
            report_due,
            released,
            refused: None,
        });
        self.record(&mut active, steps);
        if !report_due {
            self.list_after_issue(&active);
        } else if let Some(report) = active.due_report() {
            let number = report.number;
            self.state.backlog.add(report, active.elsewhere_before(), self.now.mono);
            if active.seats.iter().all(|seat| seat.not_owed && seat.state != SeatState::Reserved) {
                self.state.backlog.all_on_record(number);
            }
        }
        self.print_claim(claim);
        let hint = match self.state.printer {
            _ if forgotten.is_some() => Hint::Forgotten,
            Readiness::Stopped(code) if !all_settled => Hint::Printer(code),
            _ => Hint::None,
        };
        let seats = names(&active);
        let session = active.session();
        self.show(active.pickup, outcome, hint, claim, seats, session);
    }

    // -- printed again by authority --

    /// Prints a ticket again that staff ordered and that the journal has in `Printing`.
    pub(super) fn reprint(
        &mut self,
        pickup: PickupId,
        was: SeatState,
        ticket: Ticket,
        count: u32,
        report: Option<DueReport>,
    ) {
        let seat = ticket.key();
        if !matches!(self.state.customer, CustomerState::Idle | CustomerState::Result(_)) {
            self.seat_entry(pickup, seat, was, "the kiosk was busy, not a byte was sent".into());
            return;
        }
        self.actions.push(Action::Print {
            pickup: pickup.clone(),
            seat: seat.clone(),
            ticket: Box::new(ticket),
            mark: Mark::Reprint(count),
        });
        self.state.customer = CustomerState::Reprinting { pickup, seat, was, report };
    }

    /// Takes the result of a reprint. A reprint is paper: the site hears of it, as of an original.
    fn reprinted(
        &mut self,
        (pickup, seat): (PickupId, SeatKey),
        was: SeatState,
        report: Option<DueReport>,
        result: PrintResult,
    ) {
        let (state, why) = match result {
            PrintResult::Confirmed => (SeatState::Reprinted, String::new()),
            PrintResult::Forgotten(why) => (SeatState::Reprinted, why.into()),
            PrintResult::NotStarted(code) => {
                self.state.printer = Readiness::Stopped(code);
                (was, format!("printer not ready ({code}), not a byte was sent"))
            }
            PrintResult::Unprintable => (was, UNPRINTABLE.into()),
            PrintResult::Uncertain(why) => (SeatState::Uncertain, why),
        };
        self.seat_entry(pickup, seat, state, why);
        let paper = matches!(state, SeatState::Reprinted | SeatState::Uncertain);
        if let Some(report) = report.filter(|_| paper) {
            self.state.backlog.add(report, None, self.now.mono);
        }
    }

    pub(super) fn seat_entry(&mut self, pickup: PickupId, seat: SeatKey, state: SeatState, why: String) {
        let step = RecordStep::Seat { seat, state, why };
        self.actions.push(Action::Record(vec![Entry { pickup, at: self.now.wall, step }]));
    }
}

/// Returns the reason for the record, one English phrase.
fn reason(active: &ActivePickup, printer: Readiness) -> String {
    let count = |state| active.seats.iter().filter(|seat| seat.state == state).count();
    let (owed, unsure) = (count(SeatState::Reserved), count(SeatState::Uncertain));
    if owed + unsure == 0 {
        return "everything came out".into();
    }
    let no_code = active.seats.iter().any(|seat| {
        seat.state == SeatState::Reserved && seat.ticket.as_ref().is_none_or(|t| t.info_code.is_empty())
    });
    let printer = match printer {
        Readiness::Ready => String::new(),
        Readiness::Stopped(code) => format!(", printer {code}"),
    };
    let no_code = if no_code { ", no ticket_info_code that can be printed" } else { "" };
    format!("{owed} owed, {unsure} uncertain{printer}{no_code}")
}
