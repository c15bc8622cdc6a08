//! `pickup-kiosk acceptance`: the site acceptance that a technician performs by hand. It books, picks up on this
//! machine and sees the booking collected; books again, refunds and sees that booking refunded; and tries a wrong ID.
//! In a test environment it then finds out which kind of site it is. It ends with a report to hand over.

mod choice;
mod machine;
mod probing;
mod report;
mod site;

use super::args::Acceptance;
use super::vista::ordering::{OrderingCloud, confirmed};
use super::vista::yuan;
use super::{CommandError, ExitStatus};
use crate::journal::view::PickupView;
use crate::kiosk::orders::pending::Pending;
use crate::kiosk::orders::{self, Ordered};
use crate::ticket::{BookingId, BookingNumber, Outcome, SeatState};
use crate::vista::answer::{CloudTicket, Flag};
use crate::vista::client::VistaError;
use crate::vista::flow::order::End;
use crate::vista::flow::refund;
use crate::vista::refund_booking::Amount;
use crate::vista::single_booking::Which;
use choice::Choice;
use jiff::Timestamp;
use machine::Machine;
use probing::TestBooking;
use report::Report;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// An ID that no booking has: VISTA's have about 7 characters.
const WRONG_ID: &str = "ACCEPTANCEWRONGID";
/// RefundReason of the acceptance's refunds.
const REASON: &str = "site acceptance";
/// Largest difference between the clocks of cloud and machine, in seconds; sessions begin and end by them.
const CLOCK_APART_SECONDS: i64 = 120;

/// Performs the acceptance.
///
/// # Errors
/// Returns an error for a wrong configuration or argument, or an unwritable report. A failed step is in the report.
pub fn run(args: &Acceptance) -> Result<ExitStatus, CommandError> {
    let ordering_cloud = OrderingCloud::open(&args.common.config, Some(&args.moving))?;
    let machine = Machine::find(&ordering_cloud.cloud.loaded, &ordering_cloud.cloud.secrets)?;
    let report =
        Report::create(&ordering_cloud.cloud.loaded, args.out.as_deref(), args.common.json, machine.words())?;
    let (left, tests, began) = (Vec::new(), Vec::new(), Instant::now());
    let mut trial = AcceptanceRun { ordering_cloud: &ordering_cloud, machine, report, left, tests, began };
    let ended = trial.all(args);
    let left = trial.left.iter().map(Booked::words).chain(trial.tests.iter().filter_map(TestBooking::left));
    let left: Vec<String> = left.collect();
    match ended {
        Ok(()) => {
            trial.report.conclude(None, &left)?;
            Ok(ExitStatus::Done)
        }
        Err(Stop::Failed) => {
            trial.report.conclude(Some("a step did not succeed"), &left)?;
            Ok(ExitStatus::Failed)
        }
        Err(Stop::Command(error)) => {
            trial.report.conclude(Some(&error.to_string()), &left)?;
            Err(error)
        }
    }
}

/// End of the acceptance before its last step.
enum Stop {
    /// A step did not succeed, as the report says.
    Failed,
    /// The report can't be written, or nobody agreed.
    Command(CommandError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Command(error.into())
    }
}

/// A booking of this trial that has not been picked up or given back.
struct Booked {
    number: BookingNumber,
    total_cents: i64,
    fee_cents: i64,
    /// True if the machine may have issued the booking: this command must not give it back then.
    issued: bool,
}

impl Booked {
    fn words(&self) -> String {
        let to_do =
            if self.issued { "settle it at the counter" } else { "contact the cinema to give it back" };
        format!("booking {}: {to_do}", self.number)
    }
}

/// State of a running acceptance.
struct AcceptanceRun<'a> {
    ordering_cloud: &'a OrderingCloud,
    machine: Machine,
    report: Report,
    left: Vec<Booked>,
    /// Bookings made to find out about the site.
    tests: Vec<TestBooking>,
    began: Instant,
}

/// Result of a step: a value for the next steps and words for the report, or the reason for its failure.
type Found<T> = Result<(T, String), String>;

