//! Showtimes: the showings that a lobby's screen lists while nobody is being served. Pure; the kiosk fills them from
//! its cache of the cloud's sessions (the document's 2.1), which may be some minutes old.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Most showings held: the days on sale of a large cinema.
pub const SHOWINGS_MAX: usize = 1_000;
/// Time ahead within which a showing is among the next ones, in hours.
const NEXT_HOURS: i64 = 24;

/// Known showings of a cinema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showtimes {
    /// Showings in order of time, at most [`SHOWINGS_MAX`].
    pub showings: Vec<Showing>,
    /// Time at which the cloud last told them.
    pub as_of: Timestamp,
}

/// A showing of a film. The document has no English title: the film's name is shown as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Showing {
    /// Title, or the film's ID if it has none.
    pub film: String,
    /// ScreenName, or the screen's number as text.
    pub hall: Option<String>,
    /// Showtime, in the cinema's local time.
    pub starts_at: DateTime,
    /// RunTime, in minutes.
    pub run_time: Option<u32>,
    /// Number of seats that can still be bought, if the seat plan is known; 0 for sold out.
    pub seats_left: Option<u32>,
    /// Lowest price of a ticket type, in fen, if the types are known.
    pub price_from: Option<i64>,
}

/// Showings to list at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<'a> {
    /// Showings that have begun and are not over, the one that began last first.
    pub now_showing: Vec<&'a Showing>,
    /// Showings that have not begun, the nearest first.
    pub next: Vec<&'a Showing>,
    /// Current date at the cinema: a showing of another day needs its date.
    pub today: Date,
}

/// Limits of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most showings listed that have begun.
    pub now_showing: usize,
    /// Most showings listed that are to come.
    pub next: usize,
    /// Minutes after its beginning for which a film without a known length counts as showing.
    pub minutes_after_start: u32,
}

impl Showtimes {
    /// Sorts the showings by time, and keeps as many as fit.
    pub fn new(mut showings: Vec<Showing>, as_of: Timestamp) -> Self {
        showings.sort_by(|one, other| (one.starts_at, &one.film).cmp(&(other.starts_at, &other.film)));
        showings.truncate(SHOWINGS_MAX);
        Self { showings, as_of }
    }

    /// Returns the current and the next showings, at a cinema in this time zone.
    pub fn listing(&self, now: Timestamp, zone: &TimeZone, limits: Limits) -> Listing<'_> {
        let now = zone.to_datetime(now);
        let horizon = now.saturating_add(SignedDuration::from_hours(NEXT_HOURS));
        let begun = self.showings.iter().filter(|showing| showing.starts_at <= now);
        let running = begun.filter(|showing| now < showing.ends_at(limits.minutes_after_start));
        let to_come = self.showings.iter().filter(|s| s.starts_at > now && s.starts_at <= horizon);
        Listing {
            now_showing: running.rev().take(limits.now_showing).collect(),
            next: to_come.take(limits.next).collect(),
            today: now.date(),
        }
    }
}

impl Showing {
    /// Returns true if no seat is left, as far as known.
    pub fn is_sold_out(&self) -> bool {
        self.seats_left == Some(0)
    }

    fn ends_at(&self, minutes_without_length: u32) -> DateTime {
        let minutes = self.run_time.filter(|minutes| *minutes > 0).unwrap_or(minutes_without_length);
        self.starts_at.saturating_add(SignedDuration::from_mins(i64::from(minutes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LIMITS: Limits = Limits { now_showing: 3, next: 4, minutes_after_start: 30 };

    fn showing(film: &str, starts_at: DateTime, run_time: Option<u32>) -> Showing {
        Showing { film: film.into(), hall: None, starts_at, run_time, seats_left: None, price_from: None }
    }

    fn today(hour: i8, minute: i8) -> DateTime {
        date(2026, 11, 24).at(hour, minute, 0, 0)
    }

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    fn at(local: DateTime) -> Timestamp {
        zone().to_timestamp(local).unwrap()
    }

    fn listed<'a>(lobby: &'a Showtimes, now: DateTime) -> (Vec<&'a str>, Vec<&'a str>) {
        let listing = lobby.listing(at(now), &zone(), LIMITS);
        let names = |list: &[&'a Showing]| list.iter().map(|showing| showing.film.as_str()).collect();
        (names(&listing.now_showing), names(&listing.next))
    }

    #[test]
    fn a_film_shows_from_its_first_minute_until_its_last() {
        let lobby = Showtimes::new(vec![showing("long", today(10, 0), Some(97))], Timestamp::UNIX_EPOCH);
        assert_eq!(listed(&lobby, today(9, 59)), (vec![], vec!["long"]));
        assert_eq!(listed(&lobby, today(10, 0)), (vec!["long"], vec![]));
        assert_eq!(listed(&lobby, today(11, 36)), (vec!["long"], vec![]));
        assert_eq!(listed(&lobby, today(11, 37)), (vec![], vec![]));
    }

    #[test]
    fn a_film_without_a_length_shows_for_the_minutes_given() {
        for run_time in [None, Some(0)] {
            let lobby =
                Showtimes::new(vec![showing("unknown", today(10, 0), run_time)], Timestamp::UNIX_EPOCH);
            assert_eq!(listed(&lobby, today(10, 29)), (vec!["unknown"], vec![]));
            assert_eq!(listed(&lobby, today(10, 30)), (vec![], vec![]));
        }
    }

    #[test]
    fn the_nearest_are_listed_and_no_more_than_asked() {
        let every_hour = (8..23).map(|hour| showing(&hour.to_string(), today(hour, 0), Some(600))).rev();
        let lobby = Showtimes::new(every_hour.collect(), Timestamp::UNIX_EPOCH);
        let (now_showing, next) = listed(&lobby, today(12, 30));
        assert_eq!(now_showing, ["12", "11", "10"]);
        assert_eq!(next, ["13", "14", "15", "16"]);
    }

    #[test]
    fn tomorrow_is_told_by_its_date_and_next_week_not_at_all() {
        let tomorrow = date(2026, 11, 25).at(9, 0, 0, 0);
        let all = vec![showing("t", tomorrow, None), showing("w", date(2026, 12, 1).at(9, 0, 0, 0), None)];
        let lobby = Showtimes::new(all, Timestamp::UNIX_EPOCH);
        assert_eq!(listed(&lobby, today(23, 30)), (vec![], vec!["t"]));
        let listing = lobby.listing(at(today(23, 30)), &zone(), LIMITS);
        assert_ne!(listing.next[0].starts_at.date(), listing.today);
    }

    #[test]
    fn the_edges_of_time_and_too_many_sessions_do_no_harm() {
        let many = vec![showing("last", DateTime::MAX, Some(u32::MAX)); SHOWINGS_MAX + 1];
        let lobby = Showtimes::new(many, Timestamp::UNIX_EPOCH);
        assert_eq!(lobby.showings.len(), SHOWINGS_MAX);
        for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            assert_eq!(lobby.listing(now, &zone(), LIMITS).now_showing, [] as [&Showing; 0]);
        }
        assert!(Showing { seats_left: Some(0), ..showing("full", DateTime::MIN, None) }.is_sold_out());
    }
}
