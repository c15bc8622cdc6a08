//! JSON of the view for the page: one object, always complete.

use super::idle;
use super::texts::{self, Words, labels};
use super::view::{Fault, View};
use crate::locale::{Language, Text};
use crate::maintenance::faults;
use crate::pickup::input::Now;
use crate::pickup::state::BookedShowing;
use crate::screen::settings::Side;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// State of the view while nobody is being served.
const WELCOME: &str = "welcome";
/// State of the view instead of `welcome` while the screen is dark.
const ASLEEP: &str = "asleep";

/// Returns the complete view at this moment: times left are whole seconds, rounded up; the showtimes, and whether the
/// screen is dark, depend on the clock.
pub fn json(view: &View, now: Now) -> Value {
    let place = &view.place;
    let left = |until: Option<Duration>| until.map(|until| seconds_left(until, now.mono));
    let welcome = view.state == WELCOME;
    let dark = welcome && place.idle.is_dark(now, &place.zone, place.awake_until);
    let (state, Words { title, text: said }) =
        if dark { (ASLEEP, &texts::screens::asleep()) } else { (view.state, &view.words) };
    let beside = (welcome && !dark).then_some(place);
    json!({
        "state": state,
        "language": place.language,
        "languages": place.languages,
        "kiosk": place.kiosk,
        "cinema": place.cinema,
        "time_zone": place.zone.iana_name(),
        "title": text(title),
        "text": text(said),
        "where": self::place(view, dark),
        "notice": view.notice.as_ref().map(text),
        "hours": place.idle.hours.filter(|_| dark).map(|hours| hours.to_string()),
        "notes": beside.map(|place| place.idle.notes.iter().map(text).collect::<Vec<_>>()),
        "picture": beside.is_some_and(|place| place.idle.picture.is_some()),
        "lobby": beside.and_then(|place| place.showtimes.as_ref()).map(|lobby| idle::listed(lobby, now, &place.zone)),
        "entry": view.entry.as_ref().map(|typed| json!({
            "asks": typed.asks,
            "shown": typed.shown,
            "have": typed.have,
            "choices": place.choices.as_ref().map(|choices| json!({"of": choices.of, "at": choices.at})),
        })),
        "progress": view.progress.map(|progress| json!({"at": progress.at, "of": progress.of})),
        "seats": view.seats.iter().map(|(name, state)| json!({
            "seat": name,
            "state": state.name(),
            "text": text(&labels::seat(*state)),
        })).collect::<Vec<_>>(),
        "session": view.session.as_ref().map(|session| self::session(session, &place.zone)),
        "claim": view.claim,
        "menu": view.menu,
        "fault": view.fault.as_ref().map(|fault| self::fault(fault, &place.zone)),
        "notices": place.notices.iter().map(|code| faults::row(*code)).map(|fault| json!({
            "code": fault.code,
            "staff": text(&fault.usher()),
        })).collect::<Vec<_>>(),
        "seconds_left": left(view.until),
        "locked_seconds": left(view.locked_until),
        "labels": labels::labels().iter().map(|(name, label)| ((*name).to_owned(), text(label))).collect::<Map<_, _>>(),
    })
}

/// Position of the scanner or of the ticket slot, for the screens that need it.
fn place(view: &View, dark: bool) -> Option<Value> {
    let idle = &view.place.idle;
    let (side, said) = match view.state {
        WELCOME if !dark => idle.scanner.map(|side| (side, texts::idle::scanner_at(side)))?,
        "printing" | "printed" => idle.slot.map(|side| (side, texts::idle::slot_at(side)))?,
        _ => return None,
    };
    let side = match side {
        Side::Above => "above",
        Side::Below => "below",
        Side::Left => "left",
        Side::Right => "right",
    };
    Some(json!({"side": side, "text": text(&said)}))
}

/// Returns a text in both languages, by their names.
pub(super) fn text(text: &Text) -> Value {
    let both = [Language::Chinese, Language::English];
    let pairs = both.map(|language| (name(language).to_owned(), Value::from(text.in_language(language))));
    Value::Object(pairs.into_iter().collect())
}

/// Returns the language's name in the configuration, which is that in the page's `lang`.
fn name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

fn seconds_left(until: Duration, now: Duration) -> u64 {
    let left = until.saturating_sub(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

fn session(session: &BookedShowing, zone: &TimeZone) -> Value {
    json!({"film": session.film, "screen": session.screen, "at": minutes(session.at, zone)})
}

fn fault(fault: &Fault, zone: &TimeZone) -> Value {
    json!({"code": fault.code, "staff": text(&fault.staff), "since": minutes(fault.since, zone)})
}

fn minutes(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}
