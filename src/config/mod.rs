//! TOML to checked settings. Opens no device.
//!
//! [`load`] reads kiosk.toml with its includes and override.toml; [`Loaded::secrets`] the secret
//! files, which not every command needs. [`read_file`] and [`read_text`] read the other TOML files
//! of the house (layouts, profiles, the simulator's) with the same kind of message.

mod check;
mod de;
mod error;
mod file;
mod holders;
mod inputs;
mod load;
pub mod panel;
mod paper;
pub mod pin;
mod rest;
mod screen;
pub mod secret;
pub mod settings;
pub mod site;
mod tree;
mod write;

pub use check::Checked;
pub use error::ConfigError;
pub use holders::{HOLDERS_MAX, is_name};
pub use rest::{Rest, rest};
pub use secret::Secret;

use secret::{Places, SecretError};
use serde::de::DeserializeOwned;
use settings::Settings;
use std::path::{Path, PathBuf};
use tree::{Node, Value};

/// Where the configuration is looked for.
pub const DEFAULT_PATH: &str = "/etc/pickup-kiosk/kiosk.toml";
/// The password of the on-site protocol has a field of 33 bytes, NUL included.
const PASSWORD_MAX_BYTES: usize = 32;

/// A configuration that was read and holds together.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings; relative paths in them have been made relative to the config file.
    pub settings: Settings,
    /// What the checks made of them.
    pub checked: Checked,
    /// The config file.
    pub file: PathBuf,
    root: Node,
}

/// The secrets the settings name.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// `[sarft] password_file`.
    pub sarft_password: Secret,
    /// `[cloud] token_file`, when there is a cloud.
    pub cloud_token: Option<Secret>,
    /// `[cloud] order_token_file`, when given.
    pub order_token: Option<Secret>,
}

/// Reads and checks the configuration.
///
/// # Errors
/// One fault, the first that was found.
pub fn load(path: &Path) -> Result<Loaded, ConfigError> {
    load_over(path, load::Over::File)
}

fn load_over(path: &Path, over: load::Over<'_>) -> Result<Loaded, ConfigError> {
    let beside = load::directory(path);
    let root = load::all_files(path, over, |root| beside.join(state_dir(root)))?;
    check::ranges(&root)?;
    let mut settings: Settings = de::settings(&root)?;
    let checked = check::settings(&root, &settings, beside)?;
    settings.kiosk.state_dir = beside.join(&settings.kiosk.state_dir);
    settings.ticket.layout = settings.ticket.layout.map(|layout| beside.join(layout));
    Ok(Loaded { settings, checked, file: path.to_path_buf(), root })
}

/// Reads another TOML file of the house, without includes.
///
/// # Errors
/// One fault, the first that was found.
pub fn read_file<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    de::settings(&load::one_file(path)?)
}

/// Reads TOML that is no file of its own, such as what is built in; `name` stands for the file in
/// messages.
///
/// # Errors
/// One fault, the first that was found.
pub fn read_text<T: DeserializeOwned>(name: &Path, text: &str) -> Result<T, ConfigError> {
    de::settings(&Node::parse(name, text)?)
}

impl Loaded {
    /// The directory of the config file, beside which layouts, printers/ and secrets are.
    pub fn directory(&self) -> &Path {
        load::directory(&self.file)
    }

    /// Reads the secret files. `credentials` is `$CREDENTIALS_DIRECTORY`.
    ///
    /// # Errors
    /// The first secret that is missing, unreadable, open to others or unfit.
    pub fn secrets(&self, credentials: Option<&Path>) -> Result<Secrets, ConfigError> {
        let places = Places { credentials, beside: self.directory() };
        let one = |key: &str, name: &Path| {
            secret::read(name, places).map_err(|error| self.secret_fault(key, &error))
        };
        let sarft_password = one("sarft.password_file", &self.settings.sarft.password_file)?;
        let password = sarft_password.expose();
        if password.len() > PASSWORD_MAX_BYTES || !password.is_ascii() {
            let found = "the password in this file is longer than 32 bytes, or not plain ASCII";
            let right = "the on-site protocol has no room for another: set one that fits";
            return Err(self.fault("sarft.password_file", found, right));
        }
        let cloud = self.settings.cloud.as_ref();
        let cloud_token = cloud.map(|cloud| one("cloud.token_file", &cloud.token_file)).transpose()?;
        let order_token = cloud
            .and_then(|cloud| cloud.order_token_file.as_ref())
            .map(|name| one("cloud.order_token_file", name))
            .transpose()?;
        Ok(Secrets { sarft_password, cloud_token, order_token })
    }

    /// The whole configuration as TOML, as it stands after all files; secrets hidden.
    pub fn shown(&self) -> String {
        write::toml(&self.root, true)
    }

    /// A fault of a key, found only later: the message names the file and line the key stands in.
    pub fn fault(&self, key: &str, found: impl Into<String>, right: impl Into<String>) -> ConfigError {
        ConfigError::of_key(self.root.nearest_place(key), key, found, right)
    }

    fn secret_fault(&self, key: &str, error: &SecretError) -> ConfigError {
        self.fault(key, error.to_string(), error.remedy())
    }
}

fn state_dir(root: &Node) -> &Path {
    match root.find("kiosk.state_dir").map(|node| &node.value) {
        Some(Value::Text(path)) => Path::new(path),
        _ => Path::new(settings::DEFAULT_STATE_DIR),
    }
}
