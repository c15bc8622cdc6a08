//! `pickup-kiosk sarft query` and `sarft decode`: the on-site service, for technicians.

use super::args::Sarft;
use super::{CommandError, ExitStatus};
use crate::config::{self, Loaded};
use crate::kiosk::control::{self, Request};
use crate::kiosk::{assemble, site_task};
use crate::locale::{Language, Text, system_error, text};
use crate::sarft::{self, Layout};
use crate::ticket::{BookingNumber, PickupCode};
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Longest part of a capture that is read, in bytes; a pickup has about 3000.
const CAPTURE_MAX: u64 = 32 << 20;

/// Performs `sarft query` or `sarft decode`.
///
/// # Errors
/// Returns an error for a wrong configuration, a code without a number, or a site that doesn't answer.
pub async fn sarft(args: &Sarft, language: Language) -> Result<ExitStatus, CommandError> {
    match args {
        Sarft::Query { code, config } => query(code, &config.path, language).await,
        Sarft::Decode { file, try_layouts, config } => decode(file, *try_layouts, config.as_deref()),
    }
}

/// Decodes a capture under the configured layout, or finds the layouts under which it makes sense. A technician's
/// laptop may have no configuration: then the default layout and time zone count.
fn decode(file: &Path, try_layouts: bool, config: Option<&Path>) -> Result<ExitStatus, CommandError> {
    let here = Path::new(config::DEFAULT_PATH);
    let loaded = match config {
        Some(path) => Some(config::load(path)?),
        None if here.exists() => Some(config::load(here)?),
        None => None,
    };
    let (layout, timezone) = match loaded {
        Some(loaded) => (loaded.checked.wire, loaded.checked.timezone),
        None => (Layout::default(), TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)),
    };
    let mut out = io::stdout().lock();
    let capture = read_capture(file, &mut out)?;
    let understood = sarft::decode::decode(capture, &layout, &timezone, try_layouts, &mut out)?;
    out.flush()?;
    Ok(if understood { ExitStatus::Done } else { ExitStatus::Failed })
}

/// Reads a capture, at most its first [`CAPTURE_MAX`] bytes.
fn read_capture(file: &Path, out: &mut impl Write) -> Result<Vec<u8>, CommandError> {
    let failed = |error: io::Error| {
        let (file, error) = (file.display(), system_error(&error));
        CommandError::failed(text!("{file}：{error:#}", "{file}: {error}"))
    };
    let opened = File::open(file).map_err(failed)?;
    let size = opened.metadata().map_err(failed)?.len();
    let mut bytes = Vec::new();
    opened.take(CAPTURE_MAX).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.is_empty() {
        let file = file.display();
        return Err(CommandError::failed(text!(
            "{file}：文件是空的；请用 tcpdump -w 文件 'tcp port 端口' 抓包",
            "{file}: the file is empty; capture with tcpdump -w FILE 'tcp port PORT'"
        )));
    }
    if size > CAPTURE_MAX {
        writeln!(out, "# only the first {} MiB of {} MiB were read", CAPTURE_MAX >> 20, size >> 20)?;
    }
    Ok(bytes)
}

/// Performs one query. A running kiosk performs it: the site has one connection with this machine.
async fn query(code: &str, config: &Path, language: Language) -> Result<ExitStatus, CommandError> {
    let loaded = config::load(config)?;
    let number = number(&loaded, code)?;
    let state_dir = &loaded.settings.kiosk.state_dir;
    let request = Request::SarftQuery { number: number.get().into() };
    let (ok, text) = match control::call(state_dir, &request) {
        Ok(Some(answer)) => (answer.ok, answer.told()),
        Ok(None) => alone(&loaded, number).await?,
        Err(error) => {
            let socket = state_dir.join(control::SOCKET);
            let (socket, error) = (socket.display(), system_error(&error));
            return Err(CommandError::failed(text!(
                "正在运行的取票程序（{socket}）：{error:#}",
                "the running kiosk ({socket}): {error}"
            )));
        }
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.in_language(language).trim_end())?;
    Ok(if ok { ExitStatus::Done } else { ExitStatus::Failed })
}

async fn alone(loaded: &Loaded, number: BookingNumber) -> Result<(bool, Text), CommandError> {
    let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    let secrets = loaded.secrets(credentials.as_deref())?;
    let mut client = assemble::site_client(loaded, &secrets);
    let reply = client.query(number).await.map_err(|error| CommandError::failed(error.text()))?;
    Ok((reply.return_value == 0, site_task::describe(number, &reply, &loaded.checked.timezone)))
}

fn number(loaded: &Loaded, code: &str) -> Result<BookingNumber, CommandError> {
    match loaded.checked.codes.read(code) {
        Ok(PickupCode::Number(number) | PickupCode::Both(number, _)) => Ok(number),
        Ok(PickupCode::Id(_)) => Err(CommandError::usage((
            "码里只有验证码；要按取票号查询",
            "the code holds a booking ID alone; the site is asked by booking number",
        ))),
        Err(rejected) => Err(CommandError::usage(text!(
            "{rejected:#}；请给取票号，如 111972",
            "{rejected}; give a booking number, as 111972"
        ))),
    }
}
