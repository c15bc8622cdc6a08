//! GPIO lines, by either of two ways: the kernel's character device (every board), or rppal (Raspberry Pi, over its
//! registers).

mod cdev;
pub mod line;
mod pi;

pub use cdev::{Chip, chips, holder};
pub use line::Backend;

use line::Line;
use std::time::Duration;
use thiserror::Error;

/// Who the kernel says holds our lines.
pub const CONSUMER: &str = "pickup-kiosk";
/// Lines that are read together.
pub const INPUTS_MAX: usize = 16;

/// Why a line can't be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GpioError {
    /// No chip or line of that name.
    #[error("there is no line {0}")]
    NoLine(String),
    /// Somebody has it.
    #[error("line {line} is in use by {by}")]
    InUse {
        /// The line.
        line: String,
        /// Who, as the kernel tells.
        by: String,
    },
    /// Not for this user.
    #[error("{0}: permission denied")]
    Denied(String),
    /// A Raspberry Pi's way, and no such pin.
    #[error("line {0} is none of a Raspberry Pi's pins, GPIO0 to GPIO27")]
    NoPin(String),
    /// Anything else.
    #[error("line {line}: {why}")]
    Other {
        /// The line.
        line: String,
        /// What the system says.
        why: String,
    },
}

impl GpioError {
    fn other(line: &Line, why: impl ToString) -> Self {
        Self::Other { line: line.to_string(), why: why.to_string() }
    }
}

/// Lines that are driven.
#[derive(Debug)]
pub struct Outputs(Vec<Output>);

#[derive(Debug)]
enum Output {
    Cdev(cdev::Output),
    Pi(pi::Output),
}

impl Outputs {
    /// Takes the lines, all of them off.
    ///
    /// # Errors
    /// The first line that can't be had.
    pub fn take(backend: Backend, lines: &[&Line]) -> Result<Self, GpioError> {
        let take = |line: &&Line| match backend {
            Backend::Cdev => cdev::Output::take(line).map(Output::Cdev),
            Backend::Rppal => pi::Output::take(line).map(Output::Pi),
        };
        lines.iter().map(take).collect::<Result<_, _>>().map(Self)
    }

    /// Switches one, by its place among the lines.
    ///
    /// # Errors
    /// What the system says.
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

/// Lines that are watched.
#[derive(Debug)]
pub struct Inputs(Reader);

#[derive(Debug)]
enum Reader {
    Cdev(cdev::Inputs),
    Pi(pi::Inputs),
}

impl Inputs {
    /// Takes the lines; from then on every change of them is noticed.
    ///
    /// # Errors
    /// The first line that can't be had.
    pub fn take(backend: Backend, lines: &[&Line]) -> Result<Self, GpioError> {
        Ok(Self(match backend {
            Backend::Cdev => Reader::Cdev(cdev::Inputs::take(lines)?),
            Backend::Rppal => Reader::Pi(pi::Inputs::take(lines)?),
        }))
    }

    /// Which are on now: bit n is line n.
    ///
    /// # Errors
    /// What the system says.
    pub fn values(&self) -> Result<u16, GpioError> {
        match &self.0 {
            Reader::Cdev(inputs) => inputs.values(),
            Reader::Pi(inputs) => Ok(inputs.values()),
        }
    }

    /// Sleeps until a line has changed, or the time is over; without one, for ever. True: one has.
    ///
    /// # Errors
    /// What the system says.
    pub fn wait(&self, time: Option<Duration>) -> Result<bool, GpioError> {
        match &self.0 {
            Reader::Cdev(inputs) => inputs.wait(time),
            Reader::Pi(inputs) => inputs.wait(time),
        }
    }

    /// Forgets the changes that came so far.
    ///
    /// # Errors
    /// What the system says.
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
