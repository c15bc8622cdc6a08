//! Content of the customer screen beside its instruction: lines, opening hours, a picture.

use super::error::{ConfigError, no_such_file};
use super::file::{self, Unread};
use super::settings::{Note, Screen};
use super::validator::Validator;
use crate::locale::{Text, text};
use crate::screen::hours::Hours;
use crate::screen::idle::{Idle, NOTES_MAX};
use crate::screen::picture::{BYTES_MAX, NoPicture, Picture};
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
    let right = (
        "应为 HH:MM-HH:MM，如 \"09:30-02:00\"；不写则屏幕从不变暗",
        "must be HH:MM-HH:MM, such as \"09:30-02:00\"; left out, the screen is never dark",
    );
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
    let right = ("屏幕上最多放 4 行", "at most 4 lines fit on the screen");
    validator.require("screen.note", notes.len() <= NOTES_MAX, right)?;
    let mut lines = Vec::new();
    for (index, note) in notes.iter().enumerate() {
        for (name, text, most) in [("zh-CN", &note.zh, CHINESE_MAX), ("en", &note.en, ENGLISH_MAX)] {
            let length = text.chars().count();
            let fits = !text.trim().is_empty() && length <= most && !text.chars().any(char::is_control);
            let key = format!("screen.note[{index}].{name}");
            let right = text!("应为一行，1 到 {most} 个字", "must be one line of 1 to {most} characters");
            validator.require(&key, fits, right)?;
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
            return validator.refuse(key, no_such_file(path));
        }
        Err(Unread::TooLong) => return validator.refuse(key, NoPicture::TooLarge.text()),
        Err(Unread::Other(reason)) => {
            let path = path.display();
            let right = text!(
                "应为可读的文件；{path}：{reason:#}",
                "must be a file that can be read; {path}: {reason}"
            );
            return validator.refuse(key, right);
        }
    };
    Picture::new(bytes).map_err(|error| validator.fault(key, error.text()))
}
