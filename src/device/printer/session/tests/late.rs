//! Tests of answers to status questions that come late, or never.

use super::bench::{Bench, capabilities_with};
use super::faults::FENCES;
use crate::device::printer::session::{Input, PrintResult, UncertainReason};
use crate::receipt::profile::Fence;
use std::time::Duration;

/// Prints a ticket of 4 s on a printer that leaves all status questions open until `at_ms`, and then sends `said`.
fn answered_late(at_ms: u64, said: &[u8]) -> Option<PrintResult> {
    let mut bench = Bench::ready(Fence::GsR, true);
    bench.model.pace = Duration::from_millis(8);
    bench.print(1, 500);
    bench.run(50);
    bench.model.mute = true;
    bench.run(at_ms);
    bench.feed(Input::Bytes(said.to_vec()));
    bench.model.mute = false;
    bench.until_result(1);
    bench.result(1)
}

#[test]
fn answers_that_come_late_and_tell_of_a_stop_make_the_ticket_uncertain() {
    // The answer comes between two rounds, and while a question waits.
    for at_ms in [1_800, 2_300] {
        assert_eq!(answered_late(at_ms, &[0x12, 0x12]), Some(PrintResult::Confirmed), "{at_ms}");
        // The answers say offline, and then the reason: out of paper.
        assert_eq!(
            answered_late(at_ms, &[0x1A]),
            Some(PrintResult::Uncertain(UncertainReason::Stalled)),
            "{at_ms}"
        );
        let told = answered_late(at_ms, &[0x12, 0x12, 0x1A, 0x32, 0x12, 0x72, 0x12]);
        assert!(matches!(told, Some(PrintResult::Uncertain(_))), "{at_ms}: {told:?}");
    }
}

/// Prints twenty tickets on a printer that is low on paper and has a drawer's signal: its answers mean a stop if they
/// are taken for answers to other questions.
fn twenty_are_confirmed(mut bench: Bench) {
    for number in 1..=20 {
        bench.print(number, 900);
        bench.until_result(usize::from(number));
        let result = bench.result(u64::from(number).try_into().unwrap());
        assert_eq!(result, Some(PrintResult::Confirmed), "ticket {number}");
        bench.run(1_000);
    }
    assert_eq!(bench.violations, Vec::<String>::new());
}

fn low_with_drawer(fence: Fence, reset_when_silent: bool) -> Bench {
    let mut settings = capabilities_with(fence, true);
    (settings.reset_when_silent, settings.automatic) = (reset_when_silent, false);
    let mut bench = Bench::with(settings);
    (bench.model.low, bench.model.drawer) = (true, true);
    bench.run(3_000);
    bench
}

#[test]
fn a_lost_answer_long_ago_makes_no_ticket_uncertain() {
    for fence in FENCES {
        let mut bench = low_with_drawer(fence, true);
        bench.lose_answers = 1;
        bench.feed(Input::Look);
        bench.run(60_000);
        twenty_are_confirmed(bench);
        // The same with an answer lost a moment ago.
        let mut bench = low_with_drawer(fence, true);
        bench.lose_answers = 1;
        bench.feed(Input::Look);
        bench.run(1_500);
        twenty_are_confirmed(bench);
    }
}

#[test]
fn a_serial_printer_that_was_off_for_a_minute_has_its_tickets_confirmed() {
    for fence in FENCES {
        let mut bench = low_with_drawer(fence, false);
        bench.shows_end = false;
        bench.model.power(false);
        bench.run(60_000);
        bench.model.power(true);
        bench.run(4_000);
        twenty_are_confirmed(bench);
    }
}

#[test]
fn a_printer_that_answers_nothing_while_it_prints_has_its_tickets_confirmed() {
    for fence in FENCES {
        let mut bench = low_with_drawer(fence, true);
        bench.model.mute_when_busy = true;
        bench.model.pace = Duration::from_millis(3);
        twenty_are_confirmed(bench);
    }
}
