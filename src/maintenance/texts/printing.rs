//! Lines about the printer and what it prints for the menu.

use crate::device::printer::conditions::Condition;
use crate::locale::{Text, text};
use std::fmt::Display;

/// Line about the paper supply, in tickets.
pub fn paper_left(left: u32) -> Text {
    Text::new(format!("剩余纸张约 {left} 张票。"), format!("Paper for about {left} tickets is left."))
}

/// Refusal while the printer prints.
pub fn at_work() -> Text {
    Text::new("打印机正在打印，请稍候。", "The printer is at work: try again in a moment.")
}

/// Line after the printer accepted nothing.
pub fn not_taken_over() -> Text {
    Text::new("打印机没有接收。", "The printer took nothing.")
}

/// Line after the printer confirmed a paper.
pub fn confirmed() -> Text {
    Text::new("已打印，打印机已确认。", "Printed; the printer has confirmed it.")
}

/// Line after a paper was not taken from the presenter.
pub fn forgotten() -> Text {
    Text::new("已打印，但没有取走。", "Printed; nobody took it.")
}

/// Line before the faults for which nothing was printed.
pub fn not_printed() -> Text {
    Text::new("没有打印。", "Nothing was printed.")
}

/// Line about a paper that may or may not have come out.
pub fn uncertain(why: &dyn Display) -> Text {
    Text::new(format!("不确定是否打印完：{why:#}。"), format!("It may or may not have come out: {why}."))
}

/// Model that the printer names.
pub fn model(model: &str) -> Text {
    Text::new(format!("型号 {model}"), format!("model {model}"))
}

/// Configured connection of the printer.
pub fn connection(connection: &str) -> Text {
    Text::new(format!("连接 {connection}"), format!("connection {connection}"))
}

/// Configured profile of the printer.
pub fn profile(profile: &str) -> Text {
    Text::new(format!("型号文件 {profile}"), format!("profile {profile}"))
}

/// Status of the printer's USB port: its bits, and what they mean.
pub fn usb_port(bits: &str, words: &Text) -> Text {
    text!("USB 端口  {bits}：{words:#}", "USB port  {bits}: {words}")
}

/// Bit and answer that tell a condition (ESC/POS: DLE EOT n, GS r, ASB).
pub fn told_by(condition: Condition) -> Text {
    let (zh, en) = match condition {
        Condition::Offline => ("DLE EOT 1 第 3 位", "DLE EOT 1 bit 3"),
        Condition::CoverOpen => ("DLE EOT 2 第 2 位", "DLE EOT 2 bit 2"),
        Condition::CutterFault => ("DLE EOT 3 第 3 位", "DLE EOT 3 bit 3"),
        Condition::Unrecoverable => ("DLE EOT 3 第 5 位", "DLE EOT 3 bit 5"),
        Condition::HeadHot => ("DLE EOT 3 第 6 位", "DLE EOT 3 bit 6"),
        Condition::PaperLow => ("DLE EOT 4 第 2、3 位", "DLE EOT 4 bits 2, 3"),
        Condition::PaperOut => {
            ("DLE EOT 4 第 5、6 位；USB 端口第 5 位", "DLE EOT 4 bits 5, 6; USB port bit 5")
        }
        Condition::NotAnswering => ("没有按时应答", "no answer in time"),
        Condition::Disconnected => ("没有连接", "no connection"),
        Condition::NotEmpty => ("fence 还没有应答", "no fence answered yet"),
        Condition::TicketWaiting => ("DLE EOT 20 第 3 字节第 5 位", "DLE EOT 20 byte 3 bit 5"),
    };
    Text::new(zh, en)
}
