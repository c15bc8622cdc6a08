//! `maintain --set-pin`: a PIN is asked for twice, not echoed, and kept as a hash. `maintain --forget-pin` removes it.

use super::super::args::Role;
use super::super::journal::user;
use super::super::{CommandError, ExitStatus};
use crate::config::pin::MAX;
use crate::config::settings::PinHash;
use crate::config::{self, is_name, overrides};
use crate::locale::{system_error, text};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

/// Sets a user's PIN in override.toml, or prints the lines that would.
pub(super) fn set_pin(
    config: &Path,
    name: &str,
    role: Role,
    print: bool,
) -> Result<ExitStatus, CommandError> {
    if !is_name(name) {
        return Err(CommandError::usage((
            "--set-pin：姓名有 1 到 32 个字，不含控制字符",
            "--set-pin: a name has 1 to 32 characters and no control characters",
        )));
    }
    let role = match role {
        Role::Usher => "usher",
        Role::Technician => "technician",
    };
    // The configuration is read before anything is typed: an error in it would make that vain.
    let loaded = if print { None } else { Some(config::load(config)?) };
    let failed = |error: io::Error| {
        let error = system_error(&error);
        CommandError::failed(text!("无法读取密码：{error:#}", "the PIN could not be read: {error}"))
    };
    let pin = ask(&format!("New PIN of {name}: ")).map_err(failed)?;
    let again = ask("Once more: ").map_err(failed)?;
    if pin != again {
        return Err(CommandError::failed(("两次不一致；没有修改", "the two differ; nothing was changed")));
    }
    let hash = PinHash::of(&pin).map_err(|error| {
        CommandError::failed(text!("{error:#}；没有修改", "{error}; nothing was changed"))
    })?;
    let mut out = io::stdout().lock();
    match loaded {
        Some(loaded) => {
            overrides::set_pin(&loaded, &user(), name, role, hash.text()).map_err(|error| {
                CommandError::failed(text!(
                    "{error:#}；--print 改为显示要写入 kiosk.toml 的几行",
                    "{error}; --print shows the lines for kiosk.toml instead"
                ))
            })?;
            writeln!(out, "{name} ({role}) has a new PIN; it counts from now on, also in a running kiosk")?;
        }
        None => {
            let name = serde_json::to_string(name).map_err(io::Error::other)?;
            writeln!(
                out,
                "[[maintenance.user]]\nname = {name}\nrole = \"{role}\"\npin_hash = \"{}\"",
                hash.text()
            )?;
        }
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

/// Removes a PIN that was set on site, and says what that leaves.
pub(super) fn forget_pin(config: &Path, name: &str) -> Result<ExitStatus, CommandError> {
    let loaded = config::load(config)?;
    let gone =
        overrides::forget_pin(&loaded, &user(), name).map_err(|error| CommandError::failed(error.text()))?;
    let listed = loaded.settings.maintenance.listed.iter().any(|user| user.name == name);
    let said = match (gone, listed) {
        (true, true) => format!("{name} has the PIN again that kiosk.toml lists"),
        (true, false) => format!("{name} is no user any more"),
        (false, true) => {
            return Err(CommandError::failed(text!(
                "{name} 写在 kiosk.toml 里：请在那里删除",
                "{name} is listed in kiosk.toml: remove the user there"
            )));
        }
        (false, false) => {
            return Err(CommandError::failed(("没有这个姓名的密码", "nobody of this name has a PIN")));
        }
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{said}")?;
    out.flush()?;
    Ok(ExitStatus::Done)
}

/// Guard that gives the terminal its echo back when dropped.
struct Echo(Option<Termios>);

impl Echo {
    fn off() -> io::Result<Self> {
        let input = io::stdin();
        if !input.is_terminal() {
            return Ok(Self(None));
        }
        let before = tcgetattr(&input)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(&input, OptionalActions::Flush, &silent)?;
        Ok(Self(Some(before)))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Asks for one line, at most a little longer than any PIN: a longer one is no PIN, and nobody waits for its end.
fn ask(question: &str) -> io::Result<String> {
    // Before the question: whoever answers at once must neither be shown nor lose a digit.
    let _echo = Echo::off()?;
    let mut err = io::stderr();
    write!(err, "{question}")?;
    err.flush()?;
    let mut line = Vec::new();
    let mut input = io::stdin().lock();
    let most = u64::try_from(MAX).unwrap_or(u64::MAX).saturating_add(2);
    input.by_ref().take(most).read_until(b'\n', &mut line)?;
    if line.last() != Some(&b'\n') && line.len() >= MAX {
        // The rest of a long line would be taken for the second entry.
        while !matches!(input.fill_buf()?, []) {
            let (length, end) = match input.fill_buf()?.iter().position(|b| *b == b'\n') {
                Some(at) => (at + 1, true),
                None => (input.fill_buf()?.len(), false),
            };
            input.consume(length);
            if end {
                break;
            }
        }
    }
    Ok(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned())
}
