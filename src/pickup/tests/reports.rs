//! Reports that are due, single steps.

use super::super::action::{self, Action};
use super::super::backlog::Backlog;
use super::super::told::{Tells, Told};
use super::*;

/// Returns the site's answer to the question before a report: the owed seat, printed or not.
fn flags(printed: bool) -> Input {
    let ticket = ticket(printed);
    let origin = action::QueryOrigin::Backlog(number());
    let result = Ok(Queried { return_value: 0, tickets: vec![ticket] });
    Input::Queried { origin, number: number(), result }
}

fn asked(report: DueReport) -> State {
    let mut state = State::default();
    state.backlog.add(report, None, Duration::from_secs(1));
    let (state, actions) = machine().handle(state, Input::Tick, now(1));
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "asks first: {actions:?}");
    state
}

#[test]
fn while_something_is_owed_the_site_is_asked_and_the_report_noted_before_it_is_sent() {
    let (state, actions) = machine().handle(asked(due(false)), flags(false), now(1));
    assert_eq!(steps(&actions), [RecordStep::ReportFailed { number: number(), sent: true }]);
    assert_eq!(actions.last(), Some(&Action::Report { number: number() }));
    // The report was not sent after all: said so, and asked and noted anew.
    let not_sent = Input::Reported { number: number(), answer: SiteAnswer::NotSent };
    let (state, actions) = machine().handle(state, not_sent, now(1));
    assert_eq!(steps(&actions), [RecordStep::ReportFailed { number: number(), sent: false }]);
    let (state, actions) = machine().handle(state, Input::Tick, now(4));
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]));
    let (_, actions) = machine().handle(state, flags(false), now(4));
    assert_eq!(steps(&actions), [RecordStep::ReportFailed { number: number(), sent: true }]);
}

#[test]
fn what_the_site_shows_as_printed_is_uncertain_and_not_owed() {
    for sent in [false, true] {
        let (_, actions) = machine().handle(asked(due(sent)), flags(true), now(1));
        let recorded = steps(&actions);
        let Some(RecordStep::Seat { state, .. }) = recorded.first() else { panic!("{actions:?}") };
        assert_eq!(*state, SeatState::Uncertain);
        assert_eq!(actions.last(), Some(&Action::Report { number: number() }));
    }
}

#[test]
fn a_journal_that_fails_lets_a_report_wait_and_be_asked_for_again() {
    let (state, _) = machine().handle(asked(due(false)), flags(false), now(1));
    let (state, actions) = machine().handle(state, Input::JournalFailed, now(1));
    assert_eq!(actions, []);
    // What is known of its seats may not be on record, and a report would hide for good who printed the rest.
    assert_eq!(machine().deadline(&state), None);
    let mended = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (_, actions) = machine().handle(state, Input::JournalMended(mended), now(5));
    assert!(matches!(actions.as_slice(), [.., Action::Query { .. }]), "{actions:?}");
}

#[test]
fn a_report_of_which_nothing_can_be_owed_goes_out_while_the_journal_takes_nothing() {
    let printed = DueReport { owed: Vec::new(), ..due(false) };
    let found = Leftover { reports: vec![printed], ..Leftover::default() };
    let (state, _) = machine().handle(State::default(), Input::Started(found), now(1));
    let (state, _) = machine().handle(state, Input::JournalFailed, now(1));
    let at = machine().deadline(&state).unwrap();
    assert!(at > now(1).mono, "no tick without an end");
    let (_, actions) = machine().handle(state, Input::Tick, now(5));
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "{actions:?}");
}

#[test]
fn a_report_that_was_sent_stays_so_when_another_attempt_ends() {
    let mut backlog = Backlog::default();
    backlog.add(due(true), None, Duration::ZERO);
    backlog.add(due(false), None, Duration::ZERO);
    assert!(backlog.due.iter().all(|due| due.report.sent));
    assert_eq!(backlog.due.len(), 1);
}

