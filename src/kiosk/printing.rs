//! What the printer's owner tells, as inputs of the workflow.

use super::check::other_model;
use super::desk::Owner;
use super::{Kiosk, Stopped, effects};
use crate::device::printer::PrinterEvent;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::PrintResult as Printed;
use crate::pickup::input::{Input, PrintResult};

impl Kiosk {
    /// One event of the owner's.
    pub(super) async fn printer(&mut self, event: PrinterEvent) -> Result<(), Stopped> {
        match event {
            PrinterEvent::ConditionsChanged(conditions) => {
                self.heard_printer(conditions);
                if conditions.contains(Condition::Disconnected) {
                    self.unlike.clear();
                }
                self.paper_seen().await?;
                self.give(Input::Printer(self.readiness())).await
            }
            PrinterEvent::Looked(conditions) => {
                self.heard_printer(conditions);
                self.paper_seen().await?;
                let Some(pickup) = self.looking.take() else { return Ok(()) };
                let readiness = self.readiness();
                self.give(Input::PrinterChecked { pickup, readiness }).await
            }
            PrinterEvent::Identified { model, is_virtual } => {
                let doubt = model.as_deref().and_then(|told| other_model(&self.parts.receipts.profile, told));
                if let Some(doubt) = doubt {
                    self.found_unlike(doubt);
                }
                let model = model.unwrap_or_else(|| "a printer that tells no model".into());
                self.care.printer_model = Some(model.clone());
                log::info!("printer: {model}{}", if is_virtual { ", virtual" } else { "" });
                Ok(())
            }
            PrinterEvent::Unlike(what) => {
                self.found_unlike(what.to_string());
                Ok(())
            }
            PrinterEvent::Printed { job, result } => {
                let (owner, takes_mm) = self.desk.done(job).unwrap_or((Owner::Slip, 0));
                if !matches!(result, Printed::NotStarted(_)) {
                    self.roll.used(takes_mm);
                    self.tell_paper_left().await?;
                }
                if let Some(input) = self.hand_on() {
                    self.give(input).await?;
                }
                let wanted = self.look_when_clear.take_if(|_| self.desk.is_clear());
                if let Some(input) = wanted.and_then(|pickup| self.look_at_printer(pickup)) {
                    self.give(input).await?;
                }
                let (pickup, seat) = match owner {
                    Owner::Ticket(pickup, seat) => (pickup, seat),
                    Owner::Menu(asked) => return self.menu_paper_done(asked, result).await,
                    Owner::Slip => return Ok(()),
                };
                if result == Printed::Confirmed {
                    self.care.active.set(effects::UNPRINTABLE, false);
                }
                self.give(Input::TicketDone { pickup, seat, result: known(result) }).await
            }
        }
    }

    fn heard_printer(&mut self, conditions: Conditions) {
        self.conditions = conditions;
        self.printer_heard = true;
    }

    /// What its owner has said is the matter with it; none while it has said nothing at all.
    pub(super) fn told_conditions(&self) -> Option<Conditions> {
        self.printer_heard.then_some(self.conditions)
    }

    /// Each once a connection; few, and no more than a handful are kept.
    fn found_unlike(&mut self, what: String) {
        const KEPT_MAX: usize = 12;
        log::warn!("printer: not as its profile says: {what}");
        if self.unlike.len() < KEPT_MAX && !self.unlike.contains(&what) {
            self.unlike.push(what);
        }
    }

    /// A new roll is in: what is left is counted anew. Tickets that the old one could hold, where that was known.
    pub(super) async fn roll_replaced(&mut self) -> Result<Option<u32>, Stopped> {
        let before = self.roll.tickets();
        self.roll.replaced();
        self.paper_seen().await?;
        Ok(before)
    }

    /// The workflow hears of the paper before anything is issued by it.
    async fn paper_seen(&mut self) -> Result<(), Stopped> {
        self.roll.seen(self.conditions);
        self.tell_paper_left().await
    }

    async fn tell_paper_left(&mut self) -> Result<(), Stopped> {
        if self.state.paper_left == self.roll.tickets() {
            return Ok(());
        }
        self.give(Input::PaperLeft(self.roll.tickets())).await
    }
}

/// What is known of a ticket, in the workflow's words.
pub fn known(result: Printed) -> PrintResult {
    match result {
        Printed::Confirmed => PrintResult::Confirmed,
        Printed::Forgotten { retracted: true } => {
            PrintResult::Forgotten("printed, not taken, retracted into the machine")
        }
        Printed::Forgotten { retracted: false } => {
            PrintResult::Forgotten("printed, not taken, dropped in front of the machine")
        }
        Printed::NotStarted(conditions) => {
            let gravest = conditions.gravest().unwrap_or(Condition::NotAnswering);
            PrintResult::NotStarted(gravest.code())
        }
        Printed::Uncertain(why) => PrintResult::Uncertain(why.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::session::Why;

    #[test]
    fn what_the_printers_owner_does_not_know_the_workflow_does_not_know_either() {
        let whys = [Why::Stalled, Why::NoConfirmation, Why::TooSoon, Why::During(Condition::Disconnected)];
        for why in whys {
            assert_eq!(known(Printed::Uncertain(why)), PrintResult::Uncertain(why.to_string()));
        }
        let nothing = known(Printed::NotStarted(Condition::PaperOut.into()));
        assert_eq!(nothing, PrintResult::NotStarted(Condition::PaperOut.code()));
    }
}
