//! The files that tell what the printer can do and what stands on a ticket.

use super::check::Places;
use super::de;
use super::error::ConfigError;
use super::load::optional_text;
use super::tree::Node;
use crate::receipt::layout::{Layout, LayoutError};
use crate::receipt::profile::{BUILT_IN, Profile, ProfileError};
use std::path::Path;

/// Where profiles are, beside the config file.
const PROFILES: &str = "printers";

/// The printer's profile: a file in printers/ or, when there is none, one built in.
///
/// # Errors
/// When there is neither, or the file is wrong.
pub fn profile(places: Places<'_>, name: &str, beside: &Path) -> Result<Profile, ConfigError> {
    let key = "printer.profile";
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
    places.require(key, fits, "must be a profile's name, such as \"epson-tm-t88\"")?;
    let path = beside.join(PROFILES).join(format!("{name}.toml"));
    if let Some(text) = optional_text(&path)? {
        return own_profile(&path, &text);
    }
    Profile::built_in(name).map_or_else(
        || {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            let right = format!("must be a file {}, or one built in: {}", path.display(), known.join(", "));
            places.refuse(key, right)
        },
        Ok,
    )
}

fn own_profile(path: &Path, text: &str) -> Result<Profile, ConfigError> {
    let root = Node::parse(path, text)?;
    // Read for its faults first: these name line and key.
    de::settings::<Profile>(&root)?;
    Profile::parse(text).map_err(|error| match error {
        ProfileError::OutOfRange { key, found, wanted } => {
            ConfigError::of_key(root.nearest_place(key), key, format!("found {found}"), wanted)
        }
        ProfileError::Unreadable(reason) => ConfigError::of_file(path, one_line(&reason), "correct it"),
    })
}

/// The ticket's layout: the file named, or the built-in one for the paper's width.
///
/// # Errors
/// When the file is missing or wrong, or the paper is too narrow for it.
pub fn layout(
    places: Places<'_>,
    file: Option<&Path>,
    profile: &Profile,
    beside: &Path,
) -> Result<Layout, ConfigError> {
    let Some(file) = file else {
        let narrow = |error: LayoutError| {
            places.fault("printer.profile", format!("must be one for wider paper: {error}"))
        };
        return Layout::built_in_for(profile).map_err(narrow);
    };
    let path = beside.join(file);
    let Some(text) = optional_text(&path)? else {
        return places.refuse("ticket.layout", format!("must name a file; there is no {}", path.display()));
    };
    // Read as TOML first: that fault names its line.
    Node::parse(&path, &text)?;
    let layout = Layout::parse(&text).map_err(|error| wrong_layout(&path, &error))?;
    layout.fits(profile).map_err(|error| wrong_layout(&path, &error))?;
    Ok(layout)
}

fn wrong_layout(path: &Path, error: &LayoutError) -> ConfigError {
    ConfigError::of_file(
        path,
        one_line(&error.to_string()),
        "correct it; the built-in layouts (config/layouts) are examples",
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
