//! Tests of a USB port's status beside the printer's own answers.

use super::bench::{Bench, capabilities_with};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::{PrintResult, ProfileMismatch, UncertainReason};
use crate::receipt::profile::Fence;

const WELL: u8 = 0x18;
const NO_PAPER: u8 = 0x38;

fn bench(port: u8) -> Bench {
    let mut settings = capabilities_with(Fence::GsR, false);
    settings.ask_port();
    let mut bench = Bench::with(settings);
    bench.port = Some(port);
    bench
}

#[test]
fn no_paper_by_the_port_stops_and_paper_lets_it_go_on() {
    let mut bench = bench(WELL);
    bench.run(1_500);
    assert_eq!(bench.conditions, Conditions::NONE);
    bench.port = Some(NO_PAPER);
    bench.run(11_000);
    assert_eq!(bench.conditions, Condition::PaperOut.into());
    bench.print(1, 10);
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::NotStarted(Condition::PaperOut.into())));
    bench.port = Some(WELL);
    bench.run(1_500);
    assert_eq!(bench.conditions, Conditions::NONE);
    bench.print(2, 10);
    bench.until_result(2);
    assert_eq!(bench.result(2), Some(PrintResult::Confirmed));
    assert_eq!(bench.violations, Vec::<String>::new());
}

#[test]
fn it_is_asked_before_each_ticket() {
    let mut bench = bench(WELL);
    bench.run(1_500);
    bench.port = Some(NO_PAPER);
    bench.print(1, 10);
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::NotStarted(Condition::PaperOut.into())));
    assert!(!bench.model.received.contains(&b'{'));
}

#[test]
fn of_a_printer_that_says_nothing_it_says_why_and_never_that_a_ticket_came_out() {
    let mut bench = bench(NO_PAPER);
    bench.model.mute = true;
    bench.run(10_000);
    assert_eq!(bench.conditions, Condition::PaperOut.into());
    // The port reports that all is well; the printer still answers nothing.
    bench.port = Some(WELL);
    bench.run(10_000);
    assert_eq!(bench.conditions, Condition::NotAnswering.into());
    bench.print(1, 10);
    assert!(matches!(bench.result(1), Some(PrintResult::NotStarted(_))));
    bench.port = Some(0);
    bench.run(10_000);
    let both: Conditions = [Condition::Offline, Condition::NotAnswering].into_iter().collect();
    assert_eq!(bench.conditions, both);
    bench.model.mute = false;
    bench.run(5_000);
    assert_eq!(bench.conditions, Conditions::NONE, "its own word on that is more exact than its port's");
}

#[test]
fn a_ticket_whose_fence_is_lost_is_not_confirmed_by_a_port_that_is_well() {
    let mut bench = bench(WELL);
    bench.run(1_500);
    bench.model.loses_fences = true;
    bench.print(1, 10);
    bench.until_result(1);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::NoConfirmation)));
}

#[test]
fn it_is_heard_while_a_ticket_is_on_its_way_where_no_question_could_be_put() {
    let mut bench = bench(WELL);
    bench.run(1_500);
    bench.model.room = 45;
    bench.print(1, 2_000);
    bench.run(300);
    let asked = |bench: &Bench| bench.model.received.windows(2).filter(|pair| *pair == [0x10, 4]).count();
    let before = asked(&bench);
    bench.port = Some(NO_PAPER);
    bench.run(600);
    assert_eq!(bench.result(1), Some(PrintResult::Uncertain(UncertainReason::During(Condition::PaperOut))));
    assert_eq!(asked(&bench), before, "a question in mid-ticket");
}

#[test]
fn a_port_that_contradicts_the_sensors_is_told_of_once() {
    let mut bench = bench(NO_PAPER);
    bench.run(1_200);
    assert!(bench.mismatches.is_empty(), "paper may just have been taken out: {:?}", bench.mismatches);
    bench.run(20_000);
    assert_eq!(bench.mismatches, [ProfileMismatch::Port]);
    assert_eq!(bench.conditions.gravest(), Some(Condition::PaperOut));
}

#[test]
fn a_printer_with_nothing_but_its_port_is_out_of_service_without_paper_and_when_offline() {
    let mut settings = capabilities_with(Fence::None, false);
    settings.statuses.clear();
    settings.ask_port();
    let mut bench = Bench::with(settings);
    bench.port = Some(0x10);
    bench.run(15_000);
    assert!(bench.has(Condition::Offline), "{:?}", bench.conditions);
    bench.port = Some(WELL);
    bench.run(12_000);
    assert_eq!(bench.conditions, Conditions::NONE);
    bench.port = Some(NO_PAPER);
    bench.run(11_000);
    assert!(bench.has(Condition::PaperOut), "{:?}", bench.conditions);
}
