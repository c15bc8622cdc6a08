//! Sentences about the printer's conditions.

use super::Words;
use super::table::AS_USUAL;
use crate::device::printer::conditions::Condition;

const BROKEN: [&str; 2] = [
    "本机暂停服务，请到柜台取票。",
    "This machine is out of service. Please collect your tickets at the counter.",
];
const SOON: [&str; 2] = ["打印机正在准备，请稍候。", "The printer is getting ready. One moment, please."];

/// Sentences of one condition for customer and usher.
pub(super) const fn words(condition: Condition) -> Words {
    let (customer, usher) = match condition {
        Condition::PaperLow => {
            (AS_USUAL, ["纸将用完：请准备新纸卷。", "Paper is running low: have a new roll ready."])
        }
        Condition::PaperOut => (
            ["本机缺纸，请稍候或到柜台取票。", "Out of paper. Please wait, or collect at the counter."],
            ["缺纸：装入新纸卷并关好上盖。", "Out of paper: put in a new roll and close the cover."],
        ),
        Condition::CoverOpen => {
            (BROKEN, ["上盖打开：请关好上盖。", "The printer's cover is open: close it."])
        }
        Condition::CutterFault => (
            BROKEN,
            [
                "切刀卡住：关机，取出卡纸，再开机。",
                "The cutter is jammed: switch the printer off, clear the paper, switch it on.",
            ],
        ),
        Condition::HeadHot => (
            SOON,
            [
                "打印头过热：冷却后自动恢复。",
                "The print head is hot: it goes on by itself once it has cooled.",
            ],
        ),
        Condition::Unrecoverable => (
            BROKEN,
            [
                "打印机故障：关机再开机；仍有故障请报修。",
                "The printer has a fault: switch it off and on; call for repair if it stays.",
            ],
        ),
        Condition::Offline => (
            BROKEN,
            [
                "打印机脱机：检查上盖、纸和按键。",
                "The printer is offline: check its cover, paper and buttons.",
            ],
        ),
        Condition::NotAnswering => (
            BROKEN,
            [
                "打印机无应答：检查电源和连线，以及配置的型号。",
                "The printer does not answer: check its power and cable, and the configured profile.",
            ],
        ),
        Condition::Disconnected => (
            BROKEN,
            ["打印机未连接：检查电源和连线。", "The printer is not connected: check its power and cable."],
        ),
        Condition::NotEmpty => (
            SOON,
            [
                "打印机内可能还有旧票：请等待；如不恢复，关机再开机。",
                "An older ticket may still be in the printer: wait; if this stays, switch it off and on.",
            ],
        ),
        Condition::TicketWaiting => (
            ["请取走出票口的票。", "Please take the ticket from the slot."],
            [
                "出票口有未取走的票：请取走；如不恢复，检查出票口。",
                "A ticket lies in the slot: take it; if this stays, look into the presenter.",
            ],
        ),
    };
    Words { customer, usher }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn each_condition_has_its_sentences() {
        for condition in Condition::ALL {
            let Words { customer, usher } = words(condition);
            for language in [Language::Chinese, Language::English] {
                assert!(!language.of(customer).is_empty());
                assert!(!language.of(usher).is_empty());
            }
            assert!(!Language::Chinese.of(usher).is_ascii());
            assert!(Language::English.of(usher).is_ascii());
        }
    }
}
