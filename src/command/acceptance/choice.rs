//! Choice of what the acceptance books: one session, one ticket type and two seats, and more seats where it finds out
//! about the site. The session is the next one to begin, at least 15 minutes ahead; the ticket type is the cheapest
//! with two free chairs.

use crate::kiosk::orders::Orders;
use crate::vista::add_tickets::Tickets;
use crate::vista::flow::check::{self, full_name};
use crate::vista::seat_plan::{SeatPlan, SeatStatus, SeatStyle};
use crate::vista::ticket_types::TicketType;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Time before the session's start, in minutes: pickup for a sooner one might be over before the acceptance is.
const BEGINS_IN_MINUTES: i64 = 15;
/// Number of upcoming sessions that are looked at.
const SESSIONS_MAX: usize = 10;
/// Number of tickets booked.
const SEATS: usize = 2;

/// Session, ticket type and seats to book.
pub struct Choice {
    /// Session, by its SessionId.
    pub session: String,
    /// Start of the session; `None` if the cloud does not name it.
    pub begins: Option<Timestamp>,
    /// Ticket type, by its TicketTypeCode.
    ticket_type: String,
    /// Price of one ticket, in fen.
    pub price_cents: i64,
    /// Names of the seats to book.
    pub seats: Vec<String>,
    plan: SeatPlan,
    types: Vec<TicketType>,
}

impl Choice {
    /// Returns the tickets for some of the seats.
    pub fn tickets(&self, seats: &[String], orders: &Orders) -> Result<Tickets, String> {
        check::choose(&self.session, &self.plan, &self.types, &self.ticket_type, orders.agreed(), seats)
            .map_err(|error| error.to_string())
    }

    /// Returns the same session and ticket type with `count` seats that are free now.
    pub fn with_more(&self, orders: &Orders, count: usize) -> Result<Self, String> {
        let plan = orders.client.seat_plan(&self.session).map_err(|error| error.to_string())?;
        let plan = plan.ok_or("the cinema sells no seats of the session any more (67)")?;
        let kind = self.types.iter().find(|kind| kind.code == self.ticket_type);
        let seats = kind.map_or_else(Vec::new, |kind| seats(&plan, kind, count));
        if seats.len() < count {
            let free = seats.len();
            return Err(format!(
                "session {} has {free} free chairs for ticket type {}, {count} are needed: choose another by --session",
                self.session, self.ticket_type
            ));
        }
        let (session, ticket_type, types) =
            (self.session.clone(), self.ticket_type.clone(), self.types.clone());
        Ok(Self {
            session,
            begins: self.begins,
            ticket_type,
            price_cents: self.price_cents,
            seats,
            plan,
            types,
        })
    }
}

/// A session with its film's title and the moment it begins.
struct Offered {
    id: String,
    title: String,
    begins: Option<Timestamp>,
}

/// Chooses what to book. `wish` is session and ticket type, where they are given.
pub fn choose(
    orders: &Orders,
    zone: &TimeZone,
    wish: (Option<&str>, Option<&str>),
) -> Result<(Choice, String), String> {
    // The error names what the nearest session lacks; the others were only second choice.
    let mut why = None;
    for session in offered(orders, zone, wish.0)? {
        match of_session(orders, &session, wish.1) {
            Ok(choice) => {
                let begins = session.begins.map(|at| at.to_zoned_datetime(zone.clone()));
                let begins =
                    begins.map_or_else(String::new, |at| at.strftime(", %Y-%m-%d %H:%M").to_string());
                let (kind, price) = (&choice.ticket_type, super::yuan(choice.price_cents));
                let seats = choice.seats.join(", ");
                let words = format!(
                    "session {} {}{begins}, type {kind} at {price}, {seats}",
                    session.id, session.title
                );
                return Ok((choice, words));
            }
            Err(reason) => {
                why.get_or_insert_with(|| format!("session {}: {reason}", session.id));
            }
        }
    }
    Err(why.unwrap_or_else(|| format!("no session begins in {BEGINS_IN_MINUTES} minutes or later")))
}

fn offered(orders: &Orders, zone: &TimeZone, wish: Option<&str>) -> Result<Vec<Offered>, String> {
    let films = orders.client.films().map_err(|error| error.to_string())?;
    let earliest = Timestamp::now().saturating_add(SignedDuration::from_mins(BEGINS_IN_MINUTES));
    let earliest = earliest.unwrap_or(Timestamp::MAX);
    let mut offered: Vec<Offered> = Vec::new();
    for film in films {
        let title = film.title.unwrap_or(film.id);
        for session in film.sessions {
            let begins = session.showtime.and_then(|at| zone.to_timestamp(at).ok());
            let fits = match wish {
                Some(wish) => session.id == wish,
                None => begins.is_some_and(|at| at >= earliest),
            };
            if fits {
                offered.push(Offered { id: session.id, title: title.clone(), begins });
            }
        }
    }
    if let (Some(wish), true) = (wish, offered.is_empty()) {
        return Err(format!("this cinema shows no session {wish}; `vista films --all` lists them"));
    }
    offered.sort_by_key(|session| session.begins);
    offered.truncate(SESSIONS_MAX);
    Ok(offered)
}

fn of_session(orders: &Orders, session: &Offered, wish: Option<&str>) -> Result<Choice, String> {
    let words = |error: crate::vista::client::VistaError| error.to_string();
    let plan = orders.client.seat_plan(&session.id).map_err(words)?;
    let plan = plan.ok_or("the cinema sells no seats of it (67)")?;
    let types = orders.client.ticket_types(&session.id).map_err(words)?;
    let mut kinds: Vec<&TicketType> =
        types.iter().filter(|kind| wish.is_none_or(|wish| kind.code == wish)).collect();
    kinds.sort_by_key(|kind| kind.price_cents.unwrap_or(i64::MAX));
    for kind in kinds {
        let Some(price_cents) = kind.price_cents else { continue };
        let seats = seats(&plan, kind, SEATS);
        if seats.len() == SEATS {
            let (session_id, ticket_type) = (session.id.clone(), kind.code.clone());
            return Ok(Choice {
                session: session_id,
                begins: session.begins,
                ticket_type,
                price_cents,
                seats,
                plan,
                types,
            });
        }
    }
    Err("no ticket type with a price and two free chairs in its area".into())
}

/// Returns the names of free chairs in the ticket type's area; sofas are left out.
fn seats(plan: &SeatPlan, kind: &TicketType, count: usize) -> Vec<String> {
    let free = plan.seats().filter(|(area, _, seat)| {
        let fits =
            seat.status == SeatStatus::Free && seat.style == SeatStyle::Chair && seat.position.is_some();
        fits && area.category.is_some() && area.category == kind.area_category
    });
    free.map(|(_, row, seat)| full_name(row, seat)).take(count).collect()
}
