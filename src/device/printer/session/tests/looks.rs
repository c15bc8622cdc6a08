//! Tests of [`Input::Look`]: the printer's status is asked for before anything is issued.

use super::bench::{Bench, capabilities_with};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::{Input, PrintResult};
use crate::receipt::profile::Fence;

#[test]
fn paper_that_ran_out_since_the_last_round_is_seen() {
    let mut bench = Bench::ready(Fence::GsR, true);
    bench.model.paper = false;
    assert_eq!(bench.conditions, Conditions::NONE, "nothing has asked yet");
    bench.feed(Input::Look);
    bench.run(200);
    assert_eq!(bench.looked.len(), 1);
    assert!(bench.looked[0].contains(Condition::PaperOut));
}

#[test]
fn a_printer_that_is_well_says_so_and_one_that_has_gone_silent_is_not_taken_for_it() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.feed(Input::Look);
    bench.run(200);
    assert_eq!(bench.looked, [Conditions::NONE]);
    bench.model.mute = true;
    bench.feed(Input::Look);
    bench.run(10_000);
    assert_eq!(bench.looked.len(), 2);
    assert!(bench.looked[1].stops_printing());
    bench.feed(Input::Look);
    assert_eq!(bench.looked.len(), 3, "one that isn't ready is not asked");
}

/// Returns true if a ticket's own bytes are on the wire right after it was asked for; false if a status question is.
fn written_at_once(bench: &mut Bench, number: u8) -> bool {
    bench.print(number, 40);
    bench.wire.iter().copied().take(2).ne([0x10, 0x04])
}

#[test]
fn a_ticket_right_after_a_look_needs_no_second_one_and_each_later_ticket_needs_its_own() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.feed(Input::Look);
    while bench.looked.is_empty() {
        bench.run(10);
    }
    assert!(written_at_once(&mut bench, 1));
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    assert!(
        !written_at_once(&mut bench, 2),
        "the look was before a ticket that may have been the last on the roll"
    );
    bench.until_result(2);
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_round_that_was_begun_while_a_ticket_printed_is_no_fresh_look() {
    // Some of these lengths end between the first and the last question of the round.
    for length in (400..620).step_by(5) {
        let mut bench = Bench::ready(Fence::GsParenH, true);
        bench.print(1, length);
        bench.until_result(1);
        bench.run(100);
        assert!(!written_at_once(&mut bench, 2), "after a ticket of {length} dots");
    }
}

#[test]
fn a_look_is_believed_for_a_quarter_of_a_second_and_not_against_what_was_told_since() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.feed(Input::Look);
    bench.run(400);
    assert!(!written_at_once(&mut bench, 1), "too old");
    bench.until_result(1);
    bench.feed(Input::Look);
    while bench.looked.len() < 2 {
        bench.run(10);
    }
    // The cover has been opened since: automatic status reports it, and the ticket must not follow.
    bench.model.cover_open = true;
    bench.run(20);
    bench.print(2, 40);
    bench.until_result(2);
    assert!(
        matches!(bench.result(2), Some(PrintResult::NotStarted(why)) if why.contains(Condition::CoverOpen))
    );
}

#[test]
fn a_look_of_another_connection_is_forgotten() {
    let mut bench = Bench::ready(Fence::GsR, true);
    bench.feed(Input::Look);
    while bench.looked.is_empty() {
        bench.run(10);
    }
    bench.unplug();
    bench.plugged = true;
    bench.print(1, 40);
    assert!(matches!(bench.result(1), Some(PrintResult::NotStarted(_))));
}

#[test]
fn asked_before_the_first_connection_has_shown_anything_the_printers_first_word_is_waited_for() {
    let mut bench = Bench::new(Fence::GsParenH, true);
    bench.feed(Input::Look);
    assert!(bench.looked.is_empty(), "nothing is known yet: {:?}", bench.looked);
    bench.run(1_500);
    assert_eq!(bench.looked, [Conditions::NONE]);
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn what_stops_a_printer_that_is_being_got_to_know_is_told_at_once() {
    let mut bench = Bench::new(Fence::GsR, false);
    bench.model.paper = false;
    bench.feed(Input::Look);
    bench.run(1_000);
    assert!(bench.looked.len() == 1 && bench.looked[0].contains(Condition::PaperOut), "{:?}", bench.looked);
}

#[test]
fn a_printer_that_gives_no_first_word_is_waited_for_three_seconds_and_not_again() {
    let mut settings = capabilities_with(Fence::GsParenH, true);
    settings.reset_when_silent = false;
    let mut bench = Bench::with(settings);
    bench.model.mute = true;
    bench.feed(Input::Look);
    bench.run(3_050);
    assert!(bench.looked.len() == 1 && bench.looked[0].stops_printing(), "{:?}", bench.looked);
    bench.feed(Input::Look);
    assert_eq!(bench.looked.len(), 2, "it is known not to answer");
    // Without a printer the answer comes as soon as the first try has failed.
    let mut bench = Bench::new(Fence::GsR, false);
    bench.feed(Input::Look);
    bench.feed(Input::Disconnected);
    assert_eq!(bench.looked, [Condition::Disconnected.into()]);
}
