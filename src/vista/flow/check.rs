//! ① of ordering (2.2): seats, areas and price are checked before AddTickets is called.

use super::super::add_tickets::{SelectedSeat, Tickets};
use super::super::seat_plan::{Row, Seat, SeatPlan, SeatStatus};
use super::super::ticket_types::TicketType;

/// Why tickets can't be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No such type in this session.
    #[error("this session has no ticket type {0}; `vista tickets` lists them")]
    NoSuchType(String),
    /// The cloud did not say what it costs.
    #[error("ticket type {0} has no price")]
    NoPrice(String),
    /// No such seat.
    #[error("there is no seat {0} in this session; `vista seats` draws them")]
    NoSuchSeat(String),
    /// Several have this name.
    #[error("several seats are called {0}")]
    Ambiguous(String),
    /// Not free.
    #[error("seat {0} is not free")]
    NotFree(String),
    /// The plan doesn't say where it is.
    #[error("the seat plan does not say where seat {0} is")]
    NoPlace(String),
    /// Another area than the ticket type's.
    #[error("seat {0} lies in another area than ticket type {1} is for")]
    OtherArea(String, String),
    /// None, too many, or one twice.
    #[error("give 1 to 255 seats, each once")]
    Seats,
}

/// The tickets for these seats, each named as on tickets, 7排10座.
pub fn choose(
    session_id: &str,
    plan: &SeatPlan,
    types: &[TicketType],
    ticket_type: &str,
    booking_fee_cents: Option<i64>,
    names: &[String],
) -> Result<Tickets, Unfit> {
    let kind = types.iter().find(|kind| kind.code == ticket_type);
    let kind = kind.ok_or_else(|| Unfit::NoSuchType(ticket_type.to_owned()))?;
    let price = kind.price_cents.ok_or_else(|| Unfit::NoPrice(ticket_type.to_owned()))?;
    let mut seats = Vec::with_capacity(names.len());
    for name in names {
        let mut found = plan.seats().filter(|(_, row, seat)| full_name(row, seat) == *name);
        let (area, _, seat) = found.next().ok_or_else(|| Unfit::NoSuchSeat(name.clone()))?;
        if found.next().is_some() {
            return Err(Unfit::Ambiguous(name.clone()));
        }
        if seat.status != SeatStatus::Free {
            return Err(Unfit::NotFree(name.clone()));
        }
        let position = seat.position.ok_or_else(|| Unfit::NoPlace(name.clone()))?;
        match &area.category {
            Some(category) if kind.area_category.as_ref() == Some(category) => {
                seats.push(SelectedSeat { category: category.clone(), position });
            }
            _ => return Err(Unfit::OtherArea(name.clone(), ticket_type.to_owned())),
        }
    }
    Tickets::new(session_id, ticket_type, price, booking_fee_cents, seats).ok_or(Unfit::Seats)
}

/// As on tickets: 7排10座. Some cinemas write the measure words into the names already.
pub fn full_name(row: &Row, seat: &Seat) -> String {
    let with = |name: &Option<String>, word: char| {
        let name = name.as_deref().unwrap_or("?");
        if name.ends_with(word) { name.to_owned() } else { format!("{name}{word}") }
    };
    format!("{}{}", with(&row.name, '排'), with(&seat.name, '座'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vista::seat_plan::{self, Position};

    const PLAN: &str = r#"{"ResponseCode":0,"SeatLayoutData":{"Areas":[
        {"AreaCategoryCode":"0000000001","Number":1,"Rows":[{"PhysicalName":"7","Seats":[
            {"Id":"10","Position":{"AreaNumber":1,"ColumnIndex":1,"RowIndex":0},"Status":0},
            {"Id":"9","Position":{"AreaNumber":1,"ColumnIndex":2,"RowIndex":0},"Status":1},
            {"Id":"8","Status":0}, {"Id":"7","Position":{"AreaNumber":1,"ColumnIndex":4,"RowIndex":0},"Status":4}]}]},
        {"AreaCategoryCode":"0000000003","Number":2,"Rows":[{"PhysicalName":"8排","Seats":[
            {"Id":"1座","Position":{"AreaNumber":2,"ColumnIndex":1,"RowIndex":0},"Status":0}]}]}]}}"#;

    fn choose_of(ticket_type: &str, names: &[&str]) -> Result<Tickets, Unfit> {
        let plan = seat_plan::read(PLAN.as_bytes()).unwrap().content.unwrap();
        let kind = |code: &str, area: &str, price| TicketType {
            code: code.into(),
            name: None,
            area_category: Some(area.into()),
            price_cents: price,
            resale_price: None,
        };
        let types = [
            kind("0056", "0000000001", Some(5_000)),
            kind("0043", "0000000003", Some(2_000)),
            kind("0001", "0000000001", None),
        ];
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        choose("29617", &plan, &types, ticket_type, None, &names)
    }

    #[test]
    fn a_free_seat_of_the_types_area_is_taken_at_the_types_price() {
        let seat = |category: &str, area| SelectedSeat {
            category: category.into(),
            position: Position { area, row: 0, column: 1 },
        };
        let expected = Tickets::new("29617", "0056", 5_000, None, vec![seat("0000000001", 1)]);
        assert_eq!(choose_of("0056", &["7排10座"]).ok(), expected);
        let expected = Tickets::new("29617", "0043", 2_000, None, vec![seat("0000000003", 2)]);
        assert_eq!(choose_of("0043", &["8排1座"]).ok(), expected);
    }

    #[test]
    fn what_cannot_be_had_is_named_before_anything_is_sent() {
        for (ticket_type, names, expected) in [
            ("9999", &["7排10座"][..], "no ticket type 9999"),
            ("0001", &["7排10座"], "has no price"),
            ("0056", &["7排11座"], "no seat 7排11座"),
            ("0056", &["7排9座"], "7排9座 is not free"),
            ("0056", &["7排7座"], "7排7座 is not free"),
            ("0056", &["7排8座"], "does not say where"),
            ("0056", &["8排1座"], "another area"),
            ("0056", &[], "1 to 255 seats"),
            ("0056", &["7排10座", "7排10座"], "each once"),
        ] {
            let error = choose_of(ticket_type, names).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
