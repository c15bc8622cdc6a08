//! The checks that do no harm, by themselves: at the start, now and then, and sooner while they find something.
//! They block, so they are made beside the event loop.

use super::news::{Found, News};
use crate::config::{self, Loaded};
use crate::fault_code::FaultCode;
use crate::journal::clock_trust::APART_SECONDS;
use crate::journal::record::Leftover;
use crate::journal::store::JournalError;
use crate::kiosk::check;
use crate::kiosk::clock::Clock;
use crate::kiosk::event::Event;
use crate::kiosk::journal_thread::JournalThread;
use crate::kiosk::parts::Context;
use crate::kiosk::site_task::{SiteRequest, SiteTask};
use crate::kiosk::stopped::Stopped;
use crate::maintenance::faults;
use crate::pickup::input::Now;
use crate::pickup::policy;
use crate::vista::client::Client as CloudClient;
use jiff::{SignedDuration, Timestamp};
use rustix::fs::statvfs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Between two looks around while all is well.
const SELDOM: Duration = Duration::from_secs(1800);
/// While something is the matter.
const OFTEN: Duration = Duration::from_secs(60);
/// A clock that shows an earlier year was never set.
const EARLIEST_YEAR: i16 = 2026;
/// The fact by which it is tried whether a record is taken.
const TRIED: &str = "tried";
/// Codes that a look around can tell.
pub(super) const OWN: [FaultCode; 7] = [
    FaultCode::DiskFull,
    FaultCode::ClockUnset,
    FaultCode::ClockApart,
    FaultCode::CloudSilent,
    FaultCode::CloudRefuses,
    FaultCode::TicketsUnsettled,
    FaultCode::SettingsUndone,
];

/// The next look around, and all that it looks at.
#[derive(Debug)]
pub(super) struct SelfCheck {
    journal: JournalThread,
    site: SiteTask,
    context: Context,
    clock: Clock,
    due: Option<Duration>,
}

impl SelfCheck {
    /// No look is due before it begins.
    pub(super) fn new(journal: JournalThread, site: SiteTask, context: Context, clock: Clock) -> Self {
        Self { journal, site, context, clock, due: None }
    }

    /// The moment of the next look; none while one is under way, or where nobody began.
    pub(super) fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Begins to look around, now and from now on.
    pub(super) async fn begin(&mut self) -> Result<(), Stopped> {
        self.due = Some(self.clock.now().mono);
        // Its answer is noticed as any other of the site's.
        let (say, _) = oneshot::channel();
        self.site.ask(SiteRequest::SignIn(say)).await
    }

    /// Has the checks made again as soon as the loop comes to it: something has been mended.
    pub(super) fn soon(&mut self) {
        if self.due.is_some() {
            self.due = Some(self.clock.now().mono);
        }
    }

    /// The present, if a look is due: it is under way from now on.
    pub(super) fn take_due(&mut self) -> Option<Now> {
        let now = self.clock.now();
        self.due.take_if(|due| *due <= now.mono).map(|_| now)
    }

    /// A record that failed is tried again with one that says nothing: nobody has to come for it.
    pub(super) async fn try_journal(
        &self,
        now: Timestamp,
    ) -> Result<Result<Leftover, JournalError>, Stopped> {
        let tried = self.journal.with(move |journal| {
            journal.keep_fact(TRIED, &now.to_string())?;
            // What the failure left open is closed at once, as at a start.
            journal.leftover(now)
        });
        Ok(tried.await?)
    }

    /// True while a ticket is uncertain or owed; none: the journal can't tell.
    pub(super) async fn unsettled(&self) -> Result<Option<bool>, Stopped> {
        let now = self.clock.now().wall;
        let left = self.journal.with(move |journal| journal.leftover(now)).await?;
        Ok(left.ok().map(|left| policy::unsettled(left.uncertain, left.owed)))
    }

    /// Looks around, beside the loop; the result comes as news.
    pub(super) fn look(&mut self, now: Now, unsettled: bool, events: &mpsc::Sender<Event>) {
        let loaded = Arc::clone(&self.context.loaded);
        let cloud = self.context.cloud.clone();
        let events = events.clone();
        // A thread of its own: the process may end while the cloud is waited for.
        let look = move || {
            let mut codes = local(&loaded);
            codes.extend(unsettled.then_some(FaultCode::TicketsUnsettled));
            let (of_cloud, cloud_ahead) = cloud.map(|cloud| self::cloud(&cloud)).unwrap_or_default();
            codes.extend(of_cloud);
            // The loop has ended: then nobody wants to know.
            let _ = events.blocking_send(Event::Maintenance(News::Looked(Found { codes, cloud_ahead })));
        };
        if thread::Builder::new().name("self-check".into()).spawn(look).is_err() {
            self.due = Some(now.mono + OFTEN);
        }
    }

    /// A look is over: the next is due soon while something ails.
    pub(super) fn looked(&mut self, codes: &[FaultCode], journal_ok: bool, now: Now) {
        let ails = codes
            .iter()
            .any(|code| *code != FaultCode::TicketsUnsettled && *code != FaultCode::SettingsUndone);
        self.due = Some(now.mono + if ails || !journal_ok { OFTEN } else { SELDOM });
    }
}

/// Tells the log which codes have come and which are over.
pub(super) fn log_changes(before: &[FaultCode], after: &[FaultCode]) {
    for code in after.iter().filter(|code| !before.contains(code)) {
        log::warn!("{}", faults::row(*code).line());
    }
    for code in before.iter().filter(|code| !after.contains(code)) {
        log::info!("{code}: over");
    }
}

fn local(loaded: &Loaded) -> Vec<FaultCode> {
    let mut codes = Vec::new();
    let settings = &loaded.settings;
    let wanted = u64::from(settings.journal.free_mib);
    let free = statvfs(&settings.kiosk.state_dir)
        .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024));
    codes.extend(free.is_ok_and(|free| free < wanted).then_some(FaultCode::DiskFull));
    let year = Timestamp::now().to_zoned_datetime(loaded.checked.timezone.clone()).year();
    codes.extend((year < EARLIEST_YEAR).then_some(FaultCode::ClockUnset));
    codes.extend(config::overrides::undone(&settings.kiosk.state_dir).map(|_| FaultCode::SettingsUndone));
    codes
}

/// The faults of the cloud, and by how much its clock is ahead.
fn cloud(client: &CloudClient) -> (Vec<FaultCode>, Option<SignedDuration>) {
    match client.check() {
        Ok(exchange) => {
            let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs().unsigned_abs());
            let codes = if apart > APART_SECONDS { vec![FaultCode::ClockApart] } else { Vec::new() };
            (codes, exchange.clock_ahead)
        }
        Err(error) => (vec![check::cloud_code(&error)], None),
    }
}
