//! The rig's virtual printer: bytes over TCP become pictures, and the control endpoint lets things happen to it.

use pickup_kiosk::simulator::rig::{Rig, RigError};
use pickup_kiosk::simulator::settings::{ControlSettings, PrinterSettings, SimulateSettings};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Question for the paper sensors: `DLE EOT 4`.
const ASK_PAPER: &[u8] = &[0x10, 0x04, 4];

struct Bench {
    rig: Rig,
    out: tempfile::TempDir,
    agent: ureq::Agent,
    host: TcpStream,
}

impl Bench {
    fn start() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let out = tempfile::tempdir().unwrap();
        let mut settings = SimulateSettings::on_free_ports();
        settings.control = Some(ControlSettings { listen: any });
        settings.printer = Some(PrinterSettings {
            serial: Some(out.path().join("tty")),
            ..PrinterSettings::on(any, out.path().join("tickets"))
        });
        let rig = Rig::start(settings).unwrap();
        let host = TcpStream::connect(rig.address("printer").unwrap()).unwrap();
        host.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
        Self { rig, out, agent: config.into(), host }
    }

    fn url(&self) -> String {
        format!("http://{}/printer", self.rig.address("control").unwrap())
    }

    fn put(&self, body: &str) -> (u16, Value) {
        let request = self.agent.put(self.url()).content_type("application/json");
        let mut response = request.send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_json().unwrap())
    }

    /// Sends bytes, then asks for the paper sensors: the answer comes after everything before was taken in.
    fn ask_paper_after(&mut self, bytes: &[u8]) -> u8 {
        self.host.write_all(bytes).unwrap();
        self.host.write_all(ASK_PAPER).unwrap();
        let mut answer = [0];
        self.host.read_exact(&mut answer).unwrap();
        answer[0]
    }

    fn pictures(&self) -> usize {
        std::fs::read_dir(self.out.path().join("tickets")).unwrap().count()
    }
}

/// Ticket: initialise, a line, feed and cut.
const TICKET: &[u8] = b"\x1b@ticket\n\x1dVB\x00";

#[test]
fn a_cut_makes_a_picture() {
    let mut bench = Bench::start();
    assert_eq!(bench.ask_paper_after(TICKET), 0x12);
    assert_eq!(bench.pictures(), 1);
}

#[test]
fn paper_runs_out_and_is_put_in_again() {
    let mut bench = Bench::start();
    let (status, view) = bench.put(r#"{"fault":"paper_out"}"#);
    assert_eq!(status, 200);
    let expected = json!({"paper_out": true, "paper_low": false, "cover_open": false, "cutter_stuck": false,
        "head_hot": false, "unrecoverable": false, "offline": false, "ticket_waiting": false, "retracted": 0,
        "dropped": 0, "stopped": true, "on": true, "lost_bytes": 0});
    assert_eq!(view, expected);
    assert_eq!(bench.ask_paper_after(TICKET), 0x7E);
    assert_eq!(bench.pictures(), 0);
    let (_, view) = bench.put(r#"{"mend":true}"#);
    assert_eq!(view["stopped"], json!(false));
    assert_eq!(bench.ask_paper_after(b""), 0x12);
    assert_eq!(bench.pictures(), 1);
    let shown: Value = bench.agent.get(bench.url()).call().unwrap().body_mut().read_json().unwrap();
    assert_eq!(shown, view);
}

#[test]
fn a_fault_can_wait_for_the_next_ticket() {
    let mut bench = Bench::start();
    let (_, view) = bench.put(r#"{"fault":"cover_open","after_tickets":1}"#);
    assert_eq!(view["stopped"], json!(false));
    bench.ask_paper_after(TICKET);
    bench.ask_paper_after(TICKET);
    assert_eq!(bench.pictures(), 1);
    let (_, view) = bench.put("{}");
    assert_eq!(view["cover_open"], json!(true));
}

#[test]
fn what_cannot_happen_is_refused() {
    let bench = Bench::start();
    for body in [
        r#"{"fault":"fire"}"#,
        r#"{"faults":"paper_out"}"#,
        r#"{"after_tickets":1}"#,
        r#"{"fault":"paper_out","after_tickets":1,"after_rows":1}"#,
        r#"{"fault":"paper_out","after_ms":1,"after_bytes":1}"#,
    ] {
        let (status, answer) = bench.put(body);
        assert_eq!(status, 400, "{body}");
        assert!(answer["error"].as_str().unwrap().len() > 10, "{answer}");
    }
    for _ in 0..16 {
        assert_eq!(bench.put(r#"{"fault":"silent","after_tickets":9}"#).0, 200);
    }
    assert_eq!(bench.put(r#"{"fault":"silent","after_tickets":9}"#).0, 409);
}

#[test]
fn a_folder_that_cannot_be_is_said_at_once() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut settings = SimulateSettings::on_free_ports();
    settings.printer =
        Some(PrinterSettings::on(SocketAddr::from(([127, 0, 0, 1], 0)), file.path().join("tickets")));
    let error = Rig::start(settings).unwrap_err();
    assert!(matches!(error, RigError::Out { .. }), "{error}");
    assert!(error.to_string().contains(&file.path().display().to_string()), "{error}");
}

#[tokio::test]
async fn a_printer_that_would_lose_papers_stops_the_rig() {
    let mut bench = Bench::start();
    assert_eq!(bench.ask_paper_after(b""), 0x12);
    let still_up = tokio::time::timeout(Duration::from_millis(1), bench.rig.failed()).await;
    assert!(still_up.is_err());
    std::fs::remove_dir_all(bench.out.path().join("tickets")).unwrap();
    bench.host.write_all(TICKET).unwrap();
    let failed = tokio::time::timeout(Duration::from_secs(5), bench.rig.failed()).await.unwrap();
    assert!(matches!(failed, RigError::Stopped(_)), "{failed}");
    assert!(matches!(bench.rig.failed().await, RigError::Stopped(_)));
}

#[test]
fn the_same_printer_is_at_the_end_of_a_serial_line_too() {
    let bench = Bench::start();
    let link = bench.out.path().join("tty");
    let mut port = serial2::SerialPort::open(&link, 115_200).unwrap();
    port.set_read_timeout(Duration::from_secs(5)).unwrap();
    port.write_all(TICKET).unwrap();
    port.write_all(ASK_PAPER).unwrap();
    let mut answer = [0];
    port.read_exact(&mut answer).unwrap();
    assert_eq!((answer, bench.pictures()), ([0x12], 1));
    // What happens to it is told on whichever line it is asked.
    bench.put(r#"{"fault":"paper_out"}"#);
    port.write_all(ASK_PAPER).unwrap();
    port.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0x7E]);
    drop(bench);
    assert!(!link.is_symlink(), "the name goes with the rig");
}

#[test]
fn a_rig_without_printer_says_so() {
    let mut settings = SimulateSettings::on_free_ports();
    settings.control = Some(ControlSettings { listen: SocketAddr::from(([127, 0, 0, 1], 0)) });
    let rig = Rig::start(settings).unwrap();
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
    let agent: ureq::Agent = config.into();
    let url = format!("http://{}/printer", rig.address("control").unwrap());
    assert_eq!(agent.get(&url).call().unwrap().status(), 404);
}
