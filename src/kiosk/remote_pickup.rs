//! Pickups that a command performs on the running kiosk, as if its code had been scanned.

pub use super::request::Code;

use super::clock;
use super::effect::{Effect, Effects};
use super::journal_thread::JournalThread;
use super::request::ControlAnswer;
use super::status::Status;
use super::stopped::Stopped;
use crate::codes::CodeReader;
use crate::journal::record::PickupId;
use crate::journal::view::PickupView;
use crate::pickup::input::{Input, Scan, Source};
use crate::ticket::PickupCode;
use crate::version::VERSION;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// The end of a pickup, and the program that performed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performed {
    /// As the journal has it.
    pub pickup: PickupView,
    /// The kiosk's version.
    pub version: String,
}

/// The pickup that a command waits for, one at a time.
#[derive(Debug)]
pub(super) struct RemotePickup {
    journal: JournalThread,
    awaited: Option<(PickupId, oneshot::Sender<ControlAnswer>)>,
}

impl RemotePickup {
    /// None is awaited.
    pub(super) fn new(journal: JournalThread) -> Self {
        Self { journal, awaited: None }
    }

    /// True while a command waits for a pickup.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// Presents a command's code, unless somebody is being served; the answer comes at the pickup's end.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn begin(
        &self,
        code: Code,
        codes: &CodeReader,
        status: &Status,
        reply: oneshot::Sender<ControlAnswer>,
    ) -> Result<Effects, Stopped> {
        if !status.is_free || self.is_awaited() {
            let _ = reply.send(ControlAnswer::busy());
            return Ok(Vec::new());
        }
        if !matches!(codes.read(&code.0), Ok(PickupCode::Both(..))) {
            let _ = reply.send(ControlAnswer::needs_both_halves());
            return Ok(Vec::new());
        }
        let pickup = clock::pickup_id()?;
        let (source, scan) = (Source::Argument, Scan::Text(code.0));
        let input = Input::Code { pickup: pickup.clone(), source, scan };
        Ok(vec![Effect::Input(input), Effect::AwaitPickup(pickup, reply)])
    }

    /// Waits for the end of a pickup.
    pub(super) fn wait_for(&mut self, pickup: PickupId, reply: oneshot::Sender<ControlAnswer>) {
        self.awaited = Some((pickup, reply));
    }

    /// Tells the command how its pickup ended, once none is running.
    ///
    /// # Errors
    /// When the journal's thread has ended.
    pub(super) async fn end(&mut self, busy: bool) -> Result<(), Stopped> {
        if busy {
            return Ok(());
        }
        let Some((pickup, reply)) = self.awaited.take() else { return Ok(()) };
        let found = self.journal.with(move |journal| journal.records().pickup(&pickup)).await?;
        let answer = match found {
            Ok(pickup) => {
                let performed = Performed { pickup, version: VERSION.into() };
                ControlAnswer { json: serde_json::to_value(performed).ok(), ..ControlAnswer::yes("") }
            }
            Err(error) => ControlAnswer::no(error.text()),
        };
        let _ = reply.send(answer);
        Ok(())
    }
}
