//! Kiosk whose answers are given by hand, each at its moment: for what comes late, or between two others.
#![allow(dead_code)]

use super::parts;
use super::rig::Rig;
use pickup_kiosk::config::settings::FlagsAt;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::memory::MemoryJournal;
use pickup_kiosk::journal::record::{IssueState, PickupId};
use pickup_kiosk::pickup::action::{Action, QueryOrigin};
use pickup_kiosk::pickup::input::{Input, Now, PrintResult, Queried, Readiness, Scan, SiteAnswer, Source};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::State;
use pickup_kiosk::pickup::timing::PRINTER_PATIENCE;
use pickup_kiosk::ticket::{SeatState, Ticket};
use std::time::Duration;

/// Kiosk without a cloud whose journal answers by itself, and all else by hand.
pub struct ByHand {
    pub machine: Machine,
    pub state: State,
    pub journal: MemoryJournal,
    /// Actions that it has asked for since the last look.
    pub asked: Vec<Action>,
    /// Pickup of the customer in front.
    pub pickup: PickupId,
    /// Time since the process began.
    pub now: Duration,
}

impl ByHand {
    /// Returns a kiosk that was told that its site flags at the report and that claims stand there.
    pub fn new() -> Self {
        Self::told(FlagsAt::Report, true)
    }

    /// Returns a kiosk that was told this of its site.
    pub fn told(flags_at: FlagsAt, claim_stands: bool) -> Self {
        Self {
            machine: parts::machine_told(false, flags_at, claim_stands),
            state: State { printer: Readiness::Ready, ..State::default() },
            journal: MemoryJournal::new(parts::DAY_OFFSET_MS),
            asked: Vec::new(),
            pickup: PickupId("p0".into()),
            now: Duration::from_secs(1_000),
        }
    }

    /// Hears one input, and the journal's answers to what follows.
    pub fn hears(&mut self, input: Input) {
        let now = Now { mono: self.now, wall: parts::wall(0) };
        let (state, actions) = self.machine.handle(std::mem::take(&mut self.state), input, now);
        self.state = state;
        let mut recalled = None;
        for action in actions {
            match &action {
                Action::Record(entries) => self.journal.append(entries).expect("a legal record"),
                Action::Recall { pickup, number, id } => {
                    let recall = Box::new(self.journal.recall(*number, id, now.wall));
                    recalled = Some(Input::Recalled { pickup: pickup.clone(), recall });
                }
                _ => {}
            }
            self.asked.push(action);
        }
        if let Some(input) = recalled {
            self.hears(input);
        }
    }

    /// Lets so much time pass.
    pub fn after(&mut self, time: Duration) -> &mut Self {
        self.now += time;
        self
    }

    /// Presents the code of the one booking.
    pub fn scan(&mut self, pickup: &str) {
        self.pickup = PickupId(pickup.into());
        let (pickup, scan) = (self.pickup.clone(), Scan::Text(Rig::code(0)));
        self.hears(Input::Code { pickup, source: Source::Scanner, scan });
    }

    /// The printer answers this pickup.
    pub fn printer_is_ready(&mut self) {
        let (pickup, readiness) = (self.pickup.clone(), Readiness::Ready);
        self.hears(Input::PrinterChecked { pickup, readiness });
    }

    /// The site answers 0x03.
    pub fn site_lists(&mut self, origin: QueryOrigin, tickets: Vec<Ticket>) {
        let (number, result) = (parts::number(0), Ok(Queried { return_value: 0, tickets }));
        self.hears(Input::Queried { origin, number, result });
    }

    /// The site answers this pickup's 0x03.
    pub fn lists(&mut self, tickets: Vec<Ticket>) {
        self.site_lists(QueryOrigin::Customer(self.pickup.clone()), tickets);
    }

    /// The printer's word on a ticket of this pickup.
    pub fn ticket_done(&mut self, seat: usize, result: PrintResult) {
        let (pickup, seat) = (self.pickup.clone(), parts::seat_key(seat));
        self.hears(Input::TicketDone { pickup, seat, result });
    }

    /// Returns the number of such actions since the last look.
    pub fn count(&self, which: impl Fn(&Action) -> bool) -> usize {
        self.asked.iter().filter(|action| which(action)).count()
    }

    /// Returns the states of the booking's seats on record.
    pub fn seats(&self) -> Vec<SeatState> {
        let held = self.journal.bookings().next().map(|(_, booking)| booking.held_seats());
        held.unwrap_or_default().iter().map(|seat| seat.state).collect()
    }

    /// Returns the state of the booking's issue on record.
    pub fn issue(&self) -> Option<IssueState> {
        self.journal.bookings().next().map(|(_, booking)| booking.issue)
    }

    /// Presents the code, with a printer that is ready and a site that lists this.
    pub fn asks_for(&mut self, pickup: &str, tickets: Vec<Ticket>) {
        self.scan(pickup);
        self.printer_is_ready();
        self.lists(tickets);
    }

    /// The site answers 0x05, or no reply comes.
    pub fn issued(&mut self, answer: SiteAnswer) {
        self.hears(Input::Issued { pickup: self.pickup.clone(), answer });
    }

    /// Two seats are issued; the printer stops before the first byte, and the customer goes.
    pub fn owes_both(&mut self) {
        self.asks_for("p1", list(&[0, 1], false));
        self.issued(SiteAnswer::Value(0));
        self.ticket_done(0, PrintResult::NotStarted(FaultCode::PaperOut));
        self.after(PRINTER_PATIENCE).hears(Input::Tick);
        self.hears(Input::Printer(Readiness::Ready));
        assert_eq!(self.seats(), [SeatState::Reserved; 2]);
        self.asked.clear();
    }

    /// Two seats are issued, the first comes out, the printer stops, the customer goes. The site has been asked what it
    /// shows, before the report, and has not answered yet.
    pub fn owes_the_second(&mut self) {
        self.asks_for("p1", list(&[0, 1], false));
        self.issued(SiteAnswer::Value(0));
        self.ticket_done(0, PrintResult::Confirmed);
        self.ticket_done(1, PrintResult::NotStarted(FaultCode::PaperOut));
        self.after(PRINTER_PATIENCE).hears(Input::Tick);
        self.hears(Input::Printer(Readiness::Ready));
        assert_eq!(self.seats(), [SeatState::Printed, SeatState::Reserved]);
        assert_eq!(
            self.asked.last(),
            Some(&Action::Query { origin: QueryOrigin::Backlog(parts::number(0)), number: parts::number(0) })
        );
        self.asked.clear();
    }

    /// The site answers what it was asked before the report.
    pub fn lists_for_the_report(&mut self, tickets: Vec<Ticket>) {
        self.site_lists(QueryOrigin::Backlog(parts::number(0)), tickets);
    }

    /// The report goes through.
    pub fn reports(&mut self) {
        self.lists_for_the_report(list(&[0, 1], false));
        self.hears(Input::Reported { number: parts::number(0), answer: SiteAnswer::Value(0) });
        self.asked.clear();
    }
}

/// Returns the site's list of these seats.
pub fn list(seats: &[usize], printed: bool) -> Vec<Ticket> {
    seats.iter().map(|seat| Ticket { printed, ..parts::ticket(0, *seat) }).collect()
}

/// Returns true for 0x03.
pub fn is_query(action: &Action) -> bool {
    matches!(action, Action::Query { .. })
}

/// Returns true for 0x05.
pub fn is_issue(action: &Action) -> bool {
    matches!(action, Action::Issue { .. })
}

/// Returns true for a ticket.
pub fn is_print(action: &Action) -> bool {
    matches!(action, Action::Print { .. })
}
