//! Lamps, buzzer, door and relay follow what is shown, in a task of their own: the loop waits for none of them.

use super::display::Published;
use super::event::Event;
use super::machine_log::MachineEvent;
use crate::config::panel::PanelSetup;
use crate::device::panel::last_resort::LastResort;
use crate::device::panel::show::Look;
use crate::device::panel::{self, Panel};
use crate::device::printer::conditions::Condition;
use crate::screen::monitor::Monitor;
use crate::screen::view::View;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep_until;

/// The screens at which nobody is being served and no ticket is at the printer.
const AT_REST: [&str; 2] = ["welcome", "out_of_service"];

/// Starts what the configuration names.
///
/// # Errors
/// When the system has no thread left.
pub(super) fn start(shown: Published, setup: &PanelSetup, events: mpsc::Sender<Event>) -> io::Result<()> {
    if let Some(door) = setup.lines.door.clone() {
        let events = events.clone();
        let tell = move |open| events.blocking_send(Event::Machine(MachineEvent::Door { open })).is_ok();
        panel::watch_door(door, setup.backend, tell)?;
    }
    let panel = Panel::start(setup.lines.clone(), setup.backend)?;
    let follower = Follower {
        panel,
        show: setup.show.clone(),
        has_relay: setup.lines.printer_power.is_some(),
        shown: None,
        tried: shown.tried,
        last_resort: LastResort::default(),
        began: shown.began,
    };
    tokio::spawn(follower.follow(shown.views, shown.monitor, events));
    Ok(())
}

/// A panel that shows one thing for as long as this is held: of a kiosk that serves nobody.
#[derive(Debug)]
pub(super) struct Still {
    panel: Panel,
}

impl Still {
    /// Shows what the table has for this screen. A panel that can't be had stops nothing.
    pub(super) fn show(setup: &PanelSetup, state: &str) -> Option<Self> {
        let panel = Panel::start(setup.lines.clone(), setup.backend)
            .inspect_err(|error| log::error!("panel: {error}"))
            .ok()?;
        panel.show(look_of(&setup.show, state));
        Some(Self { panel })
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        self.panel.stop();
    }
}

/// The table's look for this screen.
fn look_of(table: &[(&'static str, Look)], state: &str) -> Look {
    table.iter().find(|(name, _)| *name == state).map(|(_, look)| *look).unwrap_or_default()
}

struct Follower {
    panel: Panel,
    show: Vec<(&'static str, Look)>,
    has_relay: bool,
    shown: Option<&'static str>,
    tried: watch::Receiver<Option<Look>>,
    last_resort: LastResort,
    began: Instant,
}

impl Follower {
    async fn follow(
        mut self,
        mut views: watch::Receiver<Arc<View>>,
        mut monitor: watch::Receiver<Arc<Monitor>>,
        events: mpsc::Sender<Event>,
    ) {
        loop {
            let state = views.borrow_and_update().state;
            let tried = *self.tried.borrow_and_update();
            match tried {
                Some(look) => {
                    self.shown = None;
                    self.panel.show(look);
                }
                None => self.look(state),
            }
            let silent = is_silent(&monitor.borrow_and_update());
            if self.has_relay && self.last_resort.due(silent, AT_REST.contains(&state), self.began.elapsed())
            {
                log::warn!("the printer doesn't answer: its power is switched off and on");
                self.panel.cut_power();
                if events.send(Event::Machine(MachineEvent::PrinterPower)).await.is_err() {
                    break;
                }
            }
            let due = self.due();
            let changed = tokio::select! {
                changed = views.changed() => changed,
                changed = monitor.changed() => changed,
                changed = self.tried.changed() => changed,
                () = due => Ok(()),
            };
            if changed.is_err() {
                break;
            }
        }
    }

    fn look(&mut self, state: &'static str) {
        if self.shown == Some(state) {
            return;
        }
        self.shown = Some(state);
        self.panel.show(look_of(&self.show, state));
    }

    /// Until the last resort is due; while a customer puts it off, his end wakes us.
    fn due(&self) -> impl Future<Output = ()> + use<> {
        let now = self.began.elapsed();
        let at = self.last_resort.deadline().filter(|at| self.has_relay && *at > now);
        let until = at.map(|at| self.began + at + Duration::from_millis(1));
        async move {
            match until {
                Some(until) => sleep_until(until.into()).await,
                None => std::future::pending().await,
            }
        }
    }
}

impl Drop for Follower {
    /// However the kiosk ends.
    fn drop(&mut self) {
        self.panel.stop();
    }
}

/// The printer is there and says nothing, or has gone from its cable.
fn is_silent(monitor: &Monitor) -> bool {
    let silent = [Condition::NotAnswering.code(), Condition::Disconnected.code()];
    monitor.conditions.iter().any(|(code, holds)| *holds && silent.contains(code))
}
