//! The checks that do no harm, by themselves: at the start, now and then, and sooner while they find something.
//! They block, so they are made beside the event loop.

use super::News;
use crate::config::{self, Loaded};
use crate::journal::clock_trust;
use crate::kiosk::event::Event;
use crate::kiosk::site_task::SiteRequest;
use crate::kiosk::{Kiosk, Stopped, check};
use crate::pickup::input::Input;
use crate::vista::client::Client as CloudClient;
use jiff::{SignedDuration, Timestamp};
use rustix::fs::statvfs;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// Between two looks around while all is well.
const SELDOM: Duration = Duration::from_secs(1800);
/// While something is the matter.
const OFTEN: Duration = Duration::from_secs(60);
/// A clock that shows an earlier year was never set.
const EARLIEST_YEAR: i16 = 2026;
/// A clock that differs more from the cloud's is worth a word.
pub(super) const CLOCK_APART_SECONDS: u64 = clock_trust::APART_SECONDS;
/// The fact by which it is tried whether a record is taken.
const TRIED: &str = "tried";
/// Codes of this room.
const OWN: [&str; 7] = ["D1", "W1", "W2", "C1", "C2", "M2", "X2"];

/// When to look.
#[derive(Debug, Default)]
pub struct Upkeep {
    due: Option<Duration>,
}

impl Upkeep {
    /// When the next look is due; none while one is under way, or where nobody began.
    pub fn due(&self) -> Option<Duration> {
        self.due
    }
}

/// What a look around has found: the codes that are on, of those it can tell.
#[derive(Debug)]
pub struct Found {
    codes: Vec<&'static str>,
    /// By how much the cloud's clock is ahead of this machine's, where it told.
    cloud_ahead: Option<SignedDuration>,
}

impl Kiosk {
    /// Begins to look around, now and from now on.
    pub(super) async fn begin_upkeep(&mut self) -> Result<(), Stopped> {
        self.care.upkeep.due = Some(self.clock.now().mono);
        // Its answer is noticed as any other of the site's.
        let (say, _) = oneshot::channel();
        if !self.parts.site.ask(SiteRequest::SignIn(say)).await {
            return Err(Stopped::Part("the site's task"));
        }
        Ok(())
    }

    /// Has the checks made again as soon as the loop comes to it: something has been mended.
    pub(in crate::kiosk) fn look_around_soon(&mut self) {
        if self.care.upkeep.due.is_some() {
            self.care.upkeep.due = Some(self.clock.now().mono);
        }
    }

    pub(super) async fn look_around_if_due(&mut self) -> Result<(), Stopped> {
        let now = self.clock.now();
        if self.care.upkeep.due.is_none_or(|due| due > now.mono) {
            return Ok(());
        }
        let Some(events) = self.care.events.clone() else { return Ok(()) };
        self.care.upkeep.due = None;
        self.try_journal(now.wall).await?;
        let unsettled = self.unsettled().await?.unwrap_or_else(|| self.care.active.has("M2"));
        let loaded = Arc::clone(&self.parts.context.loaded);
        let cloud = self.parts.context.cloud.clone();
        // A thread of its own: the process may end while the cloud is waited for.
        let look = move || {
            let mut codes = local(&loaded);
            codes.extend(unsettled.then_some("M2"));
            let (of_cloud, cloud_ahead) = cloud.map(|cloud| self::cloud(&cloud)).unwrap_or_default();
            codes.extend(of_cloud);
            // The loop has ended: then nobody wants to know.
            let _ = events.blocking_send(Event::Care(News::Looked(Found { codes, cloud_ahead })));
        };
        if thread::Builder::new().name("upkeep".into()).spawn(look).is_err() {
            self.care.upkeep.due = Some(now.mono + OFTEN);
        }
        Ok(())
    }

