//! Lines about the printer and what it prints for the menu.

use crate::locale::Text;
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
    Text::new(format!("不确定是否打印完：{why}。"), format!("It may or may not have come out: {why}."))
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
    Text::new(format!("配置 {profile}"), format!("profile {profile}"))
}