#[test]
fn an_answer_to_a_question_that_was_given_up_is_not_taken_for_the_next_ones() {
    let (state, _) = machine().handle(asked(due(false)), Input::Tick, now(1));
    let (state, _) = machine().handle(state, Input::JournalFailed, now(1));
    let mended = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (state, actions) = machine().handle(state, Input::JournalMended(mended), now(2));
    assert!(
        !actions.iter().any(|action| matches!(action, Action::Query { .. })),
        "one at a time: {actions:?}"
    );
    let mended_state = state.clone();
    // The answer is as old as it is: nothing is reported by it.
    let (state, actions) = machine().handle(state, flags(false), now(3));
    assert_eq!(actions, []);
    let (state, actions) = machine().handle(state, Input::Tick, now(9));
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "{actions:?}");
    let (_, actions) = machine().handle(state, flags(true), now(9));
    assert!(matches!(steps(&actions).first(), Some(RecordStep::Seat { state: SeatState::Uncertain, .. })));
    // Nor where it comes only once the pause is over.
    let (state, actions) = machine().handle(mended_state, Input::Tick, now(9));
    assert_eq!(actions, [], "one at a time, also then");
    let (_, actions) = machine().handle(state, flags(false), now(10));
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "asked anew: {actions:?}");
}

/// Starts a kiosk that knows when the site sets its flags.
fn started(flags_at: FlagsAt, found: Leftover) -> (Machine, State, Vec<Action>) {
    let mut machine = machine();
    machine.policy.flags_at = flags_at;
    let (state, actions) = machine.handle(State::default(), Input::Started(found), now(1));
    (machine, state, actions)
}

#[test]
fn a_seat_that_the_list_left_out_before_the_issue_is_found_although_nothing_came_out() {
    for flags_at in [FlagsAt::Issue, FlagsAt::Unknown] {
        let open = Leftover { unreported: vec![due(false)], ..Leftover::default() };
        let (machine, state, actions) = started(flags_at, open);
        assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "{actions:?}");
        let origin = action::QueryOrigin::Backlog(number());
        let left_out = Ticket { seat_code: "2".into(), ..ticket(true) };
        let result = Ok(Queried { return_value: 0, tickets: vec![ticket(false), left_out] });
        let (state, actions) =
            machine.handle(state, Input::Queried { origin, number: number(), result }, now(1));
        let recorded = steps(&actions);
        assert!(
            matches!(&recorded[0], RecordStep::SeatsFound { seats } if seats[0].key() == seat("2")),
            "{actions:?}"
        );
        assert!(
            matches!(&recorded[1], RecordStep::Seat { seat: found, state: SeatState::Uncertain, .. } if *found == seat("2"))
        );
        // Nothing came out: there is nothing to report, and nothing more to ask.
        assert!(!actions.iter().any(|action| matches!(action, Action::Report { .. })), "{actions:?}");
        let (state, _) = machine.handle(state, Input::PaperLeft(None), now(1));
        assert_eq!(state.backlog.due, []);
    }
}

#[test]
fn a_list_that_comes_while_a_seat_is_printed_again_leaves_it_alone() {
    let open = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (machine, state, _) = started(FlagsAt::Unknown, open);
    let reprint = Input::Reprint {
        pickup: PickupId("p1".into()),
        was: SeatState::Reserved,
        ticket: Box::new(ticket(false)),
        count: 1,
        report: Some(due(false)),
    };
    let (state, _) = machine.handle(state, reprint, now(1));
    let (_, actions) = machine.handle(state, flags(true), now(1));
    assert_eq!(steps(&actions), [], "it is at the printer");
}

#[test]
fn a_list_says_nothing_of_what_is_owed_for_its_flag_may_be_our_own_issues() {
    let open = Leftover { unreported: vec![due(false)], ..Leftover::default() };
    let (machine, state, _) = started(FlagsAt::Unknown, open);
    let (_, actions) = machine.handle(state, flags(true), now(1));
    assert_eq!(steps(&actions), []);
}

#[test]
fn a_list_whose_record_failed_is_asked_for_again_after_a_pause() {
    let open = || Leftover { unreported: vec![due(false)], ..Leftover::default() };
    let (machine, state, _) = started(FlagsAt::Unknown, open());
    let (state, _) = machine.handle(state, flags(false), now(1));
    let (state, _) = machine.handle(state, Input::JournalFailed, now(1));
    let (state, actions) = machine.handle(state, Input::JournalMended(open()), now(1));
    assert_eq!(actions, [], "not at the pace of the site's answers");
    let at = machine.deadline(&state).unwrap();
    let (_, actions) = machine.handle(state, Input::Tick, Now { mono: at, ..now(1) });
    assert!(matches!(actions.as_slice(), [Action::Query { .. }]), "{actions:?}");
}

