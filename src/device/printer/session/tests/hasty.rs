//! Tests of fences that come back before paper can have moved.

use super::bench::{Bench, capabilities_with};
use super::faults::FENCES;
use crate::device::printer::conditions::Condition;
use crate::device::printer::session::{Input, PrintResult, ProfileMismatch, UncertainReason, command};
use crate::receipt::profile::Fence;
use std::time::Duration;

/// Returns a bench whose printer answers a fence as soon as it is received, and prints 200 mm per second.
fn hasty(fence: Fence) -> Bench {
    let mut bench = Bench::ready(fence, true);
    bench.model.answers_on_receipt = true;
    bench.model.pace = Duration::from_micros(2_500);
    bench
}

#[test]
fn a_fence_answered_on_receipt_confirms_nothing_and_after_two_of_them_nothing_is_printed() {
    for fence in FENCES {
        let mut bench = hasty(fence);
        bench.print(1, 240);
        let took = bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::TooSoon)), "{fence:?}");
        assert!(took < Duration::from_millis(300), "{took:?}");
        assert_eq!(bench.mismatches, [ProfileMismatch::HastyFence]);
        // Time proves what fences can't.
        bench.run(9_000);
        assert!(bench.has(Condition::NotEmpty));
        bench.run(2_000);
        assert!(bench.conditions.is_empty(), "{fence:?} {:?}", bench.conditions);
        bench.print(2, 240);
        bench.until_result(2);
        assert_eq!(bench.result(2), Some(PrintResult::Uncertain(UncertainReason::TooSoon)));
        bench.run(60_000);
        assert!(bench.has(Condition::NotEmpty), "{fence:?}: it is its way");
        bench.unplug();
        bench.plugged = true;
        bench.run(60_000);
        assert!(bench.has(Condition::NotEmpty), "{fence:?}: on the next connection, too");
        assert_eq!(bench.mismatches.last(), Some(&ProfileMismatch::HastyFence), "told on each connection");
        bench.print(3, 10);
        assert!(matches!(bench.result(3), Some(PrintResult::NotStarted(_))));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn a_pause_in_taking_bytes_gives_a_hasty_fence_no_time() {
    for fence in FENCES {
        let mut bench = hasty(fence);
        bench.model.room = 200;
        bench.print(1, 240);
        while !bench.model.received.contains(&b'{') {
            bench.run(10);
        }
        // The pause is longer than the whole ticket needs, and shorter than one that has to be explained.
        bench.stuck = true;
        bench.run(1_000);
        bench.stuck = false;
        bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::TooSoon)), "{fence:?}");
    }
}

#[test]
fn paper_that_runs_out_after_a_hasty_fence_loses_no_ticket() {
    for fence in FENCES {
        let mut bench = hasty(fence);
        bench.model.paper_left = Some(120);
        bench.print(1, 240);
        bench.until_result(1);
        bench.run(2_000);
        assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::TooSoon)), "{fence:?}");
        assert!(!bench.model.fates.get(&1).is_some_and(|fate| fate.whole));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn one_stray_answer_costs_its_ticket_and_no_other() {
    let mut bench = Bench::ready(Fence::GsR, true);
    bench.print(1, 400);
    bench.run(60);
    bench.feed(Input::Bytes(vec![0]));
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::TooSoon)));
    bench.run(11_500);
    for number in 2..=4 {
        bench.print(number, 400);
        bench.until_result(usize::from(number));
        assert_eq!(bench.result(number), Some(PrintResult::Confirmed));
    }
    // The next stray answer is the first in a row again.
    bench.print(5, 400);
    bench.run(60);
    bench.feed(Input::Bytes(vec![0]));
    bench.run(11_500);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_head_twice_as_fast_as_its_maker_says_is_just_believed() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        bench.model.pace = Duration::from_micros(550);
        bench.print(1, 600);
        bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Confirmed), "{fence:?}");
    }
}

#[test]
fn a_virtual_printer_has_no_head_and_need_not_wait_for_one() {
    let mut bench = Bench::new(Fence::GsParenH, true);
    bench.model.identity = crate::virtual_printer::MODEL;
    bench.model.pace = Duration::from_micros(10);
    bench.run(1_500);
    bench.print(1, 400);
    let took = bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    assert!(took < Duration::from_millis(150), "{took:?}");
}

#[test]
fn an_answer_that_shows_an_empty_printer_before_the_spoilt_ticket_can_be_out_shows_nothing() {
    let mut bench = Bench::ready(Fence::GsParenH, false);
    bench.print(1, 600);
    bench.run(60);
    // The ticket is spoilt at once, by a cover that was open for a moment.
    bench.feed(Input::Bytes(vec![0x30, 0, 0, 0]));
    bench.feed(Input::Bytes(vec![0x10, 0, 0, 0]));
    assert!(matches!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::During(_)))));
    let [a, b, c, d] = command::identifier(7_000_001);
    bench.feed(Input::Bytes(vec![0x37, 0x22, a, b, c, d, 0]));
    assert!(bench.has(Condition::NotEmpty), "{:?}", bench.conditions);
    assert!(bench.mismatches.contains(&ProfileMismatch::HastyFence));
    bench.run(15_000);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_line_that_can_not_have_carried_the_ticket_yet_is_noticed() {
    let mut settings = capabilities_with(Fence::GsParenH, true);
    settings.wire_rate = Some(960);
    let mut bench = Bench::with(settings);
    bench.run(1_500);
    bench.model.pace = Duration::from_micros(10);
    let bytes = super::model::ticket(1, 3_000);
    // The height is unknown; 3,000 bytes take 3 s on this line.
    bench.feed(Input::Print { job: 1, bytes, height_mm: 0 });
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::TooSoon)));
}

#[test]
fn fences_of_an_earlier_connection_prove_nothing() {
    let mut bench = Bench::ready(Fence::GsParenH, false);
    bench.print(1, 200);
    bench.until_result(1);
    bench.unplug();
    bench.plugged = true;
    bench.model.loses_fences = true;
    bench.run(1_500);
    assert!(bench.has(Condition::NotEmpty), "{:?}", bench.conditions);
    // These are the fences of the first drain and of the ticket; the next would be this connection's own.
    for number in [7_000_000, 7_000_001] {
        let [a, b, c, d] = command::identifier(number);
        bench.feed(Input::Bytes(vec![0x37, 0x22, a, b, c, d, 0]));
        assert!(bench.has(Condition::NotEmpty), "{number}");
    }
    let [a, b, c, d] = command::identifier(7_000_002);
    bench.feed(Input::Bytes(vec![0x37, 0x22, a, b, c, d, 0]));
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
}

#[test]
fn a_ticket_of_which_the_transport_takes_nothing_is_of_unknown_fate_and_not_unstarted() {
    let mut bench = Bench::ready(Fence::GsR, false);
    bench.feed(Input::Look);
    while bench.looked.is_empty() {
        bench.run(10);
    }
    bench.stuck = true;
    bench.print(1, 200);
    bench.until_result(1);
    // The transport may still hand over what it holds back.
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::Stalled)));
    bench.stuck = false;
    bench.run(30_000);
    assert!(bench.model.fates.get(&1).is_some_and(|fate| fate.whole), "it came out all the same");
    assert_eq!(bench.violations, Vec::<String>::new());
}
