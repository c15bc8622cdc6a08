//! The composition root: the parts of one kiosk, and the loop that carries inputs to the workflow and
//! its actions to the parts. No business rule.

pub mod assemble;
mod board;
pub mod care;
pub mod chance;
pub mod check;
pub mod closed;
mod cloud_thread;
pub mod control;
pub mod desk;
mod effects;
pub mod event;
pub mod executor;
mod housekeeping;
mod information;
pub mod journal_thread;
pub mod listen;
pub mod machine_log;
pub mod orders;
mod pad;
pub mod pages;
mod panel;
pub mod part;
pub mod printing;
mod probing;
pub mod receipts;
pub mod roll;
pub mod site_task;
pub mod staff;
pub mod trial;
mod until;

use crate::device::printer::PrinterHandle;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::scanner::{Scanned, ScannerEvent};
use crate::journal::clock_trust::ClockTrust;
use crate::journal::record::{Leftover, PickupId};
use crate::pickup::input::{Input, Scan, Source};
use crate::pickup::machine::Machine;
use crate::pickup::state::{Front, State};
use crate::screen::press::Pressed;
use crate::screen::view::View;
use assemble::Context;
use board::Board;
use care::Care;
use chance::Clock;
use cloud_thread::CloudThread;
use desk::Desk;
use event::Event;
use information::Information;
use jiff::civil::Date;
use journal_thread::{Gone, JournalThread};
use machine_log::MachineEvent;
use orders::Keeper;
use pad::Pad;
use receipts::Receipts;
use roll::Roll;
use site_task::SiteTask;
use staff::Order;
use std::time::Duration;
use tokio::sync::mpsc;
use trial::Trial;

/// Version and commit of this program.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("PICKUP_KIOSK_COMMIT"), ")");

/// Events that may wait. A part whose event doesn't fit waits itself.
pub const EVENTS_MAX: usize = 64;

/// Why the loop ended by itself: the process ends, and is started again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// A part has ended.
    #[error("{0} has ended; the kiosk stops so that it is started again whole")]
    Part(&'static str),
    /// The system has no randomness to give.
    #[error("the system gives no random numbers")]
    Chance,
}

impl From<Gone> for Stopped {
    fn from(_: Gone) -> Self {
        Self::Part("the journal's thread")
    }
}

/// What a kiosk is made of; real or simulated was chosen before.
#[derive(Debug)]
pub struct Parts {
    /// The rules.
    pub machine: Machine,
    /// The record.
    pub journal: JournalThread,
    /// The on-site service.
    pub site: SiteTask,
    /// Vista Connect, where there is one.
    pub cloud: Option<CloudThread>,
    /// What is on, where it is shown.
    pub information: Option<Information>,
    /// Ends orders that killed commands left on their way, where there is a token for that.
    pub keeper: Option<Keeper>,
    /// The printer's owner.
    pub printer: PrinterHandle,
    /// Makes its bytes.
    pub receipts: Receipts,
    /// What commands beside the loop need.
    pub context: Context,
}

/// One kiosk, running.
#[derive(Debug)]
pub struct Kiosk {
    parts: Parts,
    state: State,
    clock: Clock,
    events: mpsc::Receiver<Event>,
    scans: mpsc::Receiver<Scanned>,
    conditions: Conditions,
    /// The printer's owner has told how it is.
    printer_heard: bool,
    desk: Desk,
    roll: Roll,
    /// What the printer does not, although its profile says so.
    unlike: Vec<String>,
    board: Board,
    pad: Pad,
    looking: Option<PickupId>,
    /// Who wants the printer looked at once no paper waits for it.
    look_when_clear: Option<PickupId>,
    order: Option<Order>,
    trial: Option<Trial>,
    care: Care,
    refused_scans: u64,
    ended_scanners: usize,
    checked_on: Option<Date>,
    /// Whether the wall clock may be believed when something is to be forgotten.
    clock_trust: ClockTrust,
}

/// What the loop waits for.
#[derive(Debug)]
pub enum Happening {
    /// A part's event.
    Event(Event),
    /// A scanner's.
    Scanned(Scanned),
    /// A time limit of the workflow.
    Limit,
    /// Something of what is on is to be asked for.
    Information,
}

impl Kiosk {
    /// A kiosk that has read its journal and closed what was open.
    ///
    /// # Errors
    /// When a part has ended already.
    pub async fn start(
        parts: Parts,
        clock: Clock,
        events: mpsc::Receiver<Event>,
        scans: mpsc::Receiver<Scanned>,
        leftover: Leftover,
    ) -> Result<Self, Stopped> {
        let board = Board::new(&parts.context.loaded);
        let roll = Roll::new(parts.receipts.stock, parts.receipts.longest_mm());
        let actions = parts.context.loaded.checked.keypad.as_ref().map(|keypad| keypad.actions);
        let mut kiosk = Self {
            parts,
            state: State::default(),
            clock,
            events,
            scans,
            conditions: Condition::Disconnected.into(),
            printer_heard: false,
            desk: Desk::default(),
            roll,
            unlike: Vec::new(),
            board,
            pad: Pad::new(actions.unwrap_or_default()),
            looking: None,
            look_when_clear: None,
            order: None,
            trial: None,
            care: Care::default(),
            refused_scans: 0,
            ended_scanners: 0,
            checked_on: None,
            clock_trust: ClockTrust::default(),
        };
        kiosk.give(Input::Started(leftover)).await?;
        Ok(kiosk)
    }

    /// Where the workflow stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is shown now.
    pub fn view(&self) -> View {
        self.menu_over(self.board.view(&self.state))
    }

