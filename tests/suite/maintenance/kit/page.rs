//! The customer screen's page, spoken to as the page does.

use super::super::e2e::Home;
use super::super::e2e::process::until;
use super::Surface;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Page of one kiosk.
pub struct Page {
    address: String,
    token: String,
}

impl Page {
    /// Returns the page of the kiosk that has begun to log from here on.
    #[track_caller]
    pub fn of(home: &Home, from: u64) -> Self {
        let address = until("the page's address", || {
            let log = home.log_from(from);
            log.split("the screen's page is at http://").nth(1)?.split('/').next().map(str::to_owned)
        });
        let mut page = Self { address, token: String::new() };
        let html = page.get("/").1;
        page.token =
            html.split("name=\"token\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        page
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Returns status and body of a path.
    #[track_caller]
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut stream = self.connect();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        answer(stream)
    }

    /// Returns status and body of `/healthz`.
    #[track_caller]
    pub fn health(&self) -> (u16, String) {
        self.get("/healthz")
    }

    /// Returns the view as it is now.
    #[track_caller]
    pub fn view(&self) -> Value {
        let mut stream = self.connect();
        let (address, token) = (&self.address, &self.token);
        write!(
            stream,
            "GET /events?token={token} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream).lines();
        let line = lines.find_map(|line| line.unwrap().strip_prefix("data: ").map(str::to_owned)).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Returns the codes of the faults on the screen.
    pub fn codes(&self) -> Vec<String> {
        let view = self.view();
        view["notices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn answer(mut stream: TcpStream) -> (u16, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text.split(' ').nth(1).unwrap().parse().unwrap();
    (status, text.split_once("\r\n\r\n").unwrap().1.to_owned())
}

impl Page {
    /// Posts a key's body, whatever it is; returns the status.
    pub fn post(&self, body: &str) -> u16 {
        let mut stream = self.connect();
        let (address, token) = (&self.address, &self.token);
        write!(
            stream,
            "POST /input HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nX-Token: {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        answer(stream).0
    }
}

impl Surface for Page {
    fn press(&mut self, key: &str) {
        let body = format!(r#"{{"key":"{key}"}}"#);
        // Faster than people type: the page would be told to wait.
        until("the key is taken", || match self.post(&body) {
            204 => Some(()),
            429 => None,
            status => panic!("{key}: {status}"),
        });
    }

    fn text(&self) -> String {
        let view = self.view();
        let Some(menu) = view["menu"].as_object() else {
            return format!("[{}]", view["state"].as_str().unwrap());
        };
        let lines: Vec<&str> =
            menu["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        format!(
            "{}\n\n{}\n\n{}",
            menu["title"].as_str().unwrap(),
            lines.join("\n"),
            menu["foot"].as_str().unwrap()
        )
    }
}
