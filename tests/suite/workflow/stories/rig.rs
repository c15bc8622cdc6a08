//! A kiosk told what happens, line by line: answers come at once and well, unless the story says otherwise.
#![allow(dead_code)]

use super::parts;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::{Claim, Entry, History, PickupId, RecordStep};
use pickup_kiosk::kiosk::executor::{Done, Executor, carry_out};
use pickup_kiosk::pickup::action::{Action, Notice, QueryOrigin};
use pickup_kiosk::pickup::input::{
    Input, Key, Now, PrintResult, Queried, Readiness, Scan, SiteAnswer, SiteTrouble, Source,
};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::{CustomerState, Shown, State};
use pickup_kiosk::simulator::cinema::{Cinema, SecondIssue, SiteKind};
use pickup_kiosk::ticket::{BookingNumber, Mark, Outcome, SeatState, Ticket};
use pickup_kiosk::vista::answer::CloudAnswer;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

/// Fate of the next 0x05 or 0x07.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Good,
    /// The request arrives, the reply is lost.
    ReplyLost,
    /// The request never arrives; no reply.
    Lost,
    NotSent,
    /// Answered with this, and not done.
    Value(u8),
}

/// Answer to the next 0x03.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Good,
    Silent,
    /// No ticket_info_codes.
    NoCodes,
    /// Without this seat.
    Short(usize),
}

/// Fate of the next ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticketed {
    Good,
    /// Not a byte was sent.
    NotReady,
    /// The ticket can't be put on paper.
    Unprintable,
    /// The paper ended in it.
    Torn,
    /// The ticket came out, nothing confirmed it.
    FenceLost,
    /// The ticket came out and nobody took it.
    Forgotten,
}

/// One piece of paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub booking: usize,
    pub seat: usize,
    pub whole: bool,
    pub mark: Mark,
}

/// One kiosk and all around it. The site may be shared with another.
pub struct Rig {
    pub machine: Machine,
    pub state: State,
    pub journal: MemoryJournal,
    pub site: Rc<RefCell<Cinema>>,
    pub now_ms: u64,
    pub started_ms: u64,
    pub printer: Readiness,
    pub paper: Vec<Piece>,
    pub looks: VecDeque<Look>,
    pub issues: VecDeque<Fate>,
    pub reports: VecDeque<Fate>,
    pub tickets: VecDeque<Ticketed>,
    pub cloud_away: bool,
    /// List that the site's query gives, whatever its bookings are.
    pub settled: Option<Vec<Ticket>>,
    /// Number of actions until the power fails.
    pub power_for: Option<usize>,
    /// True if what was under way when the power failed did not happen any more.
    pub undone: bool,
    /// Number of records and recalls until the journal fails, once.
    pub journal_for: Option<usize>,
    /// True if a record that fails is on disk all the same.
    pub journal_keeps: bool,
    /// Booking and seat that turn flagged once the site has answered its next question.
    pub flag_after_next_query: Option<(usize, usize)>,
    /// Delay in ms of the printer's answer after the site's, once.
    pub slow_look_ms: Option<u64>,
    held_look: Option<Input>,
    pub on: bool,
    pub actions: Vec<Action>,
    /// Answers to the action at hand.
    waiting: VecDeque<Input>,
    before: Option<(Cinema, Vec<Piece>)>,
    pickups: u32,
    name: &'static str,
}

impl Executor for Rig {
    type Stopped = ();

    fn decide(&mut self, input: Input) -> Vec<Action> {
        if matches!(input, Input::PrinterChecked { .. }) {
            self.now_ms += self.slow_look_ms.take().unwrap_or(0);
        }
        let state = std::mem::take(&mut self.state);
        let (state, actions) = self.machine.handle(state, input, self.now());
        self.state = state;
        actions
    }

    async fn perform(&mut self, action: Action, answers: &mut VecDeque<Input>) -> Result<Done, ()> {
        match self.power_for.as_mut() {
            Some(0) => {
                self.power_off();
                return Err(());
            }
            Some(left) => *left -= 1,
            None => {}
        }
        let done = if self.act(action) { Done::Yes } else { Done::JournalFailed };
        answers.append(&mut self.waiting);
        Ok(done)
    }

    fn publish(&mut self) {}
}

impl Rig {
    /// Returns a kiosk in a cinema with one booking of so many seats.
    pub fn new(seats: usize) -> Self {
        Self::at(site(&[seats], SecondIssue::Refuse), "a")
    }

