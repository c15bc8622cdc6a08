//! What a screen shows beside its instruction while nobody is being served: what this machine does not do, what is
//! on, the cinema's picture, and in the night nothing of all that.

use super::hours::Hours;
use super::json;
use super::lobby::{Limits, Lobby, Showing};
use super::picture::Picture;
use super::texts::{self, Text};
use crate::config::settings::Side;
use crate::pickup::input::Now;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A dark screen that was woken stays awake so long after the last touch, or after a customer.
pub const AWAKE: Duration = Duration::from_secs(60);
/// Lines that say what this machine does not do.
pub const NOTES_MAX: usize = 4;
/// What is listed. The document gives each film's length; one without it counts as showing for two hours.
const LIMITS: Limits = Limits { now_showing: 3, next: 5, minutes_after_start: 120 };

/// What the configuration says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Idle {
    /// What this machine does not do, a line each.
    pub notes: Vec<Text>,
    /// Outside of these the screen is dark; none: it never is.
    pub hours: Option<Hours>,
    /// The cinema's picture.
    pub picture: Option<Arc<Picture>>,
    /// Where the scanner is, seen from the screen.
    pub scanner: Option<Side>,
    /// Where the tickets come out.
    pub slot: Option<Side>,
}

impl Idle {
    /// Whether the screen is dark. `awake_until` is on the workflow's clock.
    pub fn is_dark(&self, now: Now, zone: &TimeZone, awake_until: Duration) -> bool {
        let closed = self.hours.is_some_and(|hours| !hours.open_at(zone.to_datetime(now.wall).time()));
        closed && now.mono >= awake_until
    }
}

/// The sessions to list, as the page gets them.
pub(super) fn listed(lobby: &Lobby, now: Now, zone: &TimeZone) -> Value {
    let listing = lobby.listing(now.wall, zone, LIMITS);
    let all = |showings: &[&Showing]| -> Vec<Value> {
        showings.iter().map(|showing| line(showing, listing.today)).collect()
    };
    json!({"now": all(&listing.now_showing), "next": all(&listing.next)})
}

fn line(showing: &Showing, today: Date) -> Value {
    let date = showing.starts_at.date();
    json!({
        "film": showing.film,
        "hall": showing.hall,
        "at": showing.starts_at.strftime("%H:%M").to_string(),
        "day": (date != today).then(|| json::text(&texts::weekday(date.weekday()))),
        "sold_out": showing.is_sold_out(),
    })
}
