//! How an act ended that was recorded before it was done. A power cut between the two leaves the first alone.

use crate::kiosk::{Kiosk, Stopped};
use crate::maintenance::menu::ask::{Answer, Report};

/// The most of a reason that goes on record, characters.
const REASON_MAX: usize = 300;

/// Names of the act's end in the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// It was done; none where the act itself says so.
    pub done: Option<&'static str>,
    /// It was not.
    pub failed: &'static str,
}

/// An act that is being done, and by whom: they may leave before it ends.
#[derive(Debug)]
pub struct Begun {
    who: String,
    surface: &'static str,
    ends: Ends,
}

impl Kiosk {
    /// By whoever is in front of the menu.
    pub(super) fn begun(&self, ends: Ends) -> Begun {
        let (who, surface) = self.present_holder();
        Begun { who, surface, ends }
    }

    /// Records how it ended, where that says more than its beginning.
    pub(super) async fn ended(&mut self, begun: Begun, answer: &Answer) -> Result<(), Stopped> {
        let Answer::Report(report) = answer else { return Ok(()) };
        let what = if report.ok { begun.ends.done } else { Some(begun.ends.failed) };
        if let Some(what) = what {
            self.note(&begun.who, begun.surface, what, "", &reason(report)).await?;
        }
        Ok(())
    }
}

/// A report in one line.
pub(super) fn reason(report: &Report) -> String {
    let lines: Vec<&str> = report.lines.iter().map(|line| line.en.as_str()).collect();
    lines.join(" ").chars().map(|c| if c.is_control() { ' ' } else { c }).take(REASON_MAX).collect()
}