    /// The record.
    pub fn journal(&self) -> &JournalThread {
        &self.parts.journal
    }

    /// What is the matter with the printer.
    pub fn conditions(&self) -> Conditions {
        self.conditions
    }

    /// Codes refused because a pickup was running.
    pub fn refused_scans(&self) -> u64 {
        self.refused_scans
    }

    /// A paper is at the printer.
    pub fn is_printing(&self) -> bool {
        !self.desk.is_clear()
    }

    /// A code from a person or a command line.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn present(&mut self, source: Source, scan: Scan) -> Result<PickupId, Stopped> {
        let pickup = chance::pickup_id().map_err(|_| Stopped::Chance)?;
        self.give(Input::Code { pickup: pickup.clone(), source, scan }).await?;
        Ok(pickup)
    }

    /// Takes one input through the workflow, and its actions to the parts, with the answers that come at once.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn give(&mut self, input: Input) -> Result<(), Stopped> {
        executor::carry_out(self, input).await?;
        self.staff_order_done().await?;
        self.trial_done().await?;
        self.open_wanted_menu().await
    }

    /// Waits for what happens next. May be dropped while it waits; nothing is lost.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn wait(&mut self) -> Result<Happening, Stopped> {
        let limits = [self.pad.deadline(), self.care_due()].into_iter().flatten();
        let deadline = self.parts.machine.deadline(&self.state).into_iter().chain(limits).min();
        let limit = self.sleep_until(deadline);
        let information = self.sleep_until(self.information_due());
        tokio::select! {
            event = self.events.recv() => match event {
                Some(event) => Ok(Happening::Event(event)),
                None => Err(Stopped::Part("every source of events")),
            },
            Some(scanned) = self.scans.recv() => Ok(Happening::Scanned(scanned)),
            () = limit => Ok(Happening::Limit),
            () = information => Ok(Happening::Information),
        }
    }

    /// Until a moment of the workflow's clock; none: for ever.
    fn sleep_until(&self, at: Option<Duration>) -> impl Future<Output = ()> + use<> {
        let at = at.map(|at| self.clock.began() + at);
        async move {
            match at {
                Some(at) => tokio::time::sleep_until(at.into()).await,
                None => std::future::pending().await,
            }
        }
    }

    /// Deals with what happened. Not to be dropped half-way: its actions are a list that is carried out whole.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn deal(&mut self, happening: Happening) -> Result<(), Stopped> {
        match happening {
            Happening::Event(Event::Input(input)) => self.give(input).await,
            Happening::Event(Event::Printer(event)) => self.printer(event).await,
            Happening::Event(Event::Call(call)) => self.call(call).await,
            Happening::Event(Event::Pressed(pressed)) => self.pressed(pressed).await,
            Happening::Event(Event::SiteTook(step, took)) => {
                self.board.took(step, took);
                self.show();
                Ok(())
            }
            Happening::Event(Event::Keypad(event)) => self.keypad(event).await,
            Happening::Event(Event::Machine(event)) => self.record_machine(event).await,
            Happening::Event(Event::MaintenanceSequence) => {
                log::info!("keypad: the keys that call the technician's menu were typed");
                self.menu_wanted().await
            }
            Happening::Event(Event::Site(health)) => {
                self.site_heard(health);
                Ok(())
            }
            Happening::Event(Event::Care(news)) => self.news(news).await,
            Happening::Event(Event::Information(ask, answer)) => {
                self.informed(ask, answer);
                Ok(())
            }
            Happening::Scanned(scanned) => self.scanned(scanned).await,
            Happening::Information => self.ask_information(),
            Happening::Limit => {
                self.settle_keypad();
                self.care_limit().await?;
                self.give(Input::Tick).await
            }
        }
    }

    async fn pressed(&mut self, pressed: Pressed) -> Result<(), Stopped> {
        self.board.wake(self.clock.now().mono);
        if self.menu_takes_key(&pressed).await? {
            return Ok(());
        }
        match pressed {
            // As for scanners: whoever comes now would be left standing.
            Pressed::Key(_) | Pressed::Code(_) if self.state.stopping => Ok(()),
            Pressed::Key(key) => {
                let pickup = chance::pickup_id().map_err(|_| Stopped::Chance)?;
                self.give(Input::Key { pickup, key }).await
            }
            Pressed::Code(scan) => self.present(Source::Scanner, scan).await.map(|_| ()),
            Pressed::Language => {
                self.board.other_language();
                self.show();
                Ok(())
            }
        }
    }

    async fn scanned(&mut self, scanned: Scanned) -> Result<(), Stopped> {
        let which = scanned.scanner + 1;
        let scan = match scanned.event {
            ScannerEvent::Code(text) => Scan::Text(text),
            ScannerEvent::TooLong => Scan::TooLong,
            ScannerEvent::Gone | ScannerEvent::Back => {
                let there = scanned.event == ScannerEvent::Back;
                self.care.active.scanner(which, !there);
                self.show();
                return self.record_machine(MachineEvent::Scanner { number: which, there }).await;
            }
            ScannerEvent::Ended => {
                log::info!("scanner {which}: its input has ended");
                self.ended_scanners += 1;
                return Ok(());
            }
        };
        if self.menu_takes_scan(&scan).await? {
            return Ok(());
        }
        self.present(Source::Scanner, scan).await.map(|_| ())
    }

    /// Every scanner's input has ended for good.
    pub fn input_ended(&self) -> bool {
        self.ended_scanners > 0
    }

    /// A pickup is running.
    pub fn is_busy(&self) -> bool {
        matches!(self.state.front, Front::Busy(..) | Front::Reprinting { .. })
    }
}
