//! Events of the machine itself, for whoever asks later who opened it: a line of JSON each, in state_dir.

use super::journal_thread::JournalThread;
use super::stopped::Stopped;
use crate::device::keypad::KeypadEvent;
use jiff::Timestamp;
use serde_json::json;
use std::fs::{File, OpenOptions, rename};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The log's name in state_dir.
pub const FILE: &str = "machine.jsonl";
/// Above this size it is put aside, in place of the one before it.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// An event of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MachineEvent {
    /// The door was opened, or closed.
    Door {
        /// True where the door was opened.
        open: bool,
    },
    /// The printer's power was taken away for a moment: it didn't answer.
    PrinterPower,
    /// A scanner went away, or came back.
    Scanner {
        /// The scanner's number, from 1.
        number: usize,
        /// True where the scanner is there.
        there: bool,
    },
    /// The keypad went away, or came back.
    Keypad {
        /// True where the keypad is there.
        there: bool,
    },
    /// A key is stuck.
    KeyStuck,
}

impl MachineEvent {
    /// The event that a keypad tells about itself, if this is one.
    pub(super) fn of_keypad(event: KeypadEvent) -> Option<Self> {
        match event {
            KeypadEvent::Gone => Some(Self::Keypad { there: false }),
            KeypadEvent::Back => Some(Self::Keypad { there: true }),
            KeypadEvent::Stuck(_) => Some(Self::KeyStuck),
            _ => None,
        }
    }

    fn words(self) -> (&'static str, String) {
        let here = |there: bool| if there { "is there again" } else { "is gone" }.to_owned();
        match self {
            Self::Door { open } => ("door", if open { "opened" } else { "closed" }.into()),
            Self::PrinterPower => ("printer_power", "off and on again, for it did not answer".into()),
            Self::Scanner { number, there } => ("scanner", format!("{number} {}", here(there))),
            Self::Keypad { there } => ("keypad", here(there)),
            Self::KeyStuck => ("keypad", "a key is stuck".into()),
        }
    }
}

/// The log of the machine.
#[derive(Debug)]
pub(super) struct MachineLog {
    journal: JournalThread,
    folder: PathBuf,
}

impl MachineLog {
    /// A log in state_dir, written on the journal's thread: disks may be slow, and the loop waits for nothing else.
    pub(super) fn new(journal: &JournalThread, state_dir: &Path) -> Self {
        Self { journal: journal.clone(), folder: state_dir.to_owned() }
    }

    /// Writes an event down. A log that can't be written stops nothing.
    pub(super) async fn record(&self, event: MachineEvent, at: Timestamp) -> Result<(), Stopped> {
        let (what, how) = event.words();
        log::info!("{what}: {how}");
        let folder = self.folder.clone();
        let written = self.journal.with(move |_| append(&folder, at, what, &how)).await?;
        if let Err(error) = written {
            log::warn!("{FILE}: {error}");
        }
        Ok(())
    }
}

fn append(folder: &Path, at: Timestamp, what: &str, how: &str) -> io::Result<()> {
    let path = folder.join(FILE);
    let mut file = open(&path)?;
    if file.metadata()?.len() > FILE_MAX_BYTES {
        rename(&path, folder.join(format!("{FILE}.1")))?;
        file = open(&path)?;
    }
    let line = json!({"at": at.to_string(), "what": what, "how": how});
    writeln!(file, "{line}")
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_line_each_and_stays_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let at: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let (what, how) = MachineEvent::Door { open: true }.words();
        append(dir.path(), at, what, &how).unwrap();
        let path = dir.path().join(FILE);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "{\"at\":\"2026-11-24T10:00:00Z\",\"how\":\"opened\",\"what\":\"door\"}\n");
        std::fs::write(&path, vec![b'x'; FILE_MAX_BYTES as usize + 1]).unwrap();
        append(dir.path(), at, what, &how).unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 200);
        assert!(dir.path().join("machine.jsonl.1").exists());
    }
}
