//! Lines about the machine as a whole: its state, its service, its settings, its disk.

use crate::fault_code::FaultCode;
use crate::locale::{Text, text};
use crate::maintenance::menu::Surface;
use std::fmt::Display;

/// Refusal while as many jobs run as may.
pub fn too_many_jobs() -> Text {
    Text::new("前一项还没有完成，请稍候。", "What was asked before is still at work: wait a little.")
}

/// Line after every page of the journal was found sound.
pub fn journal_sound() -> Text {
    Text::new("逐页检查：完好。", "Looked at page by page: sound.")
}

/// Line while no fault is active.
pub fn all_well() -> Text {
    Text::new("一切正常，可以取票。", "All is well: tickets can be collected.")
}

/// Line after the machine was taken into service.
pub fn in_service() -> Text {
    Text::new("已恢复服务。", "The machine is in service.")
}

/// Line after the machine was taken out of service.
pub fn out_of_service() -> Text {
    Text::new("已暂停服务，重启后仍然暂停。", "The machine is out of service, also after a restart.")
}

/// Line while the kiosk restarts.
pub fn restarting() -> Text {
    Text::new("取票程序正在重启。", "The kiosk is being started again.")
}

/// Line after something was noted.
pub fn on_record() -> Text {
    Text::new("已记录。", "It is on record.")
}

/// Line after a setting was changed: when it counts.
pub fn setting_saved() -> Text {
    Text::new(
        "已检查并保存，重启取票程序后生效。如果无法启动，会自动撤销。",
        "Checked and saved; it counts once the kiosk is restarted. If the kiosk can't start with it, it is undone by itself.",
    )
}

/// Line before the reason why a setting was not changed.
pub fn setting_refused() -> Text {
    Text::new("没有保存：", "Not saved:")
}

/// Refusal while a customer is served.
pub fn customer_served() -> Text {
    Text::new("正在为顾客出票，请稍后再试。", "A customer is being served: try again in a moment.")
}

/// Line after the system accepted to restart or to power off.
pub fn accepted() -> Text {
    Text::new("系统已接受。", "The system has accepted it.")
}

/// Space on the disk of a folder, in MiB.
pub fn disk(dir: &dyn Display, free: u64, all: u64, wanted: u64) -> Text {
    Text::new(
        format!("{dir}：空闲 {free} MiB，共 {all} MiB，至少需要 {wanted} MiB"),
        format!("{dir}: {free} MiB free of {all} MiB, at least {wanted} MiB needed"),
    )
}

/// Refusal of a paper whose record the journal did not take.
pub fn unrecorded_paper() -> Text {
    let code = FaultCode::JournalRefused;
    text!(
        "取票记录无法写入；没有打印（{code}）",
        "the journal refuses the record; nothing was printed ({code})"
    )
}

/// Refusal of a job whose record the journal did not take.
pub fn unrecorded() -> Text {
    let code = FaultCode::JournalRefused;
    text!("取票记录无法写入；没有执行（{code}）", "the journal refuses the record; nothing was done ({code})")
}

/// Refusal of the system to restart or to power off.
pub fn power_refused(verb: &str, said: &str) -> Text {
    text!("系统拒绝 systemctl {verb}：{said}", "systemctl {verb}: {said}")
}

/// Refusal of a job before the menu can be served.
pub fn not_now() -> Text {
    Text::new("现在不行", "not now")
}

/// Refusal of a job that has no thread of its own.
pub fn not_in_background() -> Text {
    Text::new("这项操作不在后台执行", "this is not done on a thread of its own")
}

/// Answer to a terminal whose menu has been left.
pub fn menu_left() -> Text {
    Text::new("已退出维护菜单", "the menu has been left")
}

/// Refusal of a kiosk that has no menu.
pub fn no_menu() -> Text {
    Text::new("这个取票程序没有维护菜单", "this kiosk has no menu")
}

/// Refusal of a second person in the menu: the name of the first, once that has signed in, and the surface.
pub fn menu_taken(who: Option<&str>, surface: Surface) -> Text {
    let who = who.map_or_else(|| Text::new("还没有登录的人", "somebody who has not signed in"), Text::same);
    let (zh, en) = match surface {
        Surface::Screen => ("顾客屏", "screen"),
        Surface::Terminal => ("终端", "terminal"),
    };
    text!(
        "{who:#}已在维护菜单里（{zh}）；3 分钟没有按键会自动退出",
        "{who} is in the menu already ({en}); it is left by itself after 3 minutes without a key"
    )
}
