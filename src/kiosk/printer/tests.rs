use super::*;
use crate::device::printer;
use crate::device::printer::connection::ConnectionSpec;
use crate::device::printer::session::UncertainReason;
use crate::locale::Language;
use crate::receipt::layout::Layout;
use crate::receipt::profile::Profile;
use crate::receipt::stock::Stock;
use jiff::tz::TimeZone;

/// Returns a printer whose device does not exist: its owner takes papers, and the test gives their results.
fn printer() -> Printer {
    let profile = Profile::built_in("generic-80").unwrap();
    let device = ConnectionSpec::Usb { path: "/dev/no-such-printer".into() };
    let owner = printer::start(device, &profile, |_| ()).unwrap();
    let receipts = Receipts {
        layout: Layout::built_in_for(&profile).unwrap(),
        profile,
        stock: Stock { pitch_mm: None, near_end_mm: Some(10_000) },
        zone: TimeZone::UTC,
        kiosk_id: "kiosk".into(),
        cinema_name: "cinema".into(),
        language: Language::English,
    };
    Printer::new(owner, receipts)
}

fn ticket() -> Owner {
    let seat = SeatKey { session_code: "S".into(), seat_code: "1".into() };
    Owner::Ticket(PickupId("p".into()), seat)
}

/// Lays a paper down and lets it end so; returns the effects, as they print.
fn effects_of(owner: Owner, result: Printed) -> Vec<String> {
    let mut printer = printer();
    let paper = Printable { bytes: vec![b'x'], height_mm: 100, takes_mm: 100 };
    assert!(printer.lay_down(owner, paper).is_none());
    // The owner counts its papers from 1.
    let effects = printer.event(PrinterEvent::Printed { job: 1, result });
    effects.iter().map(|effect| format!("{effect:?}")).collect()
}

/// Returns the workflow's input for the ticket, as it prints.
fn done(result: PrintResult) -> String {
    let Owner::Ticket(pickup, seat) = ticket() else { unreachable!() };
    format!("{:?}", Effect::Input(Input::TicketDone { pickup, seat, result }))
}

#[test]
fn a_ticket_that_is_printed_is_counted_and_followed_by_the_next_paper_before_the_workflow_hears_of_it() {
    let effects = effects_of(ticket(), Printed::Confirmed);
    let last = done(PrintResult::Confirmed);
    let expected = [
        "TellPaperLeft",
        "HandOnPaper",
        "CheckClearPrinter",
        "Fault(TicketUnprintable, false)",
        last.as_str(),
    ];
    assert_eq!(effects, expected);
}

#[test]
fn a_ticket_of_unknown_fate_has_used_its_paper_and_ends_no_fault() {
    let why = UncertainReason::Stalled;
    let effects = effects_of(ticket(), Printed::Uncertain(why));
    let last = done(PrintResult::Uncertain(why.to_string()));
    assert_eq!(effects, ["TellPaperLeft", "HandOnPaper", "CheckClearPrinter", last.as_str()]);
}

#[test]
fn a_ticket_that_was_not_started_has_used_no_paper() {
    let effects = effects_of(ticket(), Printed::NotStarted(Condition::PaperOut.into()));
    let last = done(PrintResult::NotStarted(Condition::PaperOut.code()));
    assert_eq!(effects, ["HandOnPaper", "CheckClearPrinter", last.as_str()]);
}

#[test]
fn papers_that_are_no_tickets_tell_the_workflow_of_the_roll_alone() {
    let expected = ["TellPaperLeft", "HandOnPaper", "CheckClearPrinter"];
    assert_eq!(effects_of(Owner::Slip, Printed::Confirmed), expected);
    let menu = effects_of(Owner::Menu(7), Printed::Confirmed);
    let expected = [&expected[..], &["MenuPaperDone(7, Confirmed)"]].concat();
    assert_eq!(menu, expected);
}

#[test]
fn the_roll_is_counted_before_the_workflow_asks_for_what_is_left() {
    let mut printer = printer();
    printer.event(PrinterEvent::ConditionsChanged(Condition::PaperLow.into()));
    let before = printer.paper_left().unwrap();
    let paper = Printable { bytes: vec![b'x'], height_mm: 100, takes_mm: 10_000 };
    assert!(printer.lay_down(ticket(), paper).is_none());
    printer.event(PrinterEvent::Printed { job: 1, result: Printed::Confirmed });
    assert!(before > 0);
    assert_eq!(printer.paper_left(), Some(0));
}
