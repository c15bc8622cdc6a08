//! `vista book`, `order`, `cancel`, `refund`: what holds seats and moves money. They need `order_token_file`, ask first,
//! and refuse an environment that isn't marked as a test without `--live`.

use super::pending::{Pending, Work};
use super::perform::Performer;
use super::{Cloud, failed, lines, show, yuan};
use crate::command::args::{AskCloud, Moving};
use crate::command::{CommandError, ExitStatus};
use crate::config::settings::{self, Ordering};
use crate::ticket::PickupCode;
use crate::vista::client::{BookingStatus, Client, VistaError};
use crate::vista::flow::check;
use crate::vista::flow::order::{self, End, Why};
use crate::vista::flow::{Times, refund};
use crate::vista::identity::UserSessionId;
use crate::vista::refund_booking::Amount;
use crate::vista::single_booking::Which;
use jiff::Timestamp;
use serde_json::json;
use std::io::{self, BufRead, Read, Write};

/// Orders are named with so many random bytes, written as hex: 32 characters, as many as the field has.
const NAME_BYTES: usize = 16;

/// The longest answer read, bytes.
const ANSWER_MAX: u64 = 64;

/// The cloud with the token that may order.
struct Orders {
    cloud: Cloud,
    client: Client,
    terms: Ordering,
}

impl Orders {
    /// `moving`: money moves, so a live environment must be meant.
    fn open(common: &AskCloud, moving: Option<&Moving>) -> Result<Self, CommandError> {
        let cloud = Cloud::open(&common.config)?;
        let settings = cloud.settings()?.clone();
        let Some(token) = &cloud.secrets.order_token else {
            let right = "this command needs a token that can order; kiosks in lobbies don't have one";
            return Err(cloud.loaded.fault("cloud.order_token_file", "left out", right).into());
        };
        if let Some(moving) = moving {
            allowed(&settings, moving)?;
        }
        let client = Client::new(&settings, &cloud.loaded.settings.cinema.id, token.expose())
            .map_err(|error| CommandError::Usage(error.to_string()))?;
        Ok(Self { cloud, client, terms: settings.ordering })
    }

    fn pending(&self) -> Result<Pending, CommandError> {
        let folder = &self.cloud.loaded.settings.kiosk.state_dir;
        let opened = Pending::open(folder).map_err(|error| at(folder, &error))?;
        opened.ok_or_else(|| CommandError::Failed("another vista command is at work on this machine".into()))
    }
}

fn at(folder: &std::path::Path, error: &io::Error) -> CommandError {
    CommandError::Failed(format!("{}: {error}", folder.display()))
}

fn allowed(cloud: &settings::Cloud, moving: &Moving) -> Result<(), CommandError> {
    if cloud.test || moving.live {
        return Ok(());
    }
    let text = "[cloud] is not marked test = true: this would be a real order. Give --live if that is meant";
    Err(CommandError::Usage(text.into()))
}

