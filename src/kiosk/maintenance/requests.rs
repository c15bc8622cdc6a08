//! The menu's requests, done: at once where the loop has the answer, else beside it.

use super::active_faults::Active;
use super::audit::{AuditLog, AuditTrail, Begun, MenuUser};
use super::background::{self, Recorded};
use super::jobs::Jobs;
use super::lamps::Lamps;
use super::news::News;
use super::outcome::Outcome;
use super::papers::{self, Paper};
use super::pins::{PinCheck, Pins};
use super::report::{busy, no};
use super::self_check::SelfCheck;
use super::tools::Tools;
use super::trials::Trials;
use super::{printer, state, tickets};
use crate::device::printer::conditions::Conditions;
use crate::device::printer::session::status_snapshot::Raw;
use crate::fault_code::FaultCode;
use crate::journal::audit_log::AuditEntry;
use crate::kiosk::clock::Clock;
use crate::kiosk::effect::{Effect, Maintain};
use crate::kiosk::event::Event;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::parts::{Context, Parts};
use crate::kiosk::receipts::Receipts;
use crate::kiosk::request::{ControlAnswer, Resolve};
use crate::kiosk::status::Status;
use crate::kiosk::stopped::Stopped;
use crate::maintenance::menu::ask::{Ask, Case, How, MenuAnswer, Pin, PinAnswer, Report};
use crate::maintenance::texts;
use crate::pickup::input::{Input, Now, Readiness};
use crate::pickup::policy;
use std::sync::Arc;
use tokio::sync::oneshot;

/// The fact that outlives a restart: staff have taken the machine out of service.
pub(super) const SERVICE: &str = "service";

/// The parts that do what the menu asks for.
#[derive(Debug)]
pub(super) struct Requests {
    pub active: Active,
    pub audit: AuditLog,
    pub pins: Pins,
    pub check: SelfCheck,
    pub jobs: Jobs,
    pub lamps: Lamps,
    /// The model's name, as the printer told it.
    pub printer_model: Option<String>,
    /// A restart was asked for.
    pub restart: bool,
    journal: JournalThread,
    trials: Trials,
    context: Context,
    receipts: Receipts,
    clock: Clock,
}

impl Requests {
    /// Nothing is asked for.
    pub(super) fn new(parts: &Parts, clock: Clock) -> Self {
        let Parts { journal, site, context, receipts, .. } = parts;
        let state_dir = context.loaded.settings.kiosk.state_dir.clone();
        Self {
            active: Active::default(),
            audit: AuditLog::new(journal.clone(), clock, state_dir),
            pins: Pins::new(journal.clone(), clock, Arc::clone(&context.loaded)),
            check: SelfCheck::new(journal.clone(), site.clone(), context.clone(), clock),
            jobs: Jobs::default(),
            lamps: Lamps::default(),
            printer_model: None,
            restart: false,
            journal: journal.clone(),
            trials: Trials::new(site.clone(), journal.clone(), Arc::clone(&context.loaded)),
            context: context.clone(),
            receipts: receipts.clone(),
            clock,
        }
    }

    /// The machine's readiness, by the rule of the policy.
    pub(super) fn readiness(&self, status: &Status) -> Readiness {
        policy::readiness(policy::Service {
            suspended: self.active.has(FaultCode::ClosedByStaff),
            printer: status.conditions,
            at_rest: status.at_rest,
            disk_full: self.active.has(FaultCode::DiskFull),
            journal_ok: status.journal_ok,
        })
    }

