//! A matrix of keys on gpio-sim: watches the rows that the kiosk drives, and pulls the columns of keys that are down.

use crate::Done;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Interval at which the rows are looked at: far shorter than the kiosk waits for the columns here.
const LOOK: Duration = Duration::from_micros(200);
const KEYS: [&str; 4] = ["123", "456", "789", "*0#"];

struct Matrix {
    rows: Vec<File>,
    columns: Vec<File>,
    pulled: Vec<bool>,
    chance: u64,
}

pub fn run(folder: &str, rows: &str, columns: &str, orders: &Receiver<String>) -> Done {
    let files = |lines: &str, name: &str| -> Result<Vec<File>, Box<dyn std::error::Error>> {
        let open = |line: &str| {
            let path = format!("{folder}/sim_gpio{line}/{name}");
            OpenOptions::new().read(true).write(name == "pull").open(path)
        };
        Ok(lines.split(',').map(open).collect::<Result<_, _>>()?)
    };
    let (rows, columns) = (files(rows, "value")?, files(columns, "pull")?);
    let pulled = vec![true; columns.len()];
    let mut matrix = Matrix { rows, columns, pulled, chance: 0x5eed_cafe };
    matrix.set(None)?;
    for order in orders {
        match order.split_once(' ') {
            Some(("press", keys)) => keys.chars().try_for_each(|key| matrix.press(key))?,
            Some(("random", count)) => {
                let mut pressed = String::new();
                for _ in 0..count.parse::<u32>()? {
                    let digit = char::from(b'0' + u8::try_from(matrix.below(10))?);
                    matrix.press(digit)?;
                    pressed.push(digit);
                }
                println!("pressed {pressed}");
                continue;
            }
            _ => return Err("press KEYS or random COUNT".into()),
        }
        println!("pressed");
    }
    Ok(())
}

impl Matrix {
    fn below(&mut self, limit: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % limit
    }

    /// Presses a key: down for 70 to 130 ms, up for as long, with 1 to 8 ms of bounce at each end.
    fn press(&mut self, key: char) -> Done {
        let place = KEYS.iter().enumerate().find_map(|(row, keys)| keys.find(key).map(|column| (row, column)));
        let place = place.ok_or("no such key")?;
        println!("{:.3} down {key}", crate::milliseconds());
        for down in [true, false] {
            self.bounce(place, down)?;
            let rest = Duration::from_millis(70 + self.below(60));
            self.hold(down.then_some(place), rest)?;
        }
        Ok(())
    }

    fn bounce(&mut self, place: (usize, usize), down: bool) -> Done {
        let end = Instant::now() + Duration::from_micros(1_000 + self.below(7_000));
        let mut closed = down;
        while Instant::now() < end {
            let rest = Duration::from_micros(100 + self.below(1_500));
            self.hold(closed.then_some(place), rest)?;
            closed = !closed;
        }
        Ok(())
    }

    /// Leaves a contact as it is for `time`; the columns follow the rows meanwhile.
    fn hold(&mut self, closed: Option<(usize, usize)>, time: Duration) -> Done {
        let end = Instant::now() + time;
        loop {
            self.set(closed)?;
            if Instant::now() >= end {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Sets the columns: a key that is down connects its column to its row, which pulls it low when it is driven low.
    fn set(&mut self, closed: Option<(usize, usize)>) -> Done {
        for column in 0..self.columns.len() {
            let low = match closed {
                Some((row, at)) if at == column => {
                    let mut value = [0];
                    self.rows[row].read_at(&mut value, 0)?;
                    value[0] == b'0'
                }
                _ => false,
            };
            if self.pulled[column] != low {
                let word: &[u8] = if low { b"pull-down" } else { b"pull-up" };
                self.columns[column].write_all(word)?;
                self.pulled[column] = low;
            }
        }
        Ok(())
    }
}
