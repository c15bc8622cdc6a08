//! Terminal of 80 by 24 that somebody sits at: a pseudo-terminal and what a VT100 would show of it.

use super::super::e2e::Home;
use super::super::e2e::process::{binary, until};
use super::Surface;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use unicode_width::UnicodeWidthChar;

const ROWS: usize = 24;
const COLUMNS: usize = 80;

/// Program at the terminal.
pub struct Console {
    child: Child,
    keys: File,
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Console {
    /// Starts `pickup-kiosk ARGS --config …` of a home.
    pub fn start(home: &Home, args: &[&str]) -> Self {
        let mut command = binary();
        command.args(args).arg("--config").arg(home.config());
        Self::of(command)
    }

    pub fn of(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        command.stdin(slave.try_clone().unwrap()).stdout(slave.try_clone().unwrap()).stderr(slave);
        let child = command.spawn().unwrap();
        // The parent's copies of the slave go, or its end is never seen.
        drop(command);
        let keys = File::from(master);
        let mut screen = keys.try_clone().unwrap();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = screen.read(&mut buffer) {
                shared.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        });
        Self { child, keys, bytes }
    }

    /// Types bytes as they are.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
    }

    /// Returns everything that came, escapes and all.
    pub fn raw(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    /// Waits for the program's end, and returns its exit status.
    #[track_caller]
    pub fn ends(&mut self) -> i32 {
        until("the terminal's program ends", || self.child.try_wait().unwrap()).code().unwrap_or(-1)
    }
}

impl Surface for Console {
    fn press(&mut self, key: &str) {
        let bytes = match key {
            "enter" => b"\r".as_slice(),
            "back" => b"\x7f",
            key => key.as_bytes(),
        };
        self.keys.write_all(bytes).unwrap();
    }

    fn text(&self) -> String {
        shown(&self.raw())
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the screen of a terminal after these bytes.
fn shown(raw: &str) -> String {
    let mut grid = vec![vec![' '; COLUMNS]; ROWS];
    let (mut row, mut column) = (0, 0);
    let mut rest = raw.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => {
                if rest.next() != Some('[') {
                    continue;
                }
                let mut parameters = String::new();
                let end = rest.by_ref().find(|c| {
                    let last = ('@'..='~').contains(c);
                    if !last {
                        parameters.push(*c);
                    }
                    last
                });
                let number = |at: usize| parameters.split(';').nth(at).and_then(|n| n.parse::<usize>().ok());
                match end {
                    Some('H') => {
                        row = number(0).unwrap_or(1).clamp(1, ROWS) - 1;
                        column = number(1).unwrap_or(1).clamp(1, COLUMNS) - 1;
                    }
                    Some('K') => grid[row][column..].fill(' '),
                    Some('J') => grid.iter_mut().for_each(|line| line.fill(' ')),
                    _ => {}
                }
            }
            '\r' => column = 0,
            '\n' => row = (row + 1).min(ROWS - 1),
            c => {
                let width = c.width().unwrap_or(0);
                if width > 0 && column + width <= COLUMNS {
                    grid[row][column] = c;
                    if width == 2 {
                        grid[row][column + 1] = '\0';
                    }
                    column += width;
                }
            }
        }
    }
    let line =
        |line: Vec<char>| line.into_iter().filter(|c| *c != '\0').collect::<String>().trim_end().to_owned();
    grid.into_iter().map(line).collect::<Vec<_>>().join("\n")
}
