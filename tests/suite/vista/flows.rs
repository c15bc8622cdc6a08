//! Exhaustive search of ordering and refunding: every branch, a fault at every call, a kill before and after every
//! call. However it ends, the record says what is so, or that the cinema has to be asked.

use jiff::{SignedDuration, Timestamp};
use pickup_kiosk::ticket::BookingNumber;
use pickup_kiosk::vista::add_tickets::{SelectedSeat, Tickets};
use pickup_kiosk::vista::flow::Times;
use pickup_kiosk::vista::flow::order::{self, Action, End, Input, NoBookingReason, OrderStep, State, Total};
use pickup_kiosk::vista::flow::refund::{self, Fate};
use pickup_kiosk::vista::identity::UserSessionId;
use pickup_kiosk::vista::refund_booking::Amount;
use pickup_kiosk::vista::seat_plan::Position;
use std::collections::{BTreeSet, HashSet};

const POLLS: Times = Times { count: 3, seconds: 60 };
const TRIES: Times = Times { count: 3, seconds: 60 };
const TOTAL: Total = Total { total_cents: 10_000, fee_cents: 200 };

/// State of an order at the cinema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Cinema {
    Nothing,
    Held,
    Paying,
    Booked,
    Printed,
    Cancelled,
    Refunded,
}

fn number() -> Option<BookingNumber> {
    BookingNumber::new(111_972)
}

