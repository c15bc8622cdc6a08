//! The simulated Vista answers the printed requests in the form of the printed replies: each field, of the same type.

use super::calls::SECTIONS;
use super::{reply, request};
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use serde_json::{Value, json};

/// Collects the fields of the printed form that are missing or of another type. A null on either side fits anything; of
/// a list the first items are compared.
fn differences(printed: &Value, ours: &Value, place: &str, found: &mut Vec<String>) {
    match (printed, ours) {
        (Value::Null, _) | (_, Value::Null) => {}
        (Value::Object(printed), Value::Object(ours)) => {
            for (key, value) in printed {
                let place = format!("{place}/{key}");
                match ours.get(key) {
                    Some(our) => differences(value, our, &place, found),
                    None => found.push(format!("{place} is missing")),
                }
            }
        }
        (Value::Array(printed), Value::Array(ours)) => {
            if let (Some(printed), Some(our)) = (printed.first(), ours.first()) {
                differences(printed, our, &format!("{place}[0]"), found);
            }
        }
        (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_)) => {}
        (Value::Number(_), Value::Number(_)) => {}
        _ => found.push(format!("{place}: printed {printed}, ours {ours}")),
    }
}

fn ask(rig: &Rig, line: &str, body: Option<&Value>) -> Value {
    let (method, path) = line.split_once(' ').unwrap();
    let url = format!("http://{}{path}", rig.address("vista").unwrap());
    let agent =
        ureq::Agent::new_with_config(ureq::Agent::config_builder().http_status_as_error(false).build());
    let token = ("connectapitoken", "simulated-token");
    let mut answer = match (method, body) {
        ("POST", Some(body)) => agent.post(url).header(token.0, token.1).send(body.to_string()).unwrap(),
        _ => agent.get(url).header(token.0, token.1).call().unwrap(),
    };
    assert_eq!(answer.status(), 200, "{line}");
    answer.body_mut().read_json().unwrap()
}

#[test]
fn every_reply_has_the_printed_fields_and_types() {
    let rig = Rig::start(SimulateSettings::on_free_ports()).unwrap();
    for section in SECTIONS {
        let (line, body) = request(section);
        let mut body = body;
        // The first order of the samples is a booking at this cinema already; a new one goes the same way.
        if let (Some(body), "3.5" | "3.8" | "3.9" | "3.10") = (&mut body, section) {
            body["UserSessionId"] = json!("FTest201508060002");
        }
        match (&mut body, section) {
            (Some(body), "3.6") => body["UserSessionId"] = json!("FTest201508060001"),
            // Only an order that has not been completed is cancelled.
            (Some(body), "3.7") => {
                body["UserSessionId"] = json!("FTest201508060003");
                let (line, tickets) = request("3.5");
                let mut tickets = tickets.unwrap();
                tickets["UserSessionId"] = json!("FTest201508060003");
                for seat in tickets["SelectedSeats"].as_array_mut().unwrap() {
                    seat["RowIndex"] = json!(1);
                }
                let added = ask(&rig, &line, Some(&tickets));
                assert_eq!(added["Result"], 0, "{added}");
                let (line, mut order) = request("3.6");
                order.as_mut().unwrap()["UserSessionId"] = json!("FTest201508060003");
                let open = ask(&rig, &line, order.as_ref());
                let mut found = Vec::new();
                differences(&reply("3.6-added"), &open, "3.6-added", &mut found);
                assert_eq!(found, Vec::<String>::new(), "{open}");
            }
            _ => {}
        }
        let ours = ask(&rig, &line, body.as_ref());
        let mut found = Vec::new();
        differences(&reply(section), &ours, section, &mut found);
        assert_eq!(found, Vec::<String>::new(), "{ours}");
        for code in ["Result", "ResultCode", "ResponseCode", "ExtendedResultCode"] {
            assert!(ours.get(code).is_none_or(|code| *code == 0), "{section}: {ours}");
        }
    }
    let all = ask(&rig, "GET /WSVistaWebClient/OData.svc/Cinemas?$format=json", None);
    let mut found = Vec::new();
    differences(&reply("3.1-all"), &all, "3.1-all", &mut found);
    assert_eq!(found, Vec::<String>::new());
}
