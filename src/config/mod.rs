//! Configuration: from TOML to checked settings. Opens no device.
//!
//! [`load`] reads kiosk.toml with its includes and override.toml; [`Loaded::secrets`] the secret files, which not every
//! command needs. [`read_file`] and [`read_text`] read the project's other TOML files (layouts, profiles, the
//! simulator's) with the same kind of message.

mod check;
mod de;
mod error;
mod file;
mod inputs;
mod load;
pub mod overrides;
pub mod panel;
mod paper;
pub mod pin;
mod ranges;
mod renamed;
mod salvage;
mod screen;
pub mod secret;
pub mod settings;
mod tree;
mod users;
mod validator;
mod write;

pub use check::Checked;
pub use error::ConfigError;
pub use salvage::{Rest, rest};
pub use secret::Secret;
pub use users::{HOLDERS_MAX, is_name};

use crate::locale::Text;
use secret::{SecretError, SecretFolders};
use serde::de::DeserializeOwned;
use settings::Settings;
use std::path::{Path, PathBuf};
use tree::{Node, Value};

/// Path of the configuration where none is named.
pub const DEFAULT_PATH: &str = "/etc/pickup-kiosk/kiosk.toml";
/// Longest password of the on-site protocol, in bytes: the field has 33, NUL included.
const PASSWORD_MAX_BYTES: usize = 32;

/// A configuration that was read and holds together.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Settings as they stand; relative paths in them have been made relative to the config file.
    pub settings: Settings,
    /// Results of the checks.
    pub checked: Checked,
    /// Path of the config file.
    pub file: PathBuf,
    root: Node,
}

/// Secrets that the settings name.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Password of the on-site service: `[sarft] password_file`.
    pub sarft_password: Secret,
    /// Token of the cloud, when there is a cloud: `[cloud] token_file`.
    pub cloud_token: Option<Secret>,
    /// Token for booking and refunding, when given: `[cloud] order_token_file`.
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
    ranges::check(&root)?;
    let mut settings: Settings = de::settings(&root)?;
    let checked = check::settings(&root, &settings, beside)?;
    settings.kiosk.state_dir = beside.join(&settings.kiosk.state_dir);
    settings.ticket.layout = settings.ticket.layout.map(|layout| beside.join(layout));
    Ok(Loaded { settings, checked, file: path.to_path_buf(), root })
}

/// Reads another TOML file of the project, without includes.
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
    /// Returns the directory of the config file, beside which layouts, printers/ and secrets are.
    pub fn directory(&self) -> &Path {
        load::directory(&self.file)
    }

    /// Reads the secret files. `credentials` is `$CREDENTIALS_DIRECTORY`.
    ///
    /// # Errors
    /// The first secret that is missing, unreadable, open to others or unfit.
    pub fn secrets(&self, credentials: Option<&Path>) -> Result<Secrets, ConfigError> {
        let folders = SecretFolders { credentials, beside: self.directory() };
        let one = |key: &str, name: &Path| {
            secret::read(name, folders).map_err(|error| self.secret_fault(key, &error))
        };
        let sarft_password = one("sarft.password_file", &self.settings.sarft.password_file)?;
        let password = sarft_password.expose();
        if password.len() > PASSWORD_MAX_BYTES || !password.is_ascii() {
            let found = (
                "这个文件里的密码超过 32 字节，或不是纯 ASCII",
                "the password in this file is longer than 32 bytes, or not plain ASCII",
            );
            let right = (
                "取票服务的协议容不下：请改用合适的密码",
                "the on-site protocol has no room for another: set one that fits",
            );
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

    /// Formats the whole configuration as TOML, as it stands after all files; secrets hidden.
    pub fn shown(&self) -> String {
        write::toml(&self.root, true)
    }

    /// Returns a fault of a key, found only later: the message names the file and line the key stands in.
    pub fn fault(&self, key: &str, found: impl Into<Text>, right: impl Into<Text>) -> ConfigError {
        ConfigError::of_key(self.root.nearest_location(key), key, found, right)
    }

    fn secret_fault(&self, key: &str, error: &SecretError) -> ConfigError {
        self.fault(key, error.text(), error.remedy())
    }
}

fn state_dir(root: &Node) -> &Path {
    match root.find("kiosk.state_dir").map(|node| &node.value) {
        Some(Value::Text(path)) => Path::new(path),
        _ => Path::new(settings::DEFAULT_STATE_DIR),
    }
}
