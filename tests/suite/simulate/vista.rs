//! The simulated Vista's interfaces, asked by this product's own client.

use crate::kit::vista::{TOKEN, cloud};
use pickup_kiosk::simulator::faults::{CloudCall, CloudFaults};
use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use pickup_kiosk::vista::add_tickets::{SelectedSeat, Tickets};
use pickup_kiosk::vista::client::{BookingStatus, Client, RefundTerms, VistaError};
use pickup_kiosk::vista::complete_order::Payment;
use pickup_kiosk::vista::identity::UserSessionId;
use pickup_kiosk::vista::refund_booking::Amount;
use pickup_kiosk::vista::reply::ReadError;
use pickup_kiosk::vista::seat_plan::{Position, SeatPlan, SeatStatus};
use pickup_kiosk::vista::single_booking::Which;
use std::time::Instant;

fn start() -> (Rig, Client) {
    let rig = Rig::start(SimulateSettings::on_free_ports()).unwrap();
    let client = Client::new(&cloud(rig.address("vista").unwrap(), 5_000), "0200", TOKEN).unwrap();
    (rig, client)
}

fn seat(plan: &SeatPlan, row: &str, name: &str) -> SeatStatus {
    let wanted =
        |(_, r, s): &(_, &pickup_kiosk::vista::seat_plan::Row, &pickup_kiosk::vista::seat_plan::Seat)| {
            r.name.as_deref() == Some(row) && s.name.as_deref() == Some(name)
        };
    plan.seats().find(wanted).unwrap().2.status
}

#[test]
fn cinemas_and_films_are_listed() {
    let (_rig, client) = start();
    let cinemas = client.cinemas().unwrap();
    assert_eq!(cinemas[0].id, "0200");
    assert_eq!(cinemas[0].national_id.as_deref(), Some("17212101"));
    assert_eq!(cinemas.len(), 2);
    let films = client.films().unwrap();
    let sessions: Vec<(&str, usize)> =
        films.iter().map(|film| (film.title.as_deref().unwrap(), film.sessions.len())).collect();
    assert_eq!(sessions, [("重返20岁", 1), ("一万年以后(数字 3D)", 4)]);
    let first = &films[0].sessions[0];
    assert_eq!((first.id.as_str(), first.screen_name.as_deref()), ("29617", Some("1号厅")));
    assert!(first.showtime.is_some());
    assert_eq!(first.attributes, ["0"]);
}

#[test]
fn ticket_types_follow_the_halls_areas() {
    let (_rig, client) = start();
    let codes = |session: &str| -> Vec<String> {
        client.ticket_types(session).unwrap().into_iter().map(|kind| kind.code).collect()
    };
    assert_eq!(codes("29617"), ["0010", "0056", "0142"]);
    assert_eq!(codes("29618"), ["0010", "0056", "0142", "0043"]);
    let refused = client.ticket_types("1").unwrap_err();
    assert!(matches!(refused, VistaError::Code { code: 4, .. }), "{refused}");
}

#[test]
fn the_seat_plan_follows_the_bookings() {
    let (rig, client) = start();
    let plan = || client.seat_plan("29617").unwrap().unwrap();
    assert_eq!(seat(&plan(), "7", "10"), SeatStatus::Sold);
    // Refunded, and of a cancelled booking: free again.
    assert_eq!(seat(&plan(), "6", "9"), SeatStatus::Free);
    assert_eq!(seat(&plan(), "8", "1"), SeatStatus::Free);
    assert!(lock(rig.cinema()).refund(BookingNumber::new(111_972).unwrap(), Some("7排10座")));
    assert_eq!(seat(&plan(), "7", "10"), SeatStatus::Free);
    assert_eq!(seat(&plan(), "1", "1"), SeatStatus::Wheelchair);
    assert_eq!(client.seat_plan("29620").unwrap(), None);
    assert!(matches!(client.seat_plan("4711").unwrap_err(), VistaError::Code { code: 4, .. }));
    assert_eq!(client.seat_plan("29618").unwrap().unwrap().areas.len(), 2);
}