/// Asks on the terminal; only `yes` goes on.
fn confirmed(question: &str) -> Result<(), CommandError> {
    let mut err = io::stderr().lock();
    write!(err, "{question} Type yes to go on: ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().take(ANSWER_MAX).read_line(&mut answer)?;
    writeln!(err)?;
    if answer.trim() == "yes" {
        Ok(())
    } else {
        Err(CommandError::Failed("not confirmed: nothing was done".into()))
    }
}

/// Tells a step, as text or as a JSON object.
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

/// Orders, from the check of the seats to the booking or to the last word.
pub(super) fn book(
    common: &AskCloud,
    moving: &Moving,
    session: &str,
    ticket_type: &str,
    seats: &[String],
) -> Result<ExitStatus, CommandError> {
    let orders = Orders::open(common, Some(moving))?;
    let plan = orders.client.seat_plan(session).map_err(failed)?;
    let plan =
        plan.ok_or_else(|| CommandError::Failed("the cinema sells no seats of this session (67)".into()))?;
    let types = orders.client.ticket_types(session).map_err(failed)?;
    let fee = orders.terms.booking_fee_cents;
    let tickets = check::choose(session, &plan, &types, ticket_type, fee, seats)
        .map_err(|error| CommandError::Failed(format!("{error}; nothing was ordered")))?;
    let session_at = session_at(&orders, session)?;
    confirmed(&format!("This orders {} at {}.", seats.join(" "), orders.cloud.settings()?.url))?;
    let pending = orders.pending()?;
    let state = order::State::new(name()?, tickets, polls(&orders.terms), refunds(&orders.terms));
    let state = state.with_sales_end(session_at, orders.terms.sales_end_minutes.into());
    let mut tell = teller(common.json);
    tell(&format!("order {}", state.order))?;
    let mut performer = Performer {
        client: &orders.client,
        terms: &orders.terms,
        reason: "order failed",
        tell: &mut tell,
        id: None,
    };
    let state = performer.order(&pending, state, order::Input::Begin)?;
    let code = match (state.number, performer.id) {
        (Some(number), Some(id)) => Some(format!("{number}|{}", id.expose())),
        _ => None,
    };
    let end = state.end().unwrap_or(End::ContactCinema);
    if common.json {
        lines(&[json!({
            "order": state.order.as_str(), "end": end, "code": code,
            "booking_number": state.number.map(|number| number.to_string()),
            "total_cents": state.total.map(|total| total.total_cents),
        })])?;
    } else {
        let total = state.total.map_or_else(String::new, |total| format!(", {}", yuan(total.total_cents)));
        let code = code.map_or_else(String::new, |code| format!(": {code}"));
        show(&format!("order {}: {}{total}{code}\n", state.order, sentence(end)))?;
    }
    Ok(if end == End::Booked { ExitStatus::Done } else { ExitStatus::Failed })
}

/// When the session begins, for Result 8; a cloud that doesn't say leaves it open.
fn session_at(orders: &Orders, session: &str) -> Result<Option<Timestamp>, CommandError> {
    let films = orders.client.films().map_err(failed)?;
    let found = films.iter().flat_map(|film| &film.sessions).find(|found| found.id == session);
    let zone = &orders.cloud.loaded.checked.timezone;
    Ok(found.and_then(|session| session.showtime).and_then(|at| zone.to_timestamp(at).ok()))
}

fn name() -> Result<UserSessionId, CommandError> {
    let mut bytes = [0_u8; NAME_BYTES];
    let no_name = || CommandError::Failed("the system gives no random numbers".into());
    getrandom::fill(&mut bytes).map_err(|_| no_name())?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    UserSessionId::parse(&text).ok_or_else(no_name)
}

/// What an end means, and what to do about it.
pub(super) fn sentence(end: End) -> &'static str {
    match end {
        End::Booked => "booked",
        End::SeatsGone { sales_ended: true } => "not booked: the session's sales have ended",
        End::SeatsGone { sales_ended: false } => "not booked: the seats are gone",
        End::NotBooked(Why::NotAdded) => "not booked: the seats could not be held; nothing is held",
        End::NotBooked(Why::PaymentRefused) => {
            "not booked: the payment could not begin; the seats are free again"
        }
        End::NotBooked(Why::NeverBooked) => "not booked after every query; cancelled: give the payment back",
        End::NotReleased(_) => {
            "not booked; the seats may be held until Vista lets them go. If they stay, contact the cinema"
        }
        End::Refunded => "booked and refunded: give the payment back",
        End::ContactCinema => {
            "it cannot be told whether it is booked: contact the cinema with the order's name"
        }
    }
}

/// Takes up what a command before this one left on its way.
pub(super) fn take_up(cloud: &Cloud) -> Result<(), CommandError> {
    let folder = &cloud.loaded.settings.kiosk.state_dir;
    if !folder.join(super::pending::PENDING).exists() {
        return Ok(());
    }
    // Whoever holds the lock is at work on it.
    let Some(pending) = Pending::open(folder).map_err(|error| at(folder, &error))? else { return Ok(()) };
    let Some(work) = pending.load().map_err(|error| at(folder, &error))? else { return Ok(()) };
    let settings = cloud.settings()?;
    let Some(token) = &cloud.secrets.order_token else {
        log::warn!("an order is unfinished, but there is no order_token_file to finish it with");
        return Ok(());
    };
    let client = Client::new(settings, &cloud.loaded.settings.cinema.id, token.expose())
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    let mut tell = |step: &str| {
        log::info!("unfinished order: {step}");
        Ok(())
    };
    let mut performer = Performer {
        client: &client,
        terms: &settings.ordering,
        reason: "order failed",
        tell: &mut tell,
        id: None,
    };
    match work {
        Work::Order(state) => {
            let state = performer.order(&pending, state, order::Input::Resumed)?;
            let end = state.end().unwrap_or(End::ContactCinema);
            log::info!("unfinished order {}: {}", state.order, sentence(end));
        }
        Work::Refund(state) => {
            let state = performer.refund(&pending, state, refund::Input::Resumed)?;
            let end = state.end().unwrap_or(refund::End::ContactCinema);
            log::info!("unfinished refund of booking {}: {}", state.number, refund_sentence(end));
        }
    }
    Ok(())
}

