//! Runs of the loop until something is so, or a limit passes.

use super::Kiosk;
use super::control::DROPPED;
use super::event::{Event, Wakeup};
use super::request::{Call, Code, ControlAnswer, Request};
use super::stopped::Stopped;
use crate::journal::record::PickupId;
use crate::pickup::input::{Input, Scan, Source};
use crate::pickup::state::CustomerState;
use crate::sarft::probe::Ask;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Goes on until the ticket at the printer is out, or the limit passes: for a stop in good order. No code
/// is taken any more.
///
/// # Errors
/// When a part has ended.
pub async fn finish_ticket(kiosk: &mut Kiosk, limit: Duration) -> Result<(), Stopped> {
    kiosk.handle_input(Input::Stop).await?;
    let until = Instant::now() + limit;
    while kiosk.is_printing() && kiosk.event_before(until).await? {}
    Ok(())
}

/// One pickup, until the site has its report and the last paper is out, or the limit for that has passed.
///
/// # Errors
/// When a part has ended.
pub async fn perform(kiosk: &mut Kiosk, code: &str, settle: Duration) -> Result<PickupId, Stopped> {
    let pickup = kiosk.present(Source::Argument, Scan::Text(code.to_owned())).await?;
    loop {
        match &kiosk.state().customer {
            // Nobody is there to type the missing half.
            CustomerState::EnteringCode(_) => kiosk.handle_input(Input::Leave).await?,
            CustomerState::Idle | CustomerState::Result(_) => break,
            CustomerState::Busy(..) | CustomerState::Reprinting { .. } => {
                let happening = kiosk.wait().await?;
                kiosk.handle_event(happening).await?;
            }
        }
    }
    let until = Instant::now() + settle;
    while !kiosk.state().backlog.nothing_due() || kiosk.is_printing() {
        if !kiosk.step_before(until).await? {
            break;
        }
    }
    Ok(pickup)
}

/// One turn with the site about a test booking, as if another command had asked for it.
///
/// # Errors
/// When a part has ended.
pub async fn probe(kiosk: &mut Kiosk, code: &Code, ask: Ask) -> Result<ControlAnswer, Stopped> {
    let (reply, mut answer) = oneshot::channel();
    let request = Request::ProbeSite { code: code.clone(), ask };
    kiosk.handle_event(Wakeup::Event(Event::Call(Call { request, reply }))).await?;
    loop {
        let happening = tokio::select! {
            answer = &mut answer => return Ok(answer.unwrap_or_else(|_| ControlAnswer::no(DROPPED))),
            happening = kiosk.wait() => happening?,
        };
        kiosk.handle_event(happening).await?;
    }
}
