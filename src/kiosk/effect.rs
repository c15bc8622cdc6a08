//! Effects: the parts' wishes to the loop, carried out in order, each with all that follows from it before the next.

use super::machine_log::MachineEvent;
use super::receipts::Printable;
use super::request::{ControlAnswer, Resolve};
use crate::device::printer::session::PrintResult;
use crate::fault_code::FaultCode;
use crate::journal::record::PickupId;
use crate::maintenance::menu::ask::MenuAnswer;
use crate::pickup::input::{Input, Now};
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::oneshot;

/// Wishes in the order in which they are carried out.
pub type Effects = Vec<Effect>;

/// One wish of a part to the loop.
#[derive(Debug)]
pub enum Effect {
    /// An input goes to the workflow; its actions are carried out.
    Input(Input),
    /// The view is published where it has changed.
    Show,
    /// A code of the table of faults goes on or off.
    Fault(FaultCode, bool),
    /// An event of the machine is written down.
    RecordMachine(MachineEvent),
    /// The checks that do no harm are made again: something has been mended, or has failed.
    CheckSoon,
    /// Tickets uncertain or owed are looked for: something may have become so, or been settled.
    CountUnsettled,
    /// The workflow hears how many tickets the paper left can hold, if that has changed.
    TellPaperLeft,
    /// The workflow hears of the printer as it is now.
    TellReadiness,
    /// The workflow's question about the printer is answered, if it has one.
    AnswerPrinterCheck,
    /// The next paper goes to the printer.
    HandOnPaper,
    /// The printer is looked at for the workflow, once no paper is before it.
    CheckClearPrinter,
    /// The printer has told its model.
    PrinterModel(String),
    /// A paper of the menu's is out, or is not.
    MenuPaperDone(u64, PrintResult),
    /// A new roll of paper is in the printer.
    RollReplaced,
    /// A paper of the menu's is printed, if it could be made.
    PrintForMenu(u64, Result<Printable, String>),
    /// The menu gets a report on the printer.
    ReportPrinter(u64),
    /// Maintenance goes on.
    Maintain(Maintain),
    /// A ticket is settled as staff say.
    Resolve(Resolve, oneshot::Sender<ControlAnswer>),
    /// A server has told its time, at this moment of the workflow's clock.
    ServerTime(Duration, Timestamp),
    /// A code was refused because only the menu is served.
    CountRefusedScan,
    /// A command waits for the end of the pickup that has begun.
    AwaitPickup(PickupId, oneshot::Sender<ControlAnswer>),
    /// The user who ordered a reprint is told of it, if it has ended.
    EndReprint,
    /// The command that waits for a pickup is told of it, if it has ended.
    EndRemotePickup,
    /// The menu opens that was called during a pickup, if that has ended.
    OpenWantedMenu,
}

/// One step of maintenance, behind what the loop did for it.
#[derive(Debug)]
pub enum Maintain {
    /// The menu gets this answer to a question, or has none yet, and goes on.
    Answer(u64, Option<MenuAnswer>),
    /// The menu opens on the customer screen.
    OpenOnScreen,
    /// The terminal of a session is told what is shown.
    Reply(u64, oneshot::Sender<ControlAnswer>),
    /// The terminal that opened a session is told what is shown.
    ReplyOpened(oneshot::Sender<ControlAnswer>),
    /// The end of a ticket's settlement is waited for.
    AwaitSettled(u64, oneshot::Receiver<ControlAnswer>),
    /// The menu is left that nobody has touched for long.
    LeaveIdle,
    /// The checks that do no harm begin, if they are due.
    Check,
    /// The checks go on once the journal has been tried.
    CheckOn(Now),
    /// The log is told what has changed of the codes that were on.
    LogChanges(Vec<FaultCode>),
}
