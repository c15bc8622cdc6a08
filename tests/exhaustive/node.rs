//! State of the whole: workflow, journal, what is under way, site, paper; and what is left to happen.

use super::on_record::OnRecord;
use super::parts;
use super::trail::{Trail, What};
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::{Entry, IssueState, PickupId, RecordStep};
use pickup_kiosk::journal::rules::Booking as Held;
use pickup_kiosk::pickup::action::Action;
use pickup_kiosk::pickup::input::Readiness;
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::{CustomerState, Stage, State};
use pickup_kiosk::simulator::cinema::{Cinema, SecondIssue, SiteKind};
use pickup_kiosk::ticket::{Mark, SeatKey, SeatState, Ticket};
use std::rc::Rc;
use std::time::Duration;

/// Moment of every step: deadlines are moved back to it afterwards, so that only their order tells states apart.
pub const NOW: Duration = Duration::from_secs(100_000);
/// Moment before which a claim that has lapsed began.
pub const LAPSED: Duration = Duration::from_secs(90_000);
/// Seats of the one booking.
pub const SEATS: usize = 2;

/// Events left to happen, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Left {
    /// Faults of site, cloud, printer and journal.
    pub faults: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Codes presented.
    pub codes: u8,
    /// Visits of the counter.
    pub counter: u8,
    /// Refunds of a seat.
    pub refunds: u8,
    /// Pickups at another kiosk.
    pub others: u8,
    /// Times that the claim lapses or is put back.
    pub lapses: u8,
}

/// Papers of a seat, as they really are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Paper {
    pub begun: u8,
    pub whole: u8,
    /// The counter has printed the seat.
    pub counter: bool,
    /// The counter did so before this kiosk's first issue, of this seat alone, where an issue sets the flags: whoever
    /// issued by an earlier list can't tell that flag from his own issue's.
    pub unseen: bool,
    /// Another kiosk has begun to print the seat.
    pub other: bool,
    /// An answer has told of the counter's paper before this kiosk's report was taken: whatever later answers say. A
    /// power cut forgets that, where no record has it.
    pub told: bool,
    /// The last answer of the site that listed the seat said printed, whoever had asked, and this kiosk's own report is
    /// not the cause.
    pub foreign: bool,
}

/// One state of the whole. What is large is shared with the states before it, until it changes.
#[derive(Clone)]
pub struct Node {
    pub on: bool,
    pub state: Rc<State>,
    pub journal: OnRecord,
    pub cinema: Rc<Cinema>,
    /// Effects that have begun and not ended.
    pub pending: Vec<Rc<Action>>,
    /// Tickets that a stopped printer did not begin, which is still to be reported.
    pub not_begun: Vec<(PickupId, SeatKey, FaultCode)>,
    pub printer: Readiness,
    pub paper: [Paper; SEATS],
    /// The site has answered 0x05 with 0.
    pub issued: bool,
    /// The last 0x06 lets the kiosk print: 0, or 1 while the claim is its own.
    pub may_print: bool,
    /// A 0x06 of the pickup of the last code lets the kiosk print.
    pub fresh_claim: bool,
    /// The claim at the site is another kiosk's.
    pub others_claim: bool,
    /// The kiosk knows when claims lapse.
    pub knows_lapse: bool,
    /// The claim has lapsed once: the site may have given the booking to two.
    pub lapsed: bool,
    /// An 0x05 without an answer may still be carried out.
    pub late_issue: bool,
    /// A list was short already.
    pub was_short: bool,
    /// List of the site before its last change.
    pub last_list: Rc<Vec<Ticket>>,
    /// By seat: a flag that an answer hid before the report was taken, and no answer has shown since.
    pub hidden: [bool; SEATS],
    /// By seat: the counter has printed it while the 0x07 was under way that follows the question.
    pub in_window: [bool; SEATS],
    /// An 0x07 has arrived at the site and was taken.
    pub report_taken: bool,
    /// The journal has failed since the last start.
    pub journal_failed: bool,
    pub left: Left,
    pub presented: u32,
    pub trail: Option<Rc<Trail>>,
    pub violation: Option<String>,
}

impl Node {
    pub fn first(site: SiteKind, left: Left) -> Self {
        Self {
            on: true,
            state: Rc::new(State { printer: Readiness::Ready, ..State::default() }),
            journal: OnRecord::new(),
            cinema: Rc::new(Cinema::new(vec![parts::booking(0, SEATS)], site)),
            pending: Vec::new(),
            not_begun: Vec::new(),
            printer: Readiness::Ready,
            paper: [Paper::default(); SEATS],
            issued: false,
            may_print: false,
            fresh_claim: false,
            others_claim: false,
            knows_lapse: false,
            lapsed: false,
            late_issue: false,
            was_short: false,
            last_list: Rc::default(),
            hidden: [false; SEATS],
            in_window: [false; SEATS],
            report_taken: false,
            journal_failed: false,
            left,
            presented: 0,
            trail: None,
            violation: None,
        }
    }

