//! Site and journal tried for a technician, with the time they took.

use super::jobs::Jobs;
use super::outcome::Outcome;
use super::report::{busy, no};
use crate::config::Loaded;
use crate::config::settings::Sarft;
use crate::kiosk::check;
use crate::kiosk::control::STOPPING;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::site_task::{self, QueryReply, SiteRequest, SiteTask};
use crate::kiosk::staff_requests::NO_NUMBER;
use crate::kiosk::status::Status;
use crate::kiosk::stopped::Stopped;
use crate::locale::{Text, text};
use crate::maintenance::menu::ask::{MenuAnswer, Report, same};
use crate::maintenance::texts;
use crate::sarft::SiteError;
use crate::ticket::BookingNumber;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;

/// Site and journal, as far as they are tried.
#[derive(Debug)]
pub(super) struct Trials {
    site: SiteTask,
    journal: JournalThread,
    loaded: Arc<Loaded>,
}

impl Trials {
    /// None is under way.
    pub(super) fn new(site: SiteTask, journal: JournalThread, loaded: Arc<Loaded>) -> Self {
        Self { site, journal, loaded }
    }

    /// Signs in to the site.
    pub(super) async fn sign_in(&self, asked: u64, jobs: &mut Jobs) -> Result<Outcome, Stopped> {
        if let Some(answer) = jobs.too_many() {
            return Ok(Outcome::Answer(answer));
        }
        let (say, heard) = oneshot::channel();
        let began = Instant::now();
        self.site.ask(SiteRequest::SignIn(say)).await?;
        jobs.later(asked, None, sign_in(heard, self.loaded.settings.sarft.clone(), began));
        Ok(Outcome::Later)
    }

    /// Asks the site for one booking number.
    pub(super) async fn query(&self, asked: u64, number: &str, jobs: &mut Jobs) -> Result<Outcome, Stopped> {
        if let Some(answer) = jobs.too_many() {
            return Ok(Outcome::Answer(answer));
        }
        let Some(number) = number.parse().ok().and_then(BookingNumber::new) else {
            return Ok(Outcome::Answer(no(NO_NUMBER)));
        };
        let (say, heard) = oneshot::channel();
        let began = Instant::now();
        self.site.ask(SiteRequest::Look(number, say)).await?;
        jobs.later(asked, None, query(heard, number, self.loaded.checked.timezone.clone(), began));
        Ok(Outcome::Later)
    }

    /// Looks at the whole journal, while nobody is being served; the answer where it doesn't.
    pub(super) fn journal(&self, asked: u64, status: &Status, jobs: &mut Jobs) -> Option<MenuAnswer> {
        if let Some(answer) = jobs.too_many() {
            return Some(answer);
        }
        if !status.at_rest {
            return Some(busy());
        }
        jobs.later(asked, None, journal(self.journal.clone(), Instant::now()));
        None
    }
}

fn took(began: Instant) -> Text {
    same(format!("{} ms", began.elapsed().as_millis()))
}

/// The site's answer to a sign-in.
async fn sign_in(
    heard: oneshot::Receiver<Result<(), SiteError>>,
    settings: Sarft,
    began: Instant,
) -> MenuAnswer {
    let Ok(result) = heard.await else { return no(STOPPING) };
    let part = check::site(&result, &settings.address, &settings.username);
    let lines = vec![part.text(), took(began)];
    MenuAnswer::Report(Report { ok: part.works(), lines })
}

/// The site's answer about a booking.
async fn query(
    heard: oneshot::Receiver<QueryReply>,
    number: BookingNumber,
    zone: TimeZone,
    began: Instant,
) -> MenuAnswer {
    let Ok(found) = heard.await else { return no(STOPPING) };
    let took = took(began);
    match found {
        Ok(reply) => {
            let mut lines = site_task::describe(number, &reply, &zone).lines();
            lines.push(took);
            MenuAnswer::Report(Report { ok: reply.return_value == 0, lines })
        }
        Err(error) => MenuAnswer::Report(Report::no(vec![error.text(), took])),
    }
}

/// The journal, looked at page by page. A long one takes its time.
async fn journal(journal: JournalThread, began: Instant) -> MenuAnswer {
    let Ok(sound) = journal.with(|journal| journal.check_integrity()).await else {
        return no(STOPPING);
    };
    let part = check::journal(&journal).await;
    match sound {
        Ok(()) => {
            let took = took(began);
            let line = texts::machine::journal_sound();
            MenuAnswer::Report(Report { ok: part.works(), lines: vec![line, part.text(), took] })
        }
        Err(error) => {
            let code = check::code_of(&error);
            no(text!("{code}：{error:#}", "{code}: {error}"))
        }
    }
}
