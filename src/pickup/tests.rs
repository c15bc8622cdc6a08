//! Single steps of the workflow that went wrong once.

mod reports;

use super::action::Action;
use super::input::{Input, Key, Now, Queried, Readiness, Scan, SiteAnswer, Source};
use super::machine::Machine;
use super::policy::Policy;
use super::state::{CustomerState, Hint, Shown, State};
use crate::codes::CodeReader;
use crate::config::settings::{ClaimLapses, Codes, FlagsAt};
use crate::fault_code::FaultCode;
use crate::journal::record::{
    Claim, DueReport, HeldSeat, IssueState, Leftover, PickupId, Recall, RecordStep, ReportState, Salvaged,
    Unfinished,
};
use crate::ticket::{BookingId, BookingNumber, Cents, Outcome, SeatKey, SeatState, Ticket};
use crate::vista::answer::{CloudAnswer, CloudBooking, Flag};
use jiff::Timestamp;
use std::time::Duration;

fn machine() -> Machine {
    let policy = Policy {
        cinema_id: "0200".into(),
        national_code: None,
        cloud: true,
        flags_at: FlagsAt::Unknown,
        claim_lapses: ClaimLapses::Unknown,
        late_minutes: None,
        earliest_hours: None,
        resume_minutes: 30,
        burst: 5,
        pace_period: Duration::from_secs(20),
        id_alone_a_day: 50,
        id_alone_notice: 20,
        number_a_day: 50,
    };
    Machine { policy, codes: CodeReader::new(&Codes::default()).unwrap() }
}

fn now(s: u64) -> Now {
    Now { mono: Duration::from_secs(s), wall: Timestamp::from_second(1_795_000_000).unwrap() }
}

fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

fn seat(code: &str) -> SeatKey {
    SeatKey { session_code: "S".into(), seat_code: code.into() }
}

fn ticket(printed: bool) -> Ticket {
    Ticket {
        info_code: "C".into(),
        cinema_code: String::new(),
        cinema_name: String::new(),
        screen_code: String::new(),
        screen_name: String::new(),
        film_code: String::new(),
        film_name: String::new(),
        session_code: "S".into(),
        session_at: now(0).wall,
        code: String::new(),
        seat_code: "1".into(),
        seat_name: "1".into(),
        price: Cents(0),
        service: Cents(0),
        printed,
    }
}

fn due(sent: bool) -> DueReport {
    DueReport {
        pickup: PickupId("p1".into()),
        number: number(),
        sent,
        owed: vec![seat("1")],
        seats: vec![seat("1")],
    }
}

fn result_of(claim: Option<Claim>) -> State {
    let shown = Shown {
        pickup: PickupId("p1".into()),
        outcome: Outcome::SeeCounter,
        hint: Hint::None,
        claim,
        seats: Vec::new(),
        session: None,
        since: Duration::ZERO,
        until: Duration::from_secs(30),
    };
    State { customer: CustomerState::Result(shown), ..State::default() }
}

fn steps(actions: &[Action]) -> Vec<RecordStep> {
    let records = actions.iter().filter_map(|action| match action {
        Action::Record(entries) => Some(entries),
        _ => None,
    });
    records.flatten().map(|entry| entry.step.clone()).collect()
}

#[test]
fn a_late_answer_takes_no_result_off_the_screen() {
    let late = Input::PrinterChecked {
        pickup: PickupId("p0".into()),
        readiness: Readiness::Stopped(FaultCode::PaperOut),
    };
    let before = result_of(None);
    let (after, actions) = machine().handle(before.clone(), late, now(1));
    assert_eq!((after, actions), (before, vec![]));
}

#[test]
fn a_claim_that_may_not_be_on_record_is_not_shown() {
    let (after, _) = machine().handle(result_of(Some(Claim(7))), Input::JournalFailed, now(1));
    let CustomerState::Result(shown) = after.customer else { panic!("no result") };
    assert_eq!(shown.claim, None);
}

#[test]
fn two_open_pickups_of_one_booking_leave_one_record_of_a_ticket() {
    let held = HeldSeat { key: seat("1"), name: "1".into(), state: SeatState::Printing, ticket: None };
    let open = |pickup: &str| Unfinished {
        pickup: PickupId(pickup.into()),
        started_at: now(0).wall,
        number: number(),
        issue: IssueState::Issued,
        report: ReportState::None,
        claim: None,
        seats: vec![held.clone()],
    };
    let unfinished = vec![(open("p1"), Claim(1)), (open("p2"), Claim(2))];
    let leftover = Leftover { unfinished, ..Leftover::default() };
    let (_, actions) = machine().handle(State::default(), Input::Started(leftover), now(1));
    let seats = steps(&actions).into_iter().filter(|step| matches!(step, RecordStep::Seat { .. }));
    assert_eq!(seats.count(), 1);
}

