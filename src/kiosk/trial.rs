//! Pickups that a command performs: on the running kiosk, as if its code had been scanned, or on one of the command's
//! own.

use super::control::Answer;
use super::{Kiosk, Stopped, VERSION};
use crate::journal::record::PickupId;
use crate::journal::view::PickupView;
use crate::pickup::input::{Input, Scan, Source};
use crate::pickup::state::Front;
use crate::ticket::PickupCode;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// A code on its way over the local socket. It proves the booking, so `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(pub String);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({} bytes)", self.0.len())
    }
}

/// What became of a pickup, and which program performed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performed {
    /// As the journal has it.
    pub pickup: PickupView,
    /// The kiosk's version.
    pub version: String,
}

/// A pickup that a command waits for.
#[derive(Debug)]
pub(super) struct Trial {
    pickup: PickupId,
    reply: oneshot::Sender<Answer>,
}

impl Kiosk {
    /// Presents a command's code, unless somebody is being served; the answer comes at the pickup's end.
    pub(super) async fn try_out(
        &mut self,
        code: Code,
        reply: oneshot::Sender<Answer>,
    ) -> Result<(), Stopped> {
        let is_free = matches!(self.state.front, Front::Idle | Front::Result(_)) && !self.state.stopping;
        if !is_free || self.trial.is_some() {
            let _ = reply.send(Answer::no("a customer is being served: try again in a moment"));
            return Ok(());
        }
        if !matches!(self.parts.machine.codes.read(&code.0), Ok(PickupCode::Both(..))) {
            let _ = reply.send(Answer::no("the code must hold both a booking number and a booking ID"));
            return Ok(());
        }
        let pickup = self.present(Source::Argument, Scan::Text(code.0)).await?;
        self.trial = Some(Trial { pickup, reply });
        self.trial_done().await
    }

    /// Tells the command how its pickup ended, once it has.
    pub(super) async fn trial_done(&mut self) -> Result<(), Stopped> {
        if self.is_busy() {
            return Ok(());
        }
        let Some(Trial { pickup, reply }) = self.trial.take() else { return Ok(()) };
        let found = self.parts.journal.with(move |journal| journal.pickup(&pickup)).await?;
        let answer = match found {
            Ok(pickup) => {
                let performed = Performed { pickup, version: VERSION.into() };
                Answer { json: serde_json::to_value(performed).ok(), ..Answer::yes("") }
            }
            Err(error) => Answer::no(error.to_string()),
        };
        let _ = reply.send(answer);
        Ok(())
    }

    /// One pickup, until the site has its report and the last paper is out, or the limit for that has passed.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn perform(&mut self, code: &str, settle: Duration) -> Result<PickupId, Stopped> {
        let pickup = self.present(Source::Argument, Scan::Text(code.to_owned())).await?;
        loop {
            match &self.state.front {
                // Nobody is there to type the missing half.
                Front::Entering(_) => self.give(Input::Leave).await?,
                Front::Idle | Front::Result(_) => break,
                Front::Busy(..) | Front::Reprinting { .. } => {
                    let happening = self.wait().await?;
                    self.deal(happening).await?;
                }
            }
        }
        let until = Instant::now() + settle;
        while !self.state.backlog.nothing_due() || self.is_printing() {
            if !self.step_before(until).await? {
                break;
            }
        }
        Ok(pickup)
    }
}
