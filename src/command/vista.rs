//! `pickup-kiosk vista …`: the cloud's interfaces, for technicians.

pub(super) mod ordering;
mod seats;
mod table;

use super::args::{ConfigFile, Vista};
use super::{CommandError, ExitStatus};
use crate::config::{self, Loaded, Secrets, settings};
use crate::kiosk::assemble;
use crate::locale::{Text, text};
use crate::ticket::PickupCode;
use crate::vista::answer::Flag;
use crate::vista::cinemas::Cinema;
use crate::vista::client::{BookingStatus, Client, Exchange, VistaError};
use crate::vista::films::{self, Film};
use crate::vista::identity::UserSessionId;
use crate::vista::single_booking::Which;
use crate::vista::ticket_types::TicketType;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use table::Table;

/// Performs one action of `vista`.
///
/// # Errors
/// Returns an error for a wrong configuration or argument, or a cloud that doesn't answer or refuses.
pub fn run(args: &Vista) -> Result<ExitStatus, CommandError> {
    match args {
        Vista::Cinemas { common } => {
            let cinemas = Cloud::open(&common.config)?.client.cinemas().map_err(failed)?;
            if common.json { lines(&cinemas) } else { show(&cinema_table(&cinemas)) }
        }
        Vista::Films { common, day, all } => list_films(common.json, &common.config, *day, *all),
        Vista::Tickets { common, session } => {
            let types = Cloud::open(&common.config)?.client.ticket_types(session).map_err(failed)?;
            if common.json { lines(&types) } else { show(&type_table(&types)) }
        }
        Vista::Seats { common, session } => {
            let plan = Cloud::open(&common.config)?.client.seat_plan(session).map_err(failed)?;
            seats::show(session, plan.as_ref(), common.json)
        }
        Vista::Status { common, code, order } => match order {
            Some(order) => order_status(&Cloud::open(&common.config)?, order, common.json),
            None => booking(&Cloud::open(&common.config)?, code.as_deref().unwrap_or_default(), common.json),
        },
        Vista::Book { common, moving, session, ticket_type, seats, price_cents } => {
            let wish = ordering::Wish { session, ticket_type, seats, price_cents: *price_cents };
            ordering::book(common, moving, wish)
        }
        Vista::Order { common, order } => ordering::order(common, order),
        Vista::Cancel { common, moving, order } => ordering::cancel(common, moving, order),
        Vista::Refund { common, moving, code, fee_cents, keep_fee, reason } => {
            ordering::refund(common, moving, code, *fee_cents, *keep_fee, reason)
        }
    }
}

/// Configured cloud, with its client.
pub(super) struct Cloud {
    pub(super) loaded: Loaded,
    pub(super) secrets: Secrets,
    pub(super) client: Arc<Client>,
}

impl Cloud {
    fn open(config: &ConfigFile) -> Result<Self, CommandError> {
        let loaded = config::load(&config.path)?;
        let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        let secrets = loaded.secrets(credentials.as_deref())?;
        let client = assemble::cloud_client(&loaded, &secrets).map_err(super::run::start_error)?;
        let client = client.ok_or_else(|| loaded.fault("cloud", LEFT_OUT, NEEDS_CLOUD))?;
        let cloud = Self { loaded, secrets, client };
        ordering::take_up(&cloud)?;
        Ok(cloud)
    }

    pub(super) fn settings(&self) -> Result<&settings::Cloud, CommandError> {
        let cloud = self.loaded.settings.cloud.as_ref();
        Ok(cloud.ok_or_else(|| self.loaded.fault("cloud", LEFT_OUT, NEEDS_CLOUD))?)
    }
}

/// Finding for a table or key that is not there.
const LEFT_OUT: (&str, &str) = ("没有写", "left out");
const NEEDS_CLOUD: (&str, &str) = ("这条命令需要 [cloud]", "this command needs a [cloud]");

fn failed(error: VistaError) -> CommandError {
    let (zh, en) = if error.can_retry() {
        ("（稍后再试可能成功）", " (trying again later may help)")
    } else {
        ("", "")
    };
    CommandError::failed(text!("{error:#}{zh}", "{error}{en}"))
}

