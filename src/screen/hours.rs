//! Opening hours: outside of them the screen is dark while nobody uses it.

use jiff::civil::Time;
use std::fmt;

/// Opening hours of the cinema, in its local time; they may run across midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    opens: Time,
    closes: Time,
}

impl Hours {
    /// Reads `HH:MM-HH:MM`; `None` if it has another form, or if both times are the same.
    pub fn parse(text: &str) -> Option<Self> {
        let (opens, closes) = text.split_once('-')?;
        let hours = Self { opens: hours_and_minutes(opens)?, closes: hours_and_minutes(closes)? };
        (hours.opens != hours.closes).then_some(hours)
    }

    /// Returns true if the cinema is open at this time of day. The closing minute itself belongs to the night.
    pub fn open_at(self, time: Time) -> bool {
        if self.opens < self.closes {
            (self.opens..self.closes).contains(&time)
        } else {
            time >= self.opens || time < self.closes
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.opens.strftime("%H:%M"), self.closes.strftime("%H:%M"))
    }
}

/// Reads a time of day, `HH:MM`.
pub fn hours_and_minutes(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn a_day_ends_on_the_minute() {
        let hours = Hours::parse("09:30-22:00").unwrap();
        for (hour, minute, open) in
            [(9, 29, false), (9, 30, true), (21, 59, true), (22, 0, false), (3, 0, false)]
        {
            assert_eq!(hours.open_at(time(hour, minute, 0, 0)), open, "{hour}:{minute}");
        }
    }

    #[test]
    fn a_night_show_runs_across_midnight() {
        let hours = Hours::parse("10:00-02:30").unwrap();
        for (hour, minute, open) in
            [(23, 59, true), (0, 0, true), (2, 29, true), (2, 30, false), (9, 59, false), (10, 0, true)]
        {
            assert_eq!(hours.open_at(time(hour, minute, 0, 0)), open, "{hour}:{minute}");
        }
        assert_eq!(hours.to_string(), "10:00–02:30");
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for wrong in [
            "",
            "-",
            "09:00",
            "9:00-22:00",
            "09:00-24:00",
            "09:60-10:00",
            "09:00-09:00",
            "09:00–22:00",
            "09:00-22:00-23:00",
        ] {
            assert_eq!(Hours::parse(wrong), None, "{wrong:?}");
        }
    }
}
