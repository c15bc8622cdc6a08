//! Refunding (2.4, 3.12): RefundBooking refunds a booking that is not printed, with ten tries or more and
//! GetSingleBooking after each failed one, since only an answer of 0 is a refund. A printed one is refunded at the
//! cinema's desk.

use super::super::refund_booking::Amount;
use super::Times;
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A refund in progress.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// Booking to refund.
    pub number: BookingNumber,
    /// Amounts of the refund.
    pub amount: Amount,
    /// Number of tries, and the interval between them.
    pub times: Times,
    /// Tries left.
    pub left: u32,
    /// Current step of the refund.
    pub step: RefundStep,
}

/// Steps of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStep {
    /// GetSingleBooking before the first try: has the booking been printed?
    Checking,
    /// RefundBooking.
    Refunding,
    /// GetSingleBooking after a try that was not answered 0.
    Verifying,
    /// Pause before the next try, or before the next check while nothing is known.
    Waiting {
        /// End of the pause.
        until: Timestamp,
        /// True if GetSingleBooking has said that nothing is printed.
        checked: bool,
    },
    /// The refund has ended.
    Ended(End),
}

/// Outcome of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The booking is refunded or cancelled: nobody owes anything for it.
    Refunded,
    /// The booking is printed: only the cinema's desk can refund it.
    Printed,
    /// There is no such booking.
    NoSuchBooking,
    /// The outcome is unknown after every try: the cinema has to refund it, or confirm that it is.
    ContactCinema,
}

/// State of a booking by GetSingleBooking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Neither printed nor refunded.
    Open,
    /// At least one ticket is printed.
    Printed,
    /// Refunded or cancelled as a whole.
    GivenBack,
    /// There is no such booking.
    NotFound,
    /// The state is unknown, or no answer came.
    Unknown,
}

/// Events of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// The refund begins.
    Begin,
    /// The refund continues after a restart: the last action may or may not have been carried out.
    Resumed,
    /// GetSingleBooking's answer.
    Fate(Fate),
    /// RefundBooking answered 0.
    Done,
    /// RefundBooking answered another code, or not at all.
    NotDone,
    /// The time is up.
    Woke,
}

/// Next action of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// GetSingleBooking.
    Check,
    /// RefundBooking.
    Refund,
    /// Wait until this time.
    WaitUntil(Timestamp),
}

impl State {
    /// Creates a refund that has not begun.
    pub fn new(number: BookingNumber, amount: Amount, times: Times) -> Self {
        Self { number, amount, times, left: times.count, step: RefundStep::Checking }
    }

    /// Returns the outcome, if the refund has ended.
    pub fn end(&self) -> Option<End> {
        match self.step {
            RefundStep::Ended(end) => Some(end),
            _ => None,
        }
    }

    fn to(self, step: RefundStep, action: Action) -> (Self, Option<Action>) {
        (Self { step, ..self }, Some(action))
    }

    fn ended(self, end: End) -> (Self, Option<Action>) {
        (Self { step: RefundStep::Ended(end), ..self }, None)
    }

    /// Uses up a try; the next one comes later, if any is left.
    fn try_later(self, checked: bool, now: Timestamp) -> (Self, Option<Action>) {
        match self.times.next(self.left, now) {
            Some((left, until)) => {
                Self { left, ..self }.to(RefundStep::Waiting { until, checked }, Action::WaitUntil(until))
            }
            None => Self { left: 0, ..self }.ended(End::ContactCinema),
        }
    }
}

/// Returns the next state, and the action to take once it is on disk. An input that does not fit changes nothing.
pub fn handle(state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match (state.step.clone(), input) {
        (RefundStep::Checking, Input::Begin | Input::Resumed) => (state, Some(Action::Check)),
        // A try whose answer was lost may have succeeded.
        (RefundStep::Refunding | RefundStep::Verifying, Input::Resumed) => {
            state.to(RefundStep::Verifying, Action::Check)
        }
        (RefundStep::Waiting { until, .. }, Input::Resumed) => (state, Some(Action::WaitUntil(until))),
        (RefundStep::Waiting { until, .. }, Input::Woke) if now < until => {
            (state, Some(Action::WaitUntil(until)))
        }
        (RefundStep::Waiting { checked: true, .. }, Input::Woke) => {
            state.to(RefundStep::Refunding, Action::Refund)
        }
        (RefundStep::Waiting { checked: false, .. }, Input::Woke) => {
            state.to(RefundStep::Checking, Action::Check)
        }
        (RefundStep::Refunding, Input::Done) => state.ended(End::Refunded),
        // Also after 63 (has been refunded) and 49 (cancelled): GetSingleBooking confirms them.
        (RefundStep::Refunding, Input::NotDone) => state.to(RefundStep::Verifying, Action::Check),
        (RefundStep::Checking | RefundStep::Verifying, Input::Fate(Fate::GivenBack)) => {
            state.ended(End::Refunded)
        }
        (RefundStep::Checking | RefundStep::Verifying, Input::Fate(Fate::Printed)) => {
            state.ended(End::Printed)
        }
        (RefundStep::Checking, Input::Fate(Fate::NotFound)) => state.ended(End::NoSuchBooking),
        (RefundStep::Checking, Input::Fate(Fate::Open)) => state.to(RefundStep::Refunding, Action::Refund),
        (RefundStep::Checking, Input::Fate(Fate::Unknown)) => state.try_later(false, now),
        (RefundStep::Verifying, Input::Fate(Fate::Open | Fate::NotFound | Fate::Unknown)) => {
            state.try_later(true, now)
        }
        _ => (state, None),
    }
}
