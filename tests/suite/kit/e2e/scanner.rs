//! A scanner on a serial port, played by a pseudo-terminal.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The scanner's end; unplugged when dropped.
#[derive(Debug)]
pub struct Scanner {
    end: File,
    link: PathBuf,
}

impl Scanner {
    /// Plugs a scanner in at this path.
    pub fn plug_in(link: &Path) -> Self {
        let end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&end).unwrap();
        unlockpt(&end).unwrap();
        let name = ptsname(&end, Vec::new()).unwrap();
        symlink(name.to_str().unwrap(), link).unwrap();
        Self { end: File::from(end), link: link.to_owned() }
    }

    /// Reads a code, and sends it with the carriage return that ends it.
    pub fn scan(&mut self, code: &str) {
        self.end.write_all(format!("{code}\r").as_bytes()).unwrap();
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.link);
    }
}
