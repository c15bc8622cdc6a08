//! Reports (0x07) the site is owed: sent when nobody is being served, tried again with growing
//! pauses, also after a restart.
//!
//! While something is still owed the site is not simply told: until it is, the counter can print the
//! whole booking, and afterwards its flags no longer say who did. So the site is asked right before.
//! What it shows as printed is owed no more: void when no report can have reached it, uncertain when
//! one may have, for then nobody can tell whether the flags are its doing or somebody else's.

use super::action::{Action, Asker, Notice};
use super::input::{Answer, Queried, SiteTrouble};
use super::machine::Turn;
use super::state::Front;
use super::timing;
use crate::journal::record::{DueReport, Entry, PickupId, ReportState, Step};
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
    /// The site has just been asked; holds for this moment.
    pub asked: bool,
    /// The site refused it with this; its flags decide.
    pub refused: Option<u8>,
    /// The journal says that bytes of it may have been sent. Must be so before one is, where something
    /// is owed.
    pub noted: bool,
    /// Seats found printed since the last try; the record of it may have failed.
    pub found: Vec<SeatKey>,
}

impl Backlog {
    /// Adds a report that is to go out when nobody is being served.
    pub fn add(&mut self, mut report: DueReport, now: Duration) {
        report.sent |= self.due.iter().any(|due| due.report.number == report.number && due.report.sent);
        self.remove(report.number);
        if self.due.len() < timing::BACKLOG_MAX {
            self.due.push(Due {
                noted: report.sent,
                report,
                at: now,
                pause: timing::REPORT_PAUSE,
                asked: false,
                refused: None,
                found: Vec::new(),
            });
        }
    }

    /// The journal failed: whether it took the last records about reports is unknown.
    pub fn unsure(&mut self, now: Duration) {
        if let Some(number) = self.in_flight.take() {
            self.later(number, now);
        }
        for due in &mut self.due {
            due.asked = false;
            due.noted &= due.report.sent;
            due.report.owed.append(&mut due.found);
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
        let ready = self.state.backlog.due.iter_mut().filter(|due| due.at <= now);
        let Some(due) = ready.min_by_key(|due| (!due.asked, due.at)) else { return };
        let (number, owing) = (due.report.number, !due.report.owed.is_empty());
        let ask = due.refused.is_some() || (owing && !due.asked);
        if !ask && owing && !due.noted {
            due.noted = true;
            let pickup = due.report.pickup.clone();
            self.record_for(&pickup, vec![Step::ReportFailed { number, sent: true }]);
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
        due.found.clear();
        due.asked = false;
        match answer {
            Answer::Value(0) => {
                self.report_settled(number, Vec::new(), Step::Reported { number }, ReportState::Done);
            }
            Answer::Value(return_value) => {
                due.refused = Some(return_value);
                due.report.sent = true;
                due.at = now;
            }
            Answer::NotSent => {
                let failed = Step::ReportFailed { number, sent: due.report.sent };
                let pickup = due.report.pickup.clone();
                let owing = !due.report.owed.is_empty() && !due.report.sent;
                // Said when it matters to what is owed, and once for the story.
                let tell = owing || due.pause == timing::REPORT_PAUSE;
                due.noted &= !owing;
                self.state.backlog.later(number, now);
                if tell {
                    self.record_for(&pickup, vec![failed]);
                }
            }
            Answer::NoReply => {
                due.report.sent = true;
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
        let (now, at_rest) = (self.now.mono, self.state.at_rest());
        let Some(due) = self.state.backlog.find(number) else { return };
        // A pickup of the same booking that is running asks for itself, and has its own picture of the seats.
        let running = matches!(&self.state.front, Front::Busy(visit, _) if visit.number == Some(number));
        let Some(reply) = result.ok().filter(|_| !running) else {
            self.state.backlog.later(number, now);
            return;
        };
        let tickets = if reply.return_value == 0 { reply.tickets } else { Vec::new() };
        let printed = |seat: &SeatKey| tickets.iter().any(|t| t.key() == *seat && t.printed);
        let (found, owed): (Vec<_>, _) =
            std::mem::take(&mut due.report.owed).into_iter().partition(|seat| printed(seat));
        due.report.owed = owed;
        due.found.clone_from(&found);
        due.asked = at_rest;
        due.at = now;
        let (refused, pickup) = (due.refused, due.report.pickup.clone());
        let steps: Vec<Step> = found.into_iter().map(|seat| not_owed(seat, due.report.sent)).collect();
        let notice = match u32::try_from(steps.len()).unwrap_or(u32::MAX) {
            0 => None,
            uncertain if due.report.sent => Some(Notice::Unresolved { uncertain, owed: 0 }),
            _ => Some(Notice::CollectedElsewhere(number)),
        };
        let all_printed = !tickets.is_empty() && tickets.iter().all(|ticket| ticket.printed);
        match refused {
            None => self.record_for(&pickup, steps),
            Some(_) if all_printed => {
                self.report_settled(number, steps, Step::Reported { number }, ReportState::Done);
            }
            Some(return_value) => {
                let refused = Step::ReportRefused { number, return_value };
                self.report_settled(number, steps, refused, ReportState::Refused);
                self.notify(Notice::ReportRefused(number, return_value));
            }
        }
        if let Some(notice) = notice {
            self.notify(notice);
        }
    }

    fn record_for(&mut self, pickup: &PickupId, steps: Vec<Step>) {
        let entry = |step| Entry { pickup: pickup.clone(), at: self.now.wall, step };
        let entries: Vec<Entry> = steps.into_iter().map(entry).collect();
        if !entries.is_empty() {
            self.actions.push(Action::Record(entries));
        }
    }

    /// The report needs no more tries. A pickup of the same booking that is running learns it.
    fn report_settled(&mut self, number: BookingNumber, before: Vec<Step>, last: Step, state: ReportState) {
        let Some(due) = self.state.backlog.find(number) else { return };
        let pickup = due.report.pickup.clone();
        self.state.backlog.remove(number);
        self.record_for(&pickup, before.into_iter().chain([last]).collect());
        if let Front::Busy(visit, _) = &mut self.state.front
            && visit.number == Some(number)
            && let Some(history) = &mut visit.history
        {
            history.report = state;
        }
    }
}

/// What a seat becomes that is owed and that the site shows as printed. `sent`: a report of ours may have
/// reached it.
fn not_owed(seat: SeatKey, sent: bool) -> Step {
    let (state, why) = match sent {
        false => (SeatState::Void, "printed elsewhere before our report"),
        true => (SeatState::Uncertain, "the site says printed: by our own report or by somebody else"),
    };
    Step::Seat { seat, state, why: why.into() }
}
