//! Programme of the simulated cinema: films, sessions, halls with their seats, ticket types. Pure: time is an input.
//!
//! It has every session of the bookings, in hall 1, and one of each kind that a third party meets.

mod halls;

pub use self::halls::{Hall, HallArea, HallSeat, hall};

use super::cinema::Cinema;
use jiff::{SignedDuration, Timestamp};

/// Most sessions taken from bookings.
const SESSIONS_MAX: usize = 1_000;

/// Number of the hall of every configured booking.
const BOOKINGS_HALL: u32 = 1;

/// A film on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// ScheduledFilmId.
    pub id: String,
    /// Title of the film.
    pub title: String,
    /// ShortCode, film_code in the on-site protocol.
    pub code: String,
    /// RunTime, in minutes.
    pub minutes: u32,
}

/// A session on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulatedShowing {
    /// SessionId, session_code in the on-site protocol.
    pub id: String,
    /// ID of the film, among [`Programme::films`].
    pub film_id: String,
    /// Number of the hall.
    pub hall: u32,
    /// Name of the hall on tickets.
    pub screen_name: String,
    /// Beginning of the session.
    pub at: Timestamp,
    /// True if rented as a whole, or marked as sold out by the cinema: the seat plan answers 67.
    pub chartered: bool,
}

/// Films and sessions on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Films, each with an ID of its own.
    pub films: Vec<Film>,
    /// Sessions of all films.
    pub sessions: Vec<SimulatedShowing>,
}

/// A ticket type as [`ticket_types`] lists it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TicketType {
    /// TicketTypeCode.
    pub code: &'static str,
    /// Description.
    pub name: &'static str,
    /// AreaCategoryCode.
    pub category: &'static str,
    /// PriceInCents, fen.
    pub price_cents: u32,
    /// ResalePriceInCents, if the cinema set one.
    pub resale: Option<f64>,
}

/// Ticket types: the document's three, and that of its AddTickets sample.
const TICKET_TYPES: [TicketType; 4] = [
    TicketType {
        code: "0010",
        name: "标准票",
        category: halls::STANDARD,
        price_cents: 10_000,
        resale: Some(19.9),
    },
    TicketType {
        code: "0056",
        name: "web ticket",
        category: halls::STANDARD,
        price_cents: 5_000,
        resale: None,
    },
    TicketType {
        code: "0142",
        name: "webTicket 测试用代金券",
        category: halls::STANDARD,
        price_cents: 5_000,
        resale: None,
    },
    TicketType {
        code: "0043",
        name: "webTicket 测试用代金券(优选区)",
        category: halls::PREFERRED,
        price_cents: 2_000,
        resale: None,
    },
];

impl Programme {
    /// Creates the programme from `now` on.
    pub fn new(cinema: &Cinema, now: Timestamp) -> Self {
        let mut programme = Self { films: Vec::new(), sessions: Vec::new() };
        for seat in cinema.bookings.iter().flat_map(|booking| &booking.seats) {
            let ticket = &seat.ticket;
            let known = programme.session(&ticket.session_code).is_some();
            if known || ticket.session_code.is_empty() || programme.sessions.len() >= SESSIONS_MAX {
                continue;
            }
            let film_id = programme.film(&ticket.film_name, &ticket.film_code);
            programme.sessions.push(SimulatedShowing {
                id: ticket.session_code.clone(),
                film_id,
                hall: BOOKINGS_HALL,
                screen_name: ticket.screen_name.clone(),
                at: ticket.session_at,
                chartered: false,
            });
        }
        programme.add_built_in(now);
        programme
    }

    /// Returns the session with this SessionId.
    pub fn session(&self, id: &str) -> Option<&SimulatedShowing> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Adds a session with two areas, one with 500 seats, one rented as a whole, and one that has begun.
    fn add_built_in(&mut self, now: Timestamp) {
        let film_id = self.film("一万年以后(数字 3D)", "001200472015");
        for (id, hall, minutes, chartered) in [
            ("29618", 7, 120, false),
            ("29619", 3, 180, false),
            ("29620", 1, 240, true),
            ("29621", 7, -90, false),
        ] {
            let begins = now.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(now);
            let minute = begins.as_second().div_euclid(60) * 60;
            let Ok(at) = Timestamp::from_second(minute) else { continue };
            if self.session(id).is_none() {
                self.sessions.push(SimulatedShowing {
                    id: id.to_owned(),
                    film_id: film_id.clone(),
                    hall,
                    screen_name: format!("{hall}号厅"),
                    at,
                    chartered,
                });
            }
        }
    }

    /// Returns the ID of the film with this title, which is added if it is new.
    fn film(&mut self, title: &str, code: &str) -> String {
        if let Some(film) = self.films.iter().find(|film| film.title == title && film.code == code) {
            return film.id.clone();
        }
        let id = format!("HO{:08}", 12_500 + self.films.len());
        self.films.push(Film { id: id.clone(), title: title.to_owned(), code: code.to_owned(), minutes: 97 });
        id
    }
}

/// Returns the ticket types on sale in a hall: those of its areas.
pub fn ticket_types(hall: &Hall) -> Vec<TicketType> {
    let sold = |kind: &&TicketType| hall.areas.iter().any(|area| area.category == kind.category);
    TICKET_TYPES.iter().filter(sold).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::settings::SimulateSettings;

    #[test]
    fn every_session_of_a_booking_is_shown_and_so_is_each_kind() {
        let now: Timestamp = "2026-11-24T10:00:30Z".parse().unwrap();
        let cinema = SimulateSettings::default().cinema(now).unwrap();
        let programme = Programme::new(&cinema, now);
        let ids: Vec<&str> = programme.sessions.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids, ["29617", "29618", "29619", "29620", "29621"]);
        let first = programme.session("29617").unwrap();
        assert_eq!(first.at, cinema.bookings[0].seats[0].ticket.session_at);
        assert_eq!(programme.films.len(), 2);
        assert_eq!(programme.session("29618").unwrap().at.to_string(), "2026-11-24T12:00:00Z");
    }

    #[test]
    fn every_built_in_booking_has_its_seat_in_the_hall() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 50);
        let cinema = SimulateSettings::default().cinema(now).unwrap();
        let hall = hall(1);
        for seat in cinema.bookings.iter().flat_map(|booking| &booking.seats) {
            let name = &seat.ticket.seat_name;
            let found = hall.seats().find(|(_, seat)| seat.full_name() == *name);
            assert_eq!(found.map(|(_, seat)| seat.status), Some(0), "{name}");
        }
    }
}
