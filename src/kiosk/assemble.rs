//! From the configuration to the parts of a kiosk. Real or simulated is chosen here, once.

use super::clock::Clock;
use super::cloud_thread::CloudThread;
use super::event::{EVENTS_MAX, Event};
use super::journal_thread::JournalThread;
use super::orders::{self, Keeper, Orders};
use super::parts::{Context, Parts};
use super::receipts::Receipts;
use super::showtimes::{self, ShowtimesThread};
use super::site_task::SiteTask;
use super::stopped::{Part, Stopped};
use super::{Kiosk, keypad_input, panel};
use crate::config::settings::Forgotten;
use crate::config::{ConfigError, Loaded, Secrets};
use crate::device::printer::{self, PrinterHandle};
use crate::device::scanner;
use crate::journal::business_day::DayError;
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::locale::{Language, Text, display_text, system_error, text};
use crate::pickup::machine::Machine;
use crate::pickup::policy::Policy;
use crate::sarft::client::{Client as SiteClient, ClientSettings};
use crate::sarft::message::Secret as SitePassword;
use crate::vista::client::{Client as CloudClient, SetupError};
use jiff::Timestamp;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The reason for which a kiosk could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    Config(#[from] ConfigError),
    /// The cloud's address or token.
    Cloud(#[from] SetupError),
    /// The journal can't be opened or read.
    Journal(#[from] JournalError),
    /// `[pickup] business_day_start` or the time zone.
    Day(#[from] DayError),
    /// A thread, a socket.
    System(Part, io::Error),
    /// A part ended at once.
    Stopped(#[from] Stopped),
}

display_text!(StartError);

impl StartError {
    /// The reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Config(error) => error.text(),
            Self::Cloud(error) => error.text(),
            Self::Journal(error) => error.text(),
            Self::Day(error) => error.text(),
            Self::System((zh, en), error) => {
                let error = system_error(error);
                text!("无法启动{zh}：{error:#}", "cannot start {en}: {error}")
            }
            Self::Stopped(error) => error.text(),
        }
    }

    /// The configuration is to be changed, by the contract's exit status 2.
    pub fn is_config(&self) -> bool {
        matches!(self, Self::Config(_) | Self::Cloud(_) | Self::Day(_))
    }
}

/// The policy from the settings.
fn policy(loaded: &Loaded) -> Policy {
    let settings = &loaded.settings;
    Policy {
        cinema_id: settings.cinema.id.clone(),
        national_code: settings.cinema.national_code.clone(),
        cloud: settings.cloud.is_some(),
        flags_at: settings.sarft.flags_at,
        claim_lapses: settings.sarft.claim_lapses_s,
        late_minutes: settings.pickup.late_minutes,
        earliest_hours: settings.pickup.earliest_hours,
        resume_minutes: settings.pickup.resume_minutes,
        burst: settings.rate_limit.burst,
        pace_period: Duration::from_secs(settings.rate_limit.seconds_per_code.into()),
        id_alone_a_day: settings.rate_limit.id_alone_a_day,
        id_alone_notice: settings.rate_limit.id_alone_notice,
        number_a_day: settings.rate_limit.number_a_day,
    }
}

/// Opens the journal, and holds its lock.
///
/// # Errors
/// See [`JournalError`].
pub fn journal(loaded: &Loaded, owner: &str) -> Result<Journal, StartError> {
    let settings = OpenSettings::new(&loaded.settings, owner)?;
    Ok(Journal::open(&loaded.settings.kiosk.state_dir, settings)?)
}

/// The client of the on-site service; not connected yet.
pub fn site_client(loaded: &Loaded, secrets: &Secrets) -> SiteClient {
    let sarft = &loaded.settings.sarft;
    SiteClient::new(ClientSettings {
        address: sarft.address.clone(),
        username: sarft.username.clone(),
        password: SitePassword::new(secrets.sarft_password.expose()),
        timeout: Duration::from_millis(sarft.timeout_ms),
        layout: loaded.checked.wire.clone(),
        timezone: loaded.checked.timezone.clone(),
    })
}

/// The cloud's client, where there is a cloud.
///
/// # Errors
/// An address or token that can't be used.
pub fn cloud_client(loaded: &Loaded, secrets: &Secrets) -> Result<Option<Arc<CloudClient>>, StartError> {
    let (Some(cloud), Some(token)) = (&loaded.settings.cloud, &secrets.cloud_token) else {
        return Ok(None);
    };
    let client = CloudClient::new(cloud, &loaded.settings.cinema.id, token.expose())?;
    Ok(Some(Arc::new(client)))
}

/// The receipts of this kiosk's printer.
pub fn receipts(loaded: &Loaded) -> Receipts {
    Receipts {
        layout: loaded.checked.layout.clone(),
        profile: loaded.checked.profile.clone(),
        stock: loaded.checked.stock,
        zone: loaded.checked.timezone.clone(),
        kiosk_id: loaded.settings.kiosk.id.clone(),
        language: loaded.settings.kiosk.languages.first().copied().unwrap_or(Language::Chinese),
        cinema_name: loaded.settings.cinema.name.clone(),
    }
}

/// The configuration's word on the printer's presenter.
pub fn printer_options(loaded: &Loaded) -> printer::Options {
    let presenter = &loaded.settings.presenter;
    printer::Options {
        retract: presenter.forgotten == Forgotten::Retract,
        patience: Duration::from_secs(presenter.forgotten_seconds.into()),
        ..printer::Options::default()
    }
}

/// The printer's owner, at work; its events come through the sender.
///
/// # Errors
/// When the system gives no thread.
pub fn printer(loaded: &Loaded, events: &mpsc::Sender<Event>) -> Result<PrinterHandle, StartError> {
    let events = events.clone();
    // The channel is emptied all the time; when the loop has ended, nobody needs to be told.
    let tell = move |event| drop(events.blocking_send(Event::Printer(event)));
    printer::start_with(
        loaded.checked.printer.clone(),
        &loaded.checked.profile,
        printer_options(loaded),
        tell,
    )
    .map_err(|error| StartError::System(("打印机的线程", "the printer's thread"), error))
}

/// The thread for films and sessions, where they are shown.
fn information(
    loaded: &Loaded,
    secrets: &Secrets,
    events: &mpsc::Sender<Event>,
) -> Result<Option<ShowtimesThread>, StartError> {
    let Some(client) = showtimes::client(loaded, secrets)? else { return Ok(None) };
    ShowtimesThread::start(loaded, client, events.clone())
        .map_err(|error| StartError::System(("场次信息的线程", "the information's thread"), error))
}

/// The keeper that ends what killed commands left on their way.
fn keeper(loaded: &Loaded, secrets: &Secrets) -> Result<Option<Keeper>, StartError> {
    let Some(orders) = Orders::new(loaded, secrets)? else {
        if orders::is_left(&loaded.settings.kiosk.state_dir) {
            log::warn!("an order is unfinished, but there is no order_token_file to finish it with");
        }
        return Ok(None);
    };
    Keeper::start(orders)
        .map(Some)
        .map_err(|error| StartError::System(("订单的线程", "the orders' thread"), error))
}

/// Puts a kiosk together and lets it close what its journal has open. `scanning`: whether the configured
/// scanners are read. Must be called inside the runtime that will run it.
///
/// # Errors
/// See [`StartError`].
pub async fn kiosk(
    loaded: Loaded,
    secrets: &Secrets,
    scanning: bool,
) -> Result<(Kiosk, mpsc::Sender<Event>), StartError> {
    let journal = journal(&loaded, "run")?;
    let leftover = journal.leftover(Timestamp::now())?;
    let (sender, events) = mpsc::channel(EVENTS_MAX);
    let cloud = cloud_client(&loaded, secrets)?;
    let thread = |what| move |error| StartError::System(what, error);
    let cloud_thread = cloud
        .as_ref()
        .map(|client| CloudThread::start(Arc::clone(client), sender.clone()))
        .transpose()
        .map_err(thread(("云端的线程", "the cloud's thread")))?;
    let information = information(&loaded, secrets, &sender)?;
    let keeper = if scanning { keeper(&loaded, secrets)? } else { None };
    let specs = if scanning { loaded.checked.scanners.as_slice() } else { &[] };
    let (scans, _threads) =
        scanner::start_all(specs).map_err(thread(("扫码器的线程", "the scanners' threads")))?;
    let parts = Parts {
        machine: Machine { policy: policy(&loaded), codes: loaded.checked.codes.clone() },
        journal: JournalThread::start(journal).map_err(thread(("取票记录的线程", "the journal's thread")))?,
        site: SiteTask::start(site_client(&loaded, secrets), sender.clone()),
        cloud: cloud_thread,
        showtimes: information,
        keeper,
        printer: printer(&loaded, &sender)?,
        receipts: receipts(&loaded),
        context: Context { loaded: Arc::new(loaded), cloud },
    };
    let kiosk = Box::pin(Kiosk::start(parts, Clock::start(), events, scans, leftover)).await?;
    if scanning {
        devices(&kiosk, &sender)?;
    }
    Ok((kiosk, sender))
}

/// Keypad and panel, where the configuration names them.
fn devices(kiosk: &Kiosk, events: &mpsc::Sender<Event>) -> Result<(), StartError> {
    let shown = kiosk.published();
    let checked = &shown.loaded.checked;
    if let Some(keypad) = &checked.keypad {
        keypad_input::start(keypad, events.clone())
            .map_err(|error| StartError::System(("键盘的线程", "the keypad's thread"), error))?;
    }
    if let Some(setup) = &checked.panel {
        panel::start(shown.clone(), setup, events.clone())
            .map_err(|error| StartError::System(("面板的线程", "the panel's threads"), error))?;
    }
    Ok(())
}
