//! `pickup-kiosk run`: the appliance.

mod stay;

use super::args::Run;
use super::{CommandError, ExitStatus};
use crate::config::overrides::SettingsTrial;
use crate::config::{self, Loaded};
use crate::fault_code::FaultCode;
use crate::kiosk::assemble::{self, StartError};
use crate::kiosk::event::Event;
use crate::kiosk::http::Addresses;
use crate::kiosk::{Kiosk, Stopped, control, http, out_of_service, run_until};
use crate::locale::{system_error, text};
use crate::screen::server::Extra;
use crate::version::VERSION;
use sd_notify::NotifyState;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Time limit for a ticket at the printer to be finished when the kiosk is told to stop.
const LAST_TICKET_LIMIT: Duration = Duration::from_secs(15);
/// Interval of the journal's housekeeping.
const HOUSEKEEPING: Duration = Duration::from_secs(600);
/// Interval of the beat where no watchdog is set: nothing waits for it.
const NO_WATCHDOG: Duration = Duration::from_secs(3600);

/// Runs the kiosk until it is told to stop.
///
/// # Errors
/// Returns an error for a wrong configuration, a journal that can't be opened, or a part that ended.
pub async fn run(args: &Run) -> Result<ExitStatus, CommandError> {
    // Signals are heard from the first moment on, before READY.
    let mut signals = Signals::listen()
        .map_err(|error| CommandError::failed(text!("信号：{:#}", "signals: {}", system_error(&error))))?;
    let ended = Box::pin(live(&args.config.path, &mut signals)).await;
    match ended {
        Err(error) if error.exit_status() == ExitStatus::Usage => {
            stay::without_settings(&args.config.path, error, &mut signals).await
        }
        ended => ended,
    }
}

/// Runs the kiosk from its start to its end.
async fn live(config: &Path, signals: &mut Signals) -> Result<ExitStatus, CommandError> {
    let trial = SettingsTrial::begin(config)?;
    let mut started = Box::pin(start(config)).await;
    if let Err(StartFailure::Other(error)) = &started
        && put_back(&trial, error)
    {
        started = Box::pin(start(config)).await;
    }
    let Started { mut kiosk, events, loaded } = match started {
        Ok(started) => started,
        Err(StartFailure::Closed(loaded)) => {
            // No setting changed on site is to blame.
            trial.confirm();
            return stay::without_journal(&loaded, signals).await;
        }
        Err(StartFailure::Journal(error) | StartFailure::Other(error)) => return Err(error),
    };
    let state_dir = loaded.settings.kiosk.state_dir.clone();
    let id = loaded.settings.kiosk.id.clone();
    let addresses = http::listen(&kiosk.published(), events.clone(), Extra::default(), VERSION)
        .map_err(|error| CommandError::failed(error.text()))?;
    tell_where(addresses);
    control::serve(&state_dir, events.clone()).map_err(|error| socket_error(&state_dir, &error))?;
    log::info!("kiosk {id} is up, version {VERSION}");
    notify(&[NotifyState::Ready]);
    trial.confirm();
    let cared = kiosk.begin_maintenance(events, config::overrides::undone(&state_dir)).await;
    let result = match cared {
        Ok(()) => serve(&mut kiosk, signals).await,
        Err(stopped) => Err(stopped),
    };
    notify(&[NotifyState::Stopping]);
    // A socket left behind does no harm: the next start replaces it.
    let _ = std::fs::remove_file(state_dir.join(control::SOCKET));
    result.map_err(|error| CommandError::failed(error.text()))?;
    log::info!("kiosk {id} has stopped in good order");
    Ok(ExitStatus::Done)
}

/// Kiosk that was put together.
struct Started {
    kiosk: Kiosk,
    events: mpsc::Sender<Event>,
    loaded: Loaded,
}

/// Failure of a start.
enum StartFailure {
    /// The journal needs a technician's decision.
    Closed(Box<Loaded>),
    /// The journal can't be opened; no setting changed on site is to blame.
    Journal(CommandError),
    /// Anything else failed.
    Other(CommandError),
}

impl<E: Into<CommandError>> From<E> for StartFailure {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

async fn start(config: &Path) -> Result<Started, StartFailure> {
    let loaded = config::load(config)?;
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secrets = loaded.secrets(credentials.as_deref())?;
    match assemble::kiosk(loaded.clone(), &secrets, true).await {
        Ok((kiosk, events)) => Ok(Started { kiosk, events, loaded }),
        Err(StartError::Journal(error)) if out_of_service::needs_technician(&error) => {
            log::error!("{}: {error}", FaultCode::JournalDamaged);
            Err(StartFailure::Closed(Box::new(loaded)))
        }
        Err(StartError::Journal(error)) => Err(StartFailure::Journal(start_error(error.into()))),
        Err(error) => Err(start_error(error).into()),
    }
}

/// Undoes the settings change that is on trial; returns true if there was one.
fn put_back(trial: &SettingsTrial, why: &CommandError) -> bool {
    trial.undo(&why.to_string()).unwrap_or_else(|error| {
        log::error!("the settings changed on site could not be put back: {error}");
        false
    })
}

pub(super) fn start_error(error: StartError) -> CommandError {
    match error {
        StartError::Config(error) => CommandError::Config(error),
        error if error.is_config() => CommandError::usage(error.text()),
        error => CommandError::failed(error.text()),
    }
}

/// Returns the error of a local socket that can't be made.
pub(super) fn socket_error(state_dir: &Path, error: &io::Error) -> CommandError {
    let (dir, error) = (state_dir.display(), system_error(error));
    CommandError::failed(text!("{dir} 里的套接字：{error:#}", "the socket in {dir}: {error}"))
}

/// SIGTERM and SIGINT, at which the kiosk stops in good order.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt })
    }
}

async fn serve(kiosk: &mut Kiosk, signals: &mut Signals) -> Result<(), Stopped> {
    let mut beat = watchdog();
    let mut housekeeping = every(HOUSEKEEPING);
    loop {
        let happening = tokio::select! {
            happening = kiosk.wait() => happening?,
            _ = signals.terminate.recv() => break,
            _ = signals.interrupt.recv() => break,
            // Fed by this loop alone: a loop that hangs is started again.
            _ = beat.tick() => {
                notify(&[NotifyState::Watchdog]);
                continue;
            }
            _ = housekeeping.tick() => {
                kiosk.keep_house().await?;
                continue;
            }
        };
        kiosk.handle_event(happening).await?;
        if kiosk.wants_restart() {
            log::info!("the maintenance menu has the kiosk started again");
            break;
        }
    }
    log::info!("told to stop");
    run_until::finish_ticket(kiosk, LAST_TICKET_LIMIT).await
}

fn tell_where(addresses: Addresses) {
    if let Some(address) = addresses.screen {
        log::info!("the screen's page is at http://{address}/");
    }
    if let Some(address) = addresses.monitor {
        log::info!("the monitor is at http://{address}/metrics");
    }
}

fn watchdog() -> Interval {
    let limit = sd_notify::watchdog_enabled();
    every(limit.map_or(NO_WATCHDOG, |limit| limit / 3))
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// Notifies systemd, if it started this process.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        log::debug!("systemd could not be told: {error}");
    }
}
