//! View: the state of the workflow as it is shown. It has nothing of the site's query before the issue; a code is
//! masked as soon as it is complete, a booking ID always except for the letter just typed.

use super::idle::Idle;
use super::showtimes::Showtimes;
use super::texts;
use super::titles;
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
    /// Title, the few words above.
    pub title: Text,
    /// Text, one sentence.
    pub text: Text,
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
    let plain = |name, title, text| plain(name, title, text, place);
    match &state.customer {
        CustomerState::Idle if matches!(state.printer, Readiness::Stopped(_)) => {
            let out = Outcome::OutOfService;
            let text = texts::outcome(out, Hint::None, &place.cinema, 0);
            View { fault: place.fault.clone(), ..plain(out.name(), titles::outcome(out), text) }
        }
        CustomerState::Idle => plain("welcome", titles::welcome(), texts::welcome()),
        CustomerState::EnteringCode(entering) => self::entering(entering, place),
        CustomerState::Busy(active, Stage::Printing { at }) if takes_ticket(state) => {
            View { text: texts::take_ticket(), ..printing(active, *at, place) }
        }
        CustomerState::Busy(active, Stage::Printing { at }) => printing(active, *at, place),
        CustomerState::Busy(active, Stage::WaitingForPrinter { until, .. }) => View {
            seats: seats(active),
            session: active.session(),
            notice: notice(place),
            until: Some(*until),
            ..plain("waiting", titles::waiting(), texts::waiting_for_printer())
        },
        CustomerState::Busy(active, _) => working(active, place),
        CustomerState::Result(shown) => result(shown, place),
        CustomerState::Reprinting { .. } => {
            plain("maintenance", titles::maintenance(), texts::staff_at_work())
        }
    }
}

/// Shows nothing of the query's answer until the issue is this kiosk's own: then the booking is this customer's.
fn working(active: &ActivePickup, place: &ViewContext) -> View {
    let owed = active.seats.iter().filter(|seat| seat.state == SeatState::Reserved).count();
    let (title, text) = if active.own_issue && owed > 0 {
        (titles::found(), texts::found(owed))
    } else {
        (titles::working(), texts::looking())
    };
    View { notice: notice(place), ..plain("working", title, text, place) }
}

fn notice(place: &ViewContext) -> Option<Text> {
    place.refused.then(texts::busy)
}

/// Returns true if a ticket is in the presenter: the machine waits for the customer.
fn takes_ticket(state: &State) -> bool {
    state.printer == Readiness::Stopped(FaultCode::TicketWaiting)
}

fn plain(state: &'static str, title: Text, text: Text, place: &ViewContext) -> View {
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

fn entering(entering: &CodeEntry, place: &ViewContext) -> View {
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
        ..plain("printing", titles::printing(), texts::printing(at, of), place)
    }
}

fn seats(active: &ActivePickup) -> Vec<(String, SeatState)> {
    active.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}

fn result(shown: &Shown, place: &ViewContext) -> View {
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
