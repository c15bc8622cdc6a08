//! View: the state of the workflow as it is shown. It has nothing of the site's query before the issue; a code is
//! masked as soon as it is complete, a booking ID always except for the letter just typed.

use super::idle::Idle;
use super::showtimes::Showtimes;
use super::texts::{Words, outcomes, screens};
use crate::fault_code::FaultCode;
use crate::locale::{Language, Text};
use crate::maintenance::menu::draw::Shown as Menu;
use crate::pickup::input::Readiness;
use crate::pickup::state::{
    ActivePickup, BookedShowing, CodeEntry, CustomerState, Half, Hint, Shown, Stage, State,
};
use crate::ticket::{Outcome, SeatState};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;

/// Substitute for a character that is not shown.
const MASK: char = '•';

/// Inputs to a view besides the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewContext {
    /// Name of this cinema.
    pub cinema: String,
    /// Name of the kiosk, `[kiosk] id`.
    pub kiosk: String,
    /// Time zone of the cinema.
    pub zone: TimeZone,
    /// Languages offered, the default first.
    pub languages: Vec<Language>,
    /// Language chosen.
    pub language: Language,
    /// Fault that stops the printer.
    pub fault: Option<Fault>,
    /// Codes of all current faults, the gravest first.
    pub notices: Vec<FaultCode>,
    /// Settings of the idle screen.
    pub idle: Arc<Idle>,
    /// Current showtimes, if the cloud has told them.
    pub showtimes: Option<Arc<Showtimes>>,
    /// Time before which a dark screen stays awake, on the workflow's clock.
    pub awake_until: Duration,
    /// True if a code came while somebody else is being served.
    pub refused: bool,
    /// Letters of the keypad's key just tapped.
    pub choices: Option<Choices>,
}

impl ViewContext {
    /// Creates the context of a machine that has just started, in the first of its languages.
    pub fn new(cinema: String, kiosk: String, zone: TimeZone, languages: Vec<Language>) -> Self {
        Self {
            cinema,
            kiosk,
            zone,
            language: default_language(&languages),
            languages,
            fault: None,
            notices: Vec::new(),
            idle: Arc::default(),
            showtimes: None,
            awake_until: Duration::ZERO,
            refused: false,
            choices: None,
        }
    }
}

/// Returns the language in which a customer is greeted: the first of those offered.
pub fn default_language(languages: &[Language]) -> Language {
    languages.first().copied().unwrap_or(Language::Chinese)
}

/// Letters of one key of a keypad, cycled through by repeated taps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// All letters of the key.
    pub of: Vec<char>,
    /// Index of the letter typed now, from 0.
    pub at: usize,
}

/// A fault that stops the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Short code, for example P2.
    pub code: FaultCode,
    /// Instruction for staff.
    pub staff: Text,
    /// Time at which the fault began.
    pub since: Timestamp,
}

/// Code being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Kind of code asked for: `any`, `id` or `number`.
    pub asks: &'static str,
    /// Text to show for the part typed.
    pub shown: String,
    /// Half of the code that is known, masked except for its end.
    pub have: Option<String>,
}

/// Number of tickets begun, and of all tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Number of the ticket at the printer, from 1.
    pub at: usize,
    /// Number of all tickets.
    pub of: usize,
}

/// Content of the screen at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Name of the screen: `welcome`, `entering`, `working`, `printing`, `waiting`, `maintenance`, or the outcome's
    /// name.
    pub state: &'static str,
    /// Title and text.
    pub words: Words,
    /// Second sentence, after a scan by somebody else.
    pub notice: Option<Text>,
    /// Code being typed.
    pub entry: Option<Typed>,
    /// Progress of the printing.
    pub progress: Option<Progress>,
    /// Names of the seats with their state, once they may be shown.
    pub seats: Vec<(String, SeatState)>,
    /// Showing that the seats are for.
    pub session: Option<BookedShowing>,
    /// Claim reference.
    pub claim: Option<String>,
    /// Fault of the machine.
    pub fault: Option<Fault>,
    /// End of this screen, on the workflow's clock.
    pub until: Option<Duration>,
    /// Time from which a code is accepted again, on the same clock.
    pub locked_until: Option<Duration>,
    /// Maintenance menu, if it is on this screen.
    pub menu: Option<Menu>,
    /// Context of the view, for example the language.
    pub place: ViewContext,
}