#[test]
fn on_the_command_line_a_missing_half_ends_the_pickup_at_once() {
    let scan = Scan::Text("111972".into());
    let code = Input::Code { pickup: PickupId("p1".into()), source: Source::Argument, scan };
    let (state, _) = machine().handle(State::default(), code, now(1));
    let CustomerState::Result(shown) = state.customer else { panic!("no result") };
    assert_eq!(shown.outcome, Outcome::Abandoned);
}

#[test]
fn what_is_scanned_or_typed_shows_in_no_debug_text() {
    let pickup = PickupId("p1".into());
    let scan = Scan::Text("111972|WQNX8JL".into());
    let code = Input::Code { pickup: pickup.clone(), source: Source::Scanner, scan };
    assert!(!format!("{code:?}").contains("WQNX"));
    let mut state = State::default();
    for c in "WQNX8JL".chars() {
        let key = Input::Key { pickup: pickup.clone(), key: Key::Character(c) };
        assert!(!format!("{key:?}").contains(&format!("Character({c:?}")));
        (state, _) = machine().handle(state, key, now(1));
    }
    assert!(!format!("{state:?}").contains("WQNX"));
}

#[test]
fn a_record_that_would_be_taken_again_mends_a_journal_that_failed() {
    let (state, _) = machine().handle(State::default(), Input::JournalFailed, now(1));
    assert!(!state.journal_ok);
    let (state, actions) = machine().handle(state, Input::JournalMended(Leftover::default()), now(2));
    assert_eq!((state.journal_ok, actions), (true, vec![]));
}

#[test]
fn a_kiosk_that_stops_waits_for_no_report() {
    let mut state = State::default();
    state.backlog.add(due(false), None, Duration::from_secs(1));
    let (state, actions) = machine().handle(state, Input::Stop, now(1));
    assert_eq!((actions, machine().deadline(&state)), (vec![], None));
}

/// Runs a whole pair up to where journal, printer and site have all been asked and the journal has answered.
fn asked_of_both() -> State {
    let (state, actions) = recalled(&machine(), None);
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "the site waits for nobody: {actions:?}");
    state
}

/// Runs the same, with what the list of a lost journal has of it.
fn recalled(machine: &Machine, salvaged: Option<Salvaged>) -> (State, Vec<Action>) {
    let pickup = PickupId("p1".into());
    let scan = Scan::Text("111972|WQNX8JL".into());
    let code = Input::Code { pickup: pickup.clone(), source: Source::Scanner, scan };
    let (state, actions) = machine.handle(State::default(), code, now(1));
    assert!(
        matches!(actions.as_slice(), [Action::CheckPrinter { .. }, Action::Recall { .. }]),
        "{actions:?}"
    );
    let recall = Recall {
        history: None,
        taken: Vec::new(),
        salvaged,
        fresh_claim: Claim(7),
        number_refused_today: 0,
        id_alone_refused_today: 0,
    };
    machine.handle(state, Input::Recalled { pickup, recall: Box::new(recall) }, now(1))
}

fn checked(readiness: Readiness) -> Input {
    Input::PrinterChecked { pickup: PickupId("p1".into()), readiness }
}

fn answered_by_site() -> Input {
    let origin = super::action::QueryOrigin::Customer(PickupId("p1".into()));
    let result = Ok(Queried { return_value: 0, tickets: vec![ticket(false)] });
    Input::Queried { origin, number: number(), result }
}

#[test]
fn nothing_is_issued_before_the_printer_and_the_site_have_both_answered_in_either_order() {
    for [first, last] in
        [[checked(Readiness::Ready), answered_by_site()], [answered_by_site(), checked(Readiness::Ready)]]
    {
        let (state, actions) = machine().handle(asked_of_both(), first, now(1));
        assert_eq!(actions, []);
        let (_, actions) = machine().handle(state, last, now(1));
        assert!(matches!(actions.as_slice(), [Action::Record(_), Action::Issue { .. }]), "{actions:?}");
    }
}

#[test]
fn a_printer_that_says_no_ends_the_pickup_whatever_the_site_has_said_or_will_say() {
    let out_of_service = |state: &State| {
        let CustomerState::Result(shown) = &state.customer else { panic!("{:?}", state.customer) };
        assert_eq!(
            (shown.outcome, &shown.hint),
            (Outcome::OutOfService, &Hint::Printer(FaultCode::PaperOut))
        );
    };
    // The printer is sooner: the site's word comes too late to do anything.
    let (state, _) =
        machine().handle(asked_of_both(), checked(Readiness::Stopped(FaultCode::PaperOut)), now(1));
    out_of_service(&state);
    let (state, actions) = machine().handle(state, answered_by_site(), now(1));
    assert_eq!(actions, []);
    out_of_service(&state);
    // The site is sooner: and if it knows no such booking, too.
    for answer in [answered_by_site(), unknown_to_site()] {
        let (state, _) = machine().handle(asked_of_both(), answer, now(1));
        let (state, actions) =
            machine().handle(state, checked(Readiness::Stopped(FaultCode::PaperOut)), now(1));
        assert!(!actions.iter().any(|action| matches!(action, Action::Issue { .. })), "{actions:?}");
        out_of_service(&state);
    }
}

