//! The queue before the printer: one paper at a time goes to its owner, who takes no second one while the
//! first is out; a claim slip must not make the next customer's ticket fail.

use super::receipts::Printable;
use crate::device::printer::PrintRefused;
use crate::device::printer::conditions::Condition;
use crate::journal::record::PickupId;
use crate::pickup::input::{Input, PrintResult};
use crate::ticket::SeatKey;
use std::collections::VecDeque;

/// Papers that may wait. The workflow has one ticket at the printer at most; the rest are claim slips.
const WAITING_MAX: usize = 4;

/// A paper's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A ticket of a pickup.
    Ticket(PickupId, SeatKey),
    /// Nobody: a claim slip.
    Slip,
    /// The maintenance menu, by the number of what it asked for.
    Menu(u64),
}

/// The paper at the printer and those that wait for it.
#[derive(Debug, Default)]
pub struct PrintQueue {
    at_printer: Option<(u64, Owner, u32)>,
    waiting: VecDeque<(Owner, Printable)>,
}

impl PrintQueue {
    /// Nothing is at the printer and nothing waits.
    pub fn is_clear(&self) -> bool {
        self.at_printer.is_none() && self.waiting.is_empty()
    }

    /// The owner of the paper that has come out, or has not, and its millimetres.
    pub fn done(&mut self, job: u64) -> Option<(Owner, u32)> {
        let at_printer = self.at_printer.take_if(|(at_printer, ..)| *at_printer == job);
        at_printer.map(|(_, owner, takes_mm)| (owner, takes_mm))
    }

    /// Puts a paper into the queue; `print` is the printer's owner, who takes a paper's bytes and its height in
    /// millimetres and gives the job's number. A ticket that it doesn't take is answered at once.
    pub fn lay_down(
        &mut self,
        owner: Owner,
        paper: Printable,
        print: impl FnMut(Vec<u8>, u32) -> Result<u64, PrintRefused>,
    ) -> Option<Input> {
        if self.waiting.len() >= WAITING_MAX {
            return refused(owner, "too many papers wait for the printer");
        }
        self.waiting.push_back((owner, paper));
        self.hand_on(print)
    }

    /// Hands the next paper to the printer's owner, if it has none. A slip that is refused is dropped: a
    /// ticket behind it must not wait for a result that never comes.
    pub fn hand_on(
        &mut self,
        mut print: impl FnMut(Vec<u8>, u32) -> Result<u64, PrintRefused>,
    ) -> Option<Input> {
        while self.at_printer.is_none() {
            let (owner, paper) = self.waiting.pop_front()?;
            match print(paper.bytes, paper.height_mm) {
                Ok(job) => self.at_printer = Some((job, owner, paper.takes_mm)),
                Err(why) => {
                    if let Some(input) = refused(owner, &why.to_string()) {
                        return Some(input);
                    }
                }
            }
        }
        None
    }
}

fn refused(owner: Owner, why: &str) -> Option<Input> {
    log::error!("printer: {why}");
    // A paper of the menu's is missed there: its answer says that the printer took nothing.
    let Owner::Ticket(pickup, seat) = owner else { return None };
    let result = PrintResult::NotStarted(Condition::Disconnected.code());
    Some(Input::TicketDone { pickup, seat, result })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::PrintRefused;

    fn paper(byte: u8) -> Printable {
        Printable { bytes: vec![byte], height_mm: 1, takes_mm: 1 }
    }

    #[test]
    fn a_slip_that_is_refused_takes_no_turn_from_the_ticket_behind_it() {
        let mut desk = PrintQueue::default();
        let seat = SeatKey { session_code: "S".into(), seat_code: "1".into() };
        let ticket = Owner::Ticket(PickupId("p".into()), seat);
        assert!(desk.lay_down(Owner::Menu(1), paper(1), |_, _| Ok(1)).is_none());
        assert!(desk.lay_down(Owner::Slip, paper(2), |_, _| Ok(2)).is_none());
        assert!(desk.lay_down(ticket.clone(), paper(3), |_, _| Ok(3)).is_none());
        assert!(desk.done(1).is_some());
        let input = desk.hand_on(|bytes, _| if bytes == [2] { Err(PrintRefused::Stopped) } else { Ok(3) });
        assert_eq!(input, None);
        assert_eq!(desk.done(3), Some((ticket, 1)), "it is at the printer");
    }
}
