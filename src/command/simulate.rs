//! `pickup-kiosk simulate --config FILE`: the simulated cinema alone, for test rigs.

use crate::simulator::rig::{Rig, RigError};
use crate::simulator::settings::SimulateSettings;
use std::io::{self, Write};
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

/// Why it ended otherwise than by a signal.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The settings, a port, or a server that ended.
    #[error(transparent)]
    Rig(#[from] RigError),
    /// Signals can't be caught, or stdout is closed.
    #[error("simulate: {0}")]
    Io(#[from] io::Error),
}

impl SimulateError {
    /// 2 for wrong settings, 1 for the rest (contract, "Exit status").
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Rig(RigError::Settings(_)) => 2,
            _ => 1,
        }
    }
}

/// Runs the simulated cinema until SIGTERM or SIGINT. Prints `name address` a line on stdout once all
/// ports are taken.
pub async fn simulate(config: &Path) -> Result<(), SimulateError> {
    let settings = SimulateSettings::load(config).map_err(RigError::from)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut rig = Rig::start(settings)?;
    {
        let mut out = io::stdout().lock();
        for (name, address) in rig.addresses() {
            writeln!(out, "{name} {address}")?;
        }
        out.flush()?;
    }
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
        error = rig.failed() => Err(error.into()),
    }
}
