//! Reading of the files that tell what the printer can do and what stands on a ticket.

use super::de;
use super::error::{ConfigError, file_or_built_in, no_such_file};
use super::file::{self, Unread};
use super::load::optional_text;
use super::settings::{Paper, PaperKind, TicketPaper};
use super::tree::Node;
use super::validator::Validator;
use crate::device::printer::connection::{ConnectionSpec, Flow};
use crate::locale::{Text, text};
use crate::receipt::layout::{Layout, LayoutError};
use crate::receipt::logo::FILE_BYTES_MAX;
use crate::receipt::profile::{BUILT_IN, Profile, ProfileError};
use crate::receipt::sample::sample_bytes;
use crate::receipt::stock::Stock;
use jiff::tz::TimeZone;
use std::path::Path;

/// Folder of the printer profiles, beside the config file.
const PROFILES: &str = "printers";

/// Reads the printer's profile: a file in printers/ or, when there is none, one built in.
///
/// # Errors
/// When there is neither, or the file is wrong.
pub fn profile(validator: Validator<'_>, name: &str, beside: &Path) -> Result<Profile, ConfigError> {
    let key = "printer.profile";
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = (1..=64).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
    let right = ("应为型号文件名，如 \"epson-tm-t88\"", "must be a profile's name, such as \"epson-tm-t88\"");
    validator.require(key, fits, right)?;
    let path = beside.join(PROFILES).join(format!("{name}.toml"));
    if let Some(text) = optional_text(&path)? {
        return own_profile(&path, &text);
    }
    Profile::built_in(name).map_or_else(
        || {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            validator.refuse(key, file_or_built_in(&path, &known))
        },
        Ok,
    )
}

fn own_profile(path: &Path, text: &str) -> Result<Profile, ConfigError> {
    let root = Node::parse(path, text)?;
    // Reading it by its type first finds faults that name line and key.
    de::settings::<Profile>(&root)?;
    Profile::parse(text).map_err(|error| match error {
        ProfileError::OutOfRange { key, found, wanted } => {
            let found = text!("写的是 {found:#}", "found {found}");
            ConfigError::of_key(root.nearest_location(key), key, found, wanted)
        }
        ProfileError::Unreadable(reason) => {
            let reason = one_line(&reason);
            ConfigError::of_file(path, text!("无法解析：{reason}", "{reason}"), ("请改正", "correct it"))
        }
    })
}

/// Reads the ticket's layout: the file named, or the built-in one for the paper's width; with its logos.
///
/// # Errors
/// When a file is missing or wrong, or the paper is too narrow.
pub fn layout(
    validator: Validator<'_>,
    ticket: &TicketPaper,
    profile: &Profile,
    beside: &Path,
) -> Result<Layout, ConfigError> {
    let mut layout = match &ticket.layout {
        None => Layout::built_in_for(profile).map_err(|error| {
            let right = text!("应选纸更宽的型号：{error:#}", "must be one for wider paper: {error}");
            validator.fault("printer.profile", right)
        })?,
        Some(file) => own_layout(validator, &beside.join(file), profile)?,
    };
    layout.service_fee = ticket.service_fee.unwrap_or(layout.service_fee);
    Ok(layout)
}

fn own_layout(validator: Validator<'_>, path: &Path, profile: &Profile) -> Result<Layout, ConfigError> {
    let Some(text) = optional_text(path)? else {
        return validator.refuse("ticket.layout", no_such_file(path));
    };
    // Reading it as TOML first finds faults that name their line.
    Node::parse(path, &text)?;
    let mut layout = Layout::parse(&text).map_err(|error| wrong_layout(path, &error))?;
    layout.fits(profile).map_err(|error| wrong_layout(path, &error))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let read = |name: &str| match file::read(
        &folder.join(name),
        u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX),
    ) {
        Ok((_, bytes)) => Ok(bytes),
        Err(Unread::Missing) => {
            let folder = folder.display();
            Err(text!("{folder} 里没有这个文件", "there is no such file in {folder}"))
        }
        Err(Unread::TooLong) => {
            Err(text!("超过 {FILE_BYTES_MAX} 字节", "it has more than {FILE_BYTES_MAX} bytes"))
        }
        Err(Unread::Other(reason)) => Err(text!("无法读取：{reason:#}", "it cannot be read: {reason}")),
    };
    layout.take_logos(read).map_err(|error| wrong_layout(path, &error))?;
    Ok(layout)
}

