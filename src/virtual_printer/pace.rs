//! Pace of a head that needs its time, and the XON and XOFF of a printer that stops its host.

use std::time::Duration;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// Speed of head and cutter; by default both take no time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Clock of the printer.
    pub clock: Duration,
    rows_a_second: Option<u32>,
    cut: Duration,
    busy_until: Duration,
}

impl Pace {
    /// Creates a pace of this many rows per second, with cuts of this length.
    pub fn new(rows_a_second: u32, cut: Duration) -> Self {
        Self { rows_a_second: Some(rows_a_second.max(1)), cut, ..Self::default() }
    }

    /// Returns true while the printer has not finished what it last began.
    pub fn is_busy(&self) -> bool {
        self.busy_until > self.clock
    }

    /// Returns the time at which the printer is no longer busy; none if it is not busy.
    pub fn busy_until(&self) -> Option<Duration> {
        self.is_busy().then_some(self.busy_until)
    }

    /// Takes the time to burn `rows` rows.
    pub fn burnt(&mut self, rows: usize) {
        if let Some(speed) = self.rows_a_second {
            self.takes(Duration::from_secs(1) * u32::try_from(rows).unwrap_or(u32::MAX) / speed);
        }
    }

    /// Takes the time of a cut.
    pub fn cut(&mut self) {
        self.takes(self.cut);
    }

    fn takes(&mut self, time: Duration) {
        self.busy_until = self.busy_until.max(self.clock) + time;
    }
}

/// Flow control by XON and XOFF.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flow {
    on: bool,
    stopped: bool,
}

impl Flow {
    /// Creates flow control; with `on` false it sends nothing.
    pub fn new(on: bool) -> Self {
        Self { on, stopped: false }
    }

    /// Returns XOFF or XON, if one is due with `free` bytes free: stop below a half, resume above three quarters.
    pub fn word(&mut self, free: usize, of: usize) -> Option<u8> {
        if !self.on {
            return None;
        }
        if !self.stopped && free < of / 2 {
            self.stopped = true;
            return Some(XOFF);
        }
        if self.stopped && free >= of - of / 4 {
            self.stopped = false;
            return Some(XON);
        }
        None
    }
}
