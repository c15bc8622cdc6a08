//! Tests of restarts at any byte of a ticket.

use super::bench::{Bench, capabilities_with};
use super::faults::FENCES;
use crate::device::printer::session::PrintResult;
use std::time::Duration;

/// Bytes of the ticket, including its fence and what goes before it.
const BYTES: usize = 120;

/// Prints a ticket on a printer that restarts after `at` bytes of the connection and loses `lost` bytes.
fn one(fence: crate::receipt::profile::Fence, shows_end: bool, at: usize, lost: usize) -> Bench {
    let mut settings = capabilities_with(fence, false);
    settings.reset_when_silent = shows_end;
    let mut bench = Bench::with(settings);
    bench.shows_end = shows_end;
    bench.run(1_500);
    bench.model.restart = Some((at, lost));
    bench.print(1, BYTES - 20);
    bench.until_result(1);
    bench
}

#[test]
fn a_restart_that_loses_the_rest_of_the_line_confirms_nothing_at_whichever_byte() {
    for fence in FENCES {
        for shows_end in [false, true] {
            // Four questions of three bytes are before the ticket.
            for at in 12..12 + BYTES {
                let mut bench = one(fence, shows_end, at, 4 * BYTES);
                bench.model.restart = None;
                assert_eq!(bench.violations, Vec::<String>::new(), "{fence:?} {shows_end} byte {at}");
                let whole = bench.model.fates.get(&1).is_some_and(|fate| fate.whole);
                assert!(whole || bench.result(1) != Some(PrintResult::Confirmed), "{fence:?} byte {at}");
                bench.run(40_000);
                assert!(bench.conditions.is_empty(), "{fence:?} byte {at}: {:?}", bench.conditions);
                bench.print(2, 60);
                bench.run(2_000);
                assert_eq!(bench.result(2), Some(PrintResult::Confirmed), "{fence:?} byte {at}");
                assert_eq!(bench.violations, Vec::<String>::new(), "{fence:?} byte {at}");
            }
        }
    }
}

#[test]
fn a_restart_with_its_connection_for_any_time_confirms_nothing_at_whichever_moment() {
    for fence in FENCES {
        for after_ms in (0..200).step_by(10) {
            for off_ms in [10, 200, 1_000, 5_000] {
                let mut bench = Bench::ready(fence, true);
                bench.model.pace = Duration::from_millis(1);
                bench.print(1, 100);
                bench.run(after_ms);
                bench.model.power(false);
                bench.unplug();
                bench.run(off_ms);
                bench.model.power(true);
                bench.plugged = true;
                bench.run(40_000);
                let context = format!("{fence:?} after {after_ms} ms, off for {off_ms} ms");
                assert!(bench.conditions.is_empty(), "{context}: {:?}", bench.conditions);
                bench.print(2, 60);
                bench.run(2_000);
                assert_eq!(bench.result(2), Some(PrintResult::Confirmed), "{context}");
                assert_eq!(bench.violations, Vec::<String>::new(), "{context}");
            }
        }
    }
}
