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

/// An order on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// Its name.
    pub order: UserSessionId,
    /// What it is for.
    pub tickets: Tickets,
    /// The session's sales end then (ATMTimeShowMovieAfterStart after it began); none: not known.
    pub sales_end: Option<Timestamp>,
    /// QueryOrderBookingStatus: 15 times, a minute apart.
    pub polls: Times,
    /// RefundBooking's tries.
    pub refunds: Times,
    /// TotalValueCents and BookingFeeValueCents, once AddTickets has answered.
    pub total: Option<Total>,
    /// VistaBookingNumber, once any answer has named it.
    pub number: Option<BookingNumber>,
    /// Where it stands.
    pub step: Step,
}

/// What an order costs, fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Total {
    /// TotalValueCents: tickets and fee.
    pub total_cents: i64,
    /// BookingFeeValueCents.
    pub fee_cents: i64,
}

/// Where an order stands: each names the call whose answer is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// ② AddTickets.
    Adding,
    /// ⑤ The seat plan, after Result 8.
    Reloading,
    /// StartExternalPayment.
    Starting,
    /// ⑧ CompleteOrder.
    Completing {
        /// Called because GetOrder said that it had not been.
        second: bool,
    },
    /// ⑩ GetOrder.
    Asking,
    /// ⑫ QueryOrderBookingStatus.
    Querying {
        /// This one and those after it.
        left: u32,
    },
    /// Between two of those.
    Waiting {
        /// Those after it.
        left: u32,
        /// Until then.
        until: Timestamp,
    },
    /// ⑬ CancelOrder.
    Cancelling(Why),
    /// ⑮ RefundBooking.
    Refunding(refund::State),
    /// It has ended.
    Ended(End),
}

/// Why there is no booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// 3: AddTickets answered neither 0 nor 8, or not at all.
    NotAdded,
    /// 2.3: StartExternalPayment was refused, or not answered.
    PaymentRefused,
    /// 2.2: after every query there was no booking.
    NeverBooked,
}

/// How an order ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// ⑥ It is a booking.
    Booked,
    /// ④ The seats are gone; nothing is held.
    SeatsGone {
        /// The session's sales have ended.
        sales_ended: bool,
    },
    /// ⑰ There is no booking, and nothing is held: a payment has to be given back.
    NotBooked(Why),
    /// There is no booking, but the cinema did not say that it let the seats go. Nothing was completed.
    NotReleased(Why),
    /// ⑰ It became a booking that has been refunded: a payment has to be given back.
    Refunded,
    /// Nobody can tell from here whether it is a booking: the cinema has to be asked.
    ContactCinema,
}

/// What happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// It begins.
    Begin,
    /// It goes on after a restart: whether the last action was carried out is not known.
    Resumed,
    /// AddTickets answered 0.
    Added(Total),
    /// Another call answered as wished: 0, and for the seat plan anything.
    Done,
    /// A call answered another code. CompleteOrder may name a booking with it.
    Refused {
        /// The code.
        code: i64,
        /// VistaBookingNumber.
        number: Option<BookingNumber>,
    },
    /// A call was not answered, or not so that it can be read.
    NoAnswer,
    /// GetOrder answered. `open`: its CinemaId is not null, so CompleteOrder was not called.
    Order {
        /// See above.
        open: bool,
    },
    /// CompleteOrder answered 0, or QueryOrderBookingStatus found a booking.
    Booked(Option<BookingNumber>),
    /// The time is up.
    Woke,
    /// What happens to the refund at its end.
    Refund(refund::Input),
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Action {
    /// AddTickets.
    AddTickets,
    /// GetSessionSeatPlan.
    ReloadSeats,
    /// StartExternalPayment.
    StartPayment,
    /// CompleteOrder with this amount, fen.
    Complete(i64),
    /// GetOrder.
    AskOrder,
    /// QueryOrderBookingStatus.
    Query,
    /// CancelOrder.
    Cancel,
    /// Come back then.
    WaitUntil(Timestamp),
    /// What the refund at its end needs.
    Refund(refund::Action),
}

impl State {
    /// An order that has not begun.
    pub fn new(order: UserSessionId, tickets: Tickets, polls: Times, refunds: Times) -> Self {
        let step = Step::Adding;
        Self { order, tickets, sales_end: None, polls, refunds, total: None, number: None, step }
    }

    /// With the end of sales of its session: so many minutes after it begins.
    #[must_use]
    pub fn with_sales_end(self, session_at: Option<Timestamp>, minutes_after: i64) -> Self {
        let sales_end =
            session_at.and_then(|at| at.checked_add(SignedDuration::from_mins(minutes_after)).ok());
        Self { sales_end, ..self }
    }

