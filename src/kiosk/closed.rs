//! A kiosk without a journal it could trust: out of service with a code, until a technician has decided.

use super::listen::{self, Addresses, ListenError};
use super::panel::Still;
use crate::config::Loaded;
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::maintenance::faults;
use crate::screen::monitor::Monitor;
use crate::screen::server::{self, Extra};
use crate::screen::texts::Text;
use crate::screen::view::{Fault, View};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

/// The journal is damaged or gone.
pub const CODE: &str = "J1";

/// What stays open of a closed kiosk: its page and its monitor, saying why, and its fault lamp.
#[derive(Debug)]
pub struct Closed {
    /// Where they are.
    pub addresses: Addresses,
    // The listeners show what these hold, for as long as they are held.
    _held: (watch::Sender<Arc<View>>, watch::Sender<Arc<Monitor>>),
    _panel: Option<Still>,
}

/// Whether a technician has to decide before this journal can be kept again.
pub fn needs_technician(error: &JournalError) -> bool {
    matches!(error, JournalError::Corrupt { .. } | JournalError::Missing { .. })
}

/// Opens the page and the monitor, and lights the lamps, of a kiosk that can't be started.
///
/// # Errors
/// An address that can't be had.
pub fn open(loaded: &Loaded, version: &'static str) -> Result<Closed, ListenError> {
    let staff = faults::find(CODE).map_or_else(|| Text::new(CODE, CODE), faults::Fault::usher);
    let fault = Fault { code: CODE, staff, since: Timestamp::now() };
    let shown = super::board::closed(loaded, fault);
    let panel = loaded.checked.panel.as_ref().and_then(|setup| Still::show(setup, shown.state));
    let (views, view) = watch::channel(Arc::new(shown));
    let (monitors, monitor) =
        watch::channel(Arc::new(Monitor { journal_ok: true, faults: vec![CODE], ..Monitor::default() }));
    let served = server::Kiosk {
        views: view,
        monitor,
        clock: listen::clock(Instant::now()),
        press: Arc::new(|_| false),
        picture: None,
        version,
    };
    let addresses = listen::open(&served, &loaded.checked, Extra::default())?;
    Ok(Closed { addresses, _held: (views, monitors), _panel: panel })
}

/// Whether the journal can be kept again: a technician has started a new one, or brought the old one back.
pub fn mended(loaded: &Loaded) -> bool {
    let Ok(settings) = OpenSettings::new(&loaded.settings, "pickup-kiosk run") else { return false };
    Journal::open(&loaded.settings.kiosk.state_dir, settings).is_ok()
}
