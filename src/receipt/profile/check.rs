//! Checks of a profile beyond its types: ranges, and facts that exclude one another.

use super::{FULL_STATUS, Fence, Profile, ProfileError};

impl Profile {
    pub(super) fn check(&self) -> Result<(), ProfileError> {
        let range = |ok: bool, key, found: String, wanted| {
            if ok { Ok(()) } else { Err(ProfileError::OutOfRange { key, found, wanted }) }
        };
        let name_length = self.name.chars().count();
        let plain_name = !self.name.chars().any(char::is_control);
        range(
            (1..=48).contains(&name_length) && plain_name,
            "name",
            format!("{name_length} characters long"),
            "it must be 1 to 48 characters, none of them control characters",
        )?;
        range(
            (192..=1280).contains(&self.width_dots) && self.width_dots.is_multiple_of(8),
            "width_dots",
            self.width_dots.to_string(),
            "it must be 192 to 1280 and a multiple of 8 (80 mm paper: 576 or 512; 58 mm: 384)",
        )?;
        range(
            (100..=400).contains(&self.dots_per_inch),
            "dots_per_inch",
            self.dots_per_inch.to_string(),
            "it must be 100 to 400 (most heads: 203; TM-T88: 180)",
        )?;
        range(
            (16..=1_048_576).contains(&self.buffer_bytes),
            "buffer_bytes",
            self.buffer_bytes.to_string(),
            "it must be 16 to 1048576",
        )?;
        range(
            (1_000..=120_000).contains(&self.fence_timeout_ms),
            "fence_timeout_ms",
            self.fence_timeout_ms.to_string(),
            "it must be 1000 to 120000",
        )?;
        range(
            (20..=1_000).contains(&self.speed_mm_s),
            "speed_mm_s",
            self.speed_mm_s.to_string(),
            "it must be 20 to 1000, the best speed that the maker names",
        )?;
        let asked = &self.status.dle_eot;
        let known = asked.iter().enumerate().all(|(i, n)| {
            matches!(n, 1..=4 | &FULL_STATUS) && !asked.iter().take(i).any(|earlier| earlier == n)
        });
        let wanted = "it must list each of 1, 2, 3, 4 and 20 at most once";
        range(known, "status.dle_eot", format!("{asked:?}"), wanted)?;
        self.check_together()
    }

    /// Refuses facts that can't be true of one printer at once, or would leave the kiosk blind.
    fn check_together(&self) -> Result<(), ProfileError> {
        let refuse =
            |key, found: &str, wanted| Err(ProfileError::OutOfRange { key, found: found.to_owned(), wanted });
        let (full, asked_nothing) = (self.status.full(), self.status.dle_eot.is_empty());
        if full && self.status.asb {
            let wanted = "it must be false where dle_eot has 20: the two answers begin alike";
            return refuse("status.asb", "true", wanted);
        }
        if self.presenter.is_some() && !full {
            let wanted =
                "leave it out, or add 20 to status.dle_eot: nothing else tells that a ticket was taken";
            return refuse("presenter", "there", wanted);
        }
        if self.presenter.is_some() && self.fence == Fence::None {
            let wanted = "leave it out: without a fence nobody knows when the ticket is ready to be shown";
            return refuse("presenter", "there", wanted);
        }
        if self.fence == Fence::None && asked_nothing {
            let wanted = "it must list a status that the printer answers where fence is \"none\": nothing else tells \
                          whether it took a ticket or swallowed it";
            return refuse("status.dle_eot", "empty", wanted);
        }
        let model = self.model.as_deref().unwrap_or("x");
        if !(1..=48).contains(&model.len())
            || !model.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
        {
            let wanted = "it must be a word of the answer to GS I 67, 1 to 48 ASCII characters";
            return refuse("model", "something else", wanted);
        }
        Ok(())
    }
}
