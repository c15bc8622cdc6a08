//! Ordering (2.2), branch by branch; the numbers in the comments are the document's.

use super::super::add_tickets::Tickets;
use super::super::identity::UserSessionId;
use super::super::refund_booking::Amount;
use super::{Times, refund};
use crate::ticket::BookingNumber;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// SeatsUnavailable.
const SEATS_UNAVAILABLE: i64 = 8;

/// An order in progress.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// UserSessionId of the order.
    pub order: UserSessionId,
    /// Tickets ordered.
    pub tickets: Tickets,
    /// End of sales for the session (ATMTimeShowMovieAfterStart after it began); `None` if unknown.
    pub sales_end: Option<Timestamp>,
    /// Tries of QueryOrderBookingStatus: 15, a minute apart.
    pub polls: Times,
    /// Tries of RefundBooking.
    pub refunds: Times,
    /// TotalValueCents and BookingFeeValueCents, once AddTickets has answered.
    pub total: Option<Total>,
    /// VistaBookingNumber, as soon as any answer has named it.
    pub number: Option<BookingNumber>,
    /// Current step of the order.
    pub step: OrderStep,
}

/// Cost of an order, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Total {
    /// TotalValueCents: tickets and booking fee.
    pub total_cents: i64,
    /// BookingFeeValueCents.
    pub fee_cents: i64,
}

/// Steps of an order: each names the call whose answer is awaited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStep {
    /// ② AddTickets.
    Adding,
    /// ⑤ The seat plan, after Result 8.
    Reloading,
    /// StartExternalPayment.
    Starting,
    /// ⑧ CompleteOrder.
    Completing {
        /// True if GetOrder said that CompleteOrder had not been called.
        second: bool,
    },
    /// ⑩ GetOrder.
    Asking,
    /// ⑫ QueryOrderBookingStatus.
    Querying {
        /// Tries left, this one included.
        left: u32,
    },
    /// Pause between two tries of QueryOrderBookingStatus.
    Waiting {
        /// Tries left after the pause.
        left: u32,
        /// End of the pause.
        until: Timestamp,
    },
    /// ⑬ CancelOrder.
    Cancelling(NoBookingReason),
    /// ⑮ RefundBooking.
    Refunding(refund::State),
    /// The order has ended.
    Ended(End),
}

/// Reasons why there is no booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoBookingReason {
    /// 3: AddTickets answered neither 0 nor 8, or not at all.
    NotAdded,
    /// 2.3: StartExternalPayment was refused, or not answered.
    PaymentRefused,
    /// 2.2: after every query there was no booking.
    NeverBooked,
}

/// Outcome of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// ⑥ The order is a booking.
    Booked,
    /// ④ The seats are gone; nothing is held.
    SeatsGone {
        /// True if the session's sales have ended.
        sales_ended: bool,
    },
    /// ⑰ There is no booking, and nothing is held: a payment must be refunded.
    NotBooked(NoBookingReason),
    /// There is no booking, but the cinema did not confirm the release of the seats. Nothing was completed.
    NotReleased(NoBookingReason),
    /// ⑰ The order became a booking that has been refunded: a payment must be refunded.
    Refunded,
    /// The outcome is unknown: the cinema has to be asked.
    ContactCinema,
}

/// Events of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// The order begins.
    Begin,
    /// The order continues after a restart: the last action may or may not have been carried out.
    Resumed,
    /// AddTickets answered 0.
    Added(Total),
    /// Another call succeeded: code 0, and for the seat plan any answer.
    Done,
    /// A call was answered with another code. CompleteOrder may name a booking with it.
    Refused {
        /// Result code (3.13).
        code: i64,
        /// VistaBookingNumber.
        number: Option<BookingNumber>,
    },
    /// A call was not answered, or not readably.
    NoAnswer,
    /// GetOrder answered.
    Order {
        /// True if its CinemaId is not null, so that CompleteOrder was not called.
        open: bool,
    },
    /// CompleteOrder answered 0, or QueryOrderBookingStatus found a booking.
    Booked(Option<BookingNumber>),
    /// The time is up.
    Woke,
    /// An event of the refund at the order's end.
    Refund(refund::Input),
}

/// Next action of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// AddTickets.
    AddTickets,
    /// GetSessionSeatPlan.
    ReloadSeats,
    /// StartExternalPayment.
    StartPayment,
    /// CompleteOrder with this amount, in fen.
    Complete(i64),
    /// GetOrder.
    AskOrder,
    /// QueryOrderBookingStatus.
    Query,
    /// CancelOrder.
    Cancel,
    /// Wait until this time.
    WaitUntil(Timestamp),
    /// An action of the refund at the order's end.
    Refund(refund::Action),
}

impl State {
    /// Creates an order that has not begun.
    pub fn new(order: UserSessionId, tickets: Tickets, polls: Times, refunds: Times) -> Self {
        let step = OrderStep::Adding;
        Self { order, tickets, sales_end: None, polls, refunds, total: None, number: None, step }
    }

    /// Sets the end of sales of the session: so many minutes after it begins.
    #[must_use]
    pub fn with_sales_end(self, session_at: Option<Timestamp>, minutes_after: i64) -> Self {
        let sales_end =
            session_at.and_then(|at| at.checked_add(SignedDuration::from_mins(minutes_after)).ok());
        Self { sales_end, ..self }
    }

    /// Returns the outcome, if the order has ended.
    pub fn end(&self) -> Option<End> {
        match self.step {
            OrderStep::Ended(end) => Some(end),
            _ => None,
        }
    }