    /// Does one request of whoever is in front of the menu.
    pub(super) async fn carry_out(
        &mut self,
        asked: u64,
        ask: Ask,
        menu_user: &MenuUser,
        status: &Status,
    ) -> Result<Outcome, Stopped> {
        match ask {
            Ask::CheckPin { user, pin } => self.check_pin(asked, &user, pin).await,
            Ask::SignedIn => {
                self.audit.note(menu_user, "signed_in", "", "").await?;
                Ok(Outcome::Later)
            }
            Ask::Leave => {
                if menu_user.who != "nobody" {
                    self.audit.note(menu_user, "left", "", "").await?;
                }
                self.check.soon();
                Ok(Outcome::Later)
            }
            Ask::Watch(_) | Ask::StopWatching => Ok(Outcome::Later),
            Ask::State => self.state_in_words(status).await.map(Outcome::Answer),
            Ask::Cases => tickets::cases(&self.journal).await.map(Outcome::Answer),
            Ask::Claim(claim) => tickets::claim(&self.journal, claim).await.map(Outcome::Answer),
            Ask::Settle { case, how, second } => {
                self.settle(asked, (case, how, second), menu_user, status).await
            }
            Ask::Service(on) => self.service(asked, on, menu_user, status).await,
            Ask::PaperChanged | Ask::Slip | Ask::TestTicket | Ask::Alignment | Ask::Characters => {
                self.paper(asked, ask, menu_user, status).await
            }
            Ask::Printer => Ok(Outcome::First(vec![Effect::ReportPrinter(asked)])),
            Ask::SignIn => self.trials.sign_in(asked, &mut self.jobs).await,
            Ask::Query(number) => self.trials.query(asked, &number, &mut self.jobs).await,
            Ask::Journal => Ok(self.trials.journal(asked, status, &mut self.jobs).into()),
            Ask::Panel => {
                let is_there = self.context.loaded.checked.panel.is_some();
                let answer =
                    self.lamps.begin(asked, is_there, menu_user, &self.audit, &mut self.jobs).await?;
                Ok(answer.into())
            }
            Ask::Restart => self.restart(menu_user).await,
            ask => self.job(asked, ask, menu_user, status).await.map(Outcome::from),
        }
    }

    async fn check_pin(&mut self, asked: u64, user: &str, pin: Pin) -> Result<Outcome, Stopped> {
        Ok(match self.pins.check(asked, user, pin, self.jobs.events()).await? {
            PinCheck::Shut(seconds) => {
                self.active.set(FaultCode::PinsLocked, true);
                let answer = MenuAnswer::Pin(PinAnswer::Locked { seconds });
                let then = Maintain::Answer(asked, Some(answer));
                Outcome::First(vec![Effect::Show, Effect::Maintain(then)])
            }
            PinCheck::Answered(answer) => Outcome::Answer(MenuAnswer::Pin(answer)),
            PinCheck::UnderWay => Outcome::Later,
        })
    }

    async fn state_in_words(&mut self, status: &Status) -> Result<MenuAnswer, Stopped> {
        let now = self.clock.now().wall;
        let left = self.journal.with(move |journal| journal.leftover(now)).await?;
        self.check.soon();
        let dir = &self.context.loaded.settings.kiosk.state_dir;
        let report = state::report(&self.active.all(status), left.ok(), status.paper_left, dir);
        Ok(MenuAnswer::Report(report))
    }

    /// Looks around, beside the loop.
    pub(super) fn look(&mut self, now: Now, unsettled: bool) {
        if let Some(events) = self.jobs.events() {
            self.check.look(now, unsettled, events);
        }
    }

    /// The report on the printer, by its last answers.
    pub(super) fn printer_report(&self, raw: Raw, told: Option<Conditions>) -> MenuAnswer {
        let settings = &self.context.loaded.settings.printer;
        let told = told.unwrap_or_default();
        MenuAnswer::Report(printer::report(settings, self.printer_model.as_deref(), raw, told))
    }

    // -- tickets --

    async fn settle(
        &mut self,
        asked: u64,
        (case, how, second): (Case, How, Option<String>),
        menu_user: &MenuUser,
        status: &Status,
    ) -> Result<Outcome, Stopped> {
        if how == How::PrintAgain && second.is_none() {
            return Ok(Outcome::Answer(no(texts::tickets::second_needed())));
        }
        if !status.at_rest {
            return Ok(Outcome::Answer(busy()));
        }
        let (who, surface) = (&menu_user.who, menu_user.surface);
        let who = second.map_or(who.clone(), |second| format!("{who} with {second}"));
        let before = format!("{} {}", case.seat, case.state.name());
        let after = format!("{} {}", case.pickup, how.word());
        let both = MenuUser { who: who.clone(), surface };
        self.audit.note(&both, "ticket_settled", &before, &after).await?;
        let reason = format!("maintenance menu, {surface}");
        let order = Resolve { id: case.pickup, ticket: case.seat, how: how.word().into(), reason, who };
        let (reply, wait) = oneshot::channel();
        Ok(Outcome::First(vec![
            Effect::Resolve(order, reply),
            Effect::Maintain(Maintain::AwaitSettled(asked, wait)),
            Effect::Maintain(Maintain::Answer(asked, None)),
        ]))
    }

