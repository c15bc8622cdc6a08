//! Arguments to one command to an exit status. No logic.

use clap::Parser;
use pickup_kiosk::command::{self, ExitStatus, args::Cli, logger};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            // Help and versions come this way too, and go to stdout. A closed one is no reason to panic.
            let _ = message.print();
            let status = if message.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done };
            return status.into();
        }
    };
    logger::start();
    let language = cli.language();
    command::conclude(command::perform(cli.command, language), language).into()
}
