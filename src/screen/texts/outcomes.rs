//! Words for the outcome of each pickup: what became of it, and the next step to take.

use super::Words;
use crate::locale::Text;
use crate::pickup::state::Hint;
use crate::ticket::Outcome;

/// Words for the outcome of a pickup.
pub fn outcome(outcome: Outcome, hint: Hint, cinema: &str, tickets: usize) -> Words {
    Words { title: title(outcome), text: text(outcome, hint, cinema, tickets) }
}

fn title(outcome: Outcome) -> Text {
    let (zh, en) = match outcome {
        Outcome::Printed => ("请取票", "Take your tickets"),
        Outcome::AlreadyCollected => ("票已取", "Already collected"),
        Outcome::Refunded => ("已退票", "Refunded"),
        Outcome::Cancelled => ("订单已取消", "Cancelled"),
        Outcome::NotFound => ("没有找到订单", "No such booking"),
        Outcome::CodeRejected => ("无法识别", "Not a pickup code"),
        Outcome::Abandoned => ("已返回", "Back to the start"),
        Outcome::TryLater => ("请稍后再试", "Please try again later"),
        Outcome::SeeCounter => ("请到柜台", "Please go to the counter"),
        Outcome::Locked => ("请稍等片刻", "Please wait a little"),
        Outcome::OutOfService => ("暂停服务", "Out of service"),
    };
    Text::new(zh, en)
}

fn text(outcome: Outcome, hint: Hint, cinema: &str, tickets: usize) -> Text {
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
            let Words { title, text } = outcome(way, Hint::None, "CHTEST01", 2);
            for zh in [&title.zh, &text.zh] {
                assert!(zh.chars().any(|c| c >= '\u{4e00}'), "{way:?}");
            }
            assert!(title.en.is_ascii(), "{way:?}");
            assert!(text.en.is_ascii() || text.en.contains('…'), "{way:?}");
        }
    }

    #[test]
    fn not_found_names_this_cinema_and_collected_allows_for_another_machine() {
        let text = |way| outcome(way, Hint::None, "CHTEST01", 0).text.zh;
        assert!(text(Outcome::NotFound).contains("CHTEST01"));
        assert!(text(Outcome::AlreadyCollected).contains("已取，或在另一台机器上未取完"));
    }
}