fn unknown_to_site() -> Input {
    let origin = super::action::QueryOrigin::Customer(PickupId("p1".into()));
    let result = Ok(Queried { return_value: 1, tickets: Vec::new() });
    Input::Queried { origin, number: number(), result }
}

/// Moves the machine's time on until something is shown.
fn outcome_of(machine: &Machine, mut state: State) -> (Outcome, Option<Claim>, u64) {
    for second in 1..30 {
        if let CustomerState::Result(shown) = &state.customer {
            return (shown.outcome, shown.claim, second);
        }
        let (next, actions) = machine.handle(state, Input::Tick, now(second));
        assert!(!actions.iter().any(|action| matches!(action, Action::Issue { .. })), "{actions:?}");
        state = next;
    }
    panic!("nothing is shown: {:?}", state.customer)
}

fn by_cloud(answer: CloudAnswer) -> Input {
    Input::Cloud { pickup: PickupId("p1".into()), answer }
}

fn open_in_cloud(id: &str) -> CloudAnswer {
    let tickets = Vec::new();
    let id = BookingId::parse(id);
    CloudAnswer::Booking(CloudBooking {
        number: Some(number()),
        id,
        cinema_id: None,
        cancelled: Flag::No,
        tickets,
    })
}

#[test]
fn a_number_of_a_lost_journal_is_asked_for_as_any_other_and_nothing_of_it_is_issued() {
    let machine = machine();
    let silent = || CloudAnswer::Unavailable("away".into());
    for (answer, wanted) in [
        (open_in_cloud("wqnx8jl"), (Outcome::SeeCounter, Some(Claim(7)))),
        (open_in_cloud("AAAAAAA"), (Outcome::NotFound, None)),
        (CloudAnswer::NotFound, (Outcome::NotFound, None)),
        (silent(), (Outcome::NotFound, None)),
    ] {
        let mut shown = Vec::new();
        for (salvaged, of_site) in [(Some(Salvaged::Number), answered_by_site()), (None, unknown_to_site())] {
            let (state, actions) = recalled(&machine, salvaged);
            assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "{actions:?}");
            let (state, _) = machine.handle(state, checked(Readiness::Ready), now(1));
            let (state, actions) = machine.handle(state, of_site, now(1));
            assert!(matches!(actions.as_slice(), [Action::AskCloud { .. }]), "{actions:?}");
            let (state, _) = machine.handle(state, by_cloud(answer.clone()), now(1));
            shown.push(outcome_of(&machine, state));
        }
        assert_eq!((shown[0].0, shown[0].1), wanted, "{answer:?}");
        if wanted.0 == Outcome::NotFound {
            assert_eq!(shown[0], shown[1], "told apart from a number that doesn't exist");
        }
    }
    // Nor is it told apart where printer or site say no.
    let (state, _) = recalled(&machine, Some(Salvaged::Number));
    let (state, _) = machine.handle(state, checked(Readiness::Stopped(FaultCode::PaperOut)), now(1));
    assert_eq!(outcome_of(&machine, state).0, Outcome::OutOfService);
}

#[test]
fn a_pair_that_a_lost_journal_knew_goes_to_the_counter_unless_the_cloud_says_why_not() {
    let mut machine = machine();
    for answer in [CloudAnswer::NotFound, CloudAnswer::Unavailable("away".into()), open_in_cloud("WQNX8JL")] {
        let (state, actions) = recalled(&machine, Some(Salvaged::Pair));
        assert!(matches!(actions.as_slice(), [Action::AskCloud { .. }]), "{actions:?}");
        let (state, _) = machine.handle(state, by_cloud(answer), now(1));
        assert_eq!(outcome_of(&machine, state).0, Outcome::SeeCounter);
    }
    let mut cancelled = open_in_cloud("WQNX8JL");
    if let CloudAnswer::Booking(booking) = &mut cancelled {
        booking.cancelled = Flag::Yes;
    }
    let (state, _) = recalled(&machine, Some(Salvaged::Pair));
    let (state, _) = machine.handle(state, by_cloud(cancelled), now(1));
    assert_eq!(outcome_of(&machine, state).0, Outcome::Cancelled);
    machine.policy.cloud = false;
    let (state, _) = recalled(&machine, Some(Salvaged::Pair));
    assert_eq!(outcome_of(&machine, state), (Outcome::SeeCounter, Some(Claim(7)), 1));
}