    pub(super) async fn looked_around(&mut self, found: Found) -> Result<(), Stopped> {
        let (before, now) = (self.active_faults(), self.clock.now());
        let date = found.cloud_ahead.and_then(|ahead| now.wall.checked_add(ahead).ok());
        if let Some(date) = date {
            self.clock_trust.heard_server(now.mono, date);
        }
        for code in OWN {
            self.care.active.set(code, found.codes.contains(&code));
        }
        let ails = found.codes.iter().any(|code| *code != "M2" && *code != "X2");
        let pause = if ails || !self.state.journal_ok { OFTEN } else { SELDOM };
        self.care.upkeep.due = Some(now.mono + pause);
        self.tell_readiness().await?;
        let after = self.active_faults();
        for code in after.iter().filter(|code| !before.contains(code)) {
            if let Some(fault) = crate::maintenance::faults::find(code) {
                log::warn!("{}", fault.line());
            }
        }
        for code in before.iter().filter(|code| !after.contains(code)) {
            log::info!("{code}: over");
        }
        self.show();
        Ok(())
    }
}

impl Kiosk {
    /// A record that failed is tried again with one that says nothing: nobody has to come for it.
    async fn try_journal(&mut self, now: Timestamp) -> Result<(), Stopped> {
        if self.state.journal_ok || !self.state.at_rest() {
            return Ok(());
        }
        let tried = self
            .parts
            .journal
            .with(move |journal| {
                journal.keep_fact(TRIED, &now.to_string())?;
                // What the failure left open is closed at once, as at a start.
                journal.leftover(now)
            })
            .await?;
        match tried {
            Ok(leftover) => Box::pin(self.give(Input::JournalMended(leftover))).await,
            Err(error) => {
                log::warn!("J2: {error}");
                Ok(())
            }
        }
    }

    /// The workflow hears that records can be made, or can't, where nobody is being served.
    async fn tell_readiness(&mut self) -> Result<(), Stopped> {
        let readiness = self.readiness();
        if readiness == self.state.printer || !self.state.at_rest() {
            return Ok(());
        }
        Box::pin(self.give(Input::Printer(readiness))).await
    }

    /// Whether a ticket is uncertain or owed; none: the journal can't tell.
    async fn unsettled(&self) -> Result<Option<bool>, Stopped> {
        let now = self.clock.now().wall;
        let left = self.parts.journal.with(move |journal| journal.leftover(now)).await?;
        Ok(left.ok().map(|left| left.uncertain + left.owed > 0))
    }

    /// Something may have become uncertain, or been settled.
    pub(in crate::kiosk) async fn count_unsettled(&mut self) -> Result<(), Stopped> {
        if let Some(unsettled) = self.unsettled().await? {
            self.care.active.set("M2", unsettled);
            self.show();
        }
        Ok(())
    }
}

fn local(loaded: &Loaded) -> Vec<&'static str> {
    let mut codes = Vec::new();
    let settings = &loaded.settings;
    let wanted = u64::from(settings.journal.free_mib);
    let free = statvfs(&settings.kiosk.state_dir)
        .map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) / (1024 * 1024));
    codes.extend(free.is_ok_and(|free| free < wanted).then_some("D1"));
    let year = Timestamp::now().to_zoned_datetime(loaded.checked.timezone.clone()).year();
    codes.extend((year < EARLIEST_YEAR).then_some("W1"));
    codes.extend(config::site::undone(&settings.kiosk.state_dir).map(|_| "X2"));
    codes
}

/// What is the matter with the cloud, and by how much its clock is ahead.
fn cloud(client: &CloudClient) -> (Vec<&'static str>, Option<SignedDuration>) {
    match client.check() {
        Ok(exchange) => {
            let apart = exchange.clock_ahead.map_or(0, |ahead| ahead.as_secs().unsigned_abs());
            let codes = if apart > CLOCK_APART_SECONDS { vec!["W2"] } else { Vec::new() };
            (codes, exchange.clock_ahead)
        }
        Err(error) => (vec![check::cloud_code(&error)], None),
    }
}
