//! A head that needs its time, and the words with which a printer stops its host.

use std::time::Duration;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;

/// How fast head and knife are; as it stands, both take no time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Now.
    pub clock: Duration,
    rows_a_second: Option<u32>,
    cut: Duration,
    busy_until: Duration,
}

impl Pace {
    /// So many rows a second, so long for a cut.
    pub fn new(rows_a_second: u32, cut: Duration) -> Self {
        Self { rows_a_second: Some(rows_a_second.max(1)), cut, ..Self::default() }
    }

    /// It has not finished what it last began.
    pub fn is_busy(&self) -> bool {
        self.busy_until > self.clock
    }

    /// When it will have.
    pub fn busy_until(&self) -> Option<Duration> {
        self.is_busy().then_some(self.busy_until)
    }

    /// So many rows are being burnt.
    pub fn burnt(&mut self, rows: usize) {
        if let Some(speed) = self.rows_a_second {
            self.takes(Duration::from_secs(1) * u32::try_from(rows).unwrap_or(u32::MAX) / speed);
        }
    }

    /// The knife moves.
    pub fn cut(&mut self) {
        self.takes(self.cut);
    }

    fn takes(&mut self, time: Duration) {
        self.busy_until = self.busy_until.max(self.clock) + time;
    }
}

/// XON and XOFF.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flow {
    on: bool,
    stopped: bool,
}

impl Flow {
    /// With or without.
    pub fn new(on: bool) -> Self {
        Self { on, stopped: false }
    }

    /// What it says with so many of its bytes free: stop below a half, go on above three quarters.
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
