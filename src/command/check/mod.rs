//! `pickup-kiosk check`: tries each part, and says per part that it works, or what is wrong with it
//! and what to do.

mod local;
mod part;
mod remote;

pub use part::{Part, Verdict};

use super::args;
use super::{CommandError, ExitStatus, runtime};
use crate::config;
use crate::journal::store::OpenSettings;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Checks everything; each part is written as soon as it is known.
///
/// # Errors
/// When the configuration is wrong, or standard output cannot be written.
pub fn run(args: &args::Check) -> Result<ExitStatus, CommandError> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    check(&args.config.path, credentials.as_deref(), args.json, &mut io::stdout().lock())
}

fn check(
    path: &Path,
    credentials: Option<&Path>,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitStatus, CommandError> {
    let mut all_well = true;
    let mut tell = |part: &Part| -> io::Result<()> {
        all_well &= part.works();
        if json { writeln!(out, "{}", part.json()) } else { writeln!(out, "{part}") }
    };
    let loaded = config::load(path).and_then(|loaded| Ok((loaded.secrets(credentials)?, loaded)));
    let (secrets, loaded) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => {
            // Nothing else can be tried. A person gets the one message on stderr, a program its object too.
            if json {
                tell(&Part::wrong("config", error.found_at(), error.right.clone()))?;
            }
            return Err(error.into());
        }
    };
    tell(&Part::well("config", format!("{} is right, and its secrets can be read", path.display())))?;
    let settings = &loaded.settings;
    match OpenSettings::new(settings, "pickup-kiosk check") {
        Ok(opening) => tell(&local::journal(&settings.kiosk.state_dir, opening))?,
        Err(error) => tell(&Part::wrong("journal", error.to_string(), "correct [pickup] and [cinema]"))?,
    }
    for (index, spec) in loaded.checked.scanners.iter().enumerate() {
        tell(&local::scanner(index, spec))?;
    }
    tell(&runtime()?.block_on(remote::site(&loaded, &secrets.sarft_password)))?;
    tell(&remote::repeated_issue(settings.sarft.repeated_issue))?;
    if let (Some(cloud), Some(token)) = (&settings.cloud, &secrets.cloud_token) {
        tell(&remote::cloud(cloud, &settings.cinema.id, token))?;
    }
    tell(&local::clock(&jiff::Timestamp::now().to_zoned_datetime(loaded.checked.timezone.clone())))?;
    tell(&local::disk(&settings.kiosk.state_dir, settings.journal.free_mib))?;
    Ok(if all_well { ExitStatus::Done } else { ExitStatus::Failed })
}

#[cfg(test)]
mod tests;
