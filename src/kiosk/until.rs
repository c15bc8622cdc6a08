//! Going on until something is so, or a limit passes.

use super::{Happening, Kiosk, Stopped};
use crate::pickup::input::{Input, Readiness};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

impl Kiosk {
    /// Waits for a printer that can take a ticket, until the limit passes; codes wait meanwhile.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn wait_for_printer(&mut self, limit: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + limit;
        while self.state.printer != Readiness::Ready && self.event_before(until).await? {}
        Ok(())
    }

    /// Goes on until the ticket at the printer is out, or the limit passes: for a stop in good order. No code
    /// is taken any more.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn finish_ticket(&mut self, limit: Duration) -> Result<(), Stopped> {
        self.give(Input::Stop).await?;
        let until = Instant::now() + limit;
        while self.is_printing() && self.event_before(until).await? {}
        Ok(())
    }

    /// As `step_before`, but for the scanners and the workflow's limits: they wait.
    async fn event_before(&mut self, until: Instant) -> Result<bool, Stopped> {
        match timeout_at(until, self.events.recv()).await {
            Ok(Some(event)) => self.deal(Happening::Event(event)).await.map(|()| true),
            Ok(None) => Err(Stopped::Part("every source of events")),
            Err(_) => Ok(false),
        }
    }

    /// One wait and what it brings, unless the limit passes first: false then.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn step_before(&mut self, until: Instant) -> Result<bool, Stopped> {
        match timeout_at(until, self.wait()).await {
            Ok(happening) => self.deal(happening?).await.map(|()| true),
            Err(_) => Ok(false),
        }
    }
}
