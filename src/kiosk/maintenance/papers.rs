//! Papers that the menu has printed: none of them is a ticket.

use super::report::{busy, fault_line};
use crate::device::printer::conditions::Condition;
use crate::device::printer::session::PrintResult as Printed;
use crate::fault_code::FaultCode;
use crate::journal::export;
use crate::journal::store::JournalError;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::print_queue::Owner;
use crate::kiosk::printer::Printer;
use crate::kiosk::receipts::{Printable, Receipts};
use crate::kiosk::status::Status;
use crate::kiosk::stopped::Stopped;
use crate::locale::Text;
use crate::maintenance::faults;
use crate::maintenance::menu::ask::{Ask, MenuAnswer, Report};
use crate::maintenance::texts;
use crate::receipt::sample::sample_ticket;
use crate::receipt::test_paper;
use crate::ticket::Mark;
use jiff::Timestamp;

/// A refusal while something stands against printing; none when nothing does.
pub(super) fn not_now(status: &Status) -> Option<MenuAnswer> {
    if !status.at_rest || status.reprinting {
        return Some(busy());
    }
    if status.printing {
        let line = texts::printing::at_work();
        return Some(MenuAnswer::Report(Report::no(vec![line])));
    }
    let codes: Vec<_> = match status.conditions {
        None => vec![FaultCode::PrinterUnheard],
        Some(conditions) if conditions.stops_printing() => conditions.iter().map(Condition::code).collect(),
        Some(_) => return None,
    };
    let lines = codes.into_iter().map(|code| fault_line(faults::row(code)));
    Some(MenuAnswer::Report(Report::no(lines.collect())))
}

/// Has a paper printed, if it could be made and nothing stands against it now; the answer where none is under way.
pub(crate) fn print(
    asked: u64,
    paper: Result<Printable, Text>,
    printer: &mut Printer,
    status: &Status,
) -> Option<MenuAnswer> {
    if let Some(answer) = not_now(status) {
        return Some(answer);
    }
    match paper {
        Ok(paper) => drop(printer.lay_down(Owner::Menu(asked), paper)),
        Err(error) => return Some(MenuAnswer::Report(Report::no(vec![error]))),
    }
    let line = texts::printing::not_taken_over();
    (!printer.is_printing()).then(|| MenuAnswer::Report(Report::no(vec![line])))
}

/// A paper that was asked for, and the act by which it goes on record.
pub(super) struct Paper {
    pub act: &'static str,
    pub printable: Result<Printable, Text>,
}

/// Makes a paper, unless the journal refuses. A test ticket is in the journal before it is made.
pub(super) async fn make(
    ask: Ask,
    receipts: &Receipts,
    is_virtual: bool,
    journal: &JournalThread,
    now: Timestamp,
) -> Result<Result<Paper, JournalError>, Stopped> {
    let (act, printable) = match ask {
        Ask::PaperChanged => ("paper_changed", receipts.menu_paper(test_paper::paper_test)),
        Ask::Alignment => ("alignment_printed", receipts.menu_paper(test_paper::alignment)),
        Ask::Characters => ("characters_printed", receipts.menu_paper(test_paper::characters)),
        Ask::TestTicket => {
            if let Err(error) = journal.with(move |journal| journal.note_test_ticket(now)).await? {
                return Ok(Err(error));
            }
            let ticket = receipts.ticket(&sample_ticket(), Mark::Original, is_virtual);
            ("test_ticket_printed", ticket.map_err(|error| error.text()))
        }
        _ => {
            let slip = journal.with(move |journal| {
                let today = journal.days().of(now);
                journal.records().day_slip(today)
            });
            let text = match slip.await? {
                Ok(slip) => export::day_slip_text(&slip),
                Err(error) => return Ok(Err(error)),
            };
            let text = text.in_language(receipts.language);
            ("shift_slip_printed", receipts.menu_paper(|profile| test_paper::text_slip(text, profile)))
        }
    };
    Ok(Ok(Paper { act, printable }))
}

/// The printer's word on such a paper.
pub(super) fn done(result: Printed) -> Report {
    match result {
        Printed::Confirmed => Report::yes(vec![texts::printing::confirmed()]),
        Printed::Forgotten { .. } => Report::yes(vec![texts::printing::forgotten()]),
        Printed::NotStarted(conditions) => {
            let mut lines = vec![texts::printing::not_printed()];
            lines.extend(conditions.iter().map(|condition| fault_line(faults::row(condition.code()))));
            Report::no(lines)
        }
        Printed::Uncertain(why) => Report::no(vec![texts::printing::uncertain(&why)]),
    }
}
