//! The command line, word for word as the contract has it.

mod maintain;
mod vista;

pub use self::maintain::{Explain, Maintain, Role};
pub use self::vista::{Acceptance, AskCloud, Moving, Vista};

use crate::config::DEFAULT_PATH;
use crate::locale::Language;
use crate::version::VERSION;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// Longest `--reason`, in characters.
const REASON_MAX: usize = 200;

/// Self-service ticket pickup for a cinema that sells through Vista
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "pickup-kiosk", version = VERSION, disable_help_subcommand = true)]
pub struct Cli {
    /// Language of check, explain and messages; without it LC_ALL, LC_MESSAGES, LANG decide
    #[arg(long, value_name = "LANG", global = true)]
    pub lang: Option<Lang>,
    /// Subcommand to perform.
    #[command(subcommand)]
    pub command: Command,
}

/// Language on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Chinese
    Zh,
    /// English
    En,
}

impl Cli {
    /// Returns the language that was asked for, else that of the environment.
    pub fn language(&self) -> Language {
        match self.lang {
            Some(Lang::Zh) => Language::Chinese,
            Some(Lang::En) => Language::English,
            None => Language::of_environment(|name| std::env::var(name).ok()),
        }
    }
}

/// Subcommands of `pickup-kiosk`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// A simulated cinema and a kiosk in one process, nothing to configure
    Demo(Demo),
    /// The appliance: serves customers until it is told to stop
    Run(Run),
    /// The record of pickups, and settling what is uncertain or owed
    Journal(Journal),
    /// The on-site service
    #[command(subcommand)]
    Sarft(Sarft),
    /// The cloud: cinemas, films, ticket types, seat plans, and what became of a booking
    #[command(subcommand)]
    Vista(Vista),
    /// Accept a site: book, pick up here, refund, and write a report to hand over
    Acceptance(Acceptance),
    /// Try each part, and say what is wrong with it and what to do
    Check(Check),
    /// Run the simulated cinema alone, for test rigs
    Simulate(Simulate),
    /// Draw the configured ticket layout with sample data
    Preview(Preview),
    /// The maintenance menu in this terminal; sets PINs
    Maintain(Maintain),
    /// Explain a fault's code: its meaning and what to do
    Explain(Explain),
}

/// Argument `--config`, shared by the commands that read kiosk.toml.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ConfigFile {
    /// The configuration
    #[arg(long = "config", value_name = "FILE", default_value = DEFAULT_PATH)]
    pub path: PathBuf,
}

/// Arguments of `demo`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Demo {
    /// The customer screen is at http://127.0.0.1:N/; 0: any free port
    #[arg(long, value_name = "N", default_value_t = 8080, conflicts_with = "pickups")]
    pub port: u16,
    /// Directory for the tickets, a PNG file each
    #[arg(long, value_name = "DIR", default_value = "demo-tickets")]
    pub out: PathBuf,
    /// Perform this pickup without a screen, then exit; as often as needed, in this order
    #[arg(long = "pickup", value_name = "CODE")]
    pub pickups: Vec<String>,
    /// One JSON object a pickup
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `run`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Run {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// Arguments of `check`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Check {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFile,
    /// One JSON object a part
    #[arg(long)]
    pub json: bool,
    /// List what is plugged in, and lines for a configuration; needs none
    #[arg(long, conflicts_with = "path")]
    pub discover: bool,
}

/// Arguments of `journal`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Journal {
    /// Action to perform on the journal.
    #[command(subcommand)]
    pub action: JournalAction,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = DEFAULT_PATH, global = true)]
    pub config: PathBuf,
    /// JSON objects, one a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Only this business day
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, global = true)]
    pub business_day: Option<Date>,
}

/// Actions that `journal` can perform.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum JournalAction {
    /// List pickups
    List {
        /// Only those with something uncertain, owed or unreported
        #[arg(long)]
        unresolved: bool,
    },
    /// Show one pickup, step by step
    Show {
        /// The pickup's id or its claim reference
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Export as CSV, or as JSON lines with --json, which has what people did to the machine too
    Export {
        /// As CSV, what people did to the machine instead of pickups
        #[arg(long, alias = "acts")]
        audit: bool,
    },
    /// The audit log: what people did to the machine; who, when, what, before and after
    #[command(alias = "acts")]
    Audit,
    /// A business day's slip: printed, owed, uncertain, reprinted, handed over, by film
    Day,
    /// Start an empty journal after a damaged one was set aside; the kiosk must be stopped
    StartNew,
    /// Settle one seat at the counter
    Resolve {
        /// The pickup's id or its claim reference
        #[arg(value_name = "ID")]
        id: String,
        /// The seat, by the name that show gives it
        #[arg(long, value_name = "SEAT")]
        ticket: String,
        /// Fate of its ticket
        #[arg(long = "as", value_name = "WHAT")]
        resolution: Resolution,
        /// Reason, for whoever reads the journal later
        #[arg(long, value_name = "TEXT", value_parser = reason)]
        reason: String,
    },
}

/// Resolution of a seat's ticket, decided by staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Resolution {
    /// The ticket came out after all.
    CameOut,
    /// The ticket did not come out: print it again, marked 补打.
    PrintAgain,
    /// Staff gave the customer one.
    HandedOver,
    /// The ticket is not owed: refunded, cancelled, collected elsewhere.
    Void,
}

impl Resolution {
    /// Returns the word of `--as` on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::CameOut => "came-out",
            Self::PrintAgain => "print-again",
            Self::HandedOver => "handed-over",
            Self::Void => "void",
        }
    }
}

/// Actions of `sarft`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Sarft {
    /// Sign in and query one booking
    Query {
        /// A code with a booking number in it
        #[arg(value_name = "CODE")]
        code: String,
        /// The configuration.
        #[command(flatten)]
        config: ConfigFile,
    },
    /// Decode a capture field by field, secrets masked
    Decode {
        /// Raw bytes of one direction, or a pcap file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print the [sarft.wire] tables under which the capture makes sense, best first
        #[arg(long)]
        try_layouts: bool,
        /// The configuration whose [sarft.wire] counts; without one, the built-in default layout
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Arguments of `simulate`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Simulate {
    /// The simulated cinema's own configuration; config/simulate.toml shows every key
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// Arguments of `preview`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Preview {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFile,
    /// File for the picture
    #[arg(long, value_name = "FILE.png", default_value = "preview.png")]
    pub out: PathBuf,
    /// As another printer would print it: a profile's name; with it no configuration is needed
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// A day as YYYY-MM-DD and no other way: the forms a date library also takes are easily misread.
fn date(text: &str) -> Result<Date, String> {
    let right = "must be a day as YYYY-MM-DD";
    let form = text.bytes().map(|b| if b.is_ascii_digit() { b'0' } else { b });
    if !form.eq(*b"0000-00-00") {
        return Err(right.to_owned());
    }
    text.parse().map_err(|_| right.to_owned())
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= REASON_MAX && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(format!("must be one line of 1 to {REASON_MAX} characters")) }
}

#[cfg(test)]
mod tests;