#[test]
fn five_hundred_seats_come_quickly() {
    let (_rig, client) = start();
    client.cinemas().unwrap();
    let begun = Instant::now();
    assert_eq!(client.seat_plan("29619").unwrap().unwrap().seats().count(), 500);
    // The number promised is 100 ms; a busy machine gets ten times as long.
    assert!(begun.elapsed().as_millis() < 1_000, "{:?}", begun.elapsed());
}

#[test]
fn orders_and_bookings_are_found_by_their_names() {
    let (_rig, client) = start();
    let order = UserSessionId::parse("FTest201508060001").unwrap();
    let BookingStatus::Booked(summary) = client.booking_status(&order).unwrap() else { panic!() };
    assert_eq!((summary.number, summary.total_cents), (BookingNumber::new(111_972), Some(10_000)));
    assert_eq!(client.order(&order).unwrap().cinema_id, None);
    let other = UserSessionId::parse("nobodys").unwrap();
    assert_eq!(client.booking_status(&other).unwrap(), BookingStatus::NotBooked);
    assert!(matches!(client.order(&other).unwrap_err(), VistaError::Code { code: 62, .. }));
    let number = BookingNumber::new(111_972).unwrap();
    let id = BookingId::parse("WQNX8JL").unwrap();
    for which in [Which::Number(number), Which::Id(&id), Which::Both(number, &id)] {
        let found = client.find_booking(which).unwrap();
        assert_eq!(found.booking.unwrap().id, Some(id.clone()));
        assert_eq!(found.total_cents, Some(10_000));
    }
    let strangers = BookingId::parse("CL7K2MA").unwrap();
    assert_eq!(client.find_booking(Which::Both(number, &strangers)).unwrap().booking, None);
}

#[test]
fn paths_are_case_sensitive_and_every_call_needs_the_token() {
    let (rig, _) = start();
    let stranger = Client::new(&cloud(rig.address("vista").unwrap(), 5_000), "0200", "other").unwrap();
    let refused = VistaError::TokenRefused { status: 401 };
    let order = UserSessionId::parse("x").unwrap();
    assert_eq!(stranger.cinemas().unwrap_err(), refused);
    assert_eq!(stranger.films().unwrap_err(), refused);
    assert_eq!(stranger.ticket_types("29617").unwrap_err(), refused);
    assert_eq!(stranger.seat_plan("29617").unwrap_err(), refused);
    assert_eq!(stranger.order(&order).unwrap_err(), refused);
    assert_eq!(stranger.booking_status(&order).unwrap_err(), refused);
    let mut elsewhere = cloud(rig.address("vista").unwrap(), 5_000);
    elsewhere.paths.odata = "/WSVistaWebClient/odata.svc".into();
    elsewhere.paths.data = "/WSVistaWebClient/RestData.svc".into();
    elsewhere.paths.ticketing = "/WSVistaWebClient/RestTicketing.svc".into();
    let client = Client::new(&elsewhere, "0200", TOKEN).unwrap();
    let nothing = VistaError::Status { status: 404 };
    assert_eq!(client.cinemas().unwrap_err(), nothing);
    assert_eq!(client.seat_plan("29617").unwrap_err(), nothing);
    assert_eq!(client.booking_status(&order).unwrap_err(), nothing);
}

