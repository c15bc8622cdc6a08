//! The endpoint that steers a running rig.

use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::{ControlSettings, SimulateSettings};
use pickup_kiosk::ticket::BookingNumber;
use serde_json::{Value, json};
use std::net::SocketAddr;

struct Control {
    rig: Rig,
    agent: ureq::Agent,
}

impl Control {
    fn start() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut settings = SimulateSettings::on_free_ports();
        settings.control = Some(ControlSettings { listen: any });
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
        Self { rig: Rig::start(settings).unwrap(), agent: config.into() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.rig.address("control").unwrap())
    }

    fn get(&self, path: &str) -> Value {
        self.agent.get(self.url(path)).call().unwrap().body_mut().read_json().unwrap()
    }

    fn put(&self, path: &str, body: &str) -> (u16, Value) {
        let request = self.agent.put(self.url(path)).content_type("application/json");
        let mut response = request.send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_json().unwrap())
    }

    fn post(&self, path: &str) -> (u16, Value) {
        let mut response = self.agent.post(self.url(path)).send_empty().unwrap();
        (response.status().as_u16(), response.body_mut().read_json().unwrap())
    }
}

#[test]
fn bookings_show_what_the_site_did_and_no_secret() {
    let control = Control::start();
    let bookings = control.get("/bookings");
    assert_eq!(bookings.as_array().unwrap().len(), 7);
    assert_eq!(
        bookings[0],
        json!({
            "number": 111972, "unknown_to_site": false, "cancelled": false, "issued": false, "reports": 0,
            "seats": [
                {"name": "7排10座", "seat_code": "0000000100070010", "session_code": "29617",
                 "printed": false, "refunded": false},
                {"name": "7排9座", "seat_code": "0000000100070009", "session_code": "29617",
                 "printed": false, "refunded": false},
            ],
        })
    );
    let text = bookings.to_string();
    assert!(!text.contains("WQNX8JL") && !text.contains("U0lNVUxBVEVE"));
    let number = BookingNumber::new(111_972).unwrap();
    lock(control.rig.cinema()).issue(number, |_| true);
    lock(control.rig.cinema()).report(number);
    let booking = &control.get("/bookings")[0];
    assert_eq!((&booking["issued"], &booking["reports"]), (&json!(true), &json!(1)));
    assert_eq!(booking["seats"][1]["printed"], json!(true));
}

#[test]
fn the_counter_collects_and_refunds() {
    let control = Control::start();
    let (status, booking) = control.post("/bookings/111972/refund?seat=7%E6%8E%929%E5%BA%A7");
    assert_eq!(status, 200);
    assert_eq!(booking["seats"][0]["refunded"], json!(false));
    assert_eq!(booking["seats"][1]["refunded"], json!(true));
    let (status, booking) = control.post("/bookings/111972/collect");
    assert_eq!(status, 200);
    assert_eq!(booking["seats"][0]["printed"], json!(true));
    assert_eq!(booking["seats"][1]["printed"], json!(false));
    let (status, booking) = control.post("/bookings/111977/refund");
    assert_eq!(status, 200);
    assert!(booking["seats"].as_array().unwrap().iter().all(|seat| seat["refunded"] == json!(true)));
}

#[test]
fn bookings_and_seats_nobody_knows_are_refused() {
    let control = Control::start();
    for path in
        ["/bookings/1/collect", "/bookings/x/refund", "/bookings/111972/refund?seat=1", "/bookings/0/collect"]
    {
        let (status, answer) = control.post(path);
        assert_eq!((status, answer), (404, json!({"error": "no such booking or seat"})), "{path}");
    }
    let response = control.agent.post(control.url("/bookings/111972/refund?seats=1")).send_empty().unwrap();
    assert_eq!(response.status(), 400);
    assert!(control.get("/bookings")[0]["seats"][0]["refunded"] == json!(false));
}

#[test]
fn faults_are_told_and_told_back() {
    let control = Control::start();
    let none = control.get("/faults");
    let (status, told) = control.put("/faults", r#"{"cloud":{"status":500,"status_count":2}}"#);
    assert_eq!(status, 200);
    assert_eq!(told["cloud"], json!({"status": 500, "status_count": 2}));
    let url =
        format!("http://{}/WSVistaWebClient/RestBooking.svc/booking", control.rig.address("vista").unwrap());
    for (expected, left) in
        [(500, json!({"status": 500, "status_count": 1})), (500, json!({})), (401, json!({}))]
    {
        let response = control.agent.post(&url).send("{}").unwrap();
        assert_eq!(response.status(), expected);
        assert_eq!(control.get("/faults")["cloud"], left);
    }
    control.put("/faults", r#"{"cloud":{"html":true}}"#);
    let (status, told) = control.put("/faults", "{}");
    assert_eq!((status, told), (200, none));
}

#[test]
fn faults_that_cannot_be_had_change_nothing() {
    let control = Control::start();
    control.put("/faults", r#"{"cloud":{"html":true}}"#);
    for (body, named) in [
        (r#"{"cloud":{"stauts":500}}"#, "stauts"),
        (r#"{"clouds":{}}"#, "clouds"),
        (r#"{"cloud":{"status":200}}"#, "faults.cloud.status = 200"),
        (r#"{"cloud":{"status":"500"}}"#, "u16"),
        ("not json", "JSON"),
        ("", "EOF"),
    ] {
        let (status, answer) = control.put("/faults", body);
        assert_eq!(status, 400, "{body}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains(named), "{error}");
    }
    assert_eq!(control.get("/faults")["cloud"], json!({"html": true}));
    let (status, _) = control.put("/faults", &format!("{{\"x\":\"{}\"}}", "y".repeat(100_000)));
    assert_eq!(status, 400);
}
