//! The composition root: the parts of one kiosk, and the loop that carries inputs to the workflow and
//! its actions to the parts. No business rule.

pub mod assemble;
mod carry_out;
pub mod check;
pub mod check_result;
pub mod clock;
mod cloud_thread;
pub mod control;
mod dispatch;
pub mod display;
mod effect;
pub mod event;
pub mod executor;
mod housekeeping;
pub mod http;
pub mod journal_pages;
pub mod journal_thread;
mod keypad_input;
pub mod machine_log;
pub mod maintenance;
pub mod orders;
pub mod out_of_service;
mod panel;
pub mod paper_supply;
pub mod parts;
pub mod print_queue;
mod printer;
pub mod printer_events;
mod probing;
pub mod receipts;
pub mod remote_pickup;
pub mod request;
pub mod run_until;
mod scanners;
mod showtimes;
pub mod site_task;
pub mod staff_requests;
mod status;
pub mod stopped;

pub use event::Wakeup;
pub use stopped::Stopped;

use crate::device::scanner::Scanned;
use crate::journal::record::{Leftover, PickupId};
use crate::pickup::input::{Input, Readiness, Scan, Source};
use crate::pickup::machine::Machine;
use crate::pickup::state::{CustomerState, State};
use crate::screen::view::View;
use clock::Clock;
use cloud_thread::CloudThread;
use display::{Display, Published};
use effect::{Effect, Effects};
use event::Event;
use housekeeping::Housekeeping;
use journal_thread::JournalThread;
use keypad_input::KeypadInput;
use machine_log::MachineLog;
use maintenance::Maintenance;
use parts::{Context, Parts};
use printer::Printer;
use scanners::Scanners;
use showtimes::ShowtimesThread;
use site_task::SiteTask;
use staff_requests::StaffRequests;
use status::Status;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// One kiosk, running.
#[derive(Debug)]
pub struct Kiosk {
    machine: Machine,
    state: State,
    clock: Clock,
    context: Context,
    events: mpsc::Receiver<Event>,
    scans: mpsc::Receiver<Scanned>,
    journal: JournalThread,
    site: SiteTask,
    cloud: Option<CloudThread>,
    showtimes: Option<ShowtimesThread>,
    display: Display,
    keypad_input: KeypadInput,
    scanners: Scanners,
    staff: StaffRequests,
    maintenance: Maintenance,
    housekeeping: Housekeeping,
    machine_log: MachineLog,
    // Dropped last: its end may take a second, in which the journal, told by then, closes.
    printer: Printer,
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
        let keypad = parts.context.loaded.checked.keypad.as_ref();
        let mut kiosk = Self {
            state: State::default(),
            display: Display::new(&parts.context.loaded),
            keypad_input: KeypadInput::new(keypad.map(|keypad| keypad.actions).unwrap_or_default()),
            scanners: Scanners::default(),
            staff: StaffRequests::new(&parts, clock),
            maintenance: Maintenance::new(&parts, clock),
            machine_log: MachineLog::new(&parts.journal, &parts.context.loaded.settings.kiosk.state_dir),
            clock,
            events,
            scans,
            housekeeping: Housekeeping::new(&parts.journal, parts.keeper, &parts.receipts.zone),
            printer: Printer::new(parts.printer, parts.receipts),
            machine: parts.machine,
            context: parts.context,
            journal: parts.journal,
            site: parts.site,
            cloud: parts.cloud,
            showtimes: parts.showtimes,
        };
        kiosk.handle_input(Input::Started(leftover)).await?;
        Ok(kiosk)
    }

    /// Begins to look after itself. `undone`: why settings changed on site were put back before this start, where they
    /// were.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn begin_maintenance(
        &mut self,
        events: mpsc::Sender<Event>,
        undone: Option<String>,
    ) -> Result<(), Stopped> {
        let effects = self.maintenance.begin(events, undone).await?;
        self.execute(effects).await
    }

    /// The maintenance menu alone is served from here on.
    pub fn serve_nobody(&mut self) {
        self.maintenance.serve_nobody();
    }

    // -- the kiosk as others see it --

    /// The state of the workflow.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The view that is shown now.
    pub fn view(&self) -> View {
        self.maintenance.over(self.display.view(&self.state))
    }

    /// The channels on which it is published.
    pub fn published(&self) -> Published {
        self.display.published(self.maintenance.tried_look(), self.clock.began(), &self.context.loaded)
    }

    /// The record.
    pub fn journal(&self) -> &JournalThread {
        &self.journal
    }

    /// A paper is at the printer.
    pub fn is_printing(&self) -> bool {
        self.printer.is_printing()
    }

    /// A scanner's input has ended for good.
    pub fn input_ended(&self) -> bool {
        self.scanners.ended()
    }

    /// A pickup is running.
    pub fn is_busy(&self) -> bool {
        matches!(self.state.customer, CustomerState::Busy(..) | CustomerState::Reprinting { .. })
    }

    /// Somebody has asked for a restart, and nothing is at the printer any more.
    pub fn wants_restart(&self) -> bool {
        self.maintenance.restart_wanted() && self.state.at_rest() && !self.is_printing()
    }

    fn status(&self) -> Status {
        let may_reprint = matches!(self.state.customer, CustomerState::Idle | CustomerState::Result(_));
        Status {
            at_rest: self.state.at_rest(),
            may_reprint,
            is_free: may_reprint && !self.state.stopping,
            readiness: self.state.printer,
            journal_ok: self.state.journal_ok,
            conditions: self.printer.told_conditions(),
            printing: self.printer.is_printing(),
            is_virtual: self.printer.is_virtual(),
            paper_left: self.printer.paper_left(),
            reprinting: self.staff.is_reprinting(),
            language: self.display.language(),
        }
    }

    /// Tells whoever looks, if anything has changed.
    fn show(&mut self) {
        let status = self.status();
        let faults = self.maintenance.active_faults(&status);
        self.display.follow(&self.state, &faults, self.clock.now());
        self.display.publish(self.view(), &self.state, status.conditions, faults);
    }

    // -- inputs and effects --

    /// A code from a person or a command line.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn present(&mut self, source: Source, scan: Scan) -> Result<PickupId, Stopped> {
        let pickup = clock::pickup_id()?;
        self.handle_input(Input::Code { pickup: pickup.clone(), source, scan }).await?;
        Ok(pickup)
    }

    /// Takes one input through the workflow, and its actions to the parts, with the answers that come at once.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn handle_input(&mut self, input: Input) -> Result<(), Stopped> {
        self.execute(vec![Effect::Input(input)]).await
    }

    /// Carries effects out with the kiosk's parts, each with all that follows from it before the next.
    async fn execute(&mut self, effects: Effects) -> Result<(), Stopped> {
        effect::in_order(effects, async |effect| self.carry_out(effect).await).await
    }

    // -- the loop --

    /// Waits for what happens next. May be dropped while it waits; nothing is lost.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn wait(&mut self) -> Result<Wakeup, Stopped> {
        let limits = [self.keypad_input.deadline(), self.maintenance.due()].into_iter().flatten();
        let deadline = self.machine.deadline(&self.state).into_iter().chain(limits).min();
        let limit = self.clock.sleep_until(deadline);
        let is_idle = matches!(self.state.customer, CustomerState::Idle);
        let showtimes = self.showtimes.as_ref().filter(|_| is_idle);
        let information = self.clock.sleep_until(showtimes.and_then(ShowtimesThread::due));
        tokio::select! {
            event = self.events.recv() => match event {
                Some(event) => Ok(Wakeup::Event(event)),
                None => Err(Stopped::Part(("所有事件来源", "every source of events"))),
            },
            Some(scanned) = self.scans.recv() => Ok(Wakeup::Scanned(scanned)),
            () = limit => Ok(Wakeup::Limit),
            () = information => Ok(Wakeup::ShowtimesDue),
        }
    }

    /// One wait and what it brings, unless the limit passes first: false then.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn step_before(&mut self, until: Instant) -> Result<bool, Stopped> {
        match timeout_at(until, self.wait()).await {
            Ok(happening) => self.handle_event(happening?).await.map(|()| true),
            Err(_) => Ok(false),
        }
    }

    /// As `step_before`, but for the scanners and the workflow's limits: they wait.
    pub(super) async fn event_before(&mut self, until: Instant) -> Result<bool, Stopped> {
        match timeout_at(until, self.events.recv()).await {
            Ok(Some(event)) => self.handle_event(Wakeup::Event(event)).await.map(|()| true),
            Ok(None) => Err(Stopped::Part(("所有事件来源", "every source of events"))),
            Err(_) => Ok(false),
        }
    }

    /// Waits for a printer that can take a ticket, until the limit passes; codes wait meanwhile.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn wait_for_printer(&mut self, limit: Duration) -> Result<(), Stopped> {
        let until = Instant::now() + limit;
        while self.state.printer != Readiness::Ready && self.event_before(until).await? {}
        Ok(())
    }

    /// Deals with what happened. Not to be dropped half-way: its actions are a list that is carried out whole.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn handle_event(&mut self, wakeup: Wakeup) -> Result<(), Stopped> {
        let effects = match wakeup {
            Wakeup::Event(event) => self.event(event).await?,
            Wakeup::Scanned(scanned) => self.scanned(scanned).await?,
            Wakeup::ShowtimesDue => {
                let now = self.clock.now();
                self.showtimes.as_mut().map_or(Ok(()), |showtimes| showtimes.ask(now))?;
                Vec::new()
            }
            Wakeup::Limit => {
                if self.keypad_input.settle(self.clock.now().mono) {
                    self.display.choices(None);
                }
                let mut effects = self.maintenance.limit();
                effects.push(Effect::Input(Input::Tick));
                effects
            }
        };
        self.execute(effects).await
    }

    /// A round of the journal's upkeep, unless somebody is being served.
    ///
    /// # Errors
    /// When a part has ended.
    pub async fn keep_house(&mut self) -> Result<(), Stopped> {
        self.housekeeping.round(self.is_busy(), self.clock).await
    }
}
