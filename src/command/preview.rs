//! `pickup-kiosk preview`: the configured ticket layout, printed on the virtual printer with sample data.

use super::args::Preview;
use super::{CommandError, ExitStatus};
use crate::config::{self, Checked};
use crate::locale::{system_error, text};
use crate::receipt;
use crate::receipt::layout::Layout;
use crate::receipt::profile::{BUILT_IN, Profile};
use std::io::{self, Write};

/// Writes the picture, and its name to standard output.
///
/// # Errors
/// Returns an error if the configuration is wrong, or the picture can't be made or written.
pub fn run(args: &Preview) -> Result<ExitStatus, CommandError> {
    let (layout, profile) = match &args.profile {
        Some(name) => built_in(name)?,
        None => {
            let Checked { layout, profile, .. } = config::load(&args.config.path)?.checked;
            (layout, profile)
        }
    };
    let picture = receipt::preview(&layout, &profile).map_err(|error| CommandError::failed(error.text()))?;
    let out = args.out.display();
    std::fs::write(&args.out, picture).map_err(|error| {
        let error = system_error(&error);
        CommandError::failed(text!(
            "{out} 无法写入：{error:#}；请用 --out 指定别的文件",
            "{out} cannot be written: {error}; name another file with --out"
        ))
    })?;
    writeln!(io::stdout().lock(), "{out}")?;
    Ok(ExitStatus::Done)
}

/// Returns a built-in printer profile and the built-in layout for its paper.
fn built_in(name: &str) -> Result<(Layout, Profile), CommandError> {
    let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let known = known.join(", ");
    let unknown = || {
        CommandError::failed(text!(
            "没有内置型号 `{name}`；内置的有 {known}",
            "no printer `{name}` is built in; there are {known}"
        ))
    };
    let profile = Profile::built_in(name).ok_or_else(unknown)?;
    let layout = Layout::built_in_for(&profile).map_err(|error| CommandError::failed(error.text()))?;
    Ok((layout, profile))
}
