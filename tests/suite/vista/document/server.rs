//! Server that answers every request with what it was last told, and remembers the last one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The first line, without the HTTP version.
    pub line: String,
    /// Header lines behind the first line.
    pub headers: Vec<String>,
    /// Body behind the headers.
    pub body: String,
}

#[derive(Debug, Default)]
struct Shared {
    answer: Vec<u8>,
    request: Request,
}

/// The server; its thread ends with the process.
#[derive(Debug)]
pub struct Server {
    /// Address on which it listens.
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let theirs = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that has seen enough closes first.
                let _ = serve(stream, &theirs);
            }
        });
        Self { address, shared }
    }

    /// Sets the body of every answer from now on.
    pub fn answers(&self, body: &[u8]) {
        self.shared.lock().unwrap().answer = body.to_vec();
    }

    /// Returns the last request.
    pub fn asked(&self) -> Request {
        self.shared.lock().unwrap().request.clone()
    }
}

fn serve(mut stream: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let first = lines.remove(0).trim_end_matches(" HTTP/1.1").to_owned();
        let answer = {
            let mut shared = shared.lock().unwrap();
            let body = String::from_utf8(body).unwrap();
            shared.request = Request { line: first, headers: lines, body };
            shared.answer.clone()
        };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
        stream.write_all(&[head.as_bytes(), &answer].concat())?;
    }
}
