//! Kiosk's own queue before its printer: tickets, and claim slips between them.

use super::bytes_model::{DOT_MM, number_of, ticket as paper_of};
use super::chance::Chance;
use super::parts;
use super::world::{Event, World};
use pickup_kiosk::device::printer::PrintRefused;
use pickup_kiosk::device::printer::session::PrintResult as Printed;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::kiosk::print_queue::{Owner, PrintQueue};
use pickup_kiosk::kiosk::printer_events::known;
use pickup_kiosk::kiosk::receipts::Printable;
use pickup_kiosk::pickup::input::Input;
use pickup_kiosk::ticket::{Mark, SeatKey, Ticket};
use std::collections::VecDeque;
use std::mem;

/// Time in ms of a slip, where its printer is quick.
const SLIP_MS: u64 = 300;

/// Time in ms of a slip that its customer leaves hanging in a presenter.
const TAKEN_MS: u64 = 60_000;

/// Queue of a kiosk, and every paper that was ever laid down.
pub struct Queue {
    print_queue: PrintQueue,
    papers: Vec<Paper>,
    chance: Chance,
    slowest_slip_ms: u64,
    /// Number of slips of which the printer's owner refuses one; `None` if it refuses no paper at all.
    refuses: Option<u64>,
    /// Slip that a printer of tickets prints.
    pub slip: Option<u64>,
}

/// Paper, known by its number, which is in its bytes.
pub struct Paper {
    /// Seat of a ticket; `None` for a slip.
    pub seat: Option<Seat>,
    /// Start of the kiosk in which it was laid down.
    pub life: u32,
    pub told: Option<Printed>,
}

/// Seat that a ticket is for.
#[derive(Debug, Clone)]
pub struct Seat {
    pub booking: usize,
    pub key: SeatKey,
    pub again: bool,
}

impl Queue {
    /// Returns the queue of an episode's kiosk. It draws from a chance of its own.
    pub fn new(seed: u64, single: bool, kiosk: usize) -> Self {
        let mut chance = Chance::new(seed ^ 0x0051_1B5E ^ (kiosk as u64) << 32);
        let slowest_slip_ms = chance.one_of(&[SLIP_MS, SLIP_MS, 4_000, TAKEN_MS]);
        let refuses = chance.one_of(&[None, Some(2)]);
        Self {
            print_queue: PrintQueue::default(),
            papers: Vec::new(),
            chance,
            slowest_slip_ms: if single { SLIP_MS } else { slowest_slip_ms },
            refuses: refuses.filter(|_| !single),
            slip: None,
        }
    }

    /// Returns true if no paper is at the printer, and none waits.
    pub fn is_clear(&self) -> bool {
        self.print_queue.is_clear()
    }

    /// Cuts the power: what waited is gone.
    pub fn off(&mut self) {
        (self.print_queue, self.slip) = (PrintQueue::default(), None);
    }

