//! PINs looked at: counted and on disk before they are, hashed beside the event loop.

use super::news::News;
use crate::config::settings::PinHash;
use crate::config::{self, Loaded};
use crate::fault_code::FaultCode;
use crate::kiosk::clock::Clock;
use crate::kiosk::event::Event;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::stopped::Stopped;
use crate::maintenance::lockout::Lockout;
use crate::maintenance::menu::MenuUser;
use crate::maintenance::menu::ask::{Pin, PinAnswer};
use crate::pickup::input::Now;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::sync::mpsc;

/// The fact under which the lock is kept.
pub(super) const FACT: &str = "pins";

/// The lock, and the PIN that is being looked at.
#[derive(Debug)]
pub(super) struct Pins {
    journal: JournalThread,
    clock: Clock,
    loaded: Arc<Loaded>,
    lockout: Lockout,
    /// The moment the lock opens, on the workflow's clock, for whoever is shown that it is shut.
    until: Option<Duration>,
    at_work: bool,
    hashes: Vec<(String, PinHash)>,
}

/// The beginning of a look at a PIN.
pub(super) enum PinCheck {
    /// The menu is shut for so many seconds: nothing is looked at.
    Shut(u64),
    /// The answer is there at once.
    Answered(PinAnswer),
    /// The answer comes as news.
    UnderWay,
}

impl Pins {
    /// No lock, and nobody's PIN is known.
    pub(super) fn new(journal: JournalThread, clock: Clock, loaded: Arc<Loaded>) -> Self {
        let lockout = Lockout::default();
        Self { journal, clock, loaded, lockout, until: None, at_work: false, hashes: Vec::new() }
    }

    /// Takes up the lock as it was kept over the restart; true while it is shut.
    pub(super) fn begin(&mut self, kept: Option<&str>, now: Now) -> bool {
        self.lockout = kept.map_or_else(Lockout::default, |text| Lockout::kept(text, now.wall));
        self.until = Some(Duration::ZERO);
        self.lockout.shut(now.wall).is_some()
    }

    /// The moment the lock opens, where it is shut.
    pub(super) fn until(&self) -> Option<Duration> {
        self.until
    }

    /// True when the lock has just passed; else works out when it will.
    pub(super) fn open_again(&mut self, now: Now) -> bool {
        if self.until.is_none_or(|until| until > now.mono) {
            return false;
        }
        self.until = self.lockout.shut(now.wall).map(|seconds| now.mono + Duration::from_secs(seconds));
        self.until.is_none()
    }

    fn shut(&mut self, now: Now) -> Option<u64> {
        let seconds = self.lockout.shut(now.wall)?;
        self.until = Some(now.mono + Duration::from_secs(seconds));
        Some(seconds)
    }

    /// The users as the configuration has them at this moment, so that a new PIN needs no restart.
    pub(super) fn read_holders(&mut self) -> Vec<MenuUser> {
        let fresh = config::load(&self.loaded.file).map(|fresh| fresh.settings.maintenance.users());
        let users = fresh.unwrap_or_else(|_| self.loaded.settings.maintenance.users());
        self.hashes = users.iter().map(|user| (user.name.clone(), user.pin_hash.clone())).collect();
        users.into_iter().map(|user| MenuUser { name: user.name, role: user.role }).collect()
    }

    /// Has a PIN looked at. The try is on disk as a wrong one before it is; a right one takes it back.
    pub(super) async fn check(
        &mut self,
        asked: u64,
        user: &str,
        pin: Pin,
        events: Option<&mpsc::Sender<Event>>,
    ) -> Result<PinCheck, Stopped> {
        let now = self.clock.now();
        if let Some(seconds) = self.shut(now) {
            return Ok(PinCheck::Shut(seconds));
        }
        if self.at_work {
            return Ok(PinCheck::Answered(PinAnswer::Locked { seconds: 1 }));
        }
        let last = self.lockout.try_begins(now.wall);
        if !self.keep_lock().await? {
            // What can't be counted is not looked at.
            return Ok(PinCheck::Answered(PinAnswer::Locked { seconds: 1 }));
        }
        if last {
            let seconds = self.shut(now).unwrap_or_default();
            log::warn!(
                "{}: too many wrong PINs for {user}: shut for {seconds} s unless this one is right",
                FaultCode::PinsLocked
            );
        }
        let hash = self.hashes.iter().find(|(name, _)| name == user).map(|(_, hash)| hash.clone());
        let (Some(hash), Some(events)) = (hash, events.cloned()) else {
            return Ok(PinCheck::Answered(self.wrong()));
        };
        let look = move || {
            let right = hash.is_of(&pin.0);
            // The loop has ended: then nobody waits.
            let _ = events.blocking_send(Event::Maintenance(News::Pin { asked, right }));
        };
        self.at_work = thread::Builder::new().name("pin".into()).spawn(look).is_ok();
        Ok(if self.at_work { PinCheck::UnderWay } else { PinCheck::Answered(self.wrong()) })
    }

    /// Takes the news of a PIN that was looked at.
    pub(super) async fn looked_at(&mut self, right: bool) -> Result<PinAnswer, Stopped> {
        self.at_work = false;
        let now = self.clock.now();
        if right {
            self.lockout.right();
            self.until = None;
            self.keep_lock().await?;
            return Ok(PinAnswer::Right);
        }
        Ok(self.shut(now).map_or_else(|| self.wrong(), |seconds| PinAnswer::Locked { seconds }))
    }

    fn wrong(&self) -> PinAnswer {
        PinAnswer::Wrong { left: self.lockout.left() }
    }

    async fn keep_lock(&mut self) -> Result<bool, Stopped> {
        let text = self.lockout.text();
        let kept = self.journal.with(move |journal| journal.keep_fact(FACT, &text)).await?;
        if let Err(error) = &kept {
            log::error!("{error}");
        }
        Ok(kept.is_ok())
    }
}
