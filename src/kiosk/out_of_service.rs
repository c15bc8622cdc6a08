//! A kiosk that can't begin, its journal or its settings being what they are: out of service with a code, until a
//! technician has seen to it.

use super::display;
use super::http::{self, Addresses, ListenError};
use super::panel::Still;
use crate::config::panel::PanelSetup;
use crate::config::{Loaded, Rest};
use crate::fault_code::FaultCode;
use crate::journal::store::{Journal, JournalError, OpenSettings};
use crate::locale::{Text, text};
use crate::maintenance::faults;
use crate::screen::monitor::Monitor;
use crate::screen::server::{self, Extra};
use crate::screen::view::{Fault, View, ViewContext};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

/// A closed kiosk: its page and its monitor stay open, saying why, and its fault lamp is lit.
#[derive(Debug)]
pub struct Closed {
    /// The addresses of page and monitor.
    pub addresses: Addresses,
    // The listeners show what these hold, for as long as they are held.
    _held: (watch::Sender<Arc<View>>, watch::Sender<Arc<Monitor>>),
    _panel: Option<Still>,
}

/// True where a technician has to decide before this journal can be kept again.
pub fn needs_technician(error: &JournalError) -> bool {
    matches!(error, JournalError::Corrupt { .. } | JournalError::Missing { .. })
}

/// The code with what to do, before the reason, for whoever wanted to begin.
pub fn told(code: FaultCode, why: &Text) -> Text {
    let line = faults::row(code).text();
    text!("{line:#}\n{why:#}", "{line}\n{why}")
}

/// Opens the page and the monitor, and lights the lamps, of a kiosk whose journal can't be kept.
///
/// # Errors
/// An address that can't be had.
pub fn without_journal(loaded: &Loaded, version: &'static str) -> Result<Closed, ListenError> {
    let checked = &loaded.checked;
    let wanted = Addresses { screen: checked.screen, monitor: checked.monitor };
    open(display::place(loaded), wanted, checked.panel.as_ref(), FaultCode::JournalDamaged, version)
}

/// The same of one whose settings are wrong, where they still tell of an address.
///
/// # Errors
/// An address that can't be had.
pub fn without_settings(rest: &Rest, version: &'static str) -> Result<Closed, ListenError> {
    let wanted = Addresses { screen: rest.screen, monitor: rest.monitor };
    open(display::place_of_rest(rest), wanted, None, FaultCode::SettingsWrong, version)
}

fn open(
    place: ViewContext,
    wanted: Addresses,
    lamps: Option<&PanelSetup>,
    code: FaultCode,
    version: &'static str,
) -> Result<Closed, ListenError> {
    let fault = Fault { code, staff: faults::row(code).usher(), since: Timestamp::now() };
    let picture = place.idle.picture.clone();
    let shown = display::closed(place, fault);
    let panel = lamps.and_then(|setup| Still::show(setup, shown.state));
    let (views, view) = watch::channel(Arc::new(shown));
    let (monitors, monitor) =
        watch::channel(Arc::new(Monitor { journal_ok: true, faults: vec![code], ..Monitor::default() }));
    let served = server::Kiosk {
        views: view,
        monitor,
        clock: http::clock(Instant::now()),
        press: Arc::new(|_| false),
        picture,
        version,
    };
    let addresses = http::open(&served, wanted, Extra::default())?;
    Ok(Closed { addresses, _held: (views, monitors), _panel: panel })
}

/// True once the journal can be kept again: a technician has started a new one, or brought the old one back.
pub fn mended(loaded: &Loaded) -> bool {
    let Ok(settings) = OpenSettings::new(&loaded.settings, "pickup-kiosk run") else { return false };
    Journal::open(&loaded.settings.kiosk.state_dir, settings).is_ok()
}
