//! Labels of the page's buttons, figures and seats.

use crate::locale::Text;
use crate::ticket::SeatState;

/// Returns every label, by its name in the page.
pub fn labels() -> [(&'static str, Text); 29] {
    let text = |zh, en| Text::new(zh, en);
    [
        ("language", text("English", "中文")),
        ("clear", text("清除", "Clear")),
        ("back", text("退格", "Delete")),
        ("enter", text("确定", "OK")),
        ("leave", text("返回", "Start again")),
        ("done", text("完成", "Done")),
        ("more_time", text("再给我一点时间", "More time")),
        ("seconds", text("秒后返回首页", "seconds left")),
        ("seconds_waiting", text("秒后仍未恢复，请到柜台", "seconds, then please go to the counter")),
        ("seconds_locked", text("秒后可以再试", "seconds, then please try again")),
        ("larger", text("大字", "Larger text")),
        ("keypad", text("数字键盘", "Keypad")),
        ("letters", text("字母键盘", "Letters")),
        ("typed", text("已输入", "Typed")),
        ("number", text("取票号", "Booking number")),
        ("claim", text("领取编号", "Your reference")),
        ("kiosk", text("机器编号", "Machine")),
        ("since", text("开始时间", "Since")),
        ("staff", text("工作人员请看", "For our staff")),
        ("notes", text("本机不办理", "Not at this machine")),
        ("now_showing", text("正在放映", "Now showing")),
        ("next", text("即将放映", "Next")),
        ("sold_out", text("已满", "full")),
        ("hours", text("营业时间", "Open")),
        ("step_find", text("查询订单", "Find")),
        ("step_print", text("出票", "Print")),
        ("step_take", text("取票", "Take")),
        ("wake", text("点亮屏幕", "Wake the screen")),
        ("lost", text("正在重新连接，请稍候……", "Reconnecting. One moment, please…")),
    ]
}

/// Label of a seat whose ticket is in this state.
pub fn seat(state: SeatState) -> Text {
    match state {
        SeatState::Reserved => Text::new("待出票", "to come"),
        SeatState::Printing => Text::new("正在出票", "printing"),
        SeatState::Printed => Text::new("已出票", "printed"),
        SeatState::Uncertain => Text::new("请到柜台确认", "ask at the counter"),
        SeatState::Reprinted => Text::new("已补打", "printed again"),
        SeatState::HandedOver => Text::new("柜台已交付", "given at the counter"),
        SeatState::Void => Text::new("无需出票", "not to print"),
    }
}
