use super::*;
use crate::config::settings::CodeFormat;

fn reader() -> CodeReader {
    CodeReader::new(&Codes::default()).unwrap()
}

fn with(patterns: &[&str]) -> Result<CodeReader, CodesError> {
    let formats = patterns.iter().map(|p| CodeFormat { pattern: (*p).to_owned() }).collect();
    CodeReader::new(&Codes { formats, ..Codes::default() })
}

fn n(number: u64) -> PickupCode {
    PickupCode::Number(BookingNumber::new(number).unwrap())
}

fn id(text: &str) -> PickupCode {
    PickupCode::Id(BookingId::parse(text).unwrap())
}

fn both(number: u64, text: &str) -> PickupCode {
    PickupCode::Both(BookingNumber::new(number).unwrap(), BookingId::parse(text).unwrap())
}

#[test]
fn every_form_is_read() {
    let longest = "Z".repeat(50);
    let cases = [
        ("111972", n(111_972)),
        ("0000000000111972", n(111_972)),
        (" \t111972\r\n", n(111_972)),
        ("2147483647", n(2_147_483_647)),
        ("1", n(1)),
        ("WQNX8JL", id("WQNX8JL")),
        ("wqnx8jl", id("wqnx8jl")),
        ("123A", id("123A")),
        (longest.as_str(), id(&longest)),
        ("0000000000111972WQNX8JL", both(111_972, "WQNX8JL")),
        ("0000000000111972WQN", id("0000000000111972WQN")), // the rest is too short for an ID
        ("0000000000000000WQNX8JL", id("0000000000000000WQNX8JL")), // 0 is no booking number
        ("9999999999999999WQNX8JL", id("9999999999999999WQNX8JL")), // too large for one
        ("00000000001119721234A", both(111_972, "1234A")),
        ("111972WQNX8JL", id("111972WQNX8JL")),
        ("111972   WQNX8JL", both(111_972, "WQNX8JL")),
        ("111972 \t WQNX8JL", both(111_972, "WQNX8JL")),
        ("111972|1234", both(111_972, "1234")),
        ("123456-654321", both(123_456, "654321")),
        ("0000000000111972|WqnX8jL", both(111_972, "WqnX8jL")),
        ("https://t.example/p?n=111972&id=WQNX8JL", both(111_972, "WQNX8JL")),
        ("https://t.example/p?id=WQNX8JL&n=0000000000111972&x=1#top", both(111_972, "WQNX8JL")),
        ("HTTPS://t.example/p?n=%31%31&a", n(11)),
        ("https://t.example/?id=1234", id("1234")),
    ];
    for (text, wanted) in cases {
        assert_eq!(reader().read(text), Ok(wanted), "{text}");
    }
}

#[test]
fn every_separator_works_in_both_orders() {
    for separator in SEPARATORS.into_iter().chain([' ', '\t']) {
        assert_eq!(reader().read(&format!("111972{separator}WQNX8JL")), Ok(both(111_972, "WQNX8JL")));
        assert_eq!(reader().read(&format!("WQNX8JL{separator}111972")), Ok(both(111_972, "WQNX8JL")));
    }
}

#[test]
fn anything_else_is_rejected() {
    let megabytes = "1".repeat(10_000_000);
    let (too_long, long_id, long_half) = ("A".repeat(513), "Z".repeat(51), format!("1|{}", "Z".repeat(51)));
    let cases = [
        ("", Rejected::Empty),
        (" \r\n\t", Rejected::Empty),
        (megabytes.as_str(), Rejected::TooLong),
        (too_long.as_str(), Rejected::TooLong),
        ("13800138000", Rejected::TelephoneNumber),
        (" 19900000000 ", Rejected::TelephoneNumber),
        ("23800138000", Rejected::Malformed),
        ("0", Rejected::Malformed),
        ("0000000000000000", Rejected::Malformed),
        ("2147483648", Rejected::Malformed),
        ("00000000000111972", Rejected::Malformed), // 17 digits
        ("１１１９７２", Rejected::Malformed),
        ("\u{3000}111972", Rejected::Malformed),
        ("11\u{0}972", Rejected::Malformed),
        ("\u{1b}@WQNX8JL", Rejected::Malformed),
        ("111972\nWQNX8JL", Rejected::Malformed),
        ("WQNX8JL\u{7f}", Rejected::Malformed),
        ("WQN", Rejected::Malformed),
        (long_id.as_str(), Rejected::Malformed),
        (long_half.as_str(), Rejected::Malformed),
        ("111972||WQNX8JL", Rejected::Malformed),
        ("111972 | WQNX8JL", Rejected::Malformed),
        ("111972|WQNX8JL|", Rejected::Malformed),
        ("|111972", Rejected::Malformed),
        ("111972|", Rejected::Malformed),
        ("WQNX8JL|", Rejected::Malformed),
        ("|", Rejected::Malformed),
        ("111972|123", Rejected::Malformed),
        ("0|WQNX8JL", Rejected::Malformed),
        ("ABCD|WQNX8JL", Rejected::Malformed),
        ("12345678901234567|1234", Rejected::Malformed),
        ("111972.WQNX8JL", Rejected::Malformed),
        ("00000000001119721234", Rejected::Malformed), // an ID stuck on needs a letter
        ("https://t.example/p", Rejected::Malformed),
        ("https://t.example/p?a=1", Rejected::Malformed),
        ("https://t.example/p#?n=1", Rejected::Malformed),
        ("https://t.example/p?n=1&n=1", Rejected::Malformed),
        ("https://t.example/p?n=1&id=", Rejected::Malformed),
        ("https://t.example/p?n=1&id=a%20bcd", Rejected::Malformed),
        ("https://t.example/p?n=%EF%BC%91", Rejected::Malformed),
        ("t.example/p?n=1&id=WQNX8JL", Rejected::Malformed),
    ];
    for (text, wanted) in cases {
        let shown: String = text.chars().take(40).collect();
        assert_eq!(reader().read(text), Err(wanted), "{shown:?}");
    }
}

