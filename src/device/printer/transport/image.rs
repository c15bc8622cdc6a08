//! Transport to the virtual printer in this process: each paper becomes a PNG in a folder.

use super::Transport;
use crate::device::paper_folder::PaperFolder;
use crate::receipt::profile::Profile;
use crate::virtual_printer::VirtualPrinter;
use rustix::fd::BorrowedFd;
use std::collections::VecDeque;
use std::io;
use std::path::Path;

/// The virtual printer and its folder.
pub struct Image {
    printer: VirtualPrinter,
    folder: PaperFolder,
    answers: VecDeque<u8>,
    /// Error of a paper that could not be saved: nothing is answered any more.
    broken: Option<io::Error>,
}

impl Image {
    /// Switches the printer on; makes the folder where there is none.
    pub fn open(folder: &Path, profile: &Profile) -> io::Result<Self> {
        Ok(Self {
            printer: VirtualPrinter::new(profile),
            folder: PaperFolder::open(folder)?,
            answers: VecDeque::new(),
            broken: None,
        })
    }
}

impl Transport for Image {
    fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.printer.room().min(bytes.len());
        let answers = self.printer.feed(bytes.get(..taken).unwrap_or_default());
        for paper in self.printer.take_papers() {
            if let Err(error) = self.folder.save(&paper) {
                self.broken = Some(error);
                return Ok(taken);
            }
        }
        self.answers.extend(answers);
        Ok(taken)
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        let count = self.answers.len().min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(self.answers.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }

    fn abandon(&mut self) {}
}
