//! Waiting for a device that is not there. The kernel tells when something comes (inotify); nothing is polled, so that
//! a kiosk without its scanner sleeps as well as one with it.

pub mod presence;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Delay before a device that is there but can't be opened is tried again: nobody tells when another program lets go
/// of it. A device that was plugged in again works within 2 s.
pub const RETRY: Duration = Duration::from_secs(1);
/// Delay after a device file appears, in which udev gives it to the service's group.
pub const SETTLE: Duration = Duration::from_millis(20);

/// A watch (inotify) for a device file, on the deepest folder that exists on the way to it.
#[derive(Debug)]
pub struct Arrival {
    inotify: OwnedFd,
}

impl Arrival {
    /// Watches the deepest folder that exists on the way to `path`. Call this before looking for the device: what comes
    /// between the look and the wait is then not missed.
    ///
    /// # Errors
    /// Fails if the system has no watch left.
    pub fn of(path: &Path) -> io::Result<Self> {
        let inotify = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let flags = WatchFlags::CREATE
            | WatchFlags::MOVED_TO
            | WatchFlags::ATTRIB
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVE_SELF
            | WatchFlags::ONLYDIR;
        for folder in path.ancestors().skip(1) {
            match inotify::add_watch(&inotify, folder, flags) {
                Ok(_) => return Ok(Self { inotify }),
                Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(io::Error::other("no folder on the way to the device can be watched"))
    }

    /// Sleeps until something changes in the watched folder or `limit` has passed; without a limit, forever.
    ///
    /// # Errors
    /// Returns the error of the system call.
    pub fn wait(&self, limit: Option<Duration>) -> io::Result<()> {
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut waiting = [PollFd::new(&self.inotify, PollFlags::IN)];
        match poll(&mut waiting, limit.as_ref()) {
            Ok(0) | Err(Errno::INTR) => Ok(()),
            Ok(_) => {
                std::thread::sleep(SETTLE);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Sleeps until it makes sense to look for the device again. `lost` is the reason why it can't be opened now; a
/// missing file is waited for without a limit.
pub fn wait_for(arrival: io::Result<Arrival>, lost: &io::Error) {
    let limit = (lost.kind() != io::ErrorKind::NotFound).then_some(RETRY);
    let waited = arrival.and_then(|arrival| arrival.wait(limit));
    if let Err(error) = waited {
        log::debug!("devices can't be watched ({error}): looking again in {} s", RETRY.as_secs());
        std::thread::sleep(RETRY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Instant;

    const LONG: Duration = Duration::from_secs(10);

    #[test]
    fn a_file_a_folder_and_a_mode_are_noticed_and_time_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("serial/by-id/usb-scanner");
        let watching = Arrival::of(&path).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        watching.wait(Some(LONG)).unwrap();
        let watching = Arrival::of(&path).unwrap();
        std::fs::write(&path, "").unwrap();
        let began = Instant::now();
        watching.wait(Some(LONG)).unwrap();
        assert!(began.elapsed() < LONG);
        // The folder disappears with its last device.
        let watching = Arrival::of(&path).unwrap();
        std::fs::remove_dir_all(dir.path().join("serial")).unwrap();
        watching.wait(Some(LONG)).unwrap();
        assert!(began.elapsed() < LONG);
        let watching = Arrival::of(&path).unwrap();
        watching.wait(Some(Duration::from_millis(1))).unwrap();
    }

    #[test]
    fn a_missing_file_is_waited_for_without_a_limit_and_another_fault_is_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ttyACM0");
        let missing = io::Error::from(io::ErrorKind::NotFound);
        let (tell, told) = mpsc::channel();
        let watched = path.clone();
        let thread = std::thread::spawn(move || {
            wait_for(Arrival::of(&watched), &missing);
            tell.send(()).unwrap();
        });
        assert!(told.recv_timeout(Duration::from_millis(1200)).is_err(), "woke without a cause");
        std::fs::write(&path, "").unwrap();
        told.recv_timeout(LONG).unwrap();
        thread.join().unwrap();
        let began = Instant::now();
        wait_for(Arrival::of(&path), &io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(began.elapsed() < LONG);
    }
}
