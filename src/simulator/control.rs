//! HTTP endpoint that controls the rig while it runs: its faults, its printer and the counter. Loopback only.
//!
//! `GET /faults` · `PUT /faults` (JSON, replaces all) · `GET /bookings` · `POST /bookings/{number}/collect` (the
//! counter prints it) · `POST /bookings/{number}/refund?seat=NAME` (without a seat: all of them) ·
//! `POST /bookings/{number}/reset` (staff put an issued booking back that is not reported) ·
//! `GET /printer` · `PUT /printer` (see [`printer`]).

mod printer;

use super::cinema::{Booking, Cinema, Seat};
use super::faults::{CloudFaults, Faults};
use super::sarft::SiteFaults;
use super::{Shared, at_present, lock};
use crate::ticket::BookingNumber;
use crate::virtual_printer::VirtualPrinter;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::fmt;
use tokio::net::TcpListener;

/// Largest request read, in bytes.
const REQUEST_MAX: usize = 64 * 1024;

/// Objects that the endpoint controls.
#[derive(Clone)]
pub struct Handles {
    /// Bookings of the cinema.
    pub cinema: Shared<Cinema>,
    /// Faults of the on-site service.
    pub site_faults: Shared<SiteFaults>,
    /// Faults of the cloud.
    pub cloud_faults: Shared<CloudFaults>,
    /// The virtual printer, if there is one.
    pub printer: Option<Shared<VirtualPrinter>>,
}

impl fmt::Debug for Handles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handles").field("faults", &self.faults()).finish_non_exhaustive()
    }
}

impl Handles {
    /// Returns the current faults, with their remaining counts.
    pub fn faults(&self) -> Faults {
        Faults { site: lock(&self.site_faults).clone(), cloud: lock(&self.cloud_faults).clone() }
    }

    /// Replaces all faults.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.site_faults) = faults.site;
        *lock(&self.cloud_faults) = faults.cloud;
    }
}

/// Serves until the task is dropped.
///
/// # Errors
/// Fails if the listener fails for good.
pub async fn serve(listener: TcpListener, handles: Handles) -> std::io::Result<()> {
    let router = Router::new()
        .route("/faults", get(read_faults).put(write_faults))
        .route("/bookings", get(bookings))
        .route("/bookings/{number}/collect", post(collect))
        .route("/bookings/{number}/refund", post(refund))
        .route("/bookings/{number}/reset", post(reset))
        .route("/printer", get(printer::read).put(printer::write))
        .layer(DefaultBodyLimit::max(REQUEST_MAX))
        .with_state(handles);
    axum::serve(listener, router).await
}

async fn read_faults(State(handles): State<Handles>) -> Json<Faults> {
    Json(handles.faults())
}

async fn write_faults(
    State(handles): State<Handles>,
    body: Result<Json<Faults>, JsonRejection>,
) -> Result<Json<Faults>, Refused> {
    let Json(faults) = body.map_err(|error| refused(StatusCode::BAD_REQUEST, error.body_text()))?;
    faults.cloud.check().map_err(|error| refused(StatusCode::BAD_REQUEST, error.to_string()))?;
    handles.set_faults(faults);
    Ok(Json(handles.faults()))
}

/// A booking for comparison in tests, without its ID and codes.
#[derive(Serialize)]
struct BookingView {
    number: BookingNumber,
    unknown_to_site: bool,
    cancelled: bool,
    issued: bool,
    reports: u32,
    seats: Vec<SeatView>,
}

#[derive(Serialize)]
struct SeatView {
    name: String,
    seat_code: String,
    session_code: String,
    printed: bool,
    refunded: bool,
}

impl From<&Booking> for BookingView {
    fn from(booking: &Booking) -> Self {
        Self {
            number: booking.number,
            unknown_to_site: booking.unknown_to_site,
            cancelled: booking.cancelled,
            issued: booking.issued,
            reports: booking.reports,
            seats: booking.seats.iter().map(SeatView::from).collect(),
        }
    }
}

impl From<&Seat> for SeatView {
    fn from(seat: &Seat) -> Self {
        Self {
            name: seat.ticket.seat_name.clone(),
            seat_code: seat.ticket.seat_code.clone(),
            session_code: seat.ticket.session_code.clone(),
            printed: seat.ticket.printed,
            refunded: seat.refunded,
        }
    }
}

async fn bookings(State(handles): State<Handles>) -> Json<Vec<BookingView>> {
    Json(at_present(&handles.cinema).bookings.iter().map(BookingView::from).collect())
}

async fn collect(
    State(handles): State<Handles>,
    Path(number): Path<String>,
) -> Result<Json<BookingView>, Refused> {
    change(&handles, &number, |cinema, number| cinema.collect_at_counter(number))
}

async fn reset(
    State(handles): State<Handles>,
    Path(number): Path<String>,
) -> Result<Json<BookingView>, Refused> {
    change(&handles, &number, |cinema, number| {
        cinema.reset(number);
        cinema.find(number).is_some()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    seat: Option<String>,
}

async fn refund(
    State(handles): State<Handles>,
    Path(number): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<BookingView>, Refused> {
    change(&handles, &number, |cinema, number| cinema.refund(number, which.seat.as_deref()))
}

/// Changes a booking and returns its new state.
fn change(
    handles: &Handles,
    number: &str,
    act: impl FnOnce(&mut Cinema, BookingNumber) -> bool,
) -> Result<Json<BookingView>, Refused> {
    let unknown = || refused(StatusCode::NOT_FOUND, "no such booking or seat");
    let number = BookingNumber::parse(number).ok_or_else(unknown)?;
    let mut cinema = at_present(&handles.cinema);
    if !act(&mut cinema, number) {
        return Err(unknown());
    }
    cinema.find(number).map(|booking| Json(BookingView::from(booking))).ok_or_else(unknown)
}

/// Refusal of a request, sent as `{"error": …}`.
struct Refused {
    status: StatusCode,
    why: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(serde_json::json!({ "error": self.why }))).into_response()
    }
}

fn refused(status: StatusCode, why: impl Into<String>) -> Refused {
    Refused { status, why: why.into() }
}
