//! GPIO through the kernel's character device (gpiocdev): one request per line, so that lines may lie on several chips.

use super::line::{Bias, Drive, Line, LineAddress};
use super::{CONSUMER, GpioError, INPUTS_MAX};
use crate::locale::Text;
use gpiocdev::line::{EdgeDetection, Value};
use gpiocdev::request::{Builder, Request};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Largest number of changes of a line that are discarded at once: more than fit in the kernel's buffer.
const CHANGES_MAX: usize = 1_024;

/// A GPIO chip, with the names and consumers of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Device file of the chip.
    pub path: PathBuf,
    /// Label of the chip, such as `pinctrl-bcm2711`.
    pub label: String,
    /// Number of lines on the chip.
    pub lines: u32,
    /// Offsets and names of the lines that have a name.
    pub named: Vec<(u32, String)>,
    /// Offsets and consumers of the lines that are in use.
    pub used: Vec<(u32, String)>,
}

/// Returns every chip that can be read, by number.
pub fn chips() -> Vec<Chip> {
    let paths = gpiocdev::chip::chips().unwrap_or_default();
    paths.iter().filter_map(|path| chip(path)).collect()
}

fn chip(path: &Path) -> Option<Chip> {
    let chip = gpiocdev::chip::Chip::from_path(path).ok()?;
    let info = chip.info().ok()?;
    let lines: Vec<_> = chip.line_info_iter().ok()?.filter_map(Result::ok).collect();
    let named =
        lines.iter().filter(|line| !line.name.is_empty()).map(|line| (line.offset, line.name.clone()));
    let used = lines.iter().filter(|line| line.used).map(|line| (line.offset, line.consumer.clone()));
    Some(Chip {
        path: chip.path().to_owned(),
        label: info.label,
        lines: info.num_lines,
        named: named.collect(),
        used: used.collect(),
    })
}

/// Returns the consumer that holds a line, if any.
///
/// # Errors
/// Fails if there is no such line, or its state can't be read.
pub fn consumer(line: &Line) -> Result<Option<String>, GpioError> {
    let (path, offset) = find(line)?;
    let chip = gpiocdev::chip::Chip::from_path(&path).map_err(|error| GpioError::other(line, error))?;
    let info = chip.line_info(offset).map_err(|error| GpioError::other(line, error))?;
    let name = if info.consumer.is_empty() { "the kernel".to_owned() } else { info.consumer };
    Ok(info.used.then_some(name))
}

/// Returns the chip's device file and the line's offset on it.
fn find(line: &Line) -> Result<(PathBuf, u32), GpioError> {
    let none = || GpioError::NoLine(line.to_string());
    // Without any chip there is no line.
    let paths = gpiocdev::chip::chips().unwrap_or_default();
    let mut denied = None;
    for path in paths {
        let chip = match gpiocdev::chip::Chip::from_path(&path) {
            Ok(chip) => chip,
            Err(error) => {
                let readable =
                    rustix::fs::access(&path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK);
                denied = Some(match readable {
                    Err(_) => GpioError::Denied(path.display().to_string()),
                    Ok(()) => GpioError::other(line, error),
                });
                continue;
            }
        };
        match &line.address {
            LineAddress::Name(name) => {
                if let Some(info) = chip.find_line_info(name) {
                    return Ok((path, info.offset));
                }
            }
            LineAddress::Offset { chip: wanted, offset } => {
                let Ok(info) = chip.info() else { continue };
                if (info.label == *wanted || info.name == *wanted) && *offset < info.num_lines {
                    return Ok((path, *offset));
                }
            }
        }
    }
    Err(denied.unwrap_or_else(none))
}

fn request(line: &Line, set_up: impl FnOnce(&mut Builder)) -> Result<(Request, u32), GpioError> {
    let (path, offset) = find(line)?;
    let mut builder = Request::builder();
    builder.on_chip(&path).with_consumer(CONSUMER).with_line(offset);
    set_up(&mut builder);
    if line.active_low {
        builder.as_active_low();
    }
    match line.bias {
        Bias::AsIs => {}
        Bias::Up => drop(builder.with_bias(gpiocdev::line::Bias::PullUp)),
        Bias::Down => drop(builder.with_bias(gpiocdev::line::Bias::PullDown)),
        Bias::None => drop(builder.with_bias(gpiocdev::line::Bias::Disabled)),
    }
    let made = builder.request().map_err(|error| match consumer(line) {
        Ok(Some(by)) => GpioError::InUse { line: line.to_string(), by },
        _ => GpioError::other(line, error),
    });
    made.map(|request| (request, offset))
}

/// A line that is driven, through the character device.
#[derive(Debug)]
pub(super) struct Output {
    line: Line,
    request: Request,
    offset: u32,
}

impl Output {
    pub(super) fn take(line: &Line) -> Result<Self, GpioError> {
        let (request, offset) = request(line, |builder| {
            builder.as_output(Value::Inactive);
            match line.drive {
                Drive::PushPull => {}
                Drive::OpenDrain => drop(builder.with_drive(gpiocdev::line::Drive::OpenDrain)),
                Drive::OpenSource => drop(builder.with_drive(gpiocdev::line::Drive::OpenSource)),
            }
        })?;
        Ok(Self { line: line.clone(), request, offset })
    }

    pub(super) fn set(&mut self, on: bool) -> Result<(), GpioError> {
        let value = if on { Value::Active } else { Value::Inactive };
        self.request.set_value(self.offset, value).map_err(|error| GpioError::other(&self.line, error))
    }
}

/// Lines that are watched, through the character device.
#[derive(Debug)]
pub(super) struct Inputs(Vec<(Line, Request, u32)>);

impl Inputs {
    pub(super) fn take(lines: &[&Line]) -> Result<Self, GpioError> {
        let take = |line: &&Line| {
            let (request, offset) = request(line, |builder| {
                builder.as_input().with_edge_detection(EdgeDetection::BothEdges);
            })?;
            Ok(((*line).clone(), request, offset))
        };
        lines.iter().take(INPUTS_MAX).map(take).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn values(&self) -> Result<u16, GpioError> {
        self.0.iter().enumerate().try_fold(0, |values, (index, (line, request, offset))| {
            let value = request.value(*offset).map_err(|error| GpioError::other(line, error))?;
            Ok(if value == Value::Active { values | 1 << index } else { values })
        })
    }

    pub(super) fn wait(&self, time: Option<Duration>) -> Result<bool, GpioError> {
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        let mut waiting: Vec<PollFd<'_>> =
            self.0.iter().map(|(_, request, _)| PollFd::new(request, PollFlags::IN)).collect();
        match poll(&mut waiting, time.as_ref()) {
            Ok(0) | Err(Errno::INTR) => Ok(false),
            Ok(_) => {
                let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
                let lost = waiting.iter().position(|waited| waited.revents().intersects(gone));
                if let Some((line, ..)) = lost.and_then(|at| self.0.get(at)) {
                    return Err(GpioError::other(line, Text::new("芯片已不在", "its chip has gone")));
                }
                self.forget().map(|()| true)
            }
            Err(error) => Err(self.0.first().map_or_else(
                || GpioError::NoLine("none".into()),
                |(line, ..)| GpioError::other(line, error),
            )),
        }
    }

    pub(super) fn forget(&self) -> Result<(), GpioError> {
        for (line, request, _) in &self.0 {
            for _ in 0..CHANGES_MAX {
                let told = request.has_edge_event().map_err(|error| GpioError::other(line, error))?;
                if !told {
                    break;
                }
                request.read_edge_event().map_err(|error| GpioError::other(line, error))?;
            }
        }
        Ok(())
    }
}
