use super::*;

/// The document's sample reply (3.11), with scanning errors corrected (`CinemaId`) and its `.....` left out.
const SAMPLE: &str = r#"{"Booking":{
    "BookingDate":"\/Date(1438827090840+0800)\/",
    "BookingId":"WQNX8JL",
    "BookingNumber":111972,
    "BookingRef":"ABC Cinemas-111972, 2015\/08\/06 10:11",
    "CancelledStatus":"0",
    "CinemaId":"0200",
    "CinemaName": "CHTEST01",
    "ClientId":"111.111.111.111",
    "MaskedBookingCardNumber": "123456..9012",
    "Phone":"",
    "PickupName":"",
    "Tickets":[ {
        "CollectedStatus": "0",
        "Description": "web ticket",
        "DescriptionAlt":"",
        "MovieName":"重返 20 岁",
        "MovieNameAlt":"",
        "PriceInCents":5000,
        "RefundedStatus":"0",
        "SessionDateTime":"\/Date(1438829400000+0800)\/",
        "SessionId":29617,
        "TicketSequenceNumber":1,
        "TicketTypeCode":"0056"
    }],
    "TotalValueCents":10000,
    "UserSessionId":"FTest201508060001",
    "VistaTransactionId":375975
},
"ResultCode":0
}"#;

fn sample() -> CloudBooking {
    CloudBooking {
        number: BookingNumber::new(111_972),
        id: BookingId::parse("WQNX8JL"),
        cinema_id: Some("0200".into()),
        cancelled: Flag::No,
        tickets: vec![CloudTicket {
            collected: Flag::No,
            refunded: Flag::No,
            sequence: Some(1),
            session_id: Some("29617".into()),
        }],
    }
}

#[test]
fn the_documents_request() {
    let id = BookingId::parse("WQNX8JL").unwrap();
    let expected: Value = serde_json::from_str(
        r#"{"ReturnTransactionStatusInfoIfSingleBookingMatch": true, "BookingId":"WQNX8JL",
            "BookingNumber":0, "CinemaId":"0200", "OptionalClientId": "111.111.111.111"}"#,
    )
    .unwrap();
    assert_eq!(request(Which::Id(&id), "0200", "111.111.111.111"), expected);
}

#[test]
fn the_documents_reply() {
    assert_eq!(
        read(SAMPLE.as_bytes()),
        Ok(Reply { code: 0, booking: Some(sample()), total_cents: Some(10_000) })
    );
    let marked = format!("\u{feff}{SAMPLE}");
    assert_eq!(
        read(marked.as_bytes()),
        Ok(Reply { code: 0, booking: Some(sample()), total_cents: Some(10_000) })
    );
}

#[test]
fn every_value_reads_as_string_and_as_number() {
    let strings = r#"{"ResultCode":"0","Booking":{"BookingId":"WQNX8JL","BookingNumber":"0000000000111972",
        "CinemaID":"0200","CancelledStatus":0,"Tickets":[{"CollectedStatus":0,"RefundedStatus":false,
        "SessionId":" 29617 ","TicketSequenceNumber":"1"}]}}"#;
    assert_eq!(read(strings.as_bytes()).unwrap().booking, Some(sample()));
    let floats = SAMPLE.replace("111972,\n", "111972.0,\n").replace("29617", "2.9617e4");
    assert_eq!(read(floats.as_bytes()).unwrap().booking, Some(sample()));
}

#[test]
fn flags_are_yes_no_or_unknown() {
    for (text, expected) in [
        ("\"1\"", Flag::Yes),
        ("1", Flag::Yes),
        ("true", Flag::Yes),
        ("\"0\"", Flag::No),
        ("0", Flag::No),
        ("\"2\"", Flag::Unknown),
        ("null", Flag::Unknown),
        ("\"\"", Flag::Unknown),
        ("-1", Flag::Unknown),
        ("[1]", Flag::Unknown),
        ("{\"1\":1}", Flag::Unknown),
        ("\"yes\"", Flag::Unknown),
    ] {
        let body = format!(
            r#"{{"ResultCode":0,"Booking":{{"CancelledStatus":{text},
                "Tickets":[{{"CollectedStatus":{text},"RefundedStatus":{text}}}]}}}}"#
        );
        let booking = read(body.as_bytes()).unwrap().booking.unwrap();
        assert_eq!(booking.cancelled, expected, "{text}");
        assert_eq!(booking.tickets[0].collected, expected, "{text}");
        assert_eq!(booking.tickets[0].refunded, expected, "{text}");
    }
}

