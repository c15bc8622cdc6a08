//! The demo's configuration: written to a temporary folder, read like any other, gone at the end.

use crate::simulator::rig::Rig;
use crate::simulator::settings::{PrinterSettings, SimulateSettings};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Profile of the demo's printer.
const PROFILE: &str = "epson-tm-t88";

/// Temporary folder of the demo's configuration; removed when dropped.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Creates a folder that only this user can read.
    pub fn create() -> io::Result<Self> {
        Ok(Self { folder: tempfile::Builder::new().prefix("pickup-kiosk-demo-").tempdir()? })
    }

    /// Returns the cinema's settings: the built-in bookings on free ports of the loopback interface. `printer` is the
    /// folder of a printer that can be made to fail, for the page's switches.
    pub fn cinema(&self, printer: Option<&Path>) -> SimulateSettings {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut settings = SimulateSettings::default();
        settings.sarft.listen = any_port;
        settings.vista.listen = any_port;
        settings.printer = printer.map(|out| PrinterSettings {
            profile: PROFILE.to_owned(),
            ..PrinterSettings::on(any_port, out.to_owned())
        });
        settings
    }

    /// Writes the configuration and its secrets. `port` is the customer screen's, if there is to be one.
    pub fn write_config(&self, rig: &Rig, out: &Path, port: Option<u16>) -> io::Result<PathBuf> {
        let address = |name| {
            rig.address(name).ok_or_else(|| io::Error::other(format!("the simulated cinema has no {name}")))
        };
        fs::create_dir_all(out)?;
        let defaults = SimulateSettings::default();
        self.secret("sarft-password", &defaults.sarft.password)?;
        self.secret("connect-token", &defaults.vista.token)?;
        let printer = match rig.address("printer") {
            Some(address) => format!("tcp:{address}"),
            None => format!("image:{}", text(&fs::canonicalize(out)?)?),
        };
        let screen = port.map(|port| format!("[screen]\nlisten = \"127.0.0.1:{port}\"\n"));
        let config = format!(
            include_str!("../../../config/demo.toml"),
            state_dir = quoted(text(&self.folder.path().join("state"))?)?,
            cinema = quoted(&defaults.cinema.name)?,
            sarft = address("sarft")?,
            username = quoted(&defaults.sarft.username)?,
            vista = address("vista")?,
            printer = quoted(&printer)?,
            profile = quoted(PROFILE)?,
            screen = screen.unwrap_or_default(),
        );
        let file = self.folder.path().join("kiosk.toml");
        fs::write(&file, config)?;
        Ok(file)
    }

    fn secret(&self, name: &str, content: &str) -> io::Result<()> {
        let path = self.folder.path().join(name);
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content.as_bytes())
    }
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other(format!("{} is not UTF-8", path.display())))
}

/// Returns the text as a TOML string; a JSON string is one.
fn quoted(text: &str) -> io::Result<String> {
    serde_json::to_string(text).map_err(io::Error::other)
}
