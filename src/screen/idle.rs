//! Idle screen: notes, showtimes and the cinema's picture beside the instruction, shown while nobody is being served;
//! dark at night.

use super::hours::Hours;
use super::json;
use super::picture::Picture;
use super::showtimes::{Limits, Showing, Showtimes};
use super::texts;
use crate::locale::Text;
use crate::pickup::input::Now;
use crate::screen::settings::Side;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Time for which a dark screen stays awake after the last touch, or after a customer.
pub const AWAKE: Duration = Duration::from_secs(60);
/// Most notes on what this machine does not do.
pub const NOTES_MAX: usize = 4;
/// Limits of the list. A film without a length, which the document gives, counts as showing for two hours.
const LIMITS: Limits = Limits { now_showing: 3, next: 5, minutes_after_start: 120 };

/// Settings of the idle screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Idle {
    /// Notes on what this machine does not do, a line each.
    pub notes: Vec<Text>,
    /// Opening hours, outside of which the screen is dark; `None` if it never is.
    pub hours: Option<Hours>,
    /// Picture of the cinema.
    pub picture: Option<Arc<Picture>>,
    /// Position of the scanner, seen from the screen.
    pub scanner: Option<Side>,
    /// Position of the ticket slot, seen from the screen.
    pub slot: Option<Side>,
}

impl Idle {
    /// Returns true if the screen is dark. `awake_until` is on the workflow's clock.
    pub fn is_dark(&self, now: Now, zone: &TimeZone, awake_until: Duration) -> bool {
        let closed = self.hours.is_some_and(|hours| !hours.open_at(zone.to_datetime(now.wall).time()));
        closed && now.mono >= awake_until
    }
}

/// Returns the showings to list, as JSON for the page.
pub(super) fn listed(lobby: &Showtimes, now: Now, zone: &TimeZone) -> Value {
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
        "day": (date != today).then(|| json::text(&texts::idle::weekday(date.weekday()))),
        "sold_out": showing.is_sold_out(),
    })
}
