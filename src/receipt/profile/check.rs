//! Checks of a profile beyond its types: ranges, and facts that exclude one another.

use super::{FULL_STATUS, Fence, Profile, ProfileError};
use crate::locale::{Text, text};

impl Profile {
    pub(super) fn check(&self) -> Result<(), ProfileError> {
        let range = |ok: bool, key, found: String, wanted: (&str, &str)| {
            let wrong = || ProfileError::OutOfRange { key, found: Text::same(found), wanted: wanted.into() };
            if ok { Ok(()) } else { Err(wrong()) }
        };
        let name_length = self.name.chars().count();
        let plain_name = !self.name.chars().any(char::is_control);
        if !(1..=48).contains(&name_length) || !plain_name {
            return Err(ProfileError::OutOfRange {
                key: "name",
                found: text!("{name_length} 个字", "{name_length} characters long"),
                wanted: Text::new(
                    "应为 1 到 48 个字，不含控制字符",
                    "it must be 1 to 48 characters, none of them control characters",
                ),
            });
        }
        range(
            (192..=1280).contains(&self.width_dots) && self.width_dots.is_multiple_of(8),
            "width_dots",
            self.width_dots.to_string(),
            (
                "应为 192 到 1280 且为 8 的倍数（80 毫米纸：576 或 512；58 毫米：384）",
                "it must be 192 to 1280 and a multiple of 8 (80 mm paper: 576 or 512; 58 mm: 384)",
            ),
        )?;
        range(
            (100..=400).contains(&self.dots_per_inch),
            "dots_per_inch",
            self.dots_per_inch.to_string(),
            (
                "应为 100 到 400（多数打印头为 203；TM-T88 为 180）",
                "it must be 100 to 400 (most heads: 203; TM-T88: 180)",
            ),
        )?;
        range(
            (16..=1_048_576).contains(&self.buffer_bytes),
            "buffer_bytes",
            self.buffer_bytes.to_string(),
            ("应为 16 到 1048576", "it must be 16 to 1048576"),
        )?;
        range(
            (1_000..=120_000).contains(&self.fence_timeout_ms),
            "fence_timeout_ms",
            self.fence_timeout_ms.to_string(),
            ("应为 1000 到 120000", "it must be 1000 to 120000"),
        )?;
        range(
            (20..=1_000).contains(&self.speed_mm_s),
            "speed_mm_s",
            self.speed_mm_s.to_string(),
            (
                "应为 20 到 1000，即厂家标称的最高速度",
                "it must be 20 to 1000, the best speed that the maker names",
            ),
        )?;
        let asked = &self.status.dle_eot;
        let known = asked.iter().enumerate().all(|(i, n)| {
            matches!(n, 1..=4 | &FULL_STATUS) && !asked.iter().take(i).any(|earlier| earlier == n)
        });
        let wanted = ("1、2、3、4、20 各最多写一次", "it must list each of 1, 2, 3, 4 and 20 at most once");
        range(known, "status.dle_eot", format!("{asked:?}"), wanted)?;
        self.check_together()
    }

    /// Refuses facts that can't be true of one printer at once, or would leave the kiosk blind.
    fn check_together(&self) -> Result<(), ProfileError> {
        let refuse = |key, found: (&str, &str), wanted: (&str, &str)| {
            Err(ProfileError::OutOfRange { key, found: found.into(), wanted: wanted.into() })
        };
        let there = ("已有", "there");
        let (full, asked_nothing) = (self.status.full(), self.status.dle_eot.is_empty());
        if full && self.status.asb {
            let wanted = (
                "dle_eot 里有 20 时应为 false：两种应答的开头相同",
                "it must be false where dle_eot has 20: the two answers begin alike",
            );
            return refuse("status.asb", ("true", "true"), wanted);
        }
        if self.presenter.is_some() && !full {
            let wanted = (
                "请不写，或在 status.dle_eot 里加 20：否则无从知道票已取走",
                "leave it out, or add 20 to status.dle_eot: nothing else tells that a ticket was taken",
            );
            return refuse("presenter", there, wanted);
        }
        if self.presenter.is_some() && self.fence == Fence::None {
            let wanted = (
                "请不写：没有 fence 就无从知道票何时可以送出",
                "leave it out: without a fence nobody knows when the ticket is ready to be shown",
            );
            return refuse("presenter", there, wanted);
        }
        if self.fence == Fence::None && asked_nothing {
            let wanted = (
                "fence 为 \"none\" 时应列出打印机会应答的状态：否则无从知道票是打印了还是丢了",
                "it must list a status that the printer answers where fence is \"none\": nothing else tells whether it took \
                 a ticket or swallowed it",
            );
            return refuse("status.dle_eot", ("空", "empty"), wanted);
        }
        let model = self.model.as_deref().unwrap_or("x");
        if !(1..=48).contains(&model.len())
            || !model.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        {
            let wanted = (
                "应为 GS I 67 应答中的词，1 到 48 个 ASCII 字符",
                "it must be a word of the answer to GS I 67, 1 to 48 ASCII characters",
            );
            return refuse("model", ("别的内容", "something else"), wanted);
        }
        Ok(())
    }
}
