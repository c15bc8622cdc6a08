//! Business day: from an hour in the morning to the same hour of the next. Pure.

use crate::locale::{Text, display_text, text};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use thiserror::Error;

/// Error in a setting of the business day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DayError {
    /// The start of the business day is not HH:MM.
    Start(String),
    /// The time zone is not an IANA name.
    Zone(String),
}

display_text!(DayError);

impl DayError {
    /// Returns the error in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Start(found) => text!(
                "[pickup] business_day_start 为 \"{found}\"：应为时刻 HH:MM，如 \"06:00\"",
                "[pickup] business_day_start is \"{found}\": it should be a time of day as HH:MM, like \"06:00\""
            ),
            Self::Zone(found) => text!(
                "[cinema] timezone 为 \"{found}\"：应为 IANA 名称，如 \"Asia/Shanghai\"",
                "[cinema] timezone is \"{found}\": it should be an IANA name, like \"Asia/Shanghai\""
            ),
        }
    }
}

/// The cinema's business days: its time zone and the time at which they begin.
#[derive(Debug, Clone)]
pub struct BusinessDays {
    zone: TimeZone,
    start: Time,
}

impl BusinessDays {
    /// Reads the time zone's IANA name and the start of the business day as HH:MM.
    ///
    /// # Errors
    /// [`DayError`] names the key and what would be right.
    pub fn new(zone: &str, start: &str) -> Result<Self, DayError> {
        let read = |part: &str| {
            let plain = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i8>().ok()).flatten()
        };
        let time =
            start.split_once(':').and_then(|(hour, minute)| Time::new(read(hour)?, read(minute)?, 0, 0).ok());
        let start = time.ok_or_else(|| DayError::Start(start.to_owned()))?;
        let zone = TimeZone::get(zone).map_err(|_| DayError::Zone(zone.to_owned()))?;
        Ok(Self { zone, start })
    }

    /// Returns the business day a moment belongs to.
    pub fn of(&self, at: Timestamp) -> Date {
        let local = self.zone.to_datetime(at);
        if local.time() < self.start {
            local.date().yesterday().unwrap_or(local.date())
        } else {
            local.date()
        }
    }

    /// Returns the business day of a moment as a number: days since 1970-01-01.
    pub(super) fn number(&self, at: Timestamp) -> i64 {
        day_number(self.of(at))
    }

    /// Formats a moment with the cinema's offset and milliseconds, as 2026-11-24T10:00:00.123+08:00.
    pub fn stamp(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
    }

    /// Formats a moment for people: 2026-11-24 10:00:00.
    pub fn clock(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// Returns the number of a date: days since 1970-01-01.
pub(super) fn day_number(date: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// Returns the date of a [`day_number`].
pub(super) fn date_of(number: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(i32::try_from(number).ok()?.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_belongs_to_the_day_before() {
        let days = BusinessDays::new("Asia/Shanghai", "06:00").unwrap();
        let date = |text: &str| days.of(text.parse().unwrap()).to_string();
        assert_eq!(date("2026-11-24T05:59:59.999+08:00"), "2026-11-23");
        assert_eq!(date("2026-11-24T06:00:00+08:00"), "2026-11-24");
        assert_eq!(date("2026-11-24T23:00:00Z"), "2026-11-25");
        let number = days.number("2026-11-24T12:00:00+08:00".parse().unwrap());
        assert_eq!(date_of(number).unwrap().to_string(), "2026-11-24");
    }

    #[test]
    fn stamps_have_offset_and_milliseconds() {
        let days = BusinessDays::new("Asia/Shanghai", "06:00").unwrap();
        let at = "2026-11-24T02:00:00.1239Z".parse().unwrap();
        assert_eq!(days.stamp(at), "2026-11-24T10:00:00.123+08:00");
    }

    #[test]
    fn what_is_no_time_or_zone_is_named() {
        for bad in ["6:00", "24:00", "06:60", "06", "+6:00", ""] {
            assert_eq!(
                BusinessDays::new("Asia/Shanghai", bad).unwrap_err(),
                DayError::Start(bad.into()),
                "{bad}"
            );
        }
        assert!(matches!(BusinessDays::new("Mars/Olympus", "06:00"), Err(DayError::Zone(_))));
    }
}
