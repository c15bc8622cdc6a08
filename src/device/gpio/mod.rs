//! GPIO lines through one of two backends: the kernel's character device (every board) or rppal (Raspberry Pi alone).

mod cdev;
pub mod line;
mod pi;

pub use cdev::{Chip, chips, consumer};
pub use line::Backend;

use crate::locale::{Text, both, display_text, text};
use line::Line;
use std::time::Duration;
use thiserror::Error;

/// Name of the kiosk as the consumer of its lines, shown by the kernel.
pub const CONSUMER: &str = "pickup-kiosk";
/// Largest number of lines that are read together.
pub const INPUTS_MAX: usize = 16;

/// Reason why a line can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GpioError {
    /// There is no chip or line of that name.
    NoLine(String),
    /// Another consumer has requested the line.
    InUse {
        /// Name of the requested line.
        line: String,
        /// Consumer of the line, as the kernel tells it.
        by: String,
    },
    /// The user of the service may not open the chip.
    Denied(String),
    /// The backend is rppal, and the line is none of a Raspberry Pi's pins.
    NoPin(String),
    /// Any other error.
    Other {
        /// Name of the requested line.
        line: String,
        /// Message of the system or of the crate.
        why: Text,
    },
}

display_text!(GpioError);

impl GpioError {
    fn other(line: &Line, why: impl std::fmt::Display) -> Self {
        Self::Other { line: line.to_string(), why: both(&why) }
    }

    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::NoLine(line) => text!("没有这条线：{line}", "there is no line {line}"),
            Self::InUse { line, by } => text!("线 {line} 正被 {by} 占用", "line {line} is in use by {by}"),
            Self::Denied(chip) => text!("{chip}：没有权限", "{chip}: permission denied"),
            Self::NoPin(line) => text!(
                "线 {line} 不是树莓派的引脚 GPIO0 到 GPIO27",
                "line {line} is none of a Raspberry Pi's pins, GPIO0 to GPIO27"
            ),
            Self::Other { line, why } => text!("线 {line}：{why:#}", "line {line}: {why}"),
        }
    }
}

/// Lines that are driven, through either backend.
#[derive(Debug)]
pub struct Outputs(Vec<Output>);

#[derive(Debug)]
enum Output {
    Cdev(cdev::Output),
    Pi(pi::Output),
}

impl Outputs {
    /// Requests the lines and switches all of them off.
    ///
    /// # Errors
    /// Returns the error of the first line that can't be used.
    pub fn take(backend: Backend, lines: &[&Line]) -> Result<Self, GpioError> {
        let take = |line: &&Line| match backend {
            Backend::Cdev => cdev::Output::take(line).map(Output::Cdev),
            Backend::Rppal => pi::Output::take(line).map(Output::Pi),
        };
        lines.iter().map(take).collect::<Result<_, _>>().map(Self)
    }

    /// Switches one line on or off, by its place among the lines.
    ///
    /// # Errors
    /// Returns the error of the backend.
    pub fn set(&mut self, index: usize, on: bool) -> Result<(), GpioError> {
        match self.0.get_mut(index) {
            Some(Output::Cdev(output)) => output.set(on),
            Some(Output::Pi(output)) => {
                output.set(on);
                Ok(())
            }
            None => Err(GpioError::NoLine(format!("number {index}"))),
        }
    }
}

/// Lines that are watched, through either backend.
#[derive(Debug)]
pub struct Inputs(Reader);

#[derive(Debug)]
enum Reader {
    Cdev(cdev::Inputs),
    Pi(pi::Inputs),
}

impl Inputs {
    /// Requests the lines; from then on every change of them is noticed.
    ///
    /// # Errors
    /// Returns the error of the first line that can't be used.
    pub fn take(backend: Backend, lines: &[&Line]) -> Result<Self, GpioError> {
        Ok(Self(match backend {
            Backend::Cdev => Reader::Cdev(cdev::Inputs::take(lines)?),
            Backend::Rppal => Reader::Pi(pi::Inputs::take(lines)?),
        }))
    }

    /// Returns the lines that are on: bit n is line n.
    ///
    /// # Errors
    /// Returns the error of the backend.
    pub fn values(&self) -> Result<u16, GpioError> {
        match &self.0 {
            Reader::Cdev(inputs) => inputs.values(),
            Reader::Pi(inputs) => Ok(inputs.values()),
        }
    }

    /// Sleeps until a line changes or `time` has passed; without a limit, forever. Returns true if a line changed.
    ///
    /// # Errors
    /// Returns the error of the backend.
    pub fn wait(&self, time: Option<Duration>) -> Result<bool, GpioError> {
        match &self.0 {
            Reader::Cdev(inputs) => inputs.wait(time),
            Reader::Pi(inputs) => inputs.wait(time),
        }
    }

    /// Discards the changes that have come so far.
    ///
    /// # Errors
    /// Returns the error of the backend.
    pub fn forget(&self) -> Result<(), GpioError> {
        match &self.0 {
            Reader::Cdev(inputs) => inputs.forget(),
            Reader::Pi(inputs) => {
                inputs.forget();
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_not_there_is_told_by_its_name() {
        let line = Line::parse("no-such-chip:3").unwrap();
        let error = Outputs::take(Backend::Cdev, &[&line]).unwrap_err();
        assert_eq!(error, GpioError::NoLine("no-such-chip:3".into()));
        let named = Line::parse("NO_SUCH_LINE").unwrap();
        assert_eq!(
            Inputs::take(Backend::Cdev, &[&named]).unwrap_err().to_string(),
            "there is no line NO_SUCH_LINE"
        );
        let beyond = Line::parse("x:54").unwrap();
        assert_eq!(Outputs::take(Backend::Rppal, &[&beyond]).unwrap_err(), GpioError::NoPin("x:54".into()));
        let none: [&Line; 0] = [];
        assert!(Outputs::take(Backend::Cdev, &none).unwrap().set(0, true).is_err());
    }
}
