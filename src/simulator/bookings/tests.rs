use super::*;

fn now() -> Timestamp {
    "2026-11-24T10:00:30Z".parse().unwrap()
}

fn made(bookings: &[BookingSettings]) -> Result<Cinema, BookingsError> {
    cinema(&CinemaSettings::default(), bookings, now())
}

fn number(value: u64) -> BookingNumber {
    BookingNumber::new(value).unwrap()
}

#[test]
fn the_documents_example_is_built_in() {
    let cinema = made(&[]).unwrap();
    let booking = cinema.find(number(111_972)).unwrap();
    assert_eq!(booking.id.expose(), "WQNX8JL");
    let names: Vec<&str> = booking.seats.iter().map(|seat| seat.ticket.seat_name.as_str()).collect();
    assert_eq!(names, ["7排10座", "7排9座"]);
    let ticket = &booking.seats[0].ticket;
    assert_eq!((ticket.film_name.as_str(), ticket.cinema_name.as_str()), ("重返20岁", "CHTEST01"));
    assert_eq!((ticket.price, ticket.service, ticket.printed), (Cents(5000), Cents(0), false));
    assert_eq!(ticket.session_at, "2026-11-24T10:45:00Z".parse().unwrap());
    assert_eq!((ticket.seat_code.as_str(), ticket.code.as_str()), ("0000000100070010", "0000111972001"));
}

#[test]
fn the_built_in_bookings_are_of_every_kind() {
    let cinema = made(&[]).unwrap();
    assert_eq!(cinema.bookings.len(), 7);
    let find = |value| cinema.find(number(value)).unwrap();
    assert!(find(111_973).seats.iter().all(|seat| seat.ticket.printed));
    assert!(find(111_974).seats.iter().all(|seat| seat.refunded));
    assert!(find(111_975).cancelled);
    assert!(find(111_976).unknown_to_site);
    assert_eq!(find(111_977).seats.len(), 6);
    assert_eq!(find(111_978).seats.iter().filter(|seat| seat.refunded).count(), 1);
    assert_eq!(cinema.query(number(111_978)).len(), 2);
}

#[test]
fn generated_codes_have_the_real_form_and_say_that_they_are_samples() {
    let cinema = made(&[]).unwrap();
    let tickets: Vec<&Ticket> =
        cinema.bookings.iter().flat_map(|booking| &booking.seats).map(|seat| &seat.ticket).collect();
    let mut codes = HashSet::new();
    let mut keys = HashSet::new();
    for ticket in &tickets {
        assert_eq!(ticket.info_code.len(), 180);
        assert!(ticket.info_code.starts_with("17212101") && ticket.is_sample());
        let bytes = STANDARD.decode(&ticket.info_code[8..]).unwrap();
        assert_eq!(bytes.len(), 128);
        assert!(bytes.starts_with(b"SIMULATED SAMPLE"));
        codes.insert(ticket.info_code.clone());
        keys.insert(ticket.key());
    }
    assert_eq!((codes.len(), keys.len()), (tickets.len(), tickets.len()));
    assert_eq!(made(&[]).unwrap().bookings[0].seats[0].ticket, *tickets[0]);
}

#[test]
fn bookings_read_from_toml() {
    #[derive(Deserialize)]
    struct File {
        booking: Vec<BookingSettings>,
    }
    let text = r#"
        [[booking]]
        number = 5
        id = "ABCD"
        session_at = "2026-11-25T19:30:00+08:00"
        [[booking.seat]]
        name = "情侣座A"
        price_cents = 1990
        service_cents = 300
        info_code = ""
        [[booking]]
        number = 6
        id = "ABCD"
        starts_in_minutes = -130
    "#;
    let file: File = toml::from_str(text).unwrap();
    let cinema = made(&file.booking).unwrap();
    let ticket = &cinema.bookings[0].seats[0].ticket;
    assert_eq!(ticket.session_at, "2026-11-25T11:30:00Z".parse().unwrap());
    assert_eq!((ticket.price, ticket.service, ticket.info_code.as_str()), (Cents(1990), Cents(300), ""));
    assert_eq!(ticket.seat_code.len(), 16);
    assert!(cinema.bookings[1].seats.is_empty());
}

#[test]
fn what_does_not_fit_is_named() {
    let sample = || builtin().remove(0);
    let with = |change: &dyn Fn(&mut BookingSettings)| {
        let mut booking = sample();
        change(&mut booking);
        made(&[booking]).unwrap_err()
    };
    assert_eq!(with(&|b| b.number = 0), BookingsError::Number(0));
    assert_eq!(with(&|b| b.number = 2_147_483_648), BookingsError::Number(2_147_483_648));
    assert_eq!(made(&[sample(), sample()]).unwrap_err(), BookingsError::TwiceNumber(number(111_972)));
    let field = |error: BookingsError| match error {
        BookingsError::Field { field, .. } => field,
        other => panic!("{other}"),
    };
    assert_eq!(field(with(&|b| b.film_code = "1234567890123".into())), "film_code");
    assert_eq!(field(with(&|b| b.session_code = "场次".into())), "session_code");
    assert_eq!(field(with(&|b| b.seats[0].code = Some("x".repeat(17)))), "code");
    assert_eq!(with(&|b| b.seats[0].price_cents = 10_000_001), BookingsError::Price(number(111_972)));
    let forged = format!("17212101{}", "A".repeat(172));
    let error = with(&|b| b.seats[0].info_code = Some(forged.clone()));
    assert_eq!(error, BookingsError::NotMarked(number(111_972)));
    assert!(!error.to_string().contains("AAAA"));
    assert!(matches!(with(&|b| b.seats[1].name = "7排10座".into()), BookingsError::TwiceSeat { .. }));
    assert_eq!(with(&|b| b.session_at = Some(Timestamp::UNIX_EPOCH)), BookingsError::Time(number(111_972)));
    let seat = sample().seats.remove(0);
    assert!(matches!(with(&|b| b.seats = vec![seat.clone(); 256]), BookingsError::TooMany { max: 255, .. }));
}

#[test]
fn settings_show_no_secret() {
    let mut booking = builtin().remove(0);
    booking.seats[0].info_code = Some("TOPSECRET".into());
    let shown = format!("{booking:?}");
    assert!(!shown.contains("WQNX8JL") && !shown.contains("TOPSECRET"));
}
