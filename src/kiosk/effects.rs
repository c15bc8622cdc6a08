//! The workflow's actions, each carried out with the kiosk's parts.

use super::desk::Owner;
use super::executor::{Done, Executor};
use super::site_task::SiteRequest;
use super::{Kiosk, Stopped};
use crate::device::printer::conditions::Condition;
use crate::journal::record::{Entry, PickupId, Step};
use crate::journal::store::{Journal, JournalError};
use crate::pickup::action::{Action, Mark, Notice};
use crate::pickup::input::{Input, PrintResult, Readiness};
use crate::ticket::{BookingId, BookingNumber, SeatKey, Ticket};
use std::collections::VecDeque;

/// A ticket that can't be put on paper at all: never a printer's own code.
pub const UNPRINTABLE: &str = "T1";
/// Nothing has been heard of the printer yet.
pub(super) const UNHEARD: &str = "P0";

impl Executor for Kiosk {
    type Stopped = Stopped;

    fn decide(&mut self, input: Input) -> Vec<Action> {
        let state = std::mem::take(&mut self.state);
        let (state, actions) = self.parts.machine.handle(state, input, self.clock.now());
        self.state = state;
        actions
    }

    async fn perform(&mut self, action: Action, answers: &mut VecDeque<Input>) -> Result<Done, Stopped> {
        match action {
            Action::Record(entries) => return self.record(entries).await,
            Action::Recall { pickup, number, id } => return self.recall(pickup, number, id, answers).await,
            Action::AskCloud { pickup, id } => {
                let cloud = self.parts.cloud.as_ref();
                // The workflow asks only where there is a cloud.
                answers.extend(cloud.and_then(|cloud| cloud.ask(pickup, id)));
            }
            Action::CheckPrinter { pickup } => answers.extend(self.look_at_printer(pickup)),
            Action::Query { asker, number } => self.site(SiteRequest::Query(asker, number)).await?,
            Action::Issue { pickup, number, id } => {
                self.site(SiteRequest::Issue(pickup, number, id)).await?;
            }
            Action::Report { number } => self.site(SiteRequest::Report(number)).await?,
            Action::Print { pickup, seat, ticket, mark } => {
                answers.extend(self.print(pickup, seat, &ticket, mark));
            }
            Action::PrintClaim { claim } => self.print_claim(&claim.to_string()),
            Action::RefuseScan => {
                self.refused_scans += 1;
                self.board.scan_refused();
            }
            Action::Notify(notice) => notify(&notice),
        }
        Ok(Done::Yes)
    }

    fn publish(&mut self) {
        self.show();
    }
}

impl Kiosk {
    /// A slip or a test page is printed first: by the time it is out the site's list may be old, which the workflow can
    /// tell only from when it hears of the printer.
    pub(super) fn look_at_printer(&mut self, pickup: PickupId) -> Option<Input> {
        if !self.desk.is_clear() {
            self.look_when_clear = Some(pickup);
            return None;
        }
        match self.parts.printer.look() {
            Ok(()) => {
                self.looking = Some(pickup);
                None
            }
            Err(refused) => {
                log::error!("printer: {refused}");
                let readiness = Readiness::Stopped(Condition::NotAnswering.code());
                Some(Input::PrinterChecked { pickup, readiness })
            }
        }
    }

    async fn record(&mut self, entries: Vec<Entry>) -> Result<Done, Stopped> {
        let append = move |journal: &mut Journal| journal.append(&entries).map(|()| entries);
        let done = self.parts.journal.with(append).await?;
        match &done {
            Ok(entries) => {
                self.board.count(entries);
                if entries.iter().any(is_for_the_counter) {
                    self.count_unsettled().await?;
                }
            }
            Err(error) => {
                log::error!("{error}");
                self.look_around_soon();
            }
        }
        Ok(if done.is_ok() { Done::Yes } else { Done::JournalFailed })
    }

