//! `pickup-kiosk preview`: the configured ticket layout, printed on the virtual printer with sample data.

use super::args::Preview;
use super::{CommandError, ExitStatus};
use crate::config::{self, Checked};
use crate::locale::{Text, display_text, system_error, text};
use crate::receipt::layout::Layout;
use crate::receipt::profile::{BUILT_IN, Profile};
use crate::receipt::sample::{SampleError, sample_bytes};
use crate::virtual_printer::{self, VirtualPrinter};
use jiff::tz::TimeZone;
use std::io::{self, Write};

/// Reason why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// The sample ticket has no bytes for this printer.
    Sample(#[from] SampleError),
    /// No paper came out: the profile's commands lack a cut.
    NoPaper,
    /// The picture could not be made.
    Picture(#[from] png::EncodingError),
}

display_text!(PreviewError);

impl PreviewError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Sample(error) => error.text(),
            Self::NoPaper => Text::new(
                "预览没有打出纸；型号文件里是否没有切纸命令？",
                "the preview printed no paper; is the printer profile without a cut?",
            ),
            Self::Picture(error) => {
                text!("无法生成预览图片：{error}", "the preview's picture can't be made: {error}")
            }
        }
    }
}

/// Writes the picture, and its name to standard output.
///
/// # Errors
/// Returns an error if the configuration is wrong, or the picture can't be made or written.
pub fn run(args: &Preview) -> Result<ExitStatus, CommandError> {
    let (layout, profile) = match &args.profile {
        Some(name) => built_in(name)?,
        None => {
            let Checked { layout, profile, .. } = config::load(&args.config.path)?.checked;
            (layout, profile)
        }
    };
    let picture = picture(&layout, &profile).map_err(|error| CommandError::failed(error.text()))?;
    let out = args.out.display();
    std::fs::write(&args.out, picture).map_err(|error| {
        let error = system_error(&error);
        CommandError::failed(text!(
            "{out} 无法写入：{error:#}；请用 --out 指定别的文件",
            "{out} cannot be written: {error}; name another file with --out"
        ))
    })?;
    writeln!(io::stdout().lock(), "{out}")?;
    Ok(ExitStatus::Done)
}

/// Returns the sample ticket as this printer would print it by this layout, as a PNG.
///
/// # Errors
/// Fails if the layout doesn't suit the printer, or its picture can't be made.
pub fn picture(layout: &Layout, profile: &Profile) -> Result<Vec<u8>, PreviewError> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC);
    let mut printer = VirtualPrinter::new(profile);
    printer.feed(&sample_bytes(layout, profile, &zone)?);
    // The paper of a printer without a cutter is torn off by hand before the next ticket.
    printer.feed(b"\x1B@");
    let paper = printer.take_papers().into_iter().next().ok_or(PreviewError::NoPaper)?;
    Ok(virtual_printer::png(&paper)?)
}

/// Returns a built-in printer profile and the built-in layout for its paper.
fn built_in(name: &str) -> Result<(Layout, Profile), CommandError> {
    let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let known = known.join(", ");
    let unknown = || {
        CommandError::failed(text!(
            "没有内置型号 `{name}`；内置的有 {known}",
            "no printer `{name}` is built in; there are {known}"
        ))
    };
    let profile = Profile::built_in(name).ok_or_else(unknown)?;
    let layout = Layout::built_in_for(&profile).map_err(|error| CommandError::failed(error.text()))?;
    Ok((layout, profile))
}
