//! The cloud client against the simulated Vista, and against servers no simulator would be.

use crate::kit::vista::{TOKEN, cloud};
use pickup_kiosk::simulator::faults::CloudFaults;
use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use pickup_kiosk::vista::answer::{CloudAnswer, CloudBooking, CloudStatus, Flag};
use pickup_kiosk::vista::client::{Client, VistaError};
use pickup_kiosk::vista::reply::ReadError;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

fn rig() -> Rig {
    Rig::start(SimulateSettings::on_free_ports()).unwrap()
}

fn client(rig: &Rig) -> Client {
    Client::new(&cloud(rig.address("vista").unwrap(), 5_000), "0200", TOKEN).unwrap()
}

fn id(text: &str) -> BookingId {
    BookingId::parse(text).unwrap()
}

fn found(answer: CloudAnswer) -> CloudBooking {
    match answer {
        CloudAnswer::Booking(booking) => booking,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_built_in_booking_has_its_status() {
    let rig = rig();
    let client = client(&rig);
    for (code, number, status, seats) in [
        ("WQNX8JL", 111_972, CloudStatus::Open, 2),
        ("CL7K2MA", 111_973, CloudStatus::Collected, 2),
        ("RF8M2QX", 111_974, CloudStatus::Refunded, 2),
        ("CN5P9WB", 111_975, CloudStatus::Cancelled, 2),
        ("UK4T6ZE", 111_976, CloudStatus::Open, 1),
        ("SX6B2HN", 111_977, CloudStatus::Open, 6),
        ("PR7V3LC", 111_978, CloudStatus::Open, 3),
    ] {
        let booking = found(client.get_single_booking(&id(code)));
        assert_eq!(booking.number, BookingNumber::new(number), "{code}");
        assert_eq!(booking.id, Some(id(code)));
        assert_eq!(booking.cinema_id.as_deref(), Some("0200"));
        assert_eq!(booking.status(), status, "{code}");
        assert_eq!(booking.tickets.len(), seats, "{code}");
    }
    assert_eq!(client.get_single_booking(&id("NOBODY1")), CloudAnswer::NotFound);
    assert_eq!(found(client.get_single_booking(&id("wqnx8jl"))).id, Some(id("WQNX8JL")));
}

#[test]
fn collected_follows_the_sites_flag() {
    let rig = rig();
    let client = client(&rig);
    let number = BookingNumber::new(111_972).unwrap();
    assert_eq!(lock(rig.cinema()).issue(number, |_| true), 0);
    assert_eq!(found(client.get_single_booking(&id("WQNX8JL"))).status(), CloudStatus::Open);
    assert_eq!(lock(rig.cinema()).report(number), 0);
    let booking = found(client.get_single_booking(&id("WQNX8JL")));
    assert_eq!(booking.status(), CloudStatus::Collected);
    assert!(booking.tickets.iter().all(|ticket| ticket.collected == Flag::Yes));
}

#[test]
fn another_cinemas_booking_is_not_found() {
    let rig = rig();
    let elsewhere = cloud(rig.address("vista").unwrap(), 5_000);
    let client = Client::new(&elsewhere, "0201", TOKEN).unwrap();
    assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::NotFound);
}

#[test]
fn one_id_of_two_bookings_is_ambiguous() {
    let rig = rig();
    let mut twin = lock(rig.cinema()).bookings[0].clone();
    twin.number = BookingNumber::new(5).unwrap();
    lock(rig.cinema()).bookings.push(twin);
    assert_eq!(client(&rig).get_single_booking(&id("WQNX8JL")), CloudAnswer::Ambiguous);
}

#[test]
fn every_fault_is_told_apart() {
    let rig = rig();
    let client = client(&rig);
    let none = CloudFaults::default;
    let cases: [(CloudFaults, VistaError); 6] = [
        (CloudFaults { status: Some(401), ..none() }, VistaError::TokenRefused { status: 401 }),
        (CloudFaults { status: Some(500), ..none() }, VistaError::Status { status: 500 }),
        (CloudFaults { status: Some(302), ..none() }, VistaError::Redirected { status: 302 }),
        (CloudFaults { status: Some(307), ..none() }, VistaError::Redirected { status: 307 }),
        (CloudFaults { code: Some(5), ..none() }, VistaError::Code { code: 5, said: None }),
        (
            CloudFaults { html: true, ..none() },
            VistaError::Unreadable(ReadError::NotJson { line: 1, column: 1 }),
        ),
    ];
    for (faults, expected) in cases {
        *lock(&rig.handles().cloud_faults) = faults;
        assert_eq!(client.single_booking(&id("WQNX8JL")).unwrap_err(), expected);
        let CloudAnswer::Unavailable(why) = client.get_single_booking(&id("WQNX8JL")) else { panic!() };
        assert!(!why.contains(TOKEN) && !why.contains("WQNX8JL"), "{why}");
    }
    for code in [47, 62] {
        *lock(&rig.handles().cloud_faults) = CloudFaults { code: Some(code), ..none() };
        assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::NotFound);
    }
    *lock(&rig.handles().cloud_faults) = CloudFaults { code: Some(61), ..none() };
    assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::Ambiguous);
    *lock(&rig.handles().cloud_faults) = CloudFaults { truncated: true, truncated_count: Some(1), ..none() };
    let error = client.single_booking(&id("WQNX8JL")).unwrap_err();
    assert!(matches!(error, VistaError::Unreadable(ReadError::NotJson { .. })), "{error}");
    assert!(client.single_booking(&id("WQNX8JL")).is_ok());
}

