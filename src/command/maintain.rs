//! `pickup-kiosk maintain`: the maintenance menu in a terminal; sets PINs.

mod alone;
mod keys;
mod set_pin;
mod terminal;

use super::args::Maintain;
use super::{CommandError, ExitStatus, logger};
use crate::config::{self, ConfigError};
use crate::fault_code::FaultCode;
use crate::kiosk::control::{self, MenuCall, Request};
use crate::kiosk::maintenance::MenuState;
use crate::kiosk::out_of_service;
use crate::locale::{system_error, text};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use terminal::Terminal;

/// Time after which an Escape that nothing follows was the key itself.
const ESCAPE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Opens the menu in this terminal, or sets or forgets a PIN.
///
/// # Errors
/// Returns an error for a wrong configuration, without a terminal, or if the kiosk can't be asked.
pub fn run(args: &Maintain) -> Result<ExitStatus, CommandError> {
    if let (Some(name), Some(role)) = (&args.set_pin, args.role) {
        return set_pin::set_pin(&args.config.path, name, role, args.print);
    }
    if let Some(name) = &args.forget_pin {
        return set_pin::forget_pin(&args.config.path, name);
    }
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(CommandError::usage((
            "maintain 需要终端；没有终端时用 pickup-kiosk check 查看",
            "maintain needs a terminal; pickup-kiosk check says the same without one",
        )));
    }
    let wrong = |error: ConfigError| {
        CommandError::usage(out_of_service::told(FaultCode::SettingsWrong, &error.text()))
    };
    let loaded = config::load(&args.config.path).map_err(wrong)?;
    let state_dir = loaded.settings.kiosk.state_dir.clone();
    let failed = |error: io::Error| {
        let (dir, error) = (state_dir.display(), system_error(&error));
        CommandError::failed(text!("{dir} 里的取票程序：{error:#}", "the kiosk in {dir}: {error}"))
    };
    let is_up = control::is_up(&state_dir).map_err(failed)?;
    if !is_up {
        alone::may_start(&state_dir)?;
    }
    // Nobody else has the terminal from here on.
    logger::quiet(true);
    let helper = if is_up { None } else { Some(alone::start(&args.config.path)?) };
    let shown = show(&state_dir);
    logger::quiet(false);
    if let Some(helper) = helper {
        helper.stop();
    }
    shown
}

/// Session of one terminal with the kiosk's menu.
#[derive(Debug, Clone)]
struct Talk {
    state_dir: PathBuf,
    session: Option<u64>,
    user: String,
}

impl Talk {
    fn call(&self, key: Option<String>, seen: u64) -> Result<MenuState, CommandError> {
        let call = MenuCall { session: self.session, key, seen, user: self.user.clone() };
        let answer = control::call(&self.state_dir, &Request::Menu(call)).map_err(|error| {
            let error = system_error(&error);
            CommandError::failed(text!("取票程序没有应答：{error:#}", "the kiosk doesn't answer: {error}"))
        })?;
        let Some(answer) = answer else {
            return Err(CommandError::failed(("取票程序已结束", "the kiosk has ended")));
        };
        let told = answer.told();
        match answer.json.map(serde_json::from_value) {
            Some(Ok(state)) if answer.ok => Ok(state),
            _ => Err(CommandError::failed(told)),
        }
    }
}

/// News of the menu for the terminal, from the thread that watches it: the newest state, and the error that ended it.
#[derive(Default)]
struct News {
    state: Option<MenuState>,
    ended: Option<CommandError>,
}

/// Returns the error of a terminal that can't be used.
fn failed(error: io::Error) -> CommandError {
    let error = system_error(&error);
    CommandError::failed(text!("终端：{error:#}", "the terminal: {error}"))
}

fn show(state_dir: &Path) -> Result<ExitStatus, CommandError> {
    let mut talk = Talk { state_dir: state_dir.to_path_buf(), session: None, user: super::journal::user() };
    let first = talk.call(None, 0)?;
    talk.session = Some(first.session);
    let (mut wake, woken) = UnixStream::pair().map_err(failed)?;
    woken.set_nonblocking(true).map_err(failed)?;
    let news = Arc::new(Mutex::new(News::default()));
    let (shared, watcher, mut seen) = (Arc::clone(&news), talk.clone(), first.revision);
    // The thread ends with the menu, or with the process.
    let watch = move || {
        loop {
            let heard = watcher.call(None, seen);
            let mut news = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let over = match heard {
                Ok(state) => {
                    seen = state.revision;
                    let over = state.over;
                    news.state = Some(state);
                    over
                }
                Err(error) => {
                    news.ended = Some(error);
                    true
                }
            };
            drop(news);
            if wake.write_all(b"!").is_err() || over {
                return;
            }
        }
    };
    thread::Builder::new().name("menu".into()).spawn(watch).map_err(failed)?;
    let mut terminal = Terminal::open().map_err(failed)?;
    let ended = serve(&mut terminal, &talk, first, &woken, &news);
    drop(terminal);
    if ended.is_err() {
        // The kiosk need not wait three minutes for somebody who has gone.
        let _ = talk.call(Some("leave".into()), 0);
    }
    ended.map(|()| ExitStatus::Done)
}

fn serve(
    terminal: &mut Terminal,
    talk: &Talk,
    first: MenuState,
    woken: &UnixStream,
    news: &Mutex<News>,
) -> Result<(), CommandError> {
    let mut state = first;
    let mut keys = keys::Keys::default();
    loop {
        if state.over {
            return Ok(());
        }
        terminal.draw(&state.shown).map_err(failed)?;
        let input = io::stdin();
        let mut fds = [PollFd::new(&input, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
        let waited = poll(&mut fds, keys.is_pending().then_some(&ESCAPE));
        let [typed, told] = fds.map(|fd| !fd.revents().is_empty());
        match waited {
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(failed(error.into())),
            Ok(0) => {}
            Ok(_) => {}
        }
        if told {
            let _ = (&*woken).read(&mut [0; 64]);
            let mut news = news.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(newer) =
                news.state.take().filter(|newer| newer.over || newer.revision > state.revision)
            {
                state = newer;
            }
            if let Some(error) = news.ended.take() {
                return Err(error);
            }
        }
        let pressed = if typed {
            let mut bytes = [0; 64];
            match rustix::io::read(&input, &mut bytes) {
                Ok(0) => return Err(CommandError::failed(("终端已断开", "the terminal has gone"))),
                Ok(length) => keys.feed(bytes.get(..length).unwrap_or_default()),
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Vec::new(),
                Err(error) => return Err(failed(error.into())),
            }
        } else if told {
            Vec::new()
        } else {
            keys.pause()
        };
        for key in pressed {
            let newer = talk.call(Some(key), state.revision)?;
            if newer.over || newer.revision > state.revision {
                state = newer;
            }
            if state.over {
                return Ok(());
            }
        }
    }
}