    pub fn step(&self, what: impl Into<What>) -> Self {
        let mut next = self.clone();
        next.trail = Some(Rc::new(Trail { what: what.into(), before: next.trail.take() }));
        next
    }

    pub fn cinema_mut(&mut self) -> &mut Cinema {
        Rc::make_mut(&mut self.cinema)
    }

    pub fn violated(&mut self, what: String) {
        self.violation.get_or_insert(what);
    }

    pub fn begin(&mut self, action: Action) {
        match action {
            Action::Record(entries) => self.append(&entries),
            Action::Print { mark: Mark::Reprint(_), .. } | Action::RefuseScan => {}
            Action::PrintClaim { .. } | Action::Notify(_) => {}
            Action::Print { ref seat, ref pickup, .. } => match self.printer {
                Readiness::Stopped(code) => self.not_begun.push((pickup.clone(), seat.clone(), code)),
                Readiness::Ready => {
                    self.printing(parts::seat_index(seat));
                    self.pending.push(Rc::new(action));
                }
            },
            other => self.pending.push(Rc::new(other)),
        }
    }

    pub fn append(&mut self, entries: &[Entry]) {
        if let Err(illegal) = self.journal.append(entries) {
            return self.violated(format!("recorded what can't be: {illegal}"));
        }
        for entry in entries {
            let RecordStep::Seat { seat, state, .. } = &entry.step else { continue };
            let paper = self.paper[parts::seat_index(seat)];
            if *state == SeatState::Printed && paper.whole == 0 {
                self.violated(format!("{seat:?} is recorded as printed and isn't"));
            }
            let refunded = self.cinema.bookings[0].seats[parts::seat_index(seat)].refunded;
            let is_void = self.held().is_some_and(|booking| {
                booking.seats.iter().any(|held| held.key == *seat && held.state == SeatState::Void)
            });
            if *state == SeatState::Void && is_void && !(refunded || paper.counter || paper.other) {
                self.violated(format!("{seat:?} became void without a cause"));
            }
        }
    }

    /// Takes note of a byte of a ticket that goes out.
    fn printing(&mut self, seat: usize) {
        let key = parts::seat_key(seat);
        let allowed = self.held().is_some_and(|booking| {
            let printing = |state| state == SeatState::Printing;
            let seat = booking.seats.iter().find(|held| held.key == key);
            booking.issue == IssueState::Issued && seat.is_some_and(|held| printing(held.state))
        });
        if !allowed {
            self.violated(format!("seat {seat} prints before it is on record"));
        }
        if !self.issued || !self.may_print {
            self.violated(format!("seat {seat} prints and was never issued"));
        }
        if !self.fresh_claim && !self.report_taken {
            self.violated(format!("seat {seat} prints by the claim of an earlier pickup"));
        }
        if self.paper[seat].other && self.others_claim && self.knows_lapse && !self.report_taken {
            self.violated(format!("seat {seat} prints by a claim that is known to be over"));
        }
        if self.paper[seat].other && !self.lapsed && self.cinema.site.second_issue == SecondIssue::Refuse {
            self.violated(format!("seat {seat} prints at both kiosks"));
        }
        if self.paper[seat].foreign {
            self.violated(format!("seat {seat} prints, somebody else had"));
        }
        self.paper[seat].begun += 1;
        if self.paper[seat].begun > 1 {
            self.violated(format!("seat {seat} prints twice"));
        }
    }

    /// Returns the one booking as the journal has it.
    pub fn held(&self) -> Option<&Held> {
        self.journal.held()
    }

    pub fn off(&mut self) {
        self.on = false;
        self.state = Rc::default();
        self.journal_failed = false;
        self.pending.clear();
        self.not_begun.clear();
        self.in_window = [false; SEATS];
        let on_record: Vec<SeatKey> = self.held().map_or(Vec::new(), |held| {
            let settled = held.seats.iter().filter(|seat| seat.state != SeatState::Reserved);
            settled.map(|seat| seat.key.clone()).collect()
        });
        for (seat, paper) in self.paper.iter_mut().enumerate() {
            paper.told &= on_record.contains(&parts::seat_key(seat));
        }
        self.left.cuts -= 1;
    }

