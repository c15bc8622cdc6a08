//! `pickup-kiosk preview`: the configured ticket layout, printed on the virtual printer with sample data.

use super::args::Preview;
use super::{CommandError, ExitStatus};
use crate::config::{self, Checked};
use crate::receipt;
use std::io::{self, Write};

/// Writes the picture, and its name on stdout.
///
/// # Errors
/// When the configuration is wrong, or the picture cannot be made or written.
pub fn run(args: &Preview) -> Result<ExitStatus, CommandError> {
    let Checked { layout, profile, .. } = config::load(&args.config.path)?.checked;
    let picture =
        receipt::preview(&layout, &profile).map_err(|error| CommandError::Failed(error.to_string()))?;
    let out = args.out.display();
    std::fs::write(&args.out, picture).map_err(|error| {
        CommandError::Failed(format!("{out} cannot be written: {error}; name another file with --out"))
    })?;
    writeln!(io::stdout().lock(), "{out}")?;
    Ok(ExitStatus::Done)
}
