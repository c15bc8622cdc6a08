//! Requests: ours on the wire are the printed ones, field for field. Replies: the printed ones are read as they are
//! meant, field for field.

use super::calls::{SECTIONS, call, client, order};
use super::server::Server;
use super::{printed, reply, request};
use jiff::civil::date;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use pickup_kiosk::vista::answer::{CloudBooking, CloudTicket, Flag};
use pickup_kiosk::vista::booking_status::OrderSummary;
use pickup_kiosk::vista::cinemas::Cinema;
use pickup_kiosk::vista::client::{BookingStatus, Exchange};
use pickup_kiosk::vista::complete_order::Completed;
use pickup_kiosk::vista::films::{Film, FilmSession};
use pickup_kiosk::vista::order::VistaOrder;
use pickup_kiosk::vista::reply::Reply;
use pickup_kiosk::vista::seat_plan::{Area, Position, Row, Seat, SeatPlan, SeatStatus, SeatStyle};
use pickup_kiosk::vista::ticket_types::TicketType;
use serde_json::Value;
use std::fmt::Debug;

#[test]
fn every_request_on_the_wire_is_the_printed_one() {
    let server = Server::start();
    let client = client(server.address);
    for section in SECTIONS {
        server.answers(printed(&format!("{section}.reply")).as_bytes());
        call(&client, section).unwrap_or_else(|error| panic!("{section}: {error}"));
        let asked = server.asked();
        let (line, body) = request(section);
        match section {
            // Fields that the tables list beyond the samples are asked for behind those of the samples.
            "3.1" => assert_eq!(asked.line, format!("{line},Address1")),
            "3.2" => assert_eq!(asked.line, format!("{line},RatingDescription,Synopsis")),
            _ => assert_eq!(asked.line, line, "{section}"),
        }
        let sent: Option<Value> = serde_json::from_str(&asked.body).ok();
        assert_eq!(sent, body, "{section}");
        // Some servers refuse another spelling: byte by byte.
        for header in
            ["connectapitoken: *********", "content-type: application/json", "accept: application/json"]
        {
            assert!(
                asked.headers.iter().any(|found| found == header),
                "{section}: {header}: {:?}",
                asked.headers
            );
        }
        assert!(asked.headers.contains(&format!("host: {}", server.address)), "{section}");
    }
}

/// Returns a printed reply as the client reads it.
fn read(name: &str) -> String {
    let server = Server::start();
    server.answers(printed(&format!("{name}.reply")).as_bytes());
    let section = name.split('-').next().unwrap();
    call(&client(server.address), section).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn assert_read(name: &str, expected: impl Debug) {
    assert_eq!(read(name), format!("{expected:?}"), "{name}");
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn cinemas_and_films() {
    let cinema = |address: Option<&str>| Cinema {
        id: "0200".into(),
        national_id: text("1721210"),
        name: text("CHTEST01"),
        phone: None,
        email: None,
        address: address.map(str::to_owned),
        city: text("China"),
    };
    assert_read("3.1", vec![cinema(None)]);
    assert_read("3.1-all", vec![cinema(Some("Address1"))]);
    let session = |id: &str, hour, minute| FilmSession {
        id: id.into(),
        showtime: Some(date(2016, 10, 19).at(hour, minute, 0, 0)),
        screen_number: None,
        screen_name: None,
        attributes: vec!["0".into()],
    };
    let film = Film {
        id: "HO00012501".into(),
        title: text("一万年以后(数字 3D)"),
        short_code: text("001200472015"),
        run_time: Some(97),
        rating: None,
        synopsis: None,
        sessions: vec![session("34668", 10, 30), session("34669", 12, 45)],
    };
    assert_read("3.2", vec![film]);
}

#[test]
fn ticket_types_and_seats() {
    let kind = |code: &str, name: &str, area: &str, price, resale: Option<&str>| TicketType {
        code: code.into(),
        name: text(name),
        area_category: text(area),
        price_cents: Some(price),
        resale_price: resale.map(str::to_owned),
    };
    let types = vec![
        kind("0010", "标准票", "0000000001", 10_000, Some("19.9")),
        kind("0142", "webTicket 测试用代金券", "0000000001", 5_000, None),
        kind("0043", "webTicket 测试用代金券(优选区)", "0000000003", 2_000, None),
    ];
    assert_read("3.3", types);
    let seat = |name: &str, column, style, status| Seat {
        name: text(name),
        position: Some(Position { area: 1, row: 0, column }),
        style,
        status,
    };
    let area = Area {
        category: text("0000000001"),
        number: Some(1),
        name: text("一号厅"),
        columns: Some(12),
        row_count: Some(7),
        rows: vec![Row {
            name: text("7"),
            seats: vec![
                seat("10", 1, SeatStyle::Chair, SeatStatus::Free),
                seat("9", 2, SeatStyle::SofaLeft, SeatStatus::Sold),
            ],
        }],
    };
    assert_read("3.4", Some(SeatPlan { areas: vec![area] }));
}

#[test]
fn orders() {
    let held = |cinema: Option<&str>, name: &str, count, total| VistaOrder {
        cinema_id: cinema.map(str::to_owned),
        order: Some(order(name)),
        count: Some(count),
        total_cents: Some(total),
        booking_fee_cents: Some(0),
    };
    assert_read("3.5", held(Some("0200"), "FTest201508060001", 2, 10_000));
    assert_read("3.6", held(None, "990001", 0, 0));
    assert_read("3.6-added", held(Some("0179"), "990001", 1, 3_500));
    for section in ["3.7", "3.8", "3.12"] {
        assert_read(section, ());
    }
    let completed = Completed {
        id: BookingId::parse("WQNX8JL"),
        number: BookingNumber::new(111_972),
        transaction: text("375975"),
    };
    assert_read("3.9", Reply { code: 0, said: None, content: Some(completed) });
    let summary = OrderSummary {
        cinema_id: text("0200"),
        total_cents: Some(10_000),
        order: Some(order("FTest201509140001")),
        id: BookingId::parse("WL5633Z"),
        number: BookingNumber::new(112_086),
    };
    assert_read("3.10", BookingStatus::Booked(summary));
}

#[test]
fn a_booking() {
    let ticket =
        CloudTicket { collected: Flag::No, refunded: Flag::No, sequence: Some(1), session_id: text("29617") };
    let booking = CloudBooking {
        number: BookingNumber::new(111_972),
        id: BookingId::parse("WQNX8JL"),
        cinema_id: text("0200"),
        cancelled: Flag::No,
        tickets: vec![ticket],
    };
    let exchange = Exchange { code: 0, booking: Some(booking), clock_ahead: None, total_cents: Some(10_000) };
    assert_read("3.11", exchange);
}

#[test]
fn the_printed_replies_are_whole() {
    for section in SECTIONS {
        assert!(reply(section).is_object(), "{section}");
    }
}
