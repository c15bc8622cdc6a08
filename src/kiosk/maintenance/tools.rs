//! The kiosk as work beside the loop knows it.

use crate::config::{self, Loaded};
use crate::fault_code::FaultCode;
use crate::maintenance::faults;
use crate::version::VERSION;
use crate::vista::client::Client as CloudClient;
use jiff::Timestamp;
use std::sync::Arc;

/// The kiosk as a job knows it.
pub(super) struct Tools {
    pub loaded: Arc<Loaded>,
    pub cloud: Option<Arc<CloudClient>>,
    /// Codes that were on when it was asked for.
    pub active: Vec<FaultCode>,
    pub printer: Option<String>,
}

impl Tools {
    /// The configuration as its files are now; as the kiosk has it where they can't be read.
    pub fn fresh(&self) -> Loaded {
        config::load(&self.loaded.file).unwrap_or_else(|_| Loaded::clone(&self.loaded))
    }

    /// Faults, versions, settings in force: for a supporter.
    pub fn status(&self) -> String {
        let settings = &self.loaded.settings;
        let mut text = format!(
            "pickup-kiosk {VERSION}\nkiosk {}\ncinema {} {}\nat {}\nprinter {}\n",
            settings.kiosk.id,
            settings.cinema.id,
            settings.cinema.name,
            Timestamp::now(),
            self.printer.as_deref().unwrap_or("-"),
        );
        for code in &self.active {
            text.push_str(&faults::row(*code).line());
            text.push('\n');
        }
        text
    }
}
