//! Labels of the page's buttons and figures.

use crate::locale::Text;

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
