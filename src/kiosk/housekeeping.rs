//! What the journal needs done when nobody is being served.

use super::{Kiosk, Stopped};
use crate::journal::store::{Journal, JournalError};
use jiff::Timestamp;

/// The hour of the cinema's day in which the whole database is looked at: after the last film, before the first.
const CHECK_HOUR: i8 = 4;
/// Batches of old pickups dropped in one go; what is left waits for the next time.
const BATCHES_MAX: usize = 8;

impl Kiosk {
    /// Empties the journal's log, drops what need not be kept any longer, and at night looks at the whole
    /// database. Does nothing while somebody is being served.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn keep_house(&mut self) -> Result<(), Stopped> {
        if let Some(keeper) = &self.parts.keeper {
            keeper.look_if_left();
        }
        if self.is_busy() {
            return Ok(());
        }
        let now = self.clock.now().wall;
        let local = self.parts.receipts.zone.to_datetime(now);
        let check = local.hour() == CHECK_HOUR && self.checked_on != Some(local.date());
        if check {
            self.checked_on = Some(local.date());
        }
        let done = self.parts.journal.with(move |journal| keep(journal, now, check)).await?;
        if let Err(error) = done {
            log::error!("{error}");
        }
        Ok(())
    }
}

fn keep(journal: &mut Journal, now: Timestamp, check: bool) -> Result<(), JournalError> {
    if check {
        journal.check_integrity()?;
        log::info!("the journal was looked at page by page: sound");
    }
    for _ in 0..BATCHES_MAX {
        if !journal.tidy(now)?.more {
            break;
        }
    }
    journal.checkpoint()
}
