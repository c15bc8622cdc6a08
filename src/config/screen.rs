//! Content of the customer screen beside its instruction: lines, opening hours, a picture.

use super::error::ConfigError;
use super::file::{self, Unread};
use super::settings::{Note, Screen};
use super::validator::Validator;
use crate::locale::Text;
use crate::screen::hours::Hours;
use crate::screen::idle::{Idle, NOTES_MAX};
use crate::screen::picture::{BYTES_MAX, Picture};
use crate::screen::texts;
use std::path::Path;
use std::sync::Arc;

/// Longest line in characters: it has to fit on the narrowest screen.
const CHINESE_MAX: usize = 24;
const ENGLISH_MAX: usize = 56;

/// Checks the content, and reads the picture.
///
/// # Errors
/// The first value that cannot be shown.
pub fn idle(validator: Validator<'_>, screen: Option<&Screen>, beside: &Path) -> Result<Idle, ConfigError> {
    let Some(screen) = screen else { return Ok(Idle::default()) };
    let notes = match &screen.notes {
        Some(notes) => self::notes(validator, notes)?,
        None => texts::idle::notes(),
    };
    let right = "must be HH:MM-HH:MM, such as \"09:30-02:00\"; left out, the screen is never dark";
    let hours = screen.hours.as_deref().map(Hours::parse);
    validator.require("screen.hours", hours != Some(None), right)?;
    let picture = screen.picture.as_deref().map(|file| picture(validator, &beside.join(file))).transpose()?;
    Ok(Idle {
        notes,
        hours: hours.flatten(),
        picture: picture.map(Arc::new),
        scanner: screen.scanner_side,
        slot: screen.slot_side,
    })
}

fn notes(validator: Validator<'_>, notes: &[Note]) -> Result<Vec<Text>, ConfigError> {
    validator.require("screen.note", notes.len() <= NOTES_MAX, "at most 4 lines fit on the screen")?;
    let mut lines = Vec::new();
    for (index, note) in notes.iter().enumerate() {
        for (name, text, most) in [("zh-CN", &note.zh, CHINESE_MAX), ("en", &note.en, ENGLISH_MAX)] {
            let length = text.chars().count();
            let fits = !text.trim().is_empty() && length <= most && !text.chars().any(char::is_control);
            let key = format!("screen.note[{index}].{name}");
            validator.require(&key, fits, &format!("must be one line of 1 to {most} characters"))?;
        }
        lines.push(Text::new(note.zh.as_str(), note.en.as_str()));
    }
    Ok(lines)
}

fn picture(validator: Validator<'_>, path: &Path) -> Result<Picture, ConfigError> {
    let key = "screen.picture";
    let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = match file::read(path, limit) {
        Ok((_, bytes)) => bytes,
        Err(Unread::Missing) => {
            return validator.refuse(key, format!("must name a file; there is no {}", path.display()));
        }
        Err(Unread::TooLong) => {
            return validator
                .refuse(key, format!("must have at most {BYTES_MAX} bytes: save it smaller, or as JPEG"));
        }
        Err(Unread::Other(reason)) => {
            return validator
                .refuse(key, format!("must be a file that can be read; {}: {reason}", path.display()));
        }
    };
    Picture::new(bytes).map_err(|error| validator.fault(key, error.to_string()))
}
