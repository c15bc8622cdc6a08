//! A kiosk that can't begin, its journal or its settings being what they are: out of service with a code, until a
//! technician has seen to it.

use super::board;
use super::listen::{self, Addresses, ListenError};
use crate::config::{Loaded, Rest};
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::maintenance::faults;
use crate::screen::monitor::Monitor;
use crate::screen::server::{self, Extra};
use crate::screen::texts::Text;
use crate::screen::view::{Fault, Place, View};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

/// The journal is damaged or gone.
pub const JOURNAL: &str = "J1";
/// The settings are wrong.
pub const SETTINGS: &str = "X1";

/// What stays open of a closed kiosk: its page and its monitor, saying why.
#[derive(Debug)]
pub struct Closed {
    /// Where they are.
    pub addresses: Addresses,
    // The listeners show what these hold, for as long as they are held.
    _held: (watch::Sender<Arc<View>>, watch::Sender<Arc<Monitor>>),
}

/// Whether a technician has to decide before this journal can be kept again.
pub fn needs_technician(error: &JournalError) -> bool {
    matches!(error, JournalError::Corrupt { .. } | JournalError::Missing { .. })
}

/// The code with what to do, before the reason, for whoever wanted to begin.
pub fn told(code: &str, why: &impl std::fmt::Display) -> String {
    faults::find(code).map_or_else(|| format!("{code}: {why}"), |fault| format!("{}\n{why}", fault.line()))
}

/// Opens the page and the monitor of a kiosk whose journal can't be kept.
///
/// # Errors
/// An address that can't be had.
pub fn without_journal(loaded: &Loaded, version: &'static str) -> Result<Closed, ListenError> {
    let checked = &loaded.checked;
    let wanted = Addresses { screen: checked.screen, monitor: checked.monitor };
    open(board::place(loaded), wanted, JOURNAL, version)
}

/// The same of one whose settings are wrong, where they still tell of an address.
///
/// # Errors
/// An address that can't be had.
pub fn without_settings(rest: &Rest, version: &'static str) -> Result<Closed, ListenError> {
    let wanted = Addresses { screen: rest.screen, monitor: rest.monitor };
    open(board::place_of_rest(rest), wanted, SETTINGS, version)
}

fn open(
    place: Place,
    wanted: Addresses,
    code: &'static str,
    version: &'static str,
) -> Result<Closed, ListenError> {
    let staff = faults::find(code).map_or_else(|| Text::new(code, code), faults::Fault::usher);
    let fault = Fault { code, staff, since: Timestamp::now() };
    let picture = place.idle.picture.clone();
    let (views, view) = watch::channel(Arc::new(board::closed(place, fault)));
    let (monitors, monitor) =
        watch::channel(Arc::new(Monitor { journal_ok: true, faults: vec![code], ..Monitor::default() }));
    let served = server::Kiosk {
        views: view,
        monitor,
        clock: listen::clock(Instant::now()),
        press: Arc::new(|_| false),
        picture,
        version,
    };
    let addresses = listen::open(&served, wanted, Extra::default())?;
    Ok(Closed { addresses, _held: (views, monitors) })
}

/// Whether the journal can be kept again: a technician has started a new one, or brought the old one back.
pub fn mended(loaded: &Loaded) -> bool {
    let Ok(settings) = OpenSettings::new(&loaded.settings, "pickup-kiosk run") else { return false };
    Journal::open(&loaded.settings.kiosk.state_dir, settings).is_ok()
}
