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
    /// What this machine does not do, a line each; none: the built-in lines. At most 6.
    #[serde(rename = "note")]
    pub notes: Option<Vec<Note>>,
}

/// `[[screen.note]]`: one line in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Chinese, at most 30 characters.
    #[serde(rename = "zh-CN")]
    pub zh: String,
    /// English, at most 70 characters.
    pub en: String,
}
