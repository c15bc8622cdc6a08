//! A demo with its page, and somebody who speaks plain HTTP with it.
#![allow(dead_code)] // each test file uses a part

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Time limit, longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// Process of `pickup-kiosk demo --port 0`, until it is dropped.
pub struct Demo {
    child: Child,
    stdin: Option<ChildStdin>,
    pub address: SocketAddr,
    pub folder: TempDir,
}

fn command(port: u16, folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pickup-kiosk"));
    command.env("LC_ALL", "C.UTF-8");
    command.args(["demo", "--port", &port.to_string(), "--out"]).arg(folder.path().join("t"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Demo {
    #[track_caller]
    pub fn start() -> Self {
        Self::start_on(0)
    }

    #[track_caller]
    pub fn start_on(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = command(port, &folder).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended before it said where the screen is");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().unwrap().parse().unwrap();
            }
        };
        // Its output is read on, or it would wait for room.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let stdin = child.stdin.take();
        Self { child, stdin, address, folder }
    }

    /// Returns the error of a demo that can't have this port.
    #[track_caller]
    pub fn refused(port: u16) -> String {
        let folder = tempfile::tempdir().unwrap();
        let ended = command(port, &folder).stdin(Stdio::null()).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        String::from_utf8(ended.stderr).unwrap()
    }

    pub fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn token(&self) -> String {
        let page = self.get("/", &[]).body;
        page.split("name=\"token\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    #[track_caller]
    fn raw(&self, method: &str, path: &str, host: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
        let mut stream = self.connect();
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
        if method == "POST" {
            text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, host: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let answer = String::from_utf8(self.raw(method, path, host, headers, body)).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Returns an answer that is no text, head and all.
    #[track_caller]
    pub fn bytes(&self, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
        self.raw("GET", path, &self.address.to_string(), headers, "")
    }

    #[track_caller]
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask("GET", path, &self.address.to_string(), headers, "")
    }

    #[track_caller]
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        self.ask("POST", path, &self.address.to_string(), headers, body)
    }

    /// Presses a key as the page does.
    #[track_caller]
    pub fn press(&self, body: &str) -> Reply {
        self.post("/input", &[("Origin", &self.origin()), ("X-Token", &self.token())], body)
    }

    #[track_caller]
    pub fn key(&self, name: &str) {
        assert_eq!(self.press(&format!(r#"{{"key":"{name}"}}"#)).status, 204, "{name}");
    }

    #[track_caller]
    pub fn events(&self) -> Events {
        let mut stream = self.connect();
        let (address, token) = (self.address, self.token());
        write!(
            stream,
            "GET /events?token={token} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\r\n"
        )
        .unwrap();
        let mut lines = BufReader::new(stream);
        let mut status = String::new();
        lines.read_line(&mut status).unwrap();
        assert!(status.contains(" 200 "), "{status}");
        Events { lines }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It is ending by itself, or is ended here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answer of the demo to a request.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Event stream of the demo.
pub struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// Returns the next view; fails when none comes in time.
    #[track_caller]
    pub fn next(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the stream has ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// Returns the first view that fits; those before it are looked at on the way.
    #[track_caller]
    pub fn until(&mut self, mut fits: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let view = self.next();
            if fits(&view) {
                return view;
            }
        }
    }
}
