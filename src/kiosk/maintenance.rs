//! Maintenance of a running kiosk: the faults that are on, the person in the menu, and what is done for them.

pub mod active_faults;
mod audit;
mod background;
mod jobs;
mod keys;
mod lamps;
pub mod log_ring;
mod menu;
pub mod news;
mod outcome;
pub(super) mod papers;
mod pins;
mod printer;
mod report;
mod requests;
mod self_check;
mod session;
mod state;
mod system;
mod tickets;
mod tools;
mod trials;
mod usb_export;

pub use session::MenuState;

use super::clock::Clock;
use super::effect::{Effect, Effects, Maintain};
use super::event::{Event, Health};
use super::journal_thread::JournalThread;
use super::parts::Parts;
use super::request::{ControlAnswer as Reply, MenuCall};
use super::status::Status;
use super::stopped::Stopped;
use crate::device::panel::show::Look;
use crate::device::printer::session::PrintResult;
use crate::device::printer::session::status_snapshot::Raw;
use crate::fault_code::FaultCode;
use crate::maintenance::menu::Surface;
use crate::maintenance::menu::ask::{MenuAnswer, PinAnswer};
use crate::pickup::input::{Input, Readiness, Scan};
use crate::screen::user_input::UserInput;
use crate::screen::view::View;
use audit::MenuUser;
use menu::MenuService;
use news::{Found, News};
use requests::{Requests, SERVICE};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Faults, checks and the menu of one kiosk.
#[derive(Debug)]
pub(super) struct Maintenance {
    journal: JournalThread,
    clock: Clock,
    menu: MenuService,
}

impl Maintenance {
    /// Nothing of it has begun.
    pub(super) fn new(parts: &Parts, clock: Clock) -> Self {
        let menu = MenuService::new(Requests::new(parts, clock), parts.context.clone(), clock);
        Self { journal: parts.journal.clone(), clock, menu }
    }

    /// Begins, now and from now on: what is kept over restarts, the checks that do no harm, the menu. `undone`: why
    /// settings changed on site were put back before this start, where they were.
    pub(super) async fn begin(
        &mut self,
        events: mpsc::Sender<Event>,
        undone: Option<String>,
    ) -> Result<Effects, Stopped> {
        let now = self.clock.now();
        let kept = self.journal.with(|journal| (journal.fact(SERVICE), journal.fact(pins::FACT))).await?;
        let (service, lockout) = kept;
        self.fault(FaultCode::ClosedByStaff, service.ok().flatten().is_some_and(|word| word == "out"));
        self.fault(FaultCode::SettingsUndone, undone.is_some());
        let shut = self.menu.requests.pins.begin(lockout.ok().flatten().as_deref(), now);
        self.fault(FaultCode::PinsLocked, shut);
        self.menu.begin();
        self.menu.requests.jobs.begin(events);
        if let Some(why) = undone {
            log::error!("{}: {why}", FaultCode::SettingsUndone);
            let start = MenuUser { who: "start".into(), surface: "kiosk" };
            self.menu.requests.audit.note(&start, "settings_undone", "", &why).await?;
        }
        self.take_up_pins().await?;
        self.menu.requests.check.begin().await?;
        Ok(vec![Effect::TellReadiness])
    }

    /// The menu alone is served from here on.
    pub(super) fn serve_nobody(&mut self) {
        self.menu.serve_alone();
    }

    /// True where somebody has asked for a restart.
    pub(super) fn restart_wanted(&self) -> bool {
        self.menu.requests.restart
    }

    /// Puts PINs that were set or taken back beside the kiosk on record, before anybody can use them.
    pub(super) async fn take_up_pins(&self) -> Result<(), Stopped> {
        self.menu.requests.audit.take_up_pins().await
    }

    /// The printer has told its model's name.
    pub(super) fn printer_is(&mut self, model: String) {
        self.menu.requests.printer_model = Some(model);
    }

    /// The look that the panel is to show instead of what happens; none: what happens.
    pub(super) fn tried_look(&self) -> watch::Receiver<Option<Look>> {
        self.menu.requests.lamps.look()
    }

    // -- faults --

    /// Switches a code of the table of faults on or off.
    pub(super) fn fault(&mut self, code: FaultCode, on: bool) {
        self.menu.requests.active.set(code, on);
    }