    /// Returns a kiosk at this site.
    pub fn at(site: Rc<RefCell<Cinema>>, name: &'static str) -> Self {
        let mut rig = Self {
            machine: parts::machine(true),
            state: State::default(),
            journal: MemoryJournal::new(parts::DAY_OFFSET_MS),
            site,
            now_ms: 1_000_000,
            started_ms: 0,
            printer: Readiness::Ready,
            paper: Vec::new(),
            looks: VecDeque::new(),
            issues: VecDeque::new(),
            reports: VecDeque::new(),
            tickets: VecDeque::new(),
            cloud_away: false,
            settled: None,
            power_for: None,
            undone: false,
            journal_for: None,
            journal_keeps: false,
            flag_after_next_query: None,
            slow_look_ms: None,
            held_look: None,
            on: true,
            actions: Vec::new(),
            waiting: VecDeque::new(),
            before: None,
            pickups: 0,
            name,
        };
        rig.power_on();
        rig
    }

    pub fn now(&self) -> Now {
        let mono = Duration::from_millis(self.now_ms - self.started_ms);
        Now { mono, wall: parts::wall(self.now_ms as i64) }
    }

    // -- what the story tells --

    /// A code is scanned; what happens until nothing more happens by itself.
    pub fn scan(&mut self, code: &str) {
        self.present(Source::Scanner, code);
    }

    pub fn present(&mut self, source: Source, code: &str) {
        let pickup = self.new_pickup();
        self.handle_input(Input::Code { pickup, source, scan: Scan::Text(code.into()) });
    }

    pub fn keys(&mut self, keys: &str) {
        for c in keys.chars() {
            self.key(Key::Character(c));
        }
    }

    pub fn key(&mut self, key: Key) {
        let pickup = self.new_pickup();
        self.handle_input(Input::Key { pickup, key });
    }

    /// Returns the whole code of a booking.
    pub fn code(booking: usize) -> String {
        format!("{}|{}", parts::number(booking), parts::id(booking).expose())
    }

    /// Time passes; every limit in it is kept.
    pub fn wait(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        if self.on && !self.state.journal_ok && self.state.at_rest() {
            // The kiosk tries its journal as soon as nobody is served.
            let leftover = self.journal.leftover(self.now().wall);
            self.handle_input(Input::JournalMended(leftover));
        }
        while let Some(at) = self.machine.deadline(&self.state).filter(|_| self.on) {
            let at = self.started_ms + at.as_millis() as u64;
            if at > end {
                break;
            }
            self.now_ms = self.now_ms.max(at);
            self.handle_input(Input::Tick);
        }
        self.now_ms = end;
    }

    /// Like `wait`, but the kiosk has not tried its journal yet.
    pub fn wait_without_journal(&mut self, time: Duration) {
        self.now_ms += time.as_millis() as u64;
        self.handle_input(Input::Tick);
    }

    /// Returns the pickup whose result is shown, or the last one.
    pub fn shown_or_last(&self) -> PickupId {
        PickupId(format!("{}{}", self.name, self.pickups))
    }

    pub fn mend(&mut self) {
        self.printer = Readiness::Ready;
        self.handle_input(Input::Printer(Readiness::Ready));
    }

    pub fn stop_printer(&mut self, code: FaultCode) {
        self.printer = Readiness::Stopped(code);
        self.handle_input(Input::Printer(self.printer));
    }

    pub fn power_off(&mut self) {
        self.on = false;
        self.state = State::default();
        self.waiting.clear();
        if self.undone
            && let Some((site, paper)) = self.before.take()
        {
            *self.site.borrow_mut() = site;
            self.paper = paper;
        }
        self.power_for = None;
    }

    pub fn power_on(&mut self) {
        self.on = true;
        self.now_ms += 30_000;
        self.started_ms = self.now_ms;
        let leftover = self.journal.leftover(self.now().wall);
        self.handle_input(Input::Started(leftover));
        self.handle_input(Input::Printer(self.printer));
    }

    // -- what came of it --

    pub fn shown(&self) -> &Shown {
        match &self.state.customer {
            CustomerState::Result(shown) => shown,
            other => panic!("no result is shown: {other:?}"),
        }
    }

    pub fn outcome(&self) -> Outcome {
        self.shown().outcome
    }