#[test]
fn a_flag_that_was_not_acted_on_counts_once_for_it_may_go_back() {
    let mut told = Told::default();
    told.keep(number(), seat("1"), Tells::UntilActedOn);
    let shown = |told: &Told| {
        let mut tickets = [ticket(false)];
        told.show_in(number(), &mut tickets);
        tickets[0].printed
    };
    assert!(shown(&told));
    told.acted_on(number());
    assert!(!shown(&told));
    told.keep(number(), seat("1"), Tells::BeforeReport);
    told.acted_on(number());
    assert!(shown(&told), "told before a report it tells for good");
}

#[test]
fn lists_of_bookings_that_others_have_collected_in_part_push_out_nothing_that_was_told_of_our_own() {
    let mut told = Told::default();
    told.keep(number(), seat("1"), Tells::BeforeReport);
    let others = |told: &mut Told, tells| {
        for other in 1..=200 {
            told.keep(BookingNumber::new(other).unwrap(), seat("1"), tells);
        }
    };
    others(&mut told, Tells::OlderThanIssue);
    others(&mut told, Tells::UntilActedOn);
    assert!(told.before_report(number(), &seat("1")));
    // Nor where all that is kept tells as much.
    let mut full = Told::default();
    full.keep(number(), seat("1"), Tells::BeforeReport);
    for other in 1_001..=1_200 {
        full.keep(BookingNumber::new(other).unwrap(), seat("1"), Tells::OlderThanIssue);
    }
    for other in 2_001..=2_063 {
        full.keep(BookingNumber::new(other).unwrap(), seat("1"), Tells::BeforeReport);
    }
    others(&mut full, Tells::OlderThanIssue);
    assert!(full.before_report(number(), &seat("1")));
    // A flag gives way to its own kind alone, and so to the newest.
    others(&mut told, Tells::BeforeReport);
    assert!(!told.before_report(number(), &seat("1")));
    assert!(told.before_report(BookingNumber::new(200).unwrap(), &seat("1")));
}

#[test]
fn flags_of_an_answer_about_a_report_that_is_due_no_more_count_in_the_next() {
    let mut state = asked(due(false));
    state.backlog.due.clear();
    let (state, _) = machine().handle(state, flags(true), now(2));
    let mut tickets = [ticket(false)];
    state.told.show_in(number(), &mut tickets);
    assert!(tickets[0].printed);
}

#[test]
fn a_list_that_is_older_than_our_issue_tells_what_somebody_else_printed() {
    let two =
        || DueReport { owed: vec![seat("1"), seat("2")], seats: vec![seat("1"), seat("2")], ..due(false) };
    let list = |first: bool, second: bool| {
        let tickets = vec![ticket(first), Ticket { seat_code: "2".into(), ..ticket(second) }];
        let result = Ok(Queried { return_value: 0, tickets });
        Input::Queried { origin: action::QueryOrigin::Backlog(number()), number: number(), result }
    };
    // Our issue flags both at once.
    for (first, told) in [(list(true, true), false), (list(true, false), true)] {
        let open = Leftover { unreported: vec![two()], ..Leftover::default() };
        let mut machine = machine();
        machine.policy.flags_at = FlagsAt::Issue;
        machine.policy.claim_lapses = ClaimLapses::Never;
        let (state, _) = machine.handle(State::default(), Input::Started(open), now(1));
        let (_, actions) = machine.handle(state, first, now(1));
        let uncertain = steps(&actions).iter().any(
            |step| matches!(step, RecordStep::Seat { seat: of, state: SeatState::Uncertain, .. } if *of == seat("1")),
        );
        assert_eq!(uncertain, told, "{actions:?}");
    }
}

