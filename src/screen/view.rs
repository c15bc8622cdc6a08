//! The workflow's state as it is shown. Nothing of the site's query is in it before the issue; a code is masked as
//! soon as it is whole, a booking ID all the time but for the letter just typed.

use super::idle::Idle;
use super::lobby::Lobby;
use super::texts::{self, Text};
use super::titles;
use crate::config::settings::Language;
use crate::maintenance::menu::draw::Shown as Menu;
use crate::pickup::input::Readiness;
use crate::pickup::state::{Entering, Front, Half, Hint, Session, Shown, Stage, State, Visit};
use crate::ticket::{Outcome, SeatState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;

/// In place of a character that is not shown.
const MASK: char = '•';

/// What a view is made of beside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// This cinema's name.
    pub cinema: String,
    /// `[kiosk] id`.
    pub kiosk: String,
    /// The cinema's own time.
    pub zone: TimeZone,
    /// The languages offered, the default first.
    pub languages: Vec<Language>,
    /// The one chosen.
    pub language: Language,
    /// What stops the printer, since when.
    pub fault: Option<Fault>,
    /// Codes of everything that is the matter, the gravest first.
    pub notices: Vec<&'static str>,
    /// What is shown beside the instruction.
    pub idle: Arc<Idle>,
    /// What is on, where the cloud has told.
    pub lobby: Option<Arc<Lobby>>,
    /// A screen that is dark in the night is not before this, on the workflow's clock.
    pub awake_until: Duration,
    /// A code came while somebody else is being served.
    pub refused: bool,
    /// What the keypad's key just tapped can still become.
    pub choices: Option<Choices>,
}

/// Letters of one key of a keypad, tapped again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// All of them.
    pub of: Vec<char>,
    /// The one typed now, from 0.
    pub at: usize,
}

/// What stops the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its short code, as P2.
    pub code: &'static str,
    /// What staff should do.
    pub staff: Text,
    /// Since when.
    pub since: Timestamp,
}

/// What is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// `any`, `id` or `number`.
    pub asks: &'static str,
    /// What to show of it.
    pub shown: String,
    /// The half that is known, masked but for its end.
    pub have: Option<String>,
}

/// Tickets begun and tickets in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The one at the printer, from 1.
    pub at: usize,
    /// All of them.
    pub of: usize,
}

/// Everything shown at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Which screen: `welcome`, `entering`, `working`, `printing`, `waiting`, `maintenance` or the outcome's name.
    pub state: &'static str,
    /// The few words above.
    pub title: Text,
    /// The one sentence.
    pub text: Text,
    /// A second sentence: somebody else has scanned meanwhile.
    pub notice: Option<Text>,
    /// What is being typed.
    pub entry: Option<Typed>,
    /// How far the printing is.
    pub progress: Option<Progress>,
    /// Seats and where they stand, once they may be shown.
    pub seats: Vec<(String, SeatState)>,
    /// What the seats are for.
    pub session: Option<Session>,
    /// The claim reference.
    pub claim: Option<String>,
    /// What is wrong with the machine.
    pub fault: Option<Fault>,
    /// When this screen goes by itself, on the workflow's clock.
    pub until: Option<Duration>,
    /// When a code is taken again, on the same clock.
    pub locked_until: Option<Duration>,
    /// The maintenance menu, where it is on this screen.
    pub menu: Option<Menu>,
    /// Where and in which language.
    pub place: Place,
}

/// The view of a state.
pub fn view(state: &State, place: &Place) -> View {
    let plain = |name, title, text| plain(name, title, text, place);
    match &state.front {
        Front::Idle if matches!(state.printer, Readiness::Stopped(_)) => {
            let out = Outcome::OutOfService;
            let text = texts::outcome(out, Hint::None, &place.cinema, 0);
            View { fault: place.fault.clone(), ..plain(out.name(), titles::outcome(out), text) }
        }
        Front::Idle => plain("welcome", titles::welcome(), texts::welcome()),
        Front::Entering(entering) => self::entering(entering, place),
        Front::Busy(visit, Stage::Printing { at }) if takes_ticket(state) => {
            View { text: texts::take_ticket(), ..printing(visit, *at, place) }
        }
        Front::Busy(visit, Stage::Printing { at }) => printing(visit, *at, place),
        Front::Busy(visit, Stage::WaitingForPrinter { until, .. }) => View {
            seats: seats(visit),
            session: visit.session(),
            notice: notice(place),
            until: Some(*until),
            ..plain("waiting", titles::waiting(), texts::waiting_for_printer())
        },
        Front::Busy(visit, _) => working(visit, place),
        Front::Result(shown) => result(shown, place),
        Front::Reprinting { .. } => plain("maintenance", titles::maintenance(), texts::staff_at_work()),
    }
}

