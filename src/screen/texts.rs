//! Texts for customers: every sentence, Chinese first. A text that lacks a language doesn't compile.

use crate::locale::Text;
use crate::pickup::state::Hint;
use crate::screen::settings::Side;
use crate::ticket::Outcome;
use jiff::civil::Weekday;

/// Text while nobody is being served.
pub fn welcome() -> Text {
    Text::new(
        "请将手机上的取票二维码对准扫描口，或输入取票号。",
        "Hold the QR code on your phone under the scanner, or type your booking number.",
    )
}

/// Text while a code is being typed.
pub fn type_code() -> Text {
    Text::new(
        "取票号在购票应用的订单详情里，输完后按“确定”。",
        "You find it in your app's order details. Press OK when it is complete.",
    )
}

/// Text after the number, when the ID is needed.
pub fn ask_for_id() -> Text {
    Text::new(
        "还需要验证码：在购票应用的订单详情里，由字母和数字组成。也可以直接扫订单二维码。",
        "One more code, please: the letters and digits in your app's order details. Or scan the order's QR code.",
    )
}

/// Text after the ID, when the number is needed.
pub fn ask_for_number() -> Text {
    Text::new(
        "还需要取票号：在购票应用的订单详情里，全部是数字。",
        "One more code, please: the booking number in your app's order details, digits only.",
    )
}

/// Text after an input that could not be read.
pub fn typed_wrong() -> Text {
    Text::new("输入有误，请再输一次。", "That could not be read. Please type it again.")
}

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

/// Text while nobody is there, and the cinema is closed.
pub fn asleep() -> Text {
    Text::new("触摸屏幕或扫码，即可取票。", "Touch the screen or scan a code to collect your tickets.")
}

/// Text while nothing is known of the booking yet.
pub fn looking() -> Text {
    Text::new("正在查询，请稍候……", "Looking for your booking…")
}

/// Text for the right customer's booking, just before its tickets. `owed` is the number of tickets to come.
pub fn found(owed: usize) -> Text {
    Text::new(
        format!("订单已找到，还有 {owed} 张票要出，请稍候……"),
        format!("Your booking is here. Tickets to come: {owed}. One moment…"),
    )
}

/// Text while the tickets of an issued booking are printed.
pub fn printing(at: usize, of: usize) -> Text {
    Text::new(format!("正在出票：第 {at} 张，共 {of} 张"), format!("Printing ticket {at} of {of}"))
}

/// Text while the printer has stopped in the middle of a booking.
pub fn waiting_for_printer() -> Text {
    Text::new(
        "打印机暂停，请稍等，工作人员正在处理。未出的票会继续打印。",
        "The printer has stopped. Please wait for our staff; the tickets still missing will follow.",
    )
}

/// Text after a scan while another pickup is running.
pub fn busy() -> Text {
    Text::new(
        "正在为前一位顾客出票，请稍后再扫。",
        "Still serving the customer before you. Please scan again in a moment.",
    )
}

/// Text while staff have a ticket printed again.
pub fn staff_at_work() -> Text {
    Text::new("工作人员正在操作，请稍候。", "Our staff are at work here. One moment, please.")
}

