//! `journal list | show | export | resolve`: the record of pickups for staff.

use crate::journal::export;
use crate::journal::rules::Resolution;
use crate::journal::store::{Filter, Handle, Journal, JournalError, Order, Reprint};
use crate::journal::view::PickupView;
use jiff::Timestamp;
use jiff::civil::Date;
use std::io::{self, Write};
use std::ops::ControlFlow;
use thiserror::Error;

/// Why the command did not do what was asked.
#[derive(Debug, Error)]
pub enum JournalCommandError {
    /// Wrong usage: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// The journal's word: exit status 1.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The output went away.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// Cannot happen with what the journal holds.
    #[error("the output cannot be put into JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// `--as`: what is said of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleAs {
    /// Settled without the printer.
    Settled(Resolution),
    /// `print-again`: by the printer, through [`print_again`].
    PrintAgain,
}

impl SettleAs {
    /// Reads `came-out`, `print-again`, `handed-over` or `void`.
    ///
    /// # Errors
    /// [`JournalCommandError::Usage`] names the words.
    pub fn parse(word: &str) -> Result<Self, JournalCommandError> {
        match word {
            "came-out" => Ok(Self::Settled(Resolution::CameOut)),
            "handed-over" => Ok(Self::Settled(Resolution::HandedOver)),
            "void" => Ok(Self::Settled(Resolution::Void)),
            "print-again" => Ok(Self::PrintAgain),
            other => Err(JournalCommandError::Usage(format!(
                "--as is \"{other}\": it should be came-out, print-again, handed-over or void"
            ))),
        }
    }
}

/// Reads `--business-day`.
///
/// # Errors
/// [`JournalCommandError::Usage`] unless it is YYYY-MM-DD.
pub fn business_day(text: &str) -> Result<Date, JournalCommandError> {
    let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    plain.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        JournalCommandError::Usage(format!(
            "--business-day is \"{text}\": it should be a day as YYYY-MM-DD, like 2026-11-24"
        ))
    })
}

/// Reads a pickup's ID or a claim reference.
///
/// # Errors
/// [`JournalCommandError::Usage`] when it can be neither.
pub fn handle(text: &str) -> Result<Handle, JournalCommandError> {
    Handle::parse(text).ok_or_else(|| {
        JournalCommandError::Usage(
            "the ID should be that of a pickup, of letters and digits, or a claim reference of 6 digits"
                .into(),
        )
    })
}

/// `journal list`.
///
/// # Errors
/// [`JournalCommandError`].
pub fn list(
    journal: &Journal,
    filter: Filter,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), JournalCommandError> {
    let line = |view: &PickupView| if json { export::json_line(view) } else { Ok(export::list_line(view)) };
    each(journal, filter, out, &line)
}

/// `journal export`: CSV, or JSON lines.
///
/// # Errors
/// [`JournalCommandError`].
pub fn export(
    journal: &Journal,
    filter: Filter,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), JournalCommandError> {
    if json {
        return each(journal, filter, out, &|view| export::json_line(view));
    }
    out.write_all(export::CSV_HEADER.as_bytes())?;
    each(journal, filter, out, &|view| Ok(export::csv_lines(view)))
}

/// `journal show ID`. With `json`: the pickup's object with its `story`.
///
/// # Errors
/// [`JournalCommandError`].
pub fn show(journal: &Journal, id: &str, json: bool, out: &mut dyn Write) -> Result<(), JournalCommandError> {
    let story = journal.show(&handle(id)?)?;
    let text = if json { export::json_line(&story)? } else { export::story_text(&story) };
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// A business day's slip.
///
/// # Errors
/// [`JournalCommandError`].
pub fn day_slip(
    journal: &Journal,
    day: Date,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), JournalCommandError> {
    let slip = journal.day_slip(day)?;
    let text = if json { export::json_line(&slip)? } else { export::day_slip_text(&slip) };
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// `journal resolve` without the printer; prints the pickup as it now stands.
///
/// # Errors
/// [`JournalCommandError`].
pub fn resolve(
    journal: &mut Journal,
    order: Order<'_>,
    how: Resolution,
    now: Timestamp,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), JournalCommandError> {
    journal.resolve(order, how, now)?;
    let story = journal.show(order.handle)?;
    let text = if json { export::json_line(&story.pickup)? } else { export::list_line(&story.pickup) };
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// `journal resolve --as print-again`: puts the seat to printing, on disk. The caller prints it,
/// marked 补打, and appends its end (`Step::Seat`, `Reprinted` or `Uncertain`) under the pickup given.
///
/// # Errors
/// [`JournalCommandError`]; not a byte may be printed then.
pub fn print_again(
    journal: &mut Journal,
    order: Order<'_>,
    now: Timestamp,
) -> Result<Reprint, JournalCommandError> {
    Ok(journal.begin_reprint(order, now)?)
}

fn each(
    journal: &Journal,
    filter: Filter,
    out: &mut dyn Write,
    line: &dyn Fn(&PickupView) -> Result<String, serde_json::Error>,
) -> Result<(), JournalCommandError> {
    let mut failed = None;
    journal.each(filter, &mut |view| {
        let written = line(&view).map_err(JournalCommandError::from);
        match written.and_then(|text| Ok(out.write_all(text.as_bytes())?)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(out.flush()?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_words_are_named_with_the_right_ones() {
        assert_eq!(SettleAs::parse("void").unwrap(), SettleAs::Settled(Resolution::Void));
        assert_eq!(SettleAs::parse("print-again").unwrap(), SettleAs::PrintAgain);
        assert!(SettleAs::parse("printed").unwrap_err().to_string().contains("came-out, print-again"));
        assert_eq!(business_day("2026-11-24").unwrap(), Date::constant(2026, 11, 24));
        for bad in ["2026-11-31", "24.11.2026", "2026-11-24T00:00:00", "", "today"] {
            assert!(matches!(business_day(bad), Err(JournalCommandError::Usage(_))), "{bad}");
        }
        assert!(handle("a/b").is_err() && handle("004711").is_ok());
    }
}
