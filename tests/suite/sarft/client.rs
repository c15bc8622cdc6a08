//! The client against the simulated on-site service over loopback, with each of its faults.

use super::{other_wire, ticket_without_seat};
use crate::kit::loopback::{until_bytes_wait_from, until_closed_by};
use jiff::tz::TimeZone;
use pickup_kiosk::config::settings::Wire;
use pickup_kiosk::sarft::malformed::MalformedReason;
use pickup_kiosk::sarft::{
    Client, ClientSettings, IssueError, Layout, ReportError, SarftStep, Secret, SiteError,
};
use pickup_kiosk::simulator::cinema::{Booking, Cinema, Seat, SecondIssue, SiteKind};
use pickup_kiosk::simulator::sarft::{Exchange, ServiceSettings, SiteFaults, Spell, serve};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Ticket};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

const LIMIT: Duration = Duration::from_millis(300);

struct Site {
    address: String,
    cinema: Arc<Mutex<Cinema>>,
    faults: Arc<Mutex<SiteFaults>>,
    layout: Layout,
}

fn ticket(seat: u32) -> Ticket {
    Ticket {
        info_code: format!("17212101U0lNVUxBVEVEIFNBTVBM{:0152}", seat),
        screen_code: "1".into(),
        session_code: "42".into(),
        code: format!("555{seat}"),
        seat_code: format!("{seat:04}"),
        seat_name: format!("7排{seat}座"),
        ..ticket_without_seat()
    }
}

fn booking(number: u64, id: &str, seats: u32) -> Booking {
    Booking {
        number: BookingNumber::new(number).unwrap(),
        id: BookingId::parse(id).unwrap(),
        unknown_to_site: false,
        cancelled: false,
        issued: false,
        claimed_at_ms: 0,
        reports: 0,
        seats: (1..=seats).map(|seat| Seat::open(ticket(seat))).collect(),
    }
}

impl Site {
    async fn open(wire: Wire) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let bookings = vec![booking(111_972, "WQNX8JL", 2), booking(255, "HALL255", 255)];
        let cinema = Arc::new(Mutex::new(Cinema::new(bookings, SiteKind::plain(SecondIssue::Refuse))));
        let faults = Arc::new(Mutex::new(SiteFaults::default()));
        let layout = Layout::read(&wire).unwrap();
        let settings = ServiceSettings {
            username: "kiosk".into(),
            password: Secret::new("secret"),
            layout: layout.clone(),
            timezone: TimeZone::get("Asia/Shanghai").unwrap(),
        };
        tokio::spawn(serve(listener, Arc::clone(&cinema), Arc::clone(&faults), settings));
        Self { address, cinema, faults, layout }
    }

    fn client(&self) -> Client {
        self.client_with("secret")
    }

    fn client_with(&self, password: &str) -> Client {
        Client::new(ClientSettings {
            address: self.address.clone(),
            username: "kiosk".into(),
            password: Secret::new(password),
            timeout: LIMIT,
            layout: self.layout.clone(),
            timezone: TimeZone::get("Asia/Shanghai").unwrap(),
        })
    }

    fn fault(&self, change: impl FnOnce(&mut SiteFaults)) {
        change(&mut self.faults.lock().unwrap());
    }

    fn issued(&self) -> bool {
        self.cinema.lock().unwrap().bookings[0].issued
    }

    fn reports(&self) -> u32 {
        self.cinema.lock().unwrap().bookings[0].reports
    }
}

fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

fn id() -> BookingId {
    BookingId::parse("WQNX8JL").unwrap()
}

/// Returns the other layout, with MD5 in capital letters.
fn upper_wire() -> Wire {
    Wire { md5_case: "upper".into(), ..other_wire() }
}

#[tokio::test]
async fn a_pickup_under_both_layouts() {
    for wire in [Wire::default(), upper_wire()] {
        let site = Site::open(wire).await;
        let mut client = site.client();
        client.sign_in().await.unwrap();
        let answer = client.query(number()).await.unwrap();
        assert_eq!(answer.return_value, 0);
        assert_eq!(answer.tickets, [ticket(1), ticket(2)]);
        assert!(!site.issued());
        assert_eq!(client.issue(number(), &id()).await, Ok(0));
        assert_eq!(client.report(number()).await, Ok(0));
        assert!(client.query(number()).await.unwrap().tickets.iter().all(|ticket| ticket.printed));
        assert_eq!(client.issue(number(), &id()).await, Ok(1));
        assert_eq!(site.reports(), 1);
    }
}

