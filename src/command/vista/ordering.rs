//! `vista book`, `order`, `cancel` and `refund`: the commands that hold seats and move money. They need
//! `order_token_file`, ask first, and refuse an environment that isn't marked as a test without `--live`.

use super::{Cloud, LEFT_OUT, failed, lines, show, yuan};
use crate::command::args::{AskCloud, ConfigFile, Moving};
use crate::command::{CommandError, ExitStatus};
use crate::config::settings;
use crate::kiosk::control::{self, Request};
use crate::kiosk::orders::pending::Pending;
use crate::kiosk::orders::{self, Orders};
use crate::kiosk::stopped::NO_CHANCE;
use crate::locale::{system_error, text};
use crate::ticket::PickupCode;
use crate::vista::add_tickets::Tickets;
use crate::vista::client::{BookingStatus, VistaError};
use crate::vista::flow::check::{self, Agreed};
use crate::vista::flow::order::End;
use crate::vista::flow::refund;
use crate::vista::identity::UserSessionId;
use crate::vista::refund_booking::Amount;
use crate::vista::single_booking::Which;
use jiff::Timestamp;
use serde_json::json;
use std::io::{self, BufRead, Read, Write};

/// Longest answer read, in bytes.
const ANSWER_MAX: u64 = 64;

/// Cloud with the token that may order.
pub(in crate::command) struct OrderingCloud {
    /// Cloud with the token that can query.
    pub(in crate::command) cloud: Cloud,
    /// Orders, with the token that may order (`[cloud] order_token_file`).
    pub(in crate::command) orders: Orders,
}

impl OrderingCloud {
    /// Opens the cloud for orders. With `moving`, money moves, so a live environment needs `--live`.
    pub(in crate::command) fn open(
        config: &ConfigFile,
        moving: Option<&Moving>,
    ) -> Result<Self, CommandError> {
        let cloud = Cloud::open(config)?;
        let orders =
            Orders::new(&cloud.loaded, &cloud.secrets).map_err(|error| CommandError::usage(error.text()))?;
        let Some(orders) = orders else {
            let right = (
                "这条命令需要能下单的令牌；大堂里的取票机没有",
                "this command needs a token that can order; kiosks in lobbies don't have one",
            );
            return Err(cloud.loaded.fault("cloud.order_token_file", LEFT_OUT, right).into());
        };
        if let Some(moving) = moving {
            allowed(cloud.settings()?, moving)?;
        }
        Ok(Self { cloud, orders })
    }

    /// Takes the orders' lock. A running kiosk is told, so that it takes up what this command leaves if it is killed.
    pub(in crate::command) fn pending(&self) -> Result<Pending, CommandError> {
        let folder = &self.cloud.loaded.settings.kiosk.state_dir;
        let opened = self.orders.open(&mut tell_log).map_err(|error| at(folder, &error))?;
        let busy = (
            "另一条命令或正在运行的取票程序正在本机处理订单",
            "another command, or the running kiosk, is at work on an order on this machine",
        );
        let pending = opened.ok_or_else(|| CommandError::failed(busy))?;
        if let Err(error) = control::call(folder, &Request::OrderBegun) {
            log::debug!("the running kiosk could not be told: {error}");
        }
        Ok(pending)
    }
}

/// Writes a step to the log, for what nobody asked for just now.
fn tell_log(step: &str) -> io::Result<()> {
    log::info!("unfinished order: {step}");
    Ok(())
}

fn at(folder: &std::path::Path, error: &io::Error) -> CommandError {
    let (folder, error) = (folder.display(), system_error(error));
    CommandError::failed(text!("{folder}：{error:#}", "{folder}: {error}"))
}

fn allowed(cloud: &settings::Cloud, moving: &Moving) -> Result<(), CommandError> {
    if cloud.test || moving.live {
        return Ok(());
    }
    Err(CommandError::usage((
        "[cloud] 没有标为 test = true：这会是真实的订单。确实要这样请加 --live",
        "[cloud] is not marked test = true: this would be a real order. Give --live if that is meant",
    )))
}