/// Checks the paper: marks need a printer that finds them, and forms that hold the longest ticket.
///
/// # Errors
/// A kind the printer can't align to, a pitch that is missing or too short for the layout.
pub fn stock(
    validator: Validator<'_>,
    paper: &Paper,
    profile: &Profile,
    layout: &Layout,
) -> Result<Stock, ConfigError> {
    let near_end_mm = paper.near_end_metres.map(|metres| metres * 1_000);
    if paper.kind == PaperKind::Continuous {
        return Ok(Stock { pitch_mm: None, near_end_mm });
    }
    let marks = (
        "这台打印机应为 \"continuous\"：其型号文件没有用来对位的 [mark] 命令",
        "must be \"continuous\" with this printer: its profile has no [mark] commands to align with",
    );
    validator.require("paper.kind", profile.mark.is_some(), marks)?;
    let Some(pitch) = paper.pitch_mm else {
        let right = (
            "用带黑标的纸时必须写：相邻两个黑标之间的毫米数",
            "must be given for stock with marks: the millimetres from one mark to the next",
        );
        return validator.refuse("paper.pitch_mm", right);
    };
    let longest =
        layout.longest_dots(profile).map_err(|error| validator.fault("ticket.layout", error.text()))?;
    let needed = profile.millimetres(longest);
    if needed > pitch {
        let error = LayoutError::TooLong { layout: layout.name.clone(), needed, has: pitch };
        let right = text!(
            "用这个版式至少应为 {needed}：{error:#}",
            "must be at least {needed} for this layout: {error}"
        );
        return validator.refuse("paper.pitch_mm", right);
    }
    Ok(Stock { pitch_mm: Some(pitch), near_end_mm })
}

/// Checks that the printer's buffer holds a whole ticket: without flow control a serial line loses what has no room.
///
/// # Errors
/// The buffer does not hold it.
pub fn carries(
    validator: Validator<'_>,
    connection: &ConnectionSpec,
    profile: &Profile,
    layout: &Layout,
) -> Result<(), ConfigError> {
    let ConnectionSpec::Serial(serial) = connection else { return Ok(()) };
    if serial.flow != Flow::None {
        return Ok(());
    }
    let bytes = sample_bytes(layout, profile, &TimeZone::UTC)
        .map_err(|error| validator.fault("printer.profile", error.text()))?
        .len();
    let (buffer, name) = (profile.buffer_bytes, &profile.name);
    let right = text!(
        "应加 flow=rtscts、flow=dtrdsr 或 flow=xonxoff：没有流控，{bytes} 字节的一张票会溢出打印机 {buffer} \
         字节的缓冲区（型号文件 {name}）",
        "must have flow=rtscts, flow=dtrdsr or flow=xonxoff: without flow control a ticket of {bytes} bytes would \
         overrun this printer's buffer of {buffer} (profile {name})"
    );
    let fits = u32::try_from(bytes).is_ok_and(|bytes| bytes <= profile.buffer_bytes);
    validator.require("printer.connection", fits, right)
}

fn wrong_layout(path: &Path, error: &LayoutError) -> ConfigError {
    ConfigError::of_file(
        path,
        Text::new(one_line(&format!("{error:#}")), one_line(&error.to_string())),
        (
            "请改正；内置版式（config/layouts）可作参考",
            "correct it; the built-in layouts (config/layouts) are examples",
        ),
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
