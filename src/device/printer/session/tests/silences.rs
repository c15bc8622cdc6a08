//! Tests of silence, slowness, and lost and late answers. Physical faults are in `faults`.

use super::bench::{Bench, capabilities_with};
use super::model::ticket;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::{
    Capabilities, Input, Output, PrintResult, PrinterSession, UncertainReason, command,
};
use crate::receipt::profile::Fence;
use std::time::Duration;

use super::faults::{FENCES, during};

#[test]
fn a_silent_printer_is_never_ready_and_questions_are_bounded() {
    let mut settings = capabilities_with(Fence::GsParenH, true);
    settings.reset_when_silent = false;
    let mut bench = Bench::with(settings);
    bench.model.mute = true;
    bench.stuck = true;
    bench.run(600_000);
    assert_eq!(bench.conditions, Conditions::from(Condition::NotAnswering));
    assert!(bench.wire.len() <= 70, "{}", bench.wire.len());
    bench.print(1, 10);
    assert!(matches!(bench.result(1), Some(PrintResult::NotStarted(_))));
    assert!(!bench.model.received.contains(&b'{'));
}

#[test]
fn a_silent_printer_on_tcp_is_connected_anew_and_asked_at_most_twice_a_second() {
    let mut bench = Bench::new(Fence::GsParenH, true);
    bench.model.mute = true;
    bench.run(60_000);
    assert_eq!(bench.conditions, Conditions::from(Condition::NotAnswering));
    let questions = bench.model.received.windows(2).filter(|pair| pair == &[0x10, 4]).count();
    assert!((20..=120).contains(&questions), "{questions}");
    assert!(bench.resets > 10);
}

#[test]
fn a_slow_printer_of_eight_seconds_is_waited_for() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        bench.model.pace = Duration::from_millis(8);
        bench.print(1, 1000);
        let took = bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Confirmed), "{fence:?}");
        assert!(took > Duration::from_secs(8), "{took:?}");
    }
}

#[test]
fn a_slow_printer_that_answers_no_status_while_it_prints_is_waited_for_too() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.model.pace = Duration::from_millis(8);
    bench.print(1, 1000);
    bench.run(50);
    bench.model.mute_when_busy = true;
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
}

#[test]
fn a_hot_head_is_waited_for_beyond_the_fences_limit() {
    let mut bench = Bench::ready(Fence::GsR, false);
    bench.print(1, 500);
    bench.run(200);
    bench.model.hot = true;
    bench.run(30_000);
    assert_eq!(bench.result(1), None);
    bench.model.hot = false;
    bench.run(1_500);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_head_that_never_cools_ends_uncertain_within_its_bound() {
    let mut bench = Bench::ready(Fence::GsR, false);
    bench.print(1, 500);
    bench.run(200);
    bench.model.hot = true;
    let took = bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
    assert!((70..80).contains(&took.as_secs()), "{took:?}");
}

#[test]
fn half_a_status_reply_confuses_nothing() {
    for half in [&b"\x14"[..], b"\x14\x00", b"\x37\x22A", b"\x5FTM", b"\x37"] {
        for fence in FENCES {
            let mut bench = Bench::ready(fence, true);
            bench.feed(Input::Bytes(half.to_vec()));
            bench.run(400);
            bench.print(1, 300);
            bench.run(1_500);
            assert_eq!(bench.result(1), Some(PrintResult::Confirmed), "{half:?} {fence:?}");
        }
    }
}

#[test]
fn a_lost_status_reply_is_asked_for_again() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.lose_answers = 1;
    bench.print(1, 100);
    bench.run(1_500);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
}