#[test]
fn a_sites_own_patterns_come_first_and_must_fit_the_whole_code() {
    let reader = with(&[r"T(?<number>\d+)\.(?<id>\w+)", r"(?<id>[A-Z]{4})!|(?<number>\d+)!"]).unwrap();
    assert_eq!(reader.read(" T111972.WQNX8JL "), Ok(both(111_972, "WQNX8JL")));
    assert_eq!(reader.read("ABCD!"), Ok(id("ABCD")));
    assert_eq!(reader.read("12!"), Ok(n(12)));
    assert_eq!(reader.read("xT111972.WQNX8JL"), Err(Rejected::Malformed));
    assert_eq!(reader.read("T111972.WQNX8JL!"), Err(Rejected::Malformed));
    assert_eq!(reader.read("T0.WQNX8JL"), Err(Rejected::Malformed));
    assert_eq!(reader.read("111972"), Ok(n(111_972)));

    let first_wins = with(&[r"9(?<number>\d+)"]).unwrap();
    assert_eq!(first_wins.read("9111972"), Ok(n(111_972)));
}

#[test]
fn patterns_and_parameters_that_cannot_work_are_refused() {
    assert!(matches!(with(&["(?<number>1)", "("]), Err(CodesError::Pattern { index: 1, .. })));
    assert!(matches!(with(&["(?<number>a)|b)|(c"]), Err(CodesError::Pattern { index: 0, .. })));
    assert!(matches!(with(&["x+"]), Err(CodesError::NoGroup { index: 0 })));
    assert!(matches!(with(&[&"x".repeat(2000)]), Err(CodesError::PatternTooLong { index: 0 })));
    assert!(matches!(with(&["(?<id>((a{900}){900}){900})"]), Err(CodesError::Pattern { .. })));
    let same = Codes { url_number: "id".into(), ..Codes::default() };
    assert_eq!(CodeReader::new(&same).unwrap_err(), CodesError::Parameters);
}

#[test]
fn typed_halves_become_capitals_and_join() {
    assert_eq!(read_half_number(" 0111972 ").unwrap().get(), 111_972);
    assert_eq!(read_half_number("13800138000"), Err(Rejected::TelephoneNumber));
    assert_eq!(read_half_number("WQNX8JL"), Err(Rejected::Malformed));
    assert_eq!(read_half_number("   "), Err(Rejected::Empty));
    assert_eq!(read_half_id("wqnx8jl").unwrap().expose(), "WQNX8JL");
    assert_eq!(read_half_id("123456").unwrap().expose(), "123456");
    assert_eq!(read_half_id("12 34"), Err(Rejected::Malformed));
    assert_eq!(read_half_id(&"1".repeat(600)), Err(Rejected::TooLong));

    let whole = both(111_972, "WQNX8JL");
    assert_eq!(join(&n(111_972), &id("WQNX8JL")), Some(whole.clone()));
    assert_eq!(join(&id("WQNX8JL"), &n(111_972)), Some(whole.clone()));
    assert_eq!(join(&n(111_972), &whole), Some(whole.clone()));
    assert_eq!(join(&n(5), &whole), None);
    assert_eq!(join(&id("OTHER1"), &whole), None);
    assert_eq!(join(&n(1), &n(1)), None);
    assert_eq!(join(&whole, &n(111_972)), None);
}
