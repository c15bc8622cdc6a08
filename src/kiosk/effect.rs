//! Effects: the parts' wishes to the loop, carried out in order, each with all that follows from it before the next.

use super::machine_log::MachineEvent;
use super::receipts::Printable;
use super::request::{ControlAnswer, Resolve};
use super::stopped::Stopped;
use crate::device::printer::session::PrintResult;
use crate::fault_code::FaultCode;
use crate::journal::record::PickupId;
use crate::locale::Text;
use crate::maintenance::menu::ask::MenuAnswer;
use crate::pickup::input::{Input, Now};
use jiff::Timestamp;
use std::collections::VecDeque;
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
    PrintForMenu(u64, Result<Printable, Text>),
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

/// Carries effects out in their order, each with all that follows from it before the next.
///
/// # Errors
/// Fails where an effect does; those behind it are dropped.
pub async fn in_order(
    effects: Effects,
    mut carry_out: impl AsyncFnMut(Effect) -> Result<Effects, Stopped>,
) -> Result<(), Stopped> {
    let mut left = VecDeque::from(effects);
    while let Some(effect) = left.pop_front() {
        for next in carry_out(effect).await?.into_iter().rev() {
            left.push_front(next);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what follows from an effect, as the kiosk has it: fewer tickets on the roll go to the workflow, and
    /// behind each input three things are looked after.
    fn follow(effect: &Effect) -> Effects {
        match effect {
            Effect::TellPaperLeft => vec![Effect::Input(Input::PaperLeft(Some(3)))],
            Effect::Input(_) => vec![Effect::EndReprint, Effect::EndRemotePickup, Effect::OpenWantedMenu],
            _ => Vec::new(),
        }
    }

    #[tokio::test]
    async fn all_that_follows_from_an_effect_comes_before_its_next_sibling() {
        let mut done = Vec::new();
        let siblings =
            vec![Effect::TellPaperLeft, Effect::HandOnPaper, Effect::Input(Input::Tick), Effect::Show];
        let ended = in_order(siblings, async |effect| {
            done.push(format!("{effect:?}"));
            Ok(follow(&effect))
        });
        assert!(ended.await.is_ok());
        let expected = [
            "TellPaperLeft",
            "Input(PaperLeft(Some(3)))",
            "EndReprint",
            "EndRemotePickup",
            "OpenWantedMenu",
            "HandOnPaper",
            "Input(Tick)",
            "EndReprint",
            "EndRemotePickup",
            "OpenWantedMenu",
            "Show",
        ];
        assert_eq!(done, expected);
    }

    #[tokio::test]
    async fn nothing_is_carried_out_behind_an_effect_that_fails() {
        let mut done = 0;
        let siblings = vec![Effect::TellPaperLeft, Effect::Show];
        let ended = in_order(siblings, async |effect| {
            done += 1;
            match effect {
                Effect::Input(_) => Err(Stopped::Part(("取票记录", "the journal"))),
                effect => Ok(follow(&effect)),
            }
        });
        assert!(ended.await.is_err());
        assert_eq!(done, 2);
    }
}
