//! `pickup-kiosk sarft query` and `sarft decode`: the on-site service, for technicians.

use super::args::Sarft;
use super::{CommandError, ExitStatus};
use crate::config::{self, Loaded};
use crate::kiosk::control::{self, Request};
use crate::kiosk::{assemble, site_task};
use crate::ticket::{BookingNumber, PickupCode};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Performs either.
///
/// # Errors
/// Configuration, a code without a number, or a site that doesn't answer.
pub async fn sarft(args: &Sarft) -> Result<ExitStatus, CommandError> {
    match args {
        Sarft::Query { code, config } => query(code, &config.path).await,
    }
}

/// One query. While the kiosk is up it goes through it: the site has one connection of this machine.
async fn query(code: &str, config: &Path) -> Result<ExitStatus, CommandError> {
    let loaded = config::load(config)?;
    let number = number(&loaded, code)?;
    let state_dir = &loaded.settings.kiosk.state_dir;
    let request = Request::SarftQuery { number: number.get().into() };
    let (ok, text) = match control::call(state_dir, &request) {
        Ok(Some(answer)) => (answer.ok, answer.text),
        Ok(None) => alone(&loaded, number).await?,
        Err(error) => {
            let socket = state_dir.join(control::SOCKET);
            return Err(CommandError::Failed(format!("the running kiosk ({}): {error}", socket.display())));
        }
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    Ok(if ok { ExitStatus::Done } else { ExitStatus::Failed })
}

async fn alone(loaded: &Loaded, number: BookingNumber) -> Result<(bool, String), CommandError> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secrets = loaded.secrets(credentials.as_deref())?;
    let mut client = assemble::site_client(loaded, &secrets);
    let reply = client.query(number).await.map_err(|error| CommandError::Failed(error.to_string()))?;
    Ok((reply.return_value == 0, site_task::describe(number, &reply, &loaded.checked.timezone)))
}

fn number(loaded: &Loaded, code: &str) -> Result<BookingNumber, CommandError> {
    match loaded.checked.codes.read(code) {
        Ok(PickupCode::Number(number) | PickupCode::Both(number, _)) => Ok(number),
        Ok(PickupCode::Id(_)) => Err(CommandError::Usage(
            "the code holds a booking ID alone; the site is asked by booking number".into(),
        )),
        Err(rejected) => Err(CommandError::Usage(format!("{rejected}; give a booking number, as 111972"))),
    }
}
