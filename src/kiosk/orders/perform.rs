//! Carries a flow out: each state is on disk before its call is made.

use super::pending::{Pending, Work};
use crate::config::settings::Ordering;
use crate::ticket::{BookingId, BookingNumber};
use crate::vista::answer::{CloudBooking, CloudStatus, Flag};
use crate::vista::client::{BookingStatus, Client, RefundTerms, VistaError};
use crate::vista::codes;
use crate::vista::complete_order::Payment;
use crate::vista::flow::order::{self, Total};
use crate::vista::flow::refund::{self, Fate};
use crate::vista::single_booking::Which;
use jiff::Timestamp;
use std::io;
use std::thread;
use std::time::Duration;

/// The longest sleep at a stretch: a clock that is set is noticed after it.
const SLEEP_MAX: Duration = Duration::from_secs(60);

/// The listener to whom each step of a flow is told.
pub type Tell<'a> = dyn FnMut(&str) -> io::Result<()> + 'a;

/// The needs of the calls beside the flow's state.
pub struct Performer<'a> {
    /// The cloud, with a token that may.
    pub client: &'a Client,
    /// `[cloud.ordering]`.
    pub terms: &'a Ordering,
    /// RefundReason.
    pub reason: &'a str,
    /// The listener to whom steps are told.
    pub tell: &'a mut Tell<'a>,
    /// The booking's ID, once the cloud has named it. It is kept in memory alone.
    pub id: Option<BookingId>,
}

