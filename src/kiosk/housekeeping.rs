//! What the journal needs done when nobody is being served.

use super::{Kiosk, Stopped};
use crate::journal::clock_trust::{ClockTrust, Reading};
use crate::journal::store::{Journal, JournalError};
use std::path::Path;

/// The hour of the cinema's day in which the whole database is looked at: after the last film, before the first.
const CHECK_HOUR: i8 = 4;
/// Batches of old pickups dropped in one go; what is left waits for the next time.
const BATCHES_MAX: usize = 8;
/// Stands once systemd's time service has synchronised the clock since the machine was switched on. Another service
/// leaves no such file: then it is unknown.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

impl Kiosk {
    /// Empties the journal's log, drops what need not be kept any longer, as far as the clock is believed, and at
    /// night looks at the whole database. Does nothing while somebody is being served.
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
        let now = self.clock.now();
        let local = self.parts.receipts.zone.to_datetime(now.wall);
        let check = local.hour() == CHECK_HOUR && self.checked_on != Some(local.date());
        if check {
            self.checked_on = Some(local.date());
        }
        let reading = Reading {
            mono: now.mono,
            wall: now.wall,
            newest_record: None,
            synchronised: Path::new(SYNCHRONISED).exists(),
        };
        let mut trust = self.clock_trust;
        let (trust, done) = self
            .parts
            .journal
            .with(move |journal| {
                let done = keep(journal, &mut trust, reading, check);
                (trust, done)
            })
            .await?;
        self.clock_trust = trust;
        if let Err(error) = done {
            log::error!("{error}");
        }
        Ok(())
    }
}

fn keep(
    journal: &mut Journal,
    trust: &mut ClockTrust,
    reading: Reading,
    check: bool,
) -> Result<(), JournalError> {
    if check {
        journal.check_integrity()?;
        log::info!("the journal was looked at page by page: sound");
    }
    let believed = trust.believed(Reading { newest_record: journal.newest_record()?, ..reading });
    for _ in 0..BATCHES_MAX {
        if !journal.tidy(believed)?.more {
            break;
        }
    }
    journal.checkpoint()
}
