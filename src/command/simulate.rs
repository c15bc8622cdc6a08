//! `pickup-kiosk simulate --config FILE`: the simulated cinema alone, for test rigs.

use crate::simulator::rig::{Rig, RigError};
use crate::simulator::settings::SimulateSettings;
use std::io::{self, Write};
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};

/// Failure that ended `simulate` before a signal did.
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
    /// Returns the exit status: 2 for wrong settings, 1 for the rest (contract, "Exit status").
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Rig(RigError::Settings(_)) => 2,
            _ => 1,
        }
    }
}

/// Runs the simulated cinema until SIGTERM or SIGINT. Prints one line `name address` per server on standard output once
/// all ports are taken.
pub async fn simulate(config: &Path) -> Result<(), SimulateError> {
    let settings = SimulateSettings::load(config).map_err(RigError::from)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    simulate_until(settings, stop, &mut io::stdout()).await
}

/// Starts the rig, writes its addresses, and waits for `stop` or for a server that fails.
async fn simulate_until(
    settings: SimulateSettings,
    stop: impl Future<Output = ()>,
    out: &mut impl Write,
) -> Result<(), SimulateError> {
    let mut rig = Rig::start(settings)?;
    for (name, address) in rig.addresses() {
        writeln!(out, "{name} {address}")?;
    }
    out.flush()?;
    tokio::select! {
        () = stop => Ok(()),
        error = rig.failed() => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{SocketAddr, TcpListener};

    #[tokio::test]
    async fn each_address_is_a_line() {
        let mut out = Vec::new();
        simulate_until(SimulateSettings::on_free_ports(), std::future::ready(()), &mut out).await.unwrap();
        let out = String::from_utf8(out).unwrap();
        let names: Vec<&str> = out.lines().map(|line| line.split_once(' ').unwrap().0).collect();
        assert_eq!(names, ["sarft", "vista"]);
        for line in out.lines() {
            let address: SocketAddr = line.split_once(' ').unwrap().1.parse().unwrap();
            assert_ne!(address.port(), 0);
        }
    }

    #[tokio::test]
    async fn a_port_in_use_is_said_clearly() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut settings = SimulateSettings::on_free_ports();
        settings.vista.listen = taken.local_addr().unwrap();
        let error = simulate_until(settings, std::future::pending(), &mut Vec::new()).await.unwrap_err();
        let expected = format!("[vista] listen = {}", taken.local_addr().unwrap());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(error.to_string().contains("another program has this port"), "{error}");
        assert_eq!(error.exit_status(), 1);
    }

    #[tokio::test]
    async fn wrong_settings_exit_with_2_and_name_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("simulate.toml");
        std::fs::write(&path, "[vista]\nport = 1\n").unwrap();
        let error = simulate(&path).await.unwrap_err();
        assert_eq!(error.exit_status(), 2);
        let expected = format!("{}:2: unknown field `port`", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert_eq!(simulate(Path::new("/nonexistent")).await.unwrap_err().exit_status(), 2);
    }
}
