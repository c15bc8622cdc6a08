//! The journal in pieces that can be sent over the local socket, and made without keeping a customer waiting.

use super::control::{Acts, Answer, Pickups, Shape};
use crate::journal::export;
use crate::journal::store::{Filter, Handle, Journal};
use jiff::civil::Date;

/// Pickups a page.
const PAGE: usize = 100;

/// One page of pickups, and where the next begins.
pub fn pickups(journal: &Journal, page: &Pickups) -> Answer {
    let filter = Filter { business_day: page.day, unresolved: page.unresolved };
    let (found, next) = match journal.page(filter, page.after, PAGE) {
        Ok(found) => found,
        Err(error) => return Answer::no(error.to_string()),
    };
    let mut text = String::new();
    for view in &found {
        match page.shape {
            Shape::List => text.push_str(&export::list_line(view)),
            Shape::Csv => text.push_str(&export::csv_lines(view)),
            Shape::JsonLines => match export::json_line(view) {
                Ok(line) => text.push_str(&line),
                Err(error) => return Answer::no(error.to_string()),
            },
        }
    }
    Answer { ok: true, text, json: None, next }
}

/// One page of acts, and where the next begins.
pub fn acts(journal: &Journal, page: &Acts) -> Answer {
    let (found, next) = match journal.acts(page.day, page.after, PAGE) {
        Ok(found) => found,
        Err(error) => return Answer::no(error.to_string()),
    };
    let mut text = String::new();
    for act in &found {
        match page.shape {
            Shape::List => text.push_str(&act.line()),
            Shape::Csv => text.push_str(&act.csv()),
            Shape::JsonLines => match export::json_line(act) {
                Ok(line) => text.push_str(&line),
                Err(error) => return Answer::no(error.to_string()),
            },
        }
    }
    Answer { ok: true, text, json: None, next }
}

/// One pickup with its story.
pub fn show(journal: &Journal, id: &str, json: bool) -> Answer {
    let Some(handle) = Handle::parse(id) else { return Answer::no(super::staff::NO_HANDLE) };
    match journal.show(&handle) {
        Ok(story) if json => {
            export::json_line(&story).map_or_else(|e| Answer::no(e.to_string()), Answer::yes)
        }
        Ok(story) => Answer::yes(export::story_text(&story)),
        Err(error) => Answer::no(error.to_string()),
    }
}

/// A business day's slip.
pub fn day(journal: &Journal, day: Date, json: bool) -> Answer {
    match journal.day_slip(day) {
        Ok(slip) if json => export::json_line(&slip).map_or_else(|e| Answer::no(e.to_string()), Answer::yes),
        Ok(slip) => Answer::yes(export::day_slip_text(&slip)),
        Err(error) => Answer::no(error.to_string()),
    }
}
