//! Frozen bytes of all eight messages under two layouts, and what becomes of every way to spoil a frame.
//!
//! tests/suite/sarft/frames.txt was written by another program than this one: layout, command, the frame in hex.

use super::{other_wire, ticket_without_seat};
use jiff::tz::TimeZone;
use pickup_kiosk::config::settings::Wire;
use pickup_kiosk::sarft::codec::{Codec, Expected, FixedFields};
use pickup_kiosk::sarft::malformed::{Malformed, MalformedReason};
use pickup_kiosk::sarft::message::{
    Command, IssueEntry, IssueResult, Message, Secret, TicketRecord, VerifyCode,
};
use pickup_kiosk::sarft::wire::FRAME_MAX;
use pickup_kiosk::sarft::{Layout, malformed::Note};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Cents, Ticket};

fn codec(wire: &Wire) -> FixedFields {
    FixedFields { layout: Layout::read(wire).unwrap(), timezone: TimeZone::get("Asia/Shanghai").unwrap() }
}

fn default() -> FixedFields {
    codec(&Wire::default())
}

fn other() -> FixedFields {
    codec(&other_wire())
}

fn frozen(layout: &str, command: Command) -> Vec<u8> {
    let line = include_str!("frames.txt")
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{layout} {} ", command as u8)));
    let digits = line.unwrap().as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap() as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn ticket(seat: &str, seat_code: &str, code: &str, printed: bool) -> TicketRecord {
    let ticket = Ticket {
        code: code.into(),
        seat_code: seat_code.into(),
        seat_name: seat.into(),
        service: Cents(350),
        printed,
        ..ticket_without_seat()
    };
    TicketRecord { print_no: "0000000000111972".into(), ticket }
}

fn messages() -> Vec<Message> {
    let print_no = "0000000000111972".to_owned();
    let verify_code = VerifyCode::of(&BookingId::parse("WQNX8JL").unwrap());
    vec![
        Message::Authenticate { username: "kiosk".into(), password: Secret::new("pass word") },
        Message::AuthenticateReply { return_value: 0 },
        Message::query(BookingNumber::parse("111972").unwrap()),
        Message::QueryReply {
            return_value: 0,
            records: vec![
                ticket("7排10座", "0710A", "5550001A", false),
                ticket("7排9座", "0709B", "5550001B", true),
            ],
        },
        Message::Issue { entries: vec![IssueEntry { print_no: print_no.clone(), verify_code }] },
        Message::IssueReply { entries: vec![IssueResult { print_no, return_value: 0 }] },
        Message::report(BookingNumber::parse("111972").unwrap()),
        Message::ReportReply { return_value: 0 },
    ]
}

#[test]
fn every_message_has_its_frozen_bytes_under_two_layouts() {
    for (name, codec) in [("default", default()), ("other", other())] {
        for (index, message) in messages().iter().enumerate() {
            let sequence = index as u32 / 2 + 1;
            let bytes = frozen(name, message.command());
            assert_eq!(codec.encode(message, sequence).unwrap(), bytes, "{name} {:?}", message.command());
            let decoded = codec.decode(&bytes, None).unwrap().unwrap();
            assert_eq!(&decoded.message, message);
            assert_eq!(decoded.length, bytes.len());
            assert_eq!(decoded.notes, Vec::<Note>::new());
        }
    }
}

#[test]
fn a_frame_is_read_from_any_beginning_of_it_and_waits_for_the_rest() {
    for (name, codec) in [("default", default()), ("other", other())] {
        for command in Command::ALL {
            let bytes = frozen(name, command);
            for end in 0..bytes.len() {
                assert_eq!(codec.decode(&bytes[..end], None).unwrap(), None);
            }
        }
    }
}

#[test]
fn secrets_show_in_no_debug_output() {
    for message in messages() {
        let shown = format!("{message:?}");
        for secret in ["pass word", "U0lNVUx", "WQNX8JL", "05d"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// Returns what is expected of the reply, under either layout.
fn expected(command: Command) -> Expected {
    Expected {
        commands: vec![command],
        sequence: (u32::from(command as u8) - 1) / 2 + 1,
        print_no: Some("0000000000111972".into()),
    }
}

/// Decodes a frozen frame that is spoilt, its checksum, where it has one, made right again; returns the refusal.
fn spoilt(name: &str, command: Command, spoil: impl FnOnce(&mut Vec<u8>)) -> Malformed {
    let codec = if name == "default" { default() } else { other() };
    let mut bytes = frozen(name, command);
    spoil(&mut bytes);
    codec.decode(&bytes, Some(&expected(command))).expect_err("must be refused")
}

fn at(field: &'static str, offset: usize, why: MalformedReason) -> Malformed {
    Malformed { field, entry: None, offset, why }
}

#[test]
fn lengths_beyond_the_limit_or_below_the_fixed_parts_are_refused_at_once() {
    for length in [0xFFFF_FFFFu32, FRAME_MAX as u32 - 3] {
        let error = default().decode(&length.to_be_bytes(), None).unwrap_err();
        let total = u64::from(length) + 4;
        assert_eq!(error, at("length", 0, MalformedReason::FrameTooLong { total, limit: FRAME_MAX }));
    }
    assert_eq!(default().decode(&(FRAME_MAX as u32 - 4).to_be_bytes(), None), Ok(None));
    let error = default().decode(&[0, 0, 0, 0], None).unwrap_err();
    assert_eq!(error, at("length", 0, MalformedReason::FrameTooShort { total: 4, least: 5 }));
    let error = spoilt("other", Command::IssueReply, |b| b[4..6].copy_from_slice(&[9, 0]));
    assert_eq!(error, at("length", 4, MalformedReason::FrameTooShort { total: 9, least: 10 }));
}

#[test]
fn a_wrong_magic_is_seen_at_its_first_byte() {
    let why = |found: &str| MalformedReason::Differs { expected: "55AA".into(), found: found.into() };
    assert_eq!(other().decode(&[0x54], None).unwrap_err(), at("magic", 0, why("54")));
    assert_eq!(other().decode(b"\x55\xAB", None).unwrap_err(), at("magic", 0, why("55AB")));
}

#[test]
fn a_wrong_constant_sequence_command_or_checksum_is_named() {
    let constant = codec(&Wire {
        header: ["length:u32:rest", "const:0102", "command:u8", "pad:3"].map(String::from).to_vec(),
        ..Wire::default()
    });
    let error = constant.decode(b"\0\0\0\x07\x01\x03\x08\0\0\0\0", None).unwrap_err();
    assert_eq!(
        error,
        at("const", 4, MalformedReason::Differs { expected: "0102".into(), found: "0103".into() })
    );
    assert!(constant.decode(b"\0\0\0\x07\x01\x02\x08\xFF\xFE\xFD\0", None).unwrap().is_some());

    let error = spoilt("other", Command::IssueReply, |b| b[2] = 4);
    assert_eq!(error, at("sequence", 2, MalformedReason::WrongNumber { expected: 3, found: 4 }));
    let error = spoilt("other", Command::IssueReply, |b| b[6] = 8);
    assert_eq!(error, at("command", 6, MalformedReason::WrongNumber { expected: 6, found: 8 }));
    let error = spoilt("default", Command::IssueReply, |b| b[4] = 9);
    assert_eq!(error, at("command", 4, MalformedReason::UnknownCommand(9)));
    let error = spoilt("other", Command::QueryReply, |b| b[900] ^= 1);
    assert!(matches!(
        error,
        Malformed { field: "crc16-modbus", why: MalformedReason::WrongNumber { .. }, .. }
    ));
}

#[test]
fn a_request_is_no_reply() {
    let error = default()
        .decode(&frozen("default", Command::Query), Some(&expected(Command::QueryReply)))
        .unwrap_err();
    assert_eq!(error, at("command", 4, MalformedReason::WrongNumber { expected: 4, found: 3 }));
}

/// Decodes the body of a default-layout reply, spoilt, in a frame whose length is right.
fn body(command: Command, spoil: impl FnOnce(&mut Vec<u8>)) -> Result<Message, Malformed> {
    let mut body = frozen("default", command)[5..].to_vec();
    spoil(&mut body);
    let frame = default().layout.seal(command, 1, &body).unwrap();
    let expected = Expected { sequence: 1, ..expected(command) };
    default().decode(&frame, Some(&expected)).map(|decoded| decoded.unwrap().message)
}

/// Offsets of fields in the default layout's query reply, from the body's first byte.
const PRINT_NO: usize = 2;
const INFO: usize = PRINT_NO + 17;
const CINEMA_CODE: usize = INFO + 181;
const FILM_NAME: usize = CINEMA_CODE + 9 + 64 + 17 + 64 + 13;
const DATE: usize = FILM_NAME + 64 + 17;
const PRICE: usize = DATE + 4 + 17 + 17 + 32;
const FLAG: usize = PRICE + 8;
const RECORD: usize = FLAG + 1 - PRINT_NO;

#[test]
fn counts_that_do_not_match_the_body_are_named() {
    let error = body(Command::QueryReply, |b| b[1] = 3).unwrap_err();
    assert_eq!(
        error,
        at("ticket_count", 6, MalformedReason::Count { count: 3, each: RECORD, left: 2 * RECORD })
    );
    let error = body(Command::QueryReply, |b| b[1] = 255).unwrap_err();
    assert!(matches!(error.why, MalformedReason::Count { count: 255, .. }));
    let error = body(Command::QueryReply, |b| b.push(0)).unwrap_err();
    assert!(matches!(error.why, MalformedReason::Count { count: 2, .. }));
    let error = body(Command::IssueReply, |b| b.truncate(10)).unwrap_err();
    assert_eq!(error, at("ticket_count", 5, MalformedReason::Count { count: 1, each: 18, left: 9 }));
    let error = body(Command::ReportReply, Vec::clear).unwrap_err();
    assert_eq!(error, at("return_value", 5, MalformedReason::Ends { missing: 1 }));
    let error = body(Command::AuthenticateReply, |b| b.extend([1, 2])).unwrap_err();
    assert_eq!(error, at("end of message", 6, MalformedReason::Follows(2)));
}

#[test]
fn an_issue_reply_has_exactly_our_one_entry() {
    let twice = |b: &mut Vec<u8>| {
        let entry = b[1..].to_vec();
        b.extend(entry);
        b[0] = 2;
    };
    let one = |found| at("ticket_count", 5, MalformedReason::WrongNumber { expected: 1, found });
    assert_eq!(body(Command::IssueReply, twice).unwrap_err(), one(2));
    let none = |b: &mut Vec<u8>| *b = vec![0];
    assert_eq!(body(Command::IssueReply, none).unwrap_err(), one(0));
    let error = body(Command::IssueReply, |b| b[16] = b'3').unwrap_err();
    assert_eq!(error, Malformed { entry: Some(1), ..at("print_no", 6, MalformedReason::OtherPrintNo) });
}

#[test]
fn every_record_must_be_of_the_booking_asked_for() {
    let error = body(Command::QueryReply, |b| b[PRINT_NO + RECORD + 15] = b'9').unwrap_err();
    assert_eq!(
        error,
        Malformed { entry: Some(2), ..at("print_no", 5 + PRINT_NO + RECORD, MalformedReason::OtherPrintNo) }
    );
    let error = body(Command::QueryReply, |b| b[PRINT_NO] = b' ').unwrap_err();
    assert_eq!(error.why, MalformedReason::NotPrintNo);
    // Without padding it is another text, however it might be meant.
    let error =
        body(Command::QueryReply, |b| b[PRINT_NO..INFO].copy_from_slice(b"111972\0\0\0\0\0\0\0\0\0\0\0"));
    assert_eq!(error.unwrap_err().why, MalformedReason::NotPrintNo);
}

#[test]
fn code_fields_are_plain_ascii_with_their_nul() {
    let first = |field, offset, why| Malformed { entry: Some(1), ..at(field, 5 + offset, why) };
    let error = body(Command::QueryReply, |b| b[INFO + 20] = 0x1B).unwrap_err();
    assert_eq!(error, first("ticket_info_code", INFO, MalformedReason::NotAscii(20)));
    let error = body(Command::QueryReply, |b| b[INFO + 180] = b'A').unwrap_err();
    assert_eq!(error, first("ticket_info_code", INFO, MalformedReason::NoNul));
    let error = body(Command::QueryReply, |b| b[CINEMA_CODE + 2] = 0xD6).unwrap_err();
    assert_eq!(error, first("cinema_code", CINEMA_CODE, MalformedReason::NotAscii(2)));
    let error = body(Command::QueryReply, |b| b[CINEMA_CODE + 2] = 0).unwrap_err();
    assert_eq!(error, first("cinema_code", CINEMA_CODE, MalformedReason::AfterNul(3)));
    let error = body(Command::QueryReply, |b| b[FLAG] = 2).unwrap_err();
    assert_eq!(error, first("print_flag", FLAG, MalformedReason::NotFlag(2)));
}

#[test]
fn a_ticket_info_code_is_verbatim_but_for_blanks_at_its_end() {
    let Message::QueryReply { records, .. } = body(Command::QueryReply, |b| {
        b[INFO + 178] = b' ';
        b[INFO + 179] = b' ';
        b[INFO + RECORD..INFO + RECORD + 181].fill(0);
    })
    .unwrap() else {
        panic!()
    };
    assert_eq!(records[0].ticket.info_code.len(), 178);
    assert_eq!(records[1].ticket.info_code, "");
}

#[test]
fn prices_that_are_none_are_named() {
    let price =
        |value: f32| body(Command::QueryReply, |b| b[PRICE..PRICE + 4].copy_from_slice(&value.to_be_bytes()));
    let why = |value| price(value).unwrap_err();
    let first = |why| Malformed { entry: Some(1), ..at("price", 5 + PRICE, why) };
    assert_eq!(why(f32::NAN), first(MalformedReason::NotNumber));
    assert_eq!(why(-1.0), first(MalformedReason::Negative));
    assert_eq!(why(f32::NEG_INFINITY), first(MalformedReason::Negative));
    assert_eq!(why(f32::INFINITY), first(MalformedReason::Absurd));
    assert_eq!(why(1e9), first(MalformedReason::Absurd));
    for (value, fen) in [(19.9, 1990), (0.0, 0), (-0.0, 0), (0.05, 5), (12345.67, 1_234_567)] {
        let Message::QueryReply { records, .. } = price(value).unwrap() else { panic!() };
        assert_eq!(records[0].ticket.price, Cents(fen));
    }
    let error =
        body(Command::QueryReply, |b| b[PRICE + 4..PRICE + 8].copy_from_slice(&(-0.01f32).to_be_bytes()));
    assert_eq!(error.unwrap_err().field, "service");
}

fn date_under(datetime: &str, field: &[u8]) -> Result<String, Malformed> {
    let codec = codec(&Wire { datetime: datetime.into(), ..Wire::default() });
    let mut body = codec.encode(&messages()[3], 1).unwrap()[5..].to_vec();
    body[DATE..DATE + field.len()].copy_from_slice(field);
    let frame = codec.layout.seal(Command::QueryReply, 1, &body).unwrap();
    let decoded = codec.decode(&frame, None)?.unwrap();
    let Message::QueryReply { records, .. } = decoded.message else { panic!() };
    Ok(codec.timezone.to_datetime(records[0].ticket.session_at).to_string())
}

#[test]
fn dates_outside_this_century_are_named_in_every_form() {
    let not_date = |result: Result<String, Malformed>| {
        let error = result.unwrap_err();
        assert_eq!(
            error,
            Malformed { entry: Some(1), ..at("session_datetime", 5 + DATE, MalformedReason::NotDate) }
        );
    };
    for text in [
        b"00010101000000",
        b"19991231235959",
        b"21000101000000",
        b"20261301000000",
        b"20260229000000",
        b"20260101240000",
        b"2026010100000x",
        b"+2026010100000",
    ] {
        not_date(date_under("text14", text));
    }
    for text in [b"0001-01-01 00:00:00", b"2026/01/01 00:00:00", b"2026-01-01T00:00:00"] {
        not_date(date_under("text19", text));
    }
    for seconds in [i64::MIN, -62_135_596_800, -1, 0, 4_102_444_800, i64::MAX] {
        not_date(date_under("unix64", &seconds.to_be_bytes()));
    }
    for seconds in [0, 946_655_999, 4_102_416_000, u32::MAX] {
        not_date(date_under("unix32", &u32::to_be_bytes(seconds)));
    }
    assert_eq!(date_under("text14", b"20000101000000").unwrap(), "2000-01-01T00:00:00");
    assert_eq!(date_under("text19", b"2099-12-31 23:59:59").unwrap(), "2099-12-31T23:59:59");
    assert_eq!(date_under("unix32", &4_102_415_999u32.to_be_bytes()).unwrap(), "2099-12-31T23:59:59");
    assert_eq!(date_under("unix64", &946_656_000i64.to_be_bytes()).unwrap(), "2000-01-01T00:00:00");
}

#[test]
fn hostile_film_titles_pass_as_names() {
    let film = |bytes: &[u8]| {
        let Message::QueryReply { records, .. } = body(Command::QueryReply, |b| {
            b[FILM_NAME..FILM_NAME + 64].fill(0);
            b[FILM_NAME..FILM_NAME + bytes.len()].copy_from_slice(bytes);
        })
        .unwrap() else {
            panic!()
        };
        records[0].ticket.film_name.clone()
    };
    assert_eq!(film(b"A\x1b@B"), "A〓@B");
    assert_eq!(film(b"A\0B"), "A");
    assert_eq!(film(&[0x94, 0x39, 0xDA, 0x33, b'!']), "💩!");
    let mut cut = [0xD6, 0xD8].repeat(31);
    cut.extend([b'A', 0xD6]);
    assert_eq!(cut.len(), 64);
    assert_eq!(film(&cut), format!("{}A", "重".repeat(31)));
    assert_eq!(film(&[0xFF; 64]), "〓".repeat(64));
}

#[test]
fn zero_and_255_tickets() {
    for codec in [default(), other()] {
        for count in [0, 1, 123, 255] {
            let records = vec![ticket("7排10座", "0710A", "1", false); count];
            let message = Message::QueryReply { return_value: 0, records };
            let Ok(bytes) = codec.encode(&message, 2) else {
                // 16 bits cannot say it.
                assert!(count > 120 && codec.layout != default().layout);
                continue;
            };
            let decoded = codec.decode(&bytes, Some(&expected(Command::QueryReply))).unwrap().unwrap();
            assert_eq!(decoded.message, message);
        }
    }
    let records = vec![ticket("7排10座", "0710A", "1", false); 256];
    let error = default().encode(&Message::QueryReply { return_value: 0, records }, 1).unwrap_err();
    assert_eq!(error.why, MalformedReason::TooMany(256));
}

#[test]
fn what_does_not_fit_is_not_sent() {
    let sign_in = |username: &str, password: &str| {
        let message = Message::Authenticate { username: username.into(), password: Secret::new(password) };
        default().encode(&message, 1).map_err(|error| (error.field, error.why))
    };
    assert!(sign_in(&"u".repeat(32), &"p".repeat(32)).is_ok());
    assert_eq!(sign_in("", "p"), Err(("username", MalformedReason::Empty)));
    assert_eq!(
        sign_in(&"u".repeat(33), "p"),
        Err(("username", MalformedReason::TextTooLong { length: 33, limit: 32 }))
    );
    assert_eq!(
        sign_in("u", &"p".repeat(33)),
        Err(("password", MalformedReason::TextTooLong { length: 33, limit: 32 }))
    );
    assert_eq!(sign_in("影院", "p"), Err(("username", MalformedReason::NotAscii(0))));
    assert_eq!(sign_in("u", "p\0"), Err(("password", MalformedReason::NotAscii(1))));
    for bad in ["111972", "00000000001119720", "000000000011197x", ""] {
        let error = default().encode(&Message::Query { print_nos: vec![bad.into()] }, 1).unwrap_err();
        assert_eq!((error.field, error.why), ("print_no", MalformedReason::NotPrintNo), "{bad}");
    }
}

#[test]
fn the_verify_code_has_the_layouts_case() {
    let upper = codec(&Wire { md5_case: "upper".into(), ..Wire::default() });
    let bytes = upper.encode(&messages()[4], 1).unwrap();
    let digits = str::from_utf8(&bytes[5 + 1 + 17..5 + 1 + 17 + 32]).unwrap();
    let lower = frozen("default", Command::Issue);
    assert_eq!(digits.to_ascii_lowercase().as_bytes(), &lower[23..55]);
    assert_ne!(digits.as_bytes(), &lower[23..55]);
    assert_eq!(default().decode(&bytes, None).unwrap_err().why, MalformedReason::NotMd5("lower"));
    assert_eq!(upper.decode(&lower, None).unwrap_err().why, MalformedReason::NotMd5("upper"));
}

/// Generator of pseudo-random numbers: the same bytes at every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn random_and_flipped_bytes_never_panic() {
    let mut chance = Chance(0x5EED_1234_5678_9ABC);
    for codec in [default(), other()] {
        for _ in 0..20_000 {
            let length = chance.next() as usize % 300;
            let bytes: Vec<u8> = (0..length).map(|_| chance.next() as u8).collect();
            let _ = codec.decode(&bytes, None);
        }
        for (name, command) in
            [("default", Command::QueryReply), ("other", Command::QueryReply), ("default", Command::Issue)]
        {
            let frame = frozen(name, command);
            for _ in 0..20_000 {
                let mut bytes = frame.clone();
                for _ in 0..=chance.next() % 3 {
                    let at = chance.next() as usize % bytes.len();
                    bytes[at] = chance.next() as u8;
                }
                bytes.truncate(bytes.len() - (chance.next() as usize % 4).min(bytes.len()));
                let _ = codec.decode(&bytes, None);
                // And as a body, so that no checksum shields what lies below.
                let _ = Message::decode(
                    command,
                    bytes.get(5..).unwrap_or_default(),
                    5,
                    &codec.layout.encodings,
                    &codec.timezone,
                    None,
                    &mut (),
                );
            }
        }
    }
}