#[test]
fn nulls_and_missing_fields_read_as_nothing_known() {
    for body in [
        r#"{"ResultCode":0}"#,
        r#"{"ResultCode":0,"Booking":null}"#,
        r#"{"ResultCode":0,"Booking":{}}"#,
        r#"{"ResultCode":0,"Booking":{"BookingNumber":0,"BookingId":"","Tickets":[]}}"#,
        r#"{"ResultCode":0,"Booking":{"BookingNumber":null,"BookingId":null,"Tickets":null}}"#,
    ] {
        assert_eq!(read(body.as_bytes()), Ok(Reply { code: 0, booking: None, total_cents: None }), "{body}");
    }
    let reply = read(br#"{"ResultCode":0,"Booking":{"Tickets":[null,{}]}}"#).unwrap();
    let unknown =
        CloudTicket { collected: Flag::Unknown, refunded: Flag::Unknown, sequence: None, session_id: None };
    assert_eq!(reply.booking.unwrap().tickets, [unknown.clone(), unknown]);
    assert_eq!(
        read(br#"{"ErrorDescription":null,"ResultCode":47}"#),
        Ok(Reply { code: 47, booking: None, total_cents: None })
    );
}

#[test]
fn numbers_and_ids_no_booking_can_have_are_left_out() {
    for bad in ["-111972", "2147483648", "111972.5", "1e300", "\"11 1972\"", "\"１１\"", "[]", "{}"] {
        let body = SAMPLE.replace("\"BookingNumber\":111972", &format!("\"BookingNumber\":{bad}"));
        assert_eq!(read(body.as_bytes()).unwrap().booking.unwrap().number, None, "{bad}");
    }
    for bad in ["\"WQ-X8JL\"", "\"abc\"", "null", "{}", &format!("\"{}\"", "x".repeat(100_000))] {
        let body = SAMPLE.replace("\"BookingId\":\"WQNX8JL\"", &format!("\"BookingId\":{bad}"));
        assert_eq!(read(body.as_bytes()).unwrap().booking.unwrap().id, None);
    }
}

#[test]
fn a_result_code_that_is_none_is_never_success() {
    for bad in ["null", "\"\"", "\"OK\"", "0.5", "[]", "{}", "1e999"] {
        let body = SAMPLE.replace("\"ResultCode\":0", &format!("\"ResultCode\":{bad}"));
        assert!(read(body.as_bytes()).is_err(), "{bad}");
    }
    assert_eq!(read(b"{}"), Err(ReadError::Missing("ResultCode")));
    assert_eq!(read(b"null"), Err(ReadError::Missing("ResultCode")));
}

#[test]
fn other_shapes_are_refused_by_position() {
    for bad in [
        "[]",
        "[0]",
        "\"text\"",
        "12",
        r#"{"ResultCode":0,"Booking":[111972]}"#,
        r#"{"ResultCode":0,"Booking":"WQNX8JL"}"#,
        r#"{"ResultCode":0,"Booking":{"Tickets":{}}}"#,
        r#"{"ResultCode":0,"Booking":{"Tickets":["0"]}}"#,
        r#"{"ResultCode":0,"Booking":{"Tickets":[[0,0]]}}"#,
        r#"{"ResultCode":0,"Booking":{"CinemaId":"0200","CinemaID":"0201"}}"#,
    ] {
        assert!(matches!(read(bad.as_bytes()), Err(ReadError::Shape { .. })), "{bad}");
    }
    for bad in ["", "<html><body>502</body></html>", "{\"ResultCode\":0", "{\"ResultCode\":0} x", "\u{0}"] {
        assert!(matches!(read(bad.as_bytes()), Err(ReadError::NotJson { .. })), "{bad}");
    }
    assert!(read(b"{\"ResultCode\":0,\"x\":\"\xff\xfe\"").is_err());
}

#[test]
fn a_reply_cut_anywhere_is_refused() {
    for end in 0..SAMPLE.len() {
        assert!(read(&SAMPLE.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = format!(r#"{{"ResultCode":0,"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(deep.as_bytes()), Ok(Reply { code: 0, booking: None, total_cents: None }));
    let deep = format!(
        r#"{{"ResultCode":{}{}}}"#,
        "{\"a\":".repeat(100_000),
        format_args!("0{}", "}".repeat(100_000))
    );
    assert!(read(deep.as_bytes()).is_err());
    let many =
        |count| format!(r#"{{"ResultCode":0,"Booking":{{"Tickets":[{}null]}}}}"#, "null,".repeat(count));
    assert_eq!(read(many(254).as_bytes()).unwrap().booking.unwrap().tickets.len(), 255);
    assert_eq!(read(many(255).as_bytes()), Err(ReadError::TooMany { what: "tickets", max: 255 }));
    assert_eq!(read(many(100_000).as_bytes()), Err(ReadError::TooMany { what: "tickets", max: 255 }));
}

#[test]
fn errors_quote_nothing() {
    let body = r#"{"ResultCode":0,"Booking":"SECRETID99"}"#;
    let error = read(body.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("SECRET"));
}
