//! Lines about the machine as a whole: its state, its service, its settings, its disk.

use crate::locale::Text;
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