#[tokio::test]
async fn a_query_signs_in_by_itself_and_unknown_bookings_have_no_tickets() {
    let site = Site::open(Wire::default()).await;
    let mut client = site.client();
    let unknown = BookingNumber::new(7).unwrap();
    assert_eq!(client.query(unknown).await.unwrap().tickets, []);
    assert_eq!(client.issue(unknown, &id()).await, Ok(2));
    assert_eq!(client.report(unknown).await, Ok(2));
    let wrong = BookingId::parse("WQNX8JX").unwrap();
    client.query(number()).await.unwrap();
    assert_eq!(client.issue(number(), &wrong).await, Ok(2));
}

#[tokio::test]
async fn a_hall_of_255_seats_comes_whole() {
    let site = Site::open(Wire::default()).await;
    let answer = site.client().query(BookingNumber::new(255).unwrap()).await.unwrap();
    assert_eq!(answer.tickets.len(), 255);
}

#[tokio::test]
async fn a_refused_sign_in_is_named() {
    let site = Site::open(Wire::default()).await;
    assert_eq!(site.client_with("wrong").sign_in().await, Err(SiteError::Refused { value: 1 }));
    assert_eq!(site.client_with("wrong").query(number()).await, Err(SiteError::Refused { value: 1 }));
    let long = site.client_with(&"x".repeat(33)).sign_in().await;
    assert!(matches!(long, Err(SiteError::Unsendable { step: SarftStep::SignIn, .. })));
    site.fault(|faults| faults.return_value.sign_in = Some(9));
    let error = site.client().report(number()).await.unwrap_err();
    assert_eq!(error, ReportError { sent: false, cause: SiteError::Refused { value: 9 } });
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = Site::open(Wire::default()).await;
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let mut client = Site { address, ..site }.client();
    assert!(matches!(client.query(number()).await, Err(SiteError::CannotConnect { .. })));
    let error = client.issue(number(), &id()).await.unwrap_err();
    assert!(matches!(error, IssueError::NotSent(SiteError::NotAllowed { .. })));
}

#[tokio::test]
async fn an_issue_needs_this_connections_query_of_the_same_booking() {
    let site = Site::open(Wire::default()).await;
    let mut client = site.client();
    let not_sent = |error| matches!(error, Err(IssueError::NotSent(SiteError::NotAllowed { .. })));
    assert!(not_sent(client.issue(number(), &id()).await));
    client.sign_in().await.unwrap();
    assert!(not_sent(client.issue(number(), &id()).await));
    client.query(BookingNumber::new(7).unwrap()).await.unwrap();
    assert!(not_sent(client.issue(number(), &id()).await));
    client.query(number()).await.unwrap();
    client.sign_in().await.unwrap();
    assert!(not_sent(client.issue(number(), &id()).await));
    client.query(number()).await.unwrap();
    client.close();
    assert!(not_sent(client.issue(number(), &id()).await));
    assert!(!site.issued());
}

#[tokio::test]
async fn silence_is_a_time_out_in_each_exchange_and_the_connection_goes() {
    let site = Site::open(Wire::default()).await;
    let timed_out = |step| SiteError::TimedOut { step, limit: LIMIT };
    site.fault(|faults| faults.silent = true);
    assert_eq!(site.client().sign_in().await, Err(timed_out(SarftStep::SignIn)));
    site.fault(|faults| faults.silent = false);

    let mut client = site.client();
    site.fault(|faults| faults.lost_before = Spell::times(&[Exchange::Query], 1));
    assert_eq!(client.query(number()).await, Err(timed_out(SarftStep::Query)));
    client.query(number()).await.unwrap();

    // Lost on its way there, lost on its way back: the client cannot tell, and does not repeat.
    site.fault(|faults| faults.lost_before = Spell::times(&[Exchange::Issue], 1));
    assert_eq!(client.issue(number(), &id()).await, Err(IssueError::NoReply(timed_out(SarftStep::Issue))));
    assert!(!site.issued());
    client.query(number()).await.unwrap();
    site.fault(|faults| faults.silent_on = Spell::on(&[Exchange::Issue]));
    assert_eq!(client.issue(number(), &id()).await, Err(IssueError::NoReply(timed_out(SarftStep::Issue))));
    assert!(site.issued());

    site.fault(|faults| faults.silent_on = Spell::on(&[Exchange::Report]));
    let error = client.report(number()).await.unwrap_err();
    assert_eq!(error, ReportError { sent: true, cause: timed_out(SarftStep::Report) });
    assert_eq!(site.reports(), 1);
}

