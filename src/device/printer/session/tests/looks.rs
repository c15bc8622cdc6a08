//! Asked how the printer is now, before anything is issued.

use super::bench::Bench;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::Input;
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
