//! Orders of the simulated Vista: AddTickets (3.5), GetOrder (3.6), CancelOrder (3.7), StartExternalPayment (3.8),
//! CompleteOrder (3.9), QueryOrderBookingStatus (3.10) and RefundBooking (3.12).

use super::super::bookings::{self, BookingSettings, SeatSettings};
use super::super::cinema::Cinema;
use super::super::orders::{Asked, AskedSeat, Progress, Refused, SimulatedOrder};
use super::super::{at_present, lock};
use super::Service;
use crate::ticket::{BookingId, BookingNumber};
use crate::vista::{codes, date};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// UnexpectedError: the answer to a UserSessionId of another form, which explains nothing.
const UNEXPECTED: i64 = 1;
/// InvalidRequestData.
const INVALID_REQUEST_DATA: i64 = 4;
/// RefundBookingFailed.
const REFUND_FAILED: i64 = 39;
/// BookingAlreadyCancelled.
const ALREADY_CANCELLED: i64 = 49;
/// OrderHasBeenRefunded.
const ALREADY_REFUNDED: i64 = 63;

impl Service {
    /// Holds seats, or refuses.
    pub(super) fn add_tickets(&self, request: &Value) -> Result<Value, i64> {
        let name = order_name(request)?;
        let asked = asked(&name, request)?;
        if text(request, "CinemaId") != self.identity.id {
            return Err(INVALID_REQUEST_DATA);
        }
        let session = self.programme.session(text(request, "SessionId")).ok_or(INVALID_REQUEST_DATA)?;
        let cinema = at_present(&self.cinema);
        let mut orders = lock(&self.orders);
        match orders.add(&asked, session, &cinema, Timestamp::now()) {
            Ok(order) => Ok(json!({
                "ErrorDescription": null, "Result": codes::OK, "AvailableSeats": 15,
                "ExtendedResultCode": 0, "Order": self.describe_order(&name, order),
            })),
            Err(Refused { code, said: None }) => Err(code),
            Err(Refused { code, said }) => Ok(
                json!({ "ErrorDescription": said, "Result": code, "ExtendedResultCode": 0, "Order": null }),
            ),
        }
    }

    fn describe_order(&self, name: &str, order: &SimulatedOrder) -> Value {
        let open = matches!(order.progress, Progress::Added | Progress::Paying);
        let session = self.programme.session(&order.session_id);
        let film = session
            .and_then(|session| self.programme.films.iter().find(|film| film.id == session.film_id))
            .map(|film| &film.title);
        let at = session.map(|session| date::format(session.at, self.timezone.to_offset(session.at)));
        let tickets = vec![json!({}); order.seats.len()];
        let session = json!({
            "AllocatedSeating": true, "AltFilmTitle": film, "CinemaId": self.identity.id,
            "FilmClassification": "G", "FilmTitle": film, "SeatsAllocated": true,
            "SessionId": order.session_id.parse::<u64>().ok(), "ShowingRealDateTime": at, "Tickets": tickets,
        });
        json!({
            "BookingFeeValueCents": if open { order.fee_cents } else { 0 },
            "CinemaId": open.then_some(&self.identity.id), "LastUpdated": "/Date(1450766797104+0800)/",
            "Sessions": open.then(|| json!([session])),
            "TotalOrderCount": if open { order.seats.len() } else { 0 },
            "TotalTicketFeeValueInCents": null,
            "TotalValueCents": if open { order.total_cents() } else { 0 },
            "UserSessionId": name, "VistaBookingNumber": 0, "VistaTransactionNumber": 0,
        })
    }

    /// Returns the current state of an order, or the code that refuses. A booked one has no CinemaId any more.
    pub(super) fn order(&self, request: &Value) -> Result<Value, i64> {
        let name = order_name(request)?;
        let orders = lock(&self.orders);
        let order = orders.get(&name).filter(|order| order.progress != Progress::Cancelled);
        let order = order.ok_or(codes::ORDER_DOES_NOT_EXIST)?;
        Ok(json!({ "Order": self.describe_order(&name, order), "Result": codes::OK }))
    }

