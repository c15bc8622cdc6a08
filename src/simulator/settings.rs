//! Settings in simulate.toml, key by key. Every key has a default; unknown ones are errors.

mod cinema;
mod printer;

pub use cinema::{CinemaSettings, FlagsAtWord, SecondIssueWord};
pub use printer::PrinterSettings;

use super::bookings::{self, BookingSettings, BookingsError};
use super::cinema::Cinema;
use super::faults::{Faults, FaultsError};
use super::sarft::ServiceSettings;
use crate::config::settings::Wire;
use crate::receipt::profile::Profile;
use crate::sarft::{Layout, LayoutError, Secret};
use jiff::Timestamp;
use serde::Deserialize;
use std::fmt;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Largest settings file read, in bytes.
const FILE_MAX: u64 = 4 * 1024 * 1024;

/// Settings of a whole simulate.toml.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SimulateSettings {
    /// Identity of the cinema, `[cinema]`.
    pub cinema: CinemaSettings,
    /// On-site service, `[sarft]`.
    pub sarft: SarftSettings,
    /// Cloud, `[vista]`.
    pub vista: VistaSettings,
    /// HTTP endpoint that controls the rig, `[control]`; `None` for no such endpoint.
    pub control: Option<ControlSettings>,
    /// Virtual printer on TCP, `[printer]`; `None` for no printer.
    pub printer: Option<PrinterSettings>,
    /// Faults from the start, `[faults]`.
    pub faults: Faults,
    /// Bookings, `[[booking]]`; the built-in ones if there are none.
    #[serde(rename = "booking")]
    pub bookings: Vec<BookingSettings>,
}

/// Settings of the on-site service, `[sarft]`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SarftSettings {
    /// Address to listen on. Default 127.0.0.1:9500; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Username for the sign-in. Default `kiosk`.
    pub username: String,
    /// Password for the sign-in. Default `simulated`.
    pub password: String,
    /// Frame and encodings, as in kiosk.toml.
    pub wire: Wire,
}

impl Default for SarftSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9500)),
            username: "kiosk".into(),
            password: "simulated".into(),
            wire: Wire::default(),
        }
    }
}

impl fmt::Debug for SarftSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SarftSettings")
            .field("listen", &self.listen)
            .field("wire", &self.wire)
            .finish_non_exhaustive()
    }
}

/// Settings of the cloud, `[vista]`.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VistaSettings {
    /// Address to listen on. Default 127.0.0.1:9580; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Token, the connectapitoken header. Default `simulated-token`.
    pub token: String,
}

impl Default for VistaSettings {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 9580)), token: "simulated-token".into() }
    }
}

impl fmt::Debug for VistaSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VistaSettings").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// Settings of the control endpoint, `[control]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlSettings {
    /// Address to listen on, loopback only: any client controls the whole cinema.
    pub listen: SocketAddr,
}

