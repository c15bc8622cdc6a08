//! The parts of which a kiosk is put together.

use super::cloud_thread::CloudThread;
use super::journal_thread::JournalThread;
use super::orders::Keeper;
use super::receipts::Receipts;
use super::showtimes::ShowtimesThread;
use super::site_task::SiteTask;
use crate::config::Loaded;
use crate::device::printer::PrinterHandle;
use crate::pickup::machine::Machine;
use crate::vista::client::Client as CloudClient;
use std::sync::Arc;

/// The parts of one kiosk; real or simulated was chosen before.
#[derive(Debug)]
pub struct Parts {
    /// The rules.
    pub machine: Machine,
    /// The record.
    pub journal: JournalThread,
    /// The on-site service.
    pub site: SiteTask,
    /// Vista Connect, where there is one.
    pub cloud: Option<CloudThread>,
    /// The films and sessions of today, where they are shown.
    pub showtimes: Option<ShowtimesThread>,
    /// Ends orders that killed commands left on their way, where there is a token for that.
    pub keeper: Option<Keeper>,
    /// The printer's owner.
    pub printer: PrinterHandle,
    /// The maker of the printer's bytes.
    pub receipts: Receipts,
    /// Needed by commands beside the loop.
    pub context: Context,
}

/// The configuration and the cloud, for work beside the loop.
#[derive(Debug, Clone)]
pub struct Context {
    /// The configuration.
    pub loaded: Arc<Loaded>,
    /// The cloud's client, where there is a cloud.
    pub cloud: Option<Arc<CloudClient>>,
}