#[test]
fn stale_replies_of_the_old_job_after_reconnect_confirm_nothing() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, false);
        bench.model.pace = Duration::from_millis(4);
        bench.print(1, 500);
        bench.run(300);
        bench.unplug();
        bench.plugged = true;
        // The old ticket's fence comes back on the new connection, while its rest still prints.
        bench.run(2_300);
        bench.print(2, 500);
        bench.run(5_000);
        assert_ne!(bench.result(2), None);
        bench.print(3, 500);
        bench.run(3_000);
        assert_eq!(bench.result(3), Some(PrintResult::Confirmed), "{fence:?}");
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn a_lost_fence_prints_nothing_until_the_printer_is_shown_to_be_empty() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, true);
        bench.model.loses_fences = true;
        bench.print(1, 100);
        let took = bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
        assert!((15..17).contains(&took.as_secs()), "{took:?}");
        assert!(bench.has(Condition::NotEmpty));
        bench.print(2, 100);
        let refused = PrintResult::NotStarted(Condition::NotEmpty.into());
        assert_eq!(bench.result(2), Some(refused));
        bench.run(60_000);
        assert!(bench.has(Condition::NotEmpty));
        bench.model.loses_fences = false;
        bench.run(20_000);
        assert!(bench.conditions.is_empty(), "{fence:?} {:?}", bench.conditions);
        bench.print(3, 100);
        bench.run(500);
        assert_eq!(bench.result(3), Some(PrintResult::Confirmed));
    }
}

#[test]
fn a_late_fence_shows_that_the_printer_is_empty_and_confirms_no_later_ticket() {
    for fence in FENCES {
        let mut bench = Bench::ready(fence, false);
        bench.model.pace = Duration::from_millis(18);
        bench.print(1, 1000);
        bench.until_result(1);
        assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
        bench.run(1_000);
        assert!(bench.has(Condition::NotEmpty));
        bench.run(3_000);
        assert!(bench.conditions.is_empty(), "{fence:?} {:?}", bench.conditions);
        bench.print(2, 200);
        bench.run(2_000);
        assert_eq!(bench.result(2), None, "the old answer confirms nothing");
        bench.run(3_000);
        assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
        assert_eq!(bench.violations, Vec::<String>::new());
    }
}

#[test]
fn an_answer_to_an_earlier_process_proves_nothing_while_its_last_ticket_still_prints() {
    for fence in FENCES {
        let mut bench = Bench::new(fence, false);
        bench.model.pace = Duration::from_millis(4);
        bench.model.receive(&ticket(8, 100));
        bench.model.receive(&command::fence(fence, 1));
        bench.model.receive(&ticket(9, 500));
        bench.run(1_500);
        assert!(bench.model.holds_ticket_bytes());
        assert!(bench.has(Condition::NotEmpty), "{fence:?} {:?}", bench.conditions);
        bench.run(2_000);
        assert!(bench.conditions.is_empty(), "{fence:?} {:?}", bench.conditions);
    }
}

#[test]
fn an_identifier_that_is_not_the_tickets_confirms_nothing() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.print(1, 900);
    bench.run(100);
    for number in [6_999_999, 7_000_000, 7_000_002] {
        let [a, b, c, d] = command::identifier(number);
        bench.feed(Input::Bytes(vec![0x37, 0x22, a, b, c, d, 0]));
        assert_eq!(bench.result(1), None);
    }
    bench.run(1_500);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
}

#[test]
fn a_clear_that_does_not_clear_is_found_out_by_the_fence_after_it() {
    for (lies, answers) in [(true, true), (false, false)] {
        for fence in FENCES {
            let mut bench = Bench::ready(fence, true);
            bench.model.clear_lies = lies;
            bench.model.clears = answers;
            bench.model.paper_left = Some(100);
            bench.print(1, 900);
            bench.until_result(1);
            bench.run(10_000);
            bench.model.paper = true;
            bench.model.pace = Duration::from_millis(3);
            bench.run(1_500);
            assert!(bench.has(Condition::NotEmpty), "{fence:?}");
            bench.run(4_000);
            assert!(bench.conditions.is_empty(), "{fence:?} {:?}", bench.conditions);
            bench.print(2, 10);
            bench.run(500);
            assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
            assert_eq!(bench.violations, Vec::<String>::new());
        }
    }
}

