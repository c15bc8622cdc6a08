//! Devices that type: USB scanners and numeric pads that are keyboards to the kernel (evdev). Each is grabbed, so that
//! nothing a customer scans is typed into a console.

pub mod layout;
pub mod place;

pub use layout::Stroke;

use crate::locale::{io_error, text};
use evdev::raw_stream::RawDevice;
use evdev::{EventType, KeyCode, SynchronizationCode};
use place::KeyboardLocation;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Folder of the kernel's input devices.
pub const FOLDER: &str = "/dev/input";
/// Keys that each device that types codes can send.
const WANTED: [KeyCode; 3] = [KeyCode::KEY_1, KeyCode::KEY_0, KeyCode::KEY_ENTER];
/// Keys that it can send instead if it is a numeric pad.
const WANTED_PAD: [KeyCode; 3] = [KeyCode::KEY_KP1, KeyCode::KEY_KP0, KeyCode::KEY_KPENTER];

/// A keyboard that is grabbed for the kiosk alone.
#[derive(Debug)]
pub struct Keyboard {
    device: RawDevice,
}

impl Keyboard {
    /// Finds the keyboard, opens it and grabs it.
    ///
    /// # Errors
    /// Fails if it is not there, may not be opened, is no keyboard, or is grabbed by another program.
    pub fn take(place: &KeyboardLocation) -> io::Result<Self> {
        let mut device = open(place)?;
        match device.grab() {
            Ok(()) => Ok(Self { device }),
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                let why = ("被另一个程序独占", "another program has taken it for itself");
                Err(io_error(error.kind(), why))
            }
            Err(error) => Err(error),
        }
    }

    /// Sleeps until keys move or `time` has passed, and returns the strokes; without a limit, forever.
    ///
    /// # Errors
    /// Fails if the device is lost.
    pub fn strokes(&mut self, time: Option<Duration>) -> io::Result<Vec<Stroke>> {
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        let mut waiting = [PollFd::new(&self.device, PollFlags::IN)];
        match poll(&mut waiting, time.as_ref()) {
            Ok(0) | Err(Errno::INTR) => return Ok(Vec::new()),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let strokes =
            self.device.fetch_events()?.filter_map(|event| match (event.event_type(), event.value()) {
                (EventType::KEY, 0) => Some(Stroke::Up(event.code())),
                (EventType::KEY, 1) => Some(Stroke::Down(event.code())),
                (EventType::SYNCHRONIZATION, _) if event.code() == SynchronizationCode::SYN_DROPPED.0 => {
                    Some(Stroke::Lost)
                }
                // A held key repeats by itself: one press is one character.
                _ => None,
            });
        Ok(strokes.collect())
    }
}

/// Opens the keyboard without grabbing it, for `check`, and returns its name; reads no strokes.
///
/// # Errors
/// Fails as [`Keyboard::take`] does, except if another program has grabbed it.
pub fn probe(place: &KeyboardLocation) -> io::Result<String> {
    let device = open(place)?;
    Ok(device.name().unwrap_or("a keyboard without a name").to_owned())
}

/// Returns the path that is watched for the keyboard to appear.
pub fn watched(place: &KeyboardLocation) -> PathBuf {
    match place {
        KeyboardLocation::Path(path) => path.clone(),
        KeyboardLocation::Id { .. } => Path::new(FOLDER).join("event"),
    }
}

fn open(place: &KeyboardLocation) -> io::Result<RawDevice> {
    match place {
        KeyboardLocation::Path(path) => {
            let device = RawDevice::open(path).map_err(|error| match error.raw_os_error() {
                Some(code) if code == Errno::NOTTY.raw_os_error() || code == Errno::INVAL.raw_os_error() => {
                    io_error(io::ErrorKind::InvalidInput, ("不是输入设备", "this is no input device"))
                }
                _ => error,
            })?;
            if types(&device) {
                return Ok(device);
            }
            let name = device.name().unwrap_or("it").to_owned();
            let why = text!(
                "{name} 没有数字键和回车键：不是键盘",
                "{name} has no digits and no Enter: it is no keyboard"
            );
            Err(io_error(io::ErrorKind::InvalidInput, why))
        }
        KeyboardLocation::Id { vendor, product } => find(*vendor, *product),
    }
}

/// Finds the keyboard with these ids: a scanner often has further interfaces under the same ids, which type nothing.
fn find(vendor: u16, product: u16) -> io::Result<RawDevice> {
    let mut denied = None;
    let entries = std::fs::read_dir(FOLDER)?.filter_map(Result::ok).map(|entry| entry.path());
    let mut events: Vec<PathBuf> = entries.filter(|path| is_event(path)).collect();
    events.sort();
    for path in events {
        match RawDevice::open(&path) {
            Ok(device) => {
                let id = device.input_id();
                if (id.vendor(), id.product()) == (vendor, product) && types(&device) {
                    return Ok(device);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => denied = Some(error),
            Err(_) => {}
        }
    }
    Err(denied.unwrap_or_else(|| {
        let why = text!(
            "没有插着键盘 {vendor:04x}:{product:04x}",
            "no keyboard {vendor:04x}:{product:04x} is plugged in"
        );
        io_error(io::ErrorKind::NotFound, why)
    }))
}

/// Returns true if a file is one of the kernel's input devices, by its name.
pub fn is_event(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("event"))
}

/// Returns true if a device can send digits and Enter.
pub fn types(device: &RawDevice) -> bool {
    let Some(keys) = device.supported_keys() else { return false };
    let has = |wanted: [KeyCode; 3]| wanted.iter().all(|key| keys.contains(*key));
    has(WANTED) || has(WANTED_PAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_keyboard_is_refused_and_what_is_missing_is_not_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("event0");
        let missing = Keyboard::take(&KeyboardLocation::Path(path.clone())).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        std::fs::write(&path, "the right name").unwrap();
        let other = Keyboard::take(&KeyboardLocation::Path(path)).unwrap_err();
        assert_eq!(other.to_string(), "this is no input device");
        let other = Keyboard::take(&KeyboardLocation::Path("/dev/null".into())).unwrap_err();
        assert_eq!(other.to_string(), "this is no input device");
        let nobody = Keyboard::take(&KeyboardLocation::Id { vendor: 0xffff, product: 0xfffe }).unwrap_err();
        assert_eq!(nobody.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_found_keyboard_is_watched_for_in_its_folder() {
        assert_eq!(
            watched(&KeyboardLocation::Id { vendor: 1, product: 2 }).parent(),
            Some(Path::new(FOLDER))
        );
        assert!(is_event(Path::new("/dev/input/event12")) && !is_event(Path::new("/dev/input/mouse0")));
    }
}
