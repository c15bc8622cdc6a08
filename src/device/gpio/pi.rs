//! GPIO of a Raspberry Pi through rppal: registers for levels, the kernel for changes.

use super::line::{Bias, Drive, Line};
use super::{GpioError, INPUTS_MAX};
use crate::locale::Text;
use rppal::gpio::{self, Error, Gpio, InputPin, IoPin, Level, Mode, Pin, Trigger};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

fn pin(line: &Line) -> Result<Pin, GpioError> {
    let number = line.raspberry_pi_pin().ok_or_else(|| GpioError::NoPin(line.to_string()))?;
    Gpio::new().and_then(|gpio| gpio.get(number)).map_err(|error| match error {
        Error::PermissionDenied(path) => GpioError::Denied(path),
        Error::PinUsed(_) => {
            GpioError::InUse { line: line.to_string(), by: "this kiosk's own configuration".into() }
        }
        Error::UnknownModel => GpioError::other(
            line,
            Text::new(
                "rppal 不认识这种树莓派：请设 [panel] backend = \"cdev\"",
                "rppal knows no such Raspberry Pi: set [panel] backend = \"cdev\"",
            ),
        ),
        error => GpioError::other(line, error),
    })
}

fn bias(line: &Line) -> Option<gpio::Bias> {
    match line.bias {
        Bias::AsIs => None,
        Bias::Up => Some(gpio::Bias::PullUp),
        Bias::Down => Some(gpio::Bias::PullDown),
        Bias::None => Some(gpio::Bias::Off),
    }
}

/// A line that is driven, through rppal.
#[derive(Debug)]
pub(super) struct Output {
    pin: IoPin,
    active_low: bool,
    drive: Drive,
}

impl Output {
    pub(super) fn take(line: &Line) -> Result<Self, GpioError> {
        let mut pin = pin(line)?.into_io(Mode::Input);
        if let Some(bias) = bias(line) {
            pin.set_bias(bias);
        }
        let mut output = Self { pin, active_low: line.active_low, drive: line.drive };
        output.set(false);
        Ok(output)
    }

    pub(super) fn set(&mut self, on: bool) {
        let level = if on != self.active_low { Level::High } else { Level::Low };
        let driven = match self.drive {
            Drive::PushPull => true,
            Drive::OpenDrain => level == Level::Low,
            Drive::OpenSource => level == Level::High,
        };
        // The level is written first: a pin that becomes an output must not show the other level for a moment.
        self.pin.write(level);
        self.pin.set_mode(if driven { Mode::Output } else { Mode::Input });
    }
}

/// Lines that are watched, through rppal.
#[derive(Debug)]
pub(super) struct Inputs {
    pins: Vec<(InputPin, bool)>,
    changes: Mutex<mpsc::Receiver<()>>,
    first: String,
}

impl Inputs {
    pub(super) fn take(lines: &[&Line]) -> Result<Self, GpioError> {
        // Room for one change is enough: values are read afterwards.
        let (changed, changes) = mpsc::sync_channel(1);
        let mut pins = Vec::new();
        for line in lines.iter().take(INPUTS_MAX) {
            let pin = pin(line)?;
            let mut pin = match line.bias {
                Bias::Up => pin.into_input_pullup(),
                Bias::Down => pin.into_input_pulldown(),
                Bias::AsIs | Bias::None => pin.into_input(),
            };
            let changed = changed.clone();
            pin.set_async_interrupt(Trigger::Both, None, move |_| {
                // Full: a change is already waiting to be seen.
                let _ = changed.try_send(());
            })
            .map_err(|error| GpioError::other(line, error))?;
            pins.push((pin, line.active_low));
        }
        let first = lines.first().map(ToString::to_string).unwrap_or_default();
        Ok(Self { pins, changes: Mutex::new(changes), first })
    }

    pub(super) fn values(&self) -> u16 {
        self.pins.iter().enumerate().fold(0, |values, (index, (pin, active_low))| {
            if pin.is_high() != *active_low { values | 1 << index } else { values }
        })
    }

    pub(super) fn wait(&self, time: Option<Duration>) -> Result<bool, GpioError> {
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = || GpioError::Other {
            line: self.first.clone(),
            why: Text::new("中断已结束", "its interrupts have ended"),
        };
        match time {
            None => changes.recv().map(|()| true).map_err(|_| ended()),
            Some(time) => match changes.recv_timeout(time) {
                Ok(()) => Ok(true),
                Err(mpsc::RecvTimeoutError::Timeout) => Ok(false),
                Err(mpsc::RecvTimeoutError::Disconnected) => Err(ended()),
            },
        }
    }

    pub(super) fn forget(&self) {
        let changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        while changes.try_recv().is_ok() {}
    }
}
