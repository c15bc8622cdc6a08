//! Replies that no document promises, through the client over a socket: each ends as what is there, or in one clear
//! error; never in a panic, never in something that was not said.

use super::calls::{SECTIONS, call, client};
use super::reply;
use super::server::Server;
use pickup_kiosk::vista::client::{Client, VistaError};
use serde_json::{Value, json};

/// Returns the field that holds the code in the printed reply of a section; OData has none.
fn code_field(section: &str) -> Option<&'static str> {
    match section {
        "3.1" | "3.2" => None,
        "3.3" | "3.4" | "3.10" => Some("ResponseCode"),
        "3.11" | "3.12" => Some("ResultCode"),
        _ => Some("Result"),
    }
}

struct Bench {
    server: Server,
    client: Client,
}

impl Bench {
    fn new() -> Self {
        let server = Server::start();
        let client = client(server.address);
        Self { server, client }
    }

    fn answered(&self, section: &str, body: &[u8]) -> Result<String, VistaError> {
        self.server.answers(body);
        let result = call(&self.client, section);
        if let Err(error) = &result {
            let said = error.to_string();
            assert!(!said.contains("WQNX8JL") && said.len() < 600 && said.lines().count() == 1, "{said}");
        }
        result
    }
}

/// Collects every place in a JSON value, as a pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// Returns the value without what is at this place.
fn without(value: &Value, place: &str) -> Value {
    let mut value = value.clone();
    let (parent, key) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(key)),
        Value::Array(items) => drop(items.remove(key.parse().unwrap())),
        _ => unreachable!(),
    }
    value
}

/// Turns numbers into text, and text of digits into numbers; leading zeros would be lost, so such texts stay.
fn turned(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) if !text.starts_with('0') || text == "0" => {
            text.parse::<u64>().map_or_else(|_| value.clone(), Value::from)
        }
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), turned(value))).collect(),
        _ => value.clone(),
    }
}

#[test]
fn numbers_may_be_text_and_text_numbers() {
    let bench = Bench::new();
    for section in SECTIONS {
        let printed = reply(section);
        let read = bench.answered(section, printed.to_string().as_bytes()).unwrap();
        let turned = turned(&printed);
        assert!(section == "3.1" || turned != printed, "{section}");
        assert_eq!(bench.answered(section, turned.to_string().as_bytes()), Ok(read), "{section}");
    }
}

#[test]
fn any_field_may_be_missing_or_anything() {
    let bench = Bench::new();
    let mut tried = 0;
    for section in SECTIONS {
        let printed = reply(section);
        let mut all = Vec::new();
        places(&printed, "", &mut all);
        for place in all.iter().filter(|place| !place.is_empty()) {
            let missing = bench.answered(section, without(&printed, place).to_string().as_bytes());
            if Some(place.as_str()) == code_field(section).map(|field| format!("/{field}")).as_deref() {
                let error = missing.unwrap_err();
                assert!(matches!(error, VistaError::Unreadable(_)), "{section} {place}: {error}");
            }
            for other in [
                json!(null),
                json!(""),
                json!("x"),
                json!(-1),
                json!(1e300),
                json!(18_446_744_073_709_551_615_u64),
                json!(true),
                json!([]),
                json!({}),
                json!([null, 1]),
                json!("\u{1b}[2J\u{0}"),
                json!("9999-99-99T99:99:99"),
                json!("/Date(99999999999999999999+9999)/"),
                json!("长".repeat(5_000)),
            ] {
                let mut changed = printed.clone();
                *changed.pointer_mut(place).unwrap() = other;
                // The rest is read, or the error says what is wrong; what a terminal would obey never comes through.
                if let Ok(read) = bench.answered(section, changed.to_string().as_bytes()) {
                    assert!(!read.contains('\u{1b}') && read.len() < 10_000, "{section} {place}: {read}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 2_000, "{tried}");
}

#[test]
fn nothing_at_all_and_other_things_are_told_apart() {
    let bench = Bench::new();
    for section in SECTIONS {
        for (body, said) in [
            ("", "the body is not JSON"),
            ("<html><body>Service</body></html>", "the body is not JSON"),
            ("{\"ResultCode\":0", "the body is not JSON"),
            ("[]", "not the form of this interface's reply"),
            ("5", "not the form of this interface's reply"),
            ("\"text\"", "not the form of this interface's reply"),
            ("null", "the reply has no "),
            ("{}", "the reply has no "),
        ] {
            let error = bench.answered(section, body.as_bytes()).unwrap_err();
            assert!(matches!(error, VistaError::Unreadable(_)), "{section} {body}: {error}");
            assert!(error.to_string().contains(said), "{section} {body}: {error}");
        }
        let with_mark = [b"\xef\xbb\xbf", reply(section).to_string().as_bytes()].concat();
        assert!(bench.answered(section, &with_mark).is_ok(), "{section}: a byte order mark");
    }
}

#[test]
fn ten_megabytes_are_not_read() {
    let bench = Bench::new();
    for section in SECTIONS {
        let mut printed = reply(section);
        printed["Padding"] = json!("x".repeat(10 * 1024 * 1024));
        let error = bench.answered(section, printed.to_string().as_bytes()).unwrap_err();
        assert!(matches!(error, VistaError::TooLong { limit } if limit <= 4 << 20), "{section}: {error}");
        assert!(!error.can_retry());
    }
}

#[test]
fn deep_nesting_is_skipped_or_refused() {
    let bench = Bench::new();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for section in SECTIONS {
        let printed = reply(section).to_string();
        let read = bench.answered(section, printed.as_bytes()).unwrap();
        // In a field that is not read: nothing of it is kept.
        let beside = format!("{},\"Padding\":{deep}}}", printed.trim_end().strip_suffix('}').unwrap());
        assert_eq!(bench.answered(section, beside.as_bytes()), Ok(read), "{section}");
        let error = bench.answered(section, deep.as_bytes()).unwrap_err();
        assert!(matches!(error, VistaError::Unreadable(_)), "{section}: {error}");
    }
}

#[test]
fn codes_that_the_document_does_not_know_are_errors_with_their_number() {
    let bench = Bench::new();
    for section in SECTIONS {
        let Some(field) = code_field(section) else { continue };
        for code in [64_i64, 65, 66, 68, 9_999, -1, i64::MAX] {
            let body =
                json!({ field: code, "ErrorDescription": "why\u{1b}[2J", "ResponseDescription": null });
            let read = bench.answered(section, body.to_string().as_bytes());
            if section == "3.9" {
                // A refusal may name a booking, so its code is left to the flow.
                assert!(read.unwrap().contains(&format!("code: {code},")), "{code}");
                continue;
            }
            let error = read.unwrap_err();
            assert!(
                matches!(error, VistaError::Code { code: found, .. } if found == code),
                "{section}: {error}"
            );
            assert!(error.to_string().contains(&code.to_string()), "{error}");
            assert!(!error.can_retry(), "{section}: nobody knows whether that helps");
        }
    }
}

#[test]
fn another_orders_answer_is_no_answer() {
    let bench = Bench::new();
    let mut other = reply("3.10");
    other["OrderSummary"]["UserSessionId"] = json!("somebodyelses");
    let error = bench.answered("3.10", other.to_string().as_bytes()).unwrap_err();
    assert!(matches!(error, VistaError::Unreadable(_)), "{error}");
}
