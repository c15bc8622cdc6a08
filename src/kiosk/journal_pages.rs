//! The journal in pieces that can be sent over the local socket, and made without keeping a customer waiting.

use super::request::{AuditRequest, ControlAnswer, Pickups, Shape};
use crate::journal::export;
use crate::journal::store::{Filter, Handle, Journal};
use crate::locale::Text;
use jiff::civil::Date;

/// The refusal of an ID that names no pickup.
pub(super) const NO_HANDLE: (&str, &str) = (
    "编号应为取票的编号，或 6 位领取编号",
    "the ID should be that of a pickup, or a claim reference of 6 digits",
);
/// Pickups a page.
const PAGE: usize = 100;

/// One page of pickups, and where the next begins.
pub fn pickups(journal: &Journal, page: &Pickups) -> ControlAnswer {
    let filter = Filter { business_day: page.day, unresolved: page.unresolved };
    let (found, next) = match journal.records().page(filter, page.after, PAGE) {
        Ok(found) => found,
        Err(error) => return ControlAnswer::no(error.text()),
    };
    let mut text = String::new();
    for view in &found {
        match page.shape {
            Shape::List => text.push_str(&export::list_line(view)),
            Shape::Csv => text.push_str(&export::csv_lines(view)),
            Shape::JsonLines => match export::json_line(view) {
                Ok(line) => text.push_str(&line),
                Err(error) => return ControlAnswer::no(Text::same(error.to_string())),
            },
        }
    }
    ControlAnswer { next, ..ControlAnswer::yes(text) }
}

/// One page of acts, and where the next begins.
pub fn audit_entries(journal: &Journal, page: &AuditRequest) -> ControlAnswer {
    let (found, next) = match journal.records().audit_entries(page.day, page.after, PAGE) {
        Ok(found) => found,
        Err(error) => return ControlAnswer::no(error.text()),
    };
    let mut text = String::new();
    for act in &found {
        match page.shape {
            Shape::List => text.push_str(&act.line()),
            Shape::Csv => text.push_str(&act.csv()),
            Shape::JsonLines => match export::json_line(act) {
                Ok(line) => text.push_str(&line),
                Err(error) => return ControlAnswer::no(Text::same(error.to_string())),
            },
        }
    }
    ControlAnswer { next, ..ControlAnswer::yes(text) }
}

/// One pickup with its story.
pub fn show(journal: &Journal, id: &str, json: bool) -> ControlAnswer {
    let Some(handle) = Handle::parse(id) else { return ControlAnswer::no(NO_HANDLE) };
    match journal.records().show(&handle) {
        Ok(story) if json => export::json_line(&story)
            .map_or_else(|e| ControlAnswer::no(Text::same(e.to_string())), ControlAnswer::yes),
        Ok(story) => ControlAnswer::done(export::timeline_text(&story)),
        Err(error) => ControlAnswer::no(error.text()),
    }
}

/// A business day's slip.
pub fn day(journal: &Journal, day: Date, json: bool) -> ControlAnswer {
    match journal.records().day_slip(day) {
        Ok(slip) if json => export::json_line(&slip)
            .map_or_else(|e| ControlAnswer::no(Text::same(e.to_string())), ControlAnswer::yes),
        Ok(slip) => ControlAnswer::done(export::day_slip_text(&slip)),
        Err(error) => ControlAnswer::no(error.text()),
    }
}
