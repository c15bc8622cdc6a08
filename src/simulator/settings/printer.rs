//! Printer settings, `[printer]`: the virtual printer of a rig.

use crate::receipt::profile::Profile;
use crate::virtual_printer::VirtualPrinter;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Settings of the virtual printer, `[printer]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// Address to listen on for ESC/POS.
    pub listen: SocketAddr,
    /// Folder for its pictures; created if it isn't there.
    pub out: PathBuf,
    /// Name of a link to a pseudo-terminal that takes the same bytes, like a serial port; the link is created and, at
    /// the end, removed. `None` for TCP alone.
    #[serde(default)]
    pub serial: Option<PathBuf>,
    /// Speed of the head, in rows a second, and 300 ms for a cut. `None`: both take no time; or, if the profile has
    /// `identify = false`, the time at the profile's best speed. 250 mm/s are 2000.
    #[serde(default)]
    pub rows_a_second: Option<u32>,
    /// Size of the buffer, in bytes; `None` for that of the profile.
    #[serde(default)]
    pub buffer_bytes: Option<usize>,
    /// True if the printer sends XOFF before the buffer is full.
    #[serde(default)]
    pub xon_xoff: bool,
    /// True if the printer answers only commands in its profile, as clones do.
    #[serde(default)]
    pub clone: bool,
    /// Name of a built-in profile.
    #[serde(default = "default_profile")]
    pub profile: String,
}

impl PrinterSettings {
    /// Creates the settings of a printer on TCP alone, without faults.
    pub fn on(listen: SocketAddr, out: PathBuf) -> Self {
        Self {
            listen,
            out,
            serial: None,
            rows_a_second: None,
            buffer_bytes: None,
            xon_xoff: false,
            clone: false,
            profile: default_profile(),
        }
    }

    /// Creates the printer, switched on.
    pub fn switched_on(&self, profile: &Profile) -> VirtualPrinter {
        const CUT: Duration = Duration::from_millis(300);
        let mut printer =
            if self.clone { VirtualPrinter::like(profile) } else { VirtualPrinter::new(profile) };
        if let Some(rows) = self.rows_a_second {
            printer = printer.slowed(rows, CUT);
        } else if !profile.identify {
            printer = printer.at_best_speed(profile);
        }
        let of_profile = usize::try_from(profile.buffer_bytes).unwrap_or(usize::MAX);
        printer.buffered(self.buffer_bytes.unwrap_or(of_profile), self.xon_xoff)
    }
}

fn default_profile() -> String {
    "epson-tm-t88".into()
}