/// Writes the items as one JSON object a line.
fn lines<T: Serialize>(items: &[T]) -> Result<ExitStatus, CommandError> {
    let mut out = io::stdout().lock();
    for item in items {
        let line = serde_json::to_string(item).map_err(io::Error::other)?;
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn show(text: &impl std::fmt::Display) -> Result<ExitStatus, CommandError> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    out.flush()?;
    Ok(ExitStatus::Done)
}

// -- cinemas, films, ticket types --

fn cinema_table(cinemas: &[Cinema]) -> Table {
    let mut table = Table::new(&["ID", "name", "national id", "city", "address", "phone"]);
    for cinema in cinemas {
        table.row(&[
            Some(&cinema.id),
            cinema.name.as_deref(),
            cinema.national_id.as_deref(),
            cinema.city.as_deref(),
            cinema.address.as_deref(),
            cinema.phone.as_deref(),
        ]);
    }
    table
}

fn list_films(
    json: bool,
    config: &ConfigFile,
    day: Option<Date>,
    all: bool,
) -> Result<ExitStatus, CommandError> {
    let cloud = Cloud::open(config)?;
    let films = cloud.client.films().map_err(failed)?;
    let today = cloud.loaded.checked.timezone.to_datetime(Timestamp::now()).date();
    let films = if all { films } else { films::on_day(films, day.unwrap_or(today)) };
    if json { lines(&films) } else { show(&film_table(&films)) }
}

fn film_table(films: &[Film]) -> Table {
    let mut table = Table::new(&["film", "minutes", "session", "begins", "screen"]);
    for film in films {
        let title = film.title.as_deref().unwrap_or(&film.id);
        let minutes = film.run_time.map(|minutes| minutes.to_string());
        if film.sessions.is_empty() {
            table.row(&[Some(title), minutes.as_deref()]);
        }
        for (index, session) in film.sessions.iter().enumerate() {
            let begins = session.showtime.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
            let number = session.screen_number.map(|number| number.to_string());
            let screen = session.screen_name.as_deref().or(number.as_deref());
            let first = index == 0;
            table.row(&[
                first.then_some(title),
                minutes.as_deref().filter(|_| first),
                Some(&session.id),
                begins.as_deref(),
                screen,
            ]);
        }
    }
    table
}

fn type_table(types: &[TicketType]) -> Table {
    let mut table = Table::new(&["code", "name", "area", "price", "resale"]);
    for kind in types {
        let price = kind.price_cents.map(yuan);
        table.row(&[
            Some(&kind.code),
            kind.name.as_deref(),
            kind.area_category.as_deref(),
            price.as_deref(),
            kind.resale_price.as_deref(),
        ]);
    }
    table
}

/// Formats an amount in fen as 50.00.
pub(super) fn yuan(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

// -- what became of a booking or an order --

fn booking(cloud: &Cloud, code: &str, json: bool) -> Result<ExitStatus, CommandError> {
    let read = cloud.loaded.checked.codes.read(code);
    let code = read.map_err(|rejected| {
        CommandError::usage(text!(
            "{rejected:#}；请给取票号、验证码，或两者",
            "{rejected}; give a booking number, a booking ID or both"
        ))
    })?;
    let which = match &code {
        PickupCode::Id(id) => Which::Id(id),
        PickupCode::Number(number) => Which::Number(*number),
        PickupCode::Both(number, id) => Which::Both(*number, id),
    };
    let exchange = cloud.client.find_booking(which).map_err(failed)?;
    let Some(found) = &exchange.booking else {
        let why = VistaError::Code { code: exchange.code, said: None };
        return Err(CommandError::failed(why.text()));
    };
    if json {
        let tickets: Vec<_> = found
            .tickets
            .iter()
            .map(|ticket| {
                json!({ "sequence": ticket.sequence, "session": ticket.session_id,
                        "collected": flag(ticket.collected), "refunded": flag(ticket.refunded) })
            })
            .collect();
        return lines(&[json!({
            "booking_number": found.number.map(|number| number.to_string()), "cinema": found.cinema_id,
            "total_cents": exchange.total_cents, "cancelled": flag(found.cancelled), "tickets": tickets,
        })]);
    }
    show(&describe_booking(&exchange))
}

fn describe_booking(exchange: &Exchange) -> String {
    let Some(found) = &exchange.booking else { return String::new() };
    let mut table = Table::new(&["ticket", "session", "collected", "refunded"]);
    for ticket in &found.tickets {
        let sequence = ticket.sequence.map(|sequence| sequence.to_string());
        table.row(&[
            sequence.as_deref(),
            ticket.session_id.as_deref(),
            Some(word(ticket.collected)),
            Some(word(ticket.refunded)),
        ]);
    }
    let number = found.number.map_or_else(|| "without a number".into(), |number| number.to_string());
    let cinema = found.cinema_id.as_deref().unwrap_or("not said");
    let total = exchange.total_cents.map_or_else(|| "not said".into(), yuan);
    let cancelled = word(found.cancelled);
    format!("booking {number}, cinema {cinema}, total {total}, cancelled: {cancelled}\n{table}")
}

fn word(flag: Flag) -> &'static str {
    match flag {
        Flag::Yes => "yes",
        Flag::No => "no",
        Flag::Unknown => "unknown",
    }
}

fn flag(flag: Flag) -> Option<bool> {
    match flag {
        Flag::Yes => Some(true),
        Flag::No => Some(false),
        Flag::Unknown => None,
    }
}

fn order_status(cloud: &Cloud, order: &UserSessionId, json: bool) -> Result<ExitStatus, CommandError> {
    let status = cloud.client.booking_status(order).map_err(failed)?;
    let BookingStatus::Booked(summary) = status else {
        let why = match status {
            BookingStatus::Ambiguous => Text::new(
                "有几个订单用了这个名称；请询问影院",
                "several bookings have this order's name; ask the cinema",
            ),
            _ => Text::new(
                "没有订单：没有完成，或已取消",
                "no booking: it was never completed, or it has been cancelled",
            ),
        };
        return Err(CommandError::failed(text!("{order}：{why:#}", "order {order}: {why}")));
    };
    let number = summary.number.map(|number| number.to_string());
    if json {
        return lines(&[json!({
            "order": order.as_str(), "booking_number": number, "cinema": summary.cinema_id,
            "total_cents": summary.total_cents,
        })]);
    }
    let number = number.as_deref().unwrap_or("without a number");
    let total = summary.total_cents.map_or_else(|| "not said".into(), yuan);
    let cinema = summary.cinema_id.as_deref().unwrap_or("not said");
    show(&format!("order {order}: booking {number}, cinema {cinema}, total {total}\n"))
}
