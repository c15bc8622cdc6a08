use super::*;
use crate::sarft::codec::FixedFields;
use crate::sarft::message::{IssueResult, TicketRecord};
use crate::sarft::wire::Layout;
use crate::ticket::Cents;
use jiff::tz::TimeZone;

fn codec() -> Arc<dyn Codec> {
    FixedFields::shared(Layout::default(), TimeZone::UTC)
}

fn number() -> BookingNumber {
    BookingNumber::parse("111972").unwrap()
}

fn id() -> BookingId {
    BookingId::parse("WQNX8JL").unwrap()
}

fn frame(message: &Message) -> Vec<u8> {
    codec().encode(message, 0).unwrap()
}

fn signed_in() -> SarftSession {
    let mut session = SarftSession::new(codec());
    let password = Secret::new("secret");
    session.begin(Request::SignIn { username: "kiosk", password: &password }).unwrap();
    let reply = frame(&Message::AuthenticateReply { return_value: 0 });
    assert_eq!(session.receive(&reply).unwrap(), Some(SarftAnswer::SignedIn));
    session
}

fn empty_query_reply() -> Vec<u8> {
    frame(&Message::QueryReply { return_value: 0, records: Vec::new() })
}

fn queried() -> SarftSession {
    let mut session = signed_in();
    session.begin(Request::Query(number())).unwrap();
    assert!(matches!(session.receive(&empty_query_reply()), Ok(Some(SarftAnswer::Queried(..)))));
    session
}

fn refused(session: &mut SarftSession, request: Request<'_>) {
    assert!(matches!(session.begin(request), Err(SiteError::NotAllowed { .. })), "{request:?}");
}

#[test]
fn nothing_goes_out_before_the_sign_in() {
    let mut session = SarftSession::new(codec());
    let id = id();
    refused(&mut session, Request::Query(number()));
    refused(&mut session, Request::Issue(number(), &id));
    refused(&mut session, Request::Report(number()));
    assert!(!session.is_ready());
    assert!(signed_in().is_ready());
}

#[test]
fn a_refused_sign_in_ends_the_session() {
    let mut session = SarftSession::new(codec());
    let password = Secret::new("secret");
    session.begin(Request::SignIn { username: "kiosk", password: &password }).unwrap();
    let reply = frame(&Message::AuthenticateReply { return_value: 3 });
    assert_eq!(session.receive(&reply), Err(SiteError::Refused { value: 3 }));
    refused(&mut session, Request::SignIn { username: "kiosk", password: &password });
}

#[test]
fn an_issue_goes_out_only_right_after_the_same_numbers_query() {
    let id = id();
    refused(&mut signed_in(), Request::Issue(number(), &id));
    let mut session = queried();
    assert!(session.may_issue(number()));
    let other = BookingNumber::parse("111973").unwrap();
    assert!(!session.may_issue(other));
    refused(&mut session, Request::Issue(other, &id));
    session.begin(Request::Issue(number(), &id)).unwrap();
    let result = IssueResult { print_no: number().print_no(), return_value: 1 };
    let reply = frame(&Message::IssueReply { entries: vec![result] });
    assert_eq!(session.receive(&reply).unwrap(), Some(SarftAnswer::Issued(1)));
    // Not twice after one query.
    refused(&mut session, Request::Issue(number(), &id));

    let mut session = queried();
    session.begin(Request::Report(number())).unwrap();
    session.receive(&frame(&Message::ReportReply { return_value: 0 })).unwrap();
    refused(&mut session, Request::Issue(number(), &id));
}

#[test]
fn one_request_at_a_time() {
    let mut session = signed_in();
    session.begin(Request::Query(number())).unwrap();
    refused(&mut session, Request::Query(number()));
    refused(&mut session, Request::Report(number()));
    assert!(!session.is_ready());
}

#[test]
fn another_requests_reply_ends_the_session() {
    let mut session = queried();
    session.begin(Request::Report(number())).unwrap();
    let error = session.receive(&empty_query_reply()).unwrap_err();
    assert!(matches!(error, SiteError::Malformed { step: SarftStep::Report, .. }));
    refused(&mut session, Request::Query(number()));
}

