//! Words of the screens on the way of a pickup, in its order.

use super::Words;
use crate::locale::Text;

/// Words while nobody is being served.
pub fn welcome() -> Words {
    Words::new(
        ["自助取票", "Collect your tickets"],
        [
            "请将手机上的取票二维码对准扫描口，或输入取票号。",
            "Hold the QR code on your phone under the scanner, or type your booking number.",
        ],
    )
}

/// Words while nobody is there, and the cinema is closed.
pub fn asleep() -> Words {
    Words::new(
        ["非营业时间", "Closed now"],
        ["触摸屏幕或扫码，即可取票。", "Touch the screen or scan a code to collect your tickets."],
    )
}

/// Words while a number, or a first code of either kind, is being typed.
pub fn entering() -> Words {
    Words::new(
        ["请输入取票号", "Type your booking number"],
        [
            "取票号在购票应用的订单详情里，输完后按“确定”。",
            "You find it in your app's order details. Press OK when it is complete.",
        ],
    )
}

/// Words after the number, when the ID is needed.
pub fn entering_id() -> Words {
    Words::new(
        ["请输入验证码", "Type your booking ID"],
        [
            "还需要验证码：在购票应用的订单详情里，由字母和数字组成。也可以直接扫订单二维码。",
            "One more code, please: the letters and digits in your app's order details. Or scan the order's QR code.",
        ],
    )
}

/// Words after the ID, when the number is needed.
pub fn entering_number() -> Words {
    let text = Text::new(
        "还需要取票号：在购票应用的订单详情里，全部是数字。",
        "One more code, please: the booking number in your app's order details, digits only.",
    );
    Words { text, ..entering() }
}

/// Text after an input that could not be read.
pub fn typed_wrong() -> Text {
    Text::new("输入有误，请再输一次。", "That could not be read. Please type it again.")
}

/// Words while nothing is known of the booking yet.
pub fn working() -> Words {
    Words::new(["正在查询", "One moment"], ["正在查询，请稍候……", "Looking for your booking…"])
}

/// Words for the right customer's booking, just before its tickets. `owed` is the number of tickets to come.
pub fn found(owed: usize) -> Words {
    Words::new(
        ["订单已找到", "Booking found"],
        [
            format!("订单已找到，还有 {owed} 张票要出，请稍候……"),
            format!("Your booking is here. Tickets to come: {owed}. One moment…"),
        ],
    )
}

/// Words while the tickets of an issued booking are printed.
pub fn printing(at: usize, of: usize) -> Words {
    Words::new(
        ["正在出票", "Printing your tickets"],
        [format!("正在出票：第 {at} 张，共 {of} 张"), format!("Printing ticket {at} of {of}")],
    )
}

/// Text while a presenter holds a ticket for the customer.
pub fn take_ticket() -> Text {
    Text::new("请取走出票口的票。", "Please take the ticket from the slot.")
}

/// Words while the printer has stopped in the middle of a booking.
pub fn waiting() -> Words {
    Words::new(
        ["请稍等", "Please wait"],
        [
            "打印机暂停，请稍等，工作人员正在处理。未出的票会继续打印。",
            "The printer has stopped. Please wait for our staff; the tickets still missing will follow.",
        ],
    )
}

/// Notice after a scan while another pickup is running.
pub fn busy() -> Text {
    Text::new(
        "正在为前一位顾客出票，请稍后再扫。",
        "Still serving the customer before you. Please scan again in a moment.",
    )
}

/// Words while staff are at work here, or have a ticket printed again.
pub fn staff_at_work() -> Words {
    Words::new(
        ["维护中", "Our staff are at work"],
        ["工作人员正在操作，请稍候。", "Our staff are at work here. One moment, please."],
    )
}
