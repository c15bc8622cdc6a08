//! The simulated Vista's interfaces, asked by this product's own client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::config::settings::{Cloud, CloudPaths};
use pickup_kiosk::simulator::faults::{CloudCall, CloudFaults};
use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use pickup_kiosk::vista::client::{BookingStatus, Client, VistaError};
use pickup_kiosk::vista::identity::UserSessionId;
use pickup_kiosk::vista::read::ReadError;
use pickup_kiosk::vista::seat_plan::{SeatPlan, SeatStatus};
use pickup_kiosk::vista::single_booking::Which;
use std::time::Instant;

const TOKEN: &str = "simulated-token";

fn cloud(rig: &Rig, timeout_ms: u64) -> Cloud {
    Cloud {
        url: format!("http://{}", rig.address("vista").unwrap()),
        allow_plain_http: true,
        token_file: "unused".into(),
        client_class: "RSP".into(),
        client_id: "111.111.111.111".into(),
        client_name: "3rdParty".into(),
        timeout_ms,
        order_token_file: None,
        test: true,
        paths: CloudPaths::default(),
    }
}

fn start() -> (Rig, Client) {
    let rig = Rig::start(SimulateSettings::on_free_ports()).unwrap();
    let client = Client::new(&cloud(&rig, 5_000), "0200", TOKEN).unwrap();
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
    let stranger = Client::new(&cloud(&rig, 5_000), "0200", "other").unwrap();
    let refused = VistaError::TokenRefused { status: 401 };
    let order = UserSessionId::parse("x").unwrap();
    assert_eq!(stranger.cinemas().unwrap_err(), refused);
    assert_eq!(stranger.films().unwrap_err(), refused);
    assert_eq!(stranger.ticket_types("29617").unwrap_err(), refused);
    assert_eq!(stranger.seat_plan("29617").unwrap_err(), refused);
    assert_eq!(stranger.order(&order).unwrap_err(), refused);
    assert_eq!(stranger.booking_status(&order).unwrap_err(), refused);
    let mut elsewhere = cloud(&rig, 5_000);
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
    let hasty = Client::new(&cloud(&rig, 150), "0200", TOKEN).unwrap();
    let error = hasty.booking_status(&UserSessionId::parse("x").unwrap()).unwrap_err();
    assert!(matches!(error, VistaError::Timeout { .. }), "{error}");
    set(CloudFaults { code: Some(61), ..on(CloudCall::BookingStatus) });
    let order = UserSessionId::parse("FTest201508060001").unwrap();
    assert_eq!(client.booking_status(&order).unwrap(), BookingStatus::Ambiguous);
}
