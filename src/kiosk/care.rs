//! Maintenance of a running kiosk: what is the matter with it, who is in the menu, and what is done for them.

pub mod active;
mod doing;
mod ends;
mod jobs;
mod keys;
mod lamps;
pub mod log_ring;
mod machine;
mod papers;
mod pins;
mod printer;
mod session;
mod stick;
mod upkeep;

pub use session::MenuState;

use super::event::Event;
use super::{Kiosk, Stopped};
use crate::device::panel::show::Look;
use crate::journal::acts::Act;
use crate::maintenance::lockout::Lockout;
use crate::maintenance::menu::ask::Answer;
use crate::maintenance::sequence::Sequence;
use active::Active;
use ends::Begun;
use pins::Pins;
use session::Session;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use upkeep::{Found, Upkeep};

/// The fact that outlives a restart: staff have taken the machine out of service.
const SERVICE: &str = "service";

/// All of it that the event loop keeps.
#[derive(Debug, Default)]
pub struct Care {
    pub(super) active: Active,
    /// The model's name, as the printer told it.
    pub(super) printer_model: Option<String>,
    upkeep: Upkeep,
    events: Option<mpsc::Sender<Event>>,
    session: Option<Session>,
    sequence: Option<Sequence>,
    /// The sequence was typed during a pickup: the menu opens when it is over.
    wanted: bool,
    pins: Pins,
    jobs: usize,
    restart: bool,
    /// What the panel shows while it is tried.
    look: watch::Sender<Option<Look>>,
    /// The menu alone is served: no code begins a pickup.
    alone: bool,
}

/// What reaches the loop from work done beside it.
#[derive(Debug)]
pub enum News {
    /// A look around is over.
    Looked(Found),
    /// A PIN was looked at.
    Pin {
        /// The menu's question.
        asked: u64,
        /// It is right.
        right: bool,
    },
    /// Something the menu asked for is done.
    Done {
        /// The menu's question.
        asked: u64,
        /// What came of it.
        answer: Answer,
        /// The act on record that ends with it.
        begun: Option<Begun>,
    },
    /// The next time limit has to be thought of anew.
    Nothing,
}

impl Kiosk {
    /// Begins to look after itself, now and from now on: what is kept over restarts, the checks that do no harm, the
    /// menu. `undone`: why settings changed on site were put back before this start, where they were.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn begin_care(
        &mut self,
        events: mpsc::Sender<Event>,
        undone: Option<String>,
    ) -> Result<(), Stopped> {
        let now = self.clock.now();
        let kept =
            self.parts.journal.with(|journal| (journal.fact(SERVICE), journal.fact(pins::FACT))).await?;
        let (service, lockout) = kept;
        self.care.active.set("M1", service.ok().flatten().is_some_and(|word| word == "out"));
        self.care.active.set("X2", undone.is_some());
        let lockout =
            lockout.ok().flatten().map_or_else(Lockout::default, |text| Lockout::kept(&text, now.wall));
        self.care.active.set("M3", lockout.shut(now.wall).is_some());
        self.care.pins = Pins::new(lockout);
        self.care.sequence = Some(Sequence::new(&self.parts.context.loaded.settings.maintenance.sequence));
        self.care.events = Some(events.clone());
        if let Some(why) = undone {
            log::error!("X2: {why}");
            self.note("start", "kiosk", "settings_undone", "", &why).await?;
        }
        self.take_up_pins().await?;
        self.begin_upkeep().await?;
        let readiness = self.readiness();
        self.give(crate::pickup::input::Input::Printer(readiness)).await
    }

    /// The menu alone is served from here on.
    pub fn serve_nobody(&mut self) {
        self.care.alone = true;
    }

    /// Somebody has asked for a restart, and nothing is at the printer any more.
    pub fn wants_restart(&self) -> bool {
        self.care.restart && self.state.at_rest() && !self.is_printing()
    }

    /// Records an act. One that can't be recorded is in the log.
    pub(super) async fn note(
        &mut self,
        who: &str,
        surface: &str,
        what: &str,
        before: &str,
        after: &str,
    ) -> Result<bool, Stopped> {
        let [who, surface, what, before, after] = [who, surface, what, before, after].map(str::to_owned);
        let act = Act { at: self.clock.now().wall, who, surface, what, before, after };
        let done = self.parts.journal.with(move |journal| journal.append_act(&act)).await?;
        if let Err(error) = &done {
            log::error!("an act could not be recorded: {error}");
        }
        Ok(done.is_ok())
    }

    /// The next moment, on the workflow's clock, at which something of this is due.
    pub(super) fn care_due(&self) -> Option<Duration> {
        let menu = self.care.session.as_ref().map(Session::due);
        let locked = self.care.pins.until();
        [self.care.upkeep.due(), menu, locked].into_iter().flatten().min()
    }

    /// Does what is due.
    pub(super) async fn care_limit(&mut self) -> Result<(), Stopped> {
        let now = self.clock.now();
        if self.care.pins.open_again(now) {
            self.care.active.set("M3", false);
            self.show();
        }
        self.leave_idle_menu().await?;
        self.look_around_if_due().await
    }

    pub(super) async fn news(&mut self, news: News) -> Result<(), Stopped> {
        match news {
            News::Looked(found) => self.looked_around(found).await,
            News::Pin { asked, right } => self.pin_looked_at(asked, right).await,
            News::Done { asked, answer, begun } => {
                self.care.jobs = self.care.jobs.saturating_sub(1);
                if let Some(begun) = begun {
                    self.ended(begun, &answer).await?;
                }
                self.answer_menu(asked, answer).await
            }
            News::Nothing => Ok(()),
        }
    }
}
