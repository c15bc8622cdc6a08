//! The printer as the loop has it: the way to its owner, the papers before it, the roll in it, and its last word.

#[cfg(test)]
mod tests;

use super::check::other_model;
use super::effect::{Effect, Effects};
use super::paper_supply::PaperSupply;
use super::print_queue::{Owner, PrintQueue};
use super::printer_events::known;
use super::receipts::{Printable, Receipts};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::PrintResult as Printed;
use crate::device::printer::session::status_snapshot::Raw;
use crate::device::printer::{PrinterEvent, PrinterHandle};
use crate::fault_code::FaultCode;
use crate::journal::record::PickupId;
use crate::locale::Text;
use crate::pickup::input::{Input, PrintResult, Readiness};
use crate::ticket::{Mark, SeatKey, Ticket};
use jiff::Timestamp;

/// Doubts about the profile that are kept; each comes once a connection.
const MISMATCHES_MAX: usize = 12;

/// The printer, and all that is before it.
#[derive(Debug)]
pub(super) struct Printer {
    owner: PrinterHandle,
    receipts: Receipts,
    queue: PrintQueue,
    supply: PaperSupply,
    conditions: Conditions,
    /// The owner has told how it is.
    heard: bool,
    /// Promises of its profile that it does not keep.
    mismatches: Vec<Text>,
    looking: Option<PickupId>,
    /// The pickup that wants it looked at once no paper waits for it.
    look_when_clear: Option<PickupId>,
}

impl Printer {
    /// A printer of which nothing has been heard yet.
    pub(super) fn new(owner: PrinterHandle, receipts: Receipts) -> Self {
        let supply = PaperSupply::new(receipts.stock, receipts.longest_mm());
        Self {
            owner,
            receipts,
            queue: PrintQueue::default(),
            supply,
            conditions: Condition::Disconnected.into(),
            heard: false,
            mismatches: Vec::new(),
            looking: None,
            look_when_clear: None,
        }
    }

    /// The conditions that its owner has told; none while it has said nothing at all.
    pub(super) fn told_conditions(&self) -> Option<Conditions> {
        self.heard.then_some(self.conditions)
    }

    /// The doubts about its profile.
    pub(super) fn mismatches(&self) -> &[Text] {
        &self.mismatches
    }

    /// A paper is at the printer or waits for it.
    pub(super) fn is_printing(&self) -> bool {
        !self.queue.is_clear()
    }

    /// Tickets that the paper left can hold; none: enough, or unknown.
    pub(super) fn paper_left(&self) -> Option<u32> {
        self.supply.tickets()
    }

    /// True for a printer that makes pictures.
    pub(super) fn is_virtual(&self) -> bool {
        self.owner.is_virtual()
    }

    /// The printer's last answers, bit by bit.
    pub(super) fn raw_status(&self) -> Raw {
        self.owner.raw_status()
    }

    // -- events --

    /// One event of the owner's. The workflow hears of the paper before anything is issued by it.
    pub(super) fn event(&mut self, event: PrinterEvent) -> Effects {
        match event {
            PrinterEvent::ConditionsChanged(conditions) => {
                self.heard(conditions);
                if conditions.contains(Condition::Disconnected) {
                    self.mismatches.clear();
                }
                vec![Effect::TellPaperLeft, Effect::TellReadiness]
            }
            PrinterEvent::Looked(conditions) => {
                self.heard(conditions);
                vec![Effect::TellPaperLeft, Effect::AnswerPrinterCheck]
            }
            PrinterEvent::Identified { model, is_virtual } => {
                let doubt = model.as_deref().and_then(|told| other_model(&self.receipts.profile, told));
                if let Some(doubt) = doubt {
                    self.mismatch(doubt);
                }
                let model = model.unwrap_or_else(|| "a printer that tells no model".into());
                log::info!("printer: {model}{}", if is_virtual { ", virtual" } else { "" });
                vec![Effect::PrinterModel(model)]
            }
            PrinterEvent::Mismatch(mismatch) => {
                self.mismatch(mismatch.text());
                Vec::new()
            }
            PrinterEvent::Printed { job, result } => self.printed(job, result),
        }
    }

    fn heard(&mut self, conditions: Conditions) {
        self.conditions = conditions;
        self.heard = true;
        self.supply.seen(conditions);
    }