#[test]
fn a_printer_without_back_channel_prints_and_is_never_believed() {
    let mut settings = capabilities_with(Fence::None, false);
    settings.statuses = Vec::new();
    settings.identifies = false;
    let mut bench = Bench::with(settings);
    bench.run(5_000);
    assert!(bench.conditions.stops_printing(), "an older process's ticket may still be in it");
    bench.run(6_000);
    assert!(bench.conditions.is_empty());
    bench.print(1, 300);
    bench.run(4_000);
    // A socket that takes everything looks the same.
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn without_fence_what_says_all_is_well_must_be_the_printer_and_no_port_that_speaks_for_it() {
    let mut settings = capabilities_with(Fence::None, false);
    settings.statuses = Vec::new();
    settings.ask_port();
    let mut bench = Bench::with(settings);
    bench.run(12_000);
    bench.print(1, 100);
    bench.run(4_000);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
}

#[test]
fn without_fence_a_printer_that_answered_before_and_not_after_confirms_nothing() {
    let mut bench = Bench::with(capabilities_with(Fence::None, false));
    bench.run(12_000);
    bench.print(1, 100);
    bench.run(200);
    bench.model.mute = true;
    bench.until_result(1);
    assert_eq!(bench.result(1), during(Condition::NotAnswering));
}

#[test]
fn without_fence_a_long_ticket_is_given_the_time_that_the_slowest_head_needs() {
    let mut bench = Bench::with(capabilities_with(Fence::None, false));
    bench.run(12_000);
    // The ticket is 400 mm long, at 50 mm/s.
    bench.model.pace = Duration::from_millis(9);
    bench.print(1, 800);
    let took = bench.until_result(1);
    assert!((8_000..9_000).contains(&took.as_millis()), "{took:?}");
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_printer_without_fence_is_asked_before_and_after() {
    let mut bench = Bench::with(capabilities_with(Fence::None, false));
    bench.run(12_000);
    assert!(bench.conditions.is_empty());
    bench.print(1, 300);
    bench.run(4_000);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
    bench.model.paper_left = Some(100);
    bench.print(2, 300);
    bench.run(4_000);
    assert_eq!(bench.result(2), during(Condition::PaperOut));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn a_command_cut_off_with_its_connection_is_filled_up_before_the_proof() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.model.room = 45;
    bench.model.pace = Duration::from_millis(50);
    bench.print(1, 900);
    bench.run(1_000);
    bench.unplug();
    bench.plugged = true;
    bench.model.room = 1 << 20;
    bench.model.pace = Duration::from_millis(1);
    bench.model.received.clear();
    bench.run(4_500);
    assert!(bench.model.received.windows(100).any(|window| window.iter().all(|byte| *byte == 0)));
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
}

#[test]
fn a_second_ticket_while_one_prints_is_refused() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.print(1, 500);
    bench.run(100);
    bench.print(2, 10);
    assert_eq!(bench.result(2), Some(PrintResult::NotStarted(Condition::NotEmpty.into())));
    bench.run(1_000);
    assert_eq!(bench.result(1), Some(PrintResult::Confirmed));
}

#[test]
fn a_printer_in_this_process_is_ready_without_waiting() {
    let mut settings: Capabilities = capabilities_with(Fence::GsParenH, true);
    settings.fresh = true;
    let mut bench = Bench::with(settings);
    bench.run(100);
    assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
}

#[test]
fn idle_means_asleep() {
    let mut bench = Bench::ready(Fence::GsParenH, true);
    bench.run(10_000);
    let before = bench.model.received.len();
    bench.run(60_000);
    assert!(bench.model.received.len() - before <= 7 * 12);
}

#[test]
fn random_bytes_never_panic_and_never_confirm() {
    let mut seed = 0x1234_5678_u32;
    for fence in FENCES {
        let mut session = PrinterSession::new(capabilities_with(fence, true), 1);
        let mut now = Duration::from_secs(1);
        session.handle(Input::Connected, now);
        for round in 0..20_000_u64 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            now += Duration::from_millis(u64::from(seed % 50));
            let input = match seed % 11 {
                0 => Input::Print { job: round, bytes: b"x".to_vec(), height_mm: 0 },
                1 => Input::Accepted(seed as usize % 4000),
                2 => Input::Tick,
                3 if seed.is_multiple_of(13) => Input::Disconnected,
                4 => Input::Connected,
                _ => Input::Bytes(seed.to_le_bytes().to_vec()),
            };
            for output in session.handle(input, now) {
                if fence == Fence::GsParenH {
                    let confirmed = matches!(output, Output::Printed { result: PrintResult::Confirmed, .. });
                    assert!(!confirmed);
                }
            }
        }
    }
}
