//! `[printer]`: the virtual printer of a rig.

use crate::receipt::image::VirtualPrinter;
use crate::receipt::profile::Profile;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `[printer]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrinterSettings {
    /// Where it takes ESC/POS.
    pub listen: SocketAddr,
    /// The folder its pictures go to; made if it isn't there.
    pub out: PathBuf,
    /// A name for a pseudo-terminal on which it takes the same, as on a serial port; a link that is made and, at the
    /// end, removed. None: TCP alone.
    #[serde(default)]
    pub serial: Option<PathBuf>,
    /// Rows its head burns a second, and 300 ms for a cut; none: both take no time, or, where its profile says that it
    /// does not tell its name, as long as the profile's best speed needs. 250 mm/s are 2000.
    #[serde(default)]
    pub rows_a_second: Option<u32>,
    /// Bytes its buffer holds; none: as the profile says.
    #[serde(default)]
    pub buffer_bytes: Option<usize>,
    /// It says XOFF before that is full.
    #[serde(default)]
    pub xon_xoff: bool,
    /// It answers only what the profile says it has, as clones do.
    #[serde(default)]
    pub clone: bool,
    /// A built-in profile's name.
    #[serde(default = "default_profile")]
    pub profile: String,
}

impl PrinterSettings {
    /// On TCP alone, in perfect health.
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

    /// The printer.
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