    /// What the journal knows; a disk that is nearly full refuses here, before anything is issued.
    async fn recall(
        &mut self,
        pickup: PickupId,
        number: Option<BookingNumber>,
        id: BookingId,
        answers: &mut VecDeque<Input>,
    ) -> Result<Done, Stopped> {
        let now = self.clock.now().wall;
        let answer = self
            .parts
            .journal
            .with(move |journal| {
                if !journal.has_space()? {
                    return Err(journal.full());
                }
                journal.recall(number, &id, now)
            })
            .await?;
        match answer {
            Ok(recall) => {
                answers.push_back(Input::Recalled { pickup, recall: Box::new(recall) });
                Ok(Done::Yes)
            }
            Err(error) => {
                log::error!("{error}");
                self.care.active.set("D1", matches!(error, JournalError::Full { .. }));
                self.look_around_soon();
                Ok(Done::JournalFailed)
            }
        }
    }

    async fn site(&self, request: SiteRequest) -> Result<(), Stopped> {
        if self.parts.site.ask(request).await { Ok(()) } else { Err(Stopped::Part("the site's task")) }
    }

    fn print(&mut self, pickup: PickupId, seat: SeatKey, ticket: &Ticket, mark: Mark) -> Option<Input> {
        let paper = match self.parts.receipts.ticket(ticket, mark, self.parts.printer.is_virtual()) {
            Ok(paper) => paper,
            Err(error) => {
                log::error!("seat {}: {error}", ticket.seat_name);
                self.care.active.set(UNPRINTABLE, true);
                return Some(Input::TicketDone { pickup, seat, result: PrintResult::Unprintable });
            }
        };
        self.lay_down(Owner::Ticket(pickup, seat), paper)
    }

    /// The customer has the reference on the screen; the slip is a help, and nothing waits for it.
    fn print_claim(&mut self, claim: &str) {
        match self.parts.receipts.claim(claim, self.clock.now().wall) {
            Ok(paper) => drop(self.lay_down(Owner::Slip, paper)),
            Err(error) => log::warn!("claim slip: {error}"),
        }
    }

    /// The printer as last heard from its owner.
    pub(super) fn readiness(&self) -> Readiness {
        if self.care.active.has("M1") {
            return Readiness::Stopped("M1");
        }
        let Some(conditions) = self.told_conditions() else { return Readiness::Stopped(UNHEARD) };
        let gravest = conditions.gravest().filter(|_| conditions.stops_printing());
        if let Some(condition) = gravest {
            return Readiness::Stopped(condition.code());
        }
        // Nothing is issued without a record; what has been is printed.
        match () {
            () if !self.state.at_rest() => Readiness::Ready,
            () if self.care.active.has("D1") => Readiness::Stopped("D1"),
            () if !self.state.journal_ok => Readiness::Stopped("J2"),
            () => Readiness::Ready,
        }
    }
}

/// A pickup has ended with a claim reference: something of it is uncertain or owed.
fn is_for_the_counter(entry: &Entry) -> bool {
    matches!(entry.step, Step::Ended { claim: Some(_), .. })
}

fn notify(notice: &Notice) {
    match notice {
        Notice::ReportRefused(number, value) => log::error!(
            "booking {number}: the site refused the report with {value} and doesn't show it as printed; \
             tell the cinema's ticketing staff"
        ),
        Notice::Guessing(count) => {
            log::warn!("{count} codes of an ID alone were refused today: somebody may be guessing");
        }
        Notice::Unresolved { uncertain, owed } => log::warn!(
            "{uncertain} tickets may or may not have come out, {owed} are owed: see `pickup-kiosk journal list`"
        ),
        Notice::SeatsFound(number, count) => log::warn!(
            "booking {number}: the site lists {count} seats that it had left out before the issue; they are owed: \
             see `pickup-kiosk journal list --unresolved`"
        ),
    }
}