    pub fn claim(&self) -> Claim {
        self.shown().claim.expect("a claim reference is shown")
    }

    pub fn history(&self, booking: usize) -> Option<History> {
        let (number, id) = (parts::number(booking), parts::id(booking));
        self.journal.recall(Some(number), &id, self.now().wall).history
    }

    pub fn seats(&self, booking: usize) -> Vec<SeatState> {
        self.history(booking).map(|h| h.seats.iter().map(|s| s.state).collect()).unwrap_or_default()
    }

    /// Returns the seats of which a whole original came out, in order.
    pub fn originals(&self, booking: usize) -> Vec<usize> {
        let whole = |piece: &&Piece| piece.booking == booking && piece.whole && piece.mark == Mark::Original;
        self.paper.iter().filter(whole).map(|piece| piece.seat).collect()
    }

    /// Returns true if no seat's original was begun twice.
    pub fn nothing_twice(&self) -> bool {
        let mut seen = std::collections::HashSet::new();
        let original = |piece: &&Piece| piece.mark == Mark::Original;
        self.paper.iter().filter(original).all(|piece| seen.insert((piece.booking, piece.seat)))
    }

    /// Returns the outcome and the reason of the last pickup, as recorded.
    pub fn ended(&self) -> (Outcome, String) {
        let ended = |step| match step {
            RecordStep::Ended { outcome, why, .. } => Some((outcome, why)),
            _ => None,
        };
        self.steps().into_iter().rev().find_map(ended).expect("a pickup has ended")
    }

    pub fn steps(&self) -> Vec<RecordStep> {
        let records = self.actions.iter().filter_map(|action| match action {
            Action::Record(entries) => Some(entries),
            _ => None,
        });
        records.flatten().map(|entry: &Entry| entry.step.clone()).collect()
    }

    pub fn notices(&self) -> Vec<&Notice> {
        let notice = |action: &'_ Action| matches!(action, Action::Notify(_));
        let told = self.actions.iter().filter(|action| notice(action));
        told.filter_map(|action| if let Action::Notify(notice) = action { Some(notice) } else { None })
            .collect()
    }

    pub fn count(&self, which: impl Fn(&Action) -> bool) -> usize {
        self.actions.iter().filter(|action| which(action)).count()
    }

    pub fn flagged(&self, booking: usize) -> bool {
        self.site.borrow().bookings[booking].seats.iter().all(|seat| seat.ticket.printed)
    }

    // -- how it goes --

    pub fn new_pickup(&mut self) -> PickupId {
        self.pickups += 1;
        PickupId(format!("{}{}", self.name, self.pickups))
    }

    /// Gives one input, then every answer that follows.
    pub fn handle_input(&mut self, input: Input) {
        if !self.on {
            return;
        }
        // A power cut ends it in the middle.
        let _ = parts::at_once(carry_out(self, input));
    }