/// Asks on the terminal; only `yes` goes on.
pub(in crate::command) fn confirmed(question: &str) -> Result<(), CommandError> {
    let mut err = io::stderr().lock();
    write!(err, "{question} Type yes to go on: ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().take(ANSWER_MAX).read_line(&mut answer)?;
    writeln!(err)?;
    if answer.trim() == "yes" {
        Ok(())
    } else {
        Err(CommandError::failed(("没有确认：什么也没有做", "not confirmed: nothing was done")))
    }
}

/// Returns a function that writes a step to standard output, as text or as a JSON object.
fn teller(as_json: bool) -> impl FnMut(&str) -> io::Result<()> {
    move |step| {
        let mut out = io::stdout().lock();
        if as_json {
            writeln!(out, "{}", json!({ "step": step }))?
        } else {
            writeln!(out, "  {step}")?
        }
        out.flush()
    }
}

// -- ordering --

/// Tickets that `book` is to order.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    /// Session, by its SessionId.
    pub session: &'a str,
    /// Ticket type, by its TicketTypeCode.
    pub ticket_type: &'a str,
    /// Seats by their names, such as 7排10座.
    pub seats: &'a [String],
    /// Expected price of a ticket, in fen (`--price-cents`).
    pub price_cents: Option<i64>,
}

/// Orders tickets, from the check of the seats to the booking or the last word.
pub(super) fn book(common: &AskCloud, moving: &Moving, wish: Wish<'_>) -> Result<ExitStatus, CommandError> {
    let ordering_cloud = OrderingCloud::open(&common.config, Some(moving))?;
    let tickets = choose(&ordering_cloud, wish)?;
    let session_at = session_at(&ordering_cloud, wish.session)?;
    confirmed(&format!("This orders {} at {}.", wish.seats.join(" "), ordering_cloud.cloud.settings()?.url))?;
    let pending = ordering_cloud.pending()?;
    let name = orders::name().ok_or_else(no_name)?;
    let mut tell = teller(common.json);
    let ordered = ordering_cloud.orders.order(&pending, name, tickets, session_at, &mut tell)?;
    let (state, end) = (&ordered.state, ordered.end());
    if common.json {
        lines(&[json!({
            "order": state.order.as_str(), "end": end, "code": ordered.code(),
            "booking_number": state.number.map(|number| number.to_string()),
            "total_cents": state.total.map(|total| total.total_cents),
        })])?;
    } else {
        let total = state.total.map_or_else(String::new, |total| format!(", {}", yuan(total.total_cents)));
        let code = ordered.code().map_or_else(String::new, |code| format!(": {code}"));
        show(&format!("order {}: {}{total}{code}\n", state.order, orders::sentence(end)))?;
    }
    Ok(if end == End::Booked { ExitStatus::Done } else { ExitStatus::Failed })
}

fn no_name() -> CommandError {
    CommandError::failed(NO_CHANCE)
}

/// Checks seats, area and price (① of the flow) before anything is ordered.
fn choose(ordering_cloud: &OrderingCloud, wish: Wish<'_>) -> Result<Tickets, CommandError> {
    let Wish { session, ticket_type, seats, price_cents } = wish;
    let plan = ordering_cloud.orders.client.seat_plan(session).map_err(failed)?;
    let none = ("影院不出售这个场次的座位（67）", "the cinema sells no seats of this session (67)");
    let plan = plan.ok_or_else(|| CommandError::failed(none))?;
    let types = ordering_cloud.orders.client.ticket_types(session).map_err(failed)?;
    let agreed = Agreed { price_cents, ..ordering_cloud.orders.agreed() };
    check::choose(session, &plan, &types, ticket_type, agreed, seats)
        .map_err(|error| CommandError::failed(text!("{error:#}；没有下单", "{error}; nothing was ordered")))
}

/// Returns the session's start, for Result 8; `None` if the cloud does not name it.
fn session_at(ordering_cloud: &OrderingCloud, session: &str) -> Result<Option<Timestamp>, CommandError> {
    let films = ordering_cloud.orders.client.films().map_err(failed)?;
    let found = films.iter().flat_map(|film| &film.sessions).find(|found| found.id == session);
    let zone = &ordering_cloud.cloud.loaded.checked.timezone;
    Ok(found.and_then(|session| session.showtime).and_then(|at| zone.to_timestamp(at).ok()))
}

/// Takes up an order that an earlier command left unfinished.
pub(super) fn take_up(cloud: &Cloud) -> Result<(), CommandError> {
    let folder = &cloud.loaded.settings.kiosk.state_dir;
    if !orders::is_left(folder) {
        return Ok(());
    }
    let found = Orders::new(&cloud.loaded, &cloud.secrets);
    let Some(found) = found.map_err(|error| CommandError::usage(error.text()))? else {
        log::warn!("an order is unfinished, but there is no order_token_file to finish it with");
        return Ok(());
    };
    // The holder of the lock is at work on it.
    found.open(&mut tell_log).map_err(|error| at(folder, &error))?;
    Ok(())
}

