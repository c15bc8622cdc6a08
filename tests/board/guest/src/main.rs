//! Devices of an emulated board, played from the guest's side. Each command reads orders, one per line, from standard
//! input, and tells what it does on standard output.
//!
//! `guest type NAME VENDOR PRODUCT`   a keyboard: each line is typed, and Enter behind it
//! `guest pad NAME VENDOR PRODUCT`    a numeric pad: each character is a key pressed as by a finger; E is Enter
//! `guest keys FOLDER ROWS COLUMNS`   a matrix on gpio-sim: `press KEYS`, `random COUNT`
//! `guest printer DEVICE HOST:PORT FILE`  g_printer ↔ a virtual printer on TCP; what came goes to FILE: `hold BYTES`,
//!                                    `go`, `status HEX`, `empty-after FENCES`
//! `guest screen HOST:PORT`            what the customer's screen shows now, as JSON
//! `guest views HOST:PORT`             tells every change of what is shown, with the moment of it
//! `guest lines FOLDER NAME=OFFSET…`  tells every change of these outputs

mod keys;
mod lines;
mod printer;
mod screen;
mod typist;

use std::io::{self, BufRead};
use std::process::ExitCode;
use std::sync::mpsc;

type Done = Result<(), Box<dyn std::error::Error>>;

/// Returns the milliseconds of the clock by which the kiosk's records tell the time.
fn milliseconds() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes one timespec to where it is told.
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut now) };
    #[allow(clippy::cast_precision_loss)]
    let milliseconds = now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6;
    milliseconds
}

/// Returns orders from standard input, until it ends.
fn orders() -> mpsc::Receiver<String> {
    let (send, orders) = mpsc::sync_channel(64);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    orders
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["type", name, vendor, product] => typist::run(name, vendor, product, &orders()),
        ["pad", name, vendor, product] => typist::pad(name, vendor, product, &orders()),
        ["keys", folder, rows, columns] => keys::run(folder, rows, columns, &orders()),
        ["printer", device, address, file] => printer::run(device, address, file, &orders()),
        ["screen", address] => screen::run(address),
        ["views", address] => screen::follow(address),
        ["lines", folder, lines @ ..] => lines::run(folder, lines),
        _ => Err("what? see the head of tests/board/guest/src/main.rs".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("guest {}: {error}", words.first().unwrap_or(&""));
            ExitCode::FAILURE
        }
    }
}
