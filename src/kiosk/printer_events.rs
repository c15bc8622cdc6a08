//! The printer's last word on a ticket, in the words of the workflow.

use crate::device::printer::conditions::Condition;
use crate::device::printer::session::PrintResult as Printed;
use crate::pickup::input::PrintResult;

/// The workflow's word for the end of a ticket.
pub fn known(result: Printed) -> PrintResult {
    match result {
        Printed::Confirmed => PrintResult::Confirmed,
        Printed::Forgotten { retracted: true } => {
            PrintResult::Forgotten("printed, not taken, retracted into the machine")
        }
        Printed::Forgotten { retracted: false } => {
            PrintResult::Forgotten("printed, not taken, dropped in front of the machine")
        }
        Printed::NotStarted(conditions) => {
            let gravest = conditions.gravest().unwrap_or(Condition::NotAnswering);
            PrintResult::NotStarted(gravest.code())
        }
        Printed::Uncertain(why) => PrintResult::Uncertain(why.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::session::UncertainReason;

    #[test]
    fn what_the_printers_owner_does_not_know_the_workflow_does_not_know_either() {
        let whys = [
            UncertainReason::Stalled,
            UncertainReason::NoConfirmation,
            UncertainReason::TooSoon,
            UncertainReason::During(Condition::Disconnected),
        ];
        for why in whys {
            assert_eq!(known(Printed::Uncertain(why)), PrintResult::Uncertain(why.to_string()));
        }
        let nothing = known(Printed::NotStarted(Condition::PaperOut.into()));
        assert_eq!(nothing, PrintResult::NotStarted(Condition::PaperOut.code()));
    }
}