/// The query's answer stays unsaid until the issue is this kiosk's own: then the booking is this customer's.
fn working(visit: &Visit, place: &Place) -> View {
    let owed = visit.seats.iter().filter(|seat| seat.state == SeatState::Reserved).count();
    let (title, text) = if visit.own_issue && owed > 0 {
        (titles::found(), texts::found(owed))
    } else {
        (titles::working(), texts::looking())
    };
    View { notice: notice(place), ..plain("working", title, text, place) }
}

fn notice(place: &Place) -> Option<Text> {
    place.refused.then(texts::busy)
}

/// A ticket lies in the presenter: the machine waits for the customer.
fn takes_ticket(state: &State) -> bool {
    state.printer == Readiness::Stopped("P11")
}

fn plain(state: &'static str, title: Text, text: Text, place: &Place) -> View {
    View {
        state,
        title,
        text,
        notice: None,
        entry: None,
        progress: None,
        seats: Vec::new(),
        session: None,
        claim: None,
        fault: None,
        until: None,
        locked_until: None,
        menu: None,
        place: place.clone(),
    }
}

fn entering(entering: &Entering, place: &Place) -> View {
    let (asks, title, text, have) = match &entering.have {
        Half::Neither => ("any", titles::entering(), texts::type_code(), None),
        Half::Number(number) => {
            let have = all_but_last(&number.to_string(), 2);
            ("id", titles::entering_id(), texts::ask_for_id(), Some(have))
        }
        Half::Id(_) => ("number", titles::entering(), texts::ask_for_number(), None),
    };
    let text = if entering.wrong { texts::typed_wrong() } else { text };
    let digits_alone = entering.typed.bytes().all(|b| b.is_ascii_digit());
    let shown =
        if asks != "id" && digits_alone { entering.typed.clone() } else { all_but_last(&entering.typed, 1) };
    View {
        entry: Some(Typed { asks, shown, have }),
        until: Some(entering.until),
        ..plain("entering", title, text, place)
    }
}

fn all_but_last(text: &str, last: usize) -> String {
    let hidden = text.chars().count().saturating_sub(last);
    text.chars().enumerate().map(|(at, c)| if at < hidden { MASK } else { c }).collect()
}

fn printing(visit: &Visit, at: usize, place: &Place) -> View {
    let countable = |seat: &&crate::pickup::state::Seat| seat.state != SeatState::Void;
    let before = visit.seats.iter().take(at).filter(countable).count();
    let of = visit.seats.iter().filter(countable).count();
    let at = before + 1;
    View {
        seats: seats(visit),
        session: visit.session(),
        notice: notice(place),
        progress: Some(Progress { at, of }),
        ..plain("printing", titles::printing(), texts::printing(at, of), place)
    }
}

fn seats(visit: &Visit) -> Vec<(String, SeatState)> {
    visit.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}

fn result(shown: &Shown, place: &Place) -> View {
    let printed = shown.seats.iter().filter(|(_, state)| *state == SeatState::Printed).count();
    let text = texts::outcome(shown.outcome, shown.hint, &place.cinema, printed);
    let locked_until = match shown.hint {
        Hint::Locked { seconds } => Some(shown.since + Duration::from_secs(seconds)),
        _ => None,
    };
    View {
        seats: shown.seats.clone(),
        session: shown.session.clone(),
        claim: shown.claim.map(|claim| claim.to_string()),
        fault: place.fault.clone().filter(|_| shown.outcome == Outcome::OutOfService),
        until: Some(shown.until),
        locked_until,
        ..plain(shown.outcome.name(), titles::outcome(shown.outcome), text, place)
    }
}

#[cfg(test)]
mod tests;