/// Returns the view of a state.
pub fn view(state: &State, place: &ViewContext) -> View {
    let plain = |name, words| View::plain(name, words, place.clone());
    match &state.customer {
        CustomerState::Idle if matches!(state.printer, Readiness::Stopped(_)) => {
            let out = Outcome::OutOfService;
            let words = outcomes::outcome(out, Hint::None, &place.cinema, 0);
            View { fault: place.fault.clone(), ..plain(out.name(), words) }
        }
        CustomerState::Idle => plain("welcome", screens::welcome()),
        CustomerState::EnteringCode(entering) => self::entering(entering, place),
        CustomerState::Busy(active, Stage::Printing { at }) if takes_ticket(state) => {
            let printing = printing(active, *at, place);
            let words = Words { text: screens::take_ticket(), ..printing.words };
            View { words, ..printing }
        }
        CustomerState::Busy(active, Stage::Printing { at }) => printing(active, *at, place),
        CustomerState::Busy(active, Stage::WaitingForPrinter { until, .. }) => View {
            seats: seats(active),
            session: active.session(),
            notice: notice(place),
            until: Some(*until),
            ..plain("waiting", screens::waiting())
        },
        CustomerState::Busy(active, _) => working(active, place),
        CustomerState::Result(shown) => result(shown, place),
        CustomerState::Reprinting { .. } => plain("maintenance", screens::staff_at_work()),
    }
}

/// Shows nothing of the query's answer until the issue is this kiosk's own: then the booking is this customer's.
fn working(active: &ActivePickup, place: &ViewContext) -> View {
    let owed = active.seats.iter().filter(|seat| seat.state == SeatState::Reserved).count();
    let words = if active.own_issue && owed > 0 { screens::found(owed) } else { screens::working() };
    View { notice: notice(place), ..View::plain("working", words, place.clone()) }
}

fn notice(place: &ViewContext) -> Option<Text> {
    place.refused.then(screens::busy)
}

/// Returns true if a ticket is in the presenter: the machine waits for the customer.
fn takes_ticket(state: &State) -> bool {
    state.printer == Readiness::Stopped(FaultCode::TicketWaiting)
}

impl View {
    /// Returns a view of words alone.
    pub fn plain(state: &'static str, words: Words, place: ViewContext) -> Self {
        Self {
            state,
            words,
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
            place,
        }
    }
}

fn entering(entering: &CodeEntry, place: &ViewContext) -> View {
    let (asks, mut words, have) = match &entering.have {
        Half::Neither => ("any", screens::entering(), None),
        Half::Number(number) => {
            let have = all_but_last(&number.to_string(), 2);
            ("id", screens::entering_id(), Some(have))
        }
        Half::Id(_) => ("number", screens::entering_number(), None),
    };
    if entering.wrong {
        words.text = screens::typed_wrong();
    }
    let digits_alone = entering.typed.bytes().all(|b| b.is_ascii_digit());
    let shown =
        if asks != "id" && digits_alone { entering.typed.clone() } else { all_but_last(&entering.typed, 1) };
    View {
        entry: Some(Typed { asks, shown, have }),
        until: Some(entering.until),
        ..View::plain("entering", words, place.clone())
    }
}

fn all_but_last(text: &str, last: usize) -> String {
    let hidden = text.chars().count().saturating_sub(last);
    text.chars().enumerate().map(|(at, c)| if at < hidden { MASK } else { c }).collect()
}

fn printing(active: &ActivePickup, at: usize, place: &ViewContext) -> View {
    let countable = |seat: &&crate::pickup::state::Seat| seat.state != SeatState::Void;
    let before = active.seats.iter().take(at).filter(countable).count();
    let of = active.seats.iter().filter(countable).count();
    let at = before + 1;
    View {
        seats: seats(active),
        session: active.session(),
        notice: notice(place),
        progress: Some(Progress { at, of }),
        ..View::plain("printing", screens::printing(at, of), place.clone())
    }
}

fn seats(active: &ActivePickup) -> Vec<(String, SeatState)> {
    active.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}

fn result(shown: &Shown, place: &ViewContext) -> View {
    let printed = shown.seats.iter().filter(|(_, state)| *state == SeatState::Printed).count();
    let words = outcomes::outcome(shown.outcome, shown.hint, &place.cinema, printed);
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
        ..View::plain(shown.outcome.name(), words, place.clone())
    }
}

#[cfg(test)]
mod tests;