// -- an order that is there --

/// Shows the state of an order, with the code of its booking.
pub(super) fn order(common: &AskCloud, name: &UserSessionId) -> Result<ExitStatus, CommandError> {
    let ordering_cloud = OrderingCloud::open(&common.config, None)?;
    let found = match ordering_cloud.orders.client.order(name) {
        Ok(found) => Some(found),
        Err(VistaError::Code { .. }) => None,
        Err(error) => return Err(failed(error)),
    };
    let status = ordering_cloud.orders.client.booking_status(name).map_err(failed)?;
    let (number, code) = match &status {
        BookingStatus::Booked(summary) => {
            let code = summary.number.zip(summary.id.as_ref());
            (summary.number, code.map(|(number, id)| format!("{number}|{}", id.expose())))
        }
        _ => (None, None),
    };
    let state = match (&status, found.as_ref().map(|order| order.cinema_id.is_some())) {
        (BookingStatus::Booked(_), _) => "booked",
        (_, Some(true)) => "tickets added, not completed",
        (_, Some(false)) => "completed, but no booking is found",
        (_, None) => "no such order",
    };
    if common.json {
        lines(&[json!({
            "order": name.as_str(), "state": state, "code": code,
            "booking_number": number.map(|number| number.to_string()),
        })])?;
    } else {
        let code = code.map_or_else(String::new, |code| format!(": {code}"));
        show(&format!("order {name}: {state}{code}\n"))?;
    }
    Ok(if state == "no such order" { ExitStatus::Failed } else { ExitStatus::Done })
}

/// Cancels an order, so that its seats are free again.
pub(super) fn cancel(
    common: &AskCloud,
    moving: &Moving,
    name: &UserSessionId,
) -> Result<ExitStatus, CommandError> {
    let ordering_cloud = OrderingCloud::open(&common.config, Some(moving))?;
    confirmed(&format!("This cancels order {name}."))?;
    ordering_cloud.orders.client.cancel_order(name).map_err(failed)?;
    if common.json {
        lines(&[json!({ "order": name.as_str(), "cancelled": true })])
    } else {
        show(&format!("order {name}: cancelled\n"))
    }
}

// -- refunding --

/// Refunds a booking that has not been printed.
pub(super) fn refund(
    common: &AskCloud,
    moving: &Moving,
    code: &str,
    fee_cents: i64,
    keep_fee: bool,
    reason: &str,
) -> Result<ExitStatus, CommandError> {
    let ordering_cloud = OrderingCloud::open(&common.config, Some(moving))?;
    let read = ordering_cloud.cloud.loaded.checked.codes.read(code);
    let code = read.map_err(|rejected| {
        CommandError::usage(text!(
            "{rejected:#}；请给取票号或验证码",
            "{rejected}; give a booking number or ID"
        ))
    })?;
    let which = match &code {
        PickupCode::Id(id) => Which::Id(id),
        PickupCode::Number(number) => Which::Number(*number),
        PickupCode::Both(number, id) => Which::Both(*number, id),
    };
    let exchange = ordering_cloud.orders.client.find_booking(which).map_err(failed)?;
    let number = exchange.booking.as_ref().and_then(|booking| booking.number);
    let (Some(number), Some(total_cents)) = (number, exchange.total_cents) else {
        return Err(failed(VistaError::Code { code: exchange.code, said: None }));
    };
    if !(0..=total_cents).contains(&fee_cents) {
        return Err(CommandError::usage(text!(
            "--fee-cents：应为 0 到 {total_cents}，即已付金额",
            "--fee-cents: must be from 0 to {total_cents}, what was paid"
        )));
    }
    let amount = Amount { total_cents, fee_cents, with_fee: !keep_fee };
    confirmed(&format!("This refunds booking {number}, {}.", yuan(amount.refund_cents())))?;
    let pending = ordering_cloud.pending()?;
    let end = ordering_cloud.orders.refund(&pending, number, amount, reason, &mut teller(common.json))?;
    if common.json {
        lines(&[
            json!({ "booking_number": number.to_string(), "end": end, "refund_cents": amount.refund_cents() }),
        ])?;
    } else {
        show(&format!("booking {number}: {}\n", orders::refund_sentence(end)))?;
    }
    Ok(if end == refund::End::Refunded { ExitStatus::Done } else { ExitStatus::Failed })
}