#[test]
fn bytes_nobody_asked_for_end_the_session() {
    let mut session = signed_in();
    assert!(session.receive(&empty_query_reply()).is_err());
    refused(&mut session, Request::Query(number()));

    let mut session = signed_in();
    session.begin(Request::Query(number())).unwrap();
    let twice = [empty_query_reply(), empty_query_reply()].concat();
    let error = session.receive(&twice).unwrap_err();
    assert!(error.to_string().contains("7 bytes follow"), "{error}");
    refused(&mut session, Request::Query(number()));
}

#[test]
fn a_reply_may_come_byte_by_byte() {
    let mut session = signed_in();
    session.begin(Request::Query(number())).unwrap();
    let reply = empty_query_reply();
    let (last, before) = reply.split_last().unwrap();
    for byte in before {
        assert_eq!(session.receive(&[*byte]).unwrap(), None);
    }
    assert!(session.receive(&[*last]).unwrap().is_some());
}

#[test]
fn a_time_out_ends_the_session() {
    let mut session = queried();
    session.fail();
    let id = id();
    refused(&mut session, Request::Issue(number(), &id));
    assert!(session.receive(&empty_query_reply()).is_err());
}

#[test]
fn a_request_that_does_not_fit_changes_nothing() {
    let mut session = SarftSession::new(codec());
    let password = Secret::new("x".repeat(33));
    let error = session.begin(Request::SignIn { username: "kiosk", password: &password }).unwrap_err();
    assert!(matches!(error, SiteError::Unsendable { step: SarftStep::SignIn, .. }));
    assert!(!error.to_string().contains("xxx"));
    let password = Secret::new("short");
    assert!(session.begin(Request::SignIn { username: "kiosk", password: &password }).is_ok());
}

#[test]
fn a_ticket_of_another_booking_ends_the_session() {
    let mut session = signed_in();
    session.begin(Request::Query(number())).unwrap();
    let ticket = Ticket {
        info_code: String::new(),
        cinema_code: String::new(),
        cinema_name: String::new(),
        screen_code: String::new(),
        screen_name: String::new(),
        film_code: String::new(),
        film_name: String::new(),
        session_code: String::new(),
        session_at: "2026-11-24T11:30:00Z".parse().unwrap(),
        code: String::new(),
        seat_code: String::new(),
        seat_name: String::new(),
        price: Cents(0),
        service: Cents(0),
        printed: false,
    };
    let records = vec![TicketRecord { print_no: "0000000000111973".into(), ticket }];
    let error = session.receive(&frame(&Message::QueryReply { return_value: 0, records })).unwrap_err();
    assert!(
        error.to_string().contains("print_no of entry 1 at byte 7: is not the print_no asked for"),
        "{error}"
    );
}

#[test]
fn sequences_count_from_one_and_wrap_to_zero() {
    let wire = crate::sarft::settings::Wire {
        header: ["sequence:u8", "length:u16:rest", "command:u8"].map(String::from).to_vec(),
        ..Default::default()
    };
    let codec = FixedFields::shared(Layout::read(&wire).unwrap(), TimeZone::UTC);
    let mut session = SarftSession::new(Arc::clone(&codec));
    let password = Secret::new("p");
    let sent = session.begin(Request::SignIn { username: "k", password: &password }).unwrap();
    assert_eq!(sent.first(), Some(&1));
    session.receive(&codec.encode(&Message::AuthenticateReply { return_value: 0 }, 1).unwrap()).unwrap();
    for sequence in (2..=255).chain(0..3) {
        let sent = session.begin(Request::Query(number())).unwrap();
        assert_eq!(sent.first(), Some(&sequence));
        let reply = Message::QueryReply { return_value: 0, records: Vec::new() };
        session.receive(&codec.encode(&reply, sequence.into()).unwrap()).unwrap();
    }
    session.begin(Request::Query(number())).unwrap();
    let late = Message::QueryReply { return_value: 0, records: Vec::new() };
    assert!(session.receive(&codec.encode(&late, 2).unwrap()).is_err());
}