    fn journal_fails(&mut self) -> bool {
        match self.journal_for.as_mut() {
            Some(0) => {
                self.journal_for = None;
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }

    fn act(&mut self, action: Action) -> bool {
        let fallible = matches!(action, Action::Record(_) | Action::Recall { .. });
        if fallible && self.journal_fails() {
            if let Action::Record(entries) = &action
                && self.journal_keeps
            {
                self.journal.append(entries).expect("a legal record");
            }
            return false;
        }
        self.actions.push(action.clone());
        self.before = Some((self.site.borrow().clone(), self.paper.clone()));
        match action {
            Action::Record(entries) => self.journal.append(&entries).expect("a legal record"),
            Action::Recall { pickup, number, id } => {
                let recall = Box::new(self.journal.recall(number, &id, self.now().wall));
                self.waiting.push_back(Input::Recalled { pickup, recall });
            }
            Action::AskCloud { pickup, id } => {
                let answer = match self.cloud_away {
                    true => CloudAnswer::Unavailable("away".into()),
                    false => parts::cloud_answer(&self.site.borrow(), &id),
                };
                self.waiting.push_back(Input::Cloud { pickup, answer });
            }
            Action::CheckPrinter { pickup } => {
                let readiness = self.printer;
                let looked = Input::PrinterChecked { pickup, readiness };
                match self.slow_look_ms {
                    Some(_) => self.held_look = Some(looked),
                    None => self.waiting.push_back(looked),
                }
            }
            Action::Query { origin, number } => {
                let tickets = self.settled.clone().unwrap_or_else(|| self.site.borrow().query(number));
                self.query(origin, number, tickets);
            }
            Action::Issue { pickup, number, id } => {
                let fate = self.issues.pop_front().unwrap_or(Fate::Good);
                let issue = |site: &mut Cinema| site.issue(number, |own| *own == id);
                let answer = self.answer(fate, issue);
                self.waiting.push_back(Input::Issued { pickup, answer });
            }
            Action::Report { number } => {
                let fate = self.reports.pop_front().unwrap_or(Fate::Good);
                let answer = self.answer(fate, |site| site.report(number));
                self.waiting.push_back(Input::Reported { number, answer });
            }
            Action::Print { pickup, ticket, mark, .. } => self.print(pickup, &ticket, mark),
            Action::PrintClaim { .. } | Action::RefuseScan | Action::Notify(_) => {}
        }
        true
    }

    fn query(&mut self, origin: QueryOrigin, number: BookingNumber, mut tickets: Vec<Ticket>) {
        let look = self.looks.pop_front().unwrap_or(Look::Good);
        if look == Look::NoCodes {
            tickets.iter_mut().for_each(|ticket| ticket.info_code.clear());
        }
        if let Look::Short(seat) = look {
            tickets.retain(|ticket| parts::seat_index(&ticket.key()) != seat);
        }
        if let Some((booking, seat)) = self.flag_after_next_query.take() {
            self.site.borrow_mut().bookings[booking].seats[seat].ticket.printed = true;
        }
        let result = match look {
            Look::Silent => Err(SiteTrouble::Silent),
            Look::Good | Look::NoCodes | Look::Short(_) => Ok(Queried { return_value: 0, tickets }),
        };
        self.waiting.push_back(Input::Queried { origin, number, result });
        self.waiting.extend(self.held_look.take());
    }

    fn answer(&mut self, fate: Fate, does: impl FnOnce(&mut Cinema) -> u8) -> SiteAnswer {
        match fate {
            Fate::Good => SiteAnswer::Value(does(&mut self.site.borrow_mut())),
            Fate::ReplyLost => {
                does(&mut self.site.borrow_mut());
                SiteAnswer::NoReply
            }
            Fate::Lost => SiteAnswer::NoReply,
            Fate::NotSent => SiteAnswer::NotSent,
            Fate::Value(value) => SiteAnswer::Value(value),
        }
    }

    fn print(&mut self, pickup: PickupId, ticket: &Ticket, mark: Mark) {
        let fate = match self.printer {
            Readiness::Stopped(_) => Ticketed::NotReady,
            Readiness::Ready => self.tickets.pop_front().unwrap_or(Ticketed::Good),
        };
        let (booking, seat) = (ticket.price.0 as usize, parts::seat_index(&ticket.key()));
        let piece = |whole| Piece { booking, seat, whole, mark };
        let result = match fate {
            Ticketed::Good => PrintResult::Confirmed,
            Ticketed::NotReady => PrintResult::NotStarted(FaultCode::PaperOut),
            Ticketed::Unprintable => PrintResult::Unprintable,
            Ticketed::Torn => PrintResult::Uncertain("the paper ended in the ticket".into()),
            Ticketed::FenceLost => PrintResult::Uncertain("no confirmation".into()),
            Ticketed::Forgotten => PrintResult::Forgotten("printed, not taken, retracted"),
        };
        if !matches!(fate, Ticketed::NotReady | Ticketed::Unprintable) {
            self.paper.push(piece(fate != Ticketed::Torn));
            // Should the power fail now, it came out in a piece.
            if let Some((_, before)) = &mut self.before {
                before.push(piece(false));
            }
        }
        if !matches!(fate, Ticketed::Good | Ticketed::Forgotten | Ticketed::Unprintable) {
            self.printer = Readiness::Stopped(FaultCode::PaperOut);
        }
        self.waiting.push_back(Input::TicketDone { pickup, seat: ticket.key(), result });
        self.waiting.push_back(Input::Printer(self.printer));
    }
}

/// Returns a site with bookings of so many seats each.
pub fn site(seats: &[usize], second_issue: SecondIssue) -> Rc<RefCell<Cinema>> {
    let bookings = seats.iter().enumerate().map(|(index, seats)| parts::booking(index, *seats)).collect();
    Rc::new(RefCell::new(Cinema::new(bookings, SiteKind::plain(second_issue))))
}
