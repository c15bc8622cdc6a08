//! Upkeep of the journal while nobody is being served.

use super::clock::Clock;
use super::journal_thread::JournalThread;
use super::orders::Keeper;
use super::stopped::Stopped;
use crate::journal::clock_trust::{ClockTrust, Reading};
use crate::journal::store::{Journal, JournalError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::Path;
use std::time::Duration;

/// The hour of the cinema's day in which the whole database is looked at: after the last film, before the first.
const CHECK_HOUR: i8 = 4;
/// Batches of old pickups dropped in one go; what is left waits for the next time.
const BATCHES_MAX: usize = 8;
/// Stands once systemd's time service has synchronised the clock since the machine was switched on. Another service
/// leaves no such file: then it is unknown.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// The journal's upkeep, and the trust in the clock by which records are forgotten.
#[derive(Debug)]
pub(super) struct Housekeeping {
    journal: JournalThread,
    keeper: Option<Keeper>,
    zone: TimeZone,
    checked_on: Option<Date>,
    /// The trust in the wall clock when something is to be forgotten.
    trust: ClockTrust,
}

impl Housekeeping {
    /// The upkeep of this journal, in the cinema's time zone. `keeper`: ends orders that killed commands left.
    pub(super) fn new(journal: &JournalThread, keeper: Option<Keeper>, zone: &TimeZone) -> Self {
        let (journal, zone) = (journal.clone(), zone.clone());
        Self { journal, keeper, zone, checked_on: None, trust: ClockTrust::default() }
    }

    /// A command is about to begin an order: should it be killed, the keeper takes the order up.
    pub(super) fn order_begins(&self) {
        if let Some(keeper) = &self.keeper {
            keeper.look();
        }
    }

    /// A server has told its time.
    pub(super) fn heard_server(&mut self, mono: Duration, date: Timestamp) {
        self.trust.heard_server(mono, date);
    }

    /// Empties the journal's log, drops what need not be kept any longer, as far as the clock is believed, and at
    /// night looks at the whole database. Only ends orders while somebody is being served.
    pub(super) async fn round(&mut self, busy: bool, clock: Clock) -> Result<(), Stopped> {
        if let Some(keeper) = &self.keeper {
            keeper.look_if_left();
        }
        if busy {
            return Ok(());
        }
        let now = clock.now();
        let local = self.zone.to_datetime(now.wall);
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
        let mut trust = self.trust;
        let (trust, done) = self
            .journal
            .with(move |journal| {
                let done = keep(journal, &mut trust, reading, check);
                (trust, done)
            })
            .await?;
        self.trust = trust;
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
