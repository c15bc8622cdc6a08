//! Command `guest lines`: reports every change of outputs, with the time since the start.

use crate::Done;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Interval at which the outputs are looked at; lamps change slowly.
const LOOK: Duration = Duration::from_millis(4);

pub fn run(folder: &str, lines: &[&str]) -> Done {
    let mut watched = Vec::new();
    for line in lines {
        let (name, offset) = line.split_once('=').ok_or("NAME=OFFSET")?;
        watched.push((name, File::open(format!("{folder}/sim_gpio{offset}/value"))?, b'?'));
    }
    let began = Instant::now();
    loop {
        for (name, file, last) in &mut watched {
            let mut value = [0];
            file.read_at(&mut value, 0)?;
            if value[0] != *last {
                *last = value[0];
                println!("{:.3} {name}={}", began.elapsed().as_secs_f64(), char::from(value[0]));
            }
        }
        std::thread::sleep(LOOK);
    }
}
