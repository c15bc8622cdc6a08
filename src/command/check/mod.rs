//! `pickup-kiosk check`: tries each part, and says per part that it works, or what is wrong with it
//! and what to do.

mod devices;
mod discover;
mod inputs;
mod local;
mod remote;

use super::args;
use super::{CommandError, ExitStatus, runtime};
use crate::config::{self, Loaded, Secrets};
use crate::fault_code::FaultCode;
use crate::journal::store::OpenSettings;
use crate::kiosk::assemble;
use crate::kiosk::check_result::CheckResult;
use crate::kiosk::control::{self, Request};
use crate::locale::{Language, system_error, text};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Finding for a part that only one process can hold.
const NOT_TRIED: (&str, &str) =
    ("没有试：取票记录正由另一个命令使用", "not tried: another command has the journal");

/// Checks everything; each part is written as soon as it is known.
///
/// # Errors
/// Returns an error if the configuration is wrong, or standard output can't be written.
pub fn run(args: &args::Check, language: Language) -> Result<ExitStatus, CommandError> {
    if args.discover {
        return discover::run(args.json, language, &mut io::stdout().lock());
    }
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    check(&args.config.path, credentials.as_deref(), (args.json, language), &mut io::stdout().lock())
}

fn check(
    path: &Path,
    credentials: Option<&Path>,
    (json, language): (bool, Language),
    out: &mut impl Write,
) -> Result<ExitStatus, CommandError> {
    let mut all_well = true;
    let mut tell = |part: &CheckResult| -> io::Result<()> {
        all_well &= part.works();
        if json {
            writeln!(out, "{}", part.json(language))
        } else {
            writeln!(out, "{}", part.text().in_language(language))
        }
    };
    let loaded = config::load(path).and_then(|loaded| Ok((loaded.secrets(credentials)?, loaded)));
    let (secrets, loaded) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            // Nothing else can be tried. A person gets the one message on stderr, a program its object too.
            if json {
                tell(
                    &CheckResult::wrong("config", error.found_at(), (*error.right).clone())
                        .under(FaultCode::SettingsWrong),
                )?;
            }
            return Err(error.into());
        }
    };
    let shown = path.display();
    let found = text!("{shown} 正确，密码和令牌可读", "{shown} is right, and its secrets can be read");
    tell(&CheckResult::well("config", found))?;
    let settings = &loaded.settings;
    let live = running(&settings.kiosk.state_dir)?;
    let is_live = live.is_some();
    match live {
        Some(parts) => parts.iter().try_for_each(&mut tell)?,
        None => alone(&loaded, &secrets, &mut tell)?,
    }
    if let Some(why) = config::overrides::undone(&settings.kiosk.state_dir).filter(|_| !is_live) {
        let found = text!("现场修改已撤销：{why}", "{why}");
        let remedy = (
            "请查看，然后在维护菜单里确认已知晓",
            "look at them, then acknowledge it in the maintenance menu",
        );
        tell(&CheckResult::warned("settings", found, remedy).under(FaultCode::SettingsUndone))?;
    }
    for (index, scanner) in loaded.checked.scanners.iter().enumerate() {
        tell(&inputs::scanner(index, scanner))?;
    }
    if let Some(keypad) = &loaded.checked.keypad {
        tell(&devices::keypad(keypad, is_live))?;
    }
    for part in loaded.checked.panel.iter().flat_map(|panel| devices::panel(panel, is_live)) {
        tell(&part)?;
    }
    remote::kind_of_site(&settings.sarft).iter().try_for_each(&mut tell)?;
    if let (Some(cloud), Some(token)) = (&settings.cloud, &secrets.cloud_token) {
        tell(&remote::cloud(cloud, &settings.cinema.id, token))?;
    }
    tell(&local::clock(&jiff::Timestamp::now().to_zoned_datetime(loaded.checked.timezone.clone())))?;
    tell(&local::disk(&settings.kiosk.state_dir, settings.journal.free_mib))?;
    Ok(if all_well { ExitStatus::Done } else { ExitStatus::Failed })
}

/// Returns the running kiosk's results for the parts that it holds; `None` when no kiosk is running.
fn running(state_dir: &Path) -> Result<Option<Vec<CheckResult>>, CommandError> {
    let answer = control::call(state_dir, &Request::Check).map_err(|error| {
        let (state_dir, error) = (state_dir.display(), system_error(&error));
        CommandError::Failed(text!(
            "无法询问正在运行的取票程序（{state_dir}）：{error:#}",
            "the running kiosk can't be asked ({state_dir}): {error}"
        ))
    })?;
    let Some(answer) = answer else { return Ok(None) };
    let parts = answer.json.map(serde_json::from_value).transpose();
    match parts {
        Ok(Some(parts)) => Ok(Some(parts)),
        _ => Err(CommandError::Failed(text!(
            "正在运行的取票程序没有给出报告：{}",
            "the running kiosk gives no report: {}",
            answer.text
        ))),
    }
}

/// Checks the same parts from this command.
fn alone(
    loaded: &Loaded,
    secrets: &Secrets,
    tell: &mut impl FnMut(&CheckResult) -> io::Result<()>,
) -> Result<(), CommandError> {
    let settings = &loaded.settings;
    let in_use = match OpenSettings::new(settings, "pickup-kiosk check") {
        Ok(opening) => {
            let (part, held) = local::journal(&settings.kiosk.state_dir, opening);
            tell(&part)?;
            held
        }
        Err(error) => {
            let remedy = ("请改正 [pickup] 和 [cinema]", "correct [pickup] and [cinema]");
            tell(&CheckResult::wrong("journal", error.text(), remedy))?;
            false
        }
    };
    if in_use {
        tell(&CheckResult::well("printer", NOT_TRIED))?;
        tell(&CheckResult::well("site", NOT_TRIED))?;
    } else {
        tell(&local::printer(
            &loaded.checked.printer,
            &loaded.checked.profile,
            assemble::printer_options(loaded),
        ))?;
        tell(&runtime()?.block_on(remote::site(loaded, &secrets.sarft_password)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