#[test]
fn a_seat_that_a_list_older_than_our_issue_shows_as_open_is_uncertain() {
    let mut machine = machine();
    machine.policy.flags_at = FlagsAt::Issue;
    machine.policy.claim_lapses = ClaimLapses::Never;
    let found = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (state, _) = machine.handle(State::default(), Input::Started(found), now(1));
    let tickets = vec![ticket(false), Ticket { seat_code: "2".into(), ..ticket(false) }];
    let result = Ok(Queried { return_value: 0, tickets });
    let origin = action::QueryOrigin::Backlog(number());
    let (_, actions) = machine.handle(state, Input::Queried { origin, number: number(), result }, now(1));
    let uncertain = |step: &RecordStep| matches!(step, RecordStep::Seat { seat: of, state: SeatState::Uncertain, .. } if *of == seat("2"));
    assert!(steps(&actions).iter().any(uncertain), "{actions:?}");
}

#[test]
fn no_list_is_asked_for_where_only_a_report_sets_the_flags() {
    let open = Leftover { unreported: vec![due(false)], ..Leftover::default() };
    let (_, state, actions) = started(FlagsAt::Report, open);
    assert_eq!((actions, state.backlog.due), (vec![], vec![]));
}

#[test]
fn a_report_that_is_due_is_not_replaced_by_a_question_for_the_list() {
    let found = Leftover { reports: vec![due(true)], unreported: vec![due(false)], ..Leftover::default() };
    let (_, state, _) = started(FlagsAt::Unknown, found);
    let kept: Vec<(bool, bool)> =
        state.backlog.due.iter().map(|due| (due.list_only, due.report.sent)).collect();
    assert_eq!(kept, [(false, true)]);
}

/// Checks that what a stale list says after `before` lets no report hide that the owed seat is printed.
fn uncertain_though_the_list_is_stale(state: State) {
    let (_, actions) = machine().handle(state, flags(false), now(3));
    let recorded = steps(&actions);
    assert!(
        matches!(recorded.first(), Some(RecordStep::Seat { state: SeatState::Uncertain, .. })),
        "{actions:?}"
    );
}

#[test]
fn a_flag_whose_record_failed_counts_in_a_later_list_that_is_stale() {
    let (state, _) = machine().handle(asked(due(false)), flags(true), now(1));
    let (state, _) = machine().handle(state, Input::JournalFailed, now(1));
    let mended = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (state, _) = machine().handle(state, Input::JournalMended(mended), now(2));
    uncertain_though_the_list_is_stale(state);
}

#[test]
fn a_flag_that_nobody_waited_for_counts_in_a_later_list_that_is_stale() {
    let origin = action::QueryOrigin::Customer(PickupId("gone".into()));
    let result = Ok(Queried { return_value: 0, tickets: vec![ticket(true)] });
    let late = Input::Queried { origin, number: number(), result };
    let (state, actions) = machine().handle(State::default(), late, now(1));
    assert_eq!(actions, []);
    let found = Leftover { reports: vec![due(false)], ..Leftover::default() };
    let (state, _) = machine().handle(state, Input::Started(found), now(1));
    uncertain_though_the_list_is_stale(state);
}

#[test]
fn a_flag_whose_record_failed_is_on_record_with_the_report_that_would_hide_it() {
    let (state, _) = machine().handle(asked(due(false)), flags(false), now(1));
    let origin = action::QueryOrigin::Customer(PickupId("gone".into()));
    let result = Ok(Queried { return_value: 0, tickets: vec![ticket(true)] });
    let (state, actions) =
        machine().handle(state, Input::Queried { origin, number: number(), result }, now(1));
    assert!(matches!(steps(&actions).first(), Some(RecordStep::Seat { state: SeatState::Uncertain, .. })));
    let (state, _) = machine().handle(state, Input::JournalFailed, now(1));
    let through = Input::Reported { number: number(), answer: SiteAnswer::Value(0) };
    let (_, actions) = machine().handle(state, through, now(1));
    let recorded = steps(&actions);
    assert!(
        matches!(recorded.first(), Some(RecordStep::Seat { state: SeatState::Uncertain, .. })),
        "{actions:?}"
    );
    assert_eq!(recorded.last(), Some(&RecordStep::Reported { number: number() }));
}
