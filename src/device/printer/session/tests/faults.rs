//! Tests of the physical faults, one named for each; silences have a file of their own.

use super::bench::{Bench, capabilities_with};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::{PrintResult, UncertainReason};
use crate::receipt::profile::Fence;
use std::time::Duration;

pub(super) const FENCES: [Fence; 2] = [Fence::GsParenH, Fence::GsR];

pub(super) fn during(condition: Condition) -> Option<PrintResult> {
    Some(PrintResult::Uncertain(UncertainReason::During(condition)))
}

pub(super) fn whole(bench: &Bench, number: u8) -> bool {
    bench.model.fates.get(&number).is_some_and(|fate| fate.whole)
}

#[test]
fn a_healthy_printer_confirms_each_ticket_and_says_what_it_is() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        for number in 1..=6 {
            bench.print(number, 300);
            let took = bench.until_result(usize::from(number));
            assert_eq!(bench.result(number), Some(PrintResult::Confirmed), "{fence:?}");
            assert!(took < Duration::from_millis(400), "{took:?}");
        }
        let named = (fence == Fence::GsParenH).then(|| "TM-T88V".to_owned());
        assert_eq!(bench.identity, Some(named));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn nothing_is_written_to_a_printer_that_is_out_of_paper_open_or_jammed() {
    for condition in [Condition::PaperOut, Condition::CoverOpen, Condition::CutterFault, Condition::HeadHot] {
        let mut bench = Bench::ready(Fence::GsR, false);
        match condition {
            Condition::PaperOut => bench.model.paper = false,
            Condition::CoverOpen => bench.model.cover_open = true,
            Condition::CutterFault => bench.model.cutter_jammed = true,
            _ => bench.model.hot = true,
        }
        bench.print(1, 10);
        bench.run(300);
        assert_eq!(bench.result(1), Some(PrintResult::NotStarted(condition.into())));
        assert!(!bench.model.received.contains(&b'{'));
    }
}

#[test]
fn low_paper_is_told_and_stops_nothing() {
    let mut bench = Bench::ready(Fence::GsR, false);
    bench.model.low = true;
    bench.print(1, 10);
    bench.run(300);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    assert_eq!(bench.conditions, Conditions::from(Condition::PaperLow));
}

#[test]
fn paper_out_in_idle_is_noticed_and_a_refill_is_back_in_two_seconds() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        bench.model.paper = false;
        bench.run(10_500);
        assert!(bench.has(Condition::PaperOut));
        bench.model.paper = true;
        bench.run(1_900);
        assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    }
}

#[test]
fn paper_out_in_mid_ticket_is_uncertain_at_once_cleared_and_the_rest_never_comes() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        bench.model.paper_left = Some(150);
        bench.print(1, 900);
        let took = bench.until_result(1);
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert_eq!(bench.result(1), during(Condition::PaperOut));
        bench.run(3_000);
        assert!(!bench.model.holds_ticket_bytes(), "cleared");
        assert!(bench.has(Condition::PaperOut) && bench.has(Condition::NotEmpty));
        bench.print(2, 10);
        assert!(matches!(bench.result(2), Some(PrintResult::NotStarted(_))));
        bench.model.paper = true;
        bench.run(1_900);
        bench.print(3, 100);
        bench.run(500);
        assert_eq!(bench.result(3), Some(PrintResult::Confirmed), "{fence:?}: {:?}", bench.conditions);
        assert!(!whole(&bench, 1));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn paper_out_without_a_clear_drains_and_stays_uncertain_though_the_fence_comes() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, false);
        bench.model.paper_left = Some(150);
        bench.print(1, 900);
        bench.until_result(1);
        assert_eq!(bench.result(1), during(Condition::PaperOut));
        bench.run(2_000);
        assert!(bench.model.holds_ticket_bytes());
        bench.model.paper = true;
        bench.run(4_000);
        assert!(bench.conditions.is_empty(), "{fence:?}: {:?}", bench.conditions);
        assert_eq!(bench.result(1), during(Condition::PaperOut));
        bench.print(2, 100);
        bench.run(500);
        assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn paper_out_with_a_small_buffer_leaves_nothing_behind() {
    for (fence, clears) in [(Fence::GsParenH, true), (Fence::GsR, false)] {
        let mut bench = Bench::ready(fence, clears);
        bench.model.room = 45;
        bench.model.paper_left = Some(150);
        bench.print(1, 900);
        bench.run(1_000);
        // Without automatic status nobody can ask: `DLE EOT` would be behind the ticket's rest.
        if fence == Fence::GsR {
            bench.run(15_000);
            assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::Stalled)));
        } else {
            assert_eq!(bench.result(1), during(Condition::PaperOut));
        }
        bench.model.paper = true;
        bench.run(20_000);
        assert!(bench.conditions.is_empty(), "{fence:?}: {:?}", bench.conditions);
        bench.print(2, 100);
        bench.run(1000);
        assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn a_clear_that_can_not_get_through_what_the_kernel_holds_gets_a_new_connection() {
    let mut settings = capabilities_with(Fence::GsParenH, true);
    settings.buffer_bytes = 45;
    let mut bench = Bench::with(settings);
    bench.model.room = 45;
    bench.kernel_room = 4096;
    bench.run(1_500);
    bench.model.paper_left = Some(150);
    bench.print(1, 900);
    bench.run(5_000);
    assert_eq!(bench.result(1), during(Condition::PaperOut));
    assert!(!bench.model.holds_ticket_bytes() && bench.wire.is_empty(), "cleared");
    assert_eq!(bench.resets, 1);
    bench.model.paper = true;
    bench.run(3_500);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn cover_opened_in_mid_ticket_is_uncertain() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, fence == Fence::GsParenH);
        bench.print(1, 900);
        bench.run(300);
        bench.model.cover_open = true;
        bench.run(700);
        assert_eq!(bench.result(1), during(Condition::CoverOpen));
        bench.model.cover_open = false;
        bench.run(5_000);
        bench.print(2, 100);
        bench.run(500);
        assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn cutter_jammed_is_uncertain_and_stays_out_of_service_until_mended() {
    let mut bench = Bench::ready(Fence::GsR, false);
    bench.model.jam_at_cut = true;
    bench.print(1, 100);
    bench.run(1_500);
    assert_eq!(bench.result(1), during(Condition::CutterFault));
    bench.run(30_000);
    assert!(bench.has(Condition::CutterFault));
    bench.model.cutter_jammed = false;
    bench.run(2_500);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
}

