//! Texts beside the instruction: notes, the positions of scanner and ticket slot, days of the week.

use crate::locale::Text;
use crate::screen::settings::Side;
use jiff::civil::Weekday;

/// Notes on what this machine does not do, unless the configuration has its own.
pub fn notes() -> Vec<Text> {
    vec![
        Text::new(
            "爆米花、饮料和3D眼镜：请到卖品柜台。",
            "Snacks, drinks, 3D glasses: at the snack counter.",
        ),
        Text::new("会员卡、退改签：请到售票柜台。", "Member cards, changes, refunds: at the ticket counter."),
        Text::new(
            "手机没电、打不开订单：请到售票柜台。",
            "Phone dead, or no order to show: at the ticket counter.",
        ),
        Text::new(
            "开发票：请到售票柜台，或在购票应用里申请。",
            "Invoices: at the ticket counter, or in your app.",
        ),
    ]
}

/// Text for the position of the scanner, seen from the screen.
pub fn scanner_at(side: Side) -> Text {
    let (zh, en) = at(side);
    Text::new(format!("扫描口在屏幕{zh}"), format!("The scanner is {en} the screen"))
}

/// Text for the position of the ticket slot, seen from the screen.
pub fn slot_at(side: Side) -> Text {
    let (zh, en) = at(side);
    Text::new(format!("出票口在屏幕{zh}"), format!("The ticket slot is {en} the screen"))
}

fn at(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Above => ("上方", "above"),
        Side::Below => ("下方", "below"),
        Side::Left => ("左侧", "to the left of"),
        Side::Right => ("右侧", "to the right of"),
    }
}

/// Short name of a day of the week.
pub fn weekday(day: Weekday) -> Text {
    let (zh, en) = match day {
        Weekday::Monday => ("周一", "Mon"),
        Weekday::Tuesday => ("周二", "Tue"),
        Weekday::Wednesday => ("周三", "Wed"),
        Weekday::Thursday => ("周四", "Thu"),
        Weekday::Friday => ("周五", "Fri"),
        Weekday::Saturday => ("周六", "Sat"),
        Weekday::Sunday => ("周日", "Sun"),
    };
    Text::new(zh, en)
}
