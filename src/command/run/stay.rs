//! Out-of-service mode of a kiosk that can't begin: it shows its code until a technician has seen to it; then the
//! process ends, to be started again.

use super::{Signals, every, notify, tell_where, watchdog};
use crate::command::{CommandError, ExitStatus};
use crate::config::{self, Loaded};
use crate::fault_code::FaultCode;
use crate::journal::store::OpenSettings;
use crate::kiosk::assemble;
use crate::kiosk::out_of_service::{self, Closed};
use crate::version::VERSION;
use sd_notify::NotifyState;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Interval at which the cause is looked at again.
const LOOK: Duration = Duration::from_secs(2);

/// Stays out of service while the journal is damaged or gone.
///
/// # Errors
/// Returns an error when the journal is mended, or an address can't be opened.
pub(super) async fn without_journal(
    loaded: &Loaded,
    signals: &mut Signals,
) -> Result<ExitStatus, CommandError> {
    let closed = out_of_service::without_journal(loaded, VERSION)
        .map_err(|error| CommandError::failed(error.text()))?;
    let again = ("取票记录又可使用：请重新启动", "the journal can be kept again: start the kiosk anew");
    until_mended(&closed, || out_of_service::mended(loaded), again, signals).await
}

/// Stays out of service while the settings are wrong, if systemd started the process: it would start it again all the
/// time, with nothing on the screen. A person who started it gets the error at once.
///
/// # Errors
/// Returns `wrong` where systemd did not start the process or no address can be opened; else an error when the settings
/// are mended.
pub(super) async fn without_settings(
    config: &Path,
    wrong: CommandError,
    signals: &mut Signals,
) -> Result<ExitStatus, CommandError> {
    let rest = config::rest(config);
    let shown = rest.screen.or(rest.monitor).is_some();
    if std::env::var_os("NOTIFY_SOCKET").is_none() || !shown {
        return Err(wrong);
    }
    log::error!("{}: {wrong}", FaultCode::SettingsWrong);
    let Ok(closed) = out_of_service::without_settings(&rest, VERSION) else { return Err(wrong) };
    let again = ("配置已改正：请重新启动", "the settings are right again: start the kiosk anew");
    until_mended(&closed, || settings_are_right(config), again, signals).await
}

async fn until_mended(
    closed: &Closed,
    mended: impl Fn() -> bool,
    again: (&str, &str),
    signals: &mut Signals,
) -> Result<ExitStatus, CommandError> {
    tell_where(closed.addresses);
    notify(&[NotifyState::Ready]);
    let mut beat = watchdog();
    let mut look = every(LOOK);
    loop {
        tokio::select! {
            _ = signals.terminate.recv() => return Ok(ExitStatus::Done),
            _ = signals.interrupt.recv() => return Ok(ExitStatus::Done),
            _ = beat.tick() => notify(&[NotifyState::Watchdog]),
            _ = look.tick() => if mended() {
                return Err(CommandError::failed(again));
            },
        }
    }
}

/// Returns true if a start would take the settings.
fn settings_are_right(config: &Path) -> bool {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let read = || {
        let loaded = config::load(config).ok()?;
        let secrets = loaded.secrets(credentials.as_deref()).ok()?;
        assemble::cloud_client(&loaded, &secrets).ok()?;
        OpenSettings::new(&loaded.settings, "run").ok()
    };
    read().is_some()
}
