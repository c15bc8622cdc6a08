//! The simulated Vista Connect on HTTP: paths and names are case-sensitive, every call needs the token.
//!
//! Replies have the form of the document's samples: numbers as numbers here and as strings there, flags as
//! strings, dates as `\/Date(…)\/` or, in OData, as local time.

mod booking;
mod order;
mod showing;

use super::cinema::Cinema;
use super::faults::{CloudCall, CloudFaultKind, CloudFaults};
use super::orders::{Orders, Progress, SimulatedOrder};
use super::programme::Programme;
use super::settings::{CinemaSettings, VistaSettings};
use super::{Shared, at_present, lock};
use crate::config::settings::CloudPaths;
use crate::vista::{
    add_tickets, booking_status, cancel_order, codes, complete_order, order as get_order, refund_booking,
    start_payment,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// Largest request read, in bytes; real ones have a few hundred.
const REQUEST_MAX: usize = 64 * 1024;

/// Time for which a silent server holds a connection.
const SILENT_MAX: Duration = Duration::from_secs(600);

/// Web page, roughly as IIS would show it.
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Service</title></head><body><h1>Service</h1></body></html>";

/// UserSessionId of the document's samples.
const FIRST_ORDER: &str = "FTest201508060001";

/// InvalidRequestData.
const INVALID_REQUEST_DATA: i64 = 4;

#[derive(Clone)]
struct Service {
    cinema: Shared<Cinema>,
    faults: Shared<CloudFaults>,
    orders: Shared<Orders>,
    programme: Arc<Programme>,
    token: String,
    identity: CinemaSettings,
    timezone: TimeZone,
}

/// Serves until the task is dropped.
///
/// # Errors
/// Fails if the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    cinema: Shared<Cinema>,
    faults: Shared<CloudFaults>,
    settings: &VistaSettings,
    identity: &CinemaSettings,
) -> std::io::Result<()> {
    let programme = Arc::new(Programme::new(&lock(&cinema), Timestamp::now()));
    let orders = Arc::new(Mutex::new(first_order(&lock(&cinema))));
    let service = Service {
        cinema,
        orders,
        faults,
        programme,
        token: settings.token.clone(),
        identity: identity.clone(),
        timezone: identity.time_zone().unwrap_or(TimeZone::UTC),
    };
    axum::serve(listener, router(&CloudPaths::default()).with_state(service)).await
}

/// Creates the order that the first booking came from, as in the document's samples.
fn first_order(cinema: &Cinema) -> Orders {
    let Some(booking) = cinema.bookings.first() else { return Orders::default() };
    let price = booking.seats.first().map_or(0, |seat| seat.ticket.price.0);
    let session = booking.seats.first().map(|seat| seat.ticket.session_code.clone());
    let order = SimulatedOrder {
        session_id: session.unwrap_or_default(),
        seats: booking.seats.iter().map(|seat| seat.ticket.seat_name.clone()).collect(),
        price_cents: price,
        fee_cents: 0,
        progress: Progress::Booked(booking.number),
    };
    Orders::with(FIRST_ORDER, order)
}

fn router(at: &CloudPaths) -> Router<Service> {
    let session = format!("{}/cinemas/{{cinema}}/sessions/{{session}}", at.data);
    let ticketing = |path| format!("{}{path}", at.ticketing);
    let booking = |path| format!("{}{path}", at.booking);
    Router::new()
        .route(&format!("{}/Cinemas", at.odata), get(cinemas))
        .route(&format!("{}/GetNowShowingScheduledFilms", at.odata), get(films))
        .route(&format!("{session}/tickets"), get(ticket_types))
        .route(&format!("{session}/seat-plan"), get(seat_plan))
        .route(
            &ticketing(add_tickets::PATH),
            json_call(CloudCall::AddTickets, "Result", Service::add_tickets),
        )
        .route(&ticketing(get_order::PATH), json_call(CloudCall::Order, "Result", Service::order))
        .route(
            &ticketing(cancel_order::PATH),
            json_call(CloudCall::CancelOrder, "Result", Service::cancel_order),
        )
        .route(
            &ticketing(start_payment::PATH),
            json_call(CloudCall::StartPayment, "Result", Service::start_payment),
        )
        .route(
            &ticketing(complete_order::PATH),
            json_call(CloudCall::CompleteOrder, "Result", Service::complete_order),
        )
        .route(
            &booking(refund_booking::PATH),
            json_call(CloudCall::RefundBooking, "ResultCode", Service::refund_booking),
        )
        .route(
            &ticketing(booking_status::PATH),
            json_call(CloudCall::BookingStatus, "ResponseCode", Service::booking_status),
        )
        .route(&booking("/booking"), post(single_booking))
        .fallback(no_such_page)
        .layer(DefaultBodyLimit::max(REQUEST_MAX))
}

async fn no_such_page() -> Response {
    (StatusCode::NOT_FOUND, Html(PAGE)).into_response()
}

async fn cinemas(State(service): State<Service>, headers: HeaderMap, options: Options) -> Response {
    let act = |service: &Service| showing::cinemas(&service.identity, &options.0).ok_or(INVALID_REQUEST_DATA);
    service.call(&headers, CloudCall::Cinemas, "Code", act).await
}