#[test]
fn silence_and_slowness_end_at_the_limit() {
    let rig = rig();
    let client = Client::new(&cloud(rig.address("vista").unwrap(), 150), "0200", TOKEN).unwrap();
    for faults in [
        CloudFaults { silent: true, ..CloudFaults::default() },
        CloudFaults { delay_ms: 60_000, ..CloudFaults::default() },
    ] {
        *lock(&rig.handles().cloud_faults) = faults;
        let begun = Instant::now();
        let error = client.single_booking(&id("WQNX8JL")).unwrap_err();
        assert!(matches!(error, VistaError::Timeout { limit_ms: 150, .. }), "{error}");
        assert!(error.can_retry() && begun.elapsed() < Duration::from_secs(5));
    }
    *lock(&rig.handles().cloud_faults) = CloudFaults { delay_ms: 1, ..CloudFaults::default() };
    let patient = Client::new(&cloud(rig.address("vista").unwrap(), 5_000), "0200", TOKEN).unwrap();
    assert!(patient.single_booking(&id("WQNX8JL")).is_ok());
}

#[test]
fn check_tells_token_and_clock() {
    let rig = rig();
    let checked = client(&rig).check().unwrap();
    assert_eq!((checked.code, checked.booking), (47, None));
    assert!(checked.clock_ahead.unwrap().as_secs().abs() <= 2);
    let wrong = Client::new(&cloud(rig.address("vista").unwrap(), 5_000), "0200", "other").unwrap();
    assert_eq!(wrong.check().unwrap_err(), VistaError::TokenRefused { status: 401 });
    let mut elsewhere = cloud(rig.address("vista").unwrap(), 5_000);
    elsewhere.paths.booking = "/wsvistawebclient/restbooking.svc".into();
    let client = Client::new(&elsewhere, "0200", TOKEN).unwrap();
    assert_eq!(client.check().unwrap_err(), VistaError::Status { status: 404 });
}

#[test]
fn nobody_there_is_a_transport_error() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(&cloud(free, 5_000), "0200", TOKEN).unwrap();
    let error = client.single_booking(&id("WQNX8JL")).unwrap_err();
    assert!(matches!(error, VistaError::Transport(_)), "{error}");
    assert!(error.can_retry());
}

#[test]
fn a_server_without_tls_gets_no_token() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        buffer[..count].to_vec()
    });
    let mut strict = cloud(address, 5_000);
    strict.url = format!("https://{address}");
    strict.allow_plain_http = false;
    let error = Client::new(&strict, "0200", TOKEN).unwrap().single_booking(&id("WQNX8JL")).unwrap_err();
    assert!(matches!(error, VistaError::Tls(_)), "{error:?}");
    assert!(!error.can_retry());
    assert!(!String::from_utf8_lossy(&thread.join().unwrap()).contains(TOKEN));
}

/// Starts a server that reads one request and answers these bytes, whatever they are; gives the request back.
fn serve_once(answer: Vec<u8>) -> (SocketAddr, std::thread::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_request(&mut stream);
        // A client that has seen enough closes first.
        if let Err(error) = stream.write_all(&answer) {
            assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
        }
        request
    });
    (address, thread)
}

fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    // The body's last byte is the only closing brace of a flat object.
    while !request.ends_with(b"}") {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "the client closed before its request was complete");
        request.extend_from_slice(&buffer[..count]);
    }
    request
}

fn ask(answer: Vec<u8>) -> Result<Option<CloudBooking>, VistaError> {
    let (address, thread) = serve_once(answer);
    let client = Client::new(&cloud(address, 5_000), "0200", TOKEN).unwrap();
    let result = client.single_booking(&id("WQNX8JL"));
    drop(client);
    thread.join().unwrap();
    result.map(|exchange| exchange.booking)
}

fn http(body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

#[test]
fn the_request_on_the_wire_is_the_documents() {
    let (address, thread) = serve_once(http(br#"{"ResultCode":47}"#));
    let client = Client::new(&cloud(address, 5_000), "0200", "T0KEN").unwrap();
    assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::NotFound);
    let request = String::from_utf8(thread.join().unwrap()).unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST /WSVistaWebClient/RestBooking.svc/booking HTTP/1.1"));
    let headers: Vec<&str> = lines.collect();
    // Some servers refuse another spelling, so it is compared byte by byte.
    assert!(headers.contains(&"connectapitoken: T0KEN"), "{headers:?}");
    assert!(headers.contains(&"content-type: application/json"), "{headers:?}");
    assert!(headers.contains(&"accept: application/json"), "{headers:?}");
    assert!(headers.contains(&format!("content-length: {}", body.len()).as_str()), "{headers:?}");
    assert!(headers.contains(&format!("host: {address}").as_str()), "{headers:?}");
    assert_eq!(
        body,
        r#"{"BookingId":"WQNX8JL","BookingNumber":0,"CinemaId":"0200","OptionalClientId":"111.111.111.111","ReturnTransactionStatusInfoIfSingleBookingMatch":true}"#
    );
}

#[test]
fn a_connection_is_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for _ in 0..3 {
            read_request(&mut stream);
            stream.write_all(&http(br#"{"ResultCode":47}"#)).unwrap();
        }
    });
    let client = Client::new(&cloud(address, 5_000), "0200", TOKEN).unwrap();
    for _ in 0..3 {
        assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::NotFound);
    }
    thread.join().unwrap();
}

#[test]
fn a_connection_the_server_has_closed_is_opened_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (say_closed, closed) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            read_request(&mut stream);
            stream.write_all(&http(br#"{"ResultCode":47}"#)).unwrap();
            drop(stream);
            say_closed.send(()).unwrap();
        }
    });
    let client = Client::new(&cloud(address, 5_000), "0200", TOKEN).unwrap();
    for _ in 0..2 {
        assert_eq!(client.get_single_booking(&id("WQNX8JL")), CloudAnswer::NotFound);
        closed.recv().unwrap();
    }
    thread.join().unwrap();
}

#[test]
fn ten_megabytes_are_not_read() {
    let mut body = br#"{"ResultCode":0,"x":""#.to_vec();
    body.resize(10 * 1024 * 1024, b'x');
    assert_eq!(ask(http(&body)).unwrap_err(), VistaError::TooLong { limit: 1024 * 1024 });
}

#[test]
fn broken_http_is_an_error() {
    let cut = {
        let mut whole = http(br#"{"ResultCode":0,"Booking":null}"#);
        whole.truncate(whole.len() - 5);
        whole
    };
    let endless_headers = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(100_000));
    for answer in [
        cut,
        Vec::new(),
        b"not http at all\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}".to_vec(),
        endless_headers.into_bytes(),
    ] {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(60)]).into_owned();
        let error = ask(answer).unwrap_err();
        assert!(matches!(error, VistaError::Transport(_)), "{shown}: {error:?}");
    }
}

#[test]
fn bodies_of_the_wrong_kind_are_errors() {
    for body in
        ["", "null", "[]", "<html></html>", r#"{"ResultCode":null}"#, r#"{"ResultCode":0,"Booking":3}"#]
    {
        let error = ask(http(body.as_bytes())).unwrap_err();
        assert!(matches!(error, VistaError::Unreadable(_)), "{body}: {error:?}");
    }
    let deep = format!(r#"{{"ResultCode":0,"x":{}{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(ask(http(deep.as_bytes())), Ok(None));
}
