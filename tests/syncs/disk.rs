//! Disk that keeps only what was synced, laid under one process: made, set, and its trace read.

use crate::e2e::binary;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Library that is laid under a process.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Compiles the library from C; `None` if there is no compiler here, or the kernel doesn't hand sends back;
    /// `NEED_SYNCS=1` makes that a failure.
    pub fn make() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syncs/disk.c");
        let compiler = std::env::var_os("HOST_CC").unwrap_or_else(|| "cc".into());
        let mut command = Command::new(compiler);
        command.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]);
        let Ok(made) = command.arg(folder.path().join("disk.so")).arg(source).output() else {
            assert!(std::env::var_os("NEED_SYNCS").is_none(), "no C compiler here");
            println!("NOT RUN: no C compiler");
            return None;
        };
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let disk = Self { folder };
        let trace = disk.folder.path().join("trace");
        let mut command = binary();
        command
            .arg("--version")
            .env("LD_PRELOAD", disk.library())
            .env("DISK_TRACE", &trace)
            .output()
            .unwrap();
        if fs::read_to_string(&trace).unwrap().contains("unwatched") {
            assert!(std::env::var_os("NEED_SYNCS").is_none(), "this kernel lets nobody watch what is sent");
            println!("NOT RUN: this kernel lets nobody watch what is sent");
            return None;
        }
        Some(disk)
    }

    /// Returns the path of the shared object.
    pub fn library(&self) -> PathBuf {
        self.folder.path().join("disk.so")
    }
}

/// Point at which the power is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The n-th sync, not yet done.
    BeforeSync(usize),
    /// The n-th sync, just done.
    AfterSync(usize),
    /// The n-th frame to the site, just sent.
    AfterSite(usize),
    /// The n-th ticket to the printer, its first bytes just sent.
    AfterTicket(usize),
}

impl Point {
    /// Returns the point as `DISK_CUT` has it.
    pub fn text(self) -> String {
        match self {
            Self::BeforeSync(n) => format!("sync:{n}:before"),
            Self::AfterSync(n) => format!("sync:{n}:after"),
            Self::AfterSite(n) => format!("site:{n}:after"),
            Self::AfterTicket(n) => format!("ticket:{n}:after"),
        }
    }
}

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A write of so many bytes into this file.
    Write(String, usize),
    /// A file's length was set.
    Length,
    /// A sync of this file, `.` being the folder; the skipped ones too.
    Sync(String),
    /// A frame with this command to the site.
    Site(u32),
    /// A ticket's bytes to the printer.
    Ticket,
    /// The power went.
    Cut,
}

/// Trace of what a process did on its disk, and of the effects it had, in order.
#[derive(Debug, Clone, Default)]
pub struct Trace(pub Vec<Line>);

impl Trace {
    /// Reads the trace from the lines in this file.
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        Self(text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(line).collect())
    }

    /// Returns every moment at which the power can go: at each sync, before it and after, and after each effect.
    pub fn points(&self) -> Vec<Point> {
        let (mut syncs, mut frames, mut tickets) = (0, 0, 0);
        let mut points = Vec::new();
        for line in &self.0 {
            match line {
                Line::Sync(_) => {
                    syncs += 1;
                    points.extend([Point::BeforeSync(syncs), Point::AfterSync(syncs)]);
                }
                Line::Site(_) => {
                    frames += 1;
                    points.push(Point::AfterSite(frames));
                }
                Line::Ticket => {
                    tickets += 1;
                    points.push(Point::AfterTicket(tickets));
                }
                Line::Write(..) | Line::Length | Line::Cut => {}
            }
        }
        points
    }

    /// Returns the number of syncs up to the last one of this file.
    pub fn syncs_up_to(&self, name: &str) -> usize {
        let last = self.0.iter().rposition(|line| *line == Line::Sync(name.into())).unwrap();
        self.0[..=last].iter().filter(|line| matches!(line, Line::Sync(_))).count()
    }

    /// Returns the syncs and the bytes written, of what is traced from this line on.
    pub fn cost_from(&self, line: usize) -> (usize, usize) {
        let rest = self.0.get(line..).unwrap_or_default();
        let bytes = rest.iter().map(|line| if let Line::Write(_, bytes) = line { *bytes } else { 0 });
        (rest.iter().filter(|line| matches!(line, Line::Sync(_))).count(), bytes.sum())
    }
}

fn line(text: &str) -> Line {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |word: &str| word.parse().unwrap_or_else(|_| panic!("a number: {text}"));
    match words[..] {
        ["write", name, bytes] => Line::Write(name.into(), number(bytes)),
        ["length", ..] => Line::Length,
        ["sync" | "skipped", _, name] => Line::Sync(name.into()),
        ["site", _, command] => Line::Site(command.parse().unwrap()),
        ["ticket", ..] => Line::Ticket,
        ["cut", ..] => Line::Cut,
        _ => panic!("the disk says: {text}"),
    }
}
