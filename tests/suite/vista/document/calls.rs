//! The twelve interfaces as the client calls them, with the values of the samples.

use crate::kit::vista::cloud;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use pickup_kiosk::vista::add_tickets::{SelectedSeat, Tickets};
use pickup_kiosk::vista::client::{Client, RefundTerms, VistaError};
use pickup_kiosk::vista::complete_order::Payment;
use pickup_kiosk::vista::identity::UserSessionId;
use pickup_kiosk::vista::refund_booking::Amount;
use pickup_kiosk::vista::seat_plan::Position;
use pickup_kiosk::vista::single_booking::Which;
use std::net::SocketAddr;

/// Every section with an interface of the cloud.
pub const SECTIONS: [&str; 12] =
    ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12"];

/// Returns a seat of the samples.
pub fn seat(column: u32) -> SelectedSeat {
    SelectedSeat { category: "0000000001".into(), position: Position { area: 1, row: 0, column } }
}

/// Returns an order by the name that the samples give it.
pub fn order(name: &str) -> UserSessionId {
    UserSessionId::parse(name).unwrap()
}

pub fn client(address: SocketAddr) -> Client {
    Client::new(&cloud(address, 10_000), "0200", "*********").unwrap()
}

/// Calls the interface of a section; returns what it gives, as text.
pub fn call(client: &Client, section: &str) -> Result<String, VistaError> {
    fn text<T: std::fmt::Debug>(found: T) -> String {
        format!("{found:?}")
    }
    let payment = Payment {
        card_number: "123456789012".into(),
        card_type: "CreditCard".into(),
        tender_category: "CreditCard".into(),
    };
    let first = order("FTest201508060001");
    match section {
        "3.1" => client.cinemas().map(text),
        "3.2" => client.films().map(text),
        "3.3" => client.ticket_types("29617").map(text),
        "3.4" => client.seat_plan("29617").map(text),
        "3.5" => {
            let tickets = Tickets::new("29617", "0056", 5_000, None, vec![seat(1), seat(2)]).unwrap();
            client.add_tickets(&first, &tickets).map(text)
        }
        "3.6" => client.order(&order("990001")).map(text),
        "3.7" => client.cancel_order(&first).map(text),
        "3.8" => client.start_payment(&first).map(text),
        "3.9" => client.complete_order(&first, 10_000, &payment).map(text),
        "3.10" => client.booking_status(&order("FTest201509140001")).map(text),
        "3.11" => client.find_booking(Which::Id(&BookingId::parse("WQNX8JL").unwrap())).map(text),
        "3.12" => {
            // The sample gives back a fee, so there is one in it.
            let amount = Amount { total_cents: 10_000, fee_cents: 200, with_fee: true };
            let terms = RefundTerms { reason: "Test", marked_only: false, timeout_ms: 10_000 };
            let number = BookingNumber::new(111_972).unwrap();
            client.refund_booking(number, amount, &payment, terms).map(text)
        }
        other => panic!("{other} is no interface of the cloud"),
    }
}