/// Text for the outcome of a pickup, with the next step to take.
pub fn outcome(outcome: Outcome, hint: Hint, cinema: &str, tickets: usize) -> Text {
    match outcome {
        Outcome::Printed => Text::new(
            format!("出票完成，共 {tickets} 张，请在出票口取票。祝您观影愉快！"),
            format!("Done: {tickets} in all. Please take your tickets from the slot. Enjoy the film!"),
        ),
        Outcome::AlreadyCollected => Text::new(
            "此订单的票已取，或在另一台机器上未取完。如有疑问，请到柜台。",
            "These tickets have been collected, or another machine has not finished them. If in doubt, please ask at the counter.",
        ),
        Outcome::Refunded => Text::new(
            "此订单已退票。如有疑问，请联系购票平台。",
            "This booking has been refunded. If in doubt, please contact the app you bought from.",
        ),
        Outcome::Cancelled => Text::new(
            "此订单已取消。如有疑问，请联系购票平台。",
            "This booking has been cancelled. If in doubt, please contact the app you bought from.",
        ),
        Outcome::NotFound => Text::new(
            format!(
                "在{cinema}没有找到此订单。请核对取票号和验证码，并确认影院是{cinema}。仍有问题请到柜台。"
            ),
            format!(
                "No such booking at {cinema}. Please check both codes, and that your tickets are for {cinema}. Our counter can help."
            ),
        ),
        Outcome::CodeRejected => rejected(hint),
        Outcome::Abandoned => Text::new("已取消输入。", "Nothing was entered. Back to the start."),
        Outcome::TryLater => Text::new(
            "暂时无法出票，您的票没有变动。请过几分钟再试，或到柜台取票。",
            "No tickets can be issued right now; your booking is untouched. Please try again in a few minutes, or go to the counter.",
        ),
        Outcome::SeeCounter => see_counter(hint),
        Outcome::Locked => locked(hint),
        Outcome::OutOfService if hint == Hint::PaperShort => Text::new(
            "本机纸张不够打印您的全部票，您的票没有变动。请用另一台机器或到柜台取票。",
            "There is not enough paper for all of your tickets; your booking is untouched. Please use another machine or the counter.",
        ),
        Outcome::OutOfService => Text::new(
            "本机暂停服务，您的票没有变动。请用另一台机器或到柜台取票。",
            "This machine is out of service; your booking is untouched. Please use another machine or the counter.",
        ),
    }
}

/// Text while a presenter holds a ticket for the customer.
pub fn take_ticket() -> Text {
    Text::new("请取走出票口的票。", "Please take the ticket from the slot.")
}

fn rejected(hint: Hint) -> Text {
    if hint == Hint::TelephoneNumber {
        return Text::new(
            "这是手机号码。请输入订单里的取票号，或扫订单二维码。",
            "That is a telephone number. Please type the booking number of your order, or scan its QR code.",
        );
    }
    Text::new(
        "这不是取票码。请打开购票应用里的订单，扫取票二维码。",
        "That is not a pickup code. Please open your order in the app and scan its pickup code.",
    )
}

fn see_counter(hint: Hint) -> Text {
    match hint {
        Hint::TooLate => Text::new(
            "本场次开映已久，不能在此取票。请到柜台。",
            "Your film began too long ago to collect tickets here. Please go to the counter.",
        ),
        Hint::TooEarly => Text::new(
            "离开映还早，暂不能在此取票。请稍后再来，或到柜台。",
            "It is too early to collect these tickets here. Please come back later, or go to the counter.",
        ),
        Hint::OtherCinema => Text::new(
            "此订单属于另一家影院，不能在此取票。请到柜台询问。",
            "This booking is for another cinema. Please ask at the counter.",
        ),
        Hint::Forgotten => Text::new(
            "有票未取走，可能已被机器收回。请凭下面的编号到柜台。",
            "A ticket was not taken and may be back in the machine. Please show the number below at the counter.",
        ),
        Hint::NumberBlocked => Text::new(
            "此取票号今天输错次数过多，请到柜台取票。",
            "Too many wrong codes for this booking number today. Please go to the counter.",
        ),
        _ => Text::new(
            "还有票需要柜台处理。请凭下面的编号到柜台，工作人员会为您办理。",
            "Our counter has to finish this for you. Please show the number below there.",
        ),
    }
}

fn locked(hint: Hint) -> Text {
    let seconds = match hint {
        Hint::Locked { seconds } => seconds,
        _ => 0,
    };
    Text::new(
        format!("错误次数过多，请 {seconds} 秒后再试，或到柜台。"),
        format!("Too many wrong codes. Please try again in {seconds} seconds, or go to the counter."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_sentence_in_both_languages() {
        for way in Outcome::ALL {
            let text = outcome(way, Hint::None, "CHTEST01", 2);
            assert!(text.zh.chars().any(|c| c >= '\u{4e00}'), "{way:?}");
            assert!(text.en.is_ascii() || text.en.contains('…'), "{way:?}");
        }
    }

    #[test]
    fn not_found_names_this_cinema_and_collected_allows_for_another_machine() {
        assert!(outcome(Outcome::NotFound, Hint::None, "CHTEST01", 0).zh.contains("CHTEST01"));
        assert!(
            outcome(Outcome::AlreadyCollected, Hint::None, "", 0).zh.contains("已取，或在另一台机器上未取完")
        );
    }
}
