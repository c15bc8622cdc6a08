//! Lines about what is written to a USB drive.

use crate::locale::{Text, text};

/// Line after everything was written and the drive unmounted.
pub fn written() -> Text {
    Text::new("已完整写入，可以拔出 U 盘。", "Written whole. The stick can be taken out.")
}

/// Line after everything was written and the drive could not be unmounted.
pub fn still_mounted() -> Text {
    Text::new(
        "已写入，但未能安全卸载：请先不要拔出。",
        "Written, but it could not be unmounted: don't take it out yet.",
    )
}

/// Line about an incomplete file that may be left on the drive.
pub fn left_behind(name: &str) -> Text {
    Text::new(
        format!("U 盘上可能留有不完整的 {name}，下次写入时会自动删除。"),
        format!("{name} may be left on the stick, incomplete; the next export removes it."),
    )
}

/// Line before the reason why nothing was written.
pub fn nothing_written() -> Text {
    Text::new("没有写入任何文件：", "Nothing was written:")
}

/// Remedy for a drive without space.
pub fn full() -> Text {
    Text::new("U 盘已满：请换一个。", "The stick is full: take another.")
}

/// Remedy for a drive that can't be written.
pub fn write_protected() -> Text {
    Text::new("U 盘写保护：请解除或换一个。", "The stick is write-protected: unlock it, or take another.")
}

/// Remedy for a drive that disappeared while it was written.
pub fn gone() -> Text {
    Text::new(
        "U 盘已被拔出或损坏：请重新插入再试，或换一个。",
        "The stick was pulled out, or is broken: put it in and try again, or take another.",
    )
}

/// Refusal of a drive that the system does not mount.
pub fn not_mounted(device: &str, why: &str) -> Text {
    text!("udisksctl mount {device} 报错：{why}", "udisksctl mount {device}: {why}")
}

/// Refusal of the system to list the drives.
pub fn not_listed(said: &str) -> Text {
    text!("lsblk 报错：{said}", "lsblk: {said}")
}
