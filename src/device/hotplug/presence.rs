//! Presence of a device that comes and goes: it is opened again whenever it was lost, and each change is reported.

use super::{Arrival, wait_for};
use std::fmt::Display;
use std::io;
use std::path::Path;

/// Marker that nobody takes a device's events any more: its thread ends.
pub struct Closed;

/// Reason why reading a device ended.
pub enum End<E = io::Error> {
    /// Nobody takes its events any more.
    Closed,
    /// The device was lost.
    Lost(E),
}

impl<E> From<Closed> for End<E> {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl<E: std::error::Error> From<E> for End<E> {
    fn from(error: E) -> Self {
        Self::Lost(error)
    }
}

/// Presence of a device, logged at each change.
#[derive(Debug)]
pub struct Presence {
    name: String,
    there: bool,
}

impl Presence {
    /// Creates the presence of a device that should be there: its absence is the first news. Log lines begin with
    /// `name`.
    pub fn new(name: String) -> Self {
        Self { name, there: true }
    }

    /// Notes that the device is there; returns true if that is news.
    pub fn back(&mut self) -> bool {
        let news = !std::mem::replace(&mut self.there, true);
        if news {
            log::info!("{} is back", self.name);
        }
        news
    }

    /// Notes that the device is missing; returns true if that is news.
    pub fn gone(&mut self, why: &dyn Display) -> bool {
        let news = std::mem::replace(&mut self.there, false);
        if news {
            log::warn!("{}: {why}; waiting for it", self.name);
        }
        news
    }
}

/// Outlet of a device's events, as far as they tell of its presence.
pub trait Outlet {
    /// Reports that the device is there, if that is news.
    ///
    /// # Errors
    /// Fails if nobody takes events any more.
    fn back(&mut self) -> Result<(), Closed>;

    /// Reports that the device is missing, if that is news.
    ///
    /// # Errors
    /// Fails if nobody takes events any more.
    fn gone(&mut self, why: &dyn Display) -> Result<(), Closed>;
}

/// Reads a device until nobody takes its events, and opens it again whenever it is lost. `watched` is the path at which
/// it appears.
pub fn keep_open<D, O: Outlet>(
    watched: &Path,
    open: impl Fn() -> io::Result<D>,
    outlet: &mut O,
    mut read: impl FnMut(D, &mut O) -> Result<(), End>,
) {
    loop {
        let arrival = Arrival::of(watched);
        let ended = open().map_err(End::Lost).and_then(|device| {
            outlet.back()?;
            read(device, outlet)
        });
        let Err(End::Lost(lost)) = ended else { return };
        if outlet.gone(&lost).is_err() {
            return;
        }
        wait_for(arrival, &lost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    struct Recorder {
        presence: Presence,
        told: Vec<&'static str>,
    }

    impl Recorder {
        fn note(&mut self, news: bool, what: &'static str) -> Result<(), Closed> {
            self.told.extend(news.then_some(what));
            Ok(())
        }
    }

    impl Outlet for Recorder {
        fn back(&mut self) -> Result<(), Closed> {
            let news = self.presence.back();
            self.note(news, "back")
        }

        fn gone(&mut self, why: &dyn Display) -> Result<(), Closed> {
            let news = self.presence.gone(why);
            self.note(news, "gone")
        }
    }

    #[test]
    fn a_lost_device_is_reported_once_and_opened_until_nobody_takes_events() {
        let dir = tempfile::tempdir().unwrap();
        let mut outlet = Recorder { presence: Presence::new("test".into()), told: Vec::new() };
        let tries = Cell::new(0);
        let open = || {
            tries.set(tries.get() + 1);
            // A change in the watched folder ends the wait for the next try.
            std::fs::write(dir.path().join(tries.get().to_string()), "")?;
            let refused = matches!(tries.get(), 2 | 3);
            if refused { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(tries.get()) }
        };
        keep_open(&dir.path().join("ttyACM0"), open, &mut outlet, |device, _| match device {
            1 => Err(io::Error::other("unplugged").into()),
            _ => Err(End::Closed),
        });
        assert_eq!((outlet.told, tries.get()), (vec!["gone", "back"], 4));
    }
}
