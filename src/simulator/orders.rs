//! Orders of the simulated Vista: seats held, paid for, completed or let go. Pure.

use super::cinema::Cinema;
use super::programme::{Hall, HallArea, HallSeat, Session, TicketType, hall, ticket_types};
use crate::ticket::BookingNumber;
use jiff::Timestamp;
use std::collections::HashMap;

/// Most orders kept.
const ORDERS_MAX: usize = 10_000;

/// InvalidRequestData.
const INVALID_REQUEST_DATA: i64 = 4;
/// SeatsUnavailable.
const SEATS_UNAVAILABLE: i64 = 8;
/// PaymentVoidSuccessPayTotalMismatch.
const TOTAL_MISMATCH: i64 = 27;
/// PaymentsProcessed.
const PAYMENTS_PROCESSED: i64 = 56;
/// PaymentErrorPreCommit: no payment has been started.
const PAYMENT_NOT_STARTED: i64 = 57;
/// OrderDoesNotExist.
const NO_SUCH_ORDER: i64 = 62;

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Its seats are held.
    Added,
    /// Its payment has been started.
    Paying,
    /// It is a booking.
    Booked(BookingNumber),
    /// Its seats have been let go.
    Cancelled,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// SessionId.
    pub session_id: String,
    /// Its seats' names, as 7排10座.
    pub seats: Vec<String>,
    /// PriceInCents of each.
    pub price_cents: u32,
    /// BookingFeeValueCents of the whole.
    pub fee_cents: u32,
    /// How far it is.
    pub progress: Progress,
}

impl Order {
    /// TotalValueCents.
    pub fn total_cents(&self) -> u64 {
        self.seats.len() as u64 * u64::from(self.price_cents) + u64::from(self.fee_cents)
    }

    fn is_open(&self) -> bool {
        matches!(self.progress, Progress::Added | Progress::Paying)
    }
}

/// A seat asked for: AreaCategoryCode, AreaNumber, RowIndex, ColumnIndex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSeat {
    /// AreaCategoryCode.
    pub category: String,
    /// AreaNumber.
    pub area: u64,
    /// RowIndex.
    pub row: u64,
    /// ColumnIndex.
    pub column: u64,
}

/// Tickets asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// UserSessionId.
    pub order: String,
    /// TicketTypeCode.
    pub ticket_type: String,
    /// Qty.
    pub count: usize,
    /// PriceInCents.
    pub price_cents: u64,
    /// BookingFeeOverride of the order, or else those of its tickets together.
    pub fee_cents: u32,
    /// SelectedSeats; none: any.
    pub seats: Vec<AskedSeat>,
}

/// Why an order is refused: the code, and a sentence of its own where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Result.
    pub code: i64,
    /// ErrorDescription.
    pub said: Option<String>,
}

impl From<i64> for Refused {
    fn from(code: i64) -> Self {
        Self { code, said: None }
    }
}

/// All orders, by UserSessionId.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    orders: HashMap<String, Order>,
}

impl Orders {
    /// Those that bookings known from the start came from.
    pub fn with(name: &str, order: Order) -> Self {
        Self { orders: HashMap::from([(name.to_owned(), order)]) }
    }

    /// The order with this name.
    pub fn get(&self, name: &str) -> Option<&Order> {
        self.orders.get(name)
    }

    /// Whether an open order holds this seat.
    pub fn holds(&self, session_id: &str, seat: &str) -> bool {
        let held = |order: &&Order| order.is_open() && order.session_id == session_id;
        self.orders.values().filter(held).any(|order| order.seats.iter().any(|name| name == seat))
    }

