//! TOML to checked settings. Opens no device.

pub mod settings;