    /// Waits beside the loop for a ticket that is being settled.
    pub(super) fn await_settled(
        &mut self,
        asked: u64,
        menu_user: &MenuUser,
        wait: oneshot::Receiver<ControlAnswer>,
    ) {
        self.check.soon();
        let begun = Begun::new(menu_user, AuditTrail { done: None, failed: "ticket_not_settled" });
        self.jobs.later(asked, Some(begun), tickets::settled(wait));
    }

    // -- the machine --

    async fn service(
        &mut self,
        asked: u64,
        on: bool,
        menu_user: &MenuUser,
        status: &Status,
    ) -> Result<Outcome, Stopped> {
        if !status.at_rest {
            return Ok(Outcome::Answer(busy()));
        }
        let word = |on| if on { "in" } else { "out" };
        let act = AuditEntry {
            at: self.clock.now().wall,
            who: menu_user.who.clone(),
            surface: menu_user.surface.to_owned(),
            what: "service".into(),
            before: word(!self.active.has(FaultCode::ClosedByStaff)).into(),
            after: word(on).into(),
        };
        let fact = word(on);
        let kept =
            self.journal.with(move |journal| journal.append_act_with(&act, Some((SERVICE, fact)))).await?;
        if let Err(error) = kept {
            return Ok(Outcome::Answer(no(error.text())));
        }
        self.active.set(FaultCode::ClosedByStaff, !on);
        let line = if on { texts::machine::in_service() } else { texts::machine::out_of_service() };
        let answer = MenuAnswer::Report(Report::yes(vec![line]));
        Ok(Outcome::First(vec![
            Effect::Input(Input::Printer(self.readiness(status))),
            Effect::Maintain(Maintain::Answer(asked, Some(answer))),
        ]))
    }

    async fn restart(&mut self, menu_user: &MenuUser) -> Result<Outcome, Stopped> {
        self.audit.note(menu_user, "restart", "", "").await?;
        self.restart = true;
        // The loop looks once more when this is dealt with.
        if let Some(events) = self.jobs.events() {
            let _ = events.try_send(Event::Maintenance(News::Nothing));
        }
        let line = texts::machine::restarting();
        Ok(Outcome::Answer(MenuAnswer::Report(Report::yes(vec![line]))))
    }

    async fn paper(
        &mut self,
        asked: u64,
        ask: Ask,
        menu_user: &MenuUser,
        status: &Status,
    ) -> Result<Outcome, Stopped> {
        if let Some(answer) = papers::not_now(status) {
            return Ok(Outcome::Answer(answer));
        }
        let now = self.clock.now().wall;
        let made = papers::make(ask, &self.receipts, status.is_virtual, &self.journal, now).await?;
        let Paper { act, printable } = match made {
            Ok(paper) => paper,
            Err(error) => return Ok(Outcome::Answer(no(error.text()))),
        };
        let left = status.paper_left.map_or_else(String::new, |left| format!("paper for {left} tickets"));
        if !self.audit.note(menu_user, act, &left, "").await? {
            return Ok(Outcome::Answer(no(texts::machine::unrecorded_paper())));
        }
        let mut effects = Vec::new();
        if act == "paper_changed" {
            effects.push(Effect::RollReplaced);
        }
        effects.push(Effect::PrintForMenu(asked, printable));
        Ok(Outcome::First(effects))
    }

    // -- work beside the loop --

    async fn job(
        &mut self,
        asked: u64,
        ask: Ask,
        menu_user: &MenuUser,
        status: &Status,
    ) -> Result<Option<MenuAnswer>, Stopped> {
        if let Some(answer) = self.jobs.too_many() {
            return Ok(Some(answer));
        }
        let begun = match background::recorded(&ask, &self.context.loaded) {
            None => None,
            Some(Recorded { what, before, after, ends }) => {
                if !self.audit.note(menu_user, what, &before, &after).await? {
                    return Ok(Some(no(texts::machine::unrecorded())));
                }
                Some(Begun::new(menu_user, ends))
            }
        };
        let copy = matches!(ask, Ask::Write { .. }).then(|| self.journal.clone());
        let tools = Tools {
            loaded: Arc::clone(&self.context.loaded),
            cloud: self.context.cloud.clone(),
            active: self.active.all(status),
            printer: self.printer_model.clone(),
        };
        let runtime = tokio::runtime::Handle::current();
        let work = move || background::work(ask, &tools, copy.as_ref(), &runtime);
        Ok(self.jobs.on_thread(asked, begun, work))
    }
}
