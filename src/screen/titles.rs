//! Titles: the few large words above the text.

use crate::locale::Text;
use crate::ticket::Outcome;

/// Title while nobody is being served.
pub fn welcome() -> Text {
    Text::new("自助取票", "Collect your tickets")
}

/// Title while a number, or a first code of either kind, is being typed.
pub fn entering() -> Text {
    Text::new("请输入取票号", "Type your booking number")
}

/// Title while the ID is needed.
pub fn entering_id() -> Text {
    Text::new("请输入验证码", "Type your booking ID")
}

/// Title while nothing is known yet.
pub fn working() -> Text {
    Text::new("正在查询", "One moment")
}

/// Title for the right customer's booking.
pub fn found() -> Text {
    Text::new("订单已找到", "Booking found")
}

/// Title while nobody is there, and the cinema is closed.
pub fn asleep() -> Text {
    Text::new("非营业时间", "Closed now")
}

/// Title while tickets are printed.
pub fn printing() -> Text {
    Text::new("正在出票", "Printing your tickets")
}

/// Title while the printer has stopped in the middle of a booking.
pub fn waiting() -> Text {
    Text::new("请稍等", "Please wait")
}

/// Title while staff are at work.
pub fn maintenance() -> Text {
    Text::new("维护中", "Our staff are at work")
}

/// Title for the outcome of a pickup.
pub fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Printed => Text::new("请取票", "Take your tickets"),
        Outcome::AlreadyCollected => Text::new("票已取", "Already collected"),
        Outcome::Refunded => Text::new("已退票", "Refunded"),
        Outcome::Cancelled => Text::new("订单已取消", "Cancelled"),
        Outcome::NotFound => Text::new("没有找到订单", "No such booking"),
        Outcome::CodeRejected => Text::new("无法识别", "Not a pickup code"),
        Outcome::Abandoned => Text::new("已返回", "Back to the start"),
        Outcome::TryLater => Text::new("请稍后再试", "Please try again later"),
        Outcome::SeeCounter => Text::new("请到柜台", "Please go to the counter"),
        Outcome::Locked => Text::new("请稍等片刻", "Please wait a little"),
        Outcome::OutOfService => Text::new("暂停服务", "Out of service"),
    }
}