#[test]
fn each_call_can_misbehave_by_itself() {
    let (rig, client) = start();
    let set = |faults| *lock(&rig.handles().cloud_faults) = faults;
    let on = |call| CloudFaults { on: vec![call], ..CloudFaults::default() };
    set(CloudFaults { html: true, ..on(CloudCall::SeatPlan) });
    assert!(client.cinemas().is_ok());
    let error = client.seat_plan("29617").unwrap_err();
    assert!(matches!(error, VistaError::Unreadable(ReadError::NotJson { .. })), "{error}");
    set(CloudFaults { truncated: true, ..on(CloudCall::Films) });
    assert!(matches!(client.films().unwrap_err(), VistaError::Unreadable(ReadError::NotJson { .. })));
    set(CloudFaults { code: Some(5), ..on(CloudCall::TicketTypes) });
    let error = client.ticket_types("29617").unwrap_err();
    assert!(error.can_retry(), "{error}");
    assert!(error.to_string().contains("5 CinemaConnectError: The service could not reach"), "{error}");
    set(CloudFaults { code: Some(1), ..on(CloudCall::Cinemas) });
    assert_eq!(client.cinemas().unwrap_err(), VistaError::Status { status: 400 });
    set(CloudFaults { silent_after: true, ..on(CloudCall::BookingStatus) });
    let hasty = Client::new(&cloud(rig.address("vista").unwrap(), 150), "0200", TOKEN).unwrap();
    let error = hasty.booking_status(&UserSessionId::parse("x").unwrap()).unwrap_err();
    assert!(matches!(error, VistaError::Timeout { .. }), "{error}");
    set(CloudFaults { code: Some(61), ..on(CloudCall::BookingStatus) });
    let order = UserSessionId::parse("FTest201508060001").unwrap();
    assert_eq!(client.booking_status(&order).unwrap(), BookingStatus::Ambiguous);
}

// -- ordering and refunding --

fn order(name: &str) -> UserSessionId {
    UserSessionId::parse(name).unwrap()
}

/// Returns tickets for seats of the hall's first row, by their columns.
fn tickets(session: &str, kind: &str, price: i64, area: u32, category: &str, columns: &[u32]) -> Tickets {
    let seat = |column: &u32| SelectedSeat {
        category: category.into(),
        position: Position { area, row: 0, column: *column },
    };
    Tickets::new(session, kind, price, None, columns.iter().map(seat).collect()).unwrap()
}

fn payment() -> Payment {
    Payment {
        card_number: "9999999999999999".into(),
        card_type: "CreditCard".into(),
        tender_category: "CreditCard".into(),
    }
}

#[track_caller]
fn code_of<T: std::fmt::Debug>(result: Result<T, VistaError>) -> (i64, String) {
    match result.unwrap_err() {
        VistaError::Code { code, said } => (code, said.unwrap_or_default()),
        other => panic!("{other}"),
    }
}

#[test]
fn an_order_becomes_a_booking_that_the_site_knows_too_and_can_be_refunded() {
    let (rig, client) = start();
    let name = order("Order1");
    let wanted = tickets("29617", "0056", 5_000, 1, "0000000001", &[1, 2]);
    let added = client.add_tickets(&name, &wanted).unwrap();
    assert_eq!((added.total_cents, added.count, added.order), (Some(10_000), Some(2), Some(name.clone())));
    assert_eq!(client.order(&name).unwrap().cinema_id.as_deref(), Some("0200"));
    assert_eq!(seat(&client.seat_plan("29617").unwrap().unwrap(), "9", "10"), SeatStatus::Sold);
    // Taken by the first.
    assert_eq!(code_of(client.add_tickets(&order("Order2"), &wanted)).0, 8);
    assert_eq!(client.complete_order(&name, 10_000, &payment()).unwrap().code, 57);
    client.start_payment(&name).unwrap();
    assert_eq!(client.complete_order(&name, 9_999, &payment()).unwrap().code, 27);
    let completed = client.complete_order(&name, 10_000, &payment()).unwrap();
    let booked = completed.content.unwrap();
    let number = booked.number.unwrap();
    assert_eq!((completed.code, number.get()), (0, 111_979));
    assert_eq!(client.complete_order(&name, 10_000, &payment()).unwrap().code, 56);
    assert_eq!(code_of(client.cancel_order(&name)).0, 56);
    assert_eq!(client.order(&name).unwrap().cinema_id, None);
    let records = lock(rig.cinema()).query(number);
    let names: Vec<&str> = records.iter().map(|ticket| ticket.seat_name.as_str()).collect();
    assert_eq!(names, ["9排10座", "9排9座"]);
    assert!(records.iter().all(|ticket| ticket.is_sample()));
    let amount = Amount { total_cents: 10_000, fee_cents: 0, with_fee: true };
    let terms = RefundTerms { reason: "Test", marked_only: true, timeout_ms: 5_000 };
    client.refund_booking(number, amount, &payment(), terms).unwrap();
    assert_eq!(code_of(client.refund_booking(number, amount, &payment(), terms)).0, 63);
    assert!(lock(rig.cinema()).query(number).is_empty());
    for (number, code) in [(111_973, 39), (111_975, 49), (999, 47)] {
        let number = BookingNumber::new(number).unwrap();
        assert_eq!(code_of(client.refund_booking(number, amount, &payment(), terms)).0, code);
    }
}