fn new_order() -> State {
    let seat =
        SelectedSeat { category: "0000000001".into(), position: Position { area: 1, row: 0, column: 1 } };
    let tickets = Tickets::new("29617", "0056", 5_000, None, vec![seat]).unwrap();
    State::new(UserSessionId::parse("x").unwrap(), tickets, POLLS, TRIES)
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// Returns what a call can do and be answered: with faults, or only as it should be (always the first).
fn outcomes(cinema: Cinema, action: &Action) -> Vec<(Cinema, Input)> {
    use Cinema::{Booked, Cancelled, Held, Nothing, Paying, Printed, Refunded};
    let refused = |code, number| Input::Refused { code, number };
    let open = matches!(cinema, Held | Paying);
    let booked = matches!(cinema, Booked | Printed);
    let mut all = match action {
        Action::AddTickets => {
            vec![(Held, Input::Added(TOTAL)), (Nothing, refused(8, None)), (Held, Input::NoAnswer)]
        }
        Action::ReloadSeats => vec![(cinema, Input::Done)],
        Action::StartPayment if open => vec![(Paying, Input::Done), (Paying, Input::NoAnswer)],
        Action::Complete(total) => {
            assert_eq!(*total, TOTAL.total_cents);
            if cinema == Paying {
                vec![
                    (Booked, Input::Booked(number())),
                    (Booked, Input::NoAnswer),
                    // PostChargeCommitError: nobody knows whether it is a booking.
                    (Booked, refused(14, number())),
                    (Booked, refused(14, None)),
                    (Paying, refused(14, number())),
                ]
            } else {
                vec![(cinema, refused(56, None))]
            }
        }
        Action::AskOrder if open => vec![(cinema, Input::Order { open: true })],
        Action::AskOrder if booked => vec![(cinema, Input::Order { open: false })],
        Action::Query if booked => {
            vec![(cinema, Input::Booked(number())), (Printed, Input::Booked(number()))]
        }
        Action::Cancel if open => vec![(Cancelled, Input::Done), (Cancelled, Input::NoAnswer)],
        Action::Refund(refund::Action::Check) => {
            let fate = match cinema {
                Nothing | Held | Paying => Fate::NotFound,
                Booked => Fate::Open,
                Printed => Fate::Printed,
                Cancelled | Refunded => Fate::GivenBack,
            };
            let fates = [fate, Fate::Unknown];
            return fates
                .into_iter()
                .map(|fate| (cinema, Input::Refund(refund::Input::Fate(fate))))
                .collect();
        }
        Action::Refund(refund::Action::Refund) => {
            let not_done = Input::Refund(refund::Input::NotDone);
            return match cinema {
                Booked => vec![
                    (Refunded, Input::Refund(refund::Input::Done)),
                    (Refunded, not_done),
                    (Booked, not_done),
                    (Printed, not_done),
                ],
                _ => vec![(cinema, not_done)],
            };
        }
        Action::WaitUntil(_) | Action::Refund(refund::Action::WaitUntil(_)) => {
            return vec![(cinema, Input::Woke)];
        }
        _ => vec![(cinema, refused(62, None))],
    };
    all.push((cinema, refused(5, None)));
    all.push((cinema, Input::NoAnswer));
    all
}

fn holds(end: End, cinema: Cinema) -> bool {
    match end {
        End::Booked => matches!(cinema, Cinema::Booked | Cinema::Printed),
        End::SeatsGone { .. } => cinema == Cinema::Nothing,
        End::NotBooked(_) => matches!(cinema, Cinema::Nothing | Cinema::Cancelled),
        // Nothing was completed: at most seats are held, which the cinema lets go by itself.
        End::NotReleased(_) => !matches!(cinema, Cinema::Booked | Cinema::Printed | Cinema::Refunded),
        End::Refunded => matches!(cinema, Cinema::Refunded | Cinema::Cancelled),
        End::ContactCinema => true,
    }
}

/// Returns the time that an action waits for, or the same.
fn later(action: &Action, now: Timestamp) -> Timestamp {
    match action {
        Action::WaitUntil(until) | Action::Refund(refund::Action::WaitUntil(until)) => *until,
        _ => now,
    }
}

#[test]
fn however_an_order_goes_its_end_is_so_or_says_that_it_is_not_known() {
    let mut ends: BTreeSet<String> = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![(new_order(), Cinema::Nothing, Input::Begin, now())];
    while let Some((state, cinema, input, now)) = waiting.pop() {
        if !seen.insert((state.clone(), cinema, input, now)) {
            continue;
        }
        let (state, action) = order::handle(state, input, now);
        let Some(action) = action else {
            let end = state.end().expect("without an action it has ended");
            assert!(holds(end, cinema), "{end:?} while {cinema:?}: {state:?}");
            ends.insert(format!("{end:?}"));
            // A restart after its end changes nothing.
            assert_eq!(order::handle(state.clone(), Input::Resumed, now), (state, None));
            continue;
        };
        let then = later(&action, now);
        // A kill before the call, and behind it: the file holds the state that was to make it.
        waiting.push((state.clone(), cinema, Input::Resumed, now));
        for (cinema, input) in outcomes(cinema, &action) {
            waiting.push((state.clone(), cinema, Input::Resumed, then));
            waiting.push((state.clone(), cinema, input, then));
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
    let expected = [
        "Booked",
        "ContactCinema",
        "NotBooked(NeverBooked)",
        "NotBooked(NotAdded)",
        "NotBooked(PaymentRefused)",
        "NotReleased(NotAdded)",
        "NotReleased(PaymentRefused)",
        "Refunded",
        "SeatsGone { sales_ended: false }",
    ];
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), expected);
}

/// Runs an order whose calls are answered so, in order; returns the actions, and how it ended.
fn play(state: State, answers: &[Input]) -> (Vec<Action>, Option<End>) {
    let (mut state, mut action) = order::handle(state, Input::Begin, now());
    let mut actions = Vec::new();
    let mut time = now();
    let mut answers = answers.iter();
    while let Some(todo) = action {
        time = later(&todo, time);
        let input = match todo {
            Action::WaitUntil(_) => Input::Woke,
            _ => *answers.next().unwrap_or_else(|| panic!("no answer to {todo:?}")),
        };
        actions.push(todo);
        (state, action) = order::handle(state, input, time);
    }
    assert!(answers.next().is_none(), "more answers than calls: {actions:?}");
    (actions, state.end())
}

const REFUSED: Input = Input::Refused { code: 1, number: None };

#[test]
fn without_faults_it_is_booked_in_three_calls() {
    let (actions, end) = play(new_order(), &[Input::Added(TOTAL), Input::Done, Input::Booked(number())]);
    assert_eq!(actions, [Action::AddTickets, Action::StartPayment, Action::Complete(10_000)]);
    assert_eq!(end, Some(End::Booked));
}

#[test]
fn result_8_depends_on_the_end_of_sales() {
    let eight = Input::Refused { code: 8, number: None };
    let open = new_order().with_sales_end(Some(now() + SignedDuration::from_mins(1)), 0);
    let (actions, end) = play(open, &[eight, Input::Done]);
    assert_eq!(actions, [Action::AddTickets, Action::ReloadSeats]);
    assert_eq!(end, Some(End::SeatsGone { sales_ended: false }));
    let closed = new_order().with_sales_end(Some(now() - SignedDuration::from_mins(10)), 10);
    let (actions, end) = play(closed, &[eight]);
    assert_eq!(actions, [Action::AddTickets]);
    assert_eq!(end, Some(End::SeatsGone { sales_ended: true }));
}

#[test]
fn what_cannot_be_added_or_paid_is_cancelled() {
    let (actions, end) = play(new_order(), &[REFUSED, Input::Done]);
    assert_eq!(actions, [Action::AddTickets, Action::Cancel]);
    assert_eq!(end, Some(End::NotBooked(NoBookingReason::NotAdded)));
    let (actions, end) = play(new_order(), &[Input::Added(TOTAL), REFUSED, REFUSED]);
    assert_eq!(actions, [Action::AddTickets, Action::StartPayment, Action::Cancel]);
    assert_eq!(end, Some(End::NotReleased(NoBookingReason::PaymentRefused)));
}

#[test]
fn get_order_decides_whether_it_is_completed_again() {
    let begun = [Input::Added(TOTAL), Input::Done, Input::NoAnswer];
    let again = [&begun[..], &[Input::Order { open: true }, Input::Booked(number())]].concat();
    let (actions, end) = play(new_order(), &again);
    assert_eq!(actions[3..], [Action::AskOrder, Action::Complete(10_000)]);
    assert_eq!(end, Some(End::Booked));
    let asked = [&begun[..], &[Input::Order { open: false }, REFUSED, Input::Booked(None)]].concat();
    let (actions, end) = play(new_order(), &asked);
    let minute = Action::WaitUntil(now() + SignedDuration::from_secs(60));
    assert_eq!(actions[3..], [Action::AskOrder, Action::Query, minute, Action::Query]);
    assert_eq!(end, Some(End::Booked));
}

#[test]
fn the_documents_fifteen_queries_are_a_minute_apart_and_then_it_is_cancelled() {
    let state = State { polls: Times { count: 15, seconds: 60 }, ..new_order() };
    let mut answers = vec![Input::Added(TOTAL), Input::Done, REFUSED, Input::NoAnswer];
    answers.extend([Input::NoAnswer; 15]);
    answers.push(Input::Done);
    let (actions, end) = play(state, &answers);
    assert_eq!(actions.iter().filter(|action| **action == Action::Query).count(), 15);
    let last = now() + SignedDuration::from_mins(14);
    assert_eq!(actions[actions.len() - 3..], [Action::WaitUntil(last), Action::Query, Action::Cancel]);
    assert_eq!(end, Some(End::NotBooked(NoBookingReason::NeverBooked)));
}

#[test]
fn a_failed_cancel_is_refunded_where_there_is_a_number_and_else_said() {
    let named = Input::Refused { code: 14, number: number() };
    let mut answers = vec![Input::Added(TOTAL), Input::Done, named, Input::NoAnswer];
    answers.extend([REFUSED; 4]);
    answers.push(Input::Refund(refund::Input::Fate(Fate::Open)));
    answers.push(Input::Refund(refund::Input::Done));
    let (actions, end) = play(new_order(), &answers);
    let tail =
        [Action::Cancel, Action::Refund(refund::Action::Check), Action::Refund(refund::Action::Refund)];
    assert_eq!(actions[actions.len() - 3..], tail);
    assert_eq!(end, Some(End::Refunded));
    let mut answers = vec![Input::Added(TOTAL), Input::Done, REFUSED, Input::NoAnswer];
    answers.extend([REFUSED; 4]);
    let (actions, end) = play(new_order(), &answers);
    assert_eq!(actions.last(), Some(&Action::Cancel));
    assert_eq!(end, Some(End::ContactCinema));
}

#[test]
fn what_is_on_disk_goes_on_where_it_stood() {
    let (state, _) = order::handle(new_order(), Input::Begin, now());
    let (state, _) = order::handle(state, Input::Added(TOTAL), now());
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    assert_eq!(state.step, OrderStep::Starting);
    // Before a payment has begun nothing is owed: it is let go.
    assert_eq!(order::handle(state, Input::Resumed, now()).1, Some(Action::Cancel));
}

// -- refunding --

fn new_refund(count: u32) -> refund::State {
    let amount = Amount { total_cents: 10_000, fee_cents: 0, with_fee: true };
    refund::State::new(number().unwrap(), amount, Times { count, seconds: 60 })
}

#[test]
fn however_a_refund_goes_its_end_is_so_or_says_that_it_is_not_known() {
    let mut ends: HashSet<refund::End> = HashSet::new();
    let mut seen = HashSet::new();
    let beginnings = [Cinema::Nothing, Cinema::Booked, Cinema::Printed, Cinema::Refunded, Cinema::Cancelled];
    let mut waiting: Vec<_> =
        beginnings.iter().map(|cinema| (new_refund(3), *cinema, refund::Input::Begin, now())).collect();
    while let Some((state, cinema, input, now)) = waiting.pop() {
        if !seen.insert((state.clone(), cinema, input, now)) {
            continue;
        }
        let (state, action) = refund::handle(state, input, now);
        let Some(action) = action else {
            let end = state.end().expect("without an action it has ended");
            let so = match end {
                refund::End::Refunded => matches!(cinema, Cinema::Refunded | Cinema::Cancelled),
                refund::End::Printed => cinema == Cinema::Printed,
                refund::End::NoSuchBooking => cinema == Cinema::Nothing,
                refund::End::ContactCinema => true,
            };
            assert!(so, "{end:?} while {cinema:?}: {state:?}");
            ends.insert(end);
            continue;
        };
        let action = Action::Refund(action);
        let then = later(&action, now);
        waiting.push((state.clone(), cinema, refund::Input::Resumed, now));
        for (cinema, input) in outcomes(cinema, &action) {
            waiting.push((state.clone(), cinema, refund::Input::Resumed, then));
            let input = match input {
                Input::Refund(input) => input,
                Input::Woke => refund::Input::Woke,
                other => panic!("{other:?}"),
            };
            waiting.push((state.clone(), cinema, input, then));
        }
    }
    assert_eq!(ends.len(), 4);
}

#[test]
fn ten_tries_a_minute_apart_each_looked_up_and_then_the_cinema() {
    let (mut state, mut action) = refund::handle(new_refund(10), refund::Input::Begin, now());
    let mut time = now();
    let (mut tries, mut checks) = (0, 0);
    while let Some(todo) = action {
        let input = match todo {
            refund::Action::Check => {
                checks += 1;
                refund::Input::Fate(Fate::Open)
            }
            refund::Action::Refund => {
                tries += 1;
                refund::Input::NotDone
            }
            refund::Action::WaitUntil(until) => {
                assert_eq!(until, time + SignedDuration::from_secs(60));
                time = until;
                refund::Input::Woke
            }
        };
        (state, action) = refund::handle(state, input, time);
    }
    assert_eq!((tries, checks, state.end()), (10, 11, Some(refund::End::ContactCinema)));
}
