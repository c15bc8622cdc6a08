//! Settings of `[screen]`: the customer screen's page.

use serde::Deserialize;
use std::path::PathBuf;

/// The table `[screen]`: the customer screen's page.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    /// Address and port of the page; loopback only. Port 0: any free one.
    pub listen: String,
    /// Opening hours, `HH:MM-HH:MM`, also across midnight; outside of them an unused screen is dark. None: it never is.
    pub hours: Option<String>,
    /// The cinema's picture beside the instruction: a PNG, JPEG or WebP file beside kiosk.toml.
    pub picture: Option<PathBuf>,
    /// Side of the screen on which the scanner is: said and shown with an arrow. None: not said.
    pub scanner_side: Option<Side>,
    /// Side of the screen on which the tickets come out, likewise.
    pub slot_side: Option<Side>,
    /// Lines that say what this machine does not do; none: the built-in lines. At most 4.
    #[serde(rename = "note")]
    pub notes: Option<Vec<Note>>,
}

/// Side on which something is, seen from the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The place above the screen.
    Above,
    /// The place below the screen.
    Below,
    /// The place left of the screen.
    Left,
    /// The place right of the screen.
    Right,
}

/// One `[[screen.note]]`: a line in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Text in Chinese, at most 24 characters.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// Text in English, at most 56 characters.
    pub en: String,
}