    /// Returns the pickup of the customer in front.
    pub fn front_pickup(&self) -> Option<&PickupId> {
        match &self.state.customer {
            CustomerState::Busy(active, _) => Some(&active.pickup),
            _ => None,
        }
    }

    /// Takes note of the site's answer to 0x07: if it was taken, nobody can tell what the counter printed meanwhile.
    pub fn report_arrives(&mut self, value: u8) {
        let in_window = std::mem::take(&mut self.in_window);
        if value == 0 {
            self.report_taken = true;
            for (hidden, in_window) in self.hidden.iter_mut().zip(in_window) {
                *hidden |= in_window;
            }
        }
    }

    /// Takes note of 0x05 answered with 0: a seat that this issue didn't take by an earlier list is not part of it.
    pub fn only_what_was_taken_is_unseen(&mut self) {
        let taken: Vec<SeatKey> = self.held().map_or(Vec::new(), |held| held.owed());
        for (seat, paper) in self.paper.iter_mut().enumerate() {
            paper.unseen &= taken.contains(&parts::seat_key(seat));
        }
    }

    /// Takes note of the flags in an answer of the site, whoever has asked.
    pub fn told(&mut self, machine: &Machine, tickets: &[Ticket]) {
        let policy = &machine.policy;
        let by_own_issue = policy.flags_at == FlagsAt::Issue && policy.claim_stands() && self.issued;
        let by_own_issue = by_own_issue && self.held().is_some_and(|held| held.ever_issued);
        let older = tickets.iter().any(|ticket| !ticket.printed);
        for ticket in tickets {
            let seat = parts::seat_index(&ticket.key());
            let (taken, issued) = (self.report_taken, self.issued);
            let hidden = &mut self.hidden[seat];
            let paper = &mut self.paper[seat];
            if ticket.printed && !taken {
                *hidden = false;
            }
            if ticket.printed && !issued {
                // A flag told before the issue can't be the issue's.
                paper.unseen = false;
            }
            // Nor can a flag in a list that is older than the issue.
            let unseen = paper.unseen && by_own_issue && !older;
            let counter = paper.counter && !(*hidden && taken) && !unseen;
            let elsewhere = counter || (!taken && !by_own_issue);
            paper.told |= ticket.printed && counter && !taken;
            // A flag told once is only taken back by an answer that says otherwise.
            paper.foreign = paper.told || (ticket.printed && (paper.foreign || elsewhere));
        }
    }

    /// Forgets effects that nobody waits for any more, unless they act at the site or on paper.
    pub fn forget_late(&mut self) {
        let front = self.front_pickup().cloned();
        let of_front = |pickup: &PickupId| Some(pickup) == front.as_ref();
        self.pending.retain(|action| match action.as_ref() {
            Action::AskCloud { pickup, .. } | Action::CheckPrinter { pickup } => of_front(pickup),
            _ => true,
        });
    }

    /// Moves time back to where it was. The time that something has been waited for is forgotten.
    pub fn rebase(&mut self, by: Duration) {
        use pickup_kiosk::pickup::{rate_limit::RateLimit, timing};
        let state = Rc::make_mut(&mut self.state);
        state.rate_limit = RateLimit::default();
        match &mut state.customer {
            CustomerState::EnteringCode(entering) => entering.until = NOW + timing::ENTRY,
            CustomerState::Result(shown) => shown.until = NOW + timing::RESULT,
            CustomerState::Busy(active, stage) => {
                active.started = NOW;
                // A claim is young, or lapsed.
                active.issued_at = active.issued_at.map(|at| if at < LAPSED { at } else { NOW });
                active.patience = active.patience.map(|_| NOW + timing::PRINTER_PATIENCE);
                match stage {
                    Stage::WaitingForCodes { until, .. } => *until = NOW + timing::CODES_PAUSE,
                    Stage::WaitingForPrinter { until, since } => {
                        (*until, *since) = (NOW + timing::PRINTER_PATIENCE, NOW);
                    }
                    Stage::CheckingPrinter { since, .. } => *since = NOW,
                    Stage::Holding { until, .. } => *until = NOW + timing::REFUSAL_STEP,
                    _ => {}
                }
            }
            CustomerState::Idle | CustomerState::Reprinting { .. } => {}
        }
        for due in &mut state.backlog.due {
            let waits = due.at > NOW + by;
            due.at = if waits { NOW + timing::REPORT_PAUSE } else { NOW };
            due.pause = timing::REPORT_PAUSE;
        }
    }
}