    /// How it ended, if it has.
    pub fn end(&self) -> Option<End> {
        match self.step {
            Step::Ended(end) => Some(end),
            _ => None,
        }
    }

    fn to(self, step: Step, action: Action) -> (Self, Option<Action>) {
        (Self { step, ..self }, Some(action))
    }

    fn ended(self, end: End) -> (Self, Option<Action>) {
        (Self { step: Step::Ended(end), ..self }, None)
    }

    fn cancel(self, why: Why) -> (Self, Option<Action>) {
        self.to(Step::Cancelling(why), Action::Cancel)
    }

    fn query(self) -> (Self, Option<Action>) {
        let left = self.polls.count;
        self.to(Step::Querying { left }, Action::Query)
    }

    fn complete(self, second: bool) -> (Self, Option<Action>) {
        match self.total {
            Some(total) => self.to(Step::Completing { second }, Action::Complete(total.total_cents)),
            // AddTickets did not say what it costs: it can't be paid for.
            None => self.cancel(Why::NotAdded),
        }
    }
}

/// The next state, and what is to be done once it is on disk. An input that has no place here changes nothing.
pub fn handle(mut state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    if let Input::Refused { number: Some(number), .. } | Input::Booked(Some(number)) = input {
        state.number = Some(number);
    }
    match state.step.clone() {
        Step::Adding => adding(state, input, now),
        // ⑤ was for the third party's own page; the order has ended whatever it brought.
        Step::Reloading => state.ended(End::SeatsGone { sales_ended: false }),
        Step::Starting => match input {
            Input::Done => state.complete(false),
            // 2.3
            _ => state.cancel(Why::PaymentRefused),
        },
        Step::Completing { second } => match (input, second) {
            (Input::Booked(_), _) => state.ended(End::Booked),
            // 2.2; no answer counts as Result<>0.
            (_, false) => state.to(Step::Asking, Action::AskOrder),
            (_, true) => state.query(),
        },
        Step::Asking => match input {
            Input::Resumed => (state, Some(Action::AskOrder)),
            // 2.2.1
            Input::Order { open: true } => state.complete(true),
            // 2.2.2, and no answer.
            _ => state.query(),
        },
        Step::Querying { left } => querying(state, left, input, now),
        Step::Waiting { left, until } => match input {
            Input::Woke if now >= until => state.to(Step::Querying { left }, Action::Query),
            _ => (state, Some(Action::WaitUntil(until))),
        },
        Step::Cancelling(why) => cancelling(state, why, input),
        Step::Refunding(refund) => refunding(state, refund, input, now),
        Step::Ended(_) => (state, None),
    }
}

fn adding(mut state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match input {
        Input::Begin => (state, Some(Action::AddTickets)),
        // 2
        Input::Added(total) => {
            state.total = Some(total);
            state.to(Step::Starting, Action::StartPayment)
        }
        // 1
        Input::Refused { code: SEATS_UNAVAILABLE, .. } => {
            if state.sales_end.is_some_and(|end| end <= now) {
                state.ended(End::SeatsGone { sales_ended: true })
            } else {
                state.to(Step::Reloading, Action::ReloadSeats)
            }
        }
        // 3
        _ => state.cancel(Why::NotAdded),
    }
}

fn querying(state: State, left: u32, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match input {
        Input::Resumed => (state, Some(Action::Query)),
        Input::Booked(_) => state.ended(End::Booked),
        _ if left > 1 => {
            let until = state.polls.next(now);
            state.to(Step::Waiting { left: left - 1, until }, Action::WaitUntil(until))
        }
        _ => state.cancel(Why::NeverBooked),
    }
}

fn cancelling(state: State, why: Why, input: Input) -> (State, Option<Action>) {
    match (input, why, state.number, state.total) {
        (Input::Resumed, ..) => (state, Some(Action::Cancel)),
        (Input::Done, ..) => state.ended(End::NotBooked(why)),
        // ⑮ needs a number; without one nobody can be told which booking is meant.
        (_, Why::NeverBooked, Some(number), Some(Total { total_cents, fee_cents })) => {
            let amount = Amount { total_cents, fee_cents, with_fee: true };
            let refund = refund::State::new(number, amount, state.refunds);
            let (refund, action) = refund::handle(refund, refund::Input::Begin, Timestamp::UNIX_EPOCH);
            (State { step: Step::Refunding(refund), ..state }, action.map(Action::Refund))
        }
        (_, Why::NeverBooked, ..) => state.ended(End::ContactCinema),
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
        // Printed: somebody has fetched it, so it is a booking.
        Some(refund::End::Printed) => state.ended(End::Booked),
        Some(refund::End::NoSuchBooking | refund::End::ContactCinema) => state.ended(End::ContactCinema),
        None => (State { step: Step::Refunding(refund), ..state }, action.map(Action::Refund)),
    }
}
