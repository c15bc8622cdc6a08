//! `pickup-kiosk explain`: what a code means and what to do.

use super::args::Explain;
use super::{CommandError, ExitStatus};
use crate::fault_code::UnknownFaultCode;
use crate::locale::{Language, text};
use crate::maintenance::{faults, manual};
use std::io::{self, Write};

/// Writes the explanation to standard output.
///
/// # Errors
/// Returns an error for a code that no fault has, or if standard output can't be written.
pub fn run(args: &Explain, language: Language) -> Result<ExitStatus, CommandError> {
    let mut out = io::stdout().lock();
    match &args.code {
        Some(code) => {
            let known = code.parse().map_err(|UnknownFaultCode| {
                let shown: String = code.chars().filter(|c| !c.is_control()).take(16).collect();
                CommandError::usage(text!(
                    "没有故障代码 {shown:?}；`pickup-kiosk explain` 列出全部",
                    "no fault has the code {shown:?}; `pickup-kiosk explain` lists them all"
                ))
            })?;
            write!(out, "{}", faults::explained(faults::row(known), language))?;
        }
        None if args.manual => write!(out, "{}", manual::chapter())?,
        None => {
            for fault in faults::table() {
                write!(out, "{}", faults::listed(fault, language))?;
            }
        }
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}
