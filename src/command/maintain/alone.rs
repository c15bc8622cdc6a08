//! The menu while the kiosk is down: a kiosk in this process, under the same lock, that serves nobody but the menu.

use super::super::run::{socket_error, start_error};
use super::super::{CommandError, runtime};
use crate::config::{self, ConfigError};
use crate::device::scanner::ScannerSpec;
use crate::fault_code::FaultCode;
use crate::kiosk::{Kiosk, Stopped, assemble, control, out_of_service, run_until};
use crate::locale::{system_error, text};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// Time limit for a paper at the printer to be finished before the end.
const LAST_PAPER: Duration = Duration::from_secs(15);

/// Thread of this process with a kiosk for the menu.
pub(super) struct Helper {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Helper {
    /// Ends the thread in good order.
    pub(super) fn stop(self) {
        // An error means that it has ended by itself: for a restart, or because a part has.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// Checks that this user may run the kiosk: the journal's files must stay those of the kiosk's user.
pub(super) fn may_start(state_dir: &Path) -> Result<(), CommandError> {
    let owner = std::fs::metadata(state_dir).map(|folder| folder.uid());
    if owner.is_ok_and(|owner| owner != rustix::process::geteuid().as_raw()) {
        let dir = state_dir.display();
        return Err(CommandError::failed(text!(
            "取票程序没有运行，{dir} 属于另一个用户：请以该用户运行，如 sudo -u pickup-kiosk pickup-kiosk maintain",
            "the kiosk is down, and {dir} belongs to another user: run this as that user, as sudo -u pickup-kiosk pickup-kiosk maintain"
        )));
    }
    Ok(())
}

/// Starts the thread; the kiosk answers on the local socket when this returns.
pub(super) fn start(config: &Path) -> Result<Helper, CommandError> {
    let (stop, stopped) = oneshot::channel();
    let (say, started) = sync_channel(1);
    let path = config.to_path_buf();
    let work = move || {
        if let Err(error) = runtime().and_then(|runtime| runtime.block_on(serve(&path, stopped, &say))) {
            // Where the kiosk had started already, the terminal notices.
            let _ = say.try_send(Err(error));
        }
    };
    let system = |error: std::io::Error| {
        let error = system_error(&error);
        CommandError::failed(text!("无法启动线程：{error:#}", "cannot start a thread: {error}"))
    };
    let thread = thread::Builder::new().name("kiosk".into()).spawn(work).map_err(system)?;
    match started.recv() {
        Ok(Ok(())) => Ok(Helper { stop, thread }),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(CommandError::failed(("取票程序无法装配起来", "the kiosk could not be put together"))),
    }
}

async fn serve(
    config: &Path,
    mut stopped: oneshot::Receiver<()>,
    say: &SyncSender<Result<(), CommandError>>,
) -> Result<(), CommandError> {
    let wrong = |error: ConfigError| {
        CommandError::usage(out_of_service::told(FaultCode::SettingsWrong, &error.text()))
    };
    let mut loaded = config::load(config).map_err(wrong)?;
    // Standard input is the menu's.
    loaded.checked.scanners.retain(|scanner| scanner.spec != ScannerSpec::Stdin);
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secrets = loaded.secrets(credentials.as_deref()).map_err(wrong)?;
    let state_dir = loaded.settings.kiosk.state_dir.clone();
    let (mut kiosk, events) = assemble::kiosk(loaded, &secrets, true).await.map_err(|error| match error {
        assemble::StartError::Journal(error) if out_of_service::needs_technician(&error) => {
            CommandError::failed(out_of_service::told(FaultCode::JournalDamaged, &error.text()))
        }
        error if error.is_config() => {
            CommandError::usage(out_of_service::told(FaultCode::SettingsWrong, &error.text()))
        }
        error => start_error(error),
    })?;
    control::serve(&state_dir, events.clone()).map_err(|error| socket_error(&state_dir, &error))?;
    let ended = |error: Stopped| CommandError::failed(error.text());
    kiosk.serve_nobody();
    kiosk.begin_maintenance(events, config::overrides::undone(&state_dir)).await.map_err(ended)?;
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
        kiosk.handle_event(happening).await?;
    }
    run_until::finish_ticket(kiosk, LAST_PAPER).await
}