    fn to(self, step: OrderStep, action: Action) -> (Self, Option<Action>) {
        (Self { step, ..self }, Some(action))
    }

    fn ended(self, end: End) -> (Self, Option<Action>) {
        (Self { step: OrderStep::Ended(end), ..self }, None)
    }

    fn cancel(self, why: NoBookingReason) -> (Self, Option<Action>) {
        self.to(OrderStep::Cancelling(why), Action::Cancel)
    }

    fn query(self) -> (Self, Option<Action>) {
        let left = self.polls.count;
        self.to(OrderStep::Querying { left }, Action::Query)
    }

    fn complete(self, second: bool) -> (Self, Option<Action>) {
        match self.total {
            Some(total) => self.to(OrderStep::Completing { second }, Action::Complete(total.total_cents)),
            // AddTickets gave no total, so the order can't be paid.
            None => self.cancel(NoBookingReason::NotAdded),
        }
    }
}

/// Returns the next state, and the action to take once it is on disk. An input that does not fit changes nothing.
pub fn handle(mut state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    if let Input::Refused { number: Some(number), .. } | Input::Booked(Some(number)) = input {
        state.number = Some(number);
    }
    match state.step.clone() {
        OrderStep::Adding => adding(state, input, now),
        // Step ⑤ is for the third party's own page; the order has ended whatever the answer.
        OrderStep::Reloading => state.ended(End::SeatsGone { sales_ended: false }),
        OrderStep::Starting => match input {
            Input::Done => state.complete(false),
            // 2.3
            _ => state.cancel(NoBookingReason::PaymentRefused),
        },
        OrderStep::Completing { second } => match (input, second) {
            (Input::Booked(_), _) => state.ended(End::Booked),
            // 2.2; no answer counts as Result<>0.
            (_, false) => state.to(OrderStep::Asking, Action::AskOrder),
            (_, true) => state.query(),
        },
        OrderStep::Asking => match input {
            Input::Resumed => (state, Some(Action::AskOrder)),
            // 2.2.1
            Input::Order { open: true } => state.complete(true),
            // 2.2.2, and no answer.
            _ => state.query(),
        },
        OrderStep::Querying { left } => querying(state, left, input, now),
        OrderStep::Waiting { left, until } => match input {
            Input::Woke if now >= until => state.to(OrderStep::Querying { left }, Action::Query),
            _ => (state, Some(Action::WaitUntil(until))),
        },
        OrderStep::Cancelling(why) => cancelling(state, why, input),
        OrderStep::Refunding(refund) => refunding(state, refund, input, now),
        OrderStep::Ended(_) => (state, None),
    }
}

fn adding(mut state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match input {
        Input::Begin => (state, Some(Action::AddTickets)),
        // 2
        Input::Added(total) => {
            state.total = Some(total);
            state.to(OrderStep::Starting, Action::StartPayment)
        }
        // 1
        Input::Refused { code: SEATS_UNAVAILABLE, .. } => {
            if state.sales_end.is_some_and(|end| end <= now) {
                state.ended(End::SeatsGone { sales_ended: true })
            } else {
                state.to(OrderStep::Reloading, Action::ReloadSeats)
            }
        }
        // 3
        _ => state.cancel(NoBookingReason::NotAdded),
    }
}

fn querying(state: State, left: u32, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match input {
        Input::Resumed => (state, Some(Action::Query)),
        Input::Booked(_) => state.ended(End::Booked),
        _ => match state.polls.next(left, now) {
            Some((left, until)) => state.to(OrderStep::Waiting { left, until }, Action::WaitUntil(until)),
            None => state.cancel(NoBookingReason::NeverBooked),
        },
    }
}

fn cancelling(state: State, why: NoBookingReason, input: Input) -> (State, Option<Action>) {
    match (input, why, state.number, state.total) {
        (Input::Resumed, ..) => (state, Some(Action::Cancel)),
        (Input::Done, ..) => state.ended(End::NotBooked(why)),
        // Step ⑮ needs a number; without one the booking cannot be identified.
        (_, NoBookingReason::NeverBooked, Some(number), Some(Total { total_cents, fee_cents })) => {
            let amount = Amount { total_cents, fee_cents, with_fee: true };
            let refund = refund::State::new(number, amount, state.refunds);
            let (refund, action) = refund::handle(refund, refund::Input::Begin, Timestamp::UNIX_EPOCH);
            (State { step: OrderStep::Refunding(refund), ..state }, action.map(Action::Refund))
        }
        (_, NoBookingReason::NeverBooked, ..) => state.ended(End::ContactCinema),
        (_, why, ..) => state.ended(End::NotReleased(why)),
    }
}

fn refunding(state: State, refund: refund::State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    let input = match input {
        Input::Refund(input) => input,
        Input::Resumed => refund::Input::Resumed,
        Input::Woke => refund::Input::Woke,
        _ => return (state, None),
    };
    let (refund, action) = refund::handle(refund, input, now);
    match refund.end() {
        Some(refund::End::Refunded) => state.ended(End::Refunded),
        // Printed: the tickets have been fetched, so it is a booking.
        Some(refund::End::Printed) => state.ended(End::Booked),
        Some(refund::End::NoSuchBooking | refund::End::ContactCinema) => state.ended(End::ContactCinema),
        None => (State { step: OrderStep::Refunding(refund), ..state }, action.map(Action::Refund)),
    }
}