    pub fn paper(&mut self, number: u64) -> Option<&mut Paper> {
        self.papers.get_mut(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Returns the time of the next slip, in ms.
    pub fn slip_ms(&mut self) -> u64 {
        self.chance.between(SLIP_MS, self.slowest_slip_ms)
    }

    /// Returns true if the printer's owner refuses this paper: a slip more often than a ticket.
    fn refuses(&mut self, number: u64) -> bool {
        let Some(one_in) = self.refuses else { return false };
        let slip = self.paper(number).is_some_and(|paper| paper.seat.is_none());
        self.chance.below(if slip { one_in } else { 25 * one_in }) == 0
    }
}

impl World<'_> {
    pub fn print(
        &mut self,
        kiosk: usize,
        (pickup, key): (PickupId, SeatKey),
        (ticket, mark): (&Ticket, Mark),
        answers: &mut VecDeque<Input>,
    ) {
        let (booking, again) = (ticket.price.0 as usize, mark != Mark::Original);
        let seat = Seat { booking, key: key.clone(), again };
        answers.extend(self.lay_down(kiosk, Owner::Ticket(pickup, key), Some(seat)));
    }

    pub fn print_claim(&mut self, kiosk: usize) {
        if self.lay_down(kiosk, Owner::Slip, None).is_some() {
            self.violated(|| "a slip was answered".into());
        }
    }

    fn lay_down(&mut self, kiosk: usize, owner: Owner, seat: Option<Seat>) -> Option<Input> {
        let life = self.kiosks[kiosk].life;
        let dots = self.dots(kiosk);
        let queue = &mut self.kiosks[kiosk].printer.queue;
        queue.papers.push(Paper { seat, life, told: None });
        let bytes = paper_of(queue.papers.len() as u64, dots);
        let height_mm = DOT_MM * dots as u32;
        let paper = Printable { bytes, height_mm, takes_mm: height_mm };
        let mut print_queue = mem::take(&mut queue.print_queue);
        let answer =
            print_queue.lay_down(owner, paper, |bytes, height_mm| self.takes(kiosk, bytes, height_mm));
        self.kiosks[kiosk].printer.queue.print_queue = print_queue;
        answer
    }

    /// Hands a paper to the printer's owner.
    fn takes(&mut self, kiosk: usize, bytes: Vec<u8>, height_mm: u32) -> Result<u64, PrintRefused> {
        let number = number_of(&bytes);
        let queue = &mut self.kiosks[kiosk].printer.queue;
        if queue.refuses(number) {
            self.note(|| format!("printer {kiosk}: paper {number} is refused"));
            return Err(PrintRefused::Busy);
        }
        let seat = queue.paper(number).and_then(|paper| paper.seat.clone());
        self.note(|| format!("printer {kiosk}: paper {number} for {seat:?}"));
        if !self.bytes_print(kiosk, number, bytes, height_mm) {
            match seat {
                Some(seat) => self.ticket_begins(kiosk, number, seat),
                None => self.slip_begins(kiosk, number),
            }
        }
        Ok(number)
    }

    /// Takes the word of the printer's owner on what became of a paper.
    pub fn printed(&mut self, kiosk: usize, number: u64, result: Printed) {
        let mut print_queue = mem::take(&mut self.kiosks[kiosk].printer.queue.print_queue);
        let done = print_queue.done(number);
        let refused = print_queue.hand_on(|bytes, height_mm| self.takes(kiosk, bytes, height_mm));
        self.kiosks[kiosk].printer.queue.print_queue = print_queue;
        if let Some(input) = refused {
            self.feed(kiosk, input);
        }
        match done {
            Some((Owner::Ticket(pickup, seat), _)) => {
                self.feed(kiosk, Input::TicketDone { pickup, seat, result: known(result) });
            }
            Some(_) => {}
            None => self.violated(|| format!("printer {kiosk}: paper {number} was not at the printer")),
        }
    }

    /// Tells the result in a moment, unless the kiosk is switched off by then.
    pub fn printed_in(&mut self, in_ms: u64, kiosk: usize, paper: u64, result: Printed) {
        let life = self.kiosks[kiosk].life;
        self.at(in_ms, Event::Printed { kiosk, life, paper, result });
    }

    /// Takes note of a ticket's first byte at the printer; a slip's means nothing.
    pub fn begins(&mut self, kiosk: usize, number: u64) {
        let Some(paper) = self.kiosks[kiosk].printer.queue.paper(number) else { return };
        let told = paper.told;
        let Some(Seat { booking, key, again }) = paper.seat.clone() else { return };
        match told {
            None => self.printing(kiosk, booking, &key, again),
            Some(Printed::NotStarted(_)) => self
                .violated(|| format!("booking {booking} {key:?} was not started, said the session, and is")),
            // Of unknown fate, and now it comes.
            Some(_) if again => {}
            Some(_) => self.truth[booking].paper[kiosk][parts::seat_index(&key)].begun += 1,
        }
    }
}
