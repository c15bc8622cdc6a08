//! Serial line of the virtual printer: the master of a pseudo-terminal, with a link to its other end.

use super::printer::{POLL, POLL_SHORTEST, READ_BYTES, locked};
use crate::device::paper_folder::PaperFolder;
use crate::virtual_printer::VirtualPrinter;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A serial line with the printer at its end; dropping it ends the line and removes its link.
#[derive(Debug)]
pub struct SerialEnd {
    link: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SerialEnd {
    /// Creates the line and its link, in place of a stale one, and serves it on a thread of its own. Papers go into
    /// `out`. The receiver is told when the line ends by itself.
    ///
    /// # Errors
    /// Fails if the system gives no line or thread, or if something other than a link has the name.
    pub fn start(
        link: &Path,
        out: &Path,
        printer: Arc<Mutex<VirtualPrinter>>,
    ) -> io::Result<(Self, oneshot::Receiver<io::Error>)> {
        let line = Line::open(link)?;
        let folder = PaperFolder::open(out)?;
        let stop = Arc::new(AtomicBool::new(false));
        let (say, ended) = oneshot::channel();
        let stopped = Arc::clone(&stop);
        let thread = Builder::new().name("serial-printer".into()).spawn(move || {
            if let Err(error) = line.serve(folder, &printer, &stopped) {
                // The receiver is gone while the rig is being dropped.
                let _ = say.send(error);
            }
        })?;
        Ok((Self { link: link.to_path_buf(), stop, thread: Some(thread) }, ended))
    }
}

impl Drop for SerialEnd {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the virtual printer's serial thread panicked");
        }
        // A link that is gone already does no harm.
        let _ = std::fs::remove_file(&self.link);
    }
}

struct Line {
    master: OwnedFd,
    /// Held open, so that the line does not end when a host closes it.
    _other: OwnedFd,
}

impl Line {
    fn open(link: &Path) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let other = rustix::fs::open(&*name, flags, Mode::empty())?;
        let mut settings = tcgetattr(&other)?;
        settings.make_raw();
        tcsetattr(&other, OptionalActions::Now, &settings)?;
        if link.is_symlink() {
            std::fs::remove_file(link)?;
        }
        std::os::unix::fs::symlink(OsStr::from_bytes(name.to_bytes()), link)?;
        Ok(Self { master, _other: other })
    }

    fn serve(
        self,
        mut folder: PaperFolder,
        printer: &Mutex<VirtualPrinter>,
        stop: &AtomicBool,
    ) -> io::Result<()> {
        let begin = Instant::now();
        let mut chunk = [0_u8; READ_BYTES];
        while !stop.load(Ordering::Acquire) {
            let (room, pause) = {
                let printer = locked(printer);
                let pause = printer.next_at().map_or(POLL, |at| at.saturating_sub(printer.clock()));
                (printer.room().min(READ_BYTES), pause.clamp(POLL_SHORTEST, POLL))
            };
            let count = self.read(chunk.get_mut(..room).unwrap_or_default(), pause)?;
            let (answer, papers) = {
                let mut printer = locked(printer);
                let mut answer = printer.advance(begin.elapsed());
                answer.extend(printer.feed(chunk.get(..count).unwrap_or_default()));
                (answer, printer.take_papers())
            };
            for paper in &papers {
                folder.save(paper)?;
            }
            // An answer that the host doesn't read, and a full line can't hold, is lost, as on a real one.
            let _ = rustix::io::write(&self.master, &answer);
        }
        Ok(())
    }

    /// Reads the bytes that arrive within the pause; 0 if none do, or if there is no room.
    fn read(&self, space: &mut [u8], pause: Duration) -> io::Result<usize> {
        let mut polled = [PollFd::new(&self.master, PollFlags::IN)];
        let wanted = if space.is_empty() { &mut [][..] } else { &mut polled[..] };
        let timeout = Timespec { tv_sec: 0, tv_nsec: pause.subsec_nanos().into() };
        let ready = poll(wanted, Some(&timeout)).unwrap_or(0);
        if ready == 0 {
            return Ok(0);
        }
        Ok(rustix::io::read(&self.master, space)?)
    }
}