// -- an order that is there --

/// What became of an order, with the code of its booking.
pub(super) fn order(common: &AskCloud, name: &UserSessionId) -> Result<ExitStatus, CommandError> {
    let orders = Orders::open(common, None)?;
    let found = match orders.client.order(name) {
        Ok(found) => Some(found),
        Err(VistaError::Code { .. }) => None,
        Err(error) => return Err(failed(error)),
    };
    let status = orders.client.booking_status(name).map_err(failed)?;
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

/// Lets an order's seats go.
pub(super) fn cancel(
    common: &AskCloud,
    moving: &Moving,
    name: &UserSessionId,
) -> Result<ExitStatus, CommandError> {
    let orders = Orders::open(common, Some(moving))?;
    confirmed(&format!("This cancels order {name}."))?;
    orders.client.cancel_order(name).map_err(failed)?;
    if common.json {
        lines(&[json!({ "order": name.as_str(), "cancelled": true })])
    } else {
        show(&format!("order {name}: cancelled\n"))
    }
}

// -- refunding --

/// Gives a booking back that has not been printed.
pub(super) fn refund(
    common: &AskCloud,
    moving: &Moving,
    code: &str,
    fee_cents: i64,
    keep_fee: bool,
    reason: &str,
) -> Result<ExitStatus, CommandError> {
    let orders = Orders::open(common, Some(moving))?;
    let read = orders.cloud.loaded.checked.codes.read(code);
    let code =
        read.map_err(|rejected| CommandError::Usage(format!("{rejected}; give a booking number or ID")))?;
    let which = match &code {
        PickupCode::Id(id) => Which::Id(id),
        PickupCode::Number(number) => Which::Number(*number),
        PickupCode::Both(number, id) => Which::Both(*number, id),
    };
    let exchange = orders.client.find_booking(which).map_err(failed)?;
    let number = exchange.booking.as_ref().and_then(|booking| booking.number);
    let (Some(number), Some(total_cents)) = (number, exchange.total_cents) else {
        return Err(failed(VistaError::Code { code: exchange.code, said: None }));
    };
    if !(0..=total_cents).contains(&fee_cents) {
        return Err(CommandError::Usage(format!(
            "--fee-cents: must be from 0 to {total_cents}, what was paid"
        )));
    }
    let amount = Amount { total_cents, fee_cents, with_fee: !keep_fee };
    confirmed(&format!("This refunds booking {number}, {}.", yuan(amount.refund_cents())))?;
    let pending = orders.pending()?;
    let mut tell = teller(common.json);
    let mut performer =
        Performer { client: &orders.client, terms: &orders.terms, reason, tell: &mut tell, id: None };
    let state = refund::State::new(number, amount, refunds(&orders.terms));
    let state = performer.refund(&pending, state, refund::Input::Begin)?;
    let end = state.end().unwrap_or(refund::End::ContactCinema);
    if common.json {
        lines(&[
            json!({ "booking_number": number.to_string(), "end": end, "refund_cents": amount.refund_cents() }),
        ])?;
    } else {
        show(&format!("booking {number}: {}\n", refund_sentence(end)))?;
    }
    Ok(if end == refund::End::Refunded { ExitStatus::Done } else { ExitStatus::Failed })
}

fn refund_sentence(end: refund::End) -> &'static str {
    match end {
        refund::End::Refunded => "refunded",
        refund::End::Printed => {
            "not refunded: it has been printed, and printed tickets are refunded at the cinema's desk alone \
             (已打印的票请到影城前台办理退票)"
        }
        refund::End::NoSuchBooking => "not refunded: there is no such booking",
        refund::End::ContactCinema => "not refunded after every try: contact the cinema",
    }
}

fn polls(terms: &Ordering) -> Times {
    Times { count: terms.polls, seconds: terms.poll_seconds }
}

fn refunds(terms: &Ordering) -> Times {
    Times { count: terms.refund_tries, seconds: terms.refund_seconds }
}
