//! Step ① of ordering (2.2): seats, areas and price are checked before AddTickets is called.

use super::super::add_tickets::{SelectedSeat, Tickets};
use super::super::seat_plan::{Row, Seat, SeatPlan, SeatStatus};
use super::super::ticket_types::TicketType;
use crate::locale::{Text, display_text, text};

/// Reasons why tickets can't be ordered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The session has no such ticket type.
    NoSuchType(String),
    /// The cloud did not give a price for the ticket type.
    NoPrice(String),
    /// The session has no seat of this name.
    NoSuchSeat(String),
    /// Several seats have this name.
    Ambiguous(String),
    /// The seat's status is not 0, free.
    NotFree(String),
    /// The seat plan does not give the seat's position.
    NoPlace(String),
    /// The seat is in another area than the ticket type's.
    OtherArea(String, String),
    /// The ticket type's price differs from the expected one.
    OtherPrice {
        /// TicketTypeCode.
        kind: String,
        /// PriceInCents, in fen.
        price: i64,
        /// The expected price, in fen.
        expected: i64,
    },
    /// No seats, too many, or one twice.
    Seats(usize),
}

display_text!(Unfit);

impl Unfit {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::NoSuchType(kind) => text!(
                "这个场次没有票种 {kind}；`vista tickets` 列出全部",
                "this session has no ticket type {kind}; `vista tickets` lists them"
            ),
            Self::NoPrice(kind) => text!("票种 {kind} 没有价格", "ticket type {kind} has no price"),
            Self::NoSuchSeat(seat) => text!(
                "这个场次没有座位 {seat}；`vista seats` 画出座位图",
                "there is no seat {seat} in this session; `vista seats` draws them"
            ),
            Self::Ambiguous(seat) => text!("有几个座位叫 {seat}", "several seats are called {seat}"),
            Self::NotFree(seat) => text!("座位 {seat} 不空闲", "seat {seat} is not free"),
            Self::NoPlace(seat) => {
                text!("座位图没有给出座位 {seat} 的位置", "the seat plan does not say where seat {seat} is")
            }
            Self::OtherArea(seat, kind) => text!(
                "座位 {seat} 不在票种 {kind} 的区域",
                "seat {seat} lies in another area than ticket type {kind} is for"
            ),
            Self::OtherPrice { kind, price, expected } => text!(
                "票种 {kind} 的价格是 {price} 分，不是 {expected} 分",
                "ticket type {kind} costs {price} fen, not {expected}"
            ),
            Self::Seats(most) => text!(
                "请给 1 到 {most} 个座位，各一次（[cloud.ordering] tickets_max）",
                "give 1 to {most} seats, each once ([cloud.ordering] tickets_max)"
            ),
        }
    }
}

/// Terms of an order besides seats and type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// BookingFeeOverride of the order, in fen; `None` for the cinema's own.
    pub booking_fee_cents: Option<i64>,
    /// Expected price of a ticket, in fen; `None` accepts the cloud's price.
    pub price_cents: Option<i64>,
    /// Most tickets of an order.
    pub tickets_max: usize,
}

/// Returns the tickets for these seats, each named as on tickets, 7排10座.
pub fn choose(
    session_id: &str,
    plan: &SeatPlan,
    types: &[TicketType],
    ticket_type: &str,
    agreed: Agreed,
    names: &[String],
) -> Result<Tickets, Unfit> {
    let seats_fit =
        (1..=agreed.tickets_max).contains(&names.len()) && names.iter().all(|name| !name.is_empty());
    if !seats_fit {
        return Err(Unfit::Seats(agreed.tickets_max));
    }
    let kind = types.iter().find(|kind| kind.code == ticket_type);
    let kind = kind.ok_or_else(|| Unfit::NoSuchType(ticket_type.to_owned()))?;
    let price = kind.price_cents.ok_or_else(|| Unfit::NoPrice(ticket_type.to_owned()))?;
    if let Some(expected) = agreed.price_cents.filter(|expected| *expected != price) {
        return Err(Unfit::OtherPrice { kind: ticket_type.to_owned(), price, expected });
    }
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
    let tickets = Tickets::new(session_id, ticket_type, price, agreed.booking_fee_cents, seats);
    tickets.ok_or(Unfit::Seats(agreed.tickets_max))
}

/// Formats a seat's name as on tickets: 7排10座. Some cinemas include the measure words in the names.
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
        choose("29617", &plan, &types, ticket_type, AGREED, &names)
    }

    const AGREED: Agreed = Agreed { booking_fee_cents: None, price_cents: None, tickets_max: 10 };

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
            ("0056", &[], "1 to 10 seats"),
            ("0056", &[""], "1 to 10 seats"),
            ("0056", &["7排10座"; 11], "1 to 10 seats"),
            ("0056", &["7排10座", "7排10座"], "each once"),
        ] {
            let error = choose_of(ticket_type, names).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn another_price_than_expected_is_refused() {
        let plan = seat_plan::read(PLAN.as_bytes()).unwrap().content.unwrap();
        let kind = TicketType {
            code: "0056".into(),
            name: None,
            area_category: Some("0000000001".into()),
            price_cents: Some(5_000),
            resale_price: None,
        };
        let choose_at = |price_cents| {
            let agreed = Agreed { price_cents, ..AGREED };
            choose("29617", &plan, std::slice::from_ref(&kind), "0056", agreed, &["7排10座".to_owned()])
        };
        assert!(choose_at(Some(5_000)).is_ok());
        let error = choose_at(Some(4_000)).unwrap_err().to_string();
        assert_eq!(error, "ticket type 0056 costs 5000 fen, not 4000");
    }
}
