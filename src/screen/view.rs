//! The workflow's state as it is shown. Nothing of the site's query is in it before the issue.

use super::texts::{self, Text};
use crate::pickup::state::{Front, Half, Shown, Stage, State, Visit};
use crate::ticket::SeatState;

/// Everything shown at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Which screen: `welcome`, `entering`, `working`, `printing`, `waiting`, `maintenance` or the outcome's name.
    pub state: &'static str,
    /// The one sentence.
    pub text: Text,
    /// Seats and where they stand, once they may be shown.
    pub seats: Vec<(String, SeatState)>,
    /// The claim reference.
    pub claim: Option<String>,
}

/// The view of a state. `cinema` is this cinema's name.
pub fn view(state: &State, cinema: &str) -> View {
    match &state.front {
        Front::Idle => plain("welcome", texts::welcome()),
        Front::Entering(entering) => {
            let text = match entering.have {
                _ if entering.wrong => texts::typed_wrong(),
                Half::Neither => texts::welcome(),
                Half::Number(_) => texts::ask_for_id(),
                Half::Id(_) => texts::ask_for_number(),
            };
            plain("entering", text)
        }
        Front::Busy(visit, Stage::Printing { at }) => printing(visit, *at),
        Front::Busy(visit, Stage::WaitingForPrinter { .. }) => {
            View { seats: seats(visit), ..plain("waiting", texts::waiting_for_printer()) }
        }
        Front::Busy(..) => plain("working", texts::looking()),
        Front::Result(shown) => result(shown, cinema),
        Front::Reprinting { .. } => plain("maintenance", texts::staff_at_work()),
    }
}

fn plain(state: &'static str, text: Text) -> View {
    View { state, text, seats: Vec::new(), claim: None }
}

fn printing(visit: &Visit, at: usize) -> View {
    let countable = |seat: &&crate::pickup::state::Seat| seat.state != SeatState::Void;
    let before = visit.seats.iter().take(at).filter(countable).count();
    let all = visit.seats.iter().filter(countable).count();
    View { seats: seats(visit), ..plain("printing", texts::printing(before + 1, all)) }
}

fn seats(visit: &Visit) -> Vec<(String, SeatState)> {
    visit.seats.iter().map(|seat| (seat.name.clone(), seat.state)).collect()
}

fn result(shown: &Shown, cinema: &str) -> View {
    let printed = shown.seats.iter().filter(|(_, state)| *state == SeatState::Printed).count();
    View {
        state: shown.outcome.name(),
        text: texts::outcome(shown.outcome, shown.hint, cinema, printed),
        seats: shown.seats.clone(),
        claim: shown.claim.map(|claim| claim.to_string()),
    }
}