    /// Releases an order's seats.
    pub(super) fn cancel_order(&self, request: &Value) -> Result<Value, i64> {
        lock(&self.orders).cancel(&order_name(request)?)?;
        Ok(json!({ "ErrorDescription": null, "Result": codes::OK }))
    }

    /// Begins a payment.
    pub(super) fn start_payment(&self, request: &Value) -> Result<Value, i64> {
        lock(&self.orders).start_payment(&order_name(request)?)?;
        Ok(json!({
            "ErrorDescription": null, "Result": codes::OK, "ExtendedResultCode": 0, "PaymentRedirectUrl": null,
        }))
    }

    /// Turns an order into a booking, which the on-site service knows from then on.
    pub(super) fn complete_order(&self, request: &Value) -> Result<Value, i64> {
        let name = order_name(request)?;
        let paid = request.pointer("/PaymentInfo/PaymentValueCents").and_then(Value::as_u64);
        let paid = paid.ok_or(INVALID_REQUEST_DATA)?;
        if request.get("PerformPayment") != Some(&Value::Bool(false)) {
            return Err(INVALID_REQUEST_DATA);
        }
        let mut cinema = at_present(&self.cinema);
        let mut orders = lock(&self.orders);
        let order = orders.payable(&name, paid)?;
        let (number, id) = self.book(&mut cinema, &name, &order).ok_or(UNEXPECTED)?;
        orders.booked(&name, number);
        Ok(json!({
            "BalanceList": null, "CinemaID": self.identity.id, "ErrorDescription": null,
            "ExtendedResultCode": 0, "HistoryID": "1935728", "PassCollection": null,
            "PaymentInfoCollection": [{}], "PrintStream": "", "PrintStreamCollection": null,
            "Result": codes::OK, "VistaBookingId": id.expose(), "VistaBookingNumber": number.to_string(),
            "VistaTransNumber": (u64::from(number.get()) + 264_003).to_string(),
        }))
    }

    fn book(
        &self,
        cinema: &mut Cinema,
        name: &str,
        order: &SimulatedOrder,
    ) -> Option<(BookingNumber, BookingId)> {
        let session = self.programme.session(&order.session_id)?;
        let film = self.programme.films.iter().find(|film| film.id == session.film_id)?;
        let highest = cinema.bookings.iter().map(|booking| booking.number.get()).max().unwrap_or(111_971);
        let number = BookingNumber::new(u64::from(highest) + 1)?;
        let digest = Sha256::digest(format!("{name}/{number}"));
        let letter = |byte: &u8| char::from(b'A' + byte % 26);
        let id = BookingId::parse(&format!("W{}", digest.iter().take(6).map(letter).collect::<String>()))?;
        let seat = |seat: &String| SeatSettings {
            name: seat.clone(),
            seat_code: None,
            code: None,
            info_code: None,
            price_cents: order.price_cents,
            service_cents: 0,
            printed: false,
            refunded: false,
        };
        let settings = BookingSettings {
            number: number.get().into(),
            id: id.clone(),
            film: film.title.clone(),
            film_code: film.code.clone(),
            screen: session.screen_name.clone(),
            screen_code: format!("{:016}", session.hall),
            session_code: session.id.clone(),
            starts_in_minutes: 0,
            session_at: Some(session.at),
            cancelled: false,
            unknown_to_site: false,
            seats: order.seats.iter().map(seat).collect(),
        };
        cinema.bookings.push(bookings::booking(&self.identity, &settings, session.at).ok()?);
        Some((number, id))
    }

    /// Returns the booking that an order became, or the code that refuses.
    pub(super) fn booking_status(&self, request: &Value) -> Result<Value, i64> {
        let name = text(request, "UserSessionId");
        if name.is_empty() || text(request, "ClientId").is_empty() {
            return Err(INVALID_REQUEST_DATA);
        }
        let cinema = at_present(&self.cinema);
        let number = match lock(&self.orders).get(name).map(|order| order.progress) {
            Some(Progress::Booked(number)) => number,
            _ => return Err(codes::BOOKING_DOES_NOT_EXIST),
        };
        let booking = cinema.find(number).ok_or(codes::BOOKING_DOES_NOT_EXIST)?;
        let total: u64 = booking.seats.iter().map(|seat| u64::from(seat.ticket.price.0)).sum();
        Ok(json!({
            "OrderSummary": {
                "CinemaId": self.identity.id, "TotalValueCents": total, "UserSessionId": name,
                "VistaBookingId": booking.id.expose(), "VistaBookingNumber": booking.number.get(),
            },
            "ResponseCode": codes::OK, "ResponseDescription": "Booking exists at Cinema",
        }))
    }

