//! The audit log: acts before they are done, and how they ended. A power cut between the two leaves the first alone.

use super::report::reason;
use crate::config::overrides;
use crate::journal::audit_log::AuditEntry;
use crate::kiosk::clock::Clock;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::stopped::Stopped;
use crate::maintenance::menu::ask::MenuAnswer;
use std::path::PathBuf;

/// Names of the act's end in the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct AuditTrail {
    /// The name where the act was done; none where the act itself says so.
    pub done: Option<&'static str>,
    /// The name where it was not.
    pub failed: &'static str,
}

/// The user in front of the menu, for records.
#[derive(Debug, Clone)]
pub(super) struct MenuUser {
    /// The user's name; `nobody` has not signed in.
    pub who: String,
    /// The place of the menu: the customer screen or a terminal.
    pub surface: &'static str,
}

/// An act that is being done, and by whom: they may leave before it ends.
#[derive(Debug)]
pub struct Begun {
    menu_user: MenuUser,
    ends: AuditTrail,
}

impl Begun {
    /// An act of whoever is in front of the menu.
    pub(super) fn new(menu_user: &MenuUser, ends: AuditTrail) -> Self {
        Self { menu_user: menu_user.clone(), ends }
    }
}

/// The log, in the journal.
#[derive(Debug)]
pub(super) struct AuditLog {
    journal: JournalThread,
    clock: Clock,
    state_dir: PathBuf,
}

impl AuditLog {
    /// The log of this journal; changes of PINs are found in `state_dir`.
    pub(super) fn new(journal: JournalThread, clock: Clock, state_dir: PathBuf) -> Self {
        Self { journal, clock, state_dir }
    }

    /// Records an act. One that can't be recorded is in the log; then false.
    pub(super) async fn note(
        &self,
        menu_user: &MenuUser,
        what: &str,
        before: &str,
        after: &str,
    ) -> Result<bool, Stopped> {
        let [who, surface, what, before, after] =
            [&menu_user.who, menu_user.surface, what, before, after].map(str::to_owned);
        let act = AuditEntry { at: self.clock.now().wall, who, surface, what, before, after };
        self.append(act).await
    }

    async fn append(&self, act: AuditEntry) -> Result<bool, Stopped> {
        let done = self.journal.with(move |journal| journal.append_act(&act)).await?;
        if let Err(error) = &done {
            log::error!("an act could not be recorded: {error}");
        }
        Ok(done.is_ok())
    }

    /// Records how an act ended, where that says more than its beginning.
    pub(super) async fn ended(&self, begun: Begun, answer: &MenuAnswer) -> Result<(), Stopped> {
        let MenuAnswer::Report(report) = answer else { return Ok(()) };
        let what = if report.ok { begun.ends.done } else { Some(begun.ends.failed) };
        if let Some(what) = what {
            self.note(&begun.menu_user, what, "", &reason(report)).await?;
        }
        Ok(())
    }

    /// Puts PINs that were set or taken back beside the kiosk on record, before anybody can use them.
    pub(super) async fn take_up_pins(&self) -> Result<(), Stopped> {
        let dir = &self.state_dir;
        let acts = match overrides::pin_changes(dir) {
            Ok(acts) => acts,
            Err(error) => {
                log::error!("what was done to PINs: {error}");
                return Ok(());
            }
        };
        let mut kept = !acts.is_empty();
        for act in acts {
            let what = if act.role.is_some() { "pin_set" } else { "pin_taken_back" };
            let after = act.role.map_or_else(|| act.user.clone(), |role| format!("{} {role}", act.user));
            let (at, who, surface) = (act.at, act.who, "terminal".to_owned());
            let act = AuditEntry { at, who, surface, what: what.into(), before: String::new(), after };
            kept &= self.append(act).await?;
        }
        if kept && let Err(error) = overrides::taken(dir) {
            log::error!("what was done to PINs: {error}");
        }
        Ok(())
    }
}