#[test]
fn cutter_jammed_is_tried_once_with_dle_enq_and_then_reported() {
    for frees in [true, false] {
        let mut settings = capabilities_with(Fence::GsR, false);
        settings.recovers = true;
        let mut bench = Bench::with(settings);
        bench.run(1_500);
        bench.model.recovers = frees;
        bench.model.jam_at_cut = true;
        bench.print(1, 100);
        bench.run(5_000);
        assert_eq!(bench.result(1), during(Condition::CutterFault));
        assert_eq!((bench.model.recoveries, bench.conditions.is_empty()), (1, frees));
        // A second jam without a ticket in between is left to staff.
        bench.model.cutter_jammed = true;
        bench.run(30_000);
        assert_eq!((bench.model.recoveries, bench.has(Condition::CutterFault)), (1, true));
        bench.model.cutter_jammed = false;
        bench.run(3_000);
        bench.print(2, 100);
        bench.run(1_000);
        assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
        bench.model.recovers = true;
        bench.model.jam_at_cut = true;
        bench.print(3, 100);
        bench.run(5_000);
        assert_eq!(bench.model.recoveries, 2, "a ticket has come out since");
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn unplugged_in_mid_ticket_is_uncertain_and_proven_empty_before_the_next() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, false);
        bench.print(1, 900);
        bench.run(300);
        bench.unplug();
        assert_eq!(bench.result(1), during(Condition::Disconnected));
        assert!(bench.has(Condition::Disconnected));
        bench.model.pace = Duration::from_millis(4);
        bench.plugged = true;
        bench.run(900);
        assert!(bench.has(Condition::NotEmpty), "{fence:?}: {:?}", bench.conditions);
        bench.print(2, 10);
        assert!(matches!(bench.result(2), Some(PrintResult::NotStarted(_))));
        bench.run(4_000);
        assert!(bench.conditions.is_empty(), "{fence:?}: {:?}", bench.conditions);
        bench.print(3, 10);
        bench.run(500);
        assert_eq!(bench.result(3), Some(PrintResult::Confirmed));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn unplugged_before_the_first_byte_went_is_not_started() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.print(1, 100);
    while !bench.wire.contains(&b'{') {
        bench.run(10);
        bench.stuck = bench.session.is_printing();
        bench.stuck &= bench.wire.contains(&b'{');
        if bench.result(1).is_some() {
            // All was sent within one step: make the wire stick earlier.
            panic!("the ticket went out before the wire could stick");
        }
    }
    bench.unplug();
    assert_eq!(bench.result(1), Some(PrintResult::NotStarted(Condition::Disconnected.into())));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn powered_off_and_on_in_mid_ticket_on_a_line_that_does_not_show_it() {
    let mut settings = capabilities_with(Fence::GsR, false);
    settings.reset_when_silent = false;
    let mut bench = Bench::with(settings);
    bench.shows_end = false;
    bench.run(1_500);
    assert!(bench.conditions.is_empty());
    bench.print(1, 900);
    bench.run(300);
    bench.model.power(false);
    bench.run(4_000);
    bench.model.power(true);
    bench.run(20_000);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
    bench.run(2_000);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    bench.print(2, 100);
    bench.run(500);
    assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
    assert!(!whole(&bench, 1));
}

#[test]
fn powered_off_in_idle_is_noticed_and_powered_on_is_back_by_itself() {
    for (shows_end, fence) in [(true, Fence::GsParenH), (false, Fence::GsR)] {
        let mut settings = capabilities_with(fence, false);
        settings.reset_when_silent = shows_end;
        let mut bench = Bench::with(settings);
        bench.shows_end = shows_end;
        bench.run(1_500);
        bench.model.power(false);
        bench.run(12_000);
        assert!(bench.has(Condition::NotAnswering) || bench.has(Condition::Disconnected));
        bench.model.power(true);
        bench.run(2_500);
        assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
    }
}
