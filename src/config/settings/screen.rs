//! `[screen]`: the customer screen's page.

use serde::Deserialize;
use std::path::PathBuf;

/// `[screen]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Address and port of the page; loopback only. Port 0: any free one.
    pub listen: String,
    /// Opening hours, `HH:MM-HH:MM`, also across midnight; outside of them an unused screen is dark. None: it never is.
    pub hours: Option<String>,
    /// The cinema's picture beside the instruction: a PNG, JPEG or WebP file beside kiosk.toml.
    pub picture: Option<PathBuf>,
    /// Where the scanner is, seen from the screen: said and shown with an arrow. None: not said.
    pub scanner_side: Option<Side>,
    /// Where the tickets come out, likewise.
    pub slot_side: Option<Side>,
    /// What this machine does not do, a line each; none: the built-in lines. At most 4.
    #[serde(rename = "note")]
    pub notes: Option<Vec<Note>>,
}

/// Where something is, seen from the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Above it.
    Above,
    /// Below it.
    Below,
    /// Left of it.
    Left,
    /// Right of it.
    Right,
}

/// `[[screen.note]]`: one line in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Chinese, at most 24 characters.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// English, at most 56 characters.
    pub en: String,
}