    /// The site answers, or doesn't, or not as it should.
    pub(super) fn site_heard(&mut self, health: Health) {
        self.fault(FaultCode::SiteSilent, health == Health::Silent);
        self.fault(FaultCode::SiteRefuses, health == Health::Refuses);
    }

    /// Every code that is on, the gravest first, else in the table's order.
    pub(super) fn active_faults(&self, status: &Status) -> Vec<FaultCode> {
        self.menu.requests.active.all(status)
    }

    /// The machine's readiness, by the rule of the policy.
    pub(super) fn readiness(&self, status: &Status) -> Readiness {
        self.menu.requests.readiness(status)
    }

    /// Has the checks made again as soon as the loop comes to it: something has been mended.
    pub(super) fn check_soon(&mut self) {
        self.menu.requests.check.soon();
    }

    /// Looks for tickets uncertain or owed, which are M2; true where the journal could tell.
    pub(super) async fn count_unsettled(&mut self) -> Result<bool, Stopped> {
        let Some(unsettled) = self.menu.requests.check.unsettled().await? else { return Ok(false) };
        self.fault(FaultCode::TicketsUnsettled, unsettled);
        Ok(true)
    }

    // -- limits and news --

    /// The next moment, on the workflow's clock, at which something of this is due.
    pub(super) fn due(&self) -> Option<Duration> {
        [self.menu.requests.check.due(), self.menu.due(), self.menu.requests.pins.until()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Does what is due.
    pub(super) fn limit(&mut self) -> Effects {
        let mut effects = Vec::new();
        if self.menu.requests.pins.open_again(self.clock.now()) {
            self.fault(FaultCode::PinsLocked, false);
            effects.push(Effect::Show);
        }
        effects.extend([Effect::Maintain(Maintain::LeaveIdle), Effect::Maintain(Maintain::Check)]);
        effects
    }

    /// News from work done beside the loop.
    pub(super) async fn news(&mut self, news: News, status: &Status) -> Result<Effects, Stopped> {
        match news {
            News::Looked(found) => Ok(self.looked(&found, status)),
            News::Pin { asked, right } => self.pin_looked_at(asked, right).await,
            News::Done { asked, answer, begun } => {
                self.menu.requests.jobs.finished();
                if let Some(begun) = begun {
                    self.menu.requests.audit.ended(begun, &answer).await?;
                }
                self.menu.answer(asked, answer, status).await
            }
            News::Nothing => Ok(Vec::new()),
        }
    }

    /// A look around is over. The workflow hears that records can be made, or can't, where nobody is being served.
    fn looked(&mut self, found: &Found, status: &Status) -> Effects {
        let (before, now) = (self.active_faults(status), self.clock.now());
        let mut effects = Vec::new();
        if let Some(date) = found.cloud_ahead.and_then(|ahead| now.wall.checked_add(ahead).ok()) {
            effects.push(Effect::ServerTime(now.mono, date));
        }
        for code in self_check::OWN {
            self.fault(code, found.codes.contains(&code));
        }
        self.menu.requests.check.looked(&found.codes, status.journal_ok, now);
        let readiness = self.readiness(status);
        if readiness != status.readiness && status.at_rest {
            effects.push(Effect::Input(Input::Printer(readiness)));
        }
        effects.push(Effect::Maintain(Maintain::LogChanges(before)));
        effects
    }

    async fn pin_looked_at(&mut self, asked: u64, right: bool) -> Result<Effects, Stopped> {
        let answer = self.menu.requests.pins.looked_at(right).await?;
        if let PinAnswer::Locked { seconds } = answer {
            self.fault(FaultCode::PinsLocked, true);
            let nobody = MenuUser { who: "nobody".into(), surface: self.menu.surface() };
            self.menu.requests.audit.note(&nobody, "pins_locked", "", &format!("{seconds} s")).await?;
        }
        let mut effects = vec![Effect::Show];
        if self.menu.is_open() {
            effects.push(Effect::Maintain(Maintain::Answer(asked, Some(MenuAnswer::Pin(answer)))));
        }
        Ok(effects)
    }

    /// The printer's word on a paper of the menu's.
    pub(super) async fn paper_done(
        &mut self,
        asked: u64,
        result: PrintResult,
        status: &Status,
    ) -> Result<Effects, Stopped> {
        let report = papers::done(result);
        if !report.ok {
            let reason = report::reason(&report);
            self.menu.requests.audit.note(&self.menu.menu_user(), "paper_not_printed", "", &reason).await?;
        }
        self.menu.answer(asked, MenuAnswer::Report(report), status).await
    }

    /// The menu's report on the printer.
    pub(super) async fn report_printer(
        &mut self,
        asked: u64,
        raw: Raw,
        status: &Status,
    ) -> Result<Effects, Stopped> {
        let report = self.menu.requests.printer_report(raw, status.conditions);
        self.menu.go_on(asked, Some(report), status).await
    }

    // -- the menu --

    /// The view with the menu over it.
    pub(super) fn over(&self, view: View) -> View {
        self.menu.over(view)
    }

    /// Takes a key of keypad or screen, if it is the menu's.
    pub(super) async fn takes_key(
        &mut self,
        pressed: &UserInput,
        status: &Status,
    ) -> Result<Option<Effects>, Stopped> {
        self.menu.takes_key(pressed, status).await
    }

    /// Takes a code, if it is the menu's.
    pub(super) async fn takes_scan(
        &mut self,
        scan: &Scan,
        status: &Status,
    ) -> Result<Option<Effects>, Stopped> {
        self.menu.takes_scan(scan, status).await
    }

    /// A terminal's call.
    pub(super) async fn call(
        &mut self,
        call: MenuCall,
        status: &Status,
        reply: oneshot::Sender<Reply>,
    ) -> Result<Effects, Stopped> {
        self.menu.call(call, status, reply).await
    }

    /// The sequence of keys was typed: the menu opens on the customer screen, after the pickup in progress.
    pub(super) fn call_to_screen(&mut self, status: &Status) -> Effects {
        self.menu.call_to_screen(status)
    }

    /// Opens the menu that was called during a pickup, if that is over.
    pub(super) fn open_wanted(&mut self, status: &Status) -> Effects {
        self.menu.open_wanted(status)
    }

    // -- steps --

    /// One step, behind what the loop did for it.
    pub(super) async fn step(&mut self, step: Maintain, status: &Status) -> Result<Effects, Stopped> {
        match step {
            Maintain::Answer(asked, answer) => return self.menu.go_on(asked, answer, status).await,
            Maintain::OpenOnScreen => return self.menu.open(Surface::Screen, None, status).await,
            Maintain::Reply(id, reply) => self.menu.reply(Some(id), reply),
            Maintain::ReplyOpened(reply) => self.menu.reply(None, reply),
            Maintain::AwaitSettled(asked, wait) => {
                let menu_user = self.menu.menu_user();
                self.menu.requests.await_settled(asked, &menu_user, wait);
            }
            Maintain::LeaveIdle => return self.menu.leave_idle(status).await,
            Maintain::Check => return self.check(status).await,
            Maintain::CheckOn(now) => {
                let unsettled = self.menu.requests.check.unsettled().await?;
                let unsettled =
                    unsettled.unwrap_or_else(|| self.menu.requests.active.has(FaultCode::TicketsUnsettled));
                self.menu.requests.look(now, unsettled);
            }
            Maintain::LogChanges(before) => {
                self_check::log_changes(&before, &self.active_faults(status));
                return Ok(vec![Effect::Show]);
            }
        }
        Ok(Vec::new())
    }

    /// Begins the checks, if they are due: first of a journal that has failed, while nobody is being served.
    async fn check(&mut self, status: &Status) -> Result<Effects, Stopped> {
        let check = &mut self.menu.requests.check;
        let Some(now) = check.take_due() else { return Ok(Vec::new()) };
        let mut effects = Vec::new();
        if !status.journal_ok && status.at_rest {
            match check.try_journal(now.wall).await? {
                Ok(leftover) => effects.push(Effect::Input(Input::JournalMended(leftover))),
                Err(error) => log::warn!("{}: {error}", FaultCode::JournalRefused),
            }
        }
        effects.push(Effect::Maintain(Maintain::CheckOn(now)));
        Ok(effects)
    }
}
