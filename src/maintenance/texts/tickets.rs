//! Lines about tickets to settle.

use crate::locale::Text;

/// Numbers of tickets to settle, and of reports that are due.
pub fn to_settle(uncertain: u32, owed: u32, due: usize) -> Text {
    Text::new(
        format!("未确认 {uncertain} 张，未出 {owed} 张，待回报 {due} 笔。"),
        format!("{uncertain} tickets uncertain, {owed} owed, {due} reports due."),
    )
}

/// Refusal of a claim reference that no record has.
pub fn unknown_claim(claim: &str) -> Text {
    Text::new(format!("没有领取编号 {claim} 的记录。"), format!("No claim reference {claim} is on record."))
}

/// Line before what was settled.
pub fn settled() -> Text {
    Text::new("已处理：", "Settled:")
}

/// Line before the reason why nothing was settled.
pub fn not_settled() -> Text {
    Text::new("没有处理：", "Not settled:")
}

/// Refusal to print again without a second user.
pub fn second_needed() -> Text {
    Text::new("补打需要第二位有密码的人", "printing again needs a second user")
}
