//! A simulated cinema: a `simulate` process on free ports.

use super::process::{Process, binary, until};
use super::secrets::Secrets;
use jiff::Timestamp;
use pickup_kiosk::simulator::cinema::Cinema;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::Ticket;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// The running cinema, its printer's papers, and what it was started with.
#[derive(Debug)]
pub struct Site {
    folder: TempDir,
    _process: Process,
    addresses: BTreeMap<String, String>,
    agent: ureq::Agent,
    cinema: Cinema,
    wire: String,
}

impl Site {
    /// Starts a cinema with the built-in bookings and the default frame.
    pub fn start() -> Self {
        Self::start_with("", "")
    }

    /// Starts a cinema with a `[sarft.wire]`, and with further tables of simulate.toml behind `[sarft]`, `[vista]`,
    /// `[control]` and `[printer]`, whose further keys may stand first.
    pub fn start_with(wire: &str, tables: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("papers");
        let config = folder.path().join("simulate.toml");
        let text = format!(
            "[sarft]\nlisten = '127.0.0.1:0'\npassword = '{}'\n[sarft.wire]\n{wire}\n[vista]\nlisten = '127.0.0.1:0'\n\
             token = '{}'\n[control]\nlisten = '127.0.0.1:0'\n[printer]\nlisten = '127.0.0.1:0'\nout = {:?}\n{tables}\n",
            super::secrets::PASSWORD,
            super::secrets::TOKEN,
            out,
        );
        fs::write(&config, text).unwrap();
        let said = folder.path().join("stdout");
        let mut command = binary();
        command.args(["simulate", "--config"]).arg(&config).stdout(fs::File::create(&said).unwrap());
        let mut process = Process::start(&mut command, &folder.path().join("stderr"));
        let addresses = until("the cinema names its addresses", || {
            assert!(process.ended().is_none(), "{}", read(&folder.path().join("stderr")));
            let text = read(&said);
            let lines: Vec<&str> = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).collect();
            let pair = |line: &str| {
                line.trim_end().split_once(' ').map(|(name, at)| (name.to_owned(), at.to_owned())).unwrap()
            };
            (lines.len() == 4).then(|| lines.into_iter().map(pair).collect())
        });
        let cinema = SimulateSettings::load(&config).unwrap().cinema(Timestamp::now()).unwrap();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(10)))
            .build();
        Self { folder, _process: process, addresses, agent: agent.into(), cinema, wire: wire.into() }
    }

    /// Returns the address of one of the cinema's servers.
    pub fn address(&self, name: &str) -> &str {
        &self.addresses[name]
    }

    /// Returns the site's frame, as kiosk.toml has it.
    pub fn wire(&self) -> &str {
        &self.wire
    }

    /// Returns the folder of the printer's papers.
    pub fn papers(&self) -> PathBuf {
        self.folder.path().join("papers")
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address("control"))
    }

    #[track_caller]
    fn put(&self, path: &str, body: &Value) -> Value {
        let request = self.agent.put(self.url(path)).content_type("application/json");
        let mut response = request.send(body.to_string()).unwrap();
        let answer: Value = response.body_mut().read_json().unwrap();
        assert_eq!(response.status(), 200, "{path} {body}: {answer}");
        answer
    }

    /// Sets the faults from now on.
    #[track_caller]
    pub fn faults(&self, faults: &Value) {
        self.put("/faults", faults);
    }

    /// Returns the faults as they stand, counts run down.
    pub fn faults_left(&self) -> Value {
        self.agent.get(self.url("/faults")).call().unwrap().body_mut().read_json().unwrap()
    }

    /// Lets something happen to the printer, and returns its condition then.
    #[track_caller]
    pub fn printer(&self, happening: &Value) -> Value {
        self.put("/printer", happening)
    }

    /// The counter does something: `collect`, `refund` or `refund?seat=…`, percent-encoded.
    pub fn counter(&self, number: u32, what: &str) {
        let response = self.agent.post(self.url(&format!("/bookings/{number}/{what}"))).send_empty().unwrap();
        assert_eq!(response.status(), 200);
    }

    /// Returns a booking as the site has it.
    pub fn booking(&self, number: u32) -> Value {
        let bookings = self.bookings();
        bookings.into_iter().find(|booking| booking["number"] == number).expect("a booking of this number")
    }

    /// Returns all bookings of the site.
    pub fn bookings(&self) -> Vec<Value> {
        self.agent.get(self.url("/bookings")).call().unwrap().body_mut().read_json().unwrap()
    }

    /// Returns the number of reports that the site took of a booking.
    pub fn reports(&self, number: u32) -> u64 {
        self.booking(number)["reports"].as_u64().unwrap()
    }

    /// Returns the tickets of a booking's seats that the site gives out, in its order.
    pub fn tickets(&self, number: u32) -> Vec<Ticket> {
        let booking = self.cinema.bookings.iter().find(|booking| booking.number.get() == number).unwrap();
        let seats = booking.seats.iter().filter(|seat| !seat.refunded);
        seats.map(|seat| seat.ticket.clone()).collect()
    }

    /// Returns the names and ticket_info_codes of these seats.
    pub fn info_codes(&self, number: u32) -> Vec<(String, String)> {
        self.tickets(number).into_iter().map(|ticket| (ticket.seat_name, ticket.info_code)).collect()
    }

    /// Returns the secrets that must not show anywhere.
    pub fn secrets(&self) -> Secrets {
        Secrets::of(&self.cinema)
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
