//! World of its own for one kiosk: another time of day, time that has passed, a name server that doesn't answer.
//!
//! The C compiler that builds SQLite makes what is laid under the process. Where there is none, the test says so and
//! ends.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Places of the numbers in the world's file.
const WALL_SECONDS: u64 = 0;
const PASSED_SECONDS: u64 = 1;
const NAMES_UNANSWERED: u64 = 2;

/// World of one kiosk.
pub struct World {
    folder: TempDir,
    numbers: File,
}

impl World {
    /// Makes a world like the real one, for now; `None` if nobody can make one here.
    pub fn make() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/maintenance/kit/world.c");
        let compiler = std::env::var_os("HOST_CC").unwrap_or_else(|| "cc".into());
        let mut command = Command::new(compiler);
        command.args(["-shared", "-fPIC", "-O1", "-o"]).arg(Self::library(&folder)).arg(source).arg("-ldl");
        let Ok(made) = command.output() else {
            println!("NOT RUN: no C compiler");
            return None;
        };
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let numbers = File::create_new(folder.path().join("numbers")).unwrap();
        numbers.write_all_at(&[0; 24], 0).unwrap();
        Some(Self { folder, numbers })
    }

    fn library(folder: &TempDir) -> PathBuf {
        folder.path().join("world.so")
    }

    /// Returns the environment that puts a process into the world.
    pub fn env(&self) -> Vec<(String, String)> {
        let path = |path: PathBuf| path.into_os_string().into_string().unwrap();
        let numbers = path(self.folder.path().join("numbers"));
        vec![("LD_PRELOAD".into(), path(Self::library(&self.folder))), ("WORLD".into(), numbers)]
    }

    fn set(&self, place: u64, number: i64) {
        self.numbers.write_all_at(&number.to_ne_bytes(), 8 * place).unwrap();
    }

    /// Sets the clock on the wall ahead by so much, or behind.
    pub fn clock_ahead(&self, seconds: i64) {
        self.set(WALL_SECONDS, seconds);
    }

    /// Lets so many seconds pass at once, by every clock.
    pub fn passes(&self, seconds: i64) {
        self.set(WALL_SECONDS, seconds);
        self.set(PASSED_SECONDS, seconds);
    }

    /// Lets whoever asks for an address wait.
    pub fn names_unanswered(&self, unanswered: bool) {
        self.set(NAMES_UNANSWERED, unanswered.into());
    }
}