    fn mismatch(&mut self, mismatch: Text) {
        log::warn!("printer: not as its profile says: {mismatch}");
        if self.mismatches.len() < MISMATCHES_MAX && !self.mismatches.contains(&mismatch) {
            self.mismatches.push(mismatch);
        }
    }

    /// The end of a paper. The roll is counted first and the next paper goes to the printer, then its result goes to
    /// whoever wanted it: what they do with it may already need both.
    fn printed(&mut self, job: u64, result: Printed) -> Effects {
        let (owner, takes_mm) = self.queue.done(job).unwrap_or((Owner::Slip, 0));
        let mut effects = Vec::new();
        if !matches!(result, Printed::NotStarted(_)) {
            self.supply.used(takes_mm);
            effects.push(Effect::TellPaperLeft);
        }
        effects.extend([Effect::HandOnPaper, Effect::CheckClearPrinter]);
        match owner {
            Owner::Ticket(pickup, seat) => {
                if result == Printed::Confirmed {
                    effects.push(Effect::Fault(FaultCode::TicketUnprintable, false));
                }
                effects.push(Effect::Input(Input::TicketDone { pickup, seat, result: known(result) }));
            }
            Owner::Menu(asked) => effects.push(Effect::MenuPaperDone(asked, result)),
            Owner::Slip => {}
        }
        effects
    }

    /// A new roll is in: what is left is counted anew.
    pub(super) fn roll_replaced(&mut self) -> Effects {
        self.supply.replaced();
        self.supply.seen(self.conditions);
        vec![Effect::TellPaperLeft]
    }

    // -- looks --

    /// Has the printer looked at for a pickup. A slip or a test page is printed first: by the time it is out the site's
    /// list may be old, which the workflow can tell only from when it hears of the printer.
    pub(super) fn look(&mut self, pickup: PickupId) -> Option<Input> {
        if self.is_printing() {
            self.look_when_clear = Some(pickup);
            return None;
        }
        match self.owner.look() {
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

    /// Has the printer looked at for the pickup that waits for that, if no paper is before it any more.
    pub(super) fn look_if_clear(&mut self) -> Option<Input> {
        let is_clear = self.queue.is_clear();
        let pickup = self.look_when_clear.take_if(|_| is_clear)?;
        self.look(pickup)
    }

    /// The pickup for which the printer was looked at.
    pub(super) fn looked_for(&mut self) -> Option<PickupId> {
        self.looking.take()
    }

    // -- papers --

    /// Has a ticket printed. One that the owner doesn't take is answered at once; so is one that can't be put on paper,
    /// which is a fault.
    pub(super) fn print(
        &mut self,
        pickup: PickupId,
        seat: SeatKey,
        ticket: &Ticket,
        mark: Mark,
    ) -> (Option<FaultCode>, Option<Input>) {
        match self.receipts.ticket(ticket, mark, self.owner.is_virtual()) {
            Ok(paper) => (None, self.lay_down(Owner::Ticket(pickup, seat), paper)),
            Err(error) => {
                log::error!("seat {}: {error}", ticket.seat_name);
                let result = PrintResult::Unprintable;
                (Some(FaultCode::TicketUnprintable), Some(Input::TicketDone { pickup, seat, result }))
            }
        }
    }

    /// Has a claim slip printed. The customer has the reference on the screen; the slip is a help, and nothing waits for
    /// it.
    pub(super) fn print_claim(&mut self, claim: &str, at: Timestamp) {
        match self.receipts.claim(claim, at) {
            Ok(paper) => drop(self.lay_down(Owner::Slip, paper)),
            Err(error) => log::warn!("claim slip: {error}"),
        }
    }

    /// Puts a paper into the queue. A ticket that the printer's owner doesn't take is answered at once.
    pub(super) fn lay_down(&mut self, owner: Owner, paper: Printable) -> Option<Input> {
        let printer = &self.owner;
        self.queue.lay_down(owner, paper, |bytes, height_mm| printer.print(bytes, height_mm))
    }

    /// Hands the next paper to the printer's owner, if it has none.
    pub(super) fn hand_on(&mut self) -> Option<Input> {
        let printer = &self.owner;
        self.queue.hand_on(|bytes, height_mm| printer.print(bytes, height_mm))
    }
}
