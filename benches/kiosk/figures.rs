//! Row of times, and its figures.

use std::fmt;
use std::time::Duration;

/// Times of one measurement, made again and again.
#[derive(Default)]
pub struct Figures(Vec<Duration>);

impl Figures {
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Returns the median in milliseconds.
    pub fn median(&self) -> f64 {
        self.at(50)
    }

    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted[(sorted.len() - 1) * percent / 100].as_secs_f64() * 1000.0
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, median, most) = (self.at(0), self.median(), self.at(90));
        write!(f, "median {median:.2} ms   least {least:.2} ms   90 of 100 below {most:.2} ms")
    }
}
