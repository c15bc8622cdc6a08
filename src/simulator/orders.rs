//! Orders of the simulated Vista: seats held, paid, completed or released. Pure.

use super::cinema::Cinema;
use super::programme::{Hall, HallArea, HallSeat, SimulatedShowing, TicketType, hall, ticket_types};
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

/// State of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The seats are held.
    Added,
    /// The payment has been started.
    Paying,
    /// The order has become a booking.
    Booked(BookingNumber),
    /// The seats have been released.
    Cancelled,
}

/// An order of the simulated Vista.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedOrder {
    /// SessionId.
    pub session_id: String,
    /// Names of the seats, for example 7排10座.
    pub seats: Vec<String>,
    /// PriceInCents of each ticket.
    pub price_cents: u32,
    /// BookingFeeValueCents of the whole order.
    pub fee_cents: u32,
    /// Current state of the order.
    pub progress: Progress,
}

impl SimulatedOrder {
    /// Returns TotalValueCents.
    pub fn total_cents(&self) -> u64 {
        self.seats.len() as u64 * u64::from(self.price_cents) + u64::from(self.fee_cents)
    }

    fn is_open(&self) -> bool {
        matches!(self.progress, Progress::Added | Progress::Paying)
    }
}

/// A seat requested in AddTickets.
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

/// Tickets requested in AddTickets.
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
    /// BookingFeeOverride of the order, or else the sum of those of its tickets.
    pub fee_cents: u32,
    /// SelectedSeats; if empty, any seats.
    pub seats: Vec<AskedSeat>,
}

/// Refusal of an order: the code, and a description of its own if there is one.
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
    orders: HashMap<String, SimulatedOrder>,
}

impl Orders {
    /// Creates the list with one order, which a booking known from the start came from.
    pub fn with(name: &str, order: SimulatedOrder) -> Self {
        Self { orders: HashMap::from([(name.to_owned(), order)]) }
    }

    /// Returns the order with this name.
    pub fn get(&self, name: &str) -> Option<&SimulatedOrder> {
        self.orders.get(name)
    }

    /// Returns true if an open order holds this seat.
    pub fn holds(&self, session_id: &str, seat: &str) -> bool {
        let held = |order: &&SimulatedOrder| order.is_open() && order.session_id == session_id;
        self.orders.values().filter(held).any(|order| order.seats.iter().any(|name| name == seat))
    }

    /// Holds seats for an order, AddTickets (3.5).
    pub fn add(
        &mut self,
        asked: &Asked,
        session: &SimulatedShowing,
        cinema: &Cinema,
        now: Timestamp,
    ) -> Result<&SimulatedOrder, Refused> {
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
        let order = SimulatedOrder {
            session_id: session.id.clone(),
            seats,
            price_cents: kind.price_cents,
            fee_cents: asked.fee_cents,
            progress: Progress::Added,
        };
        Ok(self.orders.entry(asked.order.clone()).insert_entry(order).into_mut())
    }

    /// Releases an order's seats, CancelOrder (3.7).
    pub fn cancel(&mut self, name: &str) -> Result<(), i64> {
        self.open(name)?.progress = Progress::Cancelled;
        Ok(())
    }

    /// Starts the payment of an order, StartExternalPayment (3.8).
    pub fn start_payment(&mut self, name: &str) -> Result<(), i64> {
        self.open(name)?.progress = Progress::Paying;
        Ok(())
    }

    /// Returns the order that CompleteOrder (3.9) may complete: open, with its payment started, and paid in full.
    pub fn payable(&mut self, name: &str, paid_cents: u64) -> Result<SimulatedOrder, i64> {
        let order = self.open(name)?;
        if order.progress != Progress::Paying {
            return Err(PAYMENT_NOT_STARTED);
        }
        if order.total_cents() != paid_cents {
            return Err(TOTAL_MISMATCH);
        }
        Ok(order.clone())
    }

    /// Marks the order as this booking.
    pub fn booked(&mut self, name: &str, number: BookingNumber) {
        if let Some(order) = self.orders.get_mut(name) {
            order.progress = Progress::Booked(number);
        }
    }

    fn open(&mut self, name: &str) -> Result<&mut SimulatedOrder, i64> {
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

/// Returns the names of the seats requested, or of any if none were; `None` if one can't be had.
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