    /// AddTickets (3.5).
    pub fn add(
        &mut self,
        asked: &Asked,
        session: &Session,
        cinema: &Cinema,
        now: Timestamp,
    ) -> Result<&Order, Refused> {
        let known = self.orders.get(&asked.order);
        if asked.count == 0 || self.orders.len() >= ORDERS_MAX || known.is_some_and(|order| !order.is_open())
        {
            return Err(INVALID_REQUEST_DATA.into());
        }
        let hall = hall(session.hall);
        let kind = ticket_types(&hall).into_iter().find(|kind| kind.code == asked.ticket_type);
        let kind = kind.ok_or(INVALID_REQUEST_DATA)?;
        if u64::from(kind.price_cents) != asked.price_cents {
            return Err(price_refused(&kind));
        }
        if session.chartered || session.at <= now {
            return Err(SEATS_UNAVAILABLE.into());
        }
        let free = |seat: &HallSeat| {
            let name = seat.full_name();
            seat.status == 0 && !self.holds(&session.id, &name) && !cinema.has_sold(&session.id, &name)
        };
        let seats = chosen(asked, &hall, &kind, free).ok_or(SEATS_UNAVAILABLE)?;
        let order = Order {
            session_id: session.id.clone(),
            seats,
            price_cents: kind.price_cents,
            fee_cents: asked.fee_cents,
            progress: Progress::Added,
        };
        Ok(self.orders.entry(asked.order.clone()).insert_entry(order).into_mut())
    }

    /// CancelOrder (3.7).
    pub fn cancel(&mut self, name: &str) -> Result<(), i64> {
        self.open(name)?.progress = Progress::Cancelled;
        Ok(())
    }

    /// StartExternalPayment (3.8).
    pub fn start_payment(&mut self, name: &str) -> Result<(), i64> {
        self.open(name)?.progress = Progress::Paying;
        Ok(())
    }

    /// Whether CompleteOrder (3.9) may go on: the order is open, its payment started, and paid in full.
    pub fn payable(&mut self, name: &str, paid_cents: u64) -> Result<Order, i64> {
        let order = self.open(name)?;
        if order.progress != Progress::Paying {
            return Err(PAYMENT_NOT_STARTED);
        }
        if order.total_cents() != paid_cents {
            return Err(TOTAL_MISMATCH);
        }
        Ok(order.clone())
    }

    /// It is this booking now.
    pub fn booked(&mut self, name: &str, number: BookingNumber) {
        if let Some(order) = self.orders.get_mut(name) {
            order.progress = Progress::Booked(number);
        }
    }

    fn open(&mut self, name: &str) -> Result<&mut Order, i64> {
        let order = self.orders.get_mut(name).ok_or(NO_SUCH_ORDER)?;
        match order.progress {
            Progress::Booked(_) => Err(PAYMENTS_PROCESSED),
            Progress::Cancelled => Err(NO_SUCH_ORDER),
            Progress::Added | Progress::Paying => Ok(order),
        }
    }
}

fn price_refused(kind: &TicketType) -> Refused {
    let said = format!(
        "Ticket type {} could not be added to the order because ticket price overrides are not allowed. Either \
         provide the correct price in cents, {}, or enable the AllowTicketPriceOverride security behaviour for \
         your profile.",
        kind.code, kind.price_cents
    );
    Refused { code: INVALID_REQUEST_DATA, said: Some(said) }
}

/// The names of the seats asked for, or of any where none are; none when one can't be had.
fn chosen(
    asked: &Asked,
    hall: &Hall,
    kind: &TicketType,
    free: impl Fn(&HallSeat) -> bool,
) -> Option<Vec<String>> {
    let fits = |area: &HallArea, seat: &HallSeat| area.category == kind.category && free(seat);
    if asked.seats.is_empty() {
        let any = hall.seats().filter(|(area, seat)| fits(area, seat)).take(asked.count);
        let names: Vec<String> = any.map(|(_, seat)| seat.full_name()).collect();
        return (names.len() == asked.count).then_some(names);
    }
    let wanted = |wanted: &AskedSeat| {
        let found = hall.seats().find(|(area, seat)| {
            u64::from(area.number) == wanted.area
                && u64::from(seat.row) == wanted.row
                && u64::from(seat.column) == wanted.column
        });
        let (_, seat) = found.filter(|(area, seat)| area.category == wanted.category && fits(area, seat))?;
        Some(seat.full_name())
    };
    let names = asked.seats.iter().map(wanted).collect::<Option<Vec<_>>>()?;
    (names.len() == asked.count).then_some(names)
}
