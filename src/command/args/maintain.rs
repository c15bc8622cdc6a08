//! The arguments of `explain` and `maintain`.

use super::ConfigFile;
use clap::{Args, ValueEnum};

/// Arguments of `explain`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Explain {
    /// A code, as P2; without one, all of them
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// The manual's chapter on faults, as Markdown
    #[arg(long, conflicts_with = "code")]
    pub manual: bool,
}

/// Arguments of `maintain`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Maintain {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFile,
    /// Set this user's PIN, asked for twice
    #[arg(long, value_name = "NAME", requires = "role")]
    pub set_pin: Option<String>,
    /// Role of the user: usher or technician
    #[arg(long, value_name = "ROLE", requires = "set_pin")]
    pub role: Option<Role>,
    /// Take back the PIN that --set-pin has set for this user
    #[arg(long, value_name = "NAME", conflicts_with_all = ["set_pin", "role", "print"])]
    pub forget_pin: Option<String>,
    /// Print the lines for kiosk.toml instead of writing override.toml
    #[arg(long, requires = "set_pin")]
    pub print: bool,
}

/// Role of a user of the maintenance menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Paper, uncertain and owed tickets, the shift slip, in and out of service.
    Usher,
    /// Everything.
    Technician,
}
