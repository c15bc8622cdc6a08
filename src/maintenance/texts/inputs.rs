//! Lines about scanner, keys and lamps.

use crate::codes::Rejected;
use crate::locale::Text;
use crate::ticket::{BookingId, PickupCode};

/// Line where no panel of lamps is configured.
pub fn no_panel() -> Text {
    Text::new("没有配置指示灯面板。", "No [panel] is configured.")
}

/// Refusal while the lamps are being tried already.
pub fn lamps_in_trial() -> Text {
    Text::new("指示灯正在测试中。", "The lamps are being tried already.")
}

/// Line after the lamps were lit one by one: what should have been seen.
pub fn lamps_tried() -> Text {
    Text::new(
        "应依次亮起：就绪、工作、出票口、故障，最后蜂鸣器响。",
        "These should have come on one by one: ready, working, slot, fault, and the buzzer last.",
    )
}

/// Line about a scanned code above the limit.
pub fn code_too_long() -> Text {
    Text::new("超过 512 字节，已丢弃。", "Longer than 512 bytes: dropped.")
}

/// Kind of a scanned code, as it is read; of a booking ID the length alone.
pub fn code_read(read: &Result<PickupCode, Rejected>) -> Text {
    let length = |id: &BookingId| id.expose().len();
    let (zh, en) = match read {
        Ok(PickupCode::Both(number, id)) => (
            format!("取票号 {number}，验证码 {} 个字符", length(id)),
            format!("booking number {number} and an ID of {} characters", length(id)),
        ),
        Ok(PickupCode::Number(number)) => {
            (format!("取票号 {number}"), format!("booking number {number} alone"))
        }
        Ok(PickupCode::Id(id)) => {
            (format!("只有验证码，{} 个字符", length(id)), format!("an ID alone, {} characters", length(id)))
        }
        Err(rejected) => (format!("不是取票码：{rejected:#}"), format!("no pickup code: {rejected}")),
    };
    Text::new(zh, en)
}