    /// Refunds an unprinted booking as a whole.
    pub(super) fn refund_booking(&self, request: &Value) -> Result<Value, i64> {
        let number = request.get("BookingNumber").and_then(Value::as_u64).and_then(BookingNumber::new);
        let amount = request.get("RefundAmount").and_then(Value::as_u64);
        let paid = request.pointer("/PaymentInfo/PaymentValueCents").and_then(Value::as_u64);
        let (Some(number), Some(amount), Some(paid)) = (number, amount, paid) else {
            return Err(INVALID_REQUEST_DATA);
        };
        if text(request, "RefundReason").is_empty() || text(request, "OptionalClientId").is_empty() {
            return Err(INVALID_REQUEST_DATA);
        }
        let mut cinema = at_present(&self.cinema);
        let booking = cinema.find(number).filter(|_| text(request, "CinemaId") == self.identity.id);
        let booking = booking.ok_or(codes::BOOKING_DOES_NOT_EXIST)?;
        if booking.cancelled {
            return Err(ALREADY_CANCELLED);
        }
        if booking.seats.iter().all(|seat| seat.refunded) {
            return Err(ALREADY_REFUNDED);
        }
        if amount > paid || booking.seats.iter().any(|seat| seat.ticket.printed && !seat.refunded) {
            return Err(REFUND_FAILED);
        }
        cinema.refund(number, None);
        Ok(json!({ "ErrorDescription": null, "ResultCode": codes::OK }))
    }
}

fn text<'a>(request: &'a Value, key: &str) -> &'a str {
    request.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the UserSessionId of a request that identifies its caller.
fn order_name(request: &Value) -> Result<String, i64> {
    let client = ["OptionalClientClass", "OptionalClientId", "OptionalClientName"];
    let name = text(request, "UserSessionId");
    if name.is_empty() || client.iter().any(|key| text(request, key).is_empty()) {
        return Err(INVALID_REQUEST_DATA);
    }
    let plain = name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { Ok(name.to_owned()) } else { Err(UNEXPECTED) }
}

fn asked(name: &str, request: &Value) -> Result<Asked, i64> {
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64);
    let types = request.get("TicketTypes").and_then(Value::as_array).ok_or(INVALID_REQUEST_DATA)?;
    let [kind] = types.as_slice() else { return Err(INVALID_REQUEST_DATA) };
    let count = number(kind, "Qty").and_then(|count| usize::try_from(count).ok());
    let count = count.filter(|count| (1..=255).contains(count)).ok_or(INVALID_REQUEST_DATA)?;
    let price_cents = number(kind, "PriceInCents").ok_or(INVALID_REQUEST_DATA)?;
    let each = number(kind, "BookingFeeOverride").map(|fee| fee.saturating_mul(count as u64));
    // The order's fee overrides its tickets'; if neither is given, this cinema takes none.
    let fee = number(request, "BookingFeeOverride").or(each).unwrap_or(0);
    let seat = |seat: &Value| {
        Some(AskedSeat {
            category: text(seat, "AreaCategoryCode").to_owned(),
            area: number(seat, "AreaNumber")?,
            row: number(seat, "RowIndex")?,
            column: number(seat, "ColumnIndex")?,
        })
    };
    let seats = request.get("SelectedSeats").and_then(Value::as_array);
    let seats = seats.map(|seats| seats.iter().map(seat).collect::<Option<Vec<_>>>());
    Ok(Asked {
        order: name.to_owned(),
        ticket_type: text(kind, "TicketTypeCode").to_owned(),
        count,
        price_cents,
        fee_cents: u32::try_from(fee).map_err(|_| INVALID_REQUEST_DATA)?,
        seats: seats.unwrap_or(Some(Vec::new())).ok_or(INVALID_REQUEST_DATA)?,
    })
}
