//! The menu when the kiosk is down: the same kiosk, in this process and under its lock, that serves nobody but the menu.

use super::super::run::start_error;
use super::super::{CommandError, runtime};
use crate::config::{self, ConfigError};
use crate::device::scanner::ScannerSpec;
use crate::kiosk::{Kiosk, Stopped, assemble, closed, control};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// A paper at the printer is finished first.
const LAST_PAPER: Duration = Duration::from_secs(15);

/// The helper.
pub(super) struct Helper {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Helper {
    /// Ends it in good order.
    pub(super) fn stop(self) {
        // It has ended by itself: for a restart, or because a part has.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// Whether this user may be the kiosk for a while: the journal's files must stay those of the kiosk's user.
pub(super) fn may_start(state_dir: &Path) -> Result<(), CommandError> {
    let owner = std::fs::metadata(state_dir).map(|folder| folder.uid());
    if owner.is_ok_and(|owner| owner != rustix::process::geteuid().as_raw()) {
        return Err(CommandError::Failed(format!(
            "the kiosk is down, and {} belongs to another user: run this as that user, as sudo -u pickup-kiosk pickup-kiosk maintain",
            state_dir.display()
        )));
    }
    Ok(())
}

/// Starts it; it answers on the local socket when this returns.
pub(super) fn start(config: &Path) -> Result<Helper, CommandError> {
    let (stop, stopped) = oneshot::channel();
    let (say, started) = sync_channel(1);
    let path = config.to_path_buf();
    let work = move || {
        if let Err(error) = runtime().and_then(|runtime| runtime.block_on(serve(&path, stopped, &say))) {
            // It had started already: then the terminal notices.
            let _ = say.try_send(Err(error));
        }
    };
    let system = |error: std::io::Error| CommandError::Failed(format!("cannot start a thread: {error}"));
    let thread = thread::Builder::new().name("kiosk".into()).spawn(work).map_err(system)?;
    match started.recv() {
        Ok(Ok(())) => Ok(Helper { stop, thread }),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(CommandError::Failed("the kiosk could not be put together".into())),
    }
}

async fn serve(
    config: &Path,
    mut stopped: oneshot::Receiver<()>,
    say: &SyncSender<Result<(), CommandError>>,
) -> Result<(), CommandError> {
    let wrong = |error: ConfigError| CommandError::Usage(closed::told(closed::SETTINGS, &error));
    let mut loaded = config::load(config).map_err(wrong)?;
    // Standard input is the menu's.
    loaded.checked.scanners.retain(|scanner| scanner.spec != ScannerSpec::Stdin);
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secrets = loaded.secrets(credentials.as_deref()).map_err(wrong)?;
    let state_dir = loaded.settings.kiosk.state_dir.clone();
    let (mut kiosk, events) = assemble::kiosk(loaded, &secrets, true).await.map_err(|error| match error {
        assemble::StartError::Journal(error) if closed::needs_technician(&error) => {
            CommandError::Failed(closed::told(closed::JOURNAL, &error))
        }
        error if error.is_config() => CommandError::Usage(closed::told(closed::SETTINGS, &error)),
        error => start_error(error),
    })?;
    let system = |error: std::io::Error| {
        CommandError::Failed(format!("the socket in {}: {error}", state_dir.display()))
    };
    control::serve(&state_dir, events.clone()).map_err(system)?;
    let ended = |error: Stopped| CommandError::Failed(error.to_string());
    kiosk.serve_nobody();
    kiosk.begin_care(events, config::site::undone(&state_dir)).await.map_err(ended)?;
    let _ = say.try_send(Ok(()));
    let result = until_stopped(&mut kiosk, &mut stopped).await.map_err(ended);
    let _ = std::fs::remove_file(state_dir.join(control::SOCKET));
    result
}

async fn until_stopped(kiosk: &mut Kiosk, stopped: &mut oneshot::Receiver<()>) -> Result<(), Stopped> {
    while !kiosk.wants_restart() {
        let happening = tokio::select! {
            happening = kiosk.wait() => happening?,
            _ = &mut *stopped => break,
        };
        kiosk.deal(happening).await?;
    }
    kiosk.finish_ticket(LAST_PAPER).await
}