#[tokio::test]
async fn a_late_answer_never_becomes_the_next_ones() {
    for wire in [Wire::default(), upper_wire()] {
        let site = Site::open(wire).await;
        let mut client = site.client();
        client.sign_in().await.unwrap();
        site.fault(|faults| {
            faults.delay_ms = 400;
            faults.delay_on = Some(Spell::times(&[Exchange::Query], 1));
        });
        let error = client.query(number()).await.unwrap_err();
        assert!(matches!(error, SiteError::TimedOut { step: SarftStep::Query, .. }));
        let unknown = BookingNumber::new(7).unwrap();
        assert_eq!(client.query(unknown).await.unwrap().tickets, []);
    }
}

#[tokio::test]
async fn a_slow_service_within_the_limit_is_waited_for() {
    let site = Site::open(Wire::default()).await;
    site.fault(|faults| faults.delay_ms = 20);
    assert_eq!(site.client().query(number()).await.unwrap().tickets.len(), 2);
}

#[tokio::test]
async fn answers_that_are_not_the_one_asked_for() {
    let site = Site::open(upper_wire()).await;
    let mut client = site.client();
    type Set = fn(&mut SiteFaults, Spell);
    let faults: [(Set, &str); 4] = [
        (|faults, spell| faults.wrong_length = spell, "length"),
        (|faults, spell| faults.wrong_sequence = spell, "sequence"),
        (|faults, spell| faults.wrong_print_no = spell, "print_no"),
        (|faults, spell| faults.answer_twice = spell, "end of message"),
    ];
    for (set, expected) in faults {
        client.query(number()).await.unwrap();
        site.fault(|faults| set(faults, Spell::times(&[Exchange::Query], 1)));
        match client.query(number()).await {
            Err(SiteError::Malformed { step: SarftStep::Query, cause }) => assert_eq!(cause.field, expected),
            other => panic!("{expected}: {other:?}"),
        }
        // The connection is gone: no issue on it.
        let error = client.issue(number(), &id()).await.unwrap_err();
        assert!(matches!(error, IssueError::NotSent(_)), "{error:?}");

        client.query(number()).await.unwrap();
        site.fault(|faults| set(faults, Spell::times(&[Exchange::Issue], 1)));
        match client.issue(number(), &id()).await {
            Err(IssueError::NoReply(SiteError::Malformed { step: SarftStep::Issue, cause })) => {
                assert_eq!(cause.field, expected);
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_an_answer() {
    let site = Site::open(Wire::default()).await;
    let mut client = site.client();
    let closed = |step| SiteError::Closed { step, kind: io::ErrorKind::UnexpectedEof };
    // On a fresh connection it is an error; on one that was idle it may be the idle's end, once.
    site.fault(|faults| faults.close_in_mid_frame = Spell::times(&[Exchange::Query], 1));
    assert_eq!(client.query(number()).await, Err(closed(SarftStep::Query)));
    client.query(number()).await.unwrap();
    site.fault(|faults| faults.close_in_mid_frame = Spell::times(&[Exchange::Issue, Exchange::Report], 2));
    assert_eq!(client.issue(number(), &id()).await, Err(IssueError::NoReply(closed(SarftStep::Issue))));
    let error = client.report(number()).await.unwrap_err();
    assert_eq!(error, ReportError { sent: true, cause: closed(SarftStep::Report) });
    assert_eq!(site.reports(), 1);
}

#[tokio::test]
async fn an_idle_connection_the_service_closed_is_replaced_silently_but_not_for_an_issue() {
    let site = Site::open(Wire::default()).await;
    site.fault(|faults| faults.close_after = Spell::times(&[Exchange::Query], 2));
    let mut client = site.client();
    for _ in 0..2 {
        client.query(number()).await.unwrap();
        until_closed_by(&site.address).await;
    }
    let error = client.issue(number(), &id()).await.unwrap_err();
    assert!(
        matches!(error, IssueError::NotSent(SiteError::Closed { step: SarftStep::Issue, .. })),
        "{error:?}"
    );
    assert!(!site.issued());
    client.query(number()).await.unwrap();
    site.fault(|faults| faults.close_after = Spell::times(&[Exchange::Issue, Exchange::Report], 2));
    assert_eq!(client.issue(number(), &id()).await, Ok(0));
    until_closed_by(&site.address).await;
    assert_eq!(client.report(number()).await, Ok(0));
    until_closed_by(&site.address).await;
    client.sign_in().await.unwrap();
}

#[tokio::test]
async fn return_values_are_handed_on_as_they_are() {
    let site = Site::open(Wire::default()).await;
    let mut client = site.client();
    site.fault(|faults| {
        faults.return_value.query = Some(7);
        faults.return_value.issue = Some(200);
        faults.return_value.report = Some(3);
    });
    let answer = client.query(number()).await.unwrap();
    assert_eq!((answer.return_value, answer.tickets.len()), (7, 0));
    assert_eq!(client.issue(number(), &id()).await, Ok(200));
    assert_eq!(client.report(number()).await, Ok(3));
    assert!(!site.issued());
}

#[tokio::test]
async fn ticket_info_codes_can_be_empty_at_first() {
    let site = Site::open(Wire::default()).await;
    site.fault(|faults| faults.empty_codes_for_queries = 2);
    let mut client = site.client();
    for expected in [0, 0, 180] {
        let answer = client.query(number()).await.unwrap();
        assert!(answer.tickets.iter().all(|ticket| ticket.info_code.len() == expected));
    }
}

#[tokio::test]
async fn a_dropped_exchange_leaves_no_connection_behind() {
    let site = Site::open(Wire::default()).await;
    let mut client = site.client();
    client.query(number()).await.unwrap();
    site.fault(|faults| faults.delay_ms = 50);
    let dropped = tokio::time::timeout(Duration::from_millis(10), client.query(number())).await;
    assert!(dropped.is_err());
    site.fault(|faults| faults.delay_ms = 0);
    let error = client.issue(number(), &id()).await.unwrap_err();
    assert!(matches!(error, IssueError::NotSent(SiteError::NotAllowed { .. })));
    assert_eq!(client.query(number()).await.unwrap().tickets.len(), 2);
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_keep_an_issue_from_being_sent() {
    let site = Site::open(Wire::default()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut client = Site { address: address.clone(), ..site }.client();
    let answered = Arc::new(Notify::new());
    let until_answered = Arc::clone(&answered);
    let service = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 200];
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(&[0, 0, 0, 2, 2, 0]).await.unwrap();
        let _ = stream.read(&mut request).await.unwrap();
        stream.write_all(&[0, 0, 0, 3, 4, 0, 0]).await.unwrap();
        stream.flush().await.unwrap();
        until_answered.notified().await;
        stream.write_all(&[0, 0, 0, 3, 4, 0, 0]).await.unwrap();
        stream.read(&mut request).await.unwrap_or(0)
    });
    client.query(number()).await.unwrap();
    answered.notify_one();
    until_bytes_wait_from(&address).await;
    match client.issue(number(), &id()).await {
        Err(IssueError::NotSent(SiteError::Malformed { cause, .. })) => {
            assert_eq!(cause.why, MalformedReason::Unasked)
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(service.await.unwrap(), 0);
}

#[tokio::test]
async fn the_service_lets_nobody_in_without_a_sign_in() {
    let site = Site::open(Wire::default()).await;
    let mut stream = tokio::net::TcpStream::connect(&site.address).await.unwrap();
    stream.write_all(b"\0\0\0\x13\x03\x010000000000111972\0").await.unwrap();
    assert_eq!(stream.read(&mut [0; 100]).await.unwrap_or(0), 0);
    // Nor anything that is no frame.
    let mut stream = tokio::net::TcpStream::connect(&site.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!(stream.read(&mut [0; 100]).await.unwrap_or(0), 0);
}
