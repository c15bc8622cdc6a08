//! Subcommands, one file each, and what they share: arguments, exit statuses, the logger.

pub mod acceptance;
pub mod args;
pub mod check;
pub mod demo;
pub mod explain;
pub mod journal;
pub mod logger;
pub mod maintain;
pub mod preview;
pub mod run;
pub mod sarft;
pub mod simulate;
pub mod vista;

use crate::config::ConfigError;
use crate::locale::{Language, Text, both, display_text, system_error, text};
use args::Command;
use simulate::SimulateError;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use thiserror::Error;
use tokio::runtime::Runtime;

/// Exit status of the process (contract, "Exit status").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// The command did what was asked.
    Done = 0,
    /// The command did not succeed: a check failed, or a pickup did not print everything.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// Error that ended a command and has not been shown yet.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The configuration is wrong.
    Config(#[from] ConfigError),
    /// The arguments make no sense; the text says what would.
    Usage(Text),
    /// The command did not succeed; the text says why and what to do.
    Failed(Text),
    /// Standard output cannot be written.
    Output(#[from] io::Error),
}

display_text!(CommandError);

impl From<SimulateError> for CommandError {
    fn from(error: SimulateError) -> Self {
        match error {
            SimulateError::Io(error) => Self::Output(error),
            error if error.exit_status() == ExitStatus::Usage as u8 => Self::Usage(both(&error)),
            error => Self::Failed(both(&error)),
        }
    }
}

impl CommandError {
    /// Returns an error of the arguments.
    fn usage(text: impl Into<Text>) -> Self {
        Self::Usage(text.into())
    }

    /// Returns an error of a command that did not succeed.
    fn failed(text: impl Into<Text>) -> Self {
        Self::Failed(text.into())
    }

    /// Returns the message in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Config(error) => error.text(),
            Self::Usage(text) | Self::Failed(text) => text.clone(),
            Self::Output(error) => {
                let error = system_error(error);
                text!("标准输出：{error:#}", "standard output: {error}")
            }
        }
    }

    /// Returns the exit status for this error.
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Config(_) | Self::Usage(_) => ExitStatus::Usage,
            // The reader has closed the pipe, as `head` does.
            Self::Output(error) if error.kind() == ErrorKind::BrokenPipe => ExitStatus::Done,
            Self::Failed(_) | Self::Output(_) => ExitStatus::Failed,
        }
    }
}

/// Performs one command; what it says of checks and faults is in this language.
///
/// # Errors
/// Returns an error that the command has not shown itself.
pub fn perform(command: Command, language: Language) -> Result<ExitStatus, CommandError> {
    match command {
        Command::Demo(args) => runtime()?.block_on(demo::demo(&args)),
        Command::Run(args) => runtime()?.block_on(run::run(&args)),
        Command::Journal(args) => journal::run(&args, language),
        Command::Sarft(args) => runtime()?.block_on(sarft::sarft(&args, language)),
        Command::Vista(args) => vista::run(&args),
        Command::Acceptance(args) => acceptance::run(&args),
        Command::Check(args) => check::run(&args, language),
        Command::Preview(args) => preview::run(&args),
        Command::Maintain(args) => maintain::run(&args),
        Command::Explain(args) => explain::run(&args, language),
        Command::Simulate(args) => {
            let ended = runtime()?.block_on(simulate::simulate(&args.config));
            ended.map(|()| ExitStatus::Done).map_err(CommandError::from)
        }
    }
}

/// Builds the single-threaded runtime that waits for sockets, timers and signals.
fn runtime() -> Result<Runtime, CommandError> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| {
        let error = system_error(&error);
        CommandError::failed(text!("无法建立事件循环：{error:#}", "the event loop cannot be set up: {error}"))
    })
}

/// Writes the error as one message to standard error, and returns the exit status.
pub fn conclude(result: Result<ExitStatus, CommandError>, language: Language) -> ExitStatus {
    let error = match result {
        Ok(status) => return status,
        Err(error) => error,
    };
    let status = error.exit_status();
    if status != ExitStatus::Done {
        // When stderr is gone too, there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "pickup-kiosk: {}", error.text().in_language(language));
    }
    status
}
