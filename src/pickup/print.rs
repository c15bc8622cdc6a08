//! One ticket at a time: on record, printed, confirmed, on record.

use super::action::{Action, Mark};
use super::input::{PrintResult, Readiness};
use super::machine::{Turn, names, tie};
use super::state::{Front, Hint, Stage, Visit};
use super::timing;
use crate::config::settings::FlagsAt;
use crate::journal::record::{DueReport, Entry, PickupId, ReportState, Step};
use crate::ticket::{Outcome, SeatKey, SeatState, Ticket};
use std::mem;

/// In the record, of a ticket that no printer could print.
const UNPRINTABLE: &str = "it can't be put on paper, not a byte was sent";

impl Turn<'_> {
    /// The next owed ticket, or the end.
    pub(super) fn print_next(&mut self, visit: Visit) {
        self.next(visit, Vec::new());
    }

    /// As `print_next`, with steps that go into the same transaction as what follows.
    fn next(&mut self, mut visit: Visit, mut steps: Vec<Step>) {
        let printable = |seat: &super::state::Seat| {
            let ticket = seat.ticket.as_ref().filter(|ticket| !ticket.info_code.is_empty());
            visit.wants(seat).then_some(ticket).flatten().cloned()
        };
        let next = visit.seats.iter().enumerate().find_map(|(at, seat)| Some((at, printable(seat)?)));
        let Some((at, ticket)) = next.filter(|_| !self.state.stopping && !self.claim_is_over(&visit)) else {
            return self.finish_with(visit, steps);
        };
        if self.state.printer != Readiness::Ready {
            if !steps.is_empty() {
                self.record(&mut visit, steps);
            }
            let until = *visit.patience.get_or_insert(self.now.mono + timing::PRINTER_PATIENCE);
            let since = self.now.mono;
            self.state.front = Front::Busy(Box::new(visit), Stage::WaitingForPrinter { until, since });
            return;
        }
        let seat = ticket.key();
        if let Some(held) = visit.seats.get_mut(at) {
            held.state = SeatState::Printing;
            held.not_owed = true;
        }
        steps.push(Step::Seat { seat: seat.clone(), state: SeatState::Printing, why: String::new() });
        self.record(&mut visit, steps);
        self.actions.push(Action::Print {
            pickup: visit.pickup.clone(),
            seat,
            ticket: Box::new(ticket),
            mark: Mark::Original,
        });
        self.state.front = Front::Busy(Box::new(visit), Stage::Printing { at });
    }

    /// The site gives the booking to anybody by now, as far as is known: no further ticket is begun without a report.
    fn claim_is_over(&self, visit: &Visit) -> bool {
        let limit = self.machine.policy.claim_limit().filter(|_| visit.report() != ReportState::Done);
        let age = visit.issued_at.map(|at| self.now.mono.saturating_sub(at));
        limit.zip(age).is_some_and(|(limit, age)| age >= limit)
    }

    /// The printer's word on one ticket.
    pub(super) fn ticket_done(&mut self, pickup: &PickupId, key: &SeatKey, result: PrintResult) {
        match mem::replace(&mut self.state.front, Front::Idle) {
            Front::Busy(visit, Stage::Printing { at })
                if visit.pickup == *pickup && visit.seats.get(at).is_some_and(|seat| seat.key == *key) =>
            {
                self.printed(*visit, at, result);
            }
            Front::Reprinting { pickup: of, seat, was, report } if of == *pickup && seat == *key => {
                self.reprinted((of, seat), was, report, result);
            }
            front => self.state.front = front,
        }
    }

    fn printed(&mut self, mut visit: Visit, at: usize, result: PrintResult) {
        let mut unprintable = false;
        let (state, why) = match result {
            PrintResult::Confirmed => {
                visit.patience = None;
                (SeatState::Printed, String::new())
            }
            PrintResult::Forgotten(why) => return self.not_taken(visit, at, why),
            PrintResult::NotStarted(code) => {
                self.state.printer = Readiness::Stopped(code);
                (SeatState::Reserved, format!("printer not ready ({code}), not a byte was sent"))
            }
            // The printer is well: the others are printed.
            PrintResult::Unprintable => {
                unprintable = true;
                (SeatState::Reserved, UNPRINTABLE.into())
            }
            PrintResult::Uncertain(why) => (SeatState::Uncertain, why),
        };
        // Not a byte went out, and the site has said meanwhile that it is printed.
        let doubt = visit.seats.get(at).and_then(|seat| visit.doubt(&seat.key));
        let (state, why) = match doubt {
            Some(doubt) if state == SeatState::Reserved => (SeatState::Uncertain, doubt.to_owned()),
            _ => (state, why),
        };
        visit.session = visit.session();
        let Some(seat) = visit.seats.get_mut(at) else { return };
        seat.state = state;
        seat.not_owed = state != SeatState::Reserved;
        if state != SeatState::Reserved || unprintable {
            seat.ticket = None;
        }
        let step = Step::Seat { seat: seat.key.clone(), state, why };
        self.next(visit, vec![step]);
    }

    /// It came out and nobody took it: nobody is there to take the next. It stays printed; what became of the paper is
    /// on record, and the customer is sent to the counter with a reference.
    fn not_taken(&mut self, mut visit: Visit, at: usize, why: &'static str) {
        visit.session = visit.session();
        let Some(seat) = visit.seats.get_mut(at) else { return };
        (seat.state, seat.ticket) = (SeatState::Printed, None);
        let step = Step::Seat { seat: seat.key.clone(), state: SeatState::Printed, why: why.into() };
        self.wind_up(visit, vec![step], Some(why));
    }

    /// Ends a pickup whose issue is on record: what came out came out, the rest is owed.
    pub(super) fn finish(&mut self, visit: Visit) {
        self.finish_with(visit, Vec::new());
    }

    pub(super) fn finish_with(&mut self, visit: Visit, steps: Vec<Step>) {
        self.wind_up(visit, steps, None);
    }

    /// `forgotten`: what became of a ticket that nobody took.
    fn wind_up(&mut self, mut visit: Visit, mut steps: Vec<Step>, forgotten: Option<&'static str>) {
        let all_settled = forgotten.is_none() && visit.seats.iter().all(|seat| seat.state.settled());
        let outcome = if all_settled { Outcome::Printed } else { Outcome::SeeCounter };
        let claim = (!all_settled).then_some(visit.claim);
        let report = visit.report();
        let reported = matches!(report, ReportState::Done | ReportState::Refused);
        let out = visit.something_out();
        steps.splice(0..0, tie(&mut visit));
        let settled_by_staff = visit.seats.iter().any(|seat| seat.state == SeatState::HandedOver);
        let report_due = out && !reported;
        // A report that was ever due means that something had come out: void now, it may be paper. And only a site
        // that flags at the report lets others collect it: elsewhere it stays owed here.
        let released = !out
            && !settled_by_staff
            && report == ReportState::None
            && self.machine.policy.flags_at == FlagsAt::Report;
        steps.push(Step::Ended {
            outcome,
            claim,
            duration_ms: self.since(visit.started),
            why: forgotten.map_or_else(|| reason(&visit, self.state.printer), str::to_owned),
            report_due,
            released,
            refused: None,
        });
        self.record(&mut visit, steps);
        if !report_due {
            self.list_after_issue(&visit);
        } else if let Some(report) = visit.due_report() {
            let number = report.number;
            self.state.backlog.add(report, visit.elsewhere_before(), self.now.mono);
            if visit.seats.iter().all(|seat| seat.not_owed && seat.state != SeatState::Reserved) {
                self.state.backlog.all_on_record(number);
            }
        }
        self.print_claim(claim);
        let hint = match self.state.printer {
            _ if forgotten.is_some() => Hint::Forgotten,
            Readiness::Stopped(code) if !all_settled => Hint::Printer(code),
            _ => Hint::None,
        };
        let seats = names(&visit);
        let session = visit.session();
        self.show(visit.pickup, outcome, hint, claim, seats, session);
    }

    // -- printed again by authority --

    /// Staff ordered it and the journal has the seat in `Printing`.
    pub(super) fn reprint(
        &mut self,
        pickup: PickupId,
        was: SeatState,
        ticket: Ticket,
        count: u32,
        report: Option<DueReport>,
    ) {
        let seat = ticket.key();
        if !matches!(self.state.front, Front::Idle | Front::Result(_)) {
            self.seat_entry(pickup, seat, was, "the kiosk was busy, not a byte was sent".into());
            return;
        }
        self.actions.push(Action::Print {
            pickup: pickup.clone(),
            seat: seat.clone(),
            ticket: Box::new(ticket),
            mark: Mark::Reprint(count),
        });
        self.state.front = Front::Reprinting { pickup, seat, was, report };
    }

    /// A reprint is paper: the site hears of it, as of an original.
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
        let step = Step::Seat { seat, state, why };
        self.actions.push(Action::Record(vec![Entry { pickup, at: self.now.wall, step }]));
    }
}

/// One English phrase for the record.
fn reason(visit: &Visit, printer: Readiness) -> String {
    let count = |state| visit.seats.iter().filter(|seat| seat.state == state).count();
    let (owed, unsure) = (count(SeatState::Reserved), count(SeatState::Uncertain));
    if owed + unsure == 0 {
        return "everything came out".into();
    }
    let no_code = visit.seats.iter().any(|seat| {
        seat.state == SeatState::Reserved && seat.ticket.as_ref().is_none_or(|t| t.info_code.is_empty())
    });
    let printer = match printer {
        Readiness::Ready => String::new(),
        Readiness::Stopped(code) => format!(", printer {code}"),
    };
    let no_code = if no_code { ", no ticket_info_code that can be printed" } else { "" };
    format!("{owed} owed, {unsure} uncertain{printer}{no_code}")
}