#[test]
fn cancelled_seats_are_free_again() {
    let (_rig, client) = start();
    let wanted = tickets("29618", "0043", 2_000, 1, "0000000003", &[3]);
    client.add_tickets(&order("a"), &wanted).unwrap();
    client.cancel_order(&order("a")).unwrap();
    assert_eq!(code_of(client.cancel_order(&order("a"))).0, 62);
    assert_eq!(code_of(client.start_payment(&order("nobodys"))).0, 62);
    assert_eq!(client.add_tickets(&order("b"), &wanted).unwrap().total_cents, Some(2_000));
}

#[test]
fn price_area_and_time_are_the_cinemas() {
    let (_rig, client) = start();
    let refused = |wanted: Tickets| code_of(client.add_tickets(&order("x"), &wanted));
    let (code, said) = refused(tickets("29617", "0056", 4_000, 1, "0000000001", &[1]));
    assert_eq!(code, 4);
    assert!(said.contains("Either provide the correct price in cents, 5000, or enable"), "{said}");
    // The other area's seat, and this area's with the other's category.
    assert_eq!(refused(tickets("29618", "0056", 5_000, 1, "0000000003", &[1])).0, 8);
    assert_eq!(refused(tickets("29618", "0056", 5_000, 1, "0000000001", &[1])).0, 8);
    assert_eq!(refused(tickets("29618", "0056", 5_000, 2, "0000000001", &[99])).0, 8);
    // Sessions that are let as a whole, begun, or of no cinema.
    assert_eq!(refused(tickets("29620", "0056", 5_000, 1, "0000000001", &[1])).0, 8);
    assert_eq!(refused(tickets("29621", "0056", 5_000, 2, "0000000001", &[1])).0, 8);
    assert_eq!(refused(tickets("4711", "0056", 5_000, 1, "0000000001", &[1])).0, 4);
}

#[test]
fn without_seats_it_takes_any_and_a_wrong_name_gets_no_explanation() {
    let (rig, client) = start();
    let url =
        format!("http://{}/WSVistaWebClient/RESTTicketing.svc/order/tickets", rig.address("vista").unwrap());
    let ask = |name: &str| -> serde_json::Value {
        let body = serde_json::json!({
            "UserSessionId": name, "CinemaId": "0200", "SessionId": "29618",
            "TicketTypes": [{ "TicketTypeCode": "0043", "Qty": 3, "PriceInCents": 2000, "BookingFeeOverride": 50 }],
            "ReturnOrder": true, "BookingFeeOverride": null, "SelectedSeats": null, "OptionalClientClass": "RSP",
            "OptionalClientId": "111.111.111.111", "OptionalClientName": "3rdParty",
        });
        let call = ureq::post(&url).header("connectapitoken", TOKEN);
        call.send(body.to_string()).unwrap().body_mut().read_json().unwrap()
    };
    let reply = ask("any");
    assert_eq!(reply["Order"]["TotalValueCents"], 6_150);
    assert_eq!(reply["Order"]["BookingFeeValueCents"], 150);
    let sold = client.seat_plan("29618").unwrap().unwrap();
    assert_eq!(sold.seats().filter(|(_, _, seat)| seat.status == SeatStatus::Sold).count(), 3);
    assert_eq!(ask("with-hyphen")["Result"], 1);
}
