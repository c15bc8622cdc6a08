//! Reports (0x07) the site is owed: sent when nobody is being served, tried again with growing
//! pauses, also after a restart.
//!
//! A report that never left while something is still owed is not simply sent later: meanwhile the
//! counter could have printed the whole booking. So the site is asked first, and what it shows as
//! printed is owed no more.

use super::action::{Action, Asker, Notice};
use super::input::{Answer, Queried, SiteTrouble};
use super::machine::Turn;
use super::state::Front;
use super::timing;
use crate::journal::record::{DueReport, Entry, ReportState, Step};
use crate::ticket::{BookingNumber, SeatKey, SeatState};
use std::time::Duration;

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Backlog {
    /// At most [`timing::BACKLOG_MAX`].
    pub due: Vec<Due>,
    /// The one being sent or asked about.
    pub in_flight: Option<BookingNumber>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Due {
    /// What the journal says of it; `sent` is kept up to date.
    pub report: DueReport,
    /// When it is tried next.
    pub at: Duration,
    /// The pause after the next failure.
    pub pause: Duration,
    /// The site has to be asked before it is sent.
    pub ask_first: bool,
    /// The site refused it with this; its flags decide.
    pub refused: Option<u8>,
    /// The journal says that bytes of it may have been sent. Must be so before one is.
    pub noted: bool,
    /// Seats put to void since the last try; the record of it may have failed.
    pub voided: Vec<SeatKey>,
}

impl Backlog {
    /// Nothing goes before a report added now.
    pub fn is_free(&self, now: Duration) -> bool {
        self.in_flight.is_none() && self.due.iter().all(|due| due.at > now)
    }

    /// Bytes of this booking's report may have been sent before.
    pub fn was_sent(&self, number: BookingNumber) -> bool {
        self.due.iter().any(|due| due.report.number == number && due.report.sent)
    }

    /// Adds a report that is to go out at once. `noted`: the journal has it as one that may have been
    /// sent.
    pub fn add_now(&mut self, report: DueReport, now: Duration, noted: bool) {
        self.add(report, now, false, noted);
    }

    /// Adds a report found in the journal at start.
    pub fn add_found(&mut self, report: DueReport, now: Duration) {
        let ask_first = !report.sent && !report.owed.is_empty();
        self.add(report, now, ask_first, !ask_first);
    }

    fn add(&mut self, mut report: DueReport, now: Duration, ask_first: bool, noted: bool) {
        report.sent |= self.was_sent(report.number);
        self.remove(report.number);
        if self.due.len() < timing::BACKLOG_MAX {
            let pause = timing::REPORT_PAUSE;
            let voided = Vec::new();
            self.due.push(Due { report, at: now, pause, ask_first, refused: None, noted, voided });
        }
    }

    /// The journal failed: what it says of reports that were never sent is unknown.
    pub fn unsure(&mut self, now: Duration) {
        if let Some(number) = self.in_flight.take() {
            self.later(number, now);
        }
        for due in self.due.iter_mut().filter(|due| !due.report.sent) {
            due.noted = false;
            due.ask_first |= !due.voided.is_empty();
            due.report.owed.append(&mut due.voided);
        }
    }

    /// When the next one is due; none while one is on its way.
    pub fn next_at(&self) -> Option<Duration> {
        if self.in_flight.is_some() { None } else { self.due.iter().map(|due| due.at).min() }
    }

    fn find(&mut self, number: BookingNumber) -> Option<&mut Due> {
        self.due.iter_mut().find(|due| due.report.number == number)
    }

    fn later(&mut self, number: BookingNumber, now: Duration) {
        if let Some(due) = self.find(number) {
            due.at = now + due.pause;
            due.pause = (due.pause * 2).min(timing::REPORT_PAUSE_MAX);
        }
    }

    fn remove(&mut self, number: BookingNumber) {
        self.due.retain(|due| due.report.number != number);
    }
}

impl Turn<'_> {
    /// Sends the next report, if nobody is being served.
    pub(super) fn pump_backlog(&mut self) {
        let idle = self.state.at_rest() && self.state.backlog.in_flight.is_none();
        if !idle || self.state.stopping {
            return;
        }
        let now = self.now.mono;
        let ready = self.state.backlog.due.iter_mut().filter(|due| due.at <= now).min_by_key(|due| due.at);
        let Some(due) = ready else { return };
        let number = due.report.number;
        let ask = due.ask_first || due.refused.is_some();
        if !ask && !due.noted {
            due.noted = true;
            let (pickup, step) = (due.report.pickup.clone(), Step::ReportFailed { number, sent: true });
            self.actions.push(Action::Record(vec![Entry { pickup, at: self.now.wall, step }]));
        }
        self.state.backlog.in_flight = Some(number);
        self.actions.push(if ask {
            Action::Query { asker: Asker::Backlog(number), number }
        } else {
            Action::Report { number }
        });
    }

    /// What became of 0x07.
    pub(super) fn reported(&mut self, number: BookingNumber, answer: Answer) {
        self.state.backlog.in_flight = None;
        let now = self.now.mono;
        let Some(due) = self.state.backlog.find(number) else { return };
        due.voided.clear();
        match answer {
            Answer::Value(0) => self.report_settled(number, Step::Reported { number }, ReportState::Done),
            Answer::Value(return_value) => {
                due.refused = Some(return_value);
                due.report.sent = true;
                due.at = now;
            }
            Answer::NotSent => {
                due.ask_first = !due.report.sent && !due.report.owed.is_empty();
                let failed = Step::ReportFailed { number, sent: due.report.sent };
                let pickup = due.report.pickup.clone();
                // Said when it matters to what is owed, and once for the story.
                let tell = due.ask_first || due.pause == timing::REPORT_PAUSE;
                due.noted = !due.ask_first;
                self.state.backlog.later(number, now);
                if tell {
                    self.actions.push(Action::Record(vec![Entry {
                        pickup,
                        at: self.now.wall,
                        step: failed,
                    }]));
                }
            }
            Answer::NoReply => {
                due.report.sent = true;
                due.ask_first = false;
                self.state.backlog.later(number, now);
            }
        }
    }

    /// The site's flags of a booking whose report is due.
    pub(super) fn queried_for_backlog(
        &mut self,
        number: BookingNumber,
        result: Result<Queried, SiteTrouble>,
    ) {
        self.state.backlog.in_flight = None;
        let now = self.now.mono;
        let Some(due) = self.state.backlog.find(number) else { return };
        // A pickup of the same booking that is running asks for itself, and has its own picture of the seats.
        let running = matches!(&self.state.front, Front::Busy(visit, _) if visit.number == Some(number));
        let Some(reply) = result.ok().filter(|_| !running) else {
            self.state.backlog.later(number, now);
            return;
        };
        let tickets = if reply.return_value == 0 { reply.tickets } else { Vec::new() };
        if let Some(return_value) = due.refused {
            let printed = !tickets.is_empty() && tickets.iter().all(|ticket| ticket.printed);
            if printed {
                return self.report_settled(number, Step::Reported { number }, ReportState::Done);
            }
            self.report_settled(number, Step::ReportRefused { number, return_value }, ReportState::Refused);
            return self.notify(Notice::ReportRefused(number, return_value));
        }
        due.ask_first = false;
        due.at = now;
        let pickup = due.report.pickup.clone();
        let (gone, owed) = std::mem::take(&mut due.report.owed)
            .into_iter()
            .partition(|seat| tickets.iter().any(|t| t.key() == *seat && t.printed));
        due.report.owed = owed;
        let gone: Vec<_> = gone;
        if gone.is_empty() {
            return;
        }
        due.voided.clone_from(&gone);
        let at = self.now.wall;
        let why = "printed elsewhere before our report";
        let step = |seat| Step::Seat { seat, state: SeatState::Void, why: why.into() };
        let entries = gone.into_iter().map(|seat| Entry { pickup: pickup.clone(), at, step: step(seat) });
        self.actions.push(Action::Record(entries.collect()));
        self.notify(Notice::CollectedElsewhere(number));
    }

    /// The report needs no more tries. A pickup of the same booking that is running learns it.
    fn report_settled(&mut self, number: BookingNumber, step: Step, state: ReportState) {
        let Some(due) = self.state.backlog.find(number) else { return };
        let pickup = due.report.pickup.clone();
        self.state.backlog.remove(number);
        self.actions.push(Action::Record(vec![Entry { pickup, at: self.now.wall, step }]));
        if let Front::Busy(visit, _) = &mut self.state.front
            && visit.number == Some(number)
            && let Some(history) = &mut visit.history
        {
            history.report = state;
        }
    }
}
