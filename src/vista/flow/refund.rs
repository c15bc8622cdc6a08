//! Refunding (2.4, 3.12): a booking that is not printed is given back by RefundBooking, tried ten times or more and
//! looked up in between, since only an answer of 0 is a refund. A printed one is for the cinema's desk.

use super::super::refund_booking::Amount;
use super::Times;
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A refund on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// Which booking.
    pub number: BookingNumber,
    /// What of it.
    pub amount: Amount,
    /// The tries, and the time between them.
    pub times: Times,
    /// Tries left.
    pub left: u32,
    /// Where it stands.
    pub step: Step,
}

/// Where a refund stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// GetSingleBooking before the first try: has it been printed?
    Checking,
    /// RefundBooking.
    Refunding,
    /// GetSingleBooking after a try that was not answered 0.
    Verifying,
    /// Waits; then tries, or checks where nothing is known yet.
    Waiting {
        /// Until then.
        until: Timestamp,
        /// GetSingleBooking has said that nothing is printed.
        checked: bool,
    },
    /// It has ended.
    Ended(End),
}

/// How a refund ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It is refunded, or cancelled: nobody owes anything for it.
    Refunded,
    /// Printed: only the cinema's desk can refund it.
    Printed,
    /// There is no such booking.
    NoSuchBooking,
    /// Nothing certain after every try: the cinema has to refund it, or say that it is.
    ContactCinema,
}

/// What GetSingleBooking says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// Not printed, not refunded.
    Open,
    /// One ticket of it at least is printed.
    Printed,
    /// Refunded or cancelled as a whole.
    GivenBack,
    /// There is none.
    NotFound,
    /// Its state is not known, or no answer came.
    Unknown,
}

/// What happens to a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// It begins.
    Begin,
    /// It goes on after a restart: whether the last action was carried out is not known.
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

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// GetSingleBooking.
    Check,
    /// RefundBooking.
    Refund,
    /// Come back then.
    WaitUntil(Timestamp),
}

impl State {
    /// A refund that has not begun.
    pub fn new(number: BookingNumber, amount: Amount, times: Times) -> Self {
        Self { number, amount, times, left: times.count, step: Step::Checking }
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

    /// A try is used up; the next one comes later, if there is one.
    fn try_later(mut self, checked: bool, now: Timestamp) -> (Self, Option<Action>) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return self.ended(End::ContactCinema);
        }
        let until = self.times.next(now);
        self.to(Step::Waiting { until, checked }, Action::WaitUntil(until))
    }
}

/// The next state, and what is to be done once it is on disk. An input that has no place here changes nothing.
pub fn handle(state: State, input: Input, now: Timestamp) -> (State, Option<Action>) {
    match (state.step.clone(), input) {
        (Step::Checking, Input::Begin | Input::Resumed) => (state, Some(Action::Check)),
        // A try whose answer was lost may have succeeded.
        (Step::Refunding | Step::Verifying, Input::Resumed) => state.to(Step::Verifying, Action::Check),
        (Step::Waiting { until, .. }, Input::Resumed) => (state, Some(Action::WaitUntil(until))),
        (Step::Waiting { until, .. }, Input::Woke) if now < until => (state, Some(Action::WaitUntil(until))),
        (Step::Waiting { checked: true, .. }, Input::Woke) => state.to(Step::Refunding, Action::Refund),
        (Step::Waiting { checked: false, .. }, Input::Woke) => state.to(Step::Checking, Action::Check),
        (Step::Refunding, Input::Done) => state.ended(End::Refunded),
        // Also after 63 (has been refunded) and 49 (cancelled): GetSingleBooking confirms them.
        (Step::Refunding, Input::NotDone) => state.to(Step::Verifying, Action::Check),
        (Step::Checking | Step::Verifying, Input::Fate(Fate::GivenBack)) => state.ended(End::Refunded),
        (Step::Checking | Step::Verifying, Input::Fate(Fate::Printed)) => state.ended(End::Printed),
        (Step::Checking, Input::Fate(Fate::NotFound)) => state.ended(End::NoSuchBooking),
        (Step::Checking, Input::Fate(Fate::Open)) => state.to(Step::Refunding, Action::Refund),
        (Step::Checking, Input::Fate(Fate::Unknown)) => state.try_later(false, now),
        (Step::Verifying, Input::Fate(Fate::Open | Fate::NotFound | Fate::Unknown)) => {
            state.try_later(true, now)
        }
        _ => (state, None),
    }
}