/// Reasons why settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file can't be read.
    #[error("{path}: {why}", path = path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Error of the operating system.
        why: std::io::Error,
    },
    /// The file is not TOML, or has an unknown key or a wrong type.
    #[error("{path}:{line}: {why}", path = path.display())]
    Toml {
        /// Path of the file.
        path: PathBuf,
        /// Line of the error, counted from 1.
        line: usize,
        /// Value found, and a hint at the right one.
        why: String,
    },
    /// The time zone is unknown.
    #[error("[cinema] timezone = {0:?}: no such time zone; an IANA name as \"Asia/Shanghai\" is expected")]
    TimeZone(String),
    /// The national code is not 8 digits.
    #[error("[cinema] national_code: expected 8 digits")]
    NationalCode,
    /// The refusal is 0, which means accepted.
    #[error(
        "[cinema] refusal = 0: that is the answer of an issue that is accepted; from 1 to 255 is expected"
    )]
    Refusal,
    /// The claim lapses outside of the range.
    #[error("[cinema] claim_lapses_s = {0}: from 1 to 86400 is expected, or to leave it out")]
    ClaimLapses(u32),
    /// The control endpoint is not on loopback.
    #[error("[control] listen = {0}: only loopback addresses, as 127.0.0.1:9581, are allowed")]
    ControlNotLoopback(SocketAddr),
    /// The wire can't carry the username or password.
    #[error("[sarft] {0}: expected 1 to 32 printable ASCII characters")]
    Account(&'static str),
    /// The wire layout can't work.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// No built-in printer profile has this name.
    #[error("[printer] profile = {0:?}: no built-in printer profile has this name")]
    Profile(String),
    /// The token has a wrong length or characters no header carries.
    #[error("[vista] token: expected 1 to 200 printable ASCII characters without blanks")]
    Token,
    /// A booking is wrong.
    #[error(transparent)]
    Bookings(#[from] BookingsError),
    /// A fault is wrong.
    #[error(transparent)]
    Faults(#[from] FaultsError),
}

impl SimulateSettings {
    /// Returns the default cinema on loopback, each server on any free port; no control endpoint, no printer.
    pub fn on_free_ports() -> Self {
        let mut settings = Self::default();
        settings.sarft.listen.set_port(0);
        settings.vista.listen.set_port(0);
        settings
    }

    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        let file_error = |why| SettingsError::File { path: path.to_owned(), why };
        let mut text = String::new();
        let file = std::fs::File::open(path).map_err(file_error)?;
        file.take(FILE_MAX).read_to_string(&mut text).map_err(file_error)?;
        Self::read(&text).map_err(|error| match error {
            SettingsError::Toml { line, why, .. } => SettingsError::Toml { path: path.to_owned(), line, why },
            other => other,
        })
    }

    /// Reads and checks the text of a file.
    pub fn read(text: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(text).map_err(|error| {
            // The Display of the library quotes the line, which may hold a password.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            SettingsError::Toml { path: PathBuf::new(), line, why: error.message().to_owned() }
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// Checks all that can be checked without opening anything. The bookings are checked by [`Self::cinema`].
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.cinema.time_zone().is_none() {
            return Err(SettingsError::TimeZone(self.cinema.timezone.clone()));
        }
        let code = &self.cinema.national_code;
        if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SettingsError::NationalCode);
        }
        self.cinema.check_kind()?;
        let token = &self.vista.token;
        if !(1..=200).contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SettingsError::Token);
        }
        if let Some(control) = self.control.as_ref().filter(|control| !control.listen.ip().is_loopback()) {
            return Err(SettingsError::ControlNotLoopback(control.listen));
        }
        self.site_service()?;
        self.printer_profile()?;
        Ok(self.faults.cloud.check()?)
    }

    /// Returns the profile of the virtual printer, if there is one.
    pub fn printer_profile(&self) -> Result<Option<Profile>, SettingsError> {
        let Some(printer) = &self.printer else { return Ok(None) };
        match Profile::built_in(&printer.profile) {
            Some(profile) => Ok(Some(profile)),
            None => Err(SettingsError::Profile(printer.profile.clone())),
        }
    }

    /// Returns the settings of the on-site service.
    pub fn site_service(&self) -> Result<ServiceSettings, SettingsError> {
        let fits =
            |text: &str| (1..=32).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b));
        for (key, text) in [("username", &self.sarft.username), ("password", &self.sarft.password)] {
            if !fits(text) {
                return Err(SettingsError::Account(key));
            }
        }
        let timezone = self.cinema.time_zone();
        Ok(ServiceSettings {
            username: self.sarft.username.clone(),
            password: Secret::new(self.sarft.password.as_str()),
            layout: Layout::read(&self.sarft.wire)?,
            timezone: timezone.ok_or_else(|| SettingsError::TimeZone(self.cinema.timezone.clone()))?,
        })
    }

    /// Creates the cinema as of `now`.
    pub fn cinema(&self, now: Timestamp) -> Result<Cinema, SettingsError> {
        Ok(bookings::cinema(&self.cinema, &self.bookings, now)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_a_whole_cinema() {
        let settings = SimulateSettings::read("").unwrap();
        assert_eq!(settings, SimulateSettings::default());
        assert!(settings.control.is_none() && settings.printer.is_none());
    }

    #[test]
    fn unknown_keys_are_named_with_their_line() {
        for (text, key, expected_line) in [
            ("[sarft]\nlisten = \"127.0.0.1:0\"\npasword = \"hidden\"\n", "pasword", 3),
            ("[cinema]\nid = \"1\"\n[cloud]\nx = 1\n", "cloud", 3),
            ("[[booking]]\nnumber = 1\nid = \"ABCD\"\nseats = 3\n", "seats", 4),
            ("[faults.cloud]\nhtlm = true\n", "htlm", 2),
            ("[sarft.wire]\nendian = \"big\"\n", "endian", 2),
        ] {
            match SimulateSettings::read(text).unwrap_err() {
                SettingsError::Toml { line, why, .. } => {
                    assert!(why.contains(key), "{why}");
                    assert!(!why.contains("hidden"), "{why}");
                    assert_eq!(line, expected_line, "{why}");
                }
                other => panic!("{other}"),
            }
        }
    }

    #[test]
    fn values_that_cannot_be_are_named() {
        for (text, expected) in [
            ("[cinema]\ntimezone = \"Shanghai\"", "[cinema] timezone = \"Shanghai\""),
            ("[cinema]\nnational_code = \"172\"", "[cinema] national_code"),
            ("[control]\nlisten = \"0.0.0.0:1\"", "[control] listen = 0.0.0.0:1"),
            ("[vista]\ntoken = \"a b\"", "[vista] token"),
            ("[sarft]\nusername = \"\"", "[sarft] username"),
            ("[sarft.wire]\nbyte_order = \"middle\"", "sarft.wire.byte_order"),
            (
                "[printer]\nlisten = \"127.0.0.1:0\"\nout = \"o\"\nprofile = \"x\"",
                "[printer] profile = \"x\"",
            ),
            ("[faults.cloud]\nstatus = 200", "faults.cloud.status = 200"),
            ("[cinema]\nsecond_issue = \"maybe\"", "expected `accept` or `refuse`"),
            ("[cinema]\nflags_at = \"query\"", "expected `report` or `issue`"),
            ("[cinema]\nrefusal = 0", "[cinema] refusal = 0"),
            ("[cinema]\nclaim_lapses_s = 0", "[cinema] claim_lapses_s = 0"),
            ("[sarft]\nlisten = \"localhost\"", "socket address"),
            ("[[booking]]\nnumber = 1\nid = \"a-b\"", "a booking ID has 4 to 50 ASCII letters and digits"),
        ] {
            let error = SimulateSettings::read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn secrets_do_not_show() {
        let text = "[sarft]\npassword = \"TOPSECRET\"\n[vista]\ntoken = \"TOPSECRET\"";
        assert!(!format!("{:?}", SimulateSettings::read(text).unwrap()).contains("TOPSECRET"));
    }
}