type Options = Query<showing::Options>;

async fn films(State(service): State<Service>, headers: HeaderMap, options: Options) -> Response {
    let act = |service: &Service| {
        let list = showing::films(&service.programme, &service.identity, &service.timezone, &options.0);
        list.ok_or(INVALID_REQUEST_DATA)
    };
    service.call(&headers, CloudCall::Films, "Code", act).await
}

async fn ticket_types(
    State(service): State<Service>,
    Path((cinema, session)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let act =
        |service: &Service| showing::ticket_types(&service.programme, &service.identity, &cinema, &session);
    service.call(&headers, CloudCall::TicketTypes, "ResponseCode", act).await
}

async fn seat_plan(
    State(service): State<Service>,
    Path((cinema, session)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let act = |service: &Service| {
        let bookings = at_present(&service.cinema);
        let orders = lock(&service.orders);
        let taken =
            |session: &str, seat: &str| bookings.has_sold(session, seat) || orders.holds(session, seat);
        showing::seat_plan(&service.programme, &service.identity, taken, &cinema, &session)
    };
    service.call(&headers, CloudCall::SeatPlan, "ResponseCode", act).await
}

/// Returns the route of a call whose request is JSON. `field` is the name of the result code.
fn json_call(
    call: CloudCall,
    field: &'static str,
    act: fn(&Service, &Value) -> Result<Value, i64>,
) -> MethodRouter<Service> {
    post(move |State(service): State<Service>, headers: HeaderMap, body: Bytes| async move {
        let act = |service: &Service| act(service, &request(&body)?);
        service.call(&headers, call, field, act).await
    })
}

async fn single_booking(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> Response {
    let act = |service: &Service| service.single_booking(&body);
    service.call(&headers, CloudCall::SingleBooking, "ResultCode", act).await
}

fn request(body: &[u8]) -> Result<Value, i64> {
    serde_json::from_slice(body).map_err(|_| INVALID_REQUEST_DATA)
}

impl Service {
    /// Answers one call, with the time of day of the server's clock.
    async fn call(
        &self,
        headers: &HeaderMap,
        call: CloudCall,
        field: &'static str,
        act: impl FnOnce(&Self) -> Result<Value, i64>,
    ) -> Response {
        let ahead = lock(&self.faults).clock_ahead_s;
        let mut response = self.answered(headers, call, field, act).await;
        if ahead != 0
            && let Some(date) = date(Timestamp::now(), ahead)
        {
            response.headers_mut().insert(header::DATE, date);
        }
        response
    }

    /// Answers one call: its fault, the token check, then the action. `field` is the name of the result code.
    async fn answered(
        &self,
        headers: &HeaderMap,
        call: CloudCall,
        field: &'static str,
        act: impl FnOnce(&Self) -> Result<Value, i64>,
    ) -> Response {
        let fault = lock(&self.faults).take(call);
        if fault.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
        }
        match fault.kind {
            CloudFaultKind::Silent => return silence().await,
            CloudFaultKind::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return (status, [(header::LOCATION, "/elsewhere")], Html(PAGE)).into_response();
            }
            CloudFaultKind::Html => return Html(PAGE).into_response(),
            CloudFaultKind::Code(code) => return refusal(field, code, false),
            CloudFaultKind::None | CloudFaultKind::Truncated | CloudFaultKind::SilentAfter => {}
        }
        let token = headers.get("connectapitoken").map(|value| value.as_bytes());
        if token != Some(self.token.as_bytes()) {
            return (StatusCode::UNAUTHORIZED, Html(PAGE)).into_response();
        }
        let answer = act(self);
        if fault.kind == CloudFaultKind::SilentAfter {
            return silence().await;
        }
        let truncated = fault.kind == CloudFaultKind::Truncated;
        match answer {
            Ok(value) => reply(&value, truncated),
            Err(code) => refusal(field, code, truncated),
        }
    }
}

/// Formats a `Date` so many seconds from now.
fn date(now: Timestamp, ahead_s: i64) -> Option<HeaderValue> {
    let at = now.checked_add(jiff::SignedDuration::from_secs(ahead_s)).ok()?;
    HeaderValue::from_str(&at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

async fn silence() -> Response {
    tokio::time::sleep(SILENT_MAX).await;
    StatusCode::GATEWAY_TIMEOUT.into_response()
}

/// Builds a reply with a code and its description. OData has no such replies: it answers HTTP 400.
fn refusal(field: &'static str, code: i64, truncated: bool) -> Response {
    let why = codes::find(code).map(|row| row.english);
    match field {
        "ResultCode" => reply(&json!({ "Booking": null, "ErrorDescription": why, field: code }), truncated),
        "Result" => reply(&json!({ "Order": null, "ErrorDescription": why, field: code }), truncated),
        "ResponseCode" => reply(&json!({ "ResponseDescription": why, field: code }), truncated),
        _ => (StatusCode::BAD_REQUEST, Html(PAGE)).into_response(),
    }
}

fn reply(value: &Value, truncated: bool) -> Response {
    // A slash occurs in JSON only inside strings, where escaping it is always allowed; .NET does so.
    let mut text = value.to_string().replace('/', "\\/").into_bytes();
    if truncated {
        text.truncate(text.len() / 2);
    }
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}