impl AcceptanceRun<'_> {
    fn all(&mut self, args: &Acceptance) -> Result<(), Stop> {
        self.step("the cloud shows this cinema (OData.Cinemas)", Self::sees_cinema)?;
        self.step("the cloud takes the token and knows no stranger (GetSingleBooking)", Self::knows_nobody)?;
        let wish = (args.session.as_deref(), args.ticket_type.as_deref());
        let choice = self.step("a session, a ticket type and two seats", |trial| {
            choice::choose(
                &trial.ordering_cloud.orders,
                &trial.ordering_cloud.cloud.loaded.checked.timezone,
                wish,
            )
        })?;
        confirmed(&format!(
            "This books two tickets of {} at {}, prints one of them here, which only the cinema's ordering_cloud can refund, \
             and refunds the other.{}",
            yuan(choice.price_cents),
            self.ordering_cloud.cloud.settings().map_err(Stop::Command)?.url,
            self.also(args.wait_for_lapse),
        ))
        .map_err(Stop::Command)?;
        let pending = self.ordering_cloud.pending().map_err(Stop::Command)?;
        let done = self.with_bookings(&choice, &pending);
        let done = done.and_then(|()| self.find_out(&choice, &pending, args.wait_for_lapse));
        if done.is_err() {
            self.give_back(&pending)?;
        }
        done
    }

    fn with_bookings(&mut self, choice: &Choice, pending: &Pending) -> Result<(), Stop> {
        let first = self.step("books a ticket", |trial| trial.book(choice, 0, pending))?;
        let (number, id) = &first;
        self.step("sees it open: CollectedStatus 0, RefundedStatus 0", |trial| {
            trial.sees(*number, id, |t| t.collected == Flag::No && t.refunded == Flag::No)
        })?;
        self.step("a wrong ID is told nothing on this machine", |trial| trial.is_told_nothing(*number))?;
        self.step("picks it up on this machine", |trial| trial.picks_up(*number, id))?;
        self.left.clear();
        self.step("sees it collected: CollectedStatus 1", |trial| {
            trial.sees(*number, id, |ticket| ticket.collected == Flag::Yes)
        })?;
        let (number, id) = self.step("books another ticket", |trial| trial.book(choice, 1, pending))?;
        self.step("refunds it (RefundBooking)", |trial| trial.refunds(pending))?;
        self.left.clear();
        self.step("sees it refunded: RefundedStatus 1", |trial| {
            trial.sees(number, &id, |ticket| ticket.refunded == Flag::Yes)
        })
    }

    /// Performs one step, timed and reported.
    fn step<T>(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Found<T>) -> Result<T, Stop> {
        let (at, begun) = (Timestamp::now(), Instant::now());
        let found = work(self);
        let took = begun.elapsed();
        match found {
            Ok((value, words)) => {
                self.report.step(name, Ok(&words), at, took)?;
                Ok(value)
            }
            Err(why) => {
                self.report.step(name, Err(&why), at, took)?;
                Err(Stop::Failed)
            }
        }
    }

    // -- the cloud --

    fn sees_cinema(&mut self) -> Found<()> {
        let id = &self.ordering_cloud.cloud.loaded.settings.cinema.id;
        let cinemas = self.ordering_cloud.cloud.client.cinemas().map_err(words)?;
        let found = cinemas.into_iter().find(|cinema| cinema.id == *id);
        let found = found.ok_or_else(|| format!("the token sees no cinema {id}: check [cinema] id"))?;
        let national = found.national_id.unwrap_or_else(|| "none".into());
        Ok(((), format!("{id} {}, national id {national}", found.name.unwrap_or_default())))
    }

    fn knows_nobody(&mut self) -> Found<()> {
        let exchange = self.ordering_cloud.cloud.client.check().map_err(words)?;
        if exchange.booking.is_some() {
            return Err("it gives a booking for an ID that nobody has".into());
        }
        let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs());
        if apart.abs() > CLOCK_APART_SECONDS {
            return Err(format!(
                "its clock and this machine's differ by {apart} s: set this machine's clock"
            ));
        }
        Ok(((), format!("code {}, clocks differ by {apart} s", exchange.code)))
    }

    fn book(
        &mut self,
        choice: &Choice,
        which: usize,
        pending: &Pending,
    ) -> Found<(BookingNumber, BookingId)> {
        let seat = choice.seats.get(which).ok_or("no such seat")?;
        let (booked, id) = self.order(choice, std::slice::from_ref(seat), pending)?;
        let (number, total) = (booked.number, booked.total_cents);
        self.left.push(booked);
        let id = id.ok_or_else(|| format!("booking {number}: the cloud names no booking ID"))?;
        Ok(((number, id), format!("booking {number}, seat {seat}, {}", yuan(total))))
    }

    fn order(
        &mut self,
        choice: &Choice,
        seats: &[String],
        pending: &Pending,
    ) -> Result<(Booked, Option<BookingId>), String> {
        let tickets = choice.tickets(seats, &self.ordering_cloud.orders)?;
        let name = orders::name().ok_or("the system gives no random numbers")?;
        let report = &mut self.report;
        let mut tell = |step: &str| report.substep(step);
        let ordered = self.ordering_cloud.orders.order(pending, name, tickets, choice.begins, &mut tell);
        booked(ordered.map_err(|error| error.to_string())?)
    }

    /// Queries the booking until `so` holds for every ticket, at most `[cloud.ordering] check_tries` times.
    fn sees(
        &mut self,
        number: BookingNumber,
        id: &BookingId,
        so: impl Fn(&CloudTicket) -> bool,
    ) -> Found<()> {
        let terms = &self.ordering_cloud.orders.terms;
        let mut last = String::new();
        for look in 1..=terms.check_tries {
            if look > 1 {
                thread::sleep(Duration::from_secs(terms.check_seconds.into()));
            }
            match self.ordering_cloud.cloud.client.find_booking(Which::Both(number, id)) {
                Ok(exchange) => {
                    let Some(booking) = exchange.booking else {
                        return Err(words(VistaError::Code { code: exchange.code, said: None }));
                    };
                    let status = status(&booking.tickets);
                    if !booking.tickets.is_empty() && booking.tickets.iter().all(&so) {
                        return Ok(((), format!("booking {number}: {status}; look {look}")));
                    }
                    last = format!("booking {number}: {status}");
                }
                Err(error) if error.can_retry() => last = words(error),
                Err(error) => return Err(words(error)),
            }
        }
        Err(format!("{last}; looked {} times, {} s apart", terms.check_tries, terms.check_seconds))
    }

    fn refunds(&mut self, pending: &Pending) -> Found<()> {
        let booked = self.left.last().ok_or("nothing is booked")?;
        let (number, amount) = (booked.number, amount(booked));
        self.refund(number, amount, pending)
    }

    fn refund(&mut self, number: BookingNumber, amount: Amount, pending: &Pending) -> Found<()> {
        let report = &mut self.report;
        let mut tell = |step: &str| report.substep(step);
        let end = self.ordering_cloud.orders.refund(pending, number, amount, REASON, &mut tell);
        match end.map_err(|error| error.to_string())? {
            refund::End::Refunded => Ok(((), format!("booking {number}, {}", yuan(amount.refund_cents())))),
            end => Err(format!("booking {number}: {}", orders::refund_sentence(end))),
        }
    }

    /// Refunds the bookings that a failed step has left, as far as that is safe.
    fn give_back(&mut self, pending: &Pending) -> Result<(), Stop> {
        while self.left.last().is_some_and(|booked| !booked.issued) {
            match self.step("gives back what was booked", |trial| trial.refunds(pending)) {
                Ok(()) => drop(self.left.pop()),
                Err(Stop::Failed) => break,
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    // -- this machine --

    fn is_told_nothing(&mut self, number: BookingNumber) -> Found<()> {
        let performed = self.machine.pick_up(&format!("{number}|{WRONG_ID}"))?;
        let PickupView { outcome, tickets, claim, .. } = performed.pickup;
        let told = outcome.map_or("no outcome", Outcome::name);
        if outcome != Some(Outcome::NotFound) || !tickets.is_empty() || claim.is_some() {
            return Err(format!("it was told {told}, with {} seats", tickets.len()));
        }
        Ok(((), format!("{told}, no seat, no reference")))
    }

    fn picks_up(&mut self, number: BookingNumber, id: &BookingId) -> Found<()> {
        // Until the end of the pickup is known, the booking may have been issued.
        self.left.iter_mut().for_each(|booked| booked.issued = true);
        let performed = self.machine.pick_up(&format!("{number}|{}", id.expose()))?;
        let PickupView { outcome, tickets, claim, duration_ms, .. } = performed.pickup;
        let issued = !tickets.is_empty() || claim.is_some();
        self.left.iter_mut().for_each(|booked| booked.issued = issued);
        let seats: Vec<String> =
            tickets.iter().map(|ticket| format!("{} {}", ticket.seat, ticket.state.name())).collect();
        let seats = seats.join(", ");
        let printed = tickets.iter().all(|ticket| ticket.state == SeatState::Printed);
        if outcome != Some(Outcome::Printed) || !printed || tickets.is_empty() {
            let told = outcome.map_or("no outcome", Outcome::name);
            let claim = claim.map_or_else(String::new, |claim| format!(", claim reference {claim}"));
            return Err(format!("booking {number}: {told}; {seats}{claim}"));
        }
        let took = duration_ms.unwrap_or_default();
        Ok(((), format!("booking {number}: {seats}, {took} ms, kiosk {}", performed.version)))
    }
}

fn booked(ordered: Ordered) -> Result<(Booked, Option<BookingId>), String> {
    let (end, order) = (ordered.end(), ordered.state.order.clone());
    if end != End::Booked {
        return Err(format!("order {order}: {}", orders::sentence(end)));
    }
    let total = ordered.state.total.map_or((0, 0), |total| (total.total_cents, total.fee_cents));
    let Some(number) = ordered.state.number else {
        return Err(format!("order {order} is booked, but the cloud names no number: contact the cinema"));
    };
    Ok((Booked { number, total_cents: total.0, fee_cents: total.1, issued: false }, ordered.id))
}

fn amount(booked: &Booked) -> Amount {
    Amount { total_cents: booked.total_cents, fee_cents: booked.fee_cents, with_fee: true }
}

fn words(error: VistaError) -> String {
    error.to_string()
}

/// CollectedStatus and RefundedStatus of each ticket, as the cloud writes them.
fn status(tickets: &[CloudTicket]) -> String {
    let digit = |flag| match flag {
        Flag::Yes => "1",
        Flag::No => "0",
        Flag::Unknown => "2",
    };
    let of_one = |ticket: &CloudTicket| {
        format!("CollectedStatus {}, RefundedStatus {}", digit(ticket.collected), digit(ticket.refunded))
    };
    if tickets.is_empty() {
        "no tickets".into()
    } else {
        tickets.iter().map(of_one).collect::<Vec<_>>().join("; ")
    }
}
