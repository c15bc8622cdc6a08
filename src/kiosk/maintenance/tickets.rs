//! Tickets for staff to settle, as the menu lists them.

use super::report::no;
use crate::journal::export;
use crate::journal::store::{Filter, Handle, JournalError};
use crate::journal::view::PickupView;
use crate::kiosk::control::DROPPED;
use crate::kiosk::journal_pages::NO_HANDLE;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::request::ControlAnswer;
use crate::kiosk::stopped::Stopped;
use crate::maintenance::menu::ask::{Case, MenuAnswer, Report};
use crate::maintenance::texts;
use crate::ticket::SeatState;
use tokio::sync::oneshot;

/// Unsettled tickets that a list has at most; the rest comes when these are settled.
const CASES_MAX: usize = 90;
/// Unsettled pickups looked at for it, the oldest first.
const PICKUPS_MAX: usize = 500;

/// Every ticket uncertain or owed.
pub(super) async fn cases(journal: &JournalThread) -> Result<MenuAnswer, Stopped> {
    let filter = Filter { business_day: None, unresolved: true };
    let found = journal.with(move |journal| journal.records().page(filter, 0, PICKUPS_MAX)).await?;
    Ok(match found {
        Ok((found, _)) => MenuAnswer::Cases(unsettled(&found)),
        Err(error) => no(error.text()),
    })
}

/// The tickets uncertain or owed of one claim reference; its pickup's story where none is.
pub(super) async fn claim(journal: &JournalThread, claim: String) -> Result<MenuAnswer, Stopped> {
    let Some(handle) = Handle::parse(&claim) else { return Ok(no(NO_HANDLE)) };
    let unknown = texts::tickets::unknown_claim(&claim);
    let found = journal.with(move |journal| journal.records().show(&handle)).await?;
    Ok(match found {
        Ok(story) => match unsettled(std::slice::from_ref(&story.pickup)) {
            cases if cases.is_empty() => {
                MenuAnswer::Report(Report::yes(export::timeline_text(&story).lines()))
            }
            cases => MenuAnswer::Cases(cases),
        },
        Err(JournalError::NoSuchPickup(_)) => MenuAnswer::Report(Report::no(vec![unknown])),
        Err(error) => no(error.text()),
    })
}

/// The end of a ticket's settlement.
pub(super) async fn settled(wait: oneshot::Receiver<ControlAnswer>) -> MenuAnswer {
    let said = wait.await.map(|reply| (reply.ok, reply.told()));
    let (ok, text) = said.unwrap_or_else(|_| (false, DROPPED.into()));
    let outcome = if ok { texts::tickets::settled() } else { texts::tickets::not_settled() };
    MenuAnswer::Report(Report { ok, lines: vec![outcome, text] })
}

/// Tickets uncertain or owed, each once, with the latest pickup that has a claim reference.
fn unsettled(pickups: &[PickupView]) -> Vec<Case> {
    let mut cases: Vec<(Option<String>, Case)> = Vec::new();
    for pickup in pickups {
        for ticket in &pickup.tickets {
            if !matches!(ticket.state, SeatState::Uncertain | SeatState::Reserved) {
                continue;
            }
            let case = Case {
                pickup: pickup.pickup.clone(),
                claim: pickup.claim.clone(),
                seat: ticket.seat.clone(),
                state: ticket.state,
                at: pickup.started_at.get(5..16).unwrap_or_default().replace('T', " "),
            };
            let same = |(number, known): &&mut (Option<String>, Case)| {
                number.is_some() && *number == pickup.booking_number && known.seat == case.seat
            };
            match cases.iter_mut().find(same) {
                Some((_, known)) if case.claim.is_some() || known.claim.is_none() => *known = case,
                Some(_) => {}
                None => cases.push((pickup.booking_number.clone(), case)),
            }
        }
    }
    cases.truncate(CASES_MAX);
    cases.into_iter().map(|(_, case)| case).collect()
}
