//! Arguments of `vista` and `acceptance`.

use super::{ConfigFile, date, reason};
use crate::vista::identity::UserSessionId;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;

/// Arguments of every command that asks the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct AskCloud {
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFile,
    /// JSON objects, one a line
    #[arg(long)]
    pub json: bool,
}

/// Actions of `vista`.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Vista {
    /// List the cinemas that the token may see
    Cinemas {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
    },
    /// List the films on sale with today's sessions
    Films {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// The sessions of this day instead
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
        day: Option<Date>,
        /// All sessions, whatever their day
        #[arg(long, conflicts_with = "day")]
        all: bool,
    },
    /// List the ticket types of a session
    Tickets {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// The session, by the number that films gives it
        #[arg(value_name = "SESSION", value_parser = session)]
        session: String,
    },
    /// Draw the seat plan of a session
    Seats {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// The session, by the number that films gives it
        #[arg(value_name = "SESSION", value_parser = session)]
        session: String,
    },
    /// Say what became of a booking, or of an order
    Status {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// A code with a booking number, a booking ID or both
        #[arg(value_name = "CODE", required_unless_present = "order")]
        code: Option<String>,
        /// An order instead, by its UserSessionId
        #[arg(long, value_name = "ID", value_parser = order, conflicts_with = "code")]
        order: Option<UserSessionId>,
    },
    /// Order tickets for chosen seats, step by step, to the booking or to the last word
    Book {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// Arguments of every command that holds seats or moves money.
        #[command(flatten)]
        moving: Moving,
        /// The session, by the number that films gives it
        #[arg(value_name = "SESSION", value_parser = session)]
        session: String,
        /// The ticket type, by the code that tickets gives it
        #[arg(long = "type", value_name = "CODE", value_parser = session)]
        ticket_type: String,
        /// The seats, by the names that seats draws: 7排10座,7排9座
        #[arg(long, value_name = "SEAT,…", value_delimiter = ',', required = true)]
        seats: Vec<String>,
        /// Expected price of a ticket, fen; another price is refused
        #[arg(long, value_name = "FEN")]
        price_cents: Option<i64>,
    },
    /// Say how far an order is, and its booking's code
    Order {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// UserSessionId of the order
        #[arg(value_name = "ORDER", value_parser = order)]
        order: UserSessionId,
    },
    /// Let the seats of an order go that was not completed
    Cancel {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// Arguments of every command that holds seats or moves money.
        #[command(flatten)]
        moving: Moving,
        /// UserSessionId of the order
        #[arg(value_name = "ORDER", value_parser = order)]
        order: UserSessionId,
    },
    /// Refund a booking that has not been printed
    Refund {
        /// Arguments of every command that asks the cloud.
        #[command(flatten)]
        common: AskCloud,
        /// Arguments of every command that holds seats or moves money.
        #[command(flatten)]
        moving: Moving,
        /// A code with a booking number, a booking ID or both
        #[arg(value_name = "CODE")]
        code: String,
        /// The booking fee that is in the total, fen
        #[arg(long, value_name = "FEN", default_value_t = 0)]
        fee_cents: i64,
        /// Keep the booking fee
        #[arg(long)]
        keep_fee: bool,
        /// Reason, for the cinema's books
        #[arg(long, value_name = "TEXT", value_parser = reason, default_value = "Test")]
        reason: String,
    },
}

/// Arguments of `acceptance`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Acceptance {
    /// Arguments of every command that asks the cloud.
    #[command(flatten)]
    pub common: AskCloud,
    /// Arguments of every command that holds seats or moves money.
    #[command(flatten)]
    pub moving: Moving,
    /// Showing, by the number that `films` gives it; else the next one
    #[arg(long, value_name = "SESSION", value_parser = session)]
    pub session: Option<String>,
    /// Ticket type, by the code that `tickets` gives it; else the cheapest one
    #[arg(long = "type", value_name = "CODE", value_parser = session)]
    pub ticket_type: Option<String>,
    /// In a test environment, wait 305 s to see whether a claim lapses; else 5 s
    #[arg(long)]
    pub wait_for_lapse: bool,
    /// File for the report; else acceptance-KIOSK-DATE-TIME.txt, here
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of every command that holds seats or moves money.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Moving {
    /// Do it although [cloud] isn't marked test = true
    #[arg(long)]
    pub live: bool,
}

fn session(text: &str) -> Result<String, String> {
    let fits = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(text.to_owned()) } else { Err("must be a SessionId, such as 29617".to_owned()) }
}

fn order(text: &str) -> Result<UserSessionId, String> {
    UserSessionId::parse(text).ok_or_else(|| "must be a UserSessionId: 1 to 32 letters and digits".to_owned())
}