impl Performer<'_> {
    /// Carries an order out until it has ended, and records its end.
    pub fn order(
        &mut self,
        pending: &Pending,
        state: order::State,
        input: order::Input,
    ) -> io::Result<order::State> {
        let work = |state: &order::State| Work::Order(state.clone());
        carry_out(pending, (state, input), order::handle, work, |state, action| {
            self.order_call(state, action)
        })
    }

    /// Carries a refund out until it has ended, and records its end.
    pub fn refund(
        &mut self,
        pending: &Pending,
        state: refund::State,
        input: refund::Input,
    ) -> io::Result<refund::State> {
        let reason = self.reason;
        let work = |state: &refund::State| Work::Refund { state: state.clone(), reason: reason.to_owned() };
        carry_out(pending, (state, input), refund::handle, work, |state, action| {
            self.refund_call(state, action)
        })
    }

    fn order_call(&mut self, state: &order::State, action: order::Action) -> order::Input {
        let order = &state.order;
        match action {
            order::Action::AddTickets => {
                self.say("AddTickets: holds the seats");
                match self.client.add_tickets(order, &state.tickets) {
                    Ok(added) => match (added.total_cents, &added.order) {
                        (Some(total_cents), named) if named.as_ref().is_none_or(|named| named == order) => {
                            let fee_cents = added.booking_fee_cents.unwrap_or(0);
                            order::Input::Added(Total { total_cents, fee_cents })
                        }
                        _ => order::Input::NoAnswer,
                    },
                    Err(error) => self.failed(&error),
                }
            }
            order::Action::ReloadSeats => {
                self.say("GetSessionSeatPlan: the seats are gone");
                match self.client.seat_plan(state.tickets.session_id()) {
                    Ok(_) => order::Input::Done,
                    Err(error) => self.failed(&error),
                }
            }
            order::Action::StartPayment => {
                self.say("StartExternalPayment");
                self.done(self.client.start_payment(order))
            }
            order::Action::Complete(total_cents) => self.complete(state, total_cents),
            order::Action::AskOrder => {
                self.say("GetOrder: was it completed?");
                match self.client.order(order) {
                    Ok(found) => order::Input::Order { open: found.cinema_id.is_some() },
                    Err(error) => self.failed(&error),
                }
            }
            order::Action::Query => {
                self.say("QueryOrderBookingStatus: is it a booking?");
                self.query(state)
            }
            order::Action::Cancel => {
                self.say("CancelOrder: lets the seats go");
                self.done(self.client.cancel_order(order))
            }
            order::Action::WaitUntil(until) => {
                self.wait(until);
                order::Input::Woke
            }
            order::Action::Refund(action) => match &state.step {
                order::OrderStep::Refunding(refund) => order::Input::Refund(self.refund_call(refund, action)),
                _ => order::Input::NoAnswer,
            },
        }
    }

    fn complete(&mut self, state: &order::State, total_cents: i64) -> order::Input {
        self.say("CompleteOrder");
        match self.client.complete_order(&state.order, total_cents, &payment(self.terms)) {
            Ok(reply) => {
                let (id, number) = reply.content.map_or((None, None), |content| (content.id, content.number));
                if reply.code == codes::OK {
                    self.id = id;
                    order::Input::Booked(number)
                } else {
                    self.say(&VistaError::Code { code: reply.code, said: reply.said }.to_string());
                    order::Input::Refused { code: reply.code, number }
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    fn query(&mut self, state: &order::State) -> order::Input {
        let refused = |code| order::Input::Refused { code, number: None };
        match self.client.booking_status(&state.order) {
            Ok(BookingStatus::Booked(summary)) => {
                self.id = summary.id;
                order::Input::Booked(summary.number)
            }
            Ok(BookingStatus::NotBooked) => refused(codes::BOOKING_DOES_NOT_EXIST),
            Ok(BookingStatus::Ambiguous) => refused(codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED),
            Err(error) => self.failed(&error),
        }
    }

    fn refund_call(&mut self, state: &refund::State, action: refund::Action) -> refund::Input {
        match action {
            refund::Action::Check => {
                self.say("GetSingleBooking: printed? refunded?");
                refund::Input::Fate(self.fate(state.number))
            }
            refund::Action::Refund => {
                self.say("RefundBooking");
                let terms = RefundTerms {
                    reason: self.reason,
                    marked_only: self.terms.mark_as_refunded_only,
                    timeout_ms: self.terms.refund_timeout_ms,
                };
                match self.client.refund_booking(state.number, state.amount, &payment(self.terms), terms) {
                    Ok(()) => refund::Input::Done,
                    Err(error) => {
                        self.say(&error.to_string());
                        refund::Input::NotDone
                    }
                }
            }
            refund::Action::WaitUntil(until) => {
                self.wait(until);
                refund::Input::Woke
            }
        }
    }

    fn fate(&mut self, number: BookingNumber) -> Fate {
        match self.client.find_booking(Which::Number(number)) {
            Ok(found) if found.code == codes::ORDER_CANNOT_BE_UNIQUELY_IDENTIFIED => Fate::Unknown,
            Ok(found) => found.booking.as_ref().map_or(Fate::NotFound, fate),
            Err(error) => {
                self.say(&error.to_string());
                Fate::Unknown
            }
        }
    }

    fn done(&mut self, result: Result<(), VistaError>) -> order::Input {
        match result {
            Ok(()) => order::Input::Done,
            Err(error) => self.failed(&error),
        }
    }

    /// Tells an error, and what the flow makes of it: a code is an answer, all else is none.
    fn failed(&mut self, error: &VistaError) -> order::Input {
        self.say(&error.to_string());
        match error {
            VistaError::Code { code, .. } => order::Input::Refused { code: *code, number: None },
            _ => order::Input::NoAnswer,
        }
    }

    /// Tells a step. That nobody looks on any more is no reason to leave an order half-way.
    fn say(&mut self, text: &str) {
        let _ = (self.tell)(text);
    }

    fn wait(&mut self, until: Timestamp) {
        let left = until.duration_since(Timestamp::now());
        let left = Duration::try_from(left).unwrap_or_default();
        self.say(&format!("waits {} s", left.as_secs()));
        thread::sleep(left.min(SLEEP_MAX));
    }
}

/// Carries a flow out from this state and input: each state is on disk before the call that it wants, and the last one
/// is recorded as its end.
fn carry_out<S, I, A>(
    pending: &Pending,
    (mut state, mut input): (S, I),
    handle: fn(S, I, Timestamp) -> (S, Option<A>),
    work: impl Fn(&S) -> Work,
    mut call: impl FnMut(&S, A) -> I,
) -> io::Result<S> {
    loop {
        let (next, action) = handle(state, input, Timestamp::now());
        state = next;
        pending.save(&work(&state))?;
        let Some(action) = action else { break };
        input = call(&state, action);
    }
    pending.conclude(&work(&state), Timestamp::now())?;
    Ok(state)
}

/// The word of a booking's flags on a refund. A ticket of which nothing is known may be printed.
fn fate(booking: &CloudBooking) -> Fate {
    if matches!(booking.status(), CloudStatus::Refunded | CloudStatus::Cancelled) {
        return Fate::GivenBack;
    }
    let kept = || booking.tickets.iter().filter(|ticket| ticket.refunded != Flag::Yes);
    if kept().any(|ticket| ticket.collected == Flag::Yes) {
        Fate::Printed
    } else if kept().count() > 0 && kept().all(|ticket| ticket.collected == Flag::No) {
        Fate::Open
    } else {
        Fate::Unknown
    }
}

fn payment(terms: &Ordering) -> Payment {
    Payment {
        card_number: terms.card_number.clone(),
        card_type: terms.card_type.clone(),
        tender_category: terms.tender_category.clone(),
    }
}
