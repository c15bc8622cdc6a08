//! PINs looked at: counted and on disk before they are, hashed beside the event loop.

use super::News;
use crate::config::settings::PinHash;
use crate::config::{self, site};
use crate::journal::acts::Act;
use crate::kiosk::event::Event;
use crate::kiosk::{Kiosk, Stopped};
use crate::maintenance::lockout::Lockout;
use crate::maintenance::menu::Holder;
use crate::maintenance::menu::ask::{Answer, Pin, PinAnswer};
use crate::pickup::input::Now;
use std::thread;
use std::time::Duration;

/// The fact under which the lock is kept.
pub(super) const FACT: &str = "pins";

/// The lock, and whether a PIN is being looked at.
#[derive(Debug, Default)]
pub struct Pins {
    lockout: Lockout,
    /// When it opens, on the workflow's clock, for whoever is shown that it is shut.
    until: Option<Duration>,
    at_work: bool,
    hashes: Vec<(String, PinHash)>,
}

impl Pins {
    pub(super) fn new(lockout: Lockout) -> Self {
        Self { lockout, until: Some(Duration::ZERO), at_work: false, hashes: Vec::new() }
    }

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
}

impl Kiosk {
    /// Puts PINs that were set or taken back beside the kiosk on record, before anybody can use them.
    pub(in crate::kiosk) async fn take_up_pins(&mut self) -> Result<(), Stopped> {
        let dir = self.parts.context.loaded.settings.kiosk.state_dir.clone();
        let acts = match site::acts(&dir) {
            Ok(acts) => acts,
            Err(error) => {
                log::error!("what was done to PINs: {error}");
                return Ok(());
            }
        };
        let mut kept = !acts.is_empty();
        for act in acts {
            let what = if act.role.is_some() { "pin_set" } else { "pin_taken_back" };
            let after = act.role.map_or_else(|| act.holder.clone(), |role| format!("{} {role}", act.holder));
            let (at, who, surface) = (act.at, act.who, "terminal".to_owned());
            let act = Act { at, who, surface, what: what.into(), before: String::new(), after };
            let done = self.parts.journal.with(move |journal| journal.append_act(&act)).await?;
            if let Err(error) = done {
                log::error!("an act could not be recorded: {error}");
                kept = false;
            }
        }
        if kept && let Err(error) = site::taken(&dir) {
            log::error!("what was done to PINs: {error}");
        }
        Ok(())
    }

    /// The holders as the configuration has them at this moment, so that a new PIN needs no restart.
    pub(super) fn read_holders(&mut self) -> Vec<Holder> {
        let loaded = &self.parts.context.loaded;
        let fresh = config::load(&loaded.file).map(|fresh| fresh.settings.maintenance.holders());
        let holders = fresh.unwrap_or_else(|_| loaded.settings.maintenance.holders());
        self.care.pins.hashes =
            holders.iter().map(|holder| (holder.name.clone(), holder.pin_hash.clone())).collect();
        holders.into_iter().map(|holder| Holder { name: holder.name, role: holder.role }).collect()
    }

    /// Has a PIN looked at. The try is on disk as a wrong one before it is; a right one takes it back.
    pub(super) async fn check_pin(
        &mut self,
        asked: u64,
        holder: &str,
        pin: Pin,
    ) -> Result<Option<Answer>, Stopped> {
        let now = self.clock.now();
        if let Some(seconds) = self.care.pins.shut(now) {
            self.care.active.set("M3", true);
            self.show();
            return Ok(Some(Answer::Pin(PinAnswer::Locked { seconds })));
        }
        if self.care.pins.at_work {
            return Ok(Some(Answer::Pin(PinAnswer::Locked { seconds: 1 })));
        }
        let last = self.care.pins.lockout.try_begins(now.wall);
        if !self.keep_lock().await? {
            // What can't be counted is not looked at.
            return Ok(Some(Answer::Pin(PinAnswer::Locked { seconds: 1 })));
        }
        if last {
            let seconds = self.care.pins.shut(now).unwrap_or_default();
            log::warn!("M3: too many wrong PINs for {holder}: shut for {seconds} s unless this one is right");
        }
        let hash =
            self.care.pins.hashes.iter().find(|(name, _)| name == holder).map(|(_, hash)| hash.clone());
        let (Some(hash), Some(events)) = (hash, self.care.events.clone()) else {
            return Ok(Some(self.wrong_pin()));
        };
        let look = move || {
            let right = hash.is_of(&pin.0);
            // The loop has ended: then nobody waits.
            let _ = events.blocking_send(Event::Care(News::Pin { asked, right }));
        };
        self.care.pins.at_work = thread::Builder::new().name("pin".into()).spawn(look).is_ok();
        if self.care.pins.at_work { Ok(None) } else { Ok(Some(self.wrong_pin())) }
    }

    pub(super) async fn pin_looked_at(&mut self, asked: u64, right: bool) -> Result<(), Stopped> {
        self.care.pins.at_work = false;
        let now = self.clock.now();
        let answer = if right {
            self.care.pins.lockout.right();
            self.care.pins.until = None;
            self.keep_lock().await?;
            PinAnswer::Right
        } else if let Some(seconds) = self.care.pins.shut(now) {
            let surface =
                self.care.session.as_ref().map_or("screen", |session| session.menu.surface().name());
            self.care.active.set("M3", true);
            self.note("nobody", surface, "pins_locked", "", &format!("{seconds} s")).await?;
            PinAnswer::Locked { seconds }
        } else {
            PinAnswer::Wrong { left: self.care.pins.lockout.left() }
        };
        self.show();
        self.answer_menu(asked, Answer::Pin(answer)).await
    }

    fn wrong_pin(&self) -> Answer {
        Answer::Pin(PinAnswer::Wrong { left: self.care.pins.lockout.left() })
    }

    async fn keep_lock(&mut self) -> Result<bool, Stopped> {
        let text = self.care.pins.lockout.text();
        let kept = self.parts.journal.with(move |journal| journal.keep_fact(FACT, &text)).await?;
        if let Err(error) = &kept {
            log::error!("{error}");
        }
        Ok(kept.is_ok())
    }
}
